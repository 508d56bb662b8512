package exercise

import (
	"encoding/binary"
	"hash/fnv"
	"slices"
	"strings"

	"skinny/protocol"
	"skinny/scenarios"
	"skinny/sim"
	"skinny/sim/check"
	"skinny/sim/trace"
)

// orders searches the orders in which decisions can be taken, breadth first by the number
// of those that a solution adds; what is given costs nothing.
//
// Two ways are taken for the same if each instance has met the same in the same order, and
// if what properties are judged by came in the same order over all: calls and answers, and
// commits, unless mutual exclusion is the only property. What follows from the two is the
// same, too.
type orders struct {
	x       *Exercise
	limits  Limits
	given   []sim.Decision
	header  *trace.Header
	claims  []scenarios.Expectation
	commits bool   // some claim is about a property that is judged by them
	skips   string // what may be done and is not tried
	nodes   []node
	seen    map[fingerprint]bool
}

// node is a way: the one before it, and a decision.
type node struct {
	before   int32 // its index; -1 for none
	placed   int32 // decisions that are given and were taken
	decision sim.Decision
}

type fingerprint [16]byte

func newOrders(x *Exercise, l Limits) *orders {
	o := &orders{x: x, limits: l, header: x.Scenario.Header(), seen: map[fingerprint]bool{}}
	if !x.Scenario.Timed() {
		for _, d := range x.Scenario.Schedule.Decisions {
			d.Timed = false
			o.given = append(o.given, d)
		}
	}
	for i := range x.Want {
		switch d := &x.Want[i]; {
		case d.Moves.Given: // a shortest way has fewest
		case d.EveryOrder.Given || len(d.Predict) > 0:
			o.skips = "demands about more than one run"
		default:
			o.claims = append(o.claims, d.Expectation)
			o.commits = o.commits || d.Property.Given && d.Property.Value != check.MutualExclusion
		}
	}
	for _, verb := range []string{"acquire", "release", "status", "partition"} {
		if x.Allows(verb) {
			o.skips = "ways with more of: " + verb
		}
	}
	return o
}

// search looks for a way of at most so many decisions.
func (o *orders) search(most int) Finding {
	level := []int32{o.add(node{before: -1})}
	for cost := 0; cost <= most; cost++ {
		var next []int32
		for i := 0; i < len(level); i++ { // it grows by what is given
			n := level[i]
			path := o.path(n)
			if int(o.nodes[n].placed) == len(o.given) && o.holds(path) {
				f := o.file(path)
				if m := o.x.Judge(f, o.limits); m.Solved {
					return Finding{Solution: f, Moves: cost, Least: cost, All: o.skips == "" || cost == 0, Why: o.skips}
				}
			}
			free, paid := o.follow(n, path, cost < most)
			level, next = append(level, free...), append(next, paid...)
			if uint64(len(o.nodes)) > o.limits.States || o.limits.stopped() {
				return Finding{Least: cost, Why: "longer ways"}
			}
		}
		if level = next; len(level) == 0 && cost < most && o.skips == "" {
			return Finding{Least: cost + 1, All: true}
		}
	}
	return Finding{Least: most + 1, Why: "longer ways"}
}

func (o *orders) add(n node) int32 {
	o.nodes = append(o.nodes, n)
	return int32(len(o.nodes) - 1)
}

// path is the decisions of a way.
func (o *orders) path(n int32) (list []sim.Decision) {
	for ; o.nodes[n].before >= 0; n = o.nodes[n].before {
		list = append(list, o.nodes[n].decision)
	}
	slices.Reverse(list)
	return list
}

// follow adds the ways that go on from one, if they are new: by what is given next, and,
// if that is wanted, by a decision of the solution.
func (o *orders) follow(n int32, path []sim.Decision, further bool) (free, paid []int32) {
	var before, after sim.World
	seen := newLanes(o.header, o.commits)
	before.Reset(o.x.Scenario.Cluster)
	before.Observe(seen)
	for i := range path {
		take(&before, &path[i])
	}
	try := func(d sim.Decision, placed int32) (int32, bool) {
		now := seen.copy()
		after.CopyFrom(&before)
		after.Observe(now)
		if !take(&after, &d) || now.idle {
			return 0, false
		}
		f := now.fingerprint(placed)
		if o.seen[f] {
			return 0, false
		}
		o.seen[f] = true
		return o.add(node{n, placed, d}), true
	}
	placed := o.nodes[n].placed
	if int(placed) < len(o.given) {
		if to, ok := try(o.given[placed], placed+1); ok {
			free = append(free, to)
		}
	}
	if !further {
		return free, nil
	}
	for _, d := range o.moves(&before) {
		if to, ok := try(d, placed); ok {
			paid = append(paid, to)
		}
	}
	return free, paid
}

// take takes a decision as a schedule does.
func take(w *sim.World, d *sim.Decision) bool {
	w.ClearCreated()
	w.SetClock(w.Now() + sim.ScheduleStep)
	return w.Take(d)
}

// moves lists the decisions that a solution may take here.
func (o *orders) moves(w *sim.World) (list []sim.Decision) {
	allow := func(d sim.Decision) {
		if word, _, _ := strings.Cut(d.Verb(), " "); o.x.Allows(word) {
			list = append(list, d)
		}
	}
	for _, d := range w.Possible() {
		allow(d)
		if d.Kind != sim.DeliverMessage {
			continue
		}
		for _, kind := range []sim.DecisionKind{sim.DropMessage, sim.RefuseMessage, sim.CopyMessage} {
			if d.Kind = kind; kind.AllowsMessage(d.Message) {
				allow(d)
			}
		}
	}
	for p := range protocol.Position(w.Instances()) {
		for _, kind := range sim.AllDecisionKinds() {
			d := sim.Decision{Kind: kind, From: p}
			switch {
			case !kind.AnyTime() || kind.Has(sim.WithCall) || kind.Has(sim.WithGroups):
			case !kind.Has(sim.WithInstance):
				if p == 0 {
					allow(d)
				}
			case kind.Has(sim.WithPeer):
				for d.To = range protocol.Position(w.Instances()) {
					if d.To != p {
						allow(d)
					}
				}
			default:
				allow(d)
				if d.HostUp = true; kind.Has(sim.WithHost) {
					allow(d)
				}
			}
		}
	}
	return list
}

// holds reports whether what is wanted is the case at the end of a way.
func (o *orders) holds(path []sim.Decision) bool {
	s := o.x.Scenario
	judges := check.NewJudges(o.header, s.Judges...)
	schedule := sim.Schedule{Decisions: path, Budget: o.limits.Events, Settle: !s.Timed() && s.Schedule.Settle}
	run := sim.NewScheduled(s.Cluster, &schedule)
	run.World().Observe(judges)
	run.Run()
	judges.End(run.Settled())
	for _, r := range claimed(&scenarios.Outcome{Scenario: s, World: run.World(), Verdicts: judges.Verdicts()}, o.claims...) {
		if !r.Met {
			return false
		}
	}
	return true
}

// file is a way as a solution.
func (o *orders) file(path []sim.Decision) *scenarios.File {
	f := o.x.solution()
	f.Schedule = scenarios.FromDecisions(o.x.Scenario, path).Schedule
	return f
}

// lanes is what each instance has met so far, and what properties are judged by.
type lanes struct {
	header  *trace.Header
	commits bool     // their order over all matters
	lane    []uint64 // by instance; the last one is over all
	content []uint64 // by the number of an event: what it says, and what caused it
	idle    bool     // the last event has changed nothing
	line    []byte
}

func newLanes(h *trace.Header, commits bool) *lanes {
	return &lanes{header: h, commits: commits, lane: make([]uint64, len(h.Instances)+1), content: []uint64{0}}
}

func (l *lanes) copy() *lanes {
	return &lanes{header: l.header, commits: l.commits, lane: slices.Clone(l.lane), content: slices.Clone(l.content)}
}

// Observe adds an event to the lane of its instance.
func (l *lanes) Observe(e *trace.Event) {
	bare := *e
	bare.Number, bare.At, bare.Cause = 0, 0, 0
	l.line = l.header.AppendEvent(l.line[:0], &bare)
	h := fnv.New64a()
	h.Write(l.line)
	content := mixed(h.Sum64(), l.content[e.Cause])
	l.idle = e.Reason == trace.AlreadySo
	l.content = append(l.content, content)
	if e.Instance != trace.None {
		l.lane[e.Instance] = mixed(l.lane[e.Instance], content)
	}
	if all := &l.lane[len(l.lane)-1]; l.matters(e) {
		*all = mixed(*all, content)
	}
}

// matters reports whether the place of an event among those of all instances matters.
func (l *lanes) matters(e *trace.Event) bool {
	switch e.Kind {
	case trace.Call, trace.Answer, trace.Receive, trace.GiveUp:
		return true
	case trace.Commit, trace.Accept:
		return l.commits
	}
	return e.Instance == trace.None
}

// mixed is a hash of two, in their order.
func mixed(a, b uint64) uint64 {
	const odd = 0x9e3779b97f4a7c15 // the golden ratio's
	a = (a ^ a>>32) * odd
	a = (a ^ b ^ a>>29) * odd
	return a ^ a>>32
}

// fingerprint is a hash of all lanes.
func (l *lanes) fingerprint(placed int32) (f fingerprint) {
	h := fnv.New128a()
	for _, lane := range l.lane {
		h.Write(binary.LittleEndian.AppendUint64(nil, lane))
	}
	h.Write(binary.LittleEndian.AppendUint32(nil, uint32(placed)))
	return fingerprint(h.Sum(f[:0]))
}
