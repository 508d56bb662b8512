package quiz_test

import (
	"strings"
	"testing"

	"skinny/protocol"
	"skinny/scenarios"
	"skinny/sim"
	"skinny/sim/quiz"
	"skinny/sim/trace"
)

func open(t testing.TB, name string) *quiz.Run {
	t.Helper()
	file, err := scenarios.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	s, err := file.Compile(scenarios.Overrides{})
	if err != nil {
		t.Fatal(err)
	}
	return quiz.Play(s.Header(), func() sim.Runner { return s.Start().Runner }, 100_000)
}

// What is right at events of bundled scenarios, and under which rules, or before which
// event, the others would be.
func TestAsk(t *testing.T) {
	for _, test := range []struct {
		scenario string
		event    int
		kind     quiz.Kind
		right    string
		rules    map[string]protocol.Rules // by choice
		before   map[string]int
	}{
		// b runs a round of its own, and holds its mutex over it.
		{"two-winners", 5, quiz.Answer, "nothing yet: it has to wait", map[string]protocol.Rules{"no": protocol.Yield}, map[string]int{"yes": 4}},
		{"two-winners", 14, quiz.Answer, "no", map[string]protocol.Rules{"yes": protocol.RefuseStale}, nil},
		{"two-winners", 17, quiz.Majority, "not yet", map[string]protocol.Rules{"yes": protocol.Majority}, nil},
		{"two-winners", 18, quiz.Majority, "yes", nil, nil},
		{"two-winners", 20, quiz.Told, "acquired", map[string]protocol.Rules{"unknown": protocol.AckMajority}, nil},
		{"foreign-release", 42, quiz.Value, "nobody's: the lock is free", map[string]protocol.Rules{"bob's": protocol.OwnerRelease}, nil},
		{"second-client", 29, quiz.Value, "alice's", map[string]protocol.Rules{"bob's": protocol.Adopt}, nil},
		{"amnesia", 14, quiz.State, "promised nothing, accepted nothing", map[string]protocol.Rules{"promised 1, accepted ID 1 (alice)": protocol.Durable}, nil},
	} {
		q, err := quiz.Ask(open(t, test.scenario), test.kind, test.event, trace.None)
		if err != nil {
			t.Error(err)
			continue
		}
		if got := q.Choices[q.Right].Text.String(); got != test.right {
			t.Errorf("%s, event %d: right is %q, not %q", test.scenario, test.event, got, test.right)
		}
		for i, c := range q.Choices {
			text := c.Text.String()
			if c.Rules != test.rules[text] || c.Before != test.before[text] {
				t.Errorf("%s, event %d: %q would be right under %b and before %d", test.scenario, test.event, text, c.Rules, c.Before)
			}
			if c.Why.Rules() != c.Rules {
				t.Errorf("%s, event %d: %q says %q", test.scenario, test.event, text, c.Why)
			}
			if right, said := q.Grade(i); right != (text == test.right) || !right && !strings.Contains(said.String(), test.right) {
				t.Errorf("%s, event %d: %q is graded %v, %q", test.scenario, test.event, text, right, said)
			}
		}
	}
}

// The rule that is missing is the one that is off and would have made another event of it;
// the others are no less likely at first sight.
func TestRule(t *testing.T) {
	for _, test := range []struct {
		scenario string
		event    int
		want     string // the rule, or what is wrong with the event
	}{
		{"rules/refuse-stale", 14, "refuse-stale: "},
		{"rules/adopt", 13, "adopt: "},
		{"rules/self-rules", 13, "self-rules: "},
		{"rules/durable", 10, "durable: "},
		{"rules/own-id", 13, "own-id: "},
		{"rules/accept-raises", 11, "accept-raises: "},
		{"rules/ack-majority", 7, "ack-majority: "},
		{"two-winners", 5, "yield: "},
		{"rules/promise-once-and-unique-ids", 9, "promise-once: "},
		{"two-winners", 1, "no rule that is off"},
		{"testdata/two-missing.yaml", 14, "several rules"},
	} {
		q, err := quiz.Ask(open(t, test.scenario), quiz.Rule, test.event, trace.None)
		got := ""
		if err != nil {
			got = err.Error()
		} else if got = q.Choices[q.Right].Text.String(); len(q.Choices) != quiz.MaxChoices {
			t.Errorf("%s, event %d: %d choices", test.scenario, test.event, len(q.Choices))
		}
		if !strings.Contains(got, test.want) {
			t.Errorf("%s, event %d: got %q, not %q", test.scenario, test.event, got, test.want)
		}
	}
}
