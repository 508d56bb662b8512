//go:build unix

package main

import (
	"fmt"
	"os"
	"testing"

	"skinny/cmd/internal/learn"
	"skinny/scenarios"
)

// faces are what a command may have before it: the terminal, and how things stand.
var faces = map[string]func(a *app){
	"narrow":      func(a *app) { a.Width = 44 },
	"wide":        func(a *app) { a.Width = 120 },
	"colour":      func(a *app) { a.Terminal = true },
	"interrupted": func(a *app) { a.Interrupted.Store(true); close(a.signal) },
	"not kept":    func(*app) { os.Setenv("XDG_STATE_HOME", os.DevNull) },
	"begun": func(*app) {
		note("learn/majority", learn.Score{Right: 2, Of: 3})
		note("exercises/rescue-1", learn.Score{Right: 2, Of: 1})
		note("lab/promise", learn.Score{Right: 1, Of: 1, By: "/mine"})
	},
	"all done": func(*app) {
		for i, e := range scenarios.Taught() {
			note(e.Name, learn.Score{Right: i, Of: i + 1})
		}
	},
}

func note(name string, s learn.Score) {
	if err := learn.Load().Note(name, s); err != nil {
		panic(fmt.Sprint("test: ", err))
	}
}

// faced is command lines, and the faces in which each is shown.
var faced = []struct {
	faces []string
	lines []string
}{
	{[]string{"colour"}, []string{
		"run two-winners --rounds", "run two-winners --edition sound --rounds", "run budget.yaml", "run lossy.yaml --why 9", "run lossy.yaml --format json --program 'player well'", "run lossy.yaml --only z",
		"check --edition published --profile none --seeds 40 --keep-going", "check --edition published --profile none --seed 5 --show-shrinking", "check --edition sound --seeds 64", "check --edition published --profile none --seed 5 --quiet",
		"explore two-winners --property acknowledged", "explore alone.yaml", "explore lossy.yaml --events 8", "explore alike.yaml --edition sound --losses 0 --memory 1MB",
		"grade easy.yaml solved.yaml lossy.yaml none.yaml", "grade --lab there", "lab check there commit --program 'player well'", "lab check there promise --program 'player promises' --seeds 3",
		"learn", "lab", "scenarios", "editions", "editions durable", "rules", "rules yield", "scenarios lint easy.yaml odd.yaml", "help grade", "draw scheduled.yaml --format mermaid", "step easy.yaml --plain",
	}},
	{[]string{"narrow", "wide"}, []string{
		"", "run odd.yaml --why 40", "run two-winners --rounds", "run two-winners-sound --rounds", "run alone.yaml --edition sound --rule durable=off --rule yield=off", "check --edition published --profile none --seeds 40 --keep-going", "check --edition published --profile none --seed 5 --show-shrinking",
		"check --edition sound --rule tell-promised=off --wipes 1 --repeat 30% --seeds 20", "explore two-winners --property acknowledged", "explore alone.yaml", "grade easy.yaml lossy.yaml none.yaml", "lab", "lab check there commit --program 'player well'",
		"learn", "scenarios", "editions", "editions durable", "rules", "rules yield", "help run", "draw lossy.yaml", "step easy.yaml --plain", "check lossy.yaml --edition sound --profile none --seeds 9",
	}},
	{[]string{"interrupted"}, []string{
		"run two-winners", "run two-winners --why 3", "run two-winners --quiet", "run two-winners --format json", "run two-winners --trace t.jsonl", "draw two-winners", "draw two-winners -o x.svg", "check --edition sound --seeds 5", "check --edition sound --seeds 5 --quiet",
		"check --edition sound --seeds 5 --format json", "explore two-winners", "explore two-winners --quiet", "explore two-winners --format json", "grade easy.yaml solved.yaml lossy.yaml",
		"grade easy.yaml solved.yaml --format json", "grade easy.yaml solved.yaml --format csv", "grade --lab there --program 'player well'", "grade --lab there there --format json", "lab check there promise --program 'player well'", "scenarios lint lossy.yaml", "scenarios lint lossy.yaml easy.yaml",
		"learn",
	}},
	{[]string{"not kept"}, []string{"lab check there promise --program 'player keeps'", "lab check there promise --program 'player keeps' --seeds 1", "learn", "learn --reset", "lab"}},
	{[]string{"begun", "all done"}, []string{"learn", "lab", "learn --reset", "run exercises/rescue-1 --rounds"}},
}

// What is read has its colours, fits where it is read, and says what was interrupted and what
// is done.
func TestFaces(t *testing.T) {
	t.Setenv("TERM", "xterm")
	t.Setenv("NO_COLOR", "")
	t.Setenv("COLORTERM", "")
	t.Setenv("COLORFGBG", "")
	var lines []string
	for _, f := range faced {
		for _, face := range f.faces {
			for _, line := range f.lines {
				lines = append(lines, face+"| "+line)
			}
		}
	}
	wantPrinted(t, "faces.golden", lines)
}
