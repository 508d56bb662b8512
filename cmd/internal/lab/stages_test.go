package lab

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"skinny/protocol"
	"skinny/sim"
	"skinny/sim/swarm"
	"skinny/sim/trace"
)

// What each stage asks for, judges, and takes; what its seeds vary is pinned by what four of them
// come to with the built-in instances.
func TestStages(t *testing.T) {
	var said strings.Builder
	mine := sim.Player{Name: "mine", Program: sim.BuiltIn(protocol.AllRules)}
	for _, s := range Stages() {
		fmt.Fprintf(&said, "=== %d %s: %s\n%s\nscenarios %q, all %v, %d seeds of %s, searched %v\njudged: %s\n",
			s.number(), s.Name, s.Title, s.Hint, s.Scenarios, s.All, s.seeds, s.profile, s.searches, strings.Join(s.judged(), ", "))
		r := judged(t, s, mine.Program, 3)
		fmt.Fprintf(&said, "%s: %s\n", r.Failure.describe(), r.words())
		for seed := range uint64(4) {
			var p swarm.Plan
			p.Draw(s.setting(mine), seed, nil)
			run, hash := sim.NewTimed(&p.Cluster, &p.Timetable), trace.NewHash(&p.Header)
			run.World().Observe(hash)
			for run.Step() {
			}
			fmt.Fprintf(&said, "seed %d: %d instances, %d events, %.19s\n", seed, len(p.Cluster.Instances), run.World().Events(), hash.Digest())
		}
	}
	golden(t, "stages.txt", said.String())
}

// The files to begin with, in every language: which there are, the page to read, and how to go on.
func TestNew(t *testing.T) {
	t.Chdir(t.TempDir())
	var said strings.Builder
	known := map[string]bool{}
	for _, l := range languages {
		next, err := New(l.Name, l.Name)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&said, "=== %s\n%s", l.Name, next)
		files, _ := filepath.Glob(l.Name + "/*")
		fmt.Fprintf(&said, "%q\n", files)
		page, err := os.ReadFile(l.Name + "/README.md")
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(page)) {
			if !known[line] { // of the later pages only what is otherwise
				said.WriteString(line)
			}
			known[line] = true
		}
		for name, data := range l.contents("PAGE.md") {
			if text := string(data); strings.Contains(text, "README.md") || name != "PAGE.md" && strings.Contains(text, "PAGE.md") != (name == l.instance) {
				t.Errorf("%s of %s names another page:\n%s", name, l.Name, text)
			}
		}
	}
	golden(t, "new.txt", said.String())
}

// restless does nothing for clients in clusters of five, which only seeds have, but to ask for
// timers for ever; in those of three, likewise, it may promise whatever it is asked for.
type restless struct {
	sim.Program
	eager bool
}

func (r *restless) Step(q *sim.Question) (sim.Answer, error) {
	asked, size := *q, len(q.Cluster.Instances)
	rests := size == 5 && (q.Kind == sim.AskOperation || q.Kind == sim.AskTimeout)
	switch {
	case rests: // what changes nothing, and says nothing
		asked.Kind, asked.Disk = sim.AskRestart, q.Memory
	case r.eager && size == 3:
		return eager{}.Step(q)
	}
	a, err := r.Program.Step(&asked)
	a.Timer = a.Timer || rests
	return a, err
}

// What does not come to an end in seeds is said, unless something is wrong in others; a failure
// after an interrupt is none.
func TestJudgeEnds(t *testing.T) {
	for eager, want := range map[bool]string{
		false: "seeds: 1 of 12 seeds do not come to an end: it goes on sending for ever",
		true:  "seed 1 of profile none: answers-",
	} {
		r := judged(t, stages[2], &restless{sim.BuiltIn(protocol.AllRules), eager}, 12)
		if got := r.Failure.describe(); !strings.HasPrefix(got, want) {
			t.Errorf("after %d seeds: %s, not %s", r.Seeds, got, want)
		}
	}
	stop := false
	p := interrupting{&stubborn{eager{}, errors.New("it had to hurry")}, &stop}
	for _, o := range []Options{{}, {Stop: func() bool { return stop }}} {
		o.Quick, o.Seeds = true, 1
		r, err := stages[0].Judge(sim.Player{Name: "mine", Program: p}, o)
		if stopped := errors.Is(err, ErrStopped); stopped != (o.Stop != nil) || r.Failure == nil {
			t.Errorf("%v, %s", err, r.Failure.describe())
		}
		stop = false
	}
}

// shy may do nothing for clients in clusters of four, as that of the scenario; in those of five,
// which only seeds have, it does what five does.
type shy struct {
	sim.Program
	rests bool
	five  func() error
}

func (p *shy) Step(q *sim.Question) (sim.Answer, error) {
	asked := *q
	if q.Kind == sim.AskOperation {
		switch size := len(q.Cluster.Instances); {
		case size == 4 && p.rests: // what changes nothing, and says nothing
			asked.Kind, asked.Disk = sim.AskRestart, q.Memory
		case size == 5:
			if err := p.five(); err != nil {
				return sim.Answer{}, err
			}
		}
	}
	return p.Program.Step(&asked)
}

// A scenario that comes to another end is what counts, unless seeds name a step that is wrong;
// an interrupt while seeds run is one.
func TestStepOrEnd(t *testing.T) {
	sound := sim.BuiltIn(protocol.AllRules)
	var stopped atomic.Bool
	for _, c := range []struct {
		rests bool
		five  func() error
		want  string
		err   error
	}{
		{true, func() error { return nil }, "lab/propose: demanded: operation 1: outcome acquired; but outcome none", nil},
		{false, func() error { return nil }, "passed", nil},
		{true, func() error { return errors.New("it fails") }, "lab/propose: demanded: operation 1: outcome acquired; but outcome none", nil},
		{false, func() error { return errors.New("it fails") }, "seed 9 of profile none: the program of c, after event 1: it fails", nil},
		{false, func() error { stopped.Store(true); return nil }, "passed", ErrStopped},
	} {
		r, err := stages[2].Judge(sim.Player{Name: "mine", Program: &shy{sound, c.rests, c.five}}, Options{Quick: true, Seeds: 12, Stop: stopped.Load})
		if !errors.Is(err, c.err) || !strings.HasPrefix(r.Failure.describe(), c.want) {
			t.Errorf("%v, %s, not %s", err, r.Failure.describe(), c.want)
		}
	}
}

// The last stage takes its search, too, once its seeds are passed.
func TestLastStageSearches(t *testing.T) {
	p := sim.Player{Name: "mine", Program: sim.BuiltIn(protocol.AllRules &^ protocol.AckMajority)}
	r, err := stages[len(stages)-1].Judge(p, Options{Seeds: 1})
	if err != nil || !strings.HasPrefix(r.Failure.describe(), "every order of events of lab/everything: acknowledged: ") || r.Seeds != 1 || r.States == 0 || r.Exhausted {
		t.Errorf("%v, %s, %+v", err, r.Failure.describe(), r)
	}
}

// What is in Go is built, or it is said why it cannot be; nothing is left behind.
func TestBuildFails(t *testing.T) {
	dir, temporary := t.TempDir(), t.TempDir()
	t.Setenv("TMPDIR", temporary)
	for name, text := range map[string]string{"instance.go": "package main\n\nfunc main() { wrong }\n", "go.mod": "module mine\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		stop bool
		path string
		want string
	}{
		{false, os.Getenv("PATH"), "it cannot be built: exit status 1\n# mine\n./instance.go:3:15: undefined: wrong"},
		{true, os.Getenv("PATH"), ErrStopped.Error()},
		{false, "", "it is in Go, and there is no program go in PATH to build it"},
	} {
		t.Setenv("PATH", c.path)
		_, err := Find(dir, nil, func() bool { return c.stop })
		if err == nil || err.Error() != c.want {
			t.Errorf("%v, not %s", err, c.want)
		}
		if left, _ := os.ReadDir(temporary); len(left) > 0 {
			t.Errorf("left behind: %v", left)
		}
	}
}

// interrupting fails, and something has interrupted it.
type interrupting struct {
	sim.Program
	stop *bool
}

func (p interrupting) Step(q *sim.Question) (sim.Answer, error) {
	a, err := p.Program.Step(q)
	*p.stop = *p.stop || err != nil
	return a, err
}

// A search ends with what a program cannot answer, with a client that waits for ever, and with
// an interrupt; as it goes on, it tells so.
func TestSearchEnds(t *testing.T) {
	everything := stages[len(stages)-1]
	sound := sim.BuiltIn(protocol.AllRules)
	for _, c := range []struct {
		by   sim.Program
		stop bool
		want string
	}{
		{&stubborn{sound, errors.New("it has had enough")}, false, "every order of events of lab/everything: the program of "},
		{silent{}, false, "every order of events of lab/everything: a client waits, and nothing can happen any more"},
		{sound, true, "passed"},
	} {
		var r Result
		var told []string
		err := everything.search(everything.Scenarios[0], sim.Player{Name: "mine", Program: c.by}, Options{
			Stop: func() bool { return c.stop }, Say: func(how func() string) { told = append(told, how()) },
		}, &r)
		if said := r.Failure.describe(); !strings.HasPrefix(said, c.want) || errors.Is(err, ErrStopped) != c.stop || !c.stop && err != nil {
			t.Errorf("%v, %s, want %s", err, said, c.want)
		}
		if slices.ContainsFunc(told, func(said string) bool {
			return !strings.HasPrefix(said, "Everything: ") || !strings.Contains(said, " state")
		}) {
			t.Errorf("it tells %q", told)
		}
		if c.stop && len(told) > 1 {
			t.Errorf("interrupted, it goes on: %q", told)
		}
	}
}

// What lies in a directory is in a language, or it is said why not.
func TestLanguageOf(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, dir := range []string{"empty", "odd/instance.py", "both"} {
		if err := os.MkdirAll(dir, 0o777); err != nil {
			t.Fatal(err)
		}
	}
	for _, file := range []string{"file", "both/instance.py", "both/instance.go", "odd/instance.mjs"} {
		if err := os.WriteFile(file, nil, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	for dir, want := range map[string]string{
		"none": "none cannot be opened: no such file or directory", "file": "file is no directory", "file/x": "file/x cannot be opened: not a directory",
		"empty": "empty has none of instance.py, instance.mjs, instance.go; `skinny lab new` writes one to fill in, and --program\nsays how to start what you have",
		"both":  "both has both instance.py and instance.go; --program says which is meant",
		"odd":   "js", // a directory is no instance
	} {
		l, err := languageOf(dir)
		got := ""
		if err != nil {
			got = err.Error()
		} else {
			got = l.Name
		}
		if got != want {
			t.Errorf("%s: %q, not %q", dir, got, want)
		}
	}
}

// What is found of programs that each keep all rules but one, and in how small a run.
func TestFound(t *testing.T) {
	var said strings.Builder
	for _, row := range protocol.RuleTable() {
		for _, s := range Stages() {
			r := judged(t, s, sim.BuiltIn(protocol.AllRules&^row.Rule), 24)
			if r.Failure == nil {
				continue
			}
			fmt.Fprintf(&said, "%s without %s: %s\n", s.Name, row.Name, r.Failure.describe())
			if c := r.Failure.Scenario; c != nil {
				fmt.Fprintf(&said, "  %d instances, %q, %d decisions\n", len(c.Cluster.Instances), c.Cluster.Holders, len(c.Decisions()))
			}
		}
	}
	golden(t, "found.txt", said.String())
}
