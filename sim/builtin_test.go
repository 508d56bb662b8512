package sim_test

import (
	"math"
	"testing"

	"skinny/protocol"
	"skinny/sim"
	"skinny/sim/trace"
)

// count is an observer that only counts.
type count struct{ events int }

func (c *count) Observe(*trace.Event) { c.events++ }

// BenchmarkPrograms is the event loop with the built-in protocol in all instances, and with
// the same behind the interface of programs, in turns: the best of each.
func BenchmarkPrograms(b *testing.B) {
	e, _ := protocol.EditionByName("sound")
	own, played := newWorkload(b, "sound", 5, 20), newWorkload(b, "sound", 5, 20)
	var run sim.Timed
	sim.Players{"": {Program: sim.BuiltIn(e.Rules)}}.Play(played.cluster.Instances)
	best := [2]float64{math.Inf(1), math.Inf(1)}
	for b.Loop() {
		for k, w := range []*workload{own, played} {
			c := count{}
			at := b.Elapsed()
			for _, t := range w.timetables {
				run.Reset(&w.cluster, t)
				run.World().Observe(&c)
				run.Run()
			}
			best[k] = min(best[k], float64((b.Elapsed()-at).Nanoseconds())/float64(c.events))
		}
	}
	b.ReportMetric(best[1]/best[0], "ratio")
	b.ReportMetric(best[0], "built-in-ns/event")
	b.ReportMetric(best[1], "played-ns/event")
}
