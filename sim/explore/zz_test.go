package explore

import (
	"fmt"
	"testing"
	"time"

	"skinny/sim/explore/search"
)

func TestTry2(t *testing.T) {
	for _, l := range []Limits{{}, {Retries: 1}, {Losses: 1}, {Timeouts: 1}, {Losses: 1, Timeouts: 1}, {Crashes: 1, Restarts: 1}, {Losses: 1, Timeouts: 1, Retries: 1}, {Losses: 1, Timeouts: 1, Crashes: 1, Restarts: 1}, {Losses: 2, Timeouts: 2}} {
		c := newConfig("sound", 3, 2)
		c.Limits = l
		m, _ := New(c)
		begin := time.Now()
		r, err := search.BreadthFirst(m, search.Options{})
		if err != nil {
			t.Fatal(err)
		}
		println(fmt.Sprintf("%v %d %d depth %d %.1fs", l, r.Distinct, r.Total, r.Depth, time.Since(begin).Seconds()))
	}
}
