package check

import (
	"testing"

	"skinny/protocol"
	"skinny/sim"
)

func TestPromiseKeptByEveryone(t *testing.T) {
	s := newStory(0, 3)
	op := s.call(protocol.Acquire, alice)
	s.promise(0, 5, true)
	s.promise(0, 4, false)
	s.promise(0, 5, true) // again is not below
	s.accept(0, 4, alice, false)
	s.accept(0, 5, alice, true)
	s.restart(0)
	s.promise(1, 4, true) // somebody else
	s.promise(0, 7, true)
	s.commit(op, 0, 7, alice, 5)
	s.propose(0, 9)
	s.kept(t, "promise-kept")
}

func TestPromiseKeptCatchesEveryWay(t *testing.T) {
	for _, test := range []struct {
		name string
		act  func(s *story)
		why  string
	}{
		{"promises", func(s *story) { s.promise(1, 4, true) },
			"b promises ID 4 although it promised ID 5 before (event 3)"},
		{"proposes", func(s *story) { s.propose(1, 4) },
			"b proposes ID 4 although it promised ID 5 before (event 3)"},
		{"accepts", func(s *story) { s.accept(1, 3, alice, true) },
			"b accepts ID 3 although it promised ID 5 before (event 3)"},
		{"commits and accepts", func(s *story) { s.commit(1, 1, 4, alice, 0) },
			"b commits and accepts ID 4 although it promised ID 5 before (event 3)"},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := newStory(0, 3)
			s.call(protocol.Acquire, alice)
			s.promise(1, 2, true)
			s.promise(1, 5, true)
			s.restart(1)
			s.propose(2, 3)
			test.act(s)
			s.promise(1, 1, true) // the first violation is told
			s.violated(t, "promise-kept", 6, test.name, test.why)
		})
	}
}

// TestPromiseKeptInARun restarts an instance that has promised 2; it then promises
// 1, which is nothing bad in an edition that keeps its promises.
func TestPromiseKeptInARun(t *testing.T) {
	s := &setup{
		rules: edition(t, "published"), size: 3, link: steady,
		timeline: []sim.Decision{
			call(0, protocol.Acquire, bob, 1),
			fault(100, sim.RestartInstance, 2),
			call(200, protocol.Acquire, alice, 0),
			fault(500, sim.RestartInstance, 0),
			call(600, protocol.Acquire, carol, 0),
		},
	}
	v := find(t, s.judge(), "promise-kept")
	if v.State != Violated || v.Why.String() != "a proposes ID 1 although it promised ID 3 before (event 16)" {
		t.Errorf("%+v", v)
	}
	s.rules |= protocol.Durable
	if v := find(t, s.judge(), "promise-kept"); v.State != Kept {
		t.Errorf("durable: %+v", v)
	}
}
