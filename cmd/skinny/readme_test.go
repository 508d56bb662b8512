package main

import (
	"bytes"
	"os"
	"os/exec"
	"strings"
	"testing"

	"skinny/cmd/internal/report"
	"skinny/sim/check"
)

// TestReadme runs every `go run ./cmd/skinny` of the README, in its order and in an
// empty folder, and looks for the README's piece of a run in the real one. What serves a
// page is run by .ci/run.
func TestReadme(t *testing.T) {
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	t.Setenv("XDG_STATE_HOME", t.TempDir())
	outputs := map[string]string{}
	for _, line := range strings.Split(string(text), "\n") {
		command, comment, _ := strings.Cut(line, "#")
		args, found := strings.CutPrefix(strings.TrimSpace(command), "go run ./cmd/skinny ")
		if !found || !strings.HasPrefix(line, "    ") || strings.HasPrefix(strings.TrimSpace(comment), "serves") {
			continue
		}
		var out, errs bytes.Buffer
		a := testApp(&out, &errs)
		want := report.ExitClaimed
		if strings.HasPrefix(strings.TrimSpace(comment), "exits 1") {
			want = report.ExitUnmet
		}
		if strings.HasPrefix(strings.TrimSpace(comment), "on a terminal") {
			want = report.ExitUsage // here is none
		}
		if code := a.execute(strings.Fields(args)); code != want {
			t.Errorf("skinny %s exits with %d, want %d\n%s", args, code, want, &errs)
		}
		outputs[args] = out.String()
	}
	if len(outputs) < 10 {
		t.Errorf("the README has only %d commands", len(outputs))
	}
	for _, p := range check.Properties() {
		if !p.OnDemand && !strings.Contains(strings.Join(strings.Fields(string(text)), " "), "*"+p.Name+"* (") {
			t.Errorf("the README does not explain %s, which every screen shows", p.Name)
		}
	}
	blocks := strings.Split(string(text), "```")
	if len(blocks) < 2 {
		t.Fatal("the README shows no run")
	}
	if !strings.Contains(outputs["run two-winners"], strings.TrimPrefix(blocks[1], "\n")) {
		t.Errorf("this is no piece of the run:\n%s", blocks[1])
	}
}

// The sample in the lab's page is what a beginner sees.
func TestLabSample(t *testing.T) {
	if _, err := exec.LookPath("python3"); err != nil {
		t.Skip("there is no python3")
	}
	text, err := os.ReadFile("../../docs/LAB.md")
	if err != nil {
		t.Fatal(err)
	}
	_, sample, _ := strings.Cut(string(text), "```\n")
	sample, _, _ = strings.Cut(sample, "```\n")
	t.Chdir(t.TempDir())
	t.Setenv("XDG_STATE_HOME", t.TempDir())
	var out, errs bytes.Buffer
	testApp(&out, &errs).execute([]string{"lab", "new", "mine", "--lang", "python"})
	if code := testApp(&out, &errs).execute([]string{"lab", "check", "mine"}); code != report.ExitUnmet {
		t.Errorf("it exits with %d\n%s", code, &errs)
	}
	lines := 0
	for _, line := range strings.Split(sample, "\n") {
		if strings.TrimSpace(line) != "…" && !strings.Contains(out.String(), line+"\n") {
			t.Errorf("the page shows what is not printed: %q", line)
		}
		lines++
	}
	if lines < 10 || t.Failed() {
		t.Errorf("%d lines of\n%s", lines, &out)
	}
}
