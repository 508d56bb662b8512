package lab

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"skinny/cmd/internal/program"
	"skinny/cmd/internal/report"
	"skinny/cmd/internal/sweep"
	"skinny/scenarios"
	"skinny/sim"
	"skinny/sim/check"
	"skinny/sim/trace"
)

// reference is the solution in testdata in a language, with changes.
func reference(t *testing.T, l *Language, change ...string) string {
	t.Helper()
	dir := t.TempDir()
	if _, err := New(dir, l.Name); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(filepath.Join("testdata", l.instance))
	if err != nil {
		t.Fatal(err)
	}
	text := string(data)
	for i := 0; i < len(change); i += 2 {
		if strings.Count(text, change[i]) != 1 {
			t.Fatalf("%q stands in %s %d times", change[i], l.instance, strings.Count(text, change[i]))
		}
		text = strings.Replace(text, change[i], change[i+1], 1)
	}
	if err := os.WriteFile(filepath.Join(dir, l.instance), []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	return dir
}

// interpreters are what starts programs, without what stands before them in PATH.
var interpreters sync.Map

// command starts what lies in a directory. The test is skipped where there is no such
// language.
func command(t *testing.T, l *Language, dir string) []string {
	t.Helper()
	if l.Name == "go" {
		s, err := Find(dir, nil, func() bool { return false })
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(s.Close)
		return s.Command
	}
	ask := map[string][]string{"python": {"-c", "import sys; print(sys.executable)"}, "js": {"-p", "process.execPath"}}[l.Name]
	found, ok := interpreters.Load(l.Name)
	if !ok {
		out, err := exec.Command(l.command[0], ask...).Output()
		if err != nil {
			t.Skipf("there is no %s", l.command[0])
		}
		found = strings.TrimSpace(string(out))
		interpreters.Store(l.Name, found)
	}
	return []string{found.(string), filepath.Join(dir, l.instance)}
}

// started is what lies in a directory, ready to be judged.
func started(t *testing.T, l *Language, dir string) *judging {
	t.Helper()
	s := &Submission{Dir: dir, Command: command(t, l, dir)}
	j, err := s.judging(program.Options{Timeout: 20 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(j.close)
	return j
}

// The solutions in all languages pass every stage.
func TestReferences(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes some seconds")
	}
	for i := range languages {
		l := &languages[i]
		t.Run(l.Name, func(t *testing.T) {
			j := started(t, l, reference(t, l))
			for _, s := range Stages() {
				r, err := s.Judge(j.player, Options{Pure: j.scenarios, Seeds: 10, Quick: true})
				if err != nil {
					t.Fatal(err)
				}
				if r.Failure != nil || !r.Cost.Same(&r.BuiltIn) {
					t.Errorf("%s: %s; %+v, and the built-in one %+v", s.Name, r.Failure.describe(), r.Cost, r.BuiltIn)
				}
			}
		})
	}
}

// unanimous asks several programs the same, whose answers have to be the same.
type unanimous struct {
	t        *testing.T
	programs []sim.Program
	asked    atomic.Int64
}

func (u *unanimous) Step(q *sim.Question) (answer sim.Answer, err error) {
	u.asked.Add(1)
	var first any
	for i, p := range u.programs {
		a, err := p.Step(q)
		if err != nil {
			return a, err
		}
		plain := a
		plain.Memory, plain.Disk = nil, nil
		is := []any{plain, value(a.Memory), value(a.Disk)}
		if i == 0 {
			first, answer = is, a
		} else if !reflect.DeepEqual(first, is) {
			return a, fmt.Errorf("program %d answers otherwise:\n%+v\n%+v", i, is, first)
		}
	}
	return answer, nil
}

func value(data []byte) (v any) {
	json.Unmarshal(data, &v)
	return v
}

// outside is what of an event has nothing to do with who plays.
func outside(e *trace.Event) string {
	return fmt.Sprint(e.Number, e.Cause, e.At, e.Kind, e.Instance, e.Peer, e.Try, e.Outcome, e.Holder, e.Message, e.Nth, e.Operation, e.Asked, e.State)
}

// The same questions have the same answers in all languages, and what comes of them is the
// same, to the time, as with the built-in instances.
func TestLanguagesAgree(t *testing.T) {
	u := &unanimous{t: t}
	for i := range languages {
		l := &languages[i]
		t.Run(l.Name, func(t *testing.T) { command(t, l, reference(t, l)) }) // skipped alone
		if _, err := exec.LookPath(append(l.command, "go")[0]); err != nil && l.Name != "go" {
			continue
		}
		u.programs = append(u.programs, started(t, l, reference(t, l)).seeds)
	}
	players := sim.Players{"": {Name: "all", Program: u}}
	for _, e := range scenarios.Library() {
		if !strings.HasSuffix(e.Name, "-sound") && e.Name != "split-in-half" {
			continue
		}
		var built, played trace.Log
		for _, run := range []struct {
			log     *trace.Log
			players sim.Players
		}{{&built, nil}, {&played, players}} {
			s, err := scenarios.Load(e.Name, scenarios.Overrides{Players: run.players})
			if err != nil {
				t.Fatal(err)
			}
			o, err := s.Run(run.log)
			if err != nil || o.Failed() {
				t.Errorf("%s: %v", e.Name, err)
			}
		}
		for n := range built.Events {
			if n >= len(played.Events) || outside(&built.Events[n]) != outside(&played.Events[n]) {
				t.Errorf("%s: event %d is\n%+v, not\n%+v", e.Name, n+1, played.Events[min(n, len(played.Events)-1)], built.Events[n])
				break
			}
		}
	}
	everything, _ := ByName("everything")
	r, err := everything.Judge(players[""], Options{Seeds: 5, Quick: true})
	if err != nil || r.Failure != nil {
		t.Errorf("%v, %s", err, r.Failure.describe())
	}
	if n := u.asked.Load(); n < 500 {
		t.Errorf("there were only %d questions", n)
	}
}

// The protocol of one's own in the docs holds as long as nothing goes wrong, and breaks when
// its primary forgets.
func TestPrimary(t *testing.T) {
	s := &Submission{Command: []string{command(t, &languages[0], ".")[0], "../../../docs/lab/primary.py"}}
	p, player, err := s.Open(program.Options{Timeout: 20 * time.Second, Processes: 2})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	for profile, want := range map[string]bool{"none": false, "crash": true} {
		var c sweep.Check
		c.Draw(scenarios.Overrides{Players: sim.Players{"": player}}, profile)
		r := sweep.Run(sweep.Config{Setting: c.Setting, Seeds: sweep.Seeds{First: 1, Step: 1, Count: 100}, Workers: 2, Properties: []string{check.MutualExclusion}})
		if r.Stuck != nil || (len(r.Failures) > 0) != want {
			t.Errorf("%s: %+v, %+v", profile, r.Stuck, r.Failures)
		}
	}
}

// A stage counts as passed only with all its seeds, whatever the number is that was asked for.
func TestFewSeeds(t *testing.T) {
	l := &languages[0]
	dir := reference(t, l)
	words := command(t, l, dir)
	for seeds, want := range map[uint64]int{1: 0, 199: 0, 200: 1, 1000: 1, 0: 1} {
		var out bytes.Buffer
		noted := 0
		c := Check{Console: &report.Console{Out: &out, Err: &out, Width: 200}, Dir: dir, Command: words, Stage: stages[0], Seeds: seeds, Timeout: 20 * time.Second, Done: func(*Stage) { noted++ }}
		_, end, err := c.Run()
		if end != nil {
			end()
		}
		only := strings.Contains(out.String(), " only: it takes 200 to pass") && strings.Contains(out.String(), "What is marked with ?")
		if err != nil || noted != want || only == (want == 1) {
			t.Errorf("with %d seeds it is noted %d times, %v:\n%s", seeds, noted, err, &out)
		}
	}
}

// A check goes from stage to stage, up to the first that fails or an interrupt, and notes what is
// passed.
func TestCheckStages(t *testing.T) {
	l := &languages[0]
	dir := reference(t, l, `    if id < m["promised"]:`, `    if id < 0:`)
	words := command(t, l, dir)
	for interrupt, want := range map[bool]string{false: "Promise, then: Commit: A peer asks to accept a holder: ", true: "Promise, then: "} {
		var out bytes.Buffer
		c := Check{Console: &report.Console{Out: &out, Err: &out, Width: 400}, Dir: dir, Command: words, Seeds: 200, Timeout: 20 * time.Second, Again: "again"}
		noted := ""
		c.Done = func(s *Stage) {
			noted += s.Title + ", then: "
			c.Interrupted.Store(interrupt)
		}
		failing, end, err := c.Run()
		if end != nil {
			end()
		}
		code, text := report.ExitUnmet, out.String()
		if interrupt {
			code = report.ExitInterrupted
		}
		var exit *report.Exit
		if !errors.As(err, &exit) || exit.Code != code || (failing == nil) != interrupt {
			t.Errorf("interrupted %v: %v, %v", interrupt, err, failing)
		}
		begin := fmt.Sprintf("%s, started with: %s\n\n  ✓  1  Promise ", dir, strings.Join(words, " "))
		if !strings.HasPrefix(text, begin) || strings.Contains(text, "✗  2  Commit ") == interrupt || strings.Contains(text, "this run: again commit --step\n") == interrupt {
			t.Errorf("interrupted %v: it says\n%s", interrupt, text)
		}
		if _, after, _ := strings.Cut(text, "\nCommit: "); !interrupt {
			noted += "Commit: " + after
		}
		if !strings.HasPrefix(noted, want) {
			t.Errorf("interrupted %v: %s", interrupt, noted)
		}
	}
}
