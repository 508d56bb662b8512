package exploration

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"skinny/cmd/internal/report"
	"skinny/protocol"
	"skinny/scenarios"
	"skinny/scenarios/counterexample"
	"skinny/sim"
	"skinny/sim/explore"
	"skinny/sim/explore/search"
)

// exploring is an exploration of a scenario, which has not begun.
func exploring(t *testing.T, name string, out, errs io.Writer) *Exploration {
	t.Helper()
	s, err := scenarios.Load(name, scenarios.Overrides{})
	if err != nil {
		t.Fatal(err)
	}
	x := &Exploration{
		Console:  &report.Console{Out: out, Err: errs, Width: report.DefaultWidth},
		Scenario: s, Search: "bfs", Memory: 1e9, Again: "skinny explore it",
	}
	x.Config, x.Events = s.ExploreConfig()
	if x.model, err = explore.New(x.Config); err != nil {
		t.Fatal(err)
	}
	return x
}

// A size is read as it is written, in the largest unit that has it.
func TestSizes(t *testing.T) {
	for text, want := range map[string]Size{
		"1KB": 1e3, "500MB": 5e8, "4GB": 4e9, "4gb": 4e9, "2000MB": 2e9, "1500mB": 15e8, "2147483647KB": 2147483647e3,
	} {
		got, err := ParseSize(text)
		if again, _ := ParseSize(got.String()); err != nil || got != want || again != want {
			t.Errorf("%s is %d, written as %s: %v", text, got, got, err)
		}
	}
	for size, want := range map[Size]string{1e3: "1KB", 999e3: "999KB", 5e8: "500MB", 15e8: "1500MB", 4e9: "4GB"} {
		if size.String() != want {
			t.Errorf("%d is written as %s", size, size)
		}
	}
	for _, text := range []string{"", "4", "GB", "0GB", "-1GB", "+1GB", "1.5GB", "1 GB", "4TB", "4GBs", "2147483648KB", "0x1GB"} {
		if size, err := ParseSize(text); err == nil {
			t.Errorf("%q is a size: %d", text, size)
		}
	}
}

// How a search ends is its exit code, and what is left to say.
func TestVerdict(t *testing.T) {
	x := exploring(t, "two-winners", io.Discard, io.Discard)
	x.Memory = 5e8
	violation := &search.Violation{}
	var all search.Marks
	for i := range x.model.Properties() {
		all |= 1 << i
	}
	for _, c := range []struct {
		result  search.Result
		code    int
		message string
	}{
		{search.Result{Ending: search.Exhausted, Reached: all}, report.ExitClaimed, ""},
		{search.Result{Ending: search.TooDeep, Reached: all}, report.ExitClaimed, ""},
		{search.Result{Ending: search.Exhausted}, report.ExitVacuous, "skinny: never: a client acquires, a holder is learned, a round is refused; a proof about a scenario in which\nthat cannot happen says little (more clients or larger bounds may help)"},
		{search.Result{Ending: search.TooDeep}, report.ExitVacuous, "skinny: never: a client acquires, a holder is learned, a round is refused; a proof about a scenario in which\nthat cannot happen says little (more clients or larger bounds may help)"},
		{search.Result{Ending: search.Violated, Violation: violation}, report.ExitUnmet, ""},
		{search.Result{Ending: search.Interrupted, Violation: violation}, report.ExitUnmet, "skinny: interrupted after a violation was found"},
		{search.Result{Ending: search.OutOfMemory, Violation: violation}, report.ExitUnmet, ""},
		{search.Result{Ending: search.Interrupted}, report.ExitInterrupted, "skinny: interrupted; this is what was found so far"},
		{search.Result{Ending: search.OutOfMemory}, report.ExitNotExhaustive, "skinny: the memory (--memory 500MB) was used up before all states were expanded"},
	} {
		x.result = &c.result
		e := &report.Exit{}
		if errors.As(x.Verdict(), &e); e.Code != c.code || e.Message != c.message {
			t.Errorf("ended by %v, violation %v: %d, %q, want %d, %q", c.result.Ending, c.result.Violation, e.Code, e.Message, c.code, c.message)
		}
	}
}

// What a search found so far is said to be no more than that, and how to go on with it: with
// more memory if that was used up.
func TestEndedEarly(t *testing.T) {
	for ending, memory := range map[search.Ending]string{search.OutOfMemory: "2GB", search.Interrupted: "1GB"} {
		var out bytes.Buffer
		x := exploring(t, "two-winners", &out, io.Discard)
		x.Save, x.kept = "half way.bin", &search.Search{}
		x.result = &search.Result{Ending: ending, Distinct: 4000, Expanded: 3000, Total: 5000, Depth: 7, Cut: make([]uint64, len(explore.Bounds())), Peak: 9_950_000}
		if err := x.print(); err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{
			"  states     4,000 distinct, of 5,000 generated; depth 7; 1,000 not expanded\n",
			"  memory     9.9 MB at most for tables and frontier\n",
			"  ? mutual-exclusion: not violated so far, and not proven\n",
			"  ? not so far: a client acquires\n",
			"  no violation found, not exhaustive: 25 % of the states that were met are still\n  to be expanded\n",
			"  kept in    half way.bin\n  again: skinny explore it --memory " + memory + " --resume 'half way.bin'\n",
		} {
			if !strings.Contains(out.String(), want) {
				t.Errorf("%v: %q is missing in\n%s", ending, want, out.String())
			}
		}
		if strings.Contains(out.String(), "That is proven") || strings.Contains(out.String(), "cut off") || strings.Contains(out.String(), "sometimes") {
			t.Errorf("%v:\n%s", ending, out.String())
		}
		out.Reset()
		if err := x.printResult(); err != nil {
			t.Fatal(err)
		}
		var said exploreResult
		if err := json.Unmarshal(out.Bytes(), &said); err != nil || said.Exhaustive || said.Frontier != 1000 || said.Kept != "half way.bin" || said.Ending != endings[ending] ||
			len(said.Unreached) != 3 || said.Reached == nil || len(said.Judged) != 7 {
			t.Errorf("%v: %+v, %v", ending, said, err)
		}
	}
}

// A search that goes on with another one says from where, and what it has done itself.
func TestResumedNumbers(t *testing.T) {
	var out bytes.Buffer
	x := exploring(t, "two-winners", &out, io.Discard)
	x.Resume, x.took = "half.bin", 2*time.Second
	x.before = search.Result{Distinct: 3000, Total: 8000}
	x.result = &search.Result{Distinct: 5000, Expanded: 5000, Total: 14000, Cut: make([]uint64, len(explore.Bounds())), Peak: 10_000_000}
	p := x.Page()
	x.head(p)
	x.numbers(p)
	p.Flush()
	for _, want := range []string{
		"  search     breadth first, from 3,000 states on\n",
		"  speed      1,000 distinct and 3,000 generated a second, 2s\n",
		"  memory     10 MB at most",
		"  states     5,000 distinct, of 14,000 generated; depth 0\n",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is missing in\n%s", want, out.String())
		}
	}
}

// What cannot be saved is told: the scenario itself in place of how to run its file.
func TestUnsaved(t *testing.T) {
	gone := filepath.Join(t.TempDir(), "gone")
	if err := os.Mkdir(gone, 0o777); err != nil {
		t.Fatal(err)
	}
	t.Run("a passing run", func(t *testing.T) {
		t.Chdir(t.TempDir())
		var out, errs bytes.Buffer
		x := exploring(t, "two-winners", &out, &errs)
		x.Config.Properties, x.File = []string{"acknowledged"}, strings.Repeat("x", 250)+".yaml" // -passing is too long
		if err := x.Run(); err != nil || !strings.HasPrefix(errs.String(), "skinny explore: the nearest passing run cannot be saved: ") || x.saved != x.File || x.passingSaved != "" {
			t.Errorf("%v, %q", err, errs.String())
		}
		if !strings.Contains(strings.Join(strings.Fields(out.String()), " "), "what is then pending happens") {
			t.Errorf("%s", out.String())
		}
	})
	t.Run("over another", func(t *testing.T) {
		t.Chdir(t.TempDir())
		var out, errs bytes.Buffer
		x := exploring(t, "two-winners", &out, &errs)
		x.Config.Properties, x.File = []string{"acknowledged"}, "other.yaml"
		os.WriteFile(x.File, []byte("other"), 0o666)
		if err := x.Run(); err != nil || !strings.HasPrefix(errs.String(), "skinny explore: the counterexample cannot be saved: ") || x.saved != "" || !strings.Contains(out.String(), "\n  It is not saved. This is the scenario:\n\n") {
			t.Errorf("%v, %q\n%s", err, errs.String(), out.String())
		}
	})
	for name, remove := range map[string]bool{"saved": false, "unsaved": true} {
		t.Chdir(t.TempDir())
		if remove {
			t.Chdir(gone)
			if err := os.Remove(gone); err != nil {
				t.Skip(err)
			}
		}
		var out, errs bytes.Buffer
		x := exploring(t, "two-winners", &out, &errs)
		x.Config.Properties = []string{"acknowledged"}
		if err := x.Run(); err != nil {
			t.Fatal(err)
		}
		s, file := x.Counterexample()
		if s == nil || (file == "") != remove || strings.Contains(errs.String(), "the counterexample cannot be saved: ") != remove || strings.Contains(errs.String(), "--out says where to save it\n") != remove {
			t.Errorf("%s: file %q, %v\n%s", name, file, s != nil, errs.String())
		}
		for part, wanted := range map[string]bool{
			"  It is not saved. This is the scenario:\n\nformat: 1\n":     remove,
			"  saved      counterexample-acknowledged.yaml\n":             !remove,
			"  run        skinny run counterexample-acknowledged.yaml\n":  !remove,
			"  step       skinny step counterexample-acknowledged.yaml\n": !remove,
			"counterexample-acknowledged-passing.yaml":                    !remove,
			"  passing    acknowledged is kept if decision ":              true,
			"all else goes on as far as":                                  true,
			"NAME   INCREMENT":                                            true,
			"  ✗ acknowledged  violated by event ":                        true,
		} {
			if strings.Contains(out.String(), part) != wanted {
				t.Errorf("%s: that %q is said is %v:\n%s", name, part, !wanted, out.String())
			}
		}
	}
}

// What clients are told otherwise in the passing run is said of each, and of one that is told
// nothing.
func TestPassingText(t *testing.T) {
	x := exploring(t, "two-winners", io.Discard, io.Discard)
	x.found = &counterexample.Path{Property: "agreement"}
	if got := x.passingText(); got != "no single other decision, with all else as it was as far as it can be, keeps agreement" {
		t.Errorf("without a passing run: %q", got)
	}
	a, b := sim.Decision{Kind: sim.FireDeadline, From: 0}, sim.Decision{Kind: sim.CrashInstance, From: 2}
	x.found.Decisions = []sim.Decision{a, a, b}
	x.found.Passing = &explore.Passing{At: 2, Instead: a}
	const text = "agreement is kept if decision 3 of 3 is `timeout a` instead of `crash c`; all else goes on as far as it can, and what is then pending happens"
	if got := x.passingText(); got != text {
		t.Errorf("without changes: %q", got)
	}
	x.passingSaved = "passing.yaml"
	x.found.Passing.Changes = []explore.Change{
		{Operation: protocol.Operation{Kind: protocol.Acquire, Holder: 1}, Was: protocol.Acquired, Is: protocol.NoOutcome},
		{Operation: protocol.Operation{Kind: protocol.Acquire, Holder: 2}, Was: protocol.Refused, Is: protocol.Acquired},
	}
	if got := x.passingText(); got != text+"; alice is told nothing instead of acquired, and bob is told acquired instead of refused: passing.yaml" {
		t.Errorf("with changes: %q", got)
	}
	x.found.Property = "progress"
	if got := x.passingText(); got != "" {
		t.Errorf("of one that stands still: %q", got)
	}
}

// failing is an output that is full, and a program that has ended.
type failing struct{}

func (failing) Write([]byte) (int, error)              { return 0, errors.New("full") }
func (failing) Step(*sim.Question) (sim.Answer, error) { return sim.Answer{}, errors.New("gone") }

// What goes wrong on the way is the answer: an output that is full, a program that cannot go
// on, and a search that programs take part in and that is to be kept.
func TestWhatGoesWrong(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, json := range []bool{false, true} {
		x := exploring(t, "two-winners", failing{}, io.Discard)
		x.Events, x.JSON = 2, json
		if err := x.Run(); err == nil || err.Error() != "full" || x.Silent != json {
			t.Errorf("JSON %v: %v, silent %v", json, err, x.Silent)
		}
	}
	x := exploring(t, "two-winners", io.Discard, io.Discard)
	for i := range x.Config.Cluster.Instances {
		x.Config.Cluster.Instances[i].Program, x.Config.Cluster.Instances[i].ProgramName = failing{}, "x"
	}
	e := &report.Exit{}
	if err := x.Run(); !errors.As(err, &e) || e.Code != report.ExitUsage || !strings.HasPrefix(e.Message, "skinny explore: the program of a") || !strings.Contains(e.Message, ": gone\n  question  {") {
		t.Errorf("got %v", err)
	}
	for _, keep := range []*string{&x.Save, &x.Resume} {
		*keep = "kept.bin"
		if err := x.Run(); err == nil || err.Error() != "skinny explore: a search with programs cannot be kept and taken up again; leave out --save and --resume" {
			t.Errorf("got %v", err)
		}
		*keep = ""
	}
	x = exploring(t, "two-winners", io.Discard, io.Discard)
	if err := os.WriteFile("none.bin", []byte("none"), 0o666); err != nil {
		t.Fatal(err)
	}
	x.Resume = "none.bin"
	if err := x.Run(); err == nil || !strings.HasPrefix(err.Error(), "skinny explore: none.bin cannot be taken up: ") {
		t.Errorf("got %v", err)
	}
}

// Other programs are told all that the search was of.
func TestResultOfPrograms(t *testing.T) {
	var out bytes.Buffer
	x := exploring(t, "two-winners", &out, io.Discard)
	x.Scenario.Cluster.Instances[1].ProgramName = "mine"
	x.Events, x.Config.HostsUp, x.Config.HostsDown, x.took, x.Search = 9, true, true, 5, "iterative"
	cut := make([]uint64, len(explore.Bounds()))
	cut[explore.Losses] = 3
	x.result = &search.Result{Ending: search.TooDeep, Distinct: 40, Expanded: 30, Total: 50, Depth: 9, Cut: cut}
	if err := x.printResult(); err != nil {
		t.Fatal(err)
	}
	var said exploreResult
	if err := json.Unmarshal(out.Bytes(), &said); err != nil {
		t.Fatal(err)
	}
	if said.Instances[1].Program != "mine" || said.Instances[0].Program != "" || said.Bounds["events"] != 9 || said.Events != 9 || said.Bounds["losses"] != 1 || said.Cut["losses"] != 3 ||
		strings.Join(said.Hosts, " ") != "up down" || said.Version != strings.TrimSpace(report.Version()) || said.TookNs != 5 || said.Search != "iterative" || !said.Exhaustive || said.Ending != "too deep" ||
		said.Distinct != 40 || said.Generated != 50 || said.Frontier != 10 || said.Depth != 9 || said.Kept != "" || said.Violated != "" || said.Latency != 0 || !said.Merged["stale"] {
		t.Errorf("it is %s", out.String())
	}
	x.Events = 0
	for i := range x.model.Properties() {
		x.result.Reached |= 1 << i
	}
	out.Reset()
	x.printResult()
	if strings.Contains(out.String(), `"events": 9`) || strings.Count(out.String(), `"events"`) != 1 || !strings.Contains(out.String(), `"unreached": []`) {
		t.Errorf("without a limit it is %s", out.String())
	}
}

// Other programs are told what is violated, after how many decisions, and where it is saved.
func TestResultOfAViolation(t *testing.T) {
	t.Chdir(t.TempDir())
	var out bytes.Buffer
	x := exploring(t, "two-winners", &out, io.Discard)
	x.Config.Properties, x.JSON = []string{"acknowledged"}, true
	if err := x.Run(); err != nil {
		t.Fatal(err)
	}
	var said exploreResult
	if err := json.Unmarshal(out.Bytes(), &said); err != nil {
		t.Fatal(err)
	}
	if said.Violated != "acknowledged" || said.Decisions != len(x.found.Decisions) || said.Decisions < 3 || said.Saved != "counterexample-acknowledged.yaml" || said.Ending != "violated" || said.Exhaustive ||
		said.Edition != "published" || said.Title != x.Scenario.Title || strings.Join(said.Judged, " ") != "acknowledged" || len(said.Calls) != 2 || said.Calls[1] != (exploredCall{"bob", "acquire", "b"}) || said.Format != 1 {
		t.Errorf("it is %s", out.String())
	}
}

// Where nothing is merged that is said, and where a bound was no reason to stop, but for
// restarts of what never stops.
func TestMergedAndUnneeded(t *testing.T) {
	x := exploring(t, "two-winners", io.Discard, io.Discard)
	x.Config.Reductions = explore.Reductions{}
	var err error
	if x.model, err = explore.New(x.Config); err != nil {
		t.Fatal(err)
	}
	if got, want := exploring(t, "two-winners", io.Discard, io.Discard).reductionWords(), "messages that can have no effect any more; what is known of IDs out of use"; got != want {
		t.Errorf("merged is %q, want %q", got, want)
	}
	if got := x.reductionWords(); got != "nothing" {
		t.Errorf("merged is %q", got)
	}
	for _, stops := range []bool{false, true} {
		x.Config.Limits = explore.Limits{}
		if stops {
			x.Config.Limits[explore.Crashes] = 1
		}
		cut := make([]uint64, len(explore.Bounds()))
		for b := range cut {
			cut[b] = 1
		}
		cut[explore.Restarts], cut[explore.Retries] = 0, 0
		x.result = &search.Result{Cut: cut}
		want := "retries"
		if stops {
			want = "restarts retries"
		}
		if got := strings.Join(x.unneeded(), " "); got != want {
			t.Errorf("with crashes %v: %q, want %q", stops, got, want)
		}
	}
}

// Ctrl-C in the depth in which a violation was found does not take it away: it is
// told to its end, and said to be one of perhaps several lengths.
func TestInterruptedAfterViolation(t *testing.T) {
	t.Chdir(t.TempDir())
	var out, errs bytes.Buffer
	x := exploring(t, "two-winners", &out, &errs)
	x.Save = "kept.bin"
	x.Config.Properties = []string{"mutual-exclusion"}
	var err error
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

// What is not known of programs that speak a protocol of their own is not said to be kept, and
// not said at all where something is violated.
func TestForeign(t *testing.T) {
	for _, violated := range []bool{false, true} {
		x := exploring(t, "two-winners", io.Discard, io.Discard)
		x.result = &search.Result{Ending: search.Exhausted, Reached: ^search.Marks(0)}
		want := "  ✓ mutual-exclusion\n  ✓ linearizability\n  ✓ progress\n  - not judged from where a program speaks a protocol of its own: agreement, acknowledged, promise-kept, durability (not violated before)\n"
		if violated {
			x.result.Violation = &search.Violation{}
			want = "  ✗ mutual-exclusion is violated\n"
		}
		want += "  ✓ sometimes: a client acquires, a holder is learned, a round is refused (without that a proof would be empty)\n  - not looked at: linearizable-reads\n\n"
		var out bytes.Buffer
		p := report.NewPage(&out, 1000)
		x.conclusion(p)
		p.Flush()
		if out.String() != want {
			t.Errorf("violated %v:\n%s", violated, out.String())
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
	for _, part := range []string{"9.9 MB", "0.0 MB", "10 MB", "1,234 MB"} {
		if got := megabytes(map[string]int64{"9.9 MB": 9_940_000, "0.0 MB": 0, "10 MB": 10e6, "1,234 MB": 1_234_500_000}[part]); got != part {
			t.Errorf("%s is written as %s", part, got)
		}
	}
	if line := progress(&search.Result{Distinct: 1, Expanded: 5}, 5, 0); !strings.HasPrefix(line, "  depth 0 · 1 state · ") || strings.Contains(line, "this depth") {
		t.Errorf("where nothing is left: %q", line)
	}
	line := progress(&search.Result{Depth: 30, Distinct: 123456789, Expanded: 1e6, Left: 1e6, Bytes: 1e9}, 500_000, time.Hour)
	for _, part := range []string{"  depth 30 · 123,456,789 states · ", " · 138 a second · 1,000 MB · this depth in 2h0m0s"} {
		if !strings.Contains(line, part) {
			t.Errorf("%q is missing in %q", part, line)
		}
	}
}

// That restarts have no effect is said where nothing stops an instance, by whatever bound.
func TestRestartsAlone(t *testing.T) {
	for bound, said := range map[explore.Bound]bool{explore.Losses: true, explore.Crashes: false, explore.Wipes: false, explore.Tears: false} {
		var out bytes.Buffer
		x := exploring(t, "two-winners", &out, io.Discard)
		x.Config.Limits = explore.Limits{explore.Restarts: 1}
		x.Config.Limits[bound] = 1
		p := x.Page()
		x.head(p)
		p.Flush()
		if strings.Contains(out.String(), "have no effect without crashes") != said {
			t.Errorf("with %s:\n%s", bound, out.String())
		}
		x.Config.Limits[explore.Restarts] = 0
		out.Reset()
		x.head(p)
		p.Flush()
		if strings.Contains(out.String(), "have no effect without") || strings.Contains(out.String(), "  crashes    the host") != (bound == explore.Crashes) {
			t.Errorf("with %s, and no restarts:\n%s", bound, out.String())
		}
	}
}
