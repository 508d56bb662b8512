package lab

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"skinny/cmd/internal/report"
	"skinny/sim/trace"
)

var update = flag.Bool("update", false, "write the golden files anew")

// What a check says of its stages, and at its end: in every state of one.
func TestCheckPages(t *testing.T) {
	cost := Cost{Rounds: 1, Messages: 8, Waited: 40 * trace.Millisecond}
	more := Cost{Rounds: 2, Messages: 9, Waited: 41 * trace.Millisecond}
	all := stages[len(stages)-1]
	mine := &Submission{Dir: "mine", typed: []string{"python3", "my dir/instance.py"}}
	var said strings.Builder
	for _, c := range []struct {
		name string
		say  func(*Check) error
	}{
		{"failed", func(c *Check) error {
			return c.line(&Result{Stage: stages[1], Failure: &Failure{Found: "seed 3 of profile network"}})
		}},
		{"passed", func(c *Check) error { return c.line(&Result{Stage: stages[0], Cost: cost, BuiltIn: cost, Seeds: 200}) }},
		{"costs more", func(c *Check) error { return c.line(&Result{Stage: stages[0], Cost: more, BuiltIn: cost, Seeds: 1}) }},
		{"few seeds", func(c *Check) error { c.few = true; return c.passed() }},
		{"few seeds, one", func(c *Check) error { c.few, c.Stage = true, stages[0]; return c.passed() }},
		{"searched", func(c *Check) error {
			return c.line(&Result{Stage: all, Cost: cost, BuiltIn: cost, Seeds: 20_000, States: 150_000, Exhausted: true})
		}},
		{"searched in part", func(c *Check) error {
			return c.line(&Result{Stage: all, Cost: cost, BuiltIn: cost, Seeds: 5, States: 500_001})
		}},
		{"all", func(c *Check) error { return c.passed() }},
		{"all, in time", func(c *Check) error { c.Timeout = 2 * time.Second; return c.passed() }},
		{"all, to be saved", func(c *Check) error { c.Save = "x.yaml"; return c.passed() }},
		{"one", func(c *Check) error { c.Stage = stages[0]; return c.passed() }},
		{"the last", func(c *Check) error { c.Stage = all; return c.passed() }},
		{"stages", func(c *Check) error {
			p := c.Page()
			List(p, func(s *Stage) (string, bool) { return map[*Stage]string{stages[1]: "mine"}[s], s.number() <= 2 })
			return p.Flush()
		}},
	} {
		var out bytes.Buffer
		check := &Check{Console: &report.Console{Out: &out, Err: &out, Width: 80}, Dir: "mine", submission: mine}
		if err := c.say(check); err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		fmt.Fprintf(&said, "=== %s\n%s", c.name, &out)
	}
	const path = "testdata/pages.txt"
	if *update {
		if err := os.WriteFile(path, []byte(said.String()), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if want, err := os.ReadFile(path); err != nil || said.String() != string(want) {
		t.Errorf("%v: it says\n%s\n`go test ./cmd/internal/lab -update` writes %s anew", err, &said, path)
	}
	for judged, want := range map[int]string{0: "skinny: interrupted; no stage is judged yet", 3: "skinny: interrupted; the stages above are judged"} {
		var exit *report.Exit
		if err := interrupted(judged); !errors.As(err, &exit) || exit.Code != report.ExitInterrupted || exit.Message != want {
			t.Errorf("after %d: %v", judged, err)
		}
	}
}
