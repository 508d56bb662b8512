package narrate

import (
	"testing"

	"skinny/protocol"
	"skinny/sim/trace"
)

// A proposer whose own vote is its quorum goes on only when a call has ended, and says so.
func TestOwnQuorum(t *testing.T) {
	f := newRun(t, "sound", 0)
	f.narrator.header.Quorums = protocol.Quorums{Promise: 1, Commit: 1}
	f.tell(propose(a, acquire(alice, 1), 1, 0, state(0, 0, 0)))
	f.want(count(a, b, answered(protocol.PromiseResponse, 1, true), state(1, 0, 0)), "b ─▶ a | promised 1 | 2 of 3 say yes, with its own; "+
		"a's own vote was a quorum from the start (event 1), but votes are looked at only when a call has ended")
	f.tell(with(commit(a, acquire(alice, 1), protocol.Proposal{}, protocol.Proposal{ID: 1, Holder: alice}, set(a, b), 1), func(e *trace.Event) { e.Cause = 2 }))
	f.want(on(trace.Ignore, a, c, answered(protocol.PromiseResponse, 1, true)), "c ─▶ a | promised 1 | not needed: a quorum had said yes (event 2)")
	f.want(count(a, b, answered(protocol.CommitResponse, 1, false), state(1, 1, alice)), "b ─▶ a | no commit 1 | 1 of 3 says no; "+
		"a's own vote was a quorum from the start (event 3), but votes are looked at only when a call has ended")
	f.want(count(a, c, answered(protocol.CommitResponse, 1, true), state(1, 1, alice)), "c ─▶ a | committed 1 | 2 of 3 say yes")

	f = newRun(t, "sound", 0)
	f.narrator.header.Quorums.Promise = 3
	f.tell(propose(a, acquire(alice, 1), 1, 0, state(0, 0, 0)))
	f.want(count(a, b, answered(protocol.PromiseResponse, 1, true), state(1, 0, 0)), "b ─▶ a | promised 1 | 2 of 3 say yes, with its own")
	f.want(count(a, c, answered(protocol.PromiseResponse, 1, true), state(1, 0, 0)), "c ─▶ a | promised 1 | 3 of 3 say yes, a quorum")
}

// What an instance has lost of its disk is said when it goes, and when it restarts.
func TestLostDisk(t *testing.T) {
	f := newRun(t, "sound", 0)
	stored := state(1, 1, alice)
	f.tell(accept(b, a, protocol.Proposal{ID: 1, Holder: alice}, true, true, stored))
	f.tell(with(at(trace.Crash, b), func(e *trace.Event) { e.State = stored }))
	torn := func(e *trace.Event) { e.State = state(1, 0, 0) }
	f.want(with(at(trace.Tear, b), torn),
		"✝ b | loses its last store | it had promised 1 and accepted ID 1 (alice); a restart will find only that it had promised 1 and accepted nothing")
	f.want(with(at(trace.Restart, b), torn), "↻ b | restarts | it still knows what it had stored: it has promised 1 and accepted nothing; its last store was lost (event 3)")
	f.tell(with(at(trace.Crash, b), torn))
	f.want(at(trace.Wipe, b), "✝ b | loses its disk | it had promised 1 and accepted nothing; a restart will find nothing of that")
	clone := f.narrator.Clone()
	f.want(at(trace.Restart, b), "↻ b | restarts | it knows nothing: its disk was lost (event 6)")
	restart := with(at(trace.Restart, b), func(e *trace.Event) { e.Number = 7 })
	if l := clone.Tell(&restart); l.Why.String() != "it knows nothing: its disk was lost (event 6)" {
		t.Errorf("a clone says %q", l.Why)
	}
	f.tell(at(trace.Crash, b))
	f.want(with(at(trace.Wipe, b), func(e *trace.Event) { e.Reason = trace.AlreadySo }), "✝ b | loses its disk | nothing changes by it")
	f.want(at(trace.Restart, b), "↻ b | restarts | it knows nothing, as before")
}

// A rule that is off at one instance alone is said to be off there, and one that is on there
// alone is not said to be off.
func TestOwnRules(t *testing.T) {
	four := protocol.Proposal{ID: 4, Holder: bob}
	for _, c := range []struct {
		all, off, on protocol.Rules // over in the edition sound, and then at b
		why          string
	}{
		{0, protocol.RefuseStale, 0, ": refuse-stale is off at b"},
		{protocol.RefuseStale, 0, 0, ": refuse-stale is off"},
		{protocol.RefuseStale, protocol.RefuseStale, 0, ": refuse-stale is off"},
	} {
		f := newRun(t, "sound", c.all)
		f.narrator.header.Settings[b].RulesOff = c.off
		f.tell(promise(b, a, 5, true, state(5, 0, 0)))
		f.want(accept(b, int8(2), four, true, true, state(5, 4, bob)), "c ─▶ b | commit 4 bob? | yes, though its promise is 5, promised to a (event 1)"+c.why)
	}
	f := newRun(t, "sound", protocol.UniqueIDs|protocol.Concurrent)
	f.narrator.header.Settings[b].RulesOn = protocol.UniqueIDs | protocol.Concurrent
	f.want(propose(a, acquire(alice, 1), 1, 0, state(0, 0, 0)), "a | proposes ID 1 | promised 0 + increment 1; asks b and c first")
	f.want(propose(b, acquire(bob, 2), 2, 0, state(0, 0, 0)), "b | proposes ID 2 | the next above 0 of its own IDs 2, 5, 8 …")

	f = newRun(t, "sound", 0) // once a story, and with the place
	f.narrator.header.Settings[b].RulesOff = protocol.Backoff
	f.tell(propose(b, acquire(bob, 2), 2, 0, state(0, 0, 0)))
	again := with(ends(trace.Backoff, b, acquire(bob, 2), 1, set(b), set(a, c), state(2, 0, 0)), func(e *trace.Event) { e.Try = 1 })
	f.want(again, "b | tries again | only b itself promised ID 2; a and c said no: no majority; retry 1 of 3 at once: backoff is off at b")
}

// As many noes as leave too few for a quorum fail a phase, and a promise may have a timeout of
// its own.
func TestTooManyForAQuorum(t *testing.T) {
	f := newRun(t, "sound", 0)
	f.narrator.header.Quorums = protocol.Quorums{Promise: 3, Commit: 2}
	f.narrator.header.Settings[a].PromiseTimeout = 80 * trace.Millisecond
	op := acquire(alice, 1)
	f.tell(propose(a, op, 1, 0, state(0, 0, 0)))
	expire := with(at(trace.Expire, a), func(e *trace.Event) { e.Calls, e.State = set(c), state(1, 0, 0) })
	f.want(expire, "⏱ a | timeout | no answer from c within 80 ms, which counts as no")
	f.want(count(a, b, answered(protocol.PromiseResponse, 1, false), state(1, 0, 0)), "b ─▶ a | no promise 1 | 2 of 3 say no")

	f.tell(propose(a, op, 4, 1, state(1, 0, 0)))
	f.want(count(a, b, answered(protocol.PromiseResponse, 4, false), state(4, 0, 0)), "b ─▶ a | no promise 4 | 1 of 3 says no, too many for a quorum")
	f.want(ends(trace.Answer, a, op, 4, set(a), set(b), state(4, 0, 0)), "a ─▶ alice | none | only a itself promised ID 4; b said no: no quorum, and no retry is left; "+
		"nothing was committed for alice, and who holds the lock is not known")

	f.tell(propose(a, op, 7, 1, state(4, 0, 0)))
	f.tell(with(commit(a, op, protocol.Proposal{}, protocol.Proposal{ID: 7, Holder: alice}, set(a, b, c), 7), func(e *trace.Event) { e.Asked = set(b, c) }))
	f.want(expire, "⏱ a | timeout | no answer from c within 500 ms, which counts as no")
}
