package explore

import (
	"math/rand/v2"
	"testing"

	"skinny/protocol"
	"skinny/sim/check"
	"skinny/sim/explore/search"
	"skinny/sim/trace"
)

// Of histories at random, right answers and wrong ones, the registers and the judge of
// package check think the same, answer by answer.
func TestRegistersAgreeWithJudge(t *testing.T) {
	broken := 0
	for seed := range uint64(4000) {
		r := rand.New(rand.NewPCG(seed, 3))
		c := newConfig("sound", 3, 3)
		c.Calls = append(c.Calls, c.Calls...)
		if seed%2 == 0 {
			c.Cluster.Rules &^= protocol.OwnerRelease
		}
		m, err := New(c)
		if err != nil {
			t.Fatal(err)
		}
		x := newExplorer(m)
		x.begin()
		judges, numbers := check.NewJudges(m.Header()), [MaxCalls]uint32{}
		number, events := uint32(0), 0
		tell := func(e trace.Event) {
			events++
			e.Number, e.Peer = events, trace.None
			x.past.Observe(&e)
			judges.Observe(&e)
		}
		lock := protocol.Free // after what was answered last, if all answers were right
		for range 30 {
			client := r.IntN(3)
			if n, any := x.nextCall(client); any {
				number++
				numbers[n], x.past.index[number] = number, uint8(n)
				tell(trace.Event{Kind: trace.Call, Instance: trace.None, Operation: operation(m, n, number)})
				continue
			}
			for n := m.first[client]; n < m.first[client+1]; n++ {
				if x.past.calls[n] != unanswered {
					continue
				}
				e := trace.Event{Kind: trace.Receive, Instance: trace.None, Operation: operation(m, n, numbers[n])}
				switch me := e.Operation.Holder; r.IntN(8) {
				case 0:
					e.Kind = trace.GiveUp
				case 1:
					e.Outcome = protocol.Unknown
				case 2, 3: // perhaps a lie
					e.Outcome, e.Holder = protocol.Acquired, me
					if r.IntN(2) == 0 {
						e.Outcome, e.Holder = protocol.Refused, protocol.Holder(1+r.IntN(3))
					}
					if e.Operation.Kind == protocol.Release {
						e.Outcome, e.Holder = protocol.Released, protocol.Free
						if r.IntN(2) == 0 {
							e.Outcome = protocol.NotReleased
						}
					}
				default:
					mine := lock == protocol.Free || lock == me
					switch {
					case e.Operation.Kind == protocol.Acquire && mine:
						e.Outcome, e.Holder, lock = protocol.Acquired, me, me
					case e.Operation.Kind == protocol.Acquire:
						e.Outcome, e.Holder = protocol.Refused, lock
					case mine || seed%2 == 0:
						e.Outcome, lock = protocol.Released, protocol.Free
					default:
						e.Outcome, e.Holder = protocol.NotReleased, lock
					}
				}
				tell(e)
			}
			want := false
			for _, v := range judges.Verdicts() {
				want = want || v.Property == check.Linearizability && v.State == check.Violated
			}
			if got := x.past.violated&search.Mark(linearizability) != 0; got != want {
				t.Fatalf("seed %d, after event %d: violated %v, and the judge says %v", seed, events, got, want)
			}
			if want {
				broken++
				break
			}
		}
	}
	if broken < 1000 || broken > 3000 {
		t.Errorf("%d histories are broken: the test is one-sided", broken)
	}
}

// operation is a call of a model as an operation of that number.
func operation(m *Model, n int, number uint32) protocol.Operation {
	c := &m.calls[n]
	return protocol.Operation{Kind: c.Kind, Holder: c.Holder, Number: number}
}
