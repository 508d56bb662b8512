package check

import (
	"testing"

	"skinny/protocol"
	"skinny/sim"
	"skinny/sim/trace"
)

func TestAcknowledgedWithoutMajority(t *testing.T) {
	s := newStory(0, 5)
	first, second := s.call(protocol.Acquire, alice), s.call(protocol.Release, alice)
	s.commit(first, 0, 1, alice, 0)
	s.accept(1, 1, alice, true)
	s.accept(1, 1, alice, true)
	s.accept(2, 1, alice, false)
	s.accept(3, 1, bob, true)
	s.accept(4, 2, alice, true)
	s.answer(first, protocol.Acquired, alice)
	s.accept(2, 1, alice, true) // too late
	s.answer(second, protocol.Released, protocol.Free)
	s.violated(t, "acknowledged", 9, "acquired, accepted by a minority",
		"a answers alice acquired, but its commit (event 3) was accepted by a and b only, and a majority is 3 of 5")
}

func TestAcknowledgedByTheLastCommit(t *testing.T) {
	s := newStory(0, 3)
	op := s.call(protocol.Release, alice)
	s.commit(op, 0, 1, protocol.Free, 0)
	s.accept(1, 1, protocol.Free, true)
	s.commit(op, 0, 4, protocol.Free, 0)
	s.answer(op, protocol.Released, protocol.Free)
	s.violated(t, "acknowledged", 5, "released, accepted by a minority",
		"a answers alice released, but its commit (event 4) was accepted by a only, and a majority is 2 of 3")

	s = newStory(0, 3)
	op = s.call(protocol.Release, alice)
	s.commit(op, 0, 1, protocol.Free, 0)
	s.commit(op, 0, 4, protocol.Free, 0)
	s.accept(2, 4, protocol.Free, true)
	s.answer(op, protocol.Released, protocol.Free)
	s.kept(t, "acknowledged")
}

func TestAcknowledgedOfAnotherValue(t *testing.T) {
	s := newStory(0, 3)
	op := s.call(protocol.Acquire, alice)
	s.commit(op, 0, 1, bob, 0)
	s.accept(1, 1, bob, true)
	s.answer(op, protocol.Acquired, alice)
	s.violated(t, "acknowledged", 4, "acquired, another value committed",
		"a answers alice acquired, but its commit (event 2) was of ID 1 with holder bob")
}

func TestAcknowledgedWithoutCommit(t *testing.T) {
	s := newStory(0, 3)
	s.answer(s.call(protocol.Release, alice), protocol.Released, protocol.Free)
	s.violated(t, "acknowledged", 2, "released, nothing committed", "a answers alice released, but has committed nothing for that")
}

func TestAcknowledgedIsOnlyAboutYes(t *testing.T) {
	s := newStory(0, 3)
	first := s.call(protocol.Acquire, alice)
	s.commit(first, 0, 1, bob, 0)
	s.answer(first, protocol.Refused, bob)
	s.answer(s.call(protocol.Release, alice), protocol.NotReleased, bob)
	s.answer(s.call(protocol.Acquire, carol), protocol.Unknown, protocol.Free)
	s.answer(s.call(protocol.Status, protocol.Free), protocol.Answered, protocol.Free)
	s.kept(t, "acknowledged")
}

// TestAcknowledgedAlone is a commit that reaches nobody in the published program.
func TestAcknowledgedAlone(t *testing.T) {
	s := twoWinners(t)
	s.timeline = s.timeline[:1]
	s.fates = []sim.Fate{{Kind: sim.DropFate, Message: protocol.CommitRequest, From: protocol.All(3), To: protocol.All(3)}}
	for _, latency := range []trace.Time{0, 10 * trace.Millisecond} {
		s.latency = latency
		v := find(t, s.judge(), "acknowledged")
		if v.State != Violated {
			t.Errorf("with a client latency of %d ns: %+v", latency, v)
		}
	}
}
