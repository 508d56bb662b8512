package check

import (
	"math/rand/v2"
	"testing"

	"skinny/protocol"
	"skinny/sim"
)

func TestDurabilityOfALaterCommit(t *testing.T) {
	s := newStory(0, 3)
	first, second := s.call(protocol.Acquire, alice), s.call(protocol.Acquire, bob)
	s.commit(first, 0, 1, alice, 0)
	s.accept(1, 1, alice, true)
	s.commit(first, 0, 4, alice, 1)
	s.accept(1, 4, alice, true)
	s.commit(second, 2, 3, bob, 1) // below 4
	s.kept(t, "durability")
	s.commit(second, 2, 5, bob, 1)
	s.violated(t, "durability", 8, "ignored by a commit",
		"c commits ID 5 on the base of ID 1, although ID 4 with holder alice was chosen (event 6)")
}

func TestDurabilityOfNothing(t *testing.T) {
	s := newStory(0, 3)
	op := s.call(protocol.Release, alice)
	s.commit(op, 0, 1, protocol.Free, 0)
	s.accept(1, 1, protocol.Free, true)
	s.commit(op, 2, 3, protocol.Free, 0)
	s.violated(t, "durability", 4, "ignored by a commit",
		"c commits ID 3 on the base of nothing, although ID 1 with the free lock was chosen (event 3)")
}

func TestDurabilityOfAnEarlierCommit(t *testing.T) {
	s := newStory(0, 5)
	first, second := s.call(protocol.Acquire, alice), s.call(protocol.Acquire, bob)
	s.commit(first, 4, 1, alice, 0) // below all others
	s.commit(second, 3, 9, bob, 3)  // 3 is its base
	s.commit(second, 1, 5, bob, 2)
	s.commit(first, 0, 2, alice, 0)
	s.accept(2, 2, alice, true)
	s.accept(4, 2, alice, true) // chosen, and the base of 5
	s.commit(first, 0, 3, alice, 2)
	s.accept(2, 3, alice, true)
	s.kept(t, "durability")
	s.accept(4, 3, alice, true)
	s.violated(t, "durability", 11, "ignored by an earlier commit",
		"ID 3 with holder alice is chosen only now, and the later ID 5 does not build on it: b committed that (event 5) on the base of ID 2")
}

func TestDurabilityOfTheAccepted(t *testing.T) {
	s := newStory(0, 3)
	s.accept(2, 3, alice, true)
	s.accept(2, 5, alice, true)
	s.accept(2, 5, bob, true) // no matter here
	s.kept(t, "durability")
	s.accept(2, 4, bob, true)
	s.violated(t, "durability", 4, "goes back", "the accepted ID of c goes back from ID 5 (event 2) to ID 4")

	s = newStory(0, 3)
	s.restart(2) // there is nothing to forget
	s.accept(2, 3, alice, true)
	s.restart(2)
	s.violated(t, "durability", 3, "goes back in a restart", "the accepted ID of c goes back in a restart from ID 3 (event 2) to none")
}

func TestDurabilityInARun(t *testing.T) {
	s := &setup{
		rules: edition(t, "published"), size: 3, link: steady,
		timeline: []sim.Decision{
			call(0, protocol.Acquire, alice, 0),
			fault(100, sim.RestartInstance, 1),
		},
	}
	v := find(t, s.judge(), "durability")
	if v.State != Violated || v.Why.String() != "the accepted ID of b goes back in a restart from ID 1 (event 8) to none" {
		t.Errorf("%+v", v)
	}
	s.rules |= protocol.Durable
	if v := find(t, s.judge(), "durability"); v.State != Kept {
		t.Errorf("durable: %+v", v)
	}
}

// TestDurabilityByDefinition compares the judge with its definition, applied to
// all commits and all choices of every beginning of a random story.
func TestDurabilityByDefinition(t *testing.T) {
	violated := 0
	for seed := range uint64(3000) {
		r := rand.New(rand.NewPCG(seed, 1))
		s := newStory(0, 3)
		op := s.call(protocol.Acquire, alice)
		var bases, ids []protocol.ID
		accepted := map[protocol.Proposal]protocol.Set{}
		chosen := map[protocol.ID]bool{}
		for range 20 {
			at := int8(r.IntN(3))
			p := protocol.Proposal{ID: 1 + protocol.ID(r.IntN(30)), Holder: protocol.Holder(r.IntN(3))}
			s.states[at] = protocol.State{} // no instance's accepted ID is to go back here
			var last int
			if r.IntN(3) == 0 {
				base := protocol.ID(r.IntN(int(p.ID) + 1))
				last = s.commit(op, at, p.ID, p.Holder, base)
				bases, ids = append(bases, base), append(ids, p.ID)
			} else {
				last = s.accept(at, p.ID, p.Holder, true)
			}
			s.events[last-1].State = protocol.State{}
			accepted[p] = accepted[p].With(protocol.Position(at))
			if accepted[p].Len() == 2 {
				chosen[p.ID] = true
			}
			if lost(ids, bases, chosen) {
				violated++
				if v := s.verdict(t, "durability"); v.State != Violated || v.Event != last {
					t.Errorf("seed %d, event %d: %+v", seed, last, v)
				}
				break
			}
			s.kept(t, "durability")
		}
	}
	if violated < 1000 || violated > 2900 {
		t.Errorf("%d of 3000 stories are violations: the test is lopsided", violated)
	}
}

// lost is the definition: something chosen is not the base, or below it, of a
// commit above it.
func lost(ids, bases []protocol.ID, chosen map[protocol.ID]bool) bool {
	for i := range ids {
		for m := range chosen {
			if bases[i] < m && m < ids[i] {
				return true
			}
		}
	}
	return false
}
