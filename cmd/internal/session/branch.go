package session

import (
	"errors"
	"slices"

	"skinny/protocol"
	"skinny/scenarios"
	"skinny/scenarios/exercise"
	"skinny/sim"
	"skinny/sim/check"
	"skinny/sim/narrate"
	"skinny/sim/quiz"
	"skinny/sim/trace"
)

// limits are how much a tree keeps and how far it looks ahead, in events.
type limits struct {
	first int // known of the run as it was written
	most  int // known of any run: an event takes about a kilobyte
	act   int // known after an act
	more  int // that more are made when a user goes beyond

	every       int // between two copies of the scheduler, at first
	checkpoints int // copies at most: then every other one is dropped
	marks       int // between two copies of what the narrator knows
}

var usual = limits{first: 200_000, most: 500_000, act: 4_000, more: 4_000, every: 16, checkpoints: 64, marks: 4096}

// spareClients are names for operations that are started by hand. They come
// after the scenario's own and change nothing in a run, since numbers of holders
// are written nowhere.
var spareClients = []string{"alice", "bob", "carol", "dave", "erin", "frank", "grace", "heidi", "ivan", "judy"}

const spares = 5

// Tree is all that was tried with one scenario.
type Tree struct {
	limits   limits
	tell     func(p sim.Program, q *sim.Question) // is told what programs are asked, if not nil
	branches []*Branch
	writes   bool // what is done by hand is written to a timed solution
	secret   bool // which rules are on: no sentence says so
	judged   judged
	mark     *exercise.Mark // of that
}

// New runs a scenario and makes it the first branch of a tree.
func New(s *scenarios.Scenario) *Tree { return newTree(s, usual) }

func newTree(s *scenarios.Scenario, l limits) *Tree {
	scenario := withSpares(s)
	t := &Tree{limits: l}
	t.listen(scenario)
	t.branch(scenario, nil, 0, newMoment(scenario), nil).Reach(l.first)
	return t
}

func withSpares(s *scenarios.Scenario) *scenarios.Scenario {
	scenario, cluster := *s, *s.Cluster
	taken := slices.Concat(s.Header().Instances, cluster.Holders)
	free := slices.DeleteFunc(slices.Clone(spareClients), func(name string) bool { return slices.Contains(taken, name) })
	cluster.Holders = slices.Concat(cluster.Holders, free[:min(spares, len(free))])
	scenario.Cluster = &cluster
	return &scenario
}

// Root is the run as it was written.
func (t *Tree) Root() *Branch { return t.branches[0] }

// Branches lists all branches in the order in which they were made. A branch's
// Number is its index.
func (t *Tree) Branches() []*Branch { return t.branches }

// Cut forgets the branches from a number on.
func (t *Tree) Cut(number int) { t.branches = t.branches[:number:number] }

// Branch is one run: what it shares with its parent up to a point, and how it goes
// on. It is a [skinny/sim/render.Source] of its events.
type Branch struct {
	Number int // in its tree, from 0
	Parent *Branch
	Point  int // the last event that it shares with its parent
	Left   int // what was done by hand in its parent, and cannot be in it
	Seen   int // the last point that was looked at: what is done before it opens a branch

	tree        *Tree
	scenario    *scenarios.Scenario // its cluster has a few clients more than it was given
	header      *trace.Header
	acts        []Act // since the start
	shared      int   // of those, with the parent
	log         []trace.Event
	head        *Moment   // after the last event that is known
	checkpoints []*Moment // copies of head, each at the end of a step
	every       int       // events from checkpoint to checkpoint

	lines []narrate.Line // that were told of its own events
	marks []mark         // at some points
	next  mark           // after the last line

	verdicts []check.Verdict // nil if they are not known
	quiz     *quiz.Run       // likewise
}

// ErrImpossible says that what an act names is not pending.
var ErrImpossible = errors.New("that is not pending at this point")

// branch adds a branch that begins at a point of its parent, if it has one.
func (t *Tree) branch(s *scenarios.Scenario, parent *Branch, point int, head *Moment, acts []Act) *Branch {
	b := &Branch{
		Number: len(t.branches), Parent: parent, Point: point, tree: t, scenario: s, header: s.Header(),
		acts: acts, shared: head.acts, head: head, every: t.limits.every, Seen: point,
	}
	if parent != nil {
		// The longer a run, the more its world knows of past operations, and the
		// bigger are its copies.
		b.every = parent.every
	}
	b.checkpoints = []*Moment{head.copy()}
	if b.next.narrator = narrate.New(b.header); b.owner(point) != b {
		b.next = parent.markAt(point)
	}
	b.marks = []mark{b.next.clone()}
	t.branches = append(t.branches, b)
	return b
}

// Whole reports whether all of the run is known: it goes on no further, and that is not for
// a budget of events, or a program that has failed.
func (b *Branch) Whole() bool {
	return !slices.Contains([]sim.Ending{sim.NotEnded, sim.BudgetSpent, sim.Failed}, b.Ending())
}

// Full reports whether the run goes on, but no more of it is kept.
func (b *Branch) Full() bool { return b.Ending() == sim.NotEnded && b.Len() >= b.tree.limits.most }

// Observe keeps an event. It is called by the scheduler. Room for events is doubled, since
// append alone moves a long run three times as often.
func (b *Branch) Observe(e *trace.Event) {
	if n := len(b.log); n == cap(b.log) {
		b.log = slices.Grow(b.log, n+16)
	}
	b.log = append(b.log, *e)
}

// Len is the number of events that are known.
func (b *Branch) Len() int { return b.Point + len(b.log) }

// Event is the event of this number, from 1 to Len.
func (b *Branch) Event(n int) *trace.Event {
	for n <= b.Point {
		b = b.Parent
	}
	return &b.log[n-b.Point-1]
}

// owner is the branch in which a point was first reached: b, or one that it shares the
// point with.
func (b *Branch) owner(point int) *Branch {
	for b.Parent != nil && point <= b.Point && b.Parent.scenario == b.scenario {
		b = b.Parent
	}
	return b
}

// Scenario is what runs.
func (b *Branch) Scenario() *scenarios.Scenario { return b.scenario }

// Header is the head of the branch's trace.
func (b *Branch) Header() *trace.Header { return b.header }

// Acts is what was decided by hand, from the start on.
func (b *Branch) Acts() []Act { return b.acts }

// Done is the point after what was decided by hand last in the branch.
func (b *Branch) Done() int {
	a := last(b.acts)
	return a.After + a.events
}

// Own is what was decided by hand since the branch parted from its parent.
func (b *Branch) Own() []Act { return b.acts[b.shared:] }

// Ending says whether and why the run ends with the last event that is known.
func (b *Branch) Ending() sim.Ending { return b.head.Ending() }

// Reach makes sure that events up to a number are known, unless the run ends before,
// or there are more than a branch keeps.
func (b *Branch) Reach(n int) {
	n = min(n, b.tree.limits.most)
	if b.Len() >= n || b.head.Ending() != sim.NotEnded {
		return
	}
	b.verdicts = nil
	b.head.World().Observe(b)
	for b.Len() < n && b.head.Step() {
		if b.Len() >= last(b.checkpoints).Point()+b.every {
			b.keep(b.head.copy())
		}
	}
	b.head.World().Observe(nil)
}

// keep adds a checkpoint and drops every other one if there are too many.
func (b *Branch) keep(m *Moment) {
	b.checkpoints = append(b.checkpoints, m)
	if len(b.checkpoints) > b.tree.limits.checkpoints {
		i := 0
		b.checkpoints = slices.DeleteFunc(b.checkpoints, func(*Moment) bool { i++; return i%2 == 0 })
		b.every *= 2
	}
}

// notAfter is what is not after a point: the first of a list, and perhaps more.
func notAfter[T interface{ Point() int }](list []T, point int) []T {
	n := len(list)
	for n > 1 && list[n-1].Point() > point {
		n--
	}
	return list[:n]
}

func last[T any](list []T) T { return list[len(list)-1] }

// Moment is the end of the step that a point is in. It is the caller's own.
func (b *Branch) Moment(point int) *Moment {
	b.Reach(point)
	home := b.owner(point)
	p := last(notAfter(home.checkpoints, point)).copy()
	p.play(b.acts, point)
	return p
}

// Act takes a decision at the end of the step that a point is in. If a point
// beyond was looked at, or this is the run as it was written, the decision opens a branch
// and the old future stays; otherwise the branch itself goes on by it. It returns
// the branch and the point after the decision.
func (b *Branch) Act(point int, a Act) (*Branch, int, error) {
	p := b.Moment(point)
	a.After = p.Point()
	taken := p.acts
	if err := b.instant(p, &a); err != nil {
		return b, point, err
	}
	before := p.copy()
	var made trace.Log
	p.World().Observe(&made)
	if !p.act(&a) {
		return b, point, ErrImpossible
	}
	p.World().Observe(nil)
	a.events = len(made.Events)
	acts := append(slices.Clone(b.acts[:taken]), a)
	end := p.Point()

	branch := b
	if b.Parent == nil || b.Seen > a.After {
		parent := b
		for a.After < parent.Point || parent.owner(a.After) != parent && taken == parent.shared {
			parent = parent.Parent // nothing is parent's own before that
		}
		branch = b.tree.branch(b.scenario, parent, a.After, before, acts)
	} else {
		b.cutAt(a.After, acts)
	}
	branch.log = append(branch.log, made.Events...)
	branch.head = p
	branch.keep(p.copy())
	branch.verdicts = nil
	branch.Seen = max(branch.Seen, end)
	branch.Reach(end + b.tree.limits.act)
	return branch, end, nil
}

func (b *Branch) cutAt(point int, acts []Act) {
	b.log = slices.Clone(b.log[:point-b.Point]) // others may still read the old one
	b.acts = acts
	b.checkpoints = notAfter(b.checkpoints, point)
	b.marks = notAfter(b.marks, point)
	b.next = last(b.marks).clone()
	b.lines = slices.Clone(b.lines[:b.next.point-b.Point])
	b.quiz = nil
}

// More makes sure that something is known beyond a point, if there is something.
func (b *Branch) More(point int) {
	if b.Len() <= point+1 {
		b.Reach(point + b.tree.limits.more)
	}
}

// Clients is who has called so far, in order, and whether an operator has
// read an instance.
func (b *Branch) Clients() (list []protocol.Holder, operator bool) {
	w := b.head.World()
	called := make([]bool, len(b.header.Holders)+1) // many may call, and this is asked at every key
	for n := range w.Operations() {
		switch o := w.Operation(n + 1).Operation; {
		case o.Kind == protocol.Status:
			operator = true
		case !called[o.Holder]:
			called[o.Holder] = true
			list = append(list, o.Holder)
		}
	}
	return list, operator
}

// Idle is the first client that has not called so far; Free if all have.
func (b *Branch) Idle() protocol.Holder {
	callers, _ := b.Clients()
	for n := range b.header.Holders {
		if who := protocol.Holder(n + 1); !slices.Contains(callers, who) {
			return who
		}
	}
	return protocol.Free
}

// Acquired reports whether a client was answered that it has the lock.
func (b *Branch) Acquired() bool {
	w := b.head.World()
	for n := range w.Operations() {
		if w.Operation(n+1).Outcome == protocol.Acquired {
			return true
		}
	}
	return false
}

// Verdicts is how the properties stand after the last event that is known, or nil
// if the branch has to be judged first.
func (b *Branch) Verdicts() []check.Verdict { return b.verdicts }

// Judge judges what is known of the branch, unless that was done.
func (b *Branch) Judge() []check.Verdict {
	if b.verdicts == nil {
		judges := check.NewJudges(b.header, b.scenario.Judges...)
		judges.Demand(b.scenario.Progress)
		for n := range b.Len() {
			judges.Observe(b.Event(n + 1))
		}
		judges.End(b.head.Settled())
		b.verdicts = judges.Verdicts()
	}
	return b.verdicts
}
