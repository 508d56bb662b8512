package scenariotest

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"skinny/scenarios"
	"skinny/sim"
	"skinny/sim/check"
)

// fake is a test that fails, but goes on.
type fake struct {
	name    string
	helper  bool
	message string
	fatals  int
}

func (f *fake) Helper()      { f.helper = true }
func (f *fake) Name() string { return f.name }
func (f *fake) Fatalf(format string, args ...any) {
	f.message = fmt.Sprintf(format, args...)
	f.fatals++
}

// broken draws runs until one breaks the properties, and gives it back with what the
// judges say.
func broken(t *testing.T, o Options, properties ...string) (*scenarios.Scenario, *scenarios.Outcome) {
	t.Helper()
	g := Scenarios(o)
	for seed := range 1000 {
		s := g.Example(seed)
		outcome := outcomeOf(t, s)
		all := true
		for _, p := range properties {
			all = all && check.Worst(outcome.Verdicts, p) != nil
		}
		if all {
			return s, outcome
		}
	}
	t.Fatalf("%+v never breaks %v", o, properties)
	return nil, nil
}

func outcomeOf(t Test, s *scenarios.Scenario) *scenarios.Outcome {
	t.Helper()
	o, err := s.Run()
	if err != nil {
		t.Fatalf("%v", err)
	}
	return o
}

// compiled is the scenario of a text.
func compiled(t Test, text []byte) *scenarios.Scenario {
	t.Helper()
	f, err := scenarios.Decode("test.yaml", text)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	s, err := f.Compile(scenarios.Overrides{})
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return s
}

// fails is Check of what breaks. It returns the scenario that was written, which runs
// as it claims and is about the property, and the outcome of that.
func fails(t *testing.T, test *fake, s *scenarios.Scenario, property string, named ...string) *scenarios.Outcome {
	t.Helper()
	if o := Check(test, s, named...); o != nil || test.fatals != 1 || !test.helper {
		t.Fatalf("the test failed %d times: %s", test.fatals, test.message)
	}
	path := Dir + "/" + test.name + ".yaml"
	text, err := os.ReadFile(filepath.FromSlash(path))
	if err != nil {
		t.Fatalf("%v\n%s", err, test.message)
	}
	o := outcomeOf(t, compiled(t, text))
	v := check.Worst(o.Verdicts, property)
	if o.Failed() || v == nil {
		t.Fatalf("the file does not run as claimed, or keeps %s:\n%s", property, text)
	}
	if want := property + " is violated: " + v.Why.String() + "\n"; !strings.HasPrefix(test.message, want) {
		t.Errorf("the message is %q, want it to begin with %q", test.message, want)
	}
	if want := fmt.Sprintf("\nskinny run %s --why %d", path, v.Event); !strings.HasSuffix(test.message, want) {
		t.Errorf("the message is %q, want it to end with %q", test.message, want)
	}
	return o
}

func TestCheckCatches(t *testing.T) {
	t.Chdir(t.TempDir())
	s, _ := broken(t, Options{Edition: "published", Profile: "none"}, "mutual-exclusion")
	test := &fake{name: "TestLock"}
	o := fails(t, test, s, "mutual-exclusion")
	if n := len(o.Scenario.Schedule.Decisions); n > 12 || o.World.Operations() > 3 || o.World.Instances() > 3 {
		t.Errorf("%d decisions, %d operations and %d instances are left", n, o.World.Operations(), o.World.Instances())
	}
	if !strings.Contains(o.Scenario.About, "Found by TestLock") {
		t.Error(o.Scenario.About)
	}
	// The same again says the same, and a later failure takes the place of this one.
	again := &fake{name: "TestLock"}
	fails(t, again, s, "mutual-exclusion")
	if again.message != test.message {
		t.Errorf("got %q and then %q", test.message, again.message)
	}
	s, _ = broken(t, Options{Edition: "published", Profile: "crash"}, "promise-kept")
	fails(t, &fake{name: "TestLock"}, s, "promise-kept", "promise-kept")
	if files, _ := filepath.Glob(Dir + "/*"); len(files) != 1 {
		t.Errorf("there are %v", files)
	}
}

// A timed form is written for what breaks in time.
func TestCheckCatchesWaiting(t *testing.T) {
	t.Chdir(t.TempDir())
	s, _ := broken(t, Options{Edition: "sequential", Profile: "none"}, "progress")
	if o := fails(t, &fake{name: "TestWaits"}, s, "progress"); !o.Scenario.Timed() || o.World.Operations() > 3 {
		t.Errorf("%d operations are left", o.World.Operations())
	}
}

func TestCheckAccepts(t *testing.T) {
	t.Chdir(t.TempDir())
	s := Scenarios(Options{}).Example(1)
	test := &fake{name: "TestLock"}
	o := Check(test, s)
	if test.fatals > 0 {
		t.Fatal(test.message)
	}
	if want := outcomeOf(t, s); o == nil || o.Digest != want.Digest {
		t.Errorf("the outcome is %+v", o)
	}
	if _, err := os.Stat("testdata"); err == nil {
		t.Error("there is something in testdata")
	}
}

// Only what is named counts, and the counterexample stays with it.
func TestCheckOnlyNamed(t *testing.T) {
	t.Chdir(t.TempDir())
	s, o := broken(t, Options{Edition: "published", Profile: "none"}, "mutual-exclusion", "acknowledged")
	var kept []string
	for _, v := range o.Verdicts {
		if v.State == check.Kept {
			kept = append(kept, v.Property)
		}
	}
	test := &fake{name: "TestKept"}
	if len(kept) == 0 || Check(test, s, kept...) == nil {
		t.Errorf("%v: %s", kept, test.message)
	}
	fails(t, &fake{name: "TestOne"}, s, "acknowledged", append(kept, "acknowledged")...)
	fails(t, &fake{name: "TestWorst"}, s, "mutual-exclusion", "acknowledged", "mutual-exclusion")

	test = &fake{name: "TestWrong"}
	if Check(test, s, "mutual-inclusion") != nil || !strings.Contains(test.message, `no property "mutual-inclusion"`) {
		t.Errorf("the message is %q", test.message)
	}
}

// What is left of a run may break a property that says more than the one that broke in
// it. It is about that one then, unless the other is named.
func TestCheckSaysMore(t *testing.T) {
	t.Chdir(t.TempDir())
	g := Scenarios(Options{Edition: "timeouts", Profile: "crash"})
	for seed := range 1000 {
		s := g.Example(seed)
		if v := check.Worst(outcomeOf(t, s).Verdicts); v == nil || v.Property != "linearizability" {
			continue
		}
		test := &fake{name: "TestMore"}
		Check(test, s)
		if strings.HasPrefix(test.message, "mutual-exclusion is violated") {
			fails(t, &fake{name: "TestMore"}, s, "mutual-exclusion")
			fails(t, &fake{name: "TestExactly"}, s, "linearizability", "linearizability")
			return
		}
	}
	t.Error("there is no such run")
}

// What cannot be written is told.
func TestCheckCannotWrite(t *testing.T) {
	s, _ := broken(t, Options{Edition: "published", Profile: "none"}, "mutual-exclusion")
	for what, spoil := range map[string]func() error{
		"mkdir testdata": func() error { return os.WriteFile("testdata", nil, 0o644) },
		"open testdata":  func() error { return os.MkdirAll(Dir+"/TestLock.yaml", 0o755) },
	} {
		t.Chdir(t.TempDir())
		if err := spoil(); err != nil {
			t.Fatal(err)
		}
		test := &fake{name: "TestLock"}
		Check(test, s)
		before, file, _ := strings.Cut(test.message, "\n\n")
		if !strings.HasPrefix(before, "mutual-exclusion is violated: ") || !strings.Contains(before, "cannot be written: "+what) {
			t.Fatalf("the message is %q", test.message)
		}
		if o := outcomeOf(t, compiled(t, []byte(file))); o.Failed() {
			t.Error("what the message shows does not run as claimed")
		}
	}
}

// twoDown is a schedule in which nothing breaks before it settles: then the published
// program refuses a lock that nobody holds.
const twoDown = `
format: 1
instances: [london, oregon, spaulo]
schedule: |
  crash oregon host down
  crash spaulo host down
  acquire alice via london
then: settle
`

func TestCheckOfASchedule(t *testing.T) {
	t.Chdir(t.TempDir())
	o := fails(t, &fake{name: "TestSchedule"}, compiled(t, []byte(twoDown)), "linearizability")
	if name := o.Scenario.Cluster.Instances[0].Name; name != "london" {
		t.Errorf("london is called %s now", name)
	}

	impossible := compiled(t, []byte("format: 1\ninstances: [a, b]\nschedule: |\n  timeout a\n"))
	test := &fake{name: "TestImpossible"}
	if Check(test, impossible) != nil || !strings.Contains(test.message, "impossible") {
		t.Errorf("the message is %q", test.message)
	}
}

// duel settles with messages, deadlines, pauses and impatient clients.
const duel = `
format: 1
edition: sound
instances: [london, oregon, spaulo]
schedule: |
  acquire alice via london
  deliver promise-request london -> oregon
  acquire bob via oregon
  drop promise-request oregon -> spaulo
  isolate spaulo
  acquire carol via spaulo
then: settle
`

// Whatever a scenario makes happen, its decisions make happen.
func TestRecord(t *testing.T) {
	settled := 0
	list := append(scenarios.Library(), scenarios.Entry{Name: "two down", Data: []byte(twoDown)}, scenarios.Entry{Name: "duel", Data: []byte(duel)})
	for _, e := range list {
		s := compiled(t, e.Data)
		if !s.Timed() && s.Schedule.Settle {
			settled++
		}
		decisions := sim.RunRecorded(s.Start())
		f := scenarios.FromDecisions(s, decisions)
		again, err := f.Compile(scenarios.Overrides{})
		if err != nil {
			t.Fatalf("%s: %v", e.Name, err)
		}
		if got, want := outcomeOf(t, again), outcomeOf(t, s); got.Digest != want.Digest || got.Events == 0 || got.Ending != sim.Stopped {
			t.Errorf("%s: another run, of %d events instead of %d", e.Name, got.Events, want.Events)
		}
	}
	if settled < 2 {
		t.Errorf("only %d schedules settle", settled)
	}
}

func TestFileName(t *testing.T) {
	for test, want := range map[string]string{
		"TestLock":              "TestLock.yaml",
		"TestLock/crash_1#01":   "TestLock-crash_1-01.yaml",
		"TestÄrger/a b/c:d\\..": "TestÄrger-a-b-c-d-...yaml",
		"Test*?<>|\"'$&;":       "Test----------.yaml",
	} {
		if got := fileName(test); got != want {
			t.Errorf("%s: got %s, want %s", test, got, want)
		}
	}
}
