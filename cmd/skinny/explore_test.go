package main

import (
	"bytes"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/mattn/go-runewidth"

	"skinny/sim/explore"
	"skinny/sim/explore/search"
)

// Ctrl-C ends a search with a report of what was found so far; it can be kept and
// taken up again.
func TestInterruptedExplore(t *testing.T) {
	kept := filepath.Join(t.TempDir(), "kept.bin")
	var out, errs bytes.Buffer
	a := &app{out: &out, err: &errs, width: defaultWidth}
	a.interrupted.Store(true)
	if code := a.execute([]string{"explore", "two-winners", "--edition", "sound", "--save", kept}); code != exitInterrupted {
		t.Errorf("exit code %d, want %d", code, exitInterrupted)
	}
	if !strings.Contains(out.String(), "not exhaustive: 100 % of the states that were met are") {
		t.Errorf("%s", out.String())
	}
	if errs.String() != "skinny: interrupted; this is what was found so far\n" {
		t.Errorf("standard error: %q", errs.String())
	}
	a.interrupted.Store(false)
	out.Reset()
	if code := a.execute([]string{"explore", "two-winners", "--edition", "sound", "--resume", kept}); code != exitClaimed {
		t.Errorf("exit code %d, want %d", code, exitClaimed)
	}
	if !strings.Contains(out.String(), "no violation within these bounds, exhaustive") {
		t.Errorf("%s", out.String())
	}
}

// Ctrl-C in the depth in which a violation was found does not take it away: it is
// told to its end, and said to be one of perhaps several lengths.
func TestInterruptedAfterViolation(t *testing.T) {
	t.Chdir(t.TempDir())
	var out, errs bytes.Buffer
	a := &app{out: &out, err: &errs, width: defaultWidth}
	f := &exploreFlags{format: "text", search: "bfs", memory: "1GB", save: "kept.bin", changed: func(string) bool { return false }}
	f.properties = []string{"mutual-exclusion"}
	s, err := a.load("two-winners", &f.scenarioFlags)
	if err != nil {
		t.Fatal(err)
	}
	x := &exploration{app: a, name: "two-winners", flags: f, scenario: s}
	x.config, x.events = f.config(s)
	if x.model, err = explore.New(x.config); err != nil {
		t.Fatal(err)
	}
	if err := x.search(); err != nil {
		t.Fatal(err)
	}
	x.result.Ending = search.Interrupted
	a.interrupted.Store(true)
	var e *exit
	if err := x.report(nil); !errors.As(err, &e) || e.code != exitUnmet || e.message != "skinny: interrupted after a violation was found" {
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

// The line of progress never takes more than one line, which could not be erased.
func TestMeterWidth(t *testing.T) {
	var out bytes.Buffer
	m := &searchMeter{out: &out, on: true, width: 40, begin: time.Now().Add(-time.Hour)}
	m.show(&search.Result{Depth: 30, Distinct: 123456789, Expanded: 1e6, Left: 1e8, Bytes: 1e9})
	line := strings.TrimPrefix(out.String(), "\r\x1b[K")
	if n := runewidth.StringWidth(line); n >= 40 || n < 30 || !strings.HasPrefix(line, "  depth 30 · 123,456,789 states") {
		t.Errorf("%d columns: %q", n, line)
	}
}

func TestGrouped(t *testing.T) {
	for n, want := range map[uint64]string{0: "0", 999: "999", 1000: "1,000", 1234567: "1,234,567"} {
		if got := grouped(n); got != want {
			t.Errorf("%d: %s, want %s", n, got, want)
		}
	}
}
