package exploration

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"skinny/cmd/internal/report"
	"skinny/scenarios"
	"skinny/sim/explore"
	"skinny/sim/explore/search"
)

// Ctrl-C in the depth in which a violation was found does not take it away: it is
// told to its end, and said to be one of perhaps several lengths.
func TestInterruptedAfterViolation(t *testing.T) {
	t.Chdir(t.TempDir())
	var out, errs bytes.Buffer
	file, err := scenarios.Open("two-winners")
	if err != nil {
		t.Fatal(err)
	}
	s, err := file.Compile(scenarios.Overrides{})
	if err != nil {
		t.Fatal(err)
	}
	x := &Exploration{
		Console:  &report.Console{Out: &out, Err: &errs, Width: report.DefaultWidth},
		Scenario: s, Search: "bfs", Memory: 1e9, Save: "kept.bin",
	}
	x.Config, x.Events = s.ExploreConfig()
	x.Config.Properties = []string{"mutual-exclusion"}
	if x.model, err = explore.New(x.Config); err != nil {
		t.Fatal(err)
	}
	if err := x.search(); err != nil {
		t.Fatal(err)
	}
	x.result.Ending = search.Interrupted
	x.Interrupted.Store(true)
	if err := x.report(); err != nil {
		t.Fatal(err)
	}
	var e *report.Exit
	if err := x.Verdict(); !errors.As(err, &e) || e.Code != report.ExitUnmet || e.Message != "skinny: interrupted after a violation was found" {
		t.Errorf("%v", err)
	}
	for _, want := range []string{
		"✗ mutual-exclusion is violated\n",
		"violated after 11 decisions; the search ended before",
		"b ─▶ bob      acquired", // the last event of the story
		"saved      counterexample-mutual-exclusion.yaml\n",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is missing in\n%s", want, out.String())
		}
	}
	for _, no := range []string{"no violation found", "after no fewer", "kept in"} {
		if strings.Contains(out.String(), no) {
			t.Errorf("%q is said in\n%s", no, out.String())
		}
	}
}

// A way is said to be a shortest one only where all that are shorter were looked at.
func TestShortest(t *testing.T) {
	const four = "violated after 4 decisions"
	for _, c := range []struct {
		order  string
		ending search.Ending
		want   string
	}{
		{"bfs", search.Violated, four + ", and after no fewer"},
		{"iterative", search.Violated, four + ", and after no fewer"},
		{"bfs", search.Interrupted, four + "; the search ended before it had looked at all ways of this length, so there may be a shorter one"},
		{"bfs", search.OutOfMemory, four + "; the search ended before it had looked at all ways of this length, so there may be a shorter one"},
		{"dfs", search.Violated, four + "; there may be a shorter way, which --search bfs finds"},
	} {
		x := &Exploration{Search: c.order, result: &search.Result{Ending: c.ending, Violation: &search.Violation{Path: make([][]byte, 5)}}}
		if got := x.proven(); got != c.want {
			t.Errorf("%s, %v: %q", c.order, c.ending, got)
		}
	}
}

// The line of progress says how far it is, and how long the depth takes.
func TestProgressLine(t *testing.T) {
	line := progress(&search.Result{Depth: 30, Distinct: 123456789, Expanded: 1e6, Left: 1e6, Bytes: 1e9}, 500_000, time.Hour)
	for _, part := range []string{"  depth 30 · 123,456,789 states · ", " · 138 a second · 1,000 MB · this depth in 2h0m0s"} {
		if !strings.Contains(line, part) {
			t.Errorf("%q is missing in %q", part, line)
		}
	}
}

// That restarts have no effect is said where nothing stops an instance, by whatever bound.
func TestRestartsAlone(t *testing.T) {
	s, err := scenarios.Load("two-winners", scenarios.Overrides{})
	if err != nil {
		t.Fatal(err)
	}
	for bound, said := range map[explore.Bound]bool{explore.Losses: true, explore.Crashes: false, explore.Wipes: false, explore.Tears: false} {
		x := &Exploration{Scenario: s, Search: "bfs"}
		x.Config, _ = s.ExploreConfig()
		x.Config.Limits = explore.Limits{explore.Restarts: 1}
		x.Config.Limits[bound] = 1
		if x.model, err = explore.New(x.Config); err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		p := report.NewPage(&out, report.DefaultWidth)
		x.head(p)
		p.Flush()
		if strings.Contains(out.String(), "have no effect without crashes") != said {
			t.Errorf("with %s:\n%s", bound, out.String())
		}
	}
}
