package scenariotest

import (
	"os"
	"strings"
	"testing"

	"skinny/protocol"
	"skinny/scenarios"
	"skinny/sim"
)

// forgetful is the built-in protocol, but it stores nothing.
func forgetful(t *testing.T) sim.Program {
	e, ok := protocol.EditionByName("sound")
	if !ok {
		t.Fatal("no edition is sound")
	}
	return sim.BuiltIn(e.Rules &^ protocol.Durable)
}

// What an instance of one's own breaks is shrunk and written as any failure: the file says
// that it was played, runs with it again, and asks for it.
func TestCheckCatchesInstances(t *testing.T) {
	t.Chdir(t.TempDir())
	players := sim.Players{"": {Name: "forgetful", Program: forgetful(t)}}
	for property, options := range map[string]Options{
		"mutual-exclusion": {Profile: "crash", Players: players},
		"promise-kept":     {Profile: "crash", Players: players},
		"progress":         {Edition: "published", Profile: "none", Players: sim.Players{"": {Program: silent{}}}},
	} {
		s, _ := broken(t, options, property)
		test := &fake{name: "Test" + property}
		if Check(test, s, property); test.fatals != 1 || !strings.HasPrefix(test.message, property+" is violated: ") || !strings.Contains(test.message, "shrunk from ") {
			t.Fatalf("%s: the message is %q", property, test.message)
		}
		text, err := os.ReadFile(Dir + "/Test" + property + ".yaml")
		if err != nil {
			t.Fatal(err)
		}
		f, err := scenarios.Decode("test.yaml", text)
		if err != nil || len(f.Program) != len(f.Instances) || f.Program[0].Instance.Value != "a" {
			t.Fatalf("%v: it is\n%s", err, text)
		}
		again, err := f.Compile(scenarios.Overrides{Players: options.Players})
		if err != nil {
			t.Fatal(err)
		}
		if o := outcomeOf(t, again); o.Failed() || o.Scenario.Cluster.Size() > 3 || len(o.Scenario.Expect) == 0 {
			t.Errorf("%s: it does not run as claimed:\n%s", property, text)
		}
		if _, err := f.Compile(scenarios.Overrides{}); err == nil || !strings.Contains(err.Error(), "--program a='COMMAND'") {
			t.Errorf("without the instance the error is %v", err)
		}
	}
}

// silent answers nothing.
type silent struct{}

func (silent) Step(*sim.Question) (sim.Answer, error) { return sim.Answer{}, nil }

// refuser cannot go on as soon as it is asked something.
type refuser struct{}

func (refuser) Step(*sim.Question) (sim.Answer, error) { return sim.Answer{Retry: true}, nil }

// An instance that does what is not allowed fails a test.
func TestCheckOfAFailure(t *testing.T) {
	s := Scenarios(Options{Profile: "none", Players: sim.Players{"": {Program: refuser{}}}}).Example(1)
	test := &fake{name: "TestFailure"}
	if o := Check(test, s); o != nil || test.fatals != 1 || !strings.Contains(test.message, "the program of ") {
		t.Errorf("the message is %q", test.message)
	}
}
