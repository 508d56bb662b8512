package explore

import (
	"fmt"
	"testing"
	"time"

	"skinny/sim/explore/search"
)

func TestTry2(t *testing.T) {
	for _, l := range []Limits{{}, {Retries: 1}, {Losses: 1}, {Timeouts: 1}, {Losses: 1, Timeouts: 1}, {Crashes: 1, Restarts: 1}} {
		c := newConfig("sound", 3, 2)
		c.Limits = l
		m, _ := New(c)
		begin := time.Now()
		r, err := search.BreadthFirst(m, search.Options{})
		if err != nil {
			t.Fatal(err)
		}
		fmt.Println(l, r.Distinct, r.Total, r.Depth, time.Since(begin))
	}
}
