// Package shrink makes a run in which a property breaks as small as it can, so
// that a person can read it.
//
// [Shrink] starts from the decisions of the run, not from its seed: it leaves out
// clients, operations, instances and single decisions, replaces what is left by
// something simpler, and puts it into an order that is easy to follow. Every
// candidate is run and judged again, and only what breaks the same property
// counts. (Zeller and Hildebrandt, "Simplifying and Isolating Failure-Inducing
// Input", 2002)
//
// # Acts and roles
//
// A [skinny/sim.Decision] names a message by its number on its link, which changes
// when an earlier message is not sent any more. So decisions are kept as acts, and
// an act names what it is about by its role: the response of c to the first try of
// the third operation. Whatever is left out, roles stay.
//
// # Candidates
//
// A candidate is run leniently: an act that is impossible is skipped, and the run
// ends with the act that breaks the property. The acts that were carried out are a
// strict schedule: each of them is possible when its turn comes.
//
// Leaving out is tried in several orders, since each ends with another run that
// cannot be made smaller; the best of them is the result.
//
// Not to deliver a message is as good as to lose it, and nothing happens by itself.
// So nearly all faults go away when the deliveries do that they prevented.
package shrink

import (
	"cmp"
	"fmt"
	"slices"

	"skinny/protocol"
	"skinny/sim"
	"skinny/sim/check"
)

// Options limit the search.
type Options struct {
	// Stop, unless nil, is asked before every candidate whether to end at once.
	Stop func() bool

	// Candidates is how many candidates may be tried; 0 means DefaultCandidates.
	Candidates int

	// Judges are those of one's own, beside those of the register, that may be broken.
	Judges []check.Property

	// KeepNames takes every reuse of a name for impossible: see ReusesName.
	KeepNames bool
}

// DefaultCandidates is how many candidates are tried at most. A run of a thousand
// decisions needs a few thousand.
const DefaultCandidates = 100_000

// Result is the smallest run that was found.
type Result struct {
	Cluster *sim.Cluster

	// Decisions are without times, and each of them is possible when its turn
	// comes. The last one breaks the property.
	Decisions []sim.Decision

	// Minimal says that without any one of its decisions the property is kept,
	// however much of the rest is still possible then. It is false if the search
	// was ended before that was certain.
	Minimal bool

	Tried int    // candidates
	Steps []Step // what led to it, in this order
	Needs []Need // by decision: what happens without it; none unless Minimal
}

// Shrink minimises a run in which a property breaks. The decisions may come from
// [sim.RunRecorded] or be a schedule; those that are impossible count for nothing.
// Neither they nor the cluster are changed. The property is one of those of the
// register of [skinny/sim/check] or of the options' judges. The same input gives the same result, unless it
// was Stop that ended the search. The error says that the run does not break the
// property.
func Shrink(c *sim.Cluster, decisions []sim.Decision, property string, o Options) (*Result, error) {
	s := newShrinker(c, property, o)
	s.acts = s.replay.translate(s.setup, decisions)
	s.given = len(decisions)
	if !s.cutOff() {
		return nil, fmt.Errorf("%s does not break in these %d decisions, so there is nothing to shrink", property, len(decisions))
	}
	start, best := s.point, point{}
	for _, first := range descents {
		s.point = start.clone()
		s.descend(first)
		if best.acts == nil || s.better(&best) {
			best = s.point
		}
	}
	s.point = best
	return s.result(), nil
}

// pass makes the run smaller in one way.
type pass struct {
	name string
	do   func(*shrinker)
}

var (
	operations = pass{"operations", (*shrinker).fewerOperations}
	decisions  = pass{"decisions", (*shrinker).fewerActs}
	merging    = pass{"merging", (*shrinker).mergeInstances}
)

// passes are done in this order, again and again until none of them helps. Whatever
// removes much comes first. None undoes what another did, since the run gets smaller
// in this order: fewer instances, fewer acts, fewer settings, fewer releases, less
// disorder.
var passes = [...]pass{
	{"clients", (*shrinker).fewerClients},
	operations,
	{"instances", (*shrinker).fewerInstances},
	{"settings", (*shrinker).fewerSettings},
	decisions,
	{"deadlines", (*shrinker).deadlinesForAnswers},
	{"tries", (*shrinker).fewerTries},
	merging,
	{"pairs", (*shrinker).fewerPairs},
	{"acquires", (*shrinker).acquiresForReleases},
	{"order", (*shrinker).tidy},
}

// descents are the passes to begin with. Which run is found depends on what is left
// out first, and all that are found are locally minimal: the best of them counts.
var descents = [...][]pass{nil, {decisions}, {operations, merging}}

// descend makes the run smaller until no pass helps any more.
func (s *shrinker) descend(first []pass) {
	for _, p := range first {
		s.pass(p)
	}
	s.whileItHelps(func() {
		for _, p := range passes {
			s.pass(p)
		}
	})
	s.minimal = !s.stopped
}

// point is what a descent has come to.
type point struct {
	setup   setup
	acts    []act
	steps   []Step
	minimal bool // nothing makes it smaller
}

func (p *point) clone() point {
	c := *p
	c.acts, c.steps = slices.Clone(p.acts), slices.Clone(p.steps)
	return c
}

// better prefers fewer operations, then fewer acts, then fewer instances, then the better order.
func (p *point) better(other *point) bool {
	order := cmp.Or(
		cmp.Compare(p.operations(), other.operations()),
		cmp.Compare(len(p.acts), len(other.acts)),
		cmp.Compare(p.setup.cluster.Size(), other.setup.cluster.Size()),
	)
	return order < 0 || order == 0 && disorderOf(p.acts).less(disorderOf(other.acts))
}

func (p *point) operations() int {
	n := 0
	for i := range p.acts {
		if p.acts[i].starts() {
			n++
		}
	}
	return n
}

// shrinker is at a point of a descent.
type shrinker struct {
	point
	replay replay
	given  int // decisions

	scratch []act // for candidates
	effort
}

// effort is how much a search may try, and has tried.
type effort struct {
	options  Options
	tried    int // candidates
	improved int // of them, that became the smallest run
	stopped  bool
}

func (e *effort) halted() bool {
	if !e.stopped {
		e.stopped = e.tried >= cmp.Or(e.options.Candidates, DefaultCandidates) || e.options.Stop != nil && e.options.Stop()
	}
	return e.stopped
}

// whileItHelps does something again and again until nothing gets smaller by it.
func (e *effort) whileItHelps(do func()) {
	for before := -1; before != e.improved && !e.halted(); {
		before = e.improved
		do()
	}
}

func newShrinker(c *sim.Cluster, property string, o Options) *shrinker {
	s := &shrinker{point: point{setup: newSetup(c)}, effort: effort{options: o}}
	s.replay.property, s.replay.keepNames = property, o.KeepNames
	s.replay.judges.Use(o.Judges...)
	return s
}

// cutOff ends the run with the act that breaks the property, and reports whether there is one.
func (s *shrinker) cutOff() bool {
	before := point{setup: s.setup, acts: make([]act, s.given)}
	for i := range before.acts {
		before.acts[i].origin = int32(i)
	}
	s.tried++
	if !s.replay.run(s.setup, s.acts) {
		return false
	}
	s.acts = append(s.acts[:0], s.replay.kept...)
	if len(s.acts) < s.given {
		s.log("end", &before, 0)
	}
	return true
}

// try runs a candidate. If it breaks the property, what of it was needed for that
// becomes the smallest run.
func (s *shrinker) try(to setup, acts []act) bool {
	if s.halted() {
		return false
	}
	s.tried++
	if !s.replay.run(to, acts) {
		return false
	}
	s.acts = append(s.acts[:0], s.replay.kept...)
	s.setup = to
	s.improved++
	return true
}

// without tries to leave out the acts that are not wanted.
func (s *shrinker) without(unwanted func(i int, a *act) bool) bool {
	return s.changed(s.setup, func(i int, a *act) bool { return !unwanted(i, a) })
}

// changed tries what a function makes of copies of the acts, without those of which it
// makes nothing. In the same setup it is no use unless there are some.
func (s *shrinker) changed(to setup, change func(i int, a *act) bool) bool {
	s.scratch = s.scratch[:0]
	for i := range s.acts {
		s.scratch = append(s.scratch, s.acts[i])
		if last := len(s.scratch) - 1; !change(i, &s.scratch[last]) {
			s.scratch = s.scratch[:last]
		}
	}
	return (len(s.scratch) < len(s.acts) || to.cluster != s.setup.cluster) && s.try(to, s.scratch)
}

func (s *shrinker) result() *Result {
	s.renumber()
	r := &Result{Cluster: s.setup.cluster, Minimal: s.minimal, Tried: s.tried, Steps: s.steps}
	s.replay.record = &r.Decisions
	s.replay.run(s.setup, s.acts)
	s.replay.record = nil
	if s.minimal {
		r.Needs = s.needs()
	}
	return r
}

// renumber leaves the cluster the names of as many clients as call, and gives them to
// those in the order of their calls.
func (s *shrinker) renumber() {
	becomes := make([]protocol.Holder, len(s.setup.cluster.Holders)+1)
	count := protocol.Holder(0)
	for i := range s.acts {
		a := &s.acts[i]
		if !a.starts() || a.decision.Holder == protocol.Free {
			continue
		}
		d := *a.decision
		if becomes[d.Holder] == protocol.Free {
			count++
			becomes[d.Holder] = count
		}
		d.Holder = becomes[d.Holder]
		a.decision = &d
	}
	s.setup = s.setup.with(func(c *sim.Cluster) { c.Holders = slices.Clone(c.Holders[:count]) })
}
