//go:build unix

package main

import (
	"bytes"
	"strings"
	"testing"
)

// On a terminal what people read is shown page by page, and nothing else.
func TestPages(t *testing.T) {
	t.Chdir(t.TempDir())
	t.Setenv("PAGER", "sed s/^/paged:/")
	t.Setenv("XDG_STATE_HOME", t.TempDir())
	for args, want := range map[string]bool{
		"run two-winners": true, "rules": true, "rules durable": true, "editions": true, "scenarios": true, "scenarios list": true, "learn": true,
		"explore two-winners --events 3": true, "check --edition sound --seeds 50": true,
		"lab": true, "grade rescue-1": true, "grade --lab none": true, "lab --no-pager": false, "lab schema": false, "learn --no-pager": false, "explore two-winners --events 3 --quiet": false, "check --seeds 5 --format json": false, "draw two-winners": false,
		"run two-winners --no-pager": false, "run two-winners --format json": false, "check --edition published --profile none --seed 5 --quiet": false,
		"version": false, "scenarios show typical": false, "learn majority": false, "step two-winners --plain": false,
	} {
		var out, errs bytes.Buffer
		a := testApp(&out, &errs)
		a.pages = true
		a.execute(strings.Fields(args))
		if got := strings.HasPrefix(out.String(), "paged:"); got != want || out.Len() == 0 {
			t.Errorf("skinny %s: paged is %v: %.200q %s", args, got, out.String(), errs.String())
		}
	}
}
