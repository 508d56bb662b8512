package scenariotest_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"skinny/protocol"
	"skinny/scenarios/scenariotest"
	"skinny/sim"
)

// primary is an instance of a cluster in which the first one grants the lock alone. The
// others ask it by promise requests, with notes: what is wanted by whom, and in the answer,
// what comes of it and who has the lock. It remembers who has it, and stores nothing.
type primary struct{}

func (*primary) Step(q *sim.Question) (sim.Answer, error) {
	a := sim.Answer{Memory: q.Memory}
	mine := protocol.ID(q.Operation.Number)
	note := []byte{byte(q.Operation.Kind), byte(q.Operation.Holder)}
	switch m := q.Message; {
	case q.Kind == sim.AskOperation && q.Self == 0:
		a.Outcome, a.Holder = grant(&a, note)
	case q.Kind == sim.AskOperation:
		a.Send = []sim.Sent{{Message: protocol.Message{Kind: protocol.PromiseRequest, To: 0, ID: mine}, Note: note}}
		a.Timer = true
	case q.Kind == sim.AskMessage && m.Kind == protocol.PromiseRequest:
		outcome, holder := grant(&a, q.Note)
		yes := outcome == protocol.Acquired || outcome == protocol.Released
		answer := protocol.Message{Kind: protocol.PromiseResponse, To: m.From, ID: m.ID, Yes: yes}
		a.Send = []sim.Sent{{Message: answer, Note: []byte{byte(outcome), byte(holder)}}}
		a.Log = "grants what it is asked for: " + outcome.String()
	case q.Kind == sim.AskMessage && m.ID == mine && m.Kind == protocol.PromiseResponse:
		a.Outcome, a.Holder = protocol.Outcome(q.Note[0]), protocol.Holder(q.Note[1])
	case q.Kind == sim.AskMessage && m.ID == mine || q.Kind == sim.AskTimeout:
		a.Outcome = protocol.Unknown // nobody was there, or nobody has answered
	}
	return a, nil
}

// grant does what is asked for, if that is possible: with the lock that an instance
// remembers.
func grant(a *sim.Answer, note []byte) (protocol.Outcome, protocol.Holder) {
	client, holder := note[1], byte(protocol.Free)
	if len(a.Memory) > 0 {
		holder = a.Memory[0]
	}
	switch free := holder == byte(protocol.Free); {
	case note[0] == byte(protocol.Release) && (free || holder == client):
		a.Memory = nil
		return protocol.Released, protocol.Free
	case note[0] == byte(protocol.Release):
		return protocol.NotReleased, protocol.Holder(holder)
	case free || holder == client:
		a.Memory = []byte{client}
		return protocol.Acquired, protocol.Holder(client)
	}
	return protocol.Refused, protocol.Holder(holder)
}

// A lock that one instance grants alone holds, whatever is late and lost, as long as that
// instance is up.
func TestPrimary(t *testing.T) {
	o := scenariotest.Options{
		Profile: "network", Knobs: map[string]string{"duplication": "0%"}, // an old release would free a new lock
		Players: sim.Players{"": {Name: "primary", Program: &primary{}}},
	}
	rapid.Check(t, func(t *rapid.T) {
		scenariotest.Check(t, scenariotest.Scenarios(o).Draw(t, "scenario"), "mutual-exclusion", "linearizability")
	})
}

// report is a test whose failure is looked at.
type report struct{ message string }

func (r *report) Helper()                           {}
func (r *report) Name() string                      { return "TestPrimary" }
func (r *report) Fatalf(format string, args ...any) { r.message = fmt.Sprintf(format, args...) }

// Where the primary may crash, it forgets who has the lock, and gives it to the next one.
func TestPrimaryForgets(t *testing.T) {
	t.Chdir(t.TempDir())
	scenarios := scenariotest.Scenarios(scenariotest.Options{
		Profile: "crash", Players: sim.Players{"": {Name: "primary", Program: &primary{}}},
	})
	var r report
	for seed := 0; r.message == "" && seed < 1000; seed++ {
		scenariotest.Check(&r, scenarios.Example(seed), "mutual-exclusion")
	}
	if !strings.Contains(r.message, "10  a ─▶ bob: acquired") {
		t.Errorf("the message is %q", r.message)
	}
	text, err := os.ReadFile(scenariotest.Dir + "/TestPrimary.yaml")
	if err != nil {
		t.Fatal(err, r.message)
	}
	for _, want := range []string{"program: {a: primary, b: primary, c: primary}", "restart a", "{property: mutual-exclusion, is: violated}", "{property: agreement, is: not-judged}"} {
		if !strings.Contains(string(text), want) {
			t.Errorf("there is no %q in\n%s", want, text)
		}
	}
}
