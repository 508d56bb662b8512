package check

import (
	"testing"

	"pgregory.net/rapid"

	"skinny/protocol"
	"skinny/sim/trace"
)

// TestOrdersAndSearchesAgree compares the two ways to decide a history on more
// operations than brute force can try.
func TestOrdersAndSearchesAgree(t *testing.T) {
	for _, ownerRelease := range []bool{true, false} {
		broken, kept := 0, 0
		rapid.Check(t, func(r *rapid.T) {
			s := drawHistory(r, ownerRelease, 14)
			want, decided := s.searched()
			if !decided {
				return
			}
			if want > 0 {
				broken++
			} else {
				kept++
			}
			if v := s.judged(configurations); v.Event != want || v.State == Undecided {
				r.Errorf("the orders say  %+v\na search says event %d", v, want)
			}
		})
		if broken == 0 || kept == 0 {
			t.Errorf("%d histories are broken and %d are not: the test is one-sided", broken, kept)
		}
	}
}

// TestOrdersOfManyOpen has more open operations than a configuration has bits.
func TestOrdersOfManyOpen(t *testing.T) {
	for _, open := range []int{openOperations*3/4 - 1, openOperations} {
		s := newStory(protocol.OwnerRelease, 3)
		for range open {
			s.call(acquire, alice)
		}
		s.did(acquire, bob, refused, alice) // one more, while it is open
		s.kept(t, "linearizability")
		s.did(acquire, bob, refused, carol)
		want := Violated
		if open == openOperations {
			want = Undecided // what found no place might have explained it
		}
		if v := s.verdict(t, "linearizability"); v.State != want || v.State == Violated && v.Event != len(s.events) {
			t.Errorf("%d open: %+v", open, v)
		}
	}
	// Those whose effect explains nothing take no room.
	s := newStory(protocol.OwnerRelease, 3)
	for range 2 * openOperations {
		s.call(acquire, carol)
		s.call(release, carol)
	}
	s.did(acquire, alice, acquired, alice)
	s.did(acquire, bob, acquired, bob)
	if v := s.verdict(t, "linearizability"); v.State != Violated {
		t.Errorf("%+v", v)
	}
	// Those that have answers to be explained are not left out.
	for _, open := range []int{openOperations, openOperations + 1} {
		s := newStory(protocol.OwnerRelease, 3)
		var calls []int
		for range open {
			calls = append(calls, s.call(acquire, alice))
		}
		for _, op := range calls {
			s.answer(op, acquired, alice)
		}
		want := Kept
		if open > openOperations {
			want = Undecided
		}
		if v := s.verdict(t, "linearizability"); v.State != want {
			t.Errorf("%d open: %+v", open, v)
		}
	}
}

// TestOrdersAreFew pins how many configurations an answer may take. The first asks
// for a holder: the free lock is tried, and each of the eight who may have it. Who
// else had it and released leaves the free lock as before, with less to come.
// It does not matter who releases where anybody may.
func TestOrdersAreFew(t *testing.T) {
	for _, rules := range []protocol.Rules{protocol.OwnerRelease, 0} {
		s := tangle(8)
		s.header.Rules = rules
		l := observed(s.header, s.events)
		for limit, want := range map[int]result{8: gaveUp, 9: unexplained} {
			l.orders.limit = limit
			if _, r := l.orders.follow(l.operations, l.answers); r != want {
				t.Errorf("with %d configurations: %d, want %d", limit, r, want)
			}
		}
	}
}

// TestOrdersKeepNothingSuperfluous: what has changed the lock less often, or has
// explained more, makes the other superfluous, whichever comes first.
func TestOrdersKeepNothingSuperfluous(t *testing.T) {
	list := []configuration{pair(3, 3), pair(1, 1), pair(1, 3), pair(1, 2)}
	var o orders
	for _, c := range list {
		o.keep(&c)
	}
	if len(o.reached) != 1 || o.reached[0] != list[2] {
		t.Errorf("%+v", o.reached)
	}
}

// TestOrdersTakeTheFirstOfAlike has two acquires of alice change the lock, one after
// the other: the one that is answered first must come first.
func TestOrdersTakeTheFirstOfAlike(t *testing.T) {
	for _, swapped := range []bool{false, true} {
		s := newStory(protocol.OwnerRelease, 3)
		first, second := s.call(acquire, alice), s.call(acquire, alice)
		if swapped {
			first, second = second, first
		}
		s.answer(first, acquired, alice)
		s.did(release, alice, released, protocol.Free)
		s.did(acquire, bob, refused, alice)
		s.answer(second, acquired, alice)
		s.kept(t, "linearizability")
	}
}

// TestOrdersOfLongHistories has more operations than bits, but few at a time.
func TestOrdersOfLongHistories(t *testing.T) {
	s := newStory(protocol.OwnerRelease, 3)
	for range openOperations {
		s.did(acquire, alice, acquired, alice)
		s.did(release, alice, released, protocol.Free)
	}
	if v := s.judged(configurations); v.State != Kept {
		t.Errorf("%+v", v)
	}
}

// TestLinearizabilityAskedOften asks for the verdict after every event: it is what it
// would be if it had never been asked before.
func TestLinearizabilityAskedOften(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		s := drawHistory(r, rapid.Bool().Draw(r, "owner-release"), 10)
		l := &NewJudges(s.header).linearizability
		for i := range s.events {
			l.Observe(&s.events[i])
			want := observed(s.header, s.events[:i+1]).Verdict()
			if v := l.Verdict(); v != want {
				r.Fatalf("event %d: got %+v, want %+v", i+1, v, want)
			}
		}
	})
}

// observed is the judge that has seen these events.
func observed(h *trace.Header, events []trace.Event) *linearizability {
	l := &NewJudges(h).linearizability
	for i := range events {
		l.Observe(&events[i])
	}
	return l
}

// TestDecidingDoesNotAllocate, once the memory has grown.
func TestDecidingDoesNotAllocate(t *testing.T) {
	tangled := tangle(8)
	h, events := record(t, "sound", 60)
	for state, l := range map[State]*linearizability{
		Violated: observed(tangled.header, tangled.events),
		Kept:     observed(h, events),
	} {
		if v := l.Verdict(); v.State != state {
			t.Fatalf("not %s: %+v", state, v)
		}
		allocations := testing.AllocsPerRun(10, func() {
			l.tried, l.broken = 0, 0
			l.decide()
		})
		if allocations != 0 {
			t.Errorf("%s: %v allocations", state, allocations)
		}
	}
}

// pair is a configuration of operations that have only the lowest bits.
func pair(used, done uint64) configuration {
	return configuration{used: mask{used}, done: mask{done}}
}
