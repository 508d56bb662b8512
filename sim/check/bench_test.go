package check

import (
	"testing"

	"skinny/protocol"
	"skinny/sim/trace"
)

// record is the log of a run of five instances in which clients take turns, some
// of them overlapping.
func record(t testing.TB, name string, operations int) (*trace.Header, []trace.Event) {
	var log trace.Log
	s := &setup{rules: edition(t, name), size: 5, link: rough}
	for n := range operations {
		kind := protocol.Acquire
		if n%4 >= 2 {
			kind = protocol.Release
		}
		holder := alice + protocol.Holder(n/4%3*2+n%2)
		s.timeline = append(s.timeline, call(trace.Time(70*n), kind, holder, protocol.Position(n*3%5)))
	}
	s.run(&log)
	return header(s.rules, 5), log.Events
}

// BenchmarkObserve is one event of a recorded run, Reset included once a run.
func BenchmarkObserve(b *testing.B) {
	for _, name := range []string{"published", "sound"} {
		b.Run(name, func(b *testing.B) {
			h, events := record(b, name, 500)
			j := NewJudges(h)
			b.ReportAllocs()
			at := 0
			for b.Loop() {
				j.Observe(&events[at])
				if at++; at == len(events) {
					at = 0
					j.Reset(h)
				}
			}
		})
	}
}

// BenchmarkRun is a whole recorded run with its verdicts.
func BenchmarkRun(b *testing.B) {
	for _, name := range []string{"published", "sound"} {
		b.Run(name, func(b *testing.B) {
			h, events := record(b, name, 500)
			j := NewJudges(h)
			b.ReportAllocs()
			for b.Loop() {
				j.Reset(h)
				for i := range events {
					j.Observe(&events[i])
				}
				j.Verdicts()
			}
			b.ReportMetric(float64(len(events)), "events/op")
		})
	}
}

func TestObserveDoesNotAllocate(t *testing.T) {
	for _, name := range []string{"published", "sound"} {
		h, events := record(t, name, 500)
		j := NewJudges(h)
		allocations := testing.AllocsPerRun(10, func() {
			j.Reset(h)
			for i := range events {
				j.Observe(&events[i])
			}
		})
		if allocations != 0 {
			t.Errorf("%s: %v allocations in a run of %d events", name, allocations, len(events))
		}
	}
}
