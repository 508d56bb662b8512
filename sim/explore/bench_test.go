package explore

import (
	"testing"

	"skinny/sim/explore/search"
)

// BenchmarkExplore is three instances and two clients that acquire and release,
// edition sound, nothing lost, one timeout.
func BenchmarkExplore(b *testing.B) {
	c := newConfig("sound", 3, 2)
	c.Limits = Limits{Timeouts: 1}
	m, err := New(c)
	if err != nil {
		b.Fatal(err)
	}
	var r *search.Result
	for b.Loop() {
		if r, err = search.BreadthFirst(m, search.Options{}); err != nil {
			b.Fatal(err)
		}
	}
	seconds := b.Elapsed().Seconds() / float64(b.N)
	b.ReportMetric(float64(r.Total)/seconds, "transitions/s")
	b.ReportMetric(float64(r.Distinct)/seconds, "distinct/s")
}
