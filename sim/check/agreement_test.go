package check

import (
	"testing"

	"skinny/protocol"
)

func TestAgreementOfCommits(t *testing.T) {
	s := newStory(0, 3)
	first, second := s.call(protocol.Acquire, alice), s.call(protocol.Release, bob)
	s.commit(first, 0, 4, alice, 0)
	s.commit(second, 1, 5, bob, 0)
	s.commit(first, 2, 4, alice, 0) // twice the same is none
	s.accept(2, 6, carol, true)     // what nobody has committed
	s.commit(first, 0, 6, alice, 0)
	s.accept(1, 6, carol, true)
	s.kept(t, "agreement")
	s.commit(second, 1, 4, protocol.Free, 0)
	s.commit(second, 2, 4, bob, 0)
	s.violated(t, "agreement", 9, "committed twice",
		"b commits ID 4 with the free lock, but a had committed it with holder alice (event 3)")
}

func TestAgreementOfChoices(t *testing.T) {
	s := newStory(0, 5)
	for at := range int8(3) {
		s.accept(at, 4, alice, true)
	}
	s.accept(3, 4, bob, false)
	for at := range int8(2) {
		s.accept(at, 4, bob, true)
		s.accept(at, 4, bob, true) // a copy does not count
	}
	s.accept(0, 5, bob, true)
	s.kept(t, "agreement")
	s.accept(4, 4, bob, true)
	s.accept(3, 4, bob, true)
	s.violated(t, "agreement", 10, "chosen twice",
		"ID 4 with holder bob is chosen, but a majority had chosen it with holder alice (event 3)")
}

// TestAgreementInARun lets two instances with the same increment win the same ID,
// one after the other has crashed and forgotten that it had promised it.
func TestAgreementInARun(t *testing.T) {
	for seed := range uint64(100) {
		s := random(edition(t, "published"), 3, seed)
		s.increment = 1
		if v := find(t, s.judge(), "agreement"); v.State == Violated {
			return
		}
	}
	t.Error("never violated")
}
