package main

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"

	"skinny/cmd/internal/report"
)

// Ctrl-C ends a search with a report of what was found so far; it can be kept and
// taken up again.
func TestInterruptedExplore(t *testing.T) {
	kept := filepath.Join(t.TempDir(), "kept.bin")
	var out, errs bytes.Buffer
	a := testApp(&out, &errs)
	a.Interrupted.Store(true)
	if code := a.execute([]string{"explore", "two-winners", "--edition", "sound", "--save", kept}); code != report.ExitInterrupted {
		t.Errorf("exit code %d, want %d", code, report.ExitInterrupted)
	}
	if !strings.Contains(out.String(), "not exhaustive: 100 % of the states that were met are") {
		t.Errorf("%s", out.String())
	}
	if errs.String() != "skinny: interrupted; this is what was found so far\n" {
		t.Errorf("standard error: %q", errs.String())
	}
	a.Interrupted.Store(false)
	out.Reset()
	if code := a.execute([]string{"explore", "two-winners", "--edition", "sound", "--resume", kept}); code != report.ExitClaimed {
		t.Errorf("exit code %d, want %d", code, report.ExitClaimed)
	}
	if !strings.Contains(out.String(), "no violation within these bounds, exhaustive") {
		t.Errorf("%s", out.String())
	}
}
