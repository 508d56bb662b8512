package trace

import (
	"reflect"
	"testing"

	"skinny/protocol"
)

// toldOf is a follower of three instances that was told events, numbered from 1.
func toldOf(events ...Event) *Follower {
	f := NewFollower(&Header{
		Instances: []string{"a", "b", "c"}, Holders: []string{"alice", "bob"}, Rules: protocol.AllRules,
		Settings: []Setting{{}, {PromiseDelay: Delay{1, 2}}, {}},
	})
	f.FollowRequests()
	for i := range events {
		events[i].Number, events[i].At = i+1, Time(i+1)
		f.Observe(&events[i])
	}
	return f
}

func at(kind Kind, instance int8) Event { return Event{Kind: kind, Instance: instance, Peer: None} }

func fault(kind Kind, instance int8, reason Reason) Event {
	e := at(kind, instance)
	e.Reason = reason
	return e
}

var acquire = protocol.Operation{Kind: protocol.Acquire, Holder: 1, Number: 1}

func about(kind Kind, instance int8, op protocol.Operation) Event {
	e := at(kind, instance)
	e.Operation = op
	return e
}

// What happens to processes: whoever is down is not paused when it comes back, and
// what changes nothing changes nothing.
func TestFollowFaults(t *testing.T) {
	for _, c := range []struct {
		name                   string
		events                 []Event
		down, paused, isolated bool
	}{
		{"nothing", nil, false, false, false},
		{"a pause", []Event{at(Pause, 0)}, false, true, false},
		{"a pause that ends", []Event{at(Pause, 0), at(Resume, 0)}, false, false, false},
		{"a crash", []Event{at(Crash, 0)}, true, false, false},
		{"a crash ends a pause", []Event{at(Pause, 0), at(Crash, 0)}, true, false, false},
		{"and so it stays", []Event{at(Pause, 0), at(Crash, 0), at(Restart, 0)}, false, false, false},
		{"a pause while down", []Event{at(Crash, 0), fault(Pause, 0, AlreadySo)}, true, false, false},
		{"a pause while down and then a restart", []Event{at(Crash, 0), fault(Pause, 0, AlreadySo), at(Restart, 0)}, false, false, false},
		{"a second pause", []Event{at(Pause, 0), fault(Pause, 0, AlreadySo)}, false, true, false},
		{"somebody else's crash", []Event{at(Crash, 1)}, false, false, false},
		{"isolation", []Event{at(Isolate, 0)}, false, false, true},
		{"isolation through a crash", []Event{at(Isolate, 0), at(Crash, 0), at(Restart, 0)}, false, false, true},
		{"isolation that ends", []Event{at(Isolate, 0), at(Rejoin, 0)}, false, false, false},
		{"healing", []Event{at(Isolate, 0), at(HealAll, None)}, false, false, false},
	} {
		in := toldOf(c.events...).Instances[0]
		if (in.Down != 0) != c.down || (in.Paused != 0) != c.paused || in.Isolated != c.isolated {
			t.Errorf("%s: %+v", c.name, in)
		}
	}
	if in := toldOf(at(Pause, 0), fault(Pause, 0, AlreadySo)).Instances[0]; in.Paused != 1 {
		t.Errorf("paused since event %d", in.Paused)
	}
}

// Who works on an answer holds its mutex until that leaves, or it crashes.
func TestFollowWork(t *testing.T) {
	promise := func(p int8) Event {
		return Event{Kind: Promise, Instance: p, Peer: 0, Message: protocol.Message{Kind: protocol.PromiseResponse, From: protocol.Position(p)}}
	}
	reply := promise(1)
	reply.Kind = Reply
	for _, c := range []struct {
		events []Event
		at     int8
		want   bool
	}{
		{[]Event{promise(1)}, 1, true},
		{[]Event{promise(2)}, 2, false},
		{[]Event{promise(1), reply}, 1, false},
		{[]Event{promise(1), at(Crash, 1)}, 1, false},
	} {
		if in := toldOf(c.events...).Instances[c.at]; in.Working != c.want || in.MutexHeld(protocol.AllRules) != c.want {
			t.Errorf("%d events: %+v", len(c.events), in)
		}
	}
}

// A majority forms by the vote that decides, and by no other; calls that fail and
// time out are noes.
func TestFollowMajorities(t *testing.T) {
	propose := about(Propose, 0, acquire)
	propose.Asked, propose.Message.ID = 6, 3
	vote := func(kind Kind, from protocol.Position, yes bool) Event {
		return Event{Kind: kind, Instance: 0, Peer: int8(from), Message: protocol.Message{
			Kind: protocol.PromiseResponse, From: from, ID: 3, Yes: yes,
		}}
	}
	expire := at(Expire, 0)
	expire.Calls = 6
	for _, c := range []struct {
		name   string
		events []Event
		want   Majority
	}{
		{"none yet", []Event{propose}, Majority{}},
		{"yes", []Event{propose, vote(Count, 1, true)}, Majority{protocol.Proposing, true, 3}},
		{"more than enough", []Event{propose, vote(Count, 1, true), vote(Count, 2, true)}, Majority{}},
		{"no", []Event{propose, vote(Count, 1, false)}, Majority{}},
		{"noes", []Event{propose, vote(Count, 1, false), vote(Count, 2, false)}, Majority{protocol.Proposing, false, 6}},
		{"a failure", []Event{propose, vote(Count, 1, false), vote(Fail, 2, false)}, Majority{protocol.Proposing, false, 6}},
		{"a timeout", []Event{propose, expire}, Majority{protocol.Proposing, false, 6}},
		{"over", []Event{propose, vote(Count, 1, true), at(Pause, 1)}, Majority{}},
	} {
		if got := toldOf(c.events...).Formed; got != c.want {
			t.Errorf("%s: %+v, want %+v", c.name, got, c.want)
		}
	}
}

// Clients hold the lock from being told so to calling their release; an answer that
// the release has overtaken begins no hold.
func TestFollowHolds(t *testing.T) {
	release := protocol.Operation{Kind: protocol.Release, Holder: 1, Number: 2}
	other := protocol.Operation{Kind: protocol.Acquire, Holder: 2, Number: 3}
	got := func(op protocol.Operation) Event {
		e := about(Receive, 0, op)
		e.Outcome = protocol.Acquired
		return e
	}
	for _, c := range []struct {
		name       string
		events     []Event
		alice, bob bool
	}{
		{"called", []Event{about(Call, 0, acquire)}, false, false},
		{"told", []Event{about(Call, 0, acquire), got(acquire)}, true, false},
		{"told twice", []Event{about(Call, 0, acquire), got(acquire), got(acquire)}, true, false},
		{"released", []Event{about(Call, 0, acquire), got(acquire), about(Call, 0, release)}, false, false},
		{"overtaken", []Event{about(Call, 0, acquire), about(Call, 0, release), got(acquire)}, false, false},
		{"two", []Event{about(Call, 0, acquire), about(Call, 0, other), got(acquire), got(other)}, true, true},
	} {
		f := toldOf(c.events...)
		if want := map[bool]int{true: 1}[c.alice] + map[bool]int{true: 1}[c.bob]; f.Holds(1) != c.alice || f.Holds(2) != c.bob || f.Holding != want || f.Holds(7) {
			t.Errorf("%s: alice %v, bob %v, %d in all", c.name, f.Holds(1), f.Holds(2), f.Holding)
		}
	}
}

// A client that was never told acquired holds the lock all the same, if enough
// instances have accepted that. As long as it waits it may still be told.
func TestFollowUntold(t *testing.T) {
	accepts := func(p int8, id protocol.ID, h protocol.Holder) Event {
		e := at(Accept, p)
		e.Stored, e.State = true, protocol.State{Promised: id, Accepted: protocol.Proposal{ID: id, Holder: h}}
		return e
	}
	told := func(outcome protocol.Outcome) Event {
		e := about(Receive, 0, acquire)
		e.Outcome = outcome
		return e
	}
	for _, c := range []struct {
		name   string
		events []Event
		want   protocol.Holder
	}{
		{"nothing accepted", []Event{about(GiveUp, 0, acquire)}, 0},
		{"by one", []Event{accepts(1, 3, 1), about(GiveUp, 0, acquire)}, 0},
		{"by enough", []Event{accepts(1, 3, 1), accepts(2, 3, 1), about(GiveUp, 0, acquire)}, 1},
		{"unknown", []Event{accepts(1, 3, 1), accepts(2, 3, 1), told(protocol.Unknown)}, 1},
		{"under two IDs", []Event{accepts(1, 3, 1), accepts(2, 4, 1), about(GiveUp, 0, acquire)}, 0},
		{"by enough, and waiting", []Event{accepts(1, 3, 1), accepts(2, 3, 1)}, 0},
		{"by enough, and told", []Event{accepts(1, 3, 1), accepts(2, 3, 1), told(protocol.Acquired)}, 0},
		{"free again", []Event{accepts(1, 3, 1), accepts(2, 3, 1), about(GiveUp, 0, acquire), accepts(0, 4, 0), accepts(1, 4, 0)}, 0},
	} {
		if got := toldOf(append([]Event{about(Call, 0, acquire)}, c.events...)...).Untold(); got != c.want {
			t.Errorf("%s: client %d, want %d", c.name, got, c.want)
		}
	}
}

// A crash ends what was at the instance, not a call that is still on its way to it; a timer
// that a pause holds leaves its round running.
func TestFollowStages(t *testing.T) {
	call, propose, arrived := about(Call, 0, acquire), about(Propose, 0, acquire), about(Hold, 0, acquire)
	due := arrived
	due.Reason = DeadlineDue
	for _, c := range []struct {
		name   string
		events []Event
		want   Stage
		event  int
	}{
		{"called", []Event{call}, Calling, 1},
		{"on its way", []Event{call, at(Crash, 0)}, Calling, 1},
		{"at a paused one", []Event{call, arrived}, Arrived, 2},
		{"with the deadline at a paused one", []Event{call, propose, due}, Running, 2},
		{"crashed", []Event{call, propose, at(Crash, 0)}, Wiped, 3},
		{"crashed elsewhere", []Event{call, propose, at(Crash, 1)}, Running, 2},
	} {
		if o := toldOf(c.events...).Operation(1); o.Stage != c.want || o.Event != c.event {
			t.Errorf("%s: stage %d since event %d, not %d since %d", c.name, o.Stage, o.Event, c.want, c.event)
		}
	}
}

// Whoever asks one after the other has asked when it asked last; what a request of an
// earlier round meets says nothing of the one that runs.
func TestFollowRequests(t *testing.T) {
	propose := about(Propose, 0, acquire)
	propose.Asked, propose.Message.ID = 2, 3
	late := Event{Kind: Promise, Instance: 1, Peer: 0, Message: protocol.Message{Kind: protocol.PromiseResponse, From: 1, ID: 2}}
	if q := toldOf(propose, late).Request(0, 1); q.Event != 1 || q.Kind != Propose {
		t.Errorf("the request is at %+v", q)
	}
	next := Event{Kind: Count, Instance: 0, Peer: 1, Asked: 4, Message: protocol.Message{Kind: protocol.PromiseResponse, From: 1, ID: 3}}
	if r := toldOf(propose, next).Instances[0].Round; r.Asked != 2 || r.Calls != 4 {
		t.Errorf("it asked %b at %d", r.Calls, r.Asked)
	}
}

// What a retry comes from is what became of its requests, not that one was copied.
func TestCausesAreNoCopies(t *testing.T) {
	m := protocol.Message{Kind: protocol.PromiseRequest, To: 1, ID: 3}
	answer := protocol.Message{Kind: protocol.PromiseResponse, From: 1, ID: 3}
	propose := Event{Number: 1, Kind: Propose, Message: protocol.Message{ID: 3}}
	events := []Event{
		propose, {Number: 2, Cause: 1, Kind: Duplicate, Message: m}, {Number: 3, Cause: 1, Kind: Promise, Instance: 1, Message: answer},
		{Number: 4, Cause: 3, Kind: Count, Message: answer}, {Number: 5, Cause: 4, Kind: Backoff},
	}
	got := Causes(5, func(n int) *Event { return &events[n-1] }, func(int) []int { return nil })
	if want := []int{1, 3, 4, 5}; !reflect.DeepEqual(got, want) {
		t.Errorf("causes are %v, not %v", got, want)
	}
}

// A clone goes on by itself, and a follower that is used again knows nothing.
func TestFollowerIsAValue(t *testing.T) {
	f := toldOf(about(Call, 0, acquire), about(Propose, 0, acquire), at(Pause, 1))
	c := f.Clone()
	if !reflect.DeepEqual(f, c) {
		t.Errorf("a clone is %+v, not %+v", c, f)
	}
	e := about(GiveUp, 0, acquire)
	e.State.Promised = 7
	c.Observe(&e)
	if f.Operation(1).Waits == c.Operation(1).Waits || f.Instances[0] == c.Instances[0] {
		t.Error("a clone shares what it knows")
	}
	if c.Set(f); !reflect.DeepEqual(f, c) {
		t.Errorf("set to an equal one, it is %+v, not %+v", c, f)
	}
	c.Observe(&e)
	if f.Operation(1).Waits == c.Operation(1).Waits {
		t.Error("one that was set shares what it knows")
	}
	if f.Reset(f.header); f.Operations() != 0 || f.Instances[1].Paused != 0 || f.Instances[0] != (Instance{}) {
		t.Errorf("after a reset it knows %+v", f)
	}
	allocated := testing.AllocsPerRun(100, func() {
		f.Reset(f.header)
		call := about(Call, 0, acquire)
		f.Observe(&call)
	})
	if allocated != 0 {
		t.Errorf("it allocates %v times a run", allocated)
	}
}
