package swarm

import (
	"testing"

	"skinny/protocol"
)

// BenchmarkTrial runs and judges seeds of five instances with three clients and 20
// operations, in a network where everything goes wrong.
func BenchmarkTrial(b *testing.B) {
	profile, _ := ProfileByName("network")
	sound, _ := protocol.EditionByName("sound")
	set := Setting{Rules: sound.Rules, Knobs: profile.Knobs}
	set.Knobs[Instances] = Span{5, 5}
	set.Knobs[Clients] = Span{3, 3}
	set.Knobs[Operations] = Span{20, 20}
	trial := NewTrial(&set)
	seed := uint64(0)
	b.ReportAllocs()
	for b.Loop() {
		trial.Run(seed)
		seed++
	}
	elapsed := b.Elapsed().Seconds()
	b.ReportMetric(float64(seed)/elapsed, "seeds/s")
	b.ReportMetric(float64(trial.Met[Calls])/float64(seed), "operations/seed")
	b.ReportMetric(float64(trial.Met[Rounds])/elapsed, "rounds/s")
	b.ReportMetric(float64(trial.Met[Events])/elapsed, "events/s")
}
