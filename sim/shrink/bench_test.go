package shrink

import (
	"slices"
	"testing"
)

// benchmarks are failures of five instances with twenty operations.
var benchmarks = []struct {
	name     string
	off      []string // rules of the edition sound; none: the edition published
	property string
}{
	{"published/mutual-exclusion", nil, "mutual-exclusion"},
	{"refuse-stale/mutual-exclusion", []string{"refuse-stale"}, "mutual-exclusion"},
	{"refuse-stale/linearizability", []string{"refuse-stale"}, "linearizability"},
	{"accept-raises/durability", []string{"accept-raises"}, "durability"},
}

func BenchmarkShrink(b *testing.B) {
	for _, it := range benchmarks {
		b.Run(it.name, func(b *testing.B) {
			rules := published(b)
			if it.off != nil {
				rules = rulesWithout(b, it.off...)
			}
			// Among the first failures, the one with the most decisions.
			var worst *failure
			for seed, found := uint64(0), 0; found < 5 && seed < 20_000; seed++ {
				f := tryRun(rules, seed, 20)
				if f.cluster.Size() == 5 && slices.Contains(f.properties, it.property) {
					if found++; worst == nil || len(f.decisions) > len(worst.decisions) {
						worst = f
					}
				}
			}
			tried := 0
			for b.Loop() {
				r, err := Shrink(worst.cluster, worst.decisions, it.property, Options{})
				if err != nil {
					b.Fatal(err)
				}
				tried = r.Tried
			}
			b.ReportMetric(float64(len(worst.decisions)), "decisions")
			b.ReportMetric(float64(tried), "candidates")
		})
	}
}
