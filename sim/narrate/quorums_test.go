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
