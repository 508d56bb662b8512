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
		if in := toldOf(c.events...).Instances[c.at]; in.Working != c.want || in.MutexHeld(protocol.AllRules) != c.want || in.Handled != 1 {
			t.Errorf("%d events: %+v", len(c.events), in)
		}
	}
}

// A majority forms by the vote that decides, and by no other; calls that fail and
// time out are noes.
func TestFollowMajorities(t *testing.T) {
	propose := about(Propose, 0, acquire)
	propose.Asked, propose.Message.ID = 6, 3
	refused := about(Commit, 0, acquire) // by its own acceptor
	refused.Asked, refused.Proposal.ID = 6, 3
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
		{"more noes than enough", []Event{refused, vote(Count, 1, false), vote(Count, 2, false)}, Majority{}},
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
		{"refused", []Event{about(Call, 0, acquire), about(Receive, 0, acquire)}, false, false},
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
		{"by enough, and another waits", []Event{accepts(1, 3, 1), accepts(2, 3, 1), about(GiveUp, 0, acquire), about(Call, 0, protocol.Operation{Kind: protocol.Acquire, Holder: 2, Number: 2})}, 1},
		{"unknown", []Event{accepts(1, 3, 1), accepts(2, 3, 1), told(protocol.Unknown)}, 1},
		{"under two IDs", []Event{accepts(1, 3, 1), accepts(2, 4, 1), about(GiveUp, 0, acquire)}, 0},
		{"by enough, and waiting", []Event{accepts(1, 3, 1), accepts(2, 3, 1)}, 0},
		{"by enough, and told", []Event{accepts(1, 3, 1), accepts(2, 3, 1), told(protocol.Acquired)}, 0},
		{"free again", []Event{accepts(1, 3, 1), accepts(2, 3, 1), about(GiveUp, 0, acquire), accepts(0, 4, 0), accepts(1, 4, 0)}, 0},
	} {
		f := toldOf(append([]Event{about(Call, 0, acquire)}, c.events...)...)
		if p, ok := f.Chosen(); ok != (c.name != "nothing accepted" && c.name != "by one" && c.name != "under two IDs") || ok && p.ID == 0 || !ok && p.ID != 0 {
			t.Errorf("%s: chosen is %+v, %v", c.name, p, ok)
		}
		if got := f.Untold(); got != c.want {
			t.Errorf("%s: client %d, want %d", c.name, got, c.want)
		}
	}
}

// How far an operation has come, and by which event: a crash ends what was at the instance,
// not a call that is still on its way to it; a timer that a pause holds leaves its round
// running.
func TestFollowStages(t *testing.T) {
	call, propose, commit, arrived := about(Call, 0, acquire), about(Propose, 0, acquire), about(Commit, 0, acquire), about(Hold, 0, acquire)
	due, turn, work, again, pause := arrived, about(Wait, 0, acquire), about(Wait, 0, acquire), about(Backoff, 0, acquire), about(Backoff, 0, acquire)
	due.Reason, turn.Reason, work.Reason, pause.Pause = DeadlineDue, TurnTaken, MutexWork, true
	direct, told, up, down := about(Answer, 0, acquire), about(Receive, 0, acquire), at(Crash, 0), at(Crash, 0)
	direct.Direct, up.HostUp = true, true
	for _, c := range []struct {
		name   string
		events []Event
		want   Stage
		event  int
		waits  bool // its client
	}{
		{"called", []Event{call}, Calling, 1, true},
		{"on its way", []Event{call, down}, Calling, 1, true},
		{"lost", []Event{call, about(Lose, 0, acquire)}, Vanished, 2, true},
		{"at a paused one", []Event{call, arrived}, Arrived, 2, true},
		{"waiting for its turn", []Event{call, turn}, Queued, 2, true},
		{"waiting for the end of work", []Event{call, work}, Delayed, 2, true},
		{"begun", []Event{call, turn, propose}, Running, 3, true},
		{"in phase 2", []Event{call, propose, commit}, Running, 3, true},
		{"in a pause", []Event{call, propose, pause}, Pausing, 3, true},
		{"behind others for a retry", []Event{call, propose, again}, Queued, 3, true},
		{"with the deadline at a paused one", []Event{call, propose, due}, Running, 2, true},
		{"crashed", []Event{call, propose, down}, Wiped, 3, true},
		{"crashed while it waited", []Event{call, turn, down}, Wiped, 3, true},
		{"crashed, and the host says so", []Event{call, propose, up}, Answered, 3, true},
		{"crashed elsewhere", []Event{call, propose, at(Crash, 1)}, Running, 2, true},
		{"lost, and crashed", []Event{call, about(Lose, 0, acquire), down}, Vanished, 2, true},
		{"answered", []Event{call, propose, about(Answer, 0, acquire)}, Answered, 3, true},
		{"answered, and crashed", []Event{call, propose, about(Answer, 0, acquire), down}, Answered, 3, true},
		{"answered at once", []Event{call, propose, direct}, Answered, 3, false},
		{"told", []Event{call, propose, about(Answer, 0, acquire), told}, Answered, 3, false},
		{"told that nobody is there", []Event{call, told}, Answered, 1, false},
		{"given up", []Event{call, propose, about(GiveUp, 0, acquire)}, Running, 2, false},
	} {
		if o := toldOf(c.events...).Operation(1); o.Stage != c.want || o.Event != c.event || o.Waits != c.waits || o.Call != 1 || o.Called != 1 {
			t.Errorf("%s: stage %d since event %d, waits %v, not %d since %d, waits %v", c.name, o.Stage, o.Event, o.Waits, c.want, c.event, c.waits)
		}
	}
}

// What is known of an operation: where it was called, its last commit, and what it was told
// or has read.
func TestFollowOperation(t *testing.T) {
	call, commit, answer, told := about(Call, 2, acquire), about(Commit, 2, acquire), about(Answer, 2, acquire), about(Receive, 2, acquire)
	answer.State.Promised, told.State.Promised, told.Outcome = 7, 8, protocol.Refused
	want := Operation{Operation: acquire, Via: 2, Stage: Answered, Event: 3, Call: 1, Called: 1, Commit: 2, Told: protocol.Refused, Read: answer.State}
	if o := *toldOf(call, commit, answer, told).Operation(1); o != want {
		t.Errorf("it is %+v, not %+v", o, want)
	}
}

// What is known of a round: what it asks for, who has voted how, and what it builds on. It is
// over when its own operation is answered.
func TestFollowRounds(t *testing.T) {
	propose := about(Propose, 0, acquire)
	propose.Message, propose.Asked, propose.Try = protocol.Message{Kind: protocol.PromiseRequest, ID: 3}, 6, 2
	propose.State = protocol.State{Promised: 3, Accepted: protocol.Proposal{ID: 1, Holder: 2}}
	commit := about(Commit, 0, acquire)
	commit.Proposal, commit.Asked, commit.Stored = protocol.Proposal{ID: 3, Holder: 1}, 6, true
	refused := commit
	refused.Stored = false
	promised := Event{Kind: Promise, Instance: 2, Peer: 0, Message: protocol.Message{Kind: protocol.PromiseResponse, From: 2, ID: 3, Yes: true}}
	stale, denied, aside := promised, promised, promised
	stale.Message.ID, denied.Message.Yes, aside.Peer = 2, false, None
	teaches := Event{Kind: Count, Instance: 0, Peer: 1, Learned: true, Message: protocol.Message{
		Kind: protocol.PromiseResponse, From: 1, ID: 3, Proposal: protocol.Proposal{ID: 2, Holder: 2},
	}}
	fail, expire := teaches, at(Expire, 0)
	fail.Kind, fail.Learned, expire.Calls = Fail, false, 4
	other := about(Answer, 0, protocol.Operation{Kind: protocol.Status, Number: 2})
	one := Round{Operation: acquire, Phase: protocol.Proposing, Try: 2, ID: 3, Base: protocol.Proposal{ID: 1, Holder: 2}, Began: 1, Asked: 1, Yea: 1, Calls: 6}
	two := Round{Operation: acquire, Phase: protocol.Committing, ID: 3, Value: 1, Began: 2, Asked: 2, Yea: 1, Calls: 6}
	with := func(r Round, change func(*Round)) Round { change(&r); return r }
	for _, c := range []struct {
		name   string
		events []Event
		want   Round
	}{
		{"phase 1", []Event{propose}, one},
		{"somebody agreed", []Event{propose, promised}, with(one, func(r *Round) { r.Agreed = 4 })},
		{"to an earlier request", []Event{propose, stale}, one},
		{"somebody did not", []Event{propose, denied}, one},
		{"somebody agreed with nobody", []Event{propose, aside}, one},
		{"no", []Event{propose, teaches}, with(one, func(r *Round) { r.Nay, r.Calls, r.Base = 2, 4, protocol.Proposal{ID: 2, Holder: 2} })},
		{"a failure", []Event{propose, fail}, with(one, func(r *Round) { r.Failed, r.Calls = 2, 4 })},
		{"silence", []Event{propose, expire}, with(one, func(r *Round) { r.Silent, r.Calls = 4, 2 })},
		{"phase 2", []Event{propose, commit}, two},
		{"refused by itself", []Event{propose, refused}, with(two, func(r *Round) { r.Yea, r.Nay = 0, 1 })},
		{"before a retry", []Event{propose, about(Backoff, 0, acquire)}, Round{Operation: acquire, Began: 2, Asked: 2, Yea: 1}},
		{"answered", []Event{propose, about(Answer, 0, acquire)}, Round{}},
		{"another is answered", []Event{propose, other}, one},
		{"crashed", []Event{propose, at(Crash, 0)}, Round{}},
	} {
		f := toldOf(c.events...)
		if got := f.Instances[0].Round; got != c.want {
			t.Errorf("%s: %+v, not %+v", c.name, got, c.want)
		}
		if expired := f.Instances[0].Expired; expired != map[string]int{"silence": 2}[c.name] {
			t.Errorf("%s: a deadline passed by event %d", c.name, expired)
		}
	}

	// What is promised comes from the promise, not from what others say later.
	yes := teaches
	yes.Message.Yes, yes.State = true, propose.State
	if from := toldOf(propose, yes).Instances[0].Promised; from.Event != 1 || from.Kind != Propose {
		t.Errorf("it is promised by %+v", from)
	}

	// The mutex is held over a round, unless it yields.
	for rules, want := range map[protocol.Rules]bool{protocol.AllRules: false, protocol.AllRules &^ protocol.Yield: true} {
		in := toldOf(propose).Instances[0]
		if in.MutexHeld(rules) != want || (&Instance{}).MutexHeld(rules) {
			t.Errorf("with yield %v, the mutex is held: %v", rules.Has(protocol.Yield), !want)
		}
	}
}

// A proposer that a program plays has its own vote once its state has shown it.
func TestFollowOwnVotes(t *testing.T) {
	propose, commit := about(Propose, 0, acquire), about(Commit, 0, acquire)
	propose.Message, commit.Proposal = protocol.Message{ID: 3}, protocol.Proposal{ID: 3, Holder: 1}
	count := Event{Kind: Count, Instance: 0, Peer: 1, Message: protocol.Message{Kind: protocol.PromiseResponse, From: 1, ID: 3}}
	shows := func(e Event, promised, id protocol.ID, h protocol.Holder) Event {
		e.State = protocol.State{Promised: promised, Accepted: protocol.Proposal{ID: id, Holder: h}}
		return e
	}
	for _, c := range []struct {
		events []Event
		want   protocol.Set
	}{
		{[]Event{shows(propose, 3, 0, 0)}, 1},
		{[]Event{shows(propose, 4, 0, 0)}, 1},
		{[]Event{shows(propose, 2, 3, 1)}, 0},
		{[]Event{shows(propose, 2, 0, 0), shows(count, 3, 0, 0)}, 1},
		{[]Event{shows(propose, 3, 0, 0), shows(count, 2, 0, 0)}, 1},
		{[]Event{shows(commit, 0, 3, 1)}, 1},
		{[]Event{shows(commit, 3, 3, 2)}, 0},
		{[]Event{shows(commit, 3, 2, 1)}, 0},
		{[]Event{shows(commit, 3, 3, 1), shows(count, 5, 5, 2)}, 1},
	} {
		f := NewFollower(&Header{Instances: []string{"a", "b", "c"}, Settings: []Setting{{Program: "mine"}, {}, {}}, Rules: protocol.AllRules})
		for i := range c.events {
			f.Observe(&c.events[i])
		}
		if got := f.Instances[0].Round.Yea; got != c.want {
			t.Errorf("%v with %+v: yes of %b, not %b", c.events[0].Kind, c.events[len(c.events)-1].State, got, c.want)
		}
	}
}

// Where an instance has its promise and its proposal from.
func TestFollowSources(t *testing.T) {
	now := func(e Event, promised, id protocol.ID) Event {
		e.State = protocol.State{Promised: promised, Accepted: protocol.Proposal{ID: id, Holder: 1}}
		return e
	}
	promise := Event{Kind: Promise, Instance: 0, Peer: 1, Message: protocol.Message{Kind: protocol.PromiseResponse, Yes: true}}
	no, accept := promise, Event{Kind: Accept, Instance: 0, Peer: 2, Stored: true}
	no.Message.Yes, no.Peer = false, 2
	jumps, learns := about(Backoff, 0, acquire), Event{Kind: Count, Instance: 0, Peer: 2, Learned: true}
	jumps.Jumped = true
	for _, c := range []struct {
		name               string
		events             []Event
		promised, accepted Source
	}{
		{"a promise", []Event{now(promise, 3, 0)}, Source{1, Promise, 1, false}, Source{1, Promise, 1, false}},
		{"again", []Event{now(promise, 3, 1), now(promise, 3, 1)}, Source{2, Promise, 1, false}, Source{1, Promise, 1, false}},
		{"a refusal", []Event{now(promise, 3, 1), now(no, 3, 1)}, Source{1, Promise, 1, false}, Source{1, Promise, 1, false}},
		{"a commit", []Event{now(promise, 3, 1), now(accept, 3, 3)}, Source{1, Promise, 1, false}, Source{2, Accept, 2, false}},
		{"the same commit", []Event{now(accept, 3, 3), now(accept, 3, 3)}, Source{1, Accept, 2, false}, Source{2, Accept, 2, false}},
		{"a response", []Event{now(promise, 3, 1), now(learns, 3, 4)}, Source{1, Promise, 1, false}, Source{2, Count, 2, true}},
		{"a jump", []Event{now(promise, 3, 1), now(jumps, 7, 1)}, Source{2, Backoff, None, true}, Source{1, Promise, 1, false}},
	} {
		if in := toldOf(c.events...).Instances[0]; in.Promised != c.promised || in.Accepted != c.accepted {
			t.Errorf("%s: %+v and %+v, not %+v and %+v", c.name, in.Promised, in.Accepted, c.promised, c.accepted)
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
	f := toldOf(propose, next)
	if r := f.Instances[0].Round; r.Asked != 2 || r.Calls != 4 {
		t.Errorf("it asked %b at %d", r.Calls, r.Asked)
	}
	if q := *f.Request(0, 2); q != (Request{Left: 1, Kind: Count, Event: 2}) {
		t.Errorf("the second request is at %+v", q)
	}

	// What becomes of a request and of its answer. A copy may still come after a loss.
	request := protocol.Message{Kind: protocol.PromiseRequest, From: 0, To: 1, ID: 3}
	response := protocol.Message{Kind: protocol.PromiseResponse, From: 1, To: 0, ID: 3}
	meets := func(kind Kind, m protocol.Message) Event {
		return Event{Kind: kind, Instance: int8(m.From), Peer: int8(m.To), Message: m, Reason: CutAtArrival, State: protocol.State{Promised: 9}}
	}
	there := func(kind Kind, m protocol.Message) Event { // where it arrives
		e := meets(kind, m)
		e.Instance, e.Peer = e.Peer, e.Instance
		return e
	}
	answers := meets(Promise, response)
	lost, copied := meets(Lose, request), meets(Duplicate, request)
	for _, c := range []struct {
		name   string
		events []Event
		want   Request
	}{
		{"asked", nil, Request{Left: 1, Kind: Propose, Event: 1}},
		{"lost", []Event{lost}, Request{Kind: Lose, Reason: CutAtArrival, Event: 2}},
		{"copied", []Event{copied}, Request{Left: 2, Kind: Propose, Event: 1}},
		{"copied, and one is lost", []Event{copied, lost}, Request{Left: 1, Kind: Propose, Event: 1}},
		{"copied, and both are lost", []Event{copied, lost, lost}, Request{Kind: Lose, Reason: CutAtArrival, Event: 4}},
		{"refused", []Event{there(Refuse, request)}, Request{Left: 1, Kind: Refuse, Reason: CutAtArrival, Event: 2}},
		{"waiting", []Event{there(Wait, request)}, Request{Left: 1, Kind: Wait, Reason: CutAtArrival, Event: 2}},
		{"held", []Event{there(Hold, request)}, Request{Left: 1, Kind: Hold, Reason: CutAtArrival, Event: 2}},
		{"answered", []Event{answers}, Request{Left: 1, Kind: Promise, Reason: CutAtArrival, Response: true, Event: 2, Promised: 9}},
		{"the answer leaves", []Event{meets(Reply, response)}, Request{Left: 1, Kind: Reply, Reason: CutAtArrival, Response: true, Event: 2}},
		{"the answer is lost", []Event{answers, meets(Lose, response)}, Request{Kind: Lose, Reason: CutAtArrival, Response: true, Event: 3, Promised: 9}},
		{"the answer is held", []Event{answers, there(Hold, response)}, Request{Left: 1, Kind: Hold, Reason: CutAtArrival, Response: true, Event: 3, Promised: 9}},
		{"the call is over", []Event{there(Count, response), meets(Lose, response)}, Request{Left: 1, Kind: Propose, Event: 1}},
	} {
		if q := *toldOf(append([]Event{propose}, c.events...)...).Request(0, 1); q != c.want {
			t.Errorf("%s: %+v, not %+v", c.name, q, c.want)
		}
	}
	accepts := protocol.Message{Kind: protocol.CommitResponse, From: 1, To: 0, ID: 3}
	commit := about(Commit, 0, acquire)
	commit.Asked, commit.Proposal.ID = 2, 3
	if q := *toldOf(propose, commit, meets(Accept, accepts)).Request(0, 1); q != (Request{Left: 1, Kind: Accept, Reason: CutAtArrival, Response: true, Event: 3, Promised: 9}) {
		t.Errorf("an accepted request is at %+v", q)
	}
	if q := *toldOf(propose, commit, answers).Request(0, 1); q.Kind != Commit {
		t.Errorf("an answer to phase 1 is one of phase 2: %+v", q)
	}
}

// What led to an event: its causes, the votes of the phases that ended on the way, and what
// the sentences on the way name.
func TestCauses(t *testing.T) {
	to := func(kind Kind, cause int, p int8, m protocol.Message) Event {
		return Event{Kind: kind, Cause: cause, Instance: p, Message: m}
	}
	ask := func(kind protocol.MessageKind, id protocol.ID, p protocol.Position) protocol.Message {
		return protocol.Message{Kind: kind, From: 0, To: p, ID: id}
	}
	say := func(kind protocol.MessageKind, id protocol.ID, p protocol.Position) protocol.Message {
		return protocol.Message{Kind: kind, From: p, To: 0, ID: id}
	}
	none, promised, committed := protocol.Message{}, protocol.PromiseResponse, protocol.CommitResponse
	events := []Event{
		1:  to(Call, 0, 0, none),
		2:  to(Propose, 1, 0, protocol.Message{ID: 3}),
		3:  to(Promise, 2, 1, say(promised, 3, 1)),
		4:  to(Lose, 2, 0, ask(protocol.PromiseRequest, 3, 2)), // and so never counted
		5:  to(Promise, 0, 3, say(promised, 2, 3)),             // of an earlier round
		6:  to(Promise, 0, 1, protocol.Message{Kind: promised, From: 1, To: 4, ID: 3}),
		7:  to(Count, 3, 0, say(promised, 3, 1)),
		8:  to(Ignore, 3, 0, say(promised, 3, 1)), // a copy of what was counted
		9:  to(Fail, 0, 0, say(protocol.Failure, 3, 3)),
		10: {Kind: Expire, Cause: 2, Instance: 0, Calls: 4},
		11: {Kind: Commit, Cause: 10, Instance: 0, Proposal: protocol.Proposal{ID: 3}},
		12: to(Accept, 11, 2, say(committed, 3, 2)),
		13: to(Count, 12, 0, say(committed, 3, 2)),
		14: to(Lose, 11, 0, ask(protocol.CommitRequest, 3, 3)),
		15: {Kind: Propose, Cause: 0, Instance: 1}, // of somebody else
		16: {Kind: Answer, Cause: 13, Instance: 0, Yea: 5, Operation: acquire},
		17: {Kind: Answer, Cause: 1, Instance: 0, Operation: acquire}, // of a status
	}
	events[9].Message.Call = protocol.PromiseRequest
	reasons := func(n int) []int { return map[int][]int{12: {8}, 8: {5}}[n] }
	for of, want := range map[int][]int{
		1:  {1},
		7:  {1, 2, 3, 7},
		10: {1, 2, 4, 10},
		11: {1, 2, 3, 4, 7, 9, 10, 11},
		12: {1, 2, 3, 4, 7, 8, 9, 10, 11, 12},
		16: {1, 2, 3, 4, 7, 8, 9, 10, 11, 12, 13, 14, 16},
		17: {1, 17},
	} {
		if got := Causes(of, func(n int) *Event { return &events[n] }, reasons); !reflect.DeepEqual(got, want) {
			t.Errorf("event %d comes from %v, not %v", of, got, want)
		}
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
		{Number: 6, Kind: Propose, Message: protocol.Message{ID: 4}}, {Number: 7, Kind: Propose, Instance: 1, Message: protocol.Message{ID: 4}},
		{Number: 8, Cause: 6, Kind: Lose, Message: protocol.Message{Kind: protocol.PromiseRequest, To: 2, ID: 4}}, {Number: 9, Cause: 6, Kind: Backoff},
		{Number: 10, Cause: 9, Instance: 2, Kind: Commit}, // a program has asked for nothing before
		{Number: 11, Kind: Propose, Message: protocol.Message{ID: 5}},
		{Number: 12, Cause: 11, Kind: Fail, Message: protocol.Message{Kind: protocol.Failure, Call: protocol.PromiseRequest, From: 1, ID: 5}},
		{Number: 13, Cause: 11, Kind: Ignore, Message: protocol.Message{Kind: protocol.PromiseResponse, From: 1, ID: 5}}, // it has failed already
		{Number: 14, Cause: 12, Kind: Backoff},
	}
	for of, want := range map[int][]int{5: {1, 3, 4, 5}, 9: {6, 8, 9}, 10: {6, 8, 9, 10}, 14: {11, 12, 14}} {
		if got := Causes(of, func(n int) *Event { return &events[n-1] }, func(int) []int { return nil }); !reflect.DeepEqual(got, want) {
			t.Errorf("causes are %v, not %v", got, want)
		}
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
	// Whenever it is cloned, what the original is told afterwards changes nothing for the clone.
	var events []Event
	propose, told := about(Propose, 0, acquire), about(Receive, 0, acquire)
	propose.Asked, propose.Message.ID, told.Outcome = 6, 3, protocol.Acquired
	lost := Event{Kind: Lose, Instance: 0, Peer: 1, Message: protocol.Message{Kind: protocol.PromiseRequest, To: 1, ID: 3}}
	events = append(events, about(Call, 0, acquire), propose, lost, at(Pause, 2), told, about(Call, 0, protocol.Operation{Kind: protocol.Release, Holder: 1, Number: 2}))
	whole := toldOf(events...)
	for n := range events {
		first := toldOf(events[:n]...)
		clone := first.Clone()
		for _, f := range []*Follower{first, clone} {
			for i := n; i < len(events); i++ {
				f.Observe(&events[i])
			}
			if !reflect.DeepEqual(f, whole) {
				t.Errorf("cloned after %d events, it is %+v, not %+v", n, f, whole)
			}
		}
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
