package lab

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"skinny/cmd/internal/program"
	"skinny/cmd/internal/report"
	"skinny/protocol"
	"skinny/sim"
	"skinny/sim/trace"
)

var update = flag.Bool("update", false, "write the golden files anew")

// stubborn fails in its own way once b asks it.
type stubborn struct {
	sim.Program
	err error
}

func (s *stubborn) Step(q *sim.Question) (sim.Answer, error) {
	if q.Kind == sim.AskMessage && q.Message.From == 1 {
		return sim.Answer{}, s.err
	}
	return s.Program.Step(q)
}

// eager promises whatever it is asked for, and remembers nothing.
type eager struct{}

func (eager) Step(q *sim.Question) (a sim.Answer, err error) {
	if m := q.Message; q.Kind == sim.AskMessage && m.Kind == protocol.PromiseRequest {
		a.State.Promised = m.ID
		a.Send = []sim.Sent{{Message: protocol.Message{Kind: protocol.PromiseResponse, To: m.From, ID: m.ID, Yes: true}}}
	}
	return a, nil
}

// silent is an instance that answers nobody.
type silent struct{}

func (silent) Step(q *sim.Question) (sim.Answer, error) { return sim.Answer{Memory: q.Memory}, nil }

// What a check says of a stage that fails, in every way in which one can: what is told, shown,
// saved, and the end of the command.
func TestCheckTells(t *testing.T) {
	t.Chdir(t.TempDir())
	impure := &program.Failure{Err: program.ErrImpure, Command: "mine", Question: `{"self":"c"}`, Answer: `{"memory":1}`, Again: `{"memory":2}`, Stderr: "first\n\nlast\n"}
	var said strings.Builder
	for _, c := range []struct {
		name  string
		stage int
		by    sim.Program
		set   func(*Check)
	}{
		{"a step", 0, eager{}, nil},
		{"a step, to be opened", 0, eager{}, func(c *Check) { c.Step = true }},
		{"a step, saved", 0, eager{}, func(c *Check) { c.Step, c.Save = true, "saved.yaml" }},
		{"another end", 5, silent{}, nil},
		{"it fails", 0, &stubborn{eager{}, errors.New("it has had enough")}, nil},
		{"it fails, to be saved", 0, &stubborn{eager{}, errors.New("it has had enough")}, func(c *Check) { c.Save = "failed.yaml" }},
		{"it is impure", 0, &stubborn{eager{}, impure}, nil},
		{"it goes on", -1, nil, nil},
	} {
		var out bytes.Buffer
		check := &Check{
			Console: &report.Console{Out: &out, Err: &out, Width: 80}, Dir: "mine", Again: "skinny lab check mine",
			submission: &Submission{Dir: "mine", typed: []string{"python3", "instance.py"}},
		}
		r := &Result{Stage: stages[2], Failure: &Failure{Found: "seeds", Unmet: []string{"3 of 200 seeds do not come to an end: it goes on sending for ever"}}}
		if c.by != nil {
			r = judged(t, stages[c.stage], c.by, 40)
		}
		if c.set != nil {
			c.set(check)
		}
		check.failed = r.Stage
		err := check.tell(r)
		var exit *report.Exit
		if !errors.As(err, &exit) {
			t.Fatalf("%s: %v", c.name, err)
		}
		fmt.Fprintf(&said, "=== %s: by %s\n%sexit %d %s\nas a mark: %s\n", c.name, r.Failure.Found, &out, exit.Code, exit.Message, r.Failure.Words())
		if is, want := report.Exists(check.Save), check.Save != ""; is != want {
			t.Errorf("%s: %q is saved: %v", c.name, check.Save, is)
		}
	}
	golden(t, "tells.txt", said.String())
}

// here is where the tests are.
var here, _ = os.Getwd()

func golden(t *testing.T, name, said string) {
	t.Helper()
	path := filepath.Join(here, "testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(said), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if want, err := os.ReadFile(path); err != nil || said != string(want) {
		t.Errorf("%v: it says\n%s\n`go test ./cmd/internal/lab -update` writes %s anew", err, said, path)
	}
}

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
	golden(t, "pages.txt", said.String())
	for judged, want := range map[int]string{0: "skinny: interrupted; no stage is judged yet", 3: "skinny: interrupted; the stages above are judged"} {
		var exit *report.Exit
		if err := interrupted(judged); !errors.As(err, &exit) || exit.Code != report.ExitInterrupted || exit.Message != want {
			t.Errorf("after %d: %v", judged, err)
		}
	}
}
