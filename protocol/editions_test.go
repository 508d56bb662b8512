package protocol

import (
	"math/bits"
	"slices"
	"testing"
)

// The ladder: every edition has the rules of the one before and its own.
func TestEditions(t *testing.T) {
	ladder := []struct {
		name string
		adds Rules
	}{
		{"sequential", Majority | PromiseOnce | RefuseStale | Adopt | Backoff},
		{"timeouts", Timeouts},
		{"concurrent", Concurrent},
		{"published", EarlyStopPromise},
	}
	editions := Editions()
	rules := Rules(0)
	for n, step := range ladder {
		rules |= step.adds
		if e := editions[n]; e.Name != step.name || e.Rules != rules {
			t.Errorf("edition %d is %s %b, want %s %b", n, e.Name, e.Rules, step.name, rules)
		}
	}
	published := Majority | PromiseOnce | RefuseStale | Adopt | Concurrent | Timeouts | EarlyStopPromise | Backoff
	if rules != published {
		t.Errorf("published is %b, want exactly %b", rules, published)
	}

	last := len(editions) - 1
	for _, e := range editions[len(ladder):last] {
		added := e.Rules &^ rules
		if rule, ok := RuleByName(e.Name); !ok || added != rule.Rule || !e.Rules.Has(rules) {
			t.Errorf("edition %s adds %b to the one before, which should be the rule it is named after", e.Name, added)
		}
		rules = e.Rules
	}
	if e := editions[last]; e.Name != "sound" || e.Rules != AllRules || rules != AllRules {
		t.Errorf("the top is %s with %b, want sound with every rule; before it %b", e.Name, e.Rules, rules)
	}

	for _, e := range editions {
		if found, ok := EditionByName(e.Name); !ok || found != e {
			t.Errorf("EditionByName(%q) = %v, %v", e.Name, found, ok)
		}
		if e.About == "" {
			t.Errorf("edition %s says nothing about itself", e.Name)
		}
	}
	if _, ok := EditionByName("publisched"); ok {
		t.Error("found an edition that does not exist")
	}
}

func TestRuleTable(t *testing.T) {
	names := []string{
		"majority", "promise-once", "refuse-stale", "accept-raises", "adopt", "own-id", "unique-ids", "durable",
		"self-rules", "learn-aside", "ack-majority", "ack-accepted", "owner-release", "yield", "concurrent", "timeouts",
		"early-stop-promise", "early-stop-commit", "tell-promised", "backoff",
	}
	table := RuleTable()
	if len(table) != len(names) || bits.OnesCount32(uint32(AllRules)) != len(names) {
		t.Fatalf("%d rules in the table, %b in all, want %d", len(table), AllRules, len(names))
	}
	for n, r := range table {
		if r.Rule != 1<<n || r.Name != names[n] {
			t.Errorf("rule %d is %s %b, want %s", n, r.Name, r.Rule, names[n])
		}
		if r.Safe != (r.Rule < Yield) {
			t.Errorf("rule %s: the rules from yield on are about liveness and speed", r.Name)
		}
		if r.On == "" || r.Off == "" || r.Why == "" {
			t.Errorf("rule %s is not explained", r.Name)
		}
		if found, ok := RuleByName(r.Name); !ok || found != r {
			t.Errorf("RuleByName(%q) = %v, %v", r.Name, found, ok)
		}
	}
	if _, ok := RuleByName("durabel"); ok {
		t.Error("found a rule that does not exist")
	}
	if got := AllRules.Names(); !slices.Equal(got, names) {
		t.Errorf("all rules are %v", got)
	}
	if got := (Durable | Majority | Backoff).Names(); !slices.Equal(got, []string{"majority", "durable", "backoff"}) {
		t.Errorf("three rules are %v", got)
	}
	if got := Rules(0).Names(); got == nil || len(got) != 0 {
		t.Errorf("no rules are %#v, want an empty list", got)
	}
	table[0].Name = "changed"
	if RuleTable()[0].Name != names[0] {
		t.Error("a caller can change the table")
	}
}

// The words of scenario files, traces and results.
func TestNames(t *testing.T) {
	messages := []string{"promise-request", "promise-response", "commit-request", "commit-response"}
	for n, name := range messages {
		k := PromiseRequest + MessageKind(n)
		if found, ok := MessageKindByName(name); !ok || found != k || k.String() != name {
			t.Errorf("MessageKindByName(%q) = %v, %v", name, found, ok)
		}
		if k.IsRequest() != (k.Response() != NoMessage) {
			t.Errorf("%s: a request is what has a response", k)
		}
		request, response := Message{Kind: k}, Message{Kind: k.Response()}
		if k.IsRequest() && request.Phase() != response.Phase() {
			t.Errorf("%s and its response belong to different phases", k)
		}
	}
	// No instance sends a failure, so no scenario can name one.
	for _, name := range []string{"", Failure.String(), "promise"} {
		if _, ok := MessageKindByName(name); ok {
			t.Errorf("MessageKindByName(%q) found something", name)
		}
	}
	outcomes := []string{"none", "acquired", "refused", "released", "not-released", "unknown", "answered", "failed"}
	for n, name := range outcomes {
		if found, ok := OutcomeByName(name); !ok || found != Outcome(n) || found.String() != name {
			t.Errorf("OutcomeByName(%q) = %v, %v", name, found, ok)
		}
	}
	if _, ok := OutcomeByName("won"); ok {
		t.Error("found an outcome that does not exist")
	}
	if Acquire.String() != "acquire" || Release.String() != "release" || Status.String() != "status" || Failure.String() != "failure" {
		t.Error("a name is not the one of the scenario format")
	}
}

func TestSet(t *testing.T) {
	if All(64) != ^Set(0) || All(3) != 7 || All(64).Len() != 64 {
		t.Error("All")
	}
	s := Set(0).With(63).With(4)
	if !s.Has(63) || !s.Has(4) || s.Has(5) || s.Len() != 2 || s.First() != 4 || s.Without(4).First() != 63 {
		t.Errorf("set %b", s)
	}
}
