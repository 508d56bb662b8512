package main

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"
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

func TestGrouped(t *testing.T) {
	for n, want := range map[uint64]string{0: "0", 999: "999", 1000: "1,000", 1234567: "1,234,567"} {
		if got := grouped(n); got != want {
			t.Errorf("%d: %s, want %s", n, got, want)
		}
	}
}
