package search

import (
	"encoding/binary"
	"fmt"
	"slices"
	"testing"
)

// twoPhase is two-phase commit with a number of resource managers: Gray and Lamport,
// "Consensus on Transaction Commit" (2006), appendix A.2, module TwoPhase. A
// message that was sent stays: a receiver may take it again.
type twoPhase struct {
	managers  int
	symmetric bool // resource managers are interchangeable
}

// The state of the transaction manager and of a resource manager.
const (
	tmInit = iota
	tmCommitted
	tmAborted
)

const (
	rmWorking = iota
	rmPrepared
	rmCommitted
	rmAborted
)

// A resource manager takes four bits of a state: two for its own state, one for
// whether it has sent Prepared, and one for whether the transaction manager has
// received that. The transaction manager's state is above them: its Commit or
// Abort message has been sent just when it is in that state.
const (
	rmBits     = 4
	rmSent     = 1 << 2
	rmReceived = 1 << 3
)

func (m *twoPhase) tmShift() int       { return rmBits * m.managers }
func (m *twoPhase) Identity() string   { return fmt.Sprintf("two-phase commit, %d managers", m.managers) }
func (m *twoPhase) Bounds() []string   { return nil }
func (m *twoPhase) Explorer() Explorer { return m }
func (m *twoPhase) Initial(out *Out)   { m.add(out, 0) }
func (m *twoPhase) Properties() []Property {
	return []Property{{"consistent", Always}, {"commits", Sometimes}, {"aborts", Sometimes}}
}

func (m *twoPhase) add(out *Out, s uint64) {
	var committed, aborted bool
	for r := range m.managers {
		switch s >> (rmBits * r) & 3 {
		case rmCommitted:
			committed = true
		case rmAborted:
			aborted = true
		}
	}
	var marks Marks
	if committed && aborted {
		marks |= Mark(0)
	}
	if committed {
		marks |= Mark(1)
	}
	if aborted {
		marks |= Mark(2)
	}
	if m.symmetric {
		s = m.sorted(s)
	}
	out.Add(binary.LittleEndian.AppendUint64(out.Buffer(), s), marks)
}

// sorted is the state with the resource managers in order: each is told from the
// others by nothing but its four bits, so that is canonical.
func (m *twoPhase) sorted(s uint64) uint64 {
	var list [16]uint64
	for r := range m.managers {
		list[r] = s >> (rmBits * r) & (1<<rmBits - 1)
	}
	slices.Sort(list[:m.managers])
	s &^= 1<<m.tmShift() - 1
	for r, v := range list[:m.managers] {
		s |= v << (rmBits * r)
	}
	return s
}

func (m *twoPhase) Expand(state []byte, out *Out) {
	s := binary.LittleEndian.Uint64(state)
	tm := s >> m.tmShift()
	everybody := true
	for r := range m.managers {
		everybody = everybody && s>>(rmBits*r)&rmReceived != 0
	}
	if tm == tmInit && everybody {
		m.add(out, s|tmCommitted<<m.tmShift()) // TMCommit
	}
	if tm == tmInit {
		m.add(out, s|tmAborted<<m.tmShift()) // TMAbort
	}
	for r := range m.managers {
		at := rmBits * r
		rm := s >> at
		state := rm & 3
		if tm == tmInit && rm&rmSent != 0 {
			m.add(out, s|rmReceived<<at) // TMRcvPrepared
		}
		if state == rmWorking {
			m.add(out, s|(rmPrepared|rmSent)<<at) // RMPrepare
			m.add(out, s|rmAborted<<at)           // RMChooseToAbort
		}
		if tm == tmCommitted {
			m.add(out, s&^(3<<at)|rmCommitted<<at) // RMRcvCommitMsg
		}
		if tm == tmAborted {
			m.add(out, s&^(3<<at)|rmAborted<<at) // RMRcvAbortMsg
		}
	}
}

// The counts are those on which TLC, SPIN and stateright agree.
func TestTwoPhase(t *testing.T) {
	cases := []struct {
		model           twoPhase
		distinct, total uint64
	}{
		{twoPhase{3, false}, 288, 0},
		{twoPhase{5, false}, 8_832, 0},
		{twoPhase{8, false}, 1_745_408, 18_507_778},
		{twoPhase{3, true}, 80, 0},
		{twoPhase{5, true}, 314, 0},
	}
	for _, c := range cases {
		for _, workers := range []int{1, 2, 5} {
			if c.model.managers > 5 && (testing.Short() || workers != 2) {
				continue // it is large
			}
			r, err := BreadthFirst(&c.model, Options{Workers: workers})
			if err != nil {
				t.Fatal(err)
			}
			if r.Ending != Exhausted || r.Distinct != c.distinct || r.Expanded != c.distinct ||
				c.total != 0 && r.Total != c.total || r.Reached != Mark(1)|Mark(2) {
				t.Errorf("%+v with %d workers: %+v", c.model, workers, *r)
			}
		}
	}
}

func BenchmarkTwoPhase(b *testing.B) {
	for _, managers := range []int{6, 7, 8, 9, 10} {
		for _, workers := range []int{1, 2} {
			b.Run(fmt.Sprintf("managers=%d/workers=%d", managers, workers), func(b *testing.B) {
				var r *Result
				for b.Loop() {
					var err error
					if r, err = BreadthFirst(&twoPhase{managers: managers}, Options{Workers: workers}); err != nil {
						b.Fatal(err)
					}
				}
				seconds := b.Elapsed().Seconds() / float64(b.N)
				b.ReportMetric(float64(r.Total)/seconds, "generated/s")
				b.ReportMetric(float64(r.Distinct)/seconds, "distinct/s")
			})
		}
	}
}
