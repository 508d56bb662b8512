package narrate

import (
	"testing"

	"skinny/protocol"
	"skinny/sim/trace"
)

func TestCrashAndRestart(t *testing.T) {
	f := newRun(t, "published", 0)
	crash := at(trace.Crash, a)
	crash.HostUp = true
	f.want(crash, "✝ a | crashes | its host stays up: calls fail at once")
	f.want(with(crash, func(e *trace.Event) { e.Reason = trace.AlreadySo }), "✝ a | crashes | nothing changes: that was so already")
	crash.HostUp = false
	f.want(crash, "✝ a | crashes | it was down already; its host is down now, too: calls to it time out")
	crash.HostUp = true
	f.want(crash, "✝ a | crashes | it was down already; its host is up now: calls fail at once")
	f.want(at(trace.Restart, a), "↻ a | restarts | it knows nothing, as before")
	f.want(propose(a, acquire(alice, 1), 1, 0, state(0, 0, 0)), "a | proposes ID 1 | promised 0 + increment 1")
	crash.HostUp, crash.Operation, crash.State = false, acquire(alice, 1), state(1, 0, 0)
	f.want(crash, "✝ a | crashes | its host is down too: calls to it time out; it was in the middle of its round for alice")
	f.want(at(trace.Restart, a), "↻ a | restarts | it has forgotten everything (durable is off): it had promised 1 and accepted nothing")

	f.tell(accept(a, b, protocol.Proposal{ID: 2, Holder: bob}, true, true, state(0, 2, bob)))
	f.want(at(trace.Restart, a), "↻ a | restarts | it has forgotten everything (durable is off): it had promised nothing and accepted ID 2 (bob)")

	f = newRun(t, "sound", 0)
	f.tell(accept(b, a, protocol.Proposal{ID: 4, Holder: bob}, true, true, state(4, 4, bob)))
	f.tell(with(at(trace.Crash, b), func(e *trace.Event) { e.State = state(4, 4, bob) }))
	f.want(with(at(trace.Restart, b), func(e *trace.Event) { e.State = state(4, 4, bob) }),
		"↻ b | restarts | it still knows what it had stored: it has promised 4 and accepted ID 4 (bob)")
}

func TestLinks(t *testing.T) {
	f := newRun(t, "published", 0)
	f.want(on(trace.Cut, a, b, protocol.Message{}), "a ─✗ b | link cut")
	f.want(on(trace.Mend, a, b, protocol.Message{}), "a ─▶ b | link mended")
	f.want(at(trace.Isolate, c), "c | isolated | cut from its peers, not from its clients")
	f.want(at(trace.Rejoin, c), "c | rejoins | its isolation ends")
	partition := at(trace.Partition, trace.None)
	partition.Groups = []protocol.Set{set(a), set(b, c)}
	f.want(partition, "network | partition | a | b and c")
	partition.Groups = []protocol.Set{set(a, c)}
	f.want(partition, "network | partition | a and c; alone: b")
	f.want(at(trace.Unite, trace.None), "network | whole again | the partition ends")
	f.want(at(trace.HealAll, trace.None), "network | all healed | every cut, isolation and partition ends")
	f.want(with(at(trace.HealAll, trace.None), func(e *trace.Event) { e.Reason = trace.AlreadySo }),
		"network | all healed | nothing changes: that was so already")
}

func TestPause(t *testing.T) {
	f := newRun(t, "published", 0)
	f.want(at(trace.Pause, a), "a | pauses | what arrives and falls due now waits")
	f.want(on(trace.Hold, a, b, promiseRequest(2)), "b ─▶ a | promise 2? | waits: a is paused")
	f.want(on(trace.Hold, a, b, answered(protocol.CommitResponse, 2, false)), "b ─▶ a | no commit 2 | waits: a is paused")
	f.want(f.operation(trace.Hold, a, acquire(alice, 1)), "alice ─▶ a | acquire | waits: a is paused")
	for reason, what := range map[trace.Reason]string{
		trace.DeadlineDue: "timeout is due", trace.RetryDue: "retry is due", trace.WorkDue: "answer is due",
	} {
		f.want(with(at(trace.Hold, a), func(e *trace.Event) { e.Reason = reason }), "a | "+what+" | waits: a is paused")
	}
	f.want(at(trace.Resume, a), "a | resumes | what waited happens now, in its order")
	wait := on(trace.Wait, a, b, promiseRequest(2))
	wait.Reason, wait.Cause = trace.MutexWork, 2
	f.want(wait, "b ─▶ a | promise 2? | waits while a works on another answer")
	f.want(with(promise(a, b, 2, true, state(2, 0, 0)), func(e *trace.Event) { e.Cause = 9 }), // from the first time on
		"b ─▶ a | promise 2? | waited 8 ms (event 2), now yes: nothing promised yet")
}

func TestLosses(t *testing.T) {
	f := newRun(t, "published", 0)
	for reason, why := range map[trace.Reason]string{
		trace.DroppedByHand:  "lost on the way",
		trace.CutAtSending:   "lost: the link is down",
		trace.CutAtArrival:   "lost: the link went down on the way",
		trace.HostDown:       "lost: b and its host are down",
		trace.ReceiverDown:   "lost: b, which asked, has crashed",
		trace.ForgottenCrash: "lost: it waited at b, which has crashed with its host",
	} {
		lose := on(trace.Lose, a, b, commitRequest(3, bob))
		lose.Reason = reason
		f.want(lose, "a ─✗ b | commit 3 bob? | "+why)
	}
	lose := f.operation(trace.Lose, a, acquire(alice, 1))
	lose.Reason = trace.HostDown
	f.want(lose, "alice ─✗ a | acquire | lost: a and its host are down")
	lose.Reason = trace.ForgottenCrash
	f.want(lose, "alice ─✗ a | acquire | lost: it waited at a, which has crashed with its host")
	lose.Operation = statusOp
	f.want(lose, "operator ─✗ a | status | lost: it waited at a, which has crashed with its host")
	f.want(on(trace.Duplicate, a, b, commitRequest(3, protocol.Free)), "a ═▶ b | commit 3 free? | the network makes a copy on the way")
	f.want(on(trace.Refuse, a, b, promiseRequest(3)), "b ─✗ a | promise 3? | refused: a has crashed, and its host says so")
}

// Copies are marked wherever they arrive.
func TestCopies(t *testing.T) {
	f := newRun(t, "published", 0)
	copied := func(e trace.Event) trace.Event { e.Copy = true; return e }
	f.want(copied(promise(b, a, 1, true, state(1, 0, 0))), "a ═▶ b | promise 1? | yes: nothing promised yet")
	f.want(copied(on(trace.Ignore, a, b, answered(protocol.PromiseResponse, 1, true))),
		"b ═▶ a | promised 1 | too late: that phase is over")
	f.tell(propose(b, acquire(bob, 1), 3, 0, state(1, 0, 0)))
	f.want(copied(on(trace.Wait, b, a, promiseRequest(1))),
		"a ═▶ b | promise 1? | waits for the end of b's own round for bob (event 3): yield is off")
}

// A disk that is lost says what a restart will not find, and so does a store.
func TestLostDisks(t *testing.T) {
	f := newRun(t, "sound", 0)
	f.tell(promise(b, a, 3, true, state(3, 0, 0)))
	f.tell(accept(b, a, protocol.Proposal{ID: 4, Holder: bob}, true, true, state(4, 4, bob)))
	f.tell(with(at(trace.Crash, b), func(e *trace.Event) { e.State = state(4, 4, bob) }))
	f.want(with(at(trace.Tear, b), func(e *trace.Event) { e.State = state(3, 0, 0) }),
		"✝ b | loses its last store | it had promised 4 and accepted ID 4 (bob); a restart will find only that it had promised 3 and accepted nothing")
	f.want(at(trace.Wipe, b), "✝ b | loses its disk | it had promised 3 and accepted nothing; a restart will find nothing of that")
	f.want(with(at(trace.Wipe, b), func(e *trace.Event) { e.Reason = trace.AlreadySo }), "✝ b | loses its disk | nothing changes by it")

	f = newRun(t, "published", 0)
	f.want(with(at(trace.Tear, b), func(e *trace.Event) { e.Reason = trace.AlreadySo }),
		"✝ b | loses its last store | nothing is stored anyway (durable is off)")
}

// Every fault has words.
func TestFaultsHaveWords(t *testing.T) {
	f := newRun(t, "sound", 0)
	for k := trace.Crash; k < trace.Step; k++ {
		if l := f.tell(on(k, a, b, protocol.Message{})); l.What.String() == "" {
			t.Errorf("nothing is said of %v", k)
		}
	}
}
