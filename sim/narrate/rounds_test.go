package narrate

import (
	"fmt"
	"testing"

	"skinny/protocol"
	"skinny/sim/trace"
)

// A release of the published program in which much goes wrong.
func TestPublishedRound(t *testing.T) {
	f := newRun(t, "published", 0)
	op := release(bob, 1)
	f.want(f.operation(trace.Call, a, op), "bob ─▶ a | release")
	f.want(propose(a, op, 1, 0, state(0, 0, 0)), "a | proposes ID 1 | promised 0 + increment 1")
	f.want(promise(c, a, 1, true, state(1, 2, alice)), "a ─▶ c | promise 1? | yes: nothing promised yet")
	learns := answered(protocol.PromiseResponse, 1, true)
	learns.Proposal = protocol.Proposal{ID: 2, Holder: alice}
	f.want(with(count(a, c, learns, state(1, 2, alice)), func(e *trace.Event) { e.Learned = true }),
		"c ─▶ a | promised 1 | 2 of 3 say yes, with its own, a majority; a learns ID 2 (alice) and takes it for its own (learn-aside is off)")
	jump := commit(a, op, learns.Proposal, protocol.Proposal{ID: 2}, set(a, c), 2)
	jump.Jumped, jump.Cause = true, 4
	f.want(jump, "a | commits 2 free | promised by a and c; frees what alice holds by ID 2, though bob asks: owner-release is off; "+
		"jumps from ID 1, which was promised, to ID 2, which was only learned (own-id is off)")
	f.want(with(on(trace.Ignore, a, b, answered(protocol.PromiseResponse, 1, false)), func(e *trace.Event) {
		e.Reason, e.State = trace.PhaseOver, jump.State
	}),
		"b ─▶ a | no promise 1 | not needed: a majority had said yes (event 4)")
	f.want(promise(a, b, 2, false, jump.State), "b ─▶ a | promise 2? | no: not above 2, to which it jumped (event 5)")
	f.want(accept(a, c, protocol.Proposal{ID: 2, Holder: bob}, true, true, state(2, 2, bob)),
		"c ─▶ a | commit 2 bob? | yes: not below 2, to which it jumped (event 5); "+
			"another value of the same ID, free, is overwritten (event 5)")
	expire := at(trace.Expire, a)
	expire.Calls, expire.State = set(b), state(2, 2, bob)
	f.want(expire, "⏱ a | timeout | no answer from b within 500 ms, which counts as no")
	f.want(count(a, c, answered(protocol.CommitResponse, 2, false), state(2, 2, bob)), "c ─▶ a | no commit 2 | 2 of 3 say no, a majority")
	answer := ends(trace.Answer, a, op, 10, set(a), set(b, c), state(2, 2, bob))
	answer.Outcome, answer.Holder = protocol.NotReleased, bob
	f.want(answer, "a ─▶ bob | not-released | bob holds the lock, as a believes by its own state (ack-majority is off); "+
		"only a itself said yes to commit 2; c said no; no answer from b in time")
	f.want(with(on(trace.Ignore, a, b, answered(protocol.CommitResponse, 2, true)), func(e *trace.Event) { e.Reason = trace.PhaseOver }),
		"b ─▶ a | committed 2 | too late: that round had failed (event 10)")
}

func TestFailedRounds(t *testing.T) {
	f := newRun(t, "published", 0)
	op := acquire(alice, 1)
	f.tell(propose(b, op, 2, 0, state(0, 0, 0)))
	refused := on(trace.Fail, b, a, failed(protocol.PromiseRequest, 2))
	refused.Reason, refused.State = trace.CrashedPeer, state(2, 0, 0)
	f.want(refused, "a ─✗ b | no connection | connection refused, which counts as no: 1 of 3 says no")
	refused = on(trace.Fail, b, c, failed(protocol.PromiseRequest, 2))
	refused.Reason, refused.State = trace.RefusedByHand, state(2, 0, 0)
	f.want(refused, "c ─✗ b | no connection | the scenario lets this call fail at once, which counts as no: 2 of 3 say no, a majority")
	backoff := ends(trace.Backoff, b, op, 3, set(b), set(a, c), state(7, 7, bob))
	backoff.Try, backoff.Jumped, backoff.Pause = 1, true, true
	f.want(backoff, "b | backs off | only b itself promised ID 2; a and c could not be reached: no majority; "+
		"jumps to promise 7, the highest ID that it knows; retry 1 of 3 after a pause")
	f.want(promise(b, a, 7, false, state(7, 7, bob)), "a ─▶ b | promise 7? | no: not above 7, to which it jumped (event 4)")
	f.want(propose(b, op, 9, 1, state(7, 7, bob)), "b | proposes ID 9 | promised 7 + increment 2; retry 1 of 3 for alice")
	expire := at(trace.Expire, b)
	expire.Calls, expire.State = set(a, c), state(9, 7, bob)
	f.want(expire, "⏱ b | timeout | no answer from a and c within 500 ms, which counts as no")
	answer := ends(trace.Answer, b, op, 7, set(b), set(a, c), state(9, 7, bob))
	answer.Outcome, answer.Holder = protocol.Refused, bob
	f.want(answer, "b ─▶ alice | refused | only b itself promised ID 9; no answer from a and c in time: no majority, "+
		"and no retry is left; b answers by its own state (ack-majority is off): ID 7 (bob)")
	late := on(trace.Ignore, b, a, answered(protocol.PromiseResponse, 9, true))
	late.Reason = trace.PhaseOver
	f.want(late, "a ─▶ b | promised 9 | too late: the timeout ended that phase (event 7)")
	late.Message = failed(protocol.PromiseRequest, 9)
	f.want(late, "a ─▶ b | no connection | too late: the timeout ended that phase (event 7)")
	late.Reason = trace.AskerRestart
	f.want(late, "a ─▶ b | no connection | too late: the b that asked is no more, it has crashed since")
	late.Reason = trace.CallOver
	f.want(late, "a ─▶ b | no connection | ignored: b has counted this call already")

	backoff.Pause = false
	f = newRun(t, "published", protocol.Backoff)
	f.tell(propose(b, op, 2, 0, state(0, 0, 0)))
	backoff.Jumped, backoff.State = false, state(2, 0, 0)
	f.want(backoff, "b | tries again | only b itself promised ID 2; a and c said no: no majority; retry 1 of 3 at once: backoff is off")
}

func TestSoundRound(t *testing.T) {
	f := newRun(t, "sound", 0)
	op := acquire(alice, 1)
	f.want(propose(b, op, 2, 0, state(0, 0, 0)), "b | proposes ID 2 | the next above 0 of its own IDs 2, 5, 8 …")
	refusal := answered(protocol.PromiseResponse, 2, false)
	refusal.Told, refusal.Proposal = 6, protocol.Proposal{ID: 4, Holder: bob}
	f.want(with(count(b, a, refusal, state(2, 0, 0)), func(e *trace.Event) { e.Learned = true }),
		"a ─▶ b | no promise 2 | 1 of 3 says no; b learns ID 4 (bob); b hears of promise 6")
	f.tell(count(b, c, answered(protocol.PromiseResponse, 2, true), state(2, 0, 0)))
	higher := ends(trace.Backoff, b, op, 3, set(b, c), set(a), state(6, 0, 0))
	higher.Won, higher.Try, higher.Pause, higher.Jumped = true, 1, true, true
	f.want(higher, "b | backs off | ID 2 is promised by b and c, but b knows a higher one and needs a round above that (own-id); "+
		"retry 1 of 3 after a pause")
	f.want(promise(b, a, 5, false, state(6, 0, 0)), "a ─▶ b | promise 5? | no: below 6, of which it heard (event 4)")
	f.tell(propose(b, op, 8, 1, state(6, 0, 0)))
	f.want(promise(b, c, 9, true, state(9, 0, 0)), "c ─▶ b | promise 9? | yes: above 8, its own proposal (event 6)")
	own := commit(b, op, protocol.Proposal{}, protocol.Proposal{ID: 8, Holder: alice}, set(b, c), 9)
	own.Stored, own.State, own.Asked = false, state(9, 0, 0), set(a, c)
	f.want(own, "b | commits 8 alice | promised by b and c; the lock is free; its own acceptor refuses that: below 9, promised to c (event 7)")
	f.want(count(b, a, answered(protocol.CommitResponse, 8, false), state(9, 0, 0)), "a ─▶ b | no commit 8 | 2 of 3 say no, a majority")
	answer := ends(trace.Answer, b, op, 9, 0, set(a, b), state(9, 0, 0))
	answer.Outcome = protocol.Unknown
	f.want(answer, "b ─▶ alice | unknown | nobody said yes to commit 8; a and b said no: no majority; c has not been heard, so it may take effect or not")

	f.tell(propose(b, op, 11, 3, state(9, 0, 0)))
	answer = ends(trace.Answer, b, op, 11, set(b), set(a, c), state(12, 0, 0))
	answer.Outcome = protocol.Unknown
	f.want(answer, "b ─▶ alice | unknown | only b itself promised ID 11; a and c said no: no majority, and no retry is left; "+
		"nothing was committed for alice, and who holds the lock is not known")
	f.tell(propose(b, op, 14, 1, state(12, 0, 0)))
	heard := ends(trace.Backoff, b, op, 13, set(b), set(a, c), state(20, 0, 0))
	heard.Try, heard.Pause = 2, true
	f.want(heard, "b | backs off | only b itself promised ID 14; a and c said no: no majority; promises 20, of which it heard; "+
		"retry 2 of 3 after a pause")
	last := ends(trace.Answer, b, acquire(bob, 5), 0, 0, 0, state(1<<64-1, 0, 0))
	last.Outcome = protocol.Unknown
	f.want(last, "b ─▶ bob | unknown | the IDs have come to an end: there is none above 18446744073709551615")
}

// What the value of a commit comes from.
func TestCommits(t *testing.T) {
	none, free, held := protocol.Proposal{}, protocol.Proposal{ID: 1}, protocol.Proposal{ID: 1, Holder: alice}
	for _, c := range []struct {
		over   protocol.Rules
		op     protocol.Operation
		base   protocol.Proposal
		holder protocol.Holder
		why    string
	}{
		{0, acquire(alice, 1), none, alice, "the lock is free"},
		{0, acquire(alice, 1), free, alice, "the lock is free since ID 1"},
		{0, acquire(alice, 1), held, alice, "alice has the lock already, by ID 1"},
		{0, acquire(bob, 1), held, alice, "alice holds the lock by ID 1, so that is committed again"},
		{0, release(alice, 1), none, protocol.Free, "the lock was free already"},
		{0, release(alice, 1), free, protocol.Free, "the lock was free already"},
		{0, release(alice, 1), held, protocol.Free, "frees what alice holds by ID 1"},
		{0, release(bob, 1), held, alice, "only its holder may release it, so alice is committed again"},
		{protocol.OwnerRelease, release(bob, 1), held, protocol.Free, "frees what alice holds by ID 1, though bob asks: owner-release is off"},
	} {
		f := newRun(t, "sound", c.over)
		f.tell(propose(a, c.op, 4, 0, state(1, 0, 0)))
		proposal := protocol.Proposal{ID: 4, Holder: c.holder}
		f.want(commit(a, c.op, c.base, proposal, set(a, b), 4),
			"a | commits 4 "+f.narrator.holder(c.holder).Words+" | promised by a and b; "+c.why)
	}

	// Who has jumped to an ID has promised it, whether refusals tell promises or not.
	f := newRun(t, "sound", protocol.OwnID)
	f.tell(propose(a, acquire(bob, 1), 4, 0, state(1, 0, 0)))
	f.tell(with(commit(a, acquire(bob, 1), protocol.Proposal{ID: 9}, protocol.Proposal{ID: 9, Holder: bob}, set(a, b), 9), func(e *trace.Event) { e.Jumped = true }))
	f.want(promise(a, b, 5, false, state(9, 9, bob)), "b ─▶ a | promise 5? | no: below 9, to which it jumped (event 2)")
}

// Without adopt, a commit is made from nothing. Where that makes a difference, it
// is said.
func TestAdoptOff(t *testing.T) {
	free, held := protocol.Proposal{ID: 1}, protocol.Proposal{ID: 1, Holder: alice}
	ignored := "alice holds the lock by ID 1, but that is ignored: adopt is off"
	for _, c := range []struct {
		over   protocol.Rules
		op     protocol.Operation
		known  protocol.Proposal
		holder protocol.Holder
		why    string
	}{
		{0, acquire(bob, 1), held, bob, ignored},
		{0, acquire(alice, 1), held, alice, "alice has the lock already, by ID 1"},
		{0, acquire(bob, 1), free, bob, "the lock is free since ID 1"},
		{0, release(bob, 1), held, protocol.Free, ignored},
		{0, release(alice, 1), held, protocol.Free, "frees what alice holds by ID 1"},
		{protocol.OwnerRelease, release(bob, 1), held, protocol.Free, "frees what alice holds by ID 1, though bob asks: owner-release is off"},
	} {
		for _, learned := range []bool{false, true} { // or stored before
			for _, aside := range []protocol.Rules{0, protocol.LearnAside} {
				f := newRun(t, "sound", protocol.Adopt|aside|c.over)
				before, learns := state(3, 0, 0), answered(protocol.PromiseResponse, 4, true)
				if learned {
					learns.Proposal = c.known
				} else {
					before.Accepted = c.known
				}
				f.tell(propose(a, c.op, 4, 0, before))
				f.tell(with(count(a, b, learns, state(4, 0, 0)), func(e *trace.Event) {
					e.Learned = learned
					if aside != 0 || !learned {
						e.State.Accepted = c.known
					}
				}))
				f.want(commit(a, c.op, protocol.Proposal{}, protocol.Proposal{ID: 4, Holder: c.holder}, set(a, b), 4),
					"a | commits 4 "+f.narrator.holder(c.holder).Words+" | promised by a and b; "+c.why)
			}
		}
	}

	// What the instance accepts from others in the meantime is no part of the round,
	// unless it keeps what it learns in the same place.
	for aside, why := range map[protocol.Rules]string{0: "the lock is free", protocol.LearnAside: ignored} {
		f := newRun(t, "sound", protocol.Adopt|aside)
		f.tell(propose(a, acquire(bob, 1), 4, 0, state(3, 0, 0)))
		f.tell(accept(a, b, held, true, true, state(4, 1, alice)))
		f.want(commit(a, acquire(bob, 1), protocol.Proposal{}, protocol.Proposal{ID: 4, Holder: bob}, set(a, b), 4),
			"a | commits 4 bob | promised by a and b; "+why)
	}
}

// What a proposer's own acceptor does with its commit.
func TestOwnAcceptor(t *testing.T) {
	op := acquire(alice, 1)
	own := commit(b, op, protocol.Proposal{}, protocol.Proposal{ID: 8, Holder: alice}, set(b, c), 11)
	begin := "b | commits 8 alice | promised by b and c; the lock is free; "
	for over, why := range map[protocol.Rules]string{
		protocol.SelfRules:                        "self-rules is off",
		protocol.RefuseStale:                      "refuse-stale is off",
		protocol.SelfRules | protocol.RefuseStale: "refuse-stale and self-rules are off",
	} {
		f := newRun(t, "sound", over)
		f.tell(propose(b, op, 8, 0, state(7, 0, 0)))
		f.tell(promise(b, c, 9, true, state(9, 0, 0)))
		f.tell(accept(b, c, protocol.Proposal{ID: 9, Holder: bob}, true, true, state(9, 9, bob)))
		f.tell(promise(b, a, 11, true, state(11, 9, bob)))
		f.want(own, begin+"stores that itself, though its promise is 11, promised to a (event 4): "+why+
			"; the newer ID 9 (bob) is overwritten (event 3)")
	}

	f := newRun(t, "sound", protocol.AckAccepted)
	f.tell(propose(b, op, 8, 0, state(7, 0, 0)))
	f.tell(accept(b, c, protocol.Proposal{ID: 8, Holder: bob}, true, true, state(8, 8, bob)))
	f.tell(promise(b, a, 11, true, state(11, 8, bob)))
	f.want(with(own, func(e *trace.Event) { e.Stored, e.State = false, state(11, 8, bob) }), begin+
		"its own acceptor says yes without storing it: below 11, promised to a (event 3), but the ID is the one that it has accepted (ack-accepted is off)")
	f.want(count(b, c, answered(protocol.CommitResponse, 8, false), state(11, 8, bob)), "c ─▶ b | no commit 8 | 1 of 3 says no")

	f = newRun(t, "published", 0)
	f.tell(accept(a, b, protocol.Proposal{ID: 5, Holder: bob}, true, true, state(0, 5, bob)))
	f.tell(propose(a, op, 1, 0, state(0, 5, bob)))
	jump := commit(a, op, protocol.Proposal{ID: 5, Holder: bob}, protocol.Proposal{ID: 5, Holder: bob}, set(a, c), 5)
	f.want(jump, "a | commits 5 bob | promised by a and c; bob holds the lock by ID 5, so that is committed again; "+
		"jumps from ID 1, which was promised, to ID 5, which was only accepted (own-id is off)")
}

// A yes that is not counted was said all the same.
func TestUncounted(t *testing.T) {
	f := newRun(t, "sound", 0)
	op := acquire(alice, 1)
	f.tell(propose(a, op, 4, 0, state(0, 0, 0)))
	f.tell(promise(b, a, 4, true, state(4, 0, 0)))
	backoff := ends(trace.Backoff, a, op, 1, set(a), set(c), state(6, 0, 0))
	backoff.Try, backoff.Pause = 1, true
	f.want(backoff, "a | backs off | only a's own promise of ID 4 was counted; c said no: no majority; promises 6, of which it heard; "+
		"retry 1 of 3 after a pause")

	f.tell(propose(a, op, 7, 1, state(6, 0, 0)))
	f.tell(promise(b, a, 7, true, state(7, 0, 0)))
	f.tell(promise(a, c, 9, true, state(9, 0, 0)))
	own := commit(a, op, protocol.Proposal{}, protocol.Proposal{ID: 7, Holder: alice}, set(a, b), 9)
	own.Stored, own.State, own.Asked = false, state(9, 0, 0), set(b, c)
	f.tell(own)
	answer := ends(trace.Answer, a, op, 1, 0, set(a, c), state(9, 0, 0))
	answer.Outcome = protocol.Unknown
	f.tell(accept(b, a, own.Proposal, true, true, state(7, 7, alice)))
	f.want(answer, "a ─▶ alice | unknown | no yes to commit 7 was counted; a and c said no: no majority; b has not been heard, so it may take effect or not")
}

// An answer from local state where a majority says something else, or nothing.
func TestLocalAnswers(t *testing.T) {
	for _, c := range []struct {
		yea     protocol.Set
		value   protocol.Holder // what was committed
		outcome protocol.Outcome
		why     string
	}{
		{set(a, b), alice, protocol.Acquired, "a and b said yes to commit 4"},
		{set(a), alice, protocol.Acquired, "only a itself said yes to commit 4; b said no: no majority, yet a believes its own state (ack-majority is off)"},
		{set(a, c), bob, protocol.Acquired, "a and c said yes to commit 4; b said no, yet a believes its own state (ack-majority is off)"},
		{set(a, c), bob, protocol.Refused, "bob holds the lock"},
		{set(a, c), alice, protocol.Refused, "bob holds the lock, as a believes by its own state (ack-majority is off); a and c said yes to commit 4; b said no"},
	} {
		f := newRun(t, "sound", protocol.AckMajority)
		op := acquire(alice, 1)
		f.tell(propose(a, op, 4, 0, state(0, 0, 0)))
		f.tell(commit(a, op, protocol.Proposal{}, protocol.Proposal{ID: 4, Holder: c.value}, set(a, b), 4))
		answer := ends(trace.Answer, a, op, 2, c.yea, set(b)&^c.yea, state(4, 4, c.value))
		answer.Outcome, answer.Holder = c.outcome, alice
		if c.outcome == protocol.Refused {
			answer.Holder = bob
		}
		f.want(answer, "a ─▶ alice | "+c.outcome.String()+" | "+c.why)
	}
}

// What a vote means where a majority does not end the phase, or is none.
func TestVotes(t *testing.T) {
	op := acquire(alice, 1)
	yes := answered(protocol.PromiseResponse, 1, true)
	f := newRun(t, "concurrent", 0)
	f.tell(propose(a, op, 1, 0, state(0, 0, 0)))
	f.want(count(a, b, yes, state(1, 0, 0)), "b ─▶ a | promised 1 | 2 of 3 say yes, with its own, a majority, but it waits for c too: early-stop-promise is off")
	f.want(count(a, c, yes, state(1, 0, 0)), "c ─▶ a | promised 1 | 3 of 3 say yes")

	f = newRun(t, "sequential", 0)
	first := propose(a, op, 1, 0, state(0, 0, 0))
	first.Asked = set(b)
	f.want(first, "a | proposes ID 1 | promised 0 + increment 1; asks b first")
	asks := count(a, b, yes, state(1, 0, 0))
	asks.Asked = set(c)
	f.want(asks, "b ─▶ a | promised 1 | 2 of 3 say yes, with its own, a majority; now asks c")

	f = newRun(t, "timeouts", 0)
	f.tell(first)
	expire := at(trace.Expire, a)
	expire.Calls, expire.Asked, expire.State = set(b), set(c), state(1, 0, 0)
	f.want(expire, "⏱ a | timeout | no answer from b within 500 ms, which counts as no; now asks c")
	fail := on(trace.Fail, a, c, failed(protocol.PromiseRequest, 1))
	fail.Reason, fail.Asked, fail.State = trace.CrashedPeer, set(b), state(1, 0, 0)
	f.want(fail, "c ─✗ a | no connection | connection refused, which counts as no: 2 of 3 say no, a majority; now asks b")

	f = newRun(t, "sound", protocol.Majority)
	f.tell(propose(a, op, 1, 0, state(0, 0, 0)))
	f.want(count(a, b, answered(protocol.PromiseResponse, 1, false), state(1, 0, 0)), "b ─▶ a | no promise 1 | 1 of 3 says no, enough with majority off")
	f.tell(with(commit(a, op, protocol.Proposal{}, protocol.Proposal{ID: 1, Holder: alice}, set(a), 1), func(e *trace.Event) { e.Cause = 2 }))
	late := on(trace.Ignore, a, c, yes)
	late.Reason, late.State = trace.PhaseOver, state(1, 1, alice)
	f.want(late, "c ─▶ a | promised 1 | not needed: enough had said yes (event 2)")
	answer := ends(trace.Answer, a, op, 2, set(a), 0, state(1, 1, alice))
	answer.Outcome, answer.Holder, answer.Won = protocol.Acquired, alice, true
	f.want(answer, "a ─▶ alice | acquired | only a itself said yes to commit 1: enough with majority off")
	f.tell(propose(a, op, 4, 0, state(1, 1, alice)))
	answer = ends(trace.Answer, a, op, 2, 0, set(b), state(4, 1, alice))
	answer.Outcome = protocol.Unknown
	f.want(answer, "a ─▶ alice | unknown | nobody promised ID 4; b said no: too few, and no retry is left; nothing was committed for alice, and who holds the lock is not known")
}

// What may become of a commit that has no majority: nothing, where everybody has
// refused it and nothing is left that could be accepted.
func TestUnknown(t *testing.T) {
	for _, this := range []struct {
		name    string
		yes, no []int8
		accepts []int8 // without being heard
		over    protocol.Rules
		why     string
	}{
		{"all refuse", nil, []int8{b, c}, nil, 0, "nobody said yes to commit 4; a, b and c said no: no majority, and nobody has accepted it: it takes no effect"},
		{"all refuse, and may forget it", nil, []int8{b, c}, nil, protocol.Durable, "nobody said yes to commit 4; a, b and c said no: no majority, so it may take effect or not"},
		{"one is missing", nil, []int8{b}, nil, 0, "nobody said yes to commit 4; a and b said no: no majority; c has not been heard, so it may take effect or not"},
		{"two are missing", nil, nil, nil, 0, "nobody said yes to commit 4; a said no: no majority; b and c have not been heard, so it may take effect or not"},
		{"one has accepted", []int8{b}, []int8{c}, nil, 0, "b said yes to commit 4; a and c said no: no majority, so it may take effect or not"},
		{"one has, which was not heard", nil, []int8{b, c}, []int8{c}, 0, "no yes to commit 4 was counted; a, b and c said no: no majority, so it may take effect or not"},
	} {
		f := newRun(t, "sound", this.over)
		op := acquire(alice, 1)
		f.tell(propose(a, op, 4, 0, state(0, 0, 0)))
		own := commit(a, op, protocol.Proposal{}, protocol.Proposal{ID: 4, Holder: alice}, set(a, b), 9)
		own.Stored, own.State, own.Asked = false, state(9, 0, 0), set(b, c)
		f.tell(own)
		for _, p := range this.accepts {
			f.tell(accept(p, a, protocol.Proposal{ID: 4, Holder: alice}, true, true, state(4, 4, alice)))
		}
		for _, p := range this.yes {
			f.tell(count(a, p, answered(protocol.CommitResponse, 4, true), state(9, 0, 0)))
		}
		for _, p := range this.no {
			f.tell(count(a, p, answered(protocol.CommitResponse, 4, false), state(9, 0, 0)))
		}
		answer := ends(trace.Answer, a, op, 2, set(this.yes...), set(append(this.no, a)...), state(9, 0, 0))
		answer.Outcome = protocol.Unknown
		f.want(answer, "a ─▶ alice | unknown | "+this.why)
	}
}

// In a schedule a timeout passes when it is said to, and nobody has waited so long.
func TestTimeoutOfSchedule(t *testing.T) {
	for took, why := range map[trace.Time]string{
		500 * trace.Millisecond:   "no answer from b and c within 500 ms, which counts as no",
		500*trace.Millisecond - 1: "the timeout passes without an answer from b and c, which counts as no",
	} {
		f := newRun(t, "sound", 0)
		f.hurried = true
		begins := propose(a, acquire(alice, 1), 4, 0, state(0, 0, 0))
		begins.Asked = set(b, c)
		f.tell(begins)
		expire := at(trace.Expire, a)
		expire.Calls = set(b, c)
		f.waited = took - trace.Millisecond // beside the one to the next event
		f.want(expire, "⏱ a | timeout | "+why)
	}
}

// A client that gives up may be told what becomes of its operation.
func TestGivingUp(t *testing.T) {
	for _, c := range []struct {
		kind trace.Kind
		why  string
	}{
		{trace.Wait, "no answer from a within 2 ms; the acquire may still take effect"},
		{trace.Lose, "no answer from a within 2 ms; its call was lost (event 2)"},
		{trace.Answer, "no answer from a within 2 ms; the answer is under way (event 2)"},
	} {
		f := newRun(t, "sound", 0)
		op := acquire(alice, 1)
		f.tell(f.operation(trace.Call, a, op))
		f.tell(with(f.operation(c.kind, a, op), func(e *trace.Event) {
			if c.kind == trace.Wait {
				e.Reason = trace.TurnTaken
			}
		}))
		f.want(f.operation(trace.GiveUp, a, op), "⏱ alice | gives up | "+c.why)
	}
}

// What a crash ended before anything was committed for it does not take effect any more.
func TestGivingUpAfterACrash(t *testing.T) {
	for _, c := range []struct {
		last int // of its events, the one before the crash
		why  string
	}{
		{1, "a crashed before it committed anything for it (event 2)"},
		{2, "a crashed before it committed anything for it (event 3)"},
		{3, "the acquire may still take effect"},
	} {
		f := newRun(t, "sound", 0)
		op := acquire(alice, 1)
		wait := f.operation(trace.Wait, a, op)
		wait.Reason = trace.TurnTaken
		events := []trace.Event{wait, propose(a, op, 1, 0, state(0, 0, 0)), commit(a, op, protocol.Proposal{}, protocol.Proposal{ID: 1, Holder: alice}, set(a, b), 1)}
		for _, e := range append(events[:c.last], at(trace.Crash, a)) {
			f.tell(e)
		}
		f.want(f.operation(trace.GiveUp, a, op), fmt.Sprintf("⏱ alice | gives up | no answer from a within %d ms; %s", c.last+2, c.why))
	}
}

// Without a majority for a name that was carried on, what is not known is whether that one
// holds the lock: the client's own wish was not committed.
func TestCarriedWithoutMajority(t *testing.T) {
	f := newRun(t, "sound", 0)
	op := acquire(alice, 1)
	f.tell(propose(b, op, 8, 0, state(8, 4, bob)))
	f.tell(commit(b, op, protocol.Proposal{ID: 4, Holder: bob}, protocol.Proposal{ID: 8, Holder: bob}, set(b, c), 8))
	answer := ends(trace.Answer, b, op, 8, set(b), set(a, c), state(8, 8, bob))
	answer.Outcome = protocol.Unknown
	f.want(answer, "b ─▶ alice | unknown | only b itself said yes to commit 8; a and c said no: no majority, so b cannot tell whether bob holds the lock")
}
