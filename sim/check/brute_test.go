package check

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"skinny/protocol"
	"skinny/sim/trace"
)

// bruteOp is an operation of the checker that tries everything.
type bruteOp struct {
	kind    protocol.OperationKind
	holder  protocol.Holder
	outcome protocol.Outcome // NoOutcome: pending
	told    protocol.Holder
	call    int
	answer  int
}

// lock is what one lock does with an operation: every holder that it may have
// afterwards. It says none if it cannot have given the answer.
func (o *bruteOp) lock(x protocol.Holder, ownerRelease bool) []protocol.Holder {
	if o.kind == protocol.Acquire {
		after := x
		if x == protocol.Free {
			after = o.holder
		}
		told := o.outcome == protocol.Acquired && after == o.holder ||
			o.outcome == protocol.Refused && after != o.holder && after == o.told
		if told || o.outcome == protocol.NoOutcome {
			return []protocol.Holder{after}
		}
		return nil
	}
	after := protocol.Free
	if ownerRelease && x != o.holder {
		after = x
	}
	switch {
	case o.outcome == protocol.NoOutcome,
		o.outcome == protocol.Released && after == protocol.Free,
		o.outcome == protocol.NotReleased && ownerRelease && after != protocol.Free:
		return []protocol.Holder{after}
	case o.outcome == protocol.NotReleased && !ownerRelease:
		return []protocol.Holder{x, protocol.Free}
	}
	return nil
}

// bruteForce tries all orders of all answered and any pending operations.
func bruteForce(ops []bruteOp, placed uint, x protocol.Holder, ownerRelease bool) bool {
	first := math.MaxInt // the first answer of what is not placed: nothing called later comes before
	for i := range ops {
		if placed>>i&1 == 0 && ops[i].outcome != protocol.NoOutcome {
			first = min(first, ops[i].answer)
		}
	}
	if first == math.MaxInt {
		return true
	}
	for i := range ops {
		if placed>>i&1 == 1 || ops[i].call > first {
			continue
		}
		for _, after := range ops[i].lock(x, ownerRelease) {
			if bruteForce(ops, placed|1<<i, after, ownerRelease) {
				return true
			}
		}
	}
	return false
}

// bruteBroken is the first answer event at which the story's history has no
// order, or 0.
func bruteBroken(s *story, ownerRelease bool) int {
	var ops []bruteOp
	for _, e := range s.events {
		if e.Kind == trace.Call {
			ops = append(ops, bruteOp{kind: e.Operation.Kind, holder: e.Operation.Holder, call: e.Number})
			continue
		}
		if e.Outcome == protocol.Unknown {
			continue
		}
		o := &ops[e.Operation.Number-1]
		o.outcome, o.told, o.answer = e.Outcome, e.Holder, e.Number
		if !bruteForce(ops, 0, protocol.Free, ownerRelease) {
			return e.Number
		}
	}
	return 0
}

// drawHistory draws a history of a few operations. A lock takes them at random
// moments and some of the answers are then changed, so that many histories are wrong.
func drawHistory(t *rapid.T, ownerRelease bool, operations int) *story {
	rules := protocol.Rules(0)
	if ownerRelease {
		rules = protocol.OwnerRelease
	}
	s := newStory(rules, 3)
	clients := rapid.IntRange(2, 4).Draw(t, "clients")
	x := protocol.Free
	type open struct {
		op    int
		taken bool
		bruteOp
	}
	var pending []open
	for range rapid.IntRange(4, 4*operations).Draw(t, "moves") {
		if move := rapid.IntRange(0, 2).Draw(t, "move"); move == 0 || len(pending) == 0 {
			if len(s.operations) == operations {
				continue
			}
			kind := rapid.SampledFrom([]protocol.OperationKind{acquire, acquire, release}).Draw(t, "kind")
			holder := protocol.Holder(rapid.IntRange(1, clients).Draw(t, "holder"))
			pending = append(pending, open{s.call(kind, holder), false, bruteOp{kind: kind, holder: holder}})
			continue
		}
		i := rapid.IntRange(0, len(pending)-1).Draw(t, "which")
		o := &pending[i]
		if !o.taken {
			o.taken = true
			x = o.take(x, ownerRelease, rapid.IntRange(0, 7).Draw(t, "fails") == 0)
			continue
		}
		switch rapid.IntRange(0, 5).Draw(t, "change") {
		case 0:
			o.outcome = protocol.Unknown
		case 1:
			o.told = protocol.Holder(rapid.IntRange(0, clients).Draw(t, "told"))
		case 2:
			o.outcome = map[protocol.Outcome]protocol.Outcome{
				acquired: refused, refused: acquired, released: notReleased, notReleased: released,
			}[o.outcome]
		}
		s.answer(o.op, o.outcome, o.told)
		pending = append(pending[:i], pending[i+1:]...)
	}
	return s
}

// take lets the lock take an operation and returns who holds it then.
func (o *bruteOp) take(x protocol.Holder, ownerRelease, fails bool) protocol.Holder {
	switch {
	case o.kind == acquire && (x == protocol.Free || x == o.holder):
		o.outcome, o.told = acquired, o.holder
		return o.holder
	case o.kind == acquire:
		o.outcome, o.told = refused, x
		return x
	case ownerRelease && x != protocol.Free && x != o.holder, !ownerRelease && fails:
		o.outcome, o.told = notReleased, x
		return x
	}
	o.outcome, o.told = released, protocol.Free
	return protocol.Free
}

// TestLinearizabilityByBruteForce compares the judge with a checker that simply
// tries everything, verdict and event: by following the orders, and by searches.
func TestLinearizabilityByBruteForce(t *testing.T) {
	rounds := 20 // of a hundred histories
	if testing.Short() {
		rounds = 1
	}
	for _, ownerRelease := range []bool{true, false} {
		broken, kept := 0, 0
		for range rounds {
			rapid.Check(t, func(r *rapid.T) {
				s := drawHistory(r, ownerRelease, 7)
				want := bruteBroken(s, ownerRelease)
				if want == 0 {
					kept++
				} else {
					broken++
				}
				v := s.judged(configurations)
				if v.Event != want || (v.State == Violated) != (want != 0) || v.State == Undecided {
					r.Errorf("got %+v, want event %d", v, want)
				}
				if event, decided := s.searched(); event != want || !decided {
					r.Errorf("the oracle says event %d (decided: %v), want %d", event, decided, want)
				}
			})
		}
		if broken == 0 || kept == 0 {
			t.Errorf("%d histories are broken and %d are not: the test is one-sided", broken, kept)
		}
	}
}

// TestLinearizabilityInFewSteps drops orders: what is decided then is right all the same.
func TestLinearizabilityInFewSteps(t *testing.T) {
	states := map[State]int{}
	few := func(r *rapid.T) {
		s := drawHistory(r, true, 7)
		want := bruteBroken(s, true)
		v := s.judged(rapid.IntRange(4, 12).Draw(r, "configurations"))
		if v.State == Kept && want != 0 || v.State == Violated && v.Event != want {
			r.Errorf("got %+v, want event %d", v, want)
		}
		states[v.State]++
		l := observed(s.header, s.events)
		l.orders.limit = 4
		for n := range l.answers {
			if l.orders.follow(l.operations, l.answers[:n+1]); len(l.orders.reached) > 1 {
				r.Errorf("of 4 configurations %d are kept", len(l.orders.reached))
			}
		}
	}
	for range 10 { // one in 25 histories is undecided
		rapid.Check(t, few)
	}
	if len(states) < 3 && !testing.Short() {
		t.Errorf("the verdicts are only %v", states)
	}
}

// judged is the verdict on linearizability within a number of configurations.
func (s *story) judged(configurations int) Verdict {
	j := NewJudges(s.header)
	j.linearizability.orders.limit = configurations
	for i := range s.events {
		j.Observe(&s.events[i])
	}
	return j.linearizability.Verdict()
}
