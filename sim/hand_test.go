package sim

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"skinny/protocol"
	"skinny/sim/trace"
)

// byHand is a timed run that has come to a number of events.
func (p *play) byHand(timeline string, events int) *Timed {
	p.t.Helper()
	for words := range lines(timeline) {
		d := p.decision(words[1:])
		d.At = p.time(words[0])
		p.timetable.Timeline = append(p.timetable.Timeline, d)
	}
	s := NewTimed(&p.cluster, &p.timetable)
	s.world.Observe(&p.log)
	for s.world.Events() < events && s.Step() {
	}
	return s
}

func (p *play) named(words ...string) *Decision {
	d := p.decision(words)
	return &d
}

// What somebody lets happen happens now, and what follows takes its time from now;
// everything else keeps its moment.
func TestActDelivers(t *testing.T) {
	p := newPlay(t, "published", 3)
	s := p.byHand("0ms acquire alice a", 2)
	if !s.Act(p.named("deliver", "promise-request", "a", "b")) {
		t.Fatal("the message is not pending")
	}
	if s.Act(p.named("deliver", "promise-request", "a", "b")) {
		t.Error("it can be delivered twice")
	}
	s.Run()
	p.expect("promises", p.events(trace.Promise, trace.Count, trace.Commit),
		"0ms promise b-a promise-response 1 #1 yes",
		"10ms promise c-a promise-response 1 #1 yes",
		"10ms count a-b acquire alice promise-response 1 #1 yes",
		"10ms commit a acquire alice commit-request 1",
		"30ms count a-b acquire alice commit-response 1 #1 yes",
		"30ms count a-c acquire alice commit-response 1 #1 yes",
	)
}

// What is lost by hand does not arrive, and the deadline stays where it was.
func TestActDrops(t *testing.T) {
	p := newPlay(t, "published", 3)
	s := p.byHand("0ms acquire alice a", 2)
	for _, to := range []string{"b", "c"} {
		if !s.Act(p.named("drop", "promise-request", "a", to)) {
			t.Fatal("the message is not pending")
		}
	}
	s.Step()
	p.expect("events", p.events(),
		"0ms call a acquire alice",
		"0ms propose a acquire alice promise-request 1",
		"0ms lose a-b promise-request 1 #1 dropped",
		"0ms lose a-c promise-request 1 #1 dropped",
		"500ms expire a acquire alice",
		"500ms backoff a acquire alice try 1",
	)
}

// A copy made by hand takes the way that the network would send it.
func TestActDuplicates(t *testing.T) {
	p := newPlay(t, "published", 3)
	s := p.byHand("0ms acquire alice a", 2)
	s.Act(p.named("duplicate", "promise-request", "a", "b"))
	s.Run()
	p.expect("at b", p.events(trace.Promise)[:3],
		"10ms promise b-a promise-response 1 #1 yes",
		"10ms promise c-a promise-response 1 #1 yes",
		"10ms promise b-a promise-response 1 #1 copy no",
	)
}

// A run that has ended goes on when there is something to go on with.
func TestActAfterTheEnd(t *testing.T) {
	p := newPlay(t, "published", 3)
	s := p.byHand("0ms acquire alice a", 1<<30)
	if s.Ending() != NothingMore {
		t.Fatalf("ending %d", s.Ending())
	}
	end := s.world.Now()
	if !s.Act(p.named("acquire", "bob", "b")) || s.Ending() != NotEnded {
		t.Fatal("nobody can call after the end")
	}
	if s.Run(); s.world.Now() != end+40*millisecond || s.world.Operation(2).Holder != 1 {
		t.Errorf("bob's call ends at %d: %+v", s.world.Now(), s.world.Operation(2))
	}
	if s.Act(p.named("timeout", "a")) || s.Ending() != NothingMore {
		t.Error("what is not pending happens")
	}
}

// What is put off keeps everything but its moment, whatever it is.
func TestDelay(t *testing.T) {
	p := newPlay(t, "published", 3)
	s := p.byHand("0ms acquire alice a", 2)
	request := p.named("deliver", "promise-request", "a", "b")
	if due, lost, found := s.Due(request); due != 10*millisecond || lost || !found {
		t.Fatalf("it is due at %d, %v, %v", due, lost, found)
	}
	if !s.Delay(request, 7*millisecond) || !s.Delay(p.named("timeout", "a"), millisecond) {
		t.Fatal("they cannot be put off")
	}
	if due, _, _ := s.Due(request); due != 17*millisecond {
		t.Errorf("it is due at %d", due)
	}
	for _, other := range [][]string{{"wake", "a"}, {"deliver", "promise-request", "b", "a"}} {
		if due, lost, found := s.Due(p.named(other...)); due != 0 || lost || found || s.Delay(p.named(other...), millisecond) {
			t.Errorf("%v is not pending, and yet is put off", other)
		}
	}
	if s.Delay(request, -millisecond) {
		t.Error("it can be brought forward")
	}
	s.Step()
	s.Step()
	p.expect("promises", p.events(trace.Promise, trace.Count),
		"10ms promise c-a promise-response 1 #1 yes",
		"17ms promise b-a promise-response 1 #1 yes",
	)
	if due, _, found := s.Due(p.named("timeout", "a")); due != 501*millisecond || !found {
		t.Errorf("the deadline is at %d", due)
	}
}

// A message that is to be copied first is due when it arrives, and the copy is made
// even if the original is put off.
func TestDueAfterItsCopy(t *testing.T) {
	p := newPlay(t, "published", 3).fate(DuplicateFate, "promise-request", "a", "b", 1, 0)
	s := p.byHand("0ms acquire alice a", 2)
	request := p.named("deliver", "promise-request", "a", "b")
	if due, _, found := s.Due(request); due != 10*millisecond || !found {
		t.Fatalf("it is due at %d", due)
	}
	s.Delay(request, 5*millisecond)
	s.Run()
	p.expect("at b", p.events(trace.Duplicate, trace.Promise)[:4],
		"0ms duplicate a-b promise-request 1 #1",
		"10ms promise c-a promise-response 1 #1 yes",
		"10ms promise b-a promise-response 1 #1 copy yes",
		"15ms promise b-a promise-response 1 #1 no",
	)
}

// A message that chance has doomed says so beforehand, and can be rescued.
func TestDueToBeLost(t *testing.T) {
	p := newPlay(t, "published", 3)
	p.link("a", "b").Loss = 1_000_000
	s := p.byHand("0ms acquire alice a", 2)
	request := p.named("deliver", "promise-request", "a", "b")
	if due, lost, found := s.Due(request); due != 0 || !lost || !found {
		t.Fatalf("due %d, lost %v, found %v", due, lost, found)
	}
	s.Act(request)
	s.Run()
	if got := p.events(trace.Lose); len(got) != 1 { // the commit request
		t.Errorf("lost are %v", got)
	}
}

// A schedule passes over what a hand has made impossible, and nothing else; before
// a hand is laid on it, that is its end.
func TestScheduledAct(t *testing.T) {
	p := newPlay(t, "published", 3)
	schedule := &Schedule{Settle: true, Budget: 1000, Decisions: []Decision{
		*p.named("acquire", "alice", "a"),
		*p.named("deliver", "promise-request", "a", "b"),
		*p.named("deliver", "promise-request", "a", "c"),
	}}
	s := NewScheduled(&p.cluster, schedule)
	s.world.Observe(&p.log)
	s.Step()
	copied := &Scheduled{}
	copied.CopyFrom(s)
	decided := []Decision{schedule.Decisions[0]}
	s.Record(func(d Decision) { decided = append(decided, d) })
	if !s.Act(p.named("drop", "promise-request", "a", "b")) || s.Act(p.named("drop", "promise-request", "a", "b")) {
		t.Fatal("a message is lost once")
	}
	byHand := s.Copy()
	if s.Run(); s.Ending() != NothingMore {
		t.Errorf("ending %d", s.Ending())
	}
	for byHand.Step() {
	}
	if byHand.Ending() != NothingMore {
		t.Errorf("a copy with a hand laid on it has ending %d", byHand.Ending())
	}
	p.expect("at first", p.events()[:4],
		"0.001ms call a acquire alice",
		"0.001ms propose a acquire alice promise-request 1",
		"0.001ms lose a-b promise-request 1 #1 dropped",
		"0.002ms promise c-a promise-response 1 #1 yes",
	)
	want := p.digest()
	decided[0].At, decided[0].Timed = ScheduleStep, true
	again := NewScheduled(&p.cluster, &Schedule{Decisions: decided})
	p.log = trace.Log{}
	if again.world.Observe(&p.log); again.Run() != Stopped || p.digest() != want {
		t.Error("what was recorded, settling included, is another run")
	}
	copied.world.Take(p.named("drop", "promise-request", "a", "b"))
	if copied.Run(); copied.Ending() != Impossible {
		t.Errorf("without a hand, ending %d", copied.Ending())
	}
	if !copied.Act(p.named("crash", "b")) || !copied.Step() || copied.Run() != NothingMore {
		t.Errorf("with a hand after that, ending %d", copied.Ending())
	}
}

// The decisions of a run that was changed by hand give the same run as a schedule.
func TestHandIsRecorded(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := anyPlay(t)
		s := NewTimed(&p.cluster, &p.timetable)
		var first trace.Log
		s.world.Observe(&first)
		var decided []Decision
		s.Record(func(d Decision) { decided = append(decided, d) })
		for s.world.Events() < 2_000 {
			if rapid.IntRange(0, 9).Draw(t, "hand") == 0 {
				interfere(t, s, p.cluster.Size())
			}
			if !s.Step() {
				break
			}
		}
		p.log = first
		want := p.digest()

		again := NewScheduled(&p.cluster, &Schedule{Decisions: decided})
		p.log = trace.Log{}
		var redecided []Decision
		again.world.Observe(&p.log)
		again.Record(func(d Decision) { redecided = append(redecided, d) })
		if ending := again.Run(); ending != Stopped || p.digest() != want {
			t.Fatalf("the schedule ends by %d after %d of %d events", ending, len(p.log.Events), len(first.Events))
		}
		if len(redecided) != len(decided) {
			t.Fatalf("%d decisions are recorded of a schedule of %d", len(redecided), len(decided))
		}
	})
}

// interfere does something that is possible.
func interfere(t *rapid.T, s *Timed, size int) {
	possible := s.world.Possible()
	if len(possible) == 0 || rapid.IntRange(0, 2).Draw(t, "fault") == 0 {
		d := anyDecision(t, size)
		d.Timed = false
		if !s.Act(&d) {
			t.Fatalf("%+v is always possible", d)
		}
		return
	}
	d := possible[rapid.IntRange(0, len(possible)-1).Draw(t, "which")]
	if rapid.IntRange(0, 3).Draw(t, "delay") == 0 {
		s.Delay(&d, anyTime(t, "by", 0, 30))
		return
	}
	if d.Kind == DeliverMessage {
		kinds := []DecisionKind{DeliverMessage, DropMessage, CopyMessage}
		if d.Message.IsRequest() {
			kinds = append(kinds, RefuseMessage)
		}
		d.Kind = rapid.SampledFrom(kinds).Draw(t, "how")
	}
	if can, done := s.world.Can(&d), s.Act(&d); !can || !done {
		t.Fatalf("%+v is possible: %v, done: %v", d, can, done)
	}
	if !slices.Equal(s.world.Created(), nil) {
		t.Fatal("something has no moment")
	}
}

// A run that has spent its budget, or whose time is up, does not go on by what somebody
// does in it.
func TestEndsStay(t *testing.T) {
	for _, change := range []func(*Timetable){
		func(t *Timetable) { t.Budget = 3 },
		func(t *Timetable) { t.End = 15 * millisecond },
	} {
		p := newPlay(t, "published", 3)
		change(&p.timetable)
		d := p.decision([]string{"acquire", "alice", "a"})
		p.timetable.Timeline = []Decision{d}
		s := NewTimed(&p.cluster, &p.timetable)
		ending := s.Run()
		if d := p.decision([]string{"acquire", "bob", "b"}); !s.Act(&d) {
			t.Fatal("nobody can call any more")
		}
		if s.Ending() != ending || ending == NothingMore || s.Step() {
			t.Errorf("it ended with %d, and then with %d", ending, s.Ending())
		}
	}
}

// What somebody does may be what a program cannot go on with; that ends the run.
func TestActFails(t *testing.T) {
	p := newScripted(t, func(*Question) Answer { return Answer{Outcome: protocol.Failed} })
	s := p.byHand("1s status b", 0)
	if !s.Act(p.named("acquire", "alice", "a")) || s.Ending() != Failed || s.World().Failure() == nil || s.Step() {
		t.Errorf("ending %d, %v", s.Ending(), s.World().Failure())
	}
}
