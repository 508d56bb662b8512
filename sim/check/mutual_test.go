package check

import (
	"testing"

	"skinny/protocol"
	"skinny/sim/trace"
)

func TestMutualExclusionTellsBoth(t *testing.T) {
	s := newStory(0, 3)
	first, second, third := s.call(protocol.Acquire, alice), s.call(protocol.Acquire, bob), s.call(protocol.Acquire, carol)
	since := s.answer(first, protocol.Acquired, alice)
	again := s.call(protocol.Acquire, alice)
	s.answer(again, protocol.Acquired, alice)                                   // alice holds it anyway
	s.answer(s.call(protocol.Release, carol), protocol.Released, protocol.Free) // not hers
	both := s.answer(second, protocol.Acquired, bob)
	s.answer(third, protocol.Acquired, carol) // the first violation is told
	if since != 4 || both != 9 {
		t.Fatalf("events %d and %d", since, both)
	}
	s.violated(t, "mutual-exclusion", 9, "held by another", "bob is told acquired while alice has held the lock since event 4")
}

func TestMutualExclusionEndsWithTheCallOfARelease(t *testing.T) {
	s := newStory(0, 3)
	s.answer(s.call(protocol.Acquire, alice), protocol.Acquired, alice)
	s.call(protocol.Release, alice) // no answer is needed
	s.answer(s.call(protocol.Acquire, bob), protocol.Acquired, bob)
	s.kept(t, "mutual-exclusion")
}

func TestMutualExclusionIgnoresWhatIsNotReceived(t *testing.T) {
	s := newStory(0, 3)
	first, second := s.call(protocol.Acquire, alice), s.call(protocol.Acquire, bob)
	s.add(trace.Event{Kind: trace.GiveUp, Operation: s.operations[first-1]})
	s.add(trace.Event{
		Kind: trace.Answer, Reason: trace.ClientGone,
		Operation: s.operations[first-1], Outcome: protocol.Acquired, Holder: alice,
	})
	s.answer(second, protocol.Acquired, bob)
	s.answer(s.call(protocol.Acquire, carol), protocol.Refused, bob)
	s.kept(t, "mutual-exclusion")
}

func TestMutualExclusionWaitsForTheAnswerToArrive(t *testing.T) {
	s := newStory(0, 3)
	first, second := s.call(protocol.Acquire, alice), s.call(protocol.Acquire, bob)
	for _, op := range []int{first, second} {
		o := s.operations[op-1]
		s.add(trace.Event{Kind: trace.Answer, Operation: o, Outcome: protocol.Acquired, Holder: o.Holder})
	}
	s.kept(t, "mutual-exclusion")
	for _, op := range []int{first, second} {
		o := s.operations[op-1]
		s.add(trace.Event{Kind: trace.Receive, Operation: o, Outcome: protocol.Acquired, Holder: o.Holder})
	}
	s.violated(t, "mutual-exclusion", 6, "held by another", "bob is told acquired while alice has held the lock since event 5")
}

// A client that has released since it asked does not hold the lock by a late answer;
// one that asks anew does.
func TestMutualExclusionKnowsWhoHasReleased(t *testing.T) {
	s := newStory(0, 3)
	first := s.call(protocol.Acquire, alice)
	release := s.call(protocol.Release, alice)
	s.answer(first, protocol.Acquired, alice)
	s.answer(release, protocol.Released, protocol.Free)
	s.answer(s.call(protocol.Acquire, bob), protocol.Acquired, bob)
	s.kept(t, "mutual-exclusion")
	s.answer(s.call(protocol.Acquire, alice), protocol.Acquired, alice)
	s.violated(t, "mutual-exclusion", 8, "held by another", "alice is told acquired while bob has held the lock since event 6")
}
