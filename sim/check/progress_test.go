package check

import (
	"slices"
	"strings"
	"testing"

	"skinny/protocol"
	"skinny/sim"
	"skinny/sim/trace"
)

const ms = trace.Millisecond

// progressOf makes the run, which has to come to its end by itself, and judges
// progress.
func (s *setup) progressOf(t *testing.T, d Progress) Verdict {
	t.Helper()
	j := NewJudges(header(s.rules, s.size))
	j.Demand(d)
	s.run(j)
	j.End(0, true)
	return find(t, j.Verdicts(), ProgressName)
}

// stuck expects a run without progress, and why.
func (s *setup) stuck(t *testing.T, d Progress, event trace.Kind, why string) {
	t.Helper()
	var log trace.Log
	s.run(&log)
	v := s.progressOf(t, d)
	if v.State != Violated || v.Why.String() != why {
		t.Fatalf("got  %v at event %d: %s\nwant %s", v.State, v.Event, v.Why.String(), why)
	}
	if got := log.Event(v.Event).Kind; got != event {
		t.Errorf("broken by event %d, a %v, want a %v", v.Event, got, event)
	}
}

func drop(kind protocol.MessageKind, from, to protocol.Position) sim.Fate {
	return sim.Fate{Kind: sim.DropFate, Message: kind, From: protocol.Set(0).With(from), To: protocol.Set(0).With(to)}
}

// Without timeouts a lost request is waited for, for ever.
func TestProgressWithoutTimeouts(t *testing.T) {
	s := &setup{
		rules: edition(t, "sound") &^ protocol.Timeouts, size: 3, link: steady,
		timeline: []sim.Decision{call(0, protocol.Acquire, alice, 0)},
		fates: []sim.Fate{
			drop(protocol.PromiseRequest, 0, 1),
			drop(protocol.PromiseResponse, 2, 0),
		},
	}
	s.stuck(t, Progress{900 * ms, 1200 * ms}, trace.GiveUp,
		"alice's acquire (operation 1) at a is not answered by 2.1s, though nothing has gone wrong since 900ms: "+
			"a waits for promises of ID 1, but the request to b was lost (event 3) and the answer of c was lost (event 5)")

	// Who comes later waits behind alice, though she has given up.
	s.timeline[0].Timeout = 500 * ms
	s.timeline = append(s.timeline, call(1000, protocol.Release, carol, 0))
	s.stuck(t, Progress{900 * ms, 1200 * ms}, trace.GiveUp,
		"carol's release (operation 2) at a is not answered within 1.2s, though it was called at 1s, when nothing went wrong any more: "+
			"it waits there behind alice's acquire (operation 1); "+
			"a waits for promises of ID 1, but the request to b was lost (event 3) and the answer of c was lost (event 5)")
}

// Only what is still unanswered is waited for, and what is over is no reason any
// more: not a pause, nor what was lost in an earlier round.
func TestProgressTellsWhatIsLeft(t *testing.T) {
	s := &setup{
		rules: edition(t, "sound") &^ protocol.Concurrent, size: 5, link: steady,
		timeline: []sim.Decision{
			fault(0, sim.PauseInstance, 0),
			fault(1, sim.ResumeInstance, 0),
			call(10, protocol.Acquire, alice, 0),
		},
		fates: []sim.Fate{drop(protocol.PromiseRequest, 0, 2), drop(protocol.PromiseRequest, 0, 3)},
	}
	// b promises at once; c has not answered at 530ms, d has until 1030ms.
	s.stuck(t, Progress{600 * ms, 100 * ms}, trace.Expire,
		"alice's acquire (operation 1) at a is not answered by 700ms, though nothing has gone wrong since 600ms: "+
			"a waits for promises of ID 1, but the request to d was lost (event 9)")

	h := newStory(0, 3)
	j := NewJudges(h.header)
	j.Demand(Progress{100, 10})
	asked := trace.Event{Asked: 0b110, Message: protocol.Message{Kind: protocol.PromiseRequest, ID: 1}}
	h.moment(1, trace.Call, 1, trace.Event{})
	h.moment(1, trace.Propose, 1, asked)
	h.moment(2, trace.Backoff, 1, trace.Event{Pause: true})
	asked.Message.ID = 4
	h.moment(3, trace.Propose, 1, asked)
	for _, id := range []protocol.ID{1, 4} {
		h.moment(4, trace.Lose, 0, trace.Event{Message: protocol.Message{Kind: protocol.PromiseRequest, From: 0, To: protocol.Position(id / 2), ID: id}})
	}
	h.moment(4, trace.Lose, 0, trace.Event{Message: protocol.Message{Kind: protocol.PromiseRequest, From: 0, To: 1, ID: 1}})
	for i := range h.events {
		j.progress.Observe(&h.events[i])
	}
	j.End(0, true)
	want := "alice's acquire (operation 1) at a is never answered, though nothing has gone wrong since 100ns: " +
		"a waits for promises of ID 4, but the request to b is under way and the request to c was lost (event 6)"
	if v := j.progress.Verdict(); v.Why.String() != want {
		t.Errorf("got  %s\nwant %s", v.Why.String(), want)
	}
}

// A copy that is lost is no request that is lost.
func TestProgressCountsCopies(t *testing.T) {
	s := &setup{
		rules: edition(t, "sound") &^ protocol.Timeouts, size: 3, link: steady,
		timeline: []sim.Decision{fault(0, sim.PauseInstance, 1), call(0, protocol.Acquire, alice, 0)},
		fates: []sim.Fate{
			{Kind: sim.DuplicateFate, Message: protocol.PromiseRequest, From: protocol.All(1), To: protocol.Set(0).With(1), By: 500 * ms},
			{Kind: sim.DropFate, Message: protocol.PromiseResponse, From: protocol.Set(0).With(2), To: protocol.All(1)},
		},
	}
	cut := fault(100, sim.CutLink, 0)
	cut.To = 1
	s.timeline = append(s.timeline, cut)
	s.stuck(t, Progress{900 * ms, 1200 * ms}, trace.GiveUp,
		"alice's acquire (operation 1) at a is not answered by 2.1s, though nothing has gone wrong since 900ms: "+
			"a waits for promises of ID 1, but the request to b waits there, since b is paused (event 5) and the answer of c was lost (event 7)")
}

// Two proposers that hold their mutexes wait for each other.
func TestProgressInADeadlock(t *testing.T) {
	s := &setup{
		rules: edition(t, "sound") &^ (protocol.Timeouts | protocol.Yield), size: 2, link: steady,
		timeline: []sim.Decision{
			call(0, protocol.Acquire, alice, 0),
			call(5, protocol.Acquire, bob, 1),
			call(20, protocol.Status, protocol.Free, 1),
		},
	}
	s.timeline[0].Timeout = 100 * ms
	s.timeline[1].Timeout = 100 * ms
	s.stuck(t, Progress{trace.Second, trace.Second}, trace.GiveUp,
		"the status (operation 3) at b is not answered by 4s, though nothing has gone wrong since 1s: "+
			"it waits there behind bob's acquire (operation 2); "+
			"b waits for promises of ID 2, but the request to a waits there behind alice's acquire (operation 1); "+
			"a waits for promises of ID 1, but the request to b waits there behind bob's acquire (operation 2)")
}

// An instance that never resumes answers nobody.
func TestProgressOfAPausedInstance(t *testing.T) {
	s := &setup{
		rules: edition(t, "sound"), size: 3, link: steady,
		timeline: []sim.Decision{
			fault(10, sim.PauseInstance, 0),
			call(20, protocol.Acquire, alice, 0),
		},
	}
	s.stuck(t, Progress{trace.Second, trace.Second}, trace.GiveUp,
		"alice's acquire (operation 1) at a is not answered by 2s, though nothing has gone wrong since 1s: "+
			"a has been paused since event 1")
	s.timeline = append(s.timeline, fault(1950, sim.ResumeInstance, 0))
	if v := s.progressOf(t, Progress{trace.Second, trace.Second}); v.State != Kept {
		t.Errorf("resumed in time: %+v", v)
	}
}

// A proposer far behind, who is not told what was promised, gives no answer that
// says anything.
func TestProgressIsNotUnknown(t *testing.T) {
	s := &setup{
		rules: edition(t, "sound") &^ protocol.TellPromised, size: 3, link: steady,
		timeline: []sim.Decision{
			fault(0, sim.IsolateInstance, 0),
			call(0, protocol.Acquire, alice, 1), // promised in vain, four times
			call(5000, protocol.Acquire, alice, 1),
			fault(9000, sim.RejoinInstance, 0),
			call(10_000, protocol.Acquire, bob, 0),
		},
		fates: []sim.Fate{drop(protocol.PromiseResponse, 2, 1)},
	}
	s.stuck(t, Progress{9500 * ms, 3 * trace.Second}, trace.Answer,
		"bob's acquire (operation 3) at a is answered unknown, though it was called at 10s, when nothing went wrong any more: "+
			"its last round, retry 3 with ID 10, was promised by a only, and a majority is 2 of 3; "+
			"b had promised ID 23 (event 73)")
	if v := s.progressOf(t, Progress{10_001 * ms, 3 * trace.Second}); v.State != Kept {
		t.Errorf("called before: %+v", v)
	}
	s.rules |= protocol.TellPromised
	if v := s.progressOf(t, Progress{9500 * ms, 3 * trace.Second}); v.State != Kept {
		t.Errorf("with the rule: %+v", v)
	}
}

// A commit that too few accept is unknown, too.
func TestProgressOfAFailedCommit(t *testing.T) {
	s := &setup{
		rules: edition(t, "sound"), size: 3, link: steady,
		timeline: []sim.Decision{call(1000, protocol.Acquire, alice, 0)},
		fates:    []sim.Fate{drop(protocol.CommitRequest, 0, 1), drop(protocol.CommitRequest, 0, 2)},
		latency:  ms,
	}
	s.stuck(t, Progress{trace.Second, 3 * trace.Second}, trace.Answer,
		"alice's acquire (operation 1) at a is answered unknown, though it was called at 1s, when nothing went wrong any more: "+
			"its commit of ID 1 was accepted by a only, and a majority is 2 of 3")
}

// What a crash wiped out, and calls that met nobody, are excused unless they were
// made when nothing went wrong any more.
func TestProgressExcuses(t *testing.T) {
	d := Progress{trace.Second, trace.Second}
	base := setup{rules: edition(t, "sound"), size: 3, link: steady, timeline: []sim.Decision{
		call(0, protocol.Acquire, alice, 0),
		fault(5, sim.CrashInstance, 0),
		call(10, protocol.Acquire, bob, 0),
	}}
	for _, latency := range []trace.Time{0, ms} {
		s := base
		s.latency = latency
		if v := s.progressOf(t, d); v.State != Kept {
			t.Errorf("latency %v: %+v", latency, v)
		}
		for _, what := range []struct {
			hostUp bool
			event  trace.Kind
			why    string
		}{
			{false, trace.GiveUp, "carol's acquire (operation 3) at a is not answered within 1s, though it was called at 1s, " +
				"when nothing went wrong any more: the call was lost, since a was down (event 7)"},
			{true, trace.Receive, "carol's acquire (operation 3) at a is told that nobody is there, though it was called at 1s, " +
				"when nothing went wrong any more"},
		} {
			s.timeline = append(base.timeline[:3:3], call(1000, protocol.Acquire, carol, 0))
			s.timeline[1].HostUp = what.hostUp
			v := s.progressOf(t, d)
			got, _, _ := strings.Cut(v.Why.String(), " (event")
			if want, _, _ := strings.Cut(what.why, " (event"); v.State != Violated || got != want {
				t.Errorf("latency %v, host up %v: %+v\nwant %s", latency, what.hostUp, v, want)
			}
			var log trace.Log
			s.run(&log)
			if kind := log.Event(v.Event).Kind; kind != what.event {
				t.Errorf("latency %v, host up %v: broken by a %v", latency, what.hostUp, kind)
			}
			s.timeline[1].HostUp = false
		}
	}
}

// A crash of somebody who was promised nothing bad any more.
func TestProgressOfAFreshOperationThatIsWipedOut(t *testing.T) {
	s := &setup{rules: edition(t, "sound"), size: 3, link: steady, timeline: []sim.Decision{
		call(1000, protocol.Acquire, alice, 0),
		fault(1005, sim.CrashInstance, 0),
	}}
	s.stuck(t, Progress{trace.Second, trace.Second}, trace.GiveUp,
		"alice's acquire (operation 1) at a is not answered within 1s, though it was called at 1s, when nothing went wrong any more: "+
			"a has crashed meanwhile (event 3)")
}

// healing is a random run in which everything comes right after 20 seconds, with
// clients who wait at that moment at every instance, and a fresh one much later.
func healing(rules protocol.Rules, size int, seed uint64) *setup {
	s := random(rules, size, seed)
	s.calm = 20 * trace.Second
	s.timeline = slices.DeleteFunc(s.timeline, func(d sim.Decision) bool { return d.At >= 19*trace.Second })
	var down protocol.Set
	for _, d := range s.timeline {
		switch d.Kind {
		case sim.CrashInstance:
			down = down.With(d.From)
		case sim.RestartInstance:
			down = down.Without(d.From)
		}
	}
	for at := range protocol.Position(size) {
		s.timeline = append(s.timeline, call(19_960+trace.Time(at), protocol.Acquire, alice+protocol.Holder(at), at))
	}
	s.timeline = append(s.timeline, sim.Decision{At: s.calm, Kind: sim.HealEverything})
	for ; down != 0; down = down.Without(down.First()) {
		s.timeline = append(s.timeline, fault(20_000, sim.RestartInstance, down.First()))
	}
	s.timeline = append(s.timeline, call(60_000, protocol.Release, frank, protocol.Position(seed)%protocol.Position(size)))
	return s
}

const frank = protocol.Holder(6)

// TestProgressOfSound accepts what is correct: every instance works with timeouts,
// and nobody blocks another for longer than they say.
func TestProgressOfSound(t *testing.T) {
	seeds := uint64(600)
	if testing.Short() {
		seeds = 100
	}
	d := Progress{From: 20_040 * ms, Within: 5*sim.DefaultTimeout + 50*ms}
	waiting := 0
	for _, size := range []int{3, 4, 5} {
		for seed := range seeds {
			s := healing(edition(t, "sound"), size, seed)
			j := NewJudges(header(s.rules, size))
			j.Demand(d)
			s.run(trace.Tee{j, observer(func(e *trace.Event) {
				if e.Received() && e.At >= d.From {
					waiting++
				}
			})})
			j.End(0, true)
			if v := find(t, j.Verdicts(), ProgressName); v.State != Kept {
				t.Errorf("%d instances, seed %d: %+v", size, seed, v)
			}
		}
	}
	if waiting < 6*int(seeds) {
		t.Errorf("only %d answers were demanded: the runs test nothing", waiting)
	}
}

// TestProgressOnTheWay asks after every event: a verdict never changes once it is
// Violated, and is Violated from its own event on and not before.
func TestProgressOnTheWay(t *testing.T) {
	broken := 0
	for seed := range uint64(60) {
		s := healing(edition(t, "published")&^protocol.Timeouts, 3, seed)
		d := Progress{From: 20 * trace.Second, Within: 100 * ms}
		final := s.progressOf(t, d)
		if final.State == Violated {
			broken++
		}
		j := NewJudges(header(s.rules, 3))
		j.Demand(d)
		s.run(observer(func(e *trace.Event) {
			j.Observe(e)
			want := Verdict{Property: ProgressName}
			if final.State == Violated && final.Event <= e.Number {
				want = final
			}
			if v := find(t, j.Verdicts(), ProgressName); said(v) != said(want) {
				t.Fatalf("seed %d, after event %d:\ngot  %+v\nwant %+v", seed, e.Number, v, want)
			}
		}))
	}
	if broken < 30 {
		t.Errorf("only %d runs were without progress", broken)
	}
}

// moment adds an event about an operation at a time.
func (s *story) moment(at trace.Time, kind trace.Kind, op int, e trace.Event) int {
	e.Kind, e.At = kind, at
	for len(s.operations) < op {
		s.operations = append(s.operations, protocol.Operation{
			Kind: protocol.Acquire, Holder: alice, Number: uint32(len(s.operations) + 1),
		})
	}
	if op > 0 {
		e.Operation = s.operations[op-1]
	}
	return s.add(e)
}

// direct is an answer that arrives at once.
var direct = trace.Event{Direct: true, Outcome: protocol.Acquired}

// TestProgressBounds has a demand from 100 within 10.
func TestProgressBounds(t *testing.T) {
	type step struct {
		at    trace.Time
		kind  trace.Kind
		op    int
		event trace.Event
	}
	unknown := trace.Event{Direct: true, Outcome: protocol.Unknown}
	distant := trace.Event{Outcome: protocol.Acquired}
	for _, test := range []struct {
		name   string
		steps  []step
		end    trace.Time
		quiet  bool
		broken int // event, 0: none
	}{
		{"before: at the deadline", []step{{99, trace.Call, 1, trace.Event{}}, {110, trace.Answer, 1, direct}}, 200, true, 0},
		{"before: after the deadline", []step{{99, trace.Call, 1, trace.Event{}}, {111, trace.Answer, 1, direct}}, 200, true, 2},
		{"before: another event after the deadline", []step{{99, trace.Call, 1, trace.Event{}}, {111, trace.Call, 2, trace.Event{}}, {112, trace.Answer, 1, direct}}, 112, false, 2},
		{"before: unknown is an answer", []step{{99, trace.Call, 1, trace.Event{}}, {110, trace.Answer, 1, unknown}}, 200, true, 0},
		{"before: gives up at the deadline", []step{{99, trace.Call, 1, trace.Event{}}, {110, trace.GiveUp, 1, trace.Event{}}}, 200, true, 0},
		{"before: gives up after the deadline", []step{{99, trace.Call, 1, trace.Event{}}, {111, trace.GiveUp, 1, trace.Event{}}}, 200, true, 2},
		{"before: gives up before From", []step{{0, trace.Call, 1, trace.Event{}}, {99, trace.GiveUp, 1, trace.Event{}}}, 200, true, 0},
		{"two of them have twice the time", []step{{98, trace.Call, 1, trace.Event{}}, {99, trace.Call, 2, trace.Event{}}, {110, trace.Answer, 1, direct}, {120, trace.Answer, 2, direct}}, 200, true, 0},
		{"but not more", []step{{98, trace.Call, 1, trace.Event{}}, {99, trace.Call, 2, trace.Event{}}, {110, trace.Answer, 1, direct}, {121, trace.Answer, 2, direct}}, 200, true, 4},
		{"one whose client is gone counts", []step{{97, trace.Call, 1, trace.Event{}}, {98, trace.GiveUp, 1, trace.Event{}}, {99, trace.Call, 2, trace.Event{}}, {120, trace.Answer, 2, direct}}, 200, true, 0},
		{"one that was answered does not", []step{{97, trace.Call, 1, trace.Event{}}, {98, trace.Answer, 1, direct}, {99, trace.Call, 2, trace.Event{}}, {120, trace.Answer, 2, direct}}, 200, true, 4},
		{"one that is wiped out does not", []step{{97, trace.Call, 1, trace.Event{}}, {97, trace.Wait, 1, trace.Event{}}, {98, trace.Crash, 0, trace.Event{}}, {99, trace.Call, 2, trace.Event{}}, {120, trace.Answer, 2, direct}}, 200, true, 5},
		{"with its host up, the client is told so in time", []step{{97, trace.Call, 1, trace.Event{}}, {97, trace.Wait, 1, trace.Event{}}, {98, trace.Crash, 0, trace.Event{HostUp: true}}, {111, trace.Receive, 1, trace.Event{Outcome: protocol.Failed}}}, 200, true, 4},
		{"one on its way survives a crash", []step{{97, trace.Call, 1, trace.Event{}}, {98, trace.Crash, 0, trace.Event{}}, {99, trace.Call, 2, trace.Event{}}, {120, trace.Answer, 2, direct}, {120, trace.Answer, 1, direct}}, 200, true, 0},
		{"an answer on its way is waited for", []step{{97, trace.Call, 1, trace.Event{}}, {98, trace.Answer, 1, distant}, {110, trace.Receive, 1, distant}}, 200, true, 0},
		{"but not too long", []step{{97, trace.Call, 1, trace.Event{}}, {98, trace.Answer, 1, distant}, {111, trace.Receive, 1, distant}}, 200, true, 3},
		{"fresh: at the deadline", []step{{100, trace.Call, 1, trace.Event{}}, {110, trace.Answer, 1, direct}}, 200, true, 0},
		{"fresh: after the deadline", []step{{100, trace.Call, 1, trace.Event{}}, {111, trace.Answer, 1, direct}}, 200, true, 2},
		{"fresh: it has no more time behind others", []step{{100, trace.Call, 1, trace.Event{}}, {101, trace.Call, 2, trace.Event{}}, {110, trace.Answer, 1, direct}, {112, trace.Answer, 2, direct}}, 200, true, 4},
		{"fresh: unknown", []step{{100, trace.Call, 1, trace.Event{}}, {105, trace.Answer, 1, unknown}}, 200, true, 2},
		{"fresh: unknown for nobody", []step{{100, trace.Call, 1, trace.Event{}}, {104, trace.GiveUp, 1, trace.Event{}}, {105, trace.Answer, 1, unknown}}, 200, true, 0},
		{"fresh: gives up in time", []step{{100, trace.Call, 1, trace.Event{}}, {110, trace.GiveUp, 1, trace.Event{}}}, 200, true, 0},
		{"the end is before the deadline", []step{{100, trace.Call, 1, trace.Event{}}}, 109, false, 0},
		{"the end is at the deadline", []step{{100, trace.Call, 1, trace.Event{}}}, 110, false, 1},
		{"quiet before the deadline", []step{{100, trace.Call, 1, trace.Event{}}}, 100, true, 1},
		{"quiet before From", []step{{50, trace.Call, 1, trace.Event{}}}, 50, true, 1},
		{"over before From", []step{{50, trace.Call, 1, trace.Event{}}}, 99, false, 0},
		{"quiet after a call that was lost", []step{{50, trace.Call, 1, trace.Event{}}, {51, trace.Lose, 1, trace.Event{Reason: trace.HostDown}}}, 51, true, 0},
	} {
		s := newStory(0, 3)
		j := NewJudges(s.header)
		j.Demand(Progress{100, 10})
		for _, step := range test.steps {
			s.moment(step.at, step.kind, step.op, step.event)
			j.progress.Observe(&s.events[len(s.events)-1])
		}
		j.End(test.end, test.quiet)
		if v := j.progress.Verdict(); v.Event != test.broken || (v.State == Violated) != (test.broken > 0) {
			t.Errorf("%s: %+v, want it broken by event %d", test.name, v, test.broken)
		}
	}
}

// Far deadlines do not run over.
func TestProgressFarAway(t *testing.T) {
	for _, d := range []Progress{{never - 5, 100}, {100, never}, {never, never}} {
		s := newStory(0, 3)
		j := NewJudges(s.header)
		j.Demand(d)
		for op := 1; op <= 3; op++ {
			s.moment(50, trace.Call, op, trace.Event{})
			j.Observe(&s.events[op-1])
		}
		j.End(1000*trace.Second, false)
		if v := j.progress.Verdict(); v.State != Kept {
			t.Errorf("%+v: %+v", d, v)
		}
		j.End(0, true)
		if v := j.progress.Verdict(); d.From < never && !strings.Contains(v.Why.String(), "is never answered") {
			t.Errorf("%+v, for ever: %+v", d, v)
		}
	}
}

// A demand ends with the run, and costs nothing without one.
func TestProgressResets(t *testing.T) {
	rules := edition(t, "published") &^ protocol.Timeouts
	used := NewJudges(header(rules, 5))
	for seed := range uint64(100) {
		size := 3 + int(seed%3)
		s := healing(rules, size, seed)
		d := Progress{From: 20 * trace.Second, Within: 100 * ms}
		used.Reset(header(rules, size))
		if n := len(used.Verdicts()); n != len(properties)-2 {
			t.Fatalf("seed %d: %d verdicts without a demand", seed, n)
		}
		used.Demand(d)
		s.run(used)
		used.End(0, true)
		if got, want := find(t, used.Verdicts(), ProgressName), s.progressOf(t, d); got != want {
			t.Errorf("seed %d:\ngot  %+v\nwant %+v", seed, got, want)
		}
	}
}

// What was paused in one run is not in the next.
func TestProgressResetsTheScene(t *testing.T) {
	s := &setup{
		rules: edition(t, "sound") &^ protocol.Timeouts, size: 3, link: steady,
		timeline: []sim.Decision{fault(0, sim.PauseInstance, 0), call(0, protocol.Acquire, alice, 0)},
		fates:    []sim.Fate{drop(protocol.PromiseRequest, 0, 1), drop(protocol.PromiseRequest, 0, 2)},
	}
	d := Progress{trace.Second, trace.Second}
	j := NewJudges(header(s.rules, 3))
	for range 2 {
		j.Reset(header(s.rules, 3))
		j.Demand(d)
		s.run(j)
		if got, want := find(t, j.Verdicts(), ProgressName), s.progressOf(t, d); got != want {
			t.Errorf("got  %+v\nwant %+v", got, want)
		}
		s.timeline = s.timeline[1:]
	}
}

func TestProgressDoesNotAllocate(t *testing.T) {
	h, events := record(t, "published", 500)
	j := NewJudges(h)
	allocations := testing.AllocsPerRun(10, func() {
		j.Reset(h)
		j.Demand(Progress{From: 3600 * trace.Second, Within: trace.Second})
		for i := range events {
			j.Observe(&events[i])
		}
	})
	if allocations != 0 {
		t.Errorf("%v allocations in a run of %d events", allocations, len(events))
	}
}

// BenchmarkProgress is one event of a recorded run with all judges, with and
// without a demand of progress.
func BenchmarkProgress(b *testing.B) {
	for _, d := range []struct {
		name string
		Progress
	}{{"without", Progress{}}, {"with", Progress{3600 * trace.Second, trace.Second}}} {
		b.Run(d.name, func(b *testing.B) {
			h, events := record(b, "sound", 500)
			j := NewJudges(h)
			j.Demand(d.Progress)
			b.ReportAllocs()
			at := 0
			for b.Loop() {
				j.Observe(&events[at])
				if at++; at == len(events) {
					at = 0
					j.Reset(h)
					j.Demand(d.Progress)
				}
			}
		})
	}
}
