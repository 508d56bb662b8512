package explore

import (
	"fmt"
	"testing"

	"skinny/sim/explore/search"
)

// BenchmarkExplore is three instances and two clients that acquire and release,
// edition sound, nothing lost, one timeout: 0.4 million states without a retry and 1.9
// million with one.
func BenchmarkExplore(b *testing.B) {
	for _, retries := range []uint8{0, 1} {
		for _, workers := range []int{1, 2} {
			b.Run(fmt.Sprintf("retries=%d/workers=%d", retries, workers), func(b *testing.B) {
				m, err := New(within(newConfig("sound", 3, 2), Limits{Timeouts: 1, Retries: retries}))
				if err != nil {
					b.Fatal(err)
				}
				var r *search.Result
				for b.Loop() {
					if r, err = search.BreadthFirst(m, search.Options{Workers: workers}); err != nil {
						b.Fatal(err)
					}
				}
				seconds := b.Elapsed().Seconds() / float64(b.N)
				b.ReportMetric(float64(r.Total)/seconds, "transitions/s")
				b.ReportMetric(float64(r.Distinct)/seconds, "distinct/s")
			})
		}
	}
}
