package sweep

import (
	"fmt"
	"testing"

	"skinny/sim/swarm"
)

// Seeds are independent, so twice the workers should run twice the seeds, if there
// are as many cores.
func BenchmarkSweep(b *testing.B) {
	set := swarm.Setting{Rules: rulesOf(b, "sound"), Knobs: knobsOf(b, "network")}
	set.Knobs[swarm.Instances] = swarm.Span{Low: 5, High: 5}
	set.Knobs[swarm.Clients] = swarm.Span{Low: 3, High: 3}
	set.Knobs[swarm.Operations] = swarm.Span{Low: 20, High: 20}
	for _, workers := range []int{1, 2, 4, 8} {
		b.Run(fmt.Sprint(workers), func(b *testing.B) {
			const seeds = 4000
			runs, rounds := 0, uint64(0)
			for b.Loop() {
				r := Run(Config{Setting: &set, Seeds: Seeds{First: 1, Step: 1, Count: seeds}, Workers: workers, Recheck: 64})
				runs++
				rounds += r.Met[swarm.Rounds]
			}
			b.ReportMetric(float64(runs*seeds)/b.Elapsed().Seconds(), "seeds/s")
			b.ReportMetric(float64(rounds)/b.Elapsed().Seconds(), "rounds/s")
		})
	}
}
