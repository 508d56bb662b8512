package counterexample

import (
	"fmt"
	"strings"
	"testing"

	"skinny/scenarios"
	"skinny/sim/check"
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
		if p.File.Title.Value != "Two clients hold the lock at once" || p.Property != "mutual-exclusion" || p.Passing == nil || p.File.Then.Given || p.File.Seed.Given {
			t.Errorf("it is called %q, by %+v", p.File.Title.Value, p.File)
		}
		if want := "Found by exploring every order of events of \"Two winners, nothing lost, nobody down\".\nAfter these "; !strings.HasPrefix(p.File.About.Value, want) {
			t.Errorf("its account is %s", p.File.About.Value)
		}
		if strings.Contains(p.File.About.Value, "and after no fewer") != shortest {
			t.Errorf("shortest %v: %s", shortest, p.File.About.Value)
		}
	}

	// The run beside it keeps the property to its end, and says where they part.
	p, err := Found(s, m, r.Violation, true)
	if err != nil {
		t.Fatal(err)
	}
	f, err := p.Kept(s, m)
	if err != nil {
		t.Fatal(err)
	}
	want := fmt.Sprintf("The run that goes like the one in which mutual-exclusion is violated, up to decision %d:\n`%s` instead of\n`%s`.\n", p.Passing.At+1,
		scenarios.DecisionText(m.Cluster(), p.Passing.Instead), scenarios.DecisionText(m.Cluster(), p.Decisions[p.Passing.At]))
	if f.Title.Value != "mutual-exclusion is kept" || f.About.Value != want || !f.Then.Value {
		t.Errorf("%q: %s, not %s", f.Title.Value, f.About.Value, want)
	}
	var kept []string
	for i := range f.Schedule.Value {
		kept = append(kept, f.Schedule.Value[i].String())
	}
	for i, d := range Timed(m.Cluster(), p.Passing.Decisions) {
		if text := scenarios.DecisionText(m.Cluster(), d); i >= len(kept) || kept[i] != text {
			t.Errorf("decision %d is not %s in %q", i+1, text, kept)
		}
	}
	if at := p.Passing.At; len(kept) <= at || !strings.HasSuffix(kept[at], scenarios.DecisionText(m.Cluster(), p.Passing.Instead)) {
		t.Errorf("decision %d is not the other one in %q", at+1, kept)
	}
	for file, is := range map[*scenarios.File]check.State{f: check.Kept, p.File: check.Violated} {
		s, err := file.Compile(scenarios.Overrides{})
		if err != nil {
			t.Fatal(err)
		}
		o, err := s.Run()
		if err != nil || o.Failed() {
			t.Errorf("%s fails: %v, %+v", file.Title.Value, err, o)
			continue
		}
		for _, v := range o.Verdicts {
			if v.Property == "mutual-exclusion" && v.State != is {
				t.Errorf("%s: %v", file.Title.Value, v)
			}
		}
	}
}

// A client that waits for ever is told of in other words, and no run is like one that stands still.
func TestFoundProgress(t *testing.T) {
	s := read(t, []byte("format: 1\nedition: sequential\ntitle: Waiting\ninstances: [a, b]\ntimeline: [{at: 0ms, acquire: alice, via: a}]\nexplore: {losses: 1}\n"))
	config, _ := s.ExploreConfig()
	config.Properties = []string{check.ProgressName}
	m, err := explore.New(config)
	if err != nil {
		t.Fatal(err)
	}
	r, err := search.BreadthFirst(m, search.Options{Workers: 1})
	if err != nil || r.Violation == nil {
		t.Fatal(err, r)
	}
	p, err := Found(s, m, r.Violation, true)
	if err != nil {
		t.Fatal(err)
	}
	const about = "Found by exploring every order of events of \"Waiting\".\nAfter these 2 decisions a client waits, and nothing can happen any more, and after no fewer.\n"
	if p.Passing != nil || p.File.Title.Value != "A client waits in vain" || p.File.About.Value != about || len(p.Decisions) != 2 {
		t.Errorf("%+v:\n%s", p, p.File.Encode())
	}
}
