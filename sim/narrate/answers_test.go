package narrate

import (
	"testing"

	"skinny/protocol"
	"skinny/sim/trace"
)

func TestPromises(t *testing.T) {
	f := newRun(t, "sound", protocol.PromiseOnce)
	f.want(promise(b, a, 4, true, state(4, 0, 0)), "a ─▶ b | promise 4? | yes: nothing promised yet")
	f.want(promise(b, c, 4, true, state(4, 0, 0)), "c ─▶ b | promise 4? | yes, once more: equal IDs are promised again (promise-once is off)")
	f.want(accept(b, a, protocol.Proposal{ID: 4, Holder: alice}, true, true, state(4, 4, alice)),
		"a ─▶ b | commit 4 alice? | yes: not below 4, promised to c (event 2)")
	no := promise(b, a, 3, false, state(4, 4, alice))
	no.Message.Proposal, no.Message.Told = protocol.Proposal{ID: 4, Holder: alice}, 4
	f.want(no, "a ─▶ b | promise 3? | no: below 4, promised to c (event 2); adds that it has ID 4 (alice); names its promise, 4")
	f.want(accept(b, c, protocol.Proposal{ID: 8, Holder: alice}, true, true, state(8, 8, alice)),
		"c ─▶ b | commit 8 alice? | yes: above 4, promised to c (event 2)")
	f.want(promise(b, a, 9, true, state(9, 8, alice)), "a ─▶ b | promise 9? | yes: above 8, promised by accepting it from c (event 5)")
}

func TestAccepts(t *testing.T) {
	f := newRun(t, "published", 0)
	f.want(accept(b, a, protocol.Proposal{ID: 3, Holder: alice}, true, true, state(0, 3, alice)),
		"a ─▶ b | commit 3 alice? | yes: nothing promised yet")
	f.want(promise(b, c, 2, true, state(2, 3, alice)), "c ─▶ b | promise 2? | yes: nothing promised yet; "+
		"accepting ID 3 (event 1) has not raised its promise: accept-raises is off")
	f.want(accept(b, c, protocol.Proposal{ID: 2}, true, true, state(2, 2, 0)),
		"c ─▶ b | commit 2 free? | yes: as promised (event 2); the newer ID 3 (alice) is overwritten (event 1): accept-raises is off")
	f.want(accept(b, c, protocol.Proposal{ID: 2}, true, true, state(2, 2, 0)), "c ─▶ b | commit 2 free? | yes: as promised (event 2)")
	f.want(promise(b, a, 5, true, state(5, 2, 0)), "a ─▶ b | promise 5? | yes: above 2, promised to c (event 2)")
	f.want(accept(b, c, protocol.Proposal{ID: 2, Holder: bob}, true, false, state(5, 2, 0)),
		"c ─▶ b | commit 2 bob? | yes, without storing it: below 5, promised to a (event 5), but the ID is the one that it has accepted (ack-accepted is off)")
	no := accept(b, c, protocol.Proposal{ID: 4, Holder: bob}, false, false, state(5, 2, 0))
	f.want(no, "c ─▶ b | commit 4 bob? | no: below 5, promised to a (event 5)")
	no.Message.Told = 5
	f.want(no, "c ─▶ b | commit 4 bob? | no: below 5, promised to a (event 5); names its promise, 5")

	f = newRun(t, "published", 0)
	f.tell(accept(b, a, protocol.Proposal{ID: 3, Holder: alice}, true, true, state(0, 3, alice)))
	f.want(promise(b, c, 3, true, state(3, 3, alice)), "c ─▶ b | promise 3? | yes: nothing promised yet; "+
		"accepting ID 3 (event 1) has not raised its promise: accept-raises is off")

	f = newRun(t, "published", protocol.RefuseStale)
	f.tell(promise(b, a, 5, true, state(5, 0, 0)))
	f.want(accept(b, c, protocol.Proposal{ID: 4, Holder: bob}, true, true, state(5, 4, bob)),
		"c ─▶ b | commit 4 bob? | yes, though its promise is 5, promised to a (event 1): refuse-stale is off")
	f.want(accept(b, c, protocol.Proposal{ID: 3}, true, true, state(5, 3, 0)), "c ─▶ b | commit 3 free? | "+
		"yes, though its promise is 5, promised to a (event 1): refuse-stale is off; the newer ID 4 (bob) is overwritten (event 2)")
}

// A commit that comes twice is not below itself: nobody was promised that.
func TestAcceptsTwice(t *testing.T) {
	f := newRun(t, "sound", 0)
	again := accept(b, c, protocol.Proposal{ID: 8, Holder: alice}, true, true, state(8, 8, alice))
	f.want(again, "c ─▶ b | commit 8 alice? | yes: nothing promised yet")
	f.want(again, "c ─▶ b | commit 8 alice? | yes: not below 8, promised by accepting it from c (event 1)")
}

// What is overwritten by a commit that is not newer, and which rule would prevent it.
func TestOverwriting(t *testing.T) {
	learns := answered(protocol.PromiseResponse, 4, false)
	learns.Proposal = protocol.Proposal{ID: 6, Holder: alice}
	for _, accepted := range []bool{false, true} {
		f := newRun(t, "published", protocol.AcceptRaises)
		f.tell(propose(b, acquire(bob, 1), 4, 0, state(2, 0, 0)))
		f.want(with(count(b, a, learns, state(4, 6, alice)), func(e *trace.Event) { e.Learned = true }),
			"a ─▶ b | no promise 4 | 1 of 3 says no; b learns ID 6 (alice) and takes it for its own (learn-aside is off)")
		f.want(promise(b, c, 5, true, state(5, 6, alice)), "c ─▶ b | promise 5? | yes: above 4, its own proposal (event 1)")
		why := "the newer ID 6 (alice) is overwritten (event 2): learn-aside is off"
		if accepted { // by an acceptor that does not raise its promise
			f.narrator.header.Rules &^= protocol.AcceptRaises
			f.tell(accept(b, a, learns.Proposal, true, true, state(5, 6, alice)))
			why = "the newer ID 6 (alice) is overwritten (event 4): accept-raises is off"
		}
		f.want(accept(b, c, protocol.Proposal{ID: 5, Holder: bob}, true, true, state(5, 5, bob)),
			"c ─▶ b | commit 5 bob? | yes: as promised (event 3); "+why)
	}

	f := newRun(t, "sound", 0)
	f.tell(accept(b, a, protocol.Proposal{ID: 4, Holder: bob}, true, true, state(4, 4, bob)))
	f.want(accept(b, c, protocol.Proposal{ID: 4, Holder: bob}, true, true, state(4, 4, bob)),
		"c ─▶ b | commit 4 bob? | yes: not below 4, promised by accepting it from a (event 1)")
	f.want(accept(b, c, protocol.Proposal{ID: 4}, true, true, state(4, 4, 0)),
		"c ─▶ b | commit 4 free? | yes: not below 4, promised by accepting it from a (event 1); "+
			"another value of the same ID, bob, is overwritten (event 2)")
}

// An answer that takes its time, and what waits meanwhile.
func TestWaiting(t *testing.T) {
	f := newRun(t, "published", 0)
	f.tell(promise(b, a, 1, true, state(1, 0, 0)))
	work := on(trace.Wait, b, c, commitRequest(3, bob))
	work.Reason, work.State = trace.MutexWork, state(1, 0, 0)
	f.want(work, "c ─▶ b | commit 3 bob? | waits while b works on another answer")
	reply := on(trace.Reply, b, a, answered(protocol.PromiseResponse, 1, true))
	reply.State = state(1, 0, 0)
	f.want(reply, "b ─▶ a | promised 1 | sent only now: b worked on it for 2 ms, and on nothing else")
	late := accept(b, c, protocol.Proposal{ID: 3, Holder: bob}, true, true, state(1, 3, bob))
	late.Cause = 2
	f.want(late, "c ─▶ b | commit 3 bob? | waited 2 ms (event 2), now yes: above 1, promised to a (event 1)")

	f.tell(propose(b, acquire(alice, 1), 3, 0, state(1, 3, bob)))
	call := f.operation(trace.Wait, b, acquire(bob, 2))
	call.Reason, call.State = trace.MutexHeld, state(3, 3, bob)
	f.want(call, "bob ─▶ b | acquire | waits for the end of b's own round for alice (event 5)")
	second := on(trace.Wait, b, c, commitRequest(4, alice))
	second.Reason, second.State = trace.MutexHeld, state(3, 3, bob)
	f.want(second, "c ─▶ b | commit 4 alice? | waits for the end of b's own round for alice (event 5): yield is off")
	f.want(second, "c ─▶ b | commit 4 alice? | waits for the end of b's own round for alice (event 5)") // once is enough
	retry := call
	retry.Try, retry.Reason = 2, trace.TurnTaken
	f.want(retry, "b | retry 2 | waits for its turn: another operation is under way at b")
	f.want(with(propose(b, acquire(bob, 2), 5, 0, state(3, 3, bob)), func(e *trace.Event) { e.Cause = 6 }),
		"b | proposes ID 5 | promised 3 + increment 2; for bob, who waited 4 ms (event 6)")
}

// A status that waits for the mutex would not wait with yield on, and that is said.
func TestStatusWaits(t *testing.T) {
	f := newRun(t, "published", 0)
	f.tell(propose(b, acquire(alice, 1), 3, 0, state(3, 0, 0)))
	wait := f.operation(trace.Wait, b, statusOp)
	wait.Reason, wait.State = trace.MutexHeld, state(3, 0, 0)
	f.want(wait, "operator ─▶ b | status | waits for the end of b's own round for alice (event 1): yield is off")
}

func TestClients(t *testing.T) {
	f := newRun(t, "published", 0)
	op := release(alice, 1)
	f.want(f.operation(trace.Call, a, op), "alice ─▶ a | release")
	giveUp := f.operation(trace.GiveUp, a, op)
	f.want(giveUp, "⏱ alice | gives up | no answer from a within 1 ms; the release may still take effect")
	f.tell(propose(a, op, 1, 0, state(0, 0, 0)))
	f.tell(commit(a, op, protocol.Proposal{}, protocol.Proposal{ID: 1}, set(a, b), 1))
	answer := ends(trace.Answer, a, op, 0, set(a, b, c), 0, state(1, 1, 0))
	answer.Outcome, answer.Reason = protocol.Released, trace.ClientGone
	f.want(answer, "a ─✗ alice | released | all 3 said yes to commit 1; alice has stopped waiting")
	receive := f.operation(trace.Receive, a, op)
	receive.Outcome = protocol.Released
	f.want(receive, "a ─▶ alice | released | alice hears it 5 ms after asking")
	receive.Outcome, receive.Reason = protocol.Failed, trace.CrashedPeer
	f.want(receive, "a ─✗ alice | failed | connection refused: nobody is there at a")
	ignore := f.operation(trace.Ignore, a, op)
	ignore.Outcome, ignore.Reason = protocol.Released, trace.ClientGone
	f.want(ignore, "a ─▶ alice | released | too late: alice has stopped waiting")

	// Four failed rounds of an acquire that is refused on a free lock.
	f = newRun(t, "published", 0)
	op = acquire(alice, 1)
	f.tell(propose(a, op, 1, 0, state(0, 0, 0)))
	f.tell(commit(a, op, protocol.Proposal{}, protocol.Proposal{ID: 1, Holder: alice}, set(a, b), 1))
	f.tell(accept(a, b, protocol.Proposal{ID: 2}, true, true, state(1, 2, 0)))
	answer = ends(trace.Answer, a, op, 0, set(a), set(b, c), state(1, 2, 0))
	answer.Outcome = protocol.Refused
	f.want(answer, "a ─▶ alice | refused | the lock is free, as a believes by its own state (ack-majority is off); only a itself said yes to commit 1; b and c said no")
}

// What a status has read is what is told, also when the answer took its time.
func TestStatus(t *testing.T) {
	f := newRun(t, "published", 0)
	f.want(f.operation(trace.Call, a, statusOp), "operator ─▶ a | status")
	answer := f.operation(trace.Answer, a, statusOp)
	answer.Outcome = protocol.Answered
	f.want(answer, "a ─▶ operator | promised 0, nothing accepted | as a sees it")
	f.tell(promise(a, b, 7, true, state(7, 0, 0)))
	receive := f.operation(trace.Receive, a, statusOp)
	receive.Outcome, receive.State = protocol.Answered, state(7, 0, 0)
	f.want(receive, "a ─▶ operator | promised 0, nothing accepted | the operator hears it 3 ms after asking")
	receive.Kind, receive.Reason = trace.Ignore, trace.ClientGone
	f.want(receive, "a ─▶ operator | promised 0, nothing accepted | too late: the operator has stopped waiting")
	f.want(f.operation(trace.GiveUp, a, statusOp), "⏱ operator | gives up | no answer from a within 5 ms; the answer is under way (event 2)")
}
