package counterexample

import (
	"strings"
	"testing"

	"skinny/scenarios"
	"skinny/sim/explore"
	"skinny/sim/explore/search"
)

// Only a search that knows that its way is the shortest says so.
func TestFoundShortest(t *testing.T) {
	s, err := scenarios.Load("two-winners", scenarios.Overrides{})
	if err != nil {
		t.Fatal(err)
	}
	config, _ := s.ExploreConfig()
	config.Properties = []string{"mutual-exclusion"}
	config.Reductions = explore.Reductions{Stale: true, Instances: true, Clients: true, Past: true}
	m, err := explore.New(config)
	if err != nil {
		t.Fatal(err)
	}
	r, err := search.BreadthFirst(m, search.Options{Workers: 1})
	if err != nil || r.Violation == nil {
		t.Fatal(err, r)
	}
	for _, shortest := range []bool{true, false} {
		p, err := Found(s, m, r.Violation, shortest)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(p.File.About.Value, "and after no fewer") != shortest {
			t.Errorf("shortest %v: %s", shortest, p.File.About.Value)
		}
	}
}
