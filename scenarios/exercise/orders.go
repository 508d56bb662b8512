package exercise

import (
	"crypto/sha256"
	"encoding/binary"
	"slices"
	"strings"

	"skinny/protocol"
	"skinny/scenarios"
	"skinny/sim"
	"skinny/sim/check"
	"skinny/sim/trace"
)

// orders are those in which decisions can be taken. What is given is no move.
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
	commits bool // some claim is about a property that is judged by them
	seen    map[fingerprint]bool
}

// way is the one before it, and a decision.
type way struct {
	before   *way // nil: nothing is decided yet
	placed   int  // decisions that are given and were taken
	decision sim.Decision
}

func (x *Exercise) byOrders(most int, l Limits) Finding {
	o := &orders{x: x, limits: l, header: x.Scenario.Header(), seen: map[fingerprint]bool{}}
	if !x.Scenario.Timed() {
		for _, d := range x.Scenario.Schedule.Decisions {
			d.Timed = false
			o.given = append(o.given, d)
		}
	}
	w := ways[*way]{
		further:  func(from *way, _ *scenarios.File) []*way { return o.withGiven(o.follow(from, false)) },
		solution: o.solution,
		spent:    func() bool { return uint64(len(o.seen)) >= l.States },
		longer:   "longer ways",
	}
	for i := range x.Want {
		switch d := &x.Want[i]; {
		case d.Moves.Given: // a shortest way has fewest
		case d.EveryOrder.Given || len(d.Predict) > 0:
			w.skips = "demands about more than one run"
		default:
			o.claims = append(o.claims, d.Expectation)
			o.commits = o.commits || d.Property.Given && d.Property.Value != check.MutualExclusion
		}
	}
	for _, verb := range []string{"acquire", "release", "status", "partition"} {
		if x.Allows(verb) {
			w.skips = "ways with more of: " + verb
		}
	}
	w.first = o.withGiven([]*way{{}})
	return fewest(x, most, l, w)
}

// withGiven is some ways, and those in which they go on by what is given.
func (o *orders) withGiven(list []*way) []*way {
	for i := 0; i < len(list); i++ {
		if from := list[i]; from.placed < len(o.given) {
			list = append(list, o.follow(from, true)...)
		}
	}
	return list
}

func (w *way) path() []sim.Decision {
	if w.before == nil {
		return nil
	}
	return append(w.before.path(), w.decision)
}

// follow is the new ways that go on from one: by what is given next, or by a move.
func (o *orders) follow(from *way, given bool) (list []*way) {
	var before, after sim.World
	seen := newLanes(o.header, o.commits)
	before.Reset(o.x.Scenario.Cluster)
	before.Observe(seen)
	for _, d := range from.path() {
		take(&before, &d)
	}
	decisions, placed := o.moves(&before), from.placed
	if given {
		decisions, placed = o.given[placed:placed+1], placed+1
	}
	for _, d := range decisions {
		now := seen.copy()
		after.CopyFrom(&before)
		after.Observe(now)
		if !take(&after, &d) || now.idle {
			continue
		}
		if f := now.fingerprint(placed); !o.seen[f] {
			o.seen[f] = true
			list = append(list, &way{from, placed, d})
		}
	}
	return list
}

// take takes a decision as a schedule does.
func take(w *sim.World, d *sim.Decision) bool {
	w.ClearCreated()
	w.SetClock(w.Now() + sim.ScheduleStep)
	return w.Take(d)
}

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
	size := protocol.Position(w.Instances())
	for _, kind := range sim.AllDecisionKinds() {
		if !kind.AnyTime() || kind.Has(sim.WithCall) || kind.Has(sim.WithGroups) {
			continue
		}
		for from := range size {
			for to := range size {
				for _, up := range []bool{false, true} {
					peer := kind.Has(sim.WithPeer)
					if (from == 0 || kind.Has(sim.WithInstance)) && (to == 0 || peer) && (to != from || !peer) && (!up || kind.Has(sim.WithHost)) {
						allow(sim.Decision{Kind: kind, From: from, To: to, HostUp: up})
					}
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
	run := sim.NewScheduled(s.Cluster, &sim.Schedule{Decisions: path, Budget: o.limits.Events, Settle: !s.Timed() && s.Schedule.Settle})
	run.World().Observe(judges)
	run.Run()
	judges.End(run.Settled())
	end := scenarios.Outcome{Scenario: s, World: run.World(), Verdicts: judges.Verdicts()}
	return !slices.ContainsFunc(o.claims, func(e scenarios.Expectation) bool { return !end.Judge(&e).Met })
}

// solution is a way as a solution, if it holds what is given and does what is wanted.
func (o *orders) solution(w *way) *scenarios.File {
	path := w.path()
	if w.placed < len(o.given) || !o.holds(path) {
		return nil
	}
	f := o.x.solution()
	f.Schedule = scenarios.FromDecisions(o.x.Scenario, path).Schedule
	return f
}

// fingerprint tells what was met from anything else.
type fingerprint = [sha256.Size]byte

// lanes is what each instance has met so far, and what properties are judged by.
type lanes struct {
	header  *trace.Header
	commits bool          // their order over all matters
	lane    []fingerprint // by instance; the last one is over all
	content []fingerprint // by the number of an event: what it says, and what caused it
	idle    bool          // the last event has changed nothing
	line    []byte
}

func newLanes(h *trace.Header, commits bool) *lanes {
	return &lanes{header: h, commits: commits, lane: make([]fingerprint, len(h.Instances)+1), content: make([]fingerprint, 1)}
}

func (l *lanes) copy() *lanes {
	return &lanes{header: l.header, commits: l.commits, lane: slices.Clone(l.lane), content: slices.Clone(l.content)}
}

// Observe adds an event to the lane of its instance.
func (l *lanes) Observe(e *trace.Event) {
	bare := *e
	bare.Number, bare.At, bare.Cause = 0, 0, 0
	l.line = l.header.AppendEvent(l.line[:0], &bare)
	content := sha256.Sum256(append(l.line, l.content[e.Cause][:]...))
	l.idle = e.Reason == trace.AlreadySo
	l.content = append(l.content, content)
	add := func(lane int) { l.lane[lane] = sha256.Sum256(append(l.lane[lane][:], content[:]...)) }
	if e.Instance != trace.None {
		add(int(e.Instance))
	}
	if l.matters(e) {
		add(len(l.lane) - 1)
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

func (l *lanes) fingerprint(placed int) fingerprint {
	all := binary.LittleEndian.AppendUint64(nil, uint64(placed))
	for i := range l.lane {
		all = append(all, l.lane[i][:]...)
	}
	return sha256.Sum256(all)
}
