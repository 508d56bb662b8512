package explore

import (
	"fmt"
	"testing"
	"time"

	"skinny/sim/explore/search"
)

func TestTwo(t *testing.T) {
	for _, prop := range PropertyNames() {
		c := newConfig("published", 3, 2)
		c.Limits = Limits{Timeouts: 2, Losses: 1, Retries: 1, Crashes: 0, Restarts: 0}
		c.Properties = []string{prop}
		m, _ := New(c)
		begin := time.Now()
		r, err := search.BreadthFirst(m, search.Options{})
		if err != nil {
			t.Fatal(err)
		}
		fmt.Println(prop, r.Ending, r.Distinct, r.Total, r.Depth, time.Since(begin))
		if r.Violation != nil {
			d, err := m.Replay(r.Violation.Path)
			fmt.Println(len(r.Violation.Path)-1, len(d), err)
		}
	}
}
