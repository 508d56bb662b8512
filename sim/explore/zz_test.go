package explore

import (
	"testing"

	"skinny/sim/explore/search"
)

func TestTry2(t *testing.T) {
	for _, props := range [][]string{{"mutual-exclusion"}, {"agreement"}, {"acknowledged"}, {"promise-kept"}, {"durability"}, {"linearizability"},nil} {
		c := newConfig("sound", 3, 2)
		c.Limits = Limits{Losses: 0, Timeouts: 0, Retries: 1}
		c.Properties = props
		m, _ := New(c)
		r, err := search.BreadthFirst(m, search.Options{})
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%v %d %d depth %d", props, r.Distinct, r.Total, r.Depth)
	}
}
