package narrate

import (
	"testing"

	"skinny/protocol"
	"skinny/sim/trace"
)

// newPlayed begins a run in which a program plays b.
func newPlayed(t *testing.T) *testRun {
	f := newRun(t, "sound", 0)
	f.narrator.header.Settings[b].Program = "mine"
	return f
}

// What a program begins is told by what it asks, and by what its state shows of it.
func TestPlayedRounds(t *testing.T) {
	op := acquire(alice, 1)
	f := newPlayed(t)
	f.want(propose(b, op, 2, 0, state(0, 0, 0)), "b | proposes ID 2 | asks a and c; its state shows that it promises that itself")
	f.want(with(propose(b, op, 5, 2, state(0, 0, 0)), func(e *trace.Event) { e.State.Promised = 6 }),
		"b | proposes ID 5 | asks a and c; retry 2 of 3 for alice; its state shows that it promises that itself")
	f.want(with(propose(b, op, 5, 0, state(0, 0, 0)), func(e *trace.Event) { e.State.Promised = 4 }),
		"b | proposes ID 5 | asks a and c; its own state shows promised 4")
	f.tell(with(f.operation(trace.Wait, b, acquire(bob, 2)), func(e *trace.Event) { e.Reason, e.State = trace.TurnTaken, state(4, 0, 0) }))
	f.want(with(propose(b, acquire(bob, 2), 8, 0, state(0, 0, 0)), func(e *trace.Event) { e.Cause = 4 }),
		"b | proposes ID 8 | asks a and c; for bob, who waited 1 ms (event 4); its state shows that it promises that itself")

	three := protocol.Proposal{ID: 3, Holder: bob}
	for _, this := range []struct {
		had, learned protocol.Proposal // when it proposed, and what a response taught
		now          protocol.Proposal // right before the commit
		stored       bool
		why          string
	}{
		{protocol.Proposal{}, protocol.Proposal{}, protocol.Proposal{}, true, "asks a and c; its state shows that it accepts that itself"},
		{protocol.Proposal{}, protocol.Proposal{}, protocol.Proposal{}, false, "asks a and c; its own state does not show that"},
		{three, protocol.Proposal{}, three, true, "asks a and c; it has ID 3 (bob) itself; its state shows that it accepts that itself"},
		{protocol.Proposal{}, three, protocol.Proposal{}, false, "asks a and c; it has heard of ID 3 (bob); its own state does not show that"},
		{protocol.Proposal{}, protocol.Proposal{}, protocol.Proposal{ID: 9, Holder: bob}, true,
			"asks a and c; its state shows that it accepts that itself, over the newer ID 9 (bob) (event 3)"},
		{protocol.Proposal{}, protocol.Proposal{}, protocol.Proposal{ID: 8, Holder: bob}, true, "asks a and c; its state shows that it accepts that itself"},
	} {
		f := newPlayed(t)
		f.tell(propose(b, op, 8, 0, state(0, this.had.ID, this.had.Holder)))
		m := answered(protocol.PromiseResponse, 8, true)
		m.Proposal = this.learned
		f.tell(with(count(b, c, m, state(8, this.had.ID, this.had.Holder)), func(e *trace.Event) { e.Learned = this.learned.ID != 0 }))
		if this.now != this.had {
			f.tell(accept(b, a, this.now, true, true, state(8, this.now.ID, this.now.Holder)))
		}
		e := commit(b, op, protocol.Proposal{}, protocol.Proposal{ID: 8, Holder: alice}, set(b, c), 8)
		e.Stored, e.Asked = this.stored, set(a, c)
		f.want(e, "b | commits 8 alice | promised by b and c; "+this.why)
		e.Yea = 0
		f.want(with(e, func(e *trace.Event) { e.Stored, e.Try = false, 2 }), "b | commits 8 alice | asks a and c; its own state does not show that")
	}
}

// What a program answers is told with what it had promised and with what its state shows
// then, whether that fits or not.
func TestPlayedReplies(t *testing.T) {
	f := newPlayed(t)
	five := protocol.Proposal{ID: 5, Holder: alice}
	f.want(promise(b, a, 4, true, state(4, 0, 0)), "a ─▶ b | promise 4? | yes; it had promised nothing")
	f.want(promise(b, c, 3, false, state(4, 0, 0)), "c ─▶ b | promise 3? | no; it had promised 4, to a (event 1)")
	f.want(promise(b, c, 3, true, state(4, 0, 0)), "c ─▶ b | promise 3? | yes; it had promised 4, to a (event 1); its state shows promised 4")
	f.tell(propose(b, acquire(bob, 1), 5, 0, state(4, 0, 0)))
	f.want(accept(b, a, five, true, true, state(6, 5, alice)),
		"a ─▶ b | commit 5 alice? | yes; it had promised 5, its own proposal (event 4); its state shows that it has accepted that")
	f.want(accept(b, a, five, true, false, state(6, 5, alice)),
		"a ─▶ b | commit 5 alice? | yes; it had promised 6 (event 5); it had accepted that before")
	f.want(accept(b, c, protocol.Proposal{ID: 6, Holder: bob}, true, false, state(6, 5, alice)),
		"c ─▶ b | commit 6 bob? | yes; it had promised 6 (event 5); its state shows ID 5 (alice)")
	f.want(accept(b, c, protocol.Proposal{ID: 6, Holder: bob}, false, false, state(6, 5, alice)),
		"c ─▶ b | commit 6 bob? | no; it had promised 6 (event 5)")
	no := promise(b, c, 2, false, state(6, 5, alice))
	no.Message.Proposal, no.Message.Told = five, 6
	f.want(no, "c ─▶ b | promise 2? | no; it had promised 6 (event 5); adds that it has ID 5 (alice); names its promise, 6")
	f.want(accept(b, c, protocol.Proposal{ID: 3, Holder: bob}, true, true, state(6, 3, bob)),
		"c ─▶ b | commit 3 bob? | yes; it had promised 6 (event 5); its state shows that it has accepted that, over the newer ID 5 (alice) (event 5)")

	// One that is slow by the scenario works on its answer; else it answers when it likes.
	reply := on(trace.Reply, b, a, answered(protocol.PromiseResponse, 9, true))
	reply.State = state(6, 3, bob)
	f.want(reply, "b ─▶ a | promised 9 | sent only now")
	f.narrator.header.Settings[b].PromiseDelay = trace.Delay{High: trace.Millisecond}
	f.tell(promise(b, a, 9, true, state(9, 3, bob)))
	f.want(reply, "b ─▶ a | promised 9 | sent only now: b worked on it for 1 ms, and on nothing else")
}

// What a program counts is told by how the votes stand, and its own is one if its state
// shows it.
func TestPlayedCounts(t *testing.T) {
	f := newPlayed(t)
	begin := with(propose(b, acquire(alice, 1), 5, 0, state(0, 0, 0)), func(e *trace.Event) { e.State = state(4, 0, 0) })
	f.tell(begin)
	learns := answered(protocol.PromiseResponse, 5, false)
	learns.Proposal, learns.Told = protocol.Proposal{ID: 3, Holder: bob}, 7
	f.want(with(count(b, a, learns, state(4, 0, 0)), func(e *trace.Event) { e.Learned, e.Asked = true, set(c) }),
		"a ─▶ b | no promise 5 | 1 of 3 says no; b hears of ID 3 (bob); b hears of promise 7; now asks c")
	f.want(count(b, c, answered(protocol.PromiseResponse, 5, true), state(4, 0, 0)), "c ─▶ b | promised 5 | 1 of 3 says yes")
	f.want(count(b, c, answered(protocol.PromiseResponse, 5, true), state(5, 0, 0)),
		"c ─▶ b | promised 5 | 2 of 3 say yes, with its own")

	f = newPlayed(t)
	f.narrator.header.Quorums.Promise = 1
	f.tell(propose(b, acquire(alice, 1), 5, 0, state(0, 0, 0)))
	f.want(count(b, c, answered(protocol.PromiseResponse, 5, true), state(5, 0, 0)), "c ─▶ b | promised 5 | 2 of 3 say yes, with its own")

	f = newPlayed(t)
	f.tell(begin)
	fail := on(trace.Fail, b, a, failed(protocol.PromiseRequest, 5))
	fail.Reason, fail.State = trace.CrashedPeer, state(5, 0, 0)
	f.want(fail, "a ─✗ b | no connection | connection refused")
	fail.Reason, fail.Asked = trace.RefusedByHand, set(c)
	f.want(fail, "a ─✗ b | no connection | the scenario lets this call fail at once; now asks c")
	expire := with(at(trace.Expire, b), func(e *trace.Event) { e.State = state(5, 0, 0) })
	f.want(expire, "⏱ b | timeout | the timer that it has set has run down")
	for _, c := range []struct {
		calls protocol.Set
		why   string
	}{{set(a), "a has not answered"}, {set(a, c), "a and c have not answered"}} {
		expire.Calls, expire.Asked = c.calls, set(a)
		f.want(expire, "⏱ b | timeout | the timer that it has set has run down, and "+c.why+"; now asks a")
	}
	ignore := on(trace.Ignore, b, a, answered(protocol.PromiseResponse, 5, true))
	for reason, why := range map[trace.Reason]string{
		trace.AskerRestart: "too late: the b that asked is no more, it has crashed since",
		trace.CallOver:     "it has had an answer to this call before",
		trace.PhaseOver:    "it does not belong to what is asked now",
	} {
		ignore.Reason = reason
		f.want(ignore, "a ─▶ b | promised 5 | "+why)
	}
}

// How a program ends what it does, with the votes if it has asked for any.
func TestPlayedEnds(t *testing.T) {
	op := acquire(alice, 1)
	answer := func(outcome protocol.Outcome, h protocol.Holder) trace.Event {
		return with(ends(trace.Answer, b, op, 0, set(b), set(a), state(5, 0, 0)), func(e *trace.Event) { e.Outcome, e.Holder = outcome, h })
	}
	backoff := with(ends(trace.Backoff, b, op, 0, set(b), set(a), state(5, 0, 0)), func(e *trace.Event) { e.Try, e.Pause = 3, true })
	for _, c := range []struct {
		e           trace.Event
		voted, idle string // what is said, with a round of that operation and without
	}{
		{backoff, "b | backs off | only b itself promised ID 5; a said no; retry 3 of 3 after a pause", "b | backs off | retry 3 of 3 after a pause"},
		{answer(protocol.Refused, bob), "b ─▶ alice | refused | only b itself promised ID 5; a said no; it says that bob holds the lock",
			"b ─▶ alice | refused | it says that bob holds the lock"},
		{answer(protocol.NotReleased, protocol.Free), "b ─▶ alice | not-released | only b itself promised ID 5; a said no; it says that nobody holds the lock",
			"b ─▶ alice | not-released | it says that nobody holds the lock"},
		{answer(protocol.Acquired, alice), "b ─▶ alice | acquired | only b itself promised ID 5; a said no", "b ─▶ alice | acquired | it has asked nobody just before"},
		{answer(protocol.Answered, 0), "b ─▶ alice | promised 5, nothing accepted | as b sees it", "b ─▶ alice | promised 5, nothing accepted | as b sees it"},
	} {
		f := newPlayed(t)
		f.tell(f.operation(trace.Call, b, op))
		f.want(c.e, c.idle)
		f.tell(propose(b, acquire(alice, 2), 5, 0, state(0, 0, 0)))
		f.want(c.e, c.idle) // that round is another one's
		f.tell(propose(b, op, 5, 0, state(0, 0, 0)))
		f.want(c.e, c.voted)
	}
}

// What becomes of the state and the disk of a program.
func TestPlayedStores(t *testing.T) {
	f := newPlayed(t)
	now := func(k trace.Kind, s protocol.State, r trace.Reason) trace.Event {
		return with(at(k, b), func(e *trace.Event) { e.State, e.Reason = s, r })
	}
	full, empty := state(4, 3, bob), state(0, 0, 0)
	f.tell(promise(b, a, 4, true, full))
	f.tell(now(trace.Crash, full, 0))
	f.want(now(trace.Restart, full, 0), "↻ b | restarts | its state shows promised 4 and accepted ID 3 (bob)")
	f.tell(now(trace.Crash, full, 0))
	f.want(now(trace.Tear, full, trace.AlreadySo), "✝ b | loses its last store | nothing changes by it")
	f.want(now(trace.Restart, empty, 0),
		"↻ b | restarts | its state shows promised nothing and accepted nothing; before it was promised 4 and accepted ID 3 (bob)")
	f.want(now(trace.Tear, empty, 0), "✝ b | loses its last store | a restart will find what had been there before")
	f.want(now(trace.Restart, empty, 0), "↻ b | restarts | its state shows promised nothing and accepted nothing; its last store was lost (event 7)")
	f.want(now(trace.Wipe, empty, 0), "✝ b | loses its disk | a restart will find nothing on it")
	f.want(now(trace.Restart, full, trace.AlreadySo), "↻ b | restarts | nothing changes: that was so already")
	f.want(now(trace.Restart, full, 0), "↻ b | restarts | its state shows promised 4 and accepted ID 3 (bob); its disk was lost (event 9)")
}

// What a program says and does aside from all rounds, with the note that it sends.
func TestPlayedSteps(t *testing.T) {
	f := newPlayed(t)
	m := promiseRequest(3)
	for _, c := range []struct {
		message protocol.Message
		text    string
		asked   protocol.Set
		line    string
	}{
		{protocol.Message{}, "", 0, "b | goes on | nothing is sent"},
		{protocol.Message{}, "", set(c), "b | goes on | asks c for what is no part of a round"},
		{protocol.Message{}, "hm", 0, `b | says | "hm"`},
		{protocol.Message{}, "hm", set(a, c), `b | says | "hm"; asks a and c for what is no part of a round`},
		{m, "", 0, "a ─▶ b | promise 3? | no answer, as yet"},
		{m, "", set(c), "a ─▶ b | promise 3? | asks c for what is no part of a round"},
		{m, "hm", 0, `a ─▶ b | promise 3? | b says "hm"`},
		{answered(protocol.PromiseResponse, 3, true), "", 0, "a ─▶ b | promised 3 | nothing is sent"},
	} {
		e := with(at(trace.Step, b), func(e *trace.Event) { e.Text, e.Asked, e.Message = c.text, c.asked, c.message })
		if c.message.Kind != protocol.NoMessage {
			e.Peer = a
		}
		f.want(e, c.line)
		e.Note = true
		f.want(e, c.line+"; with a note")
		if l := f.tell(e); l.Question != (c.message == m) {
			t.Errorf("%s: question %v", c.line, l.Question)
		}
	}
	f.want(with(f.operation(trace.Call, b, acquire(alice, 1)), func(e *trace.Event) { e.Note = true }), "alice ─▶ b | acquire | with a note")
}
