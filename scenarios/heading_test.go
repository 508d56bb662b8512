package scenarios

import (
	"encoding/json"
	"strings"
	"testing"

	"skinny/protocol"
	"skinny/sim"
)

// A heading says all that is otherwise than in the edition: rules, quorums, and the rules
// that instances have of their own.
func TestSetting(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"edition: sound\ninstances: [a, b]", "sound"},
		{"edition: published\nrules: {durable: on, early-stop-promise: off}\ninstances: [a, b]", "published with durable without early-stop-promise"},
		{"edition: sound\nrules: {durable: off, yield: off, adopt: off}\ninstances: [a, b]", "sound, but for 3 rules"},
		{"edition: sound\nquorums: {promise: 2, commit: 2}\ninstances: [{name: a, rules: {durable: off}}, b, c, d]", "sound, quorums 2 and 2 of 4, a without durable"},
		{"edition: sound\nquorums: {commit: 1}\ninstances: [a, b, c]", "sound, quorums 2 and 1 of 3"},
		{"edition: sound\nrules: {durable: off}\ninstances: [{name: a, rules: {durable: off}}, {name: b, rules: {durable: on}}, {name: c, rules: {durable: on}}]",
			"sound without durable, b and c with durable"},
		{"edition: sound\ninstances: [{name: a, rules: {durable: off, yield: off, adopt: off}}, b]", "sound, a with rules of its own"},
		{"edition: sound\ninstances: [{name: a, rules: {durable: off}}, {name: b, rules: {yield: off}}, {name: c, rules: {adopt: off}}]", "sound, 3 instances with rules of their own"},
		{"edition: sound\nrules: {durable: off, yield: off}\ninstances: [a, b]", "sound without durable, yield"},
		{"edition: sound\ninstances: [{name: a, rules: {durable: off}}, {name: b, rules: {yield: off, adopt: off}}]", "sound, a without durable, b without adopt, yield"},
		{"edition: sound\ninstances: [{name: a, rules: {durable: off, yield: off, adopt: off}}, {name: b, rules: {yield: off}}, c]", "sound, 2 instances with rules of their own"},
		{"edition: sound\nquorums: {promise: 3}\ninstances: [a, b, c]", "sound, quorums 3 and 2 of 3"},
	} {
		if got := compiled(t, "format: 1\n"+c.text+"\ntimeline:\n  - {at: 0s, acquire: x, via: a}\n").Setting(); got != c.want {
			t.Errorf("%s\nis %q, not %q", c.text, got, c.want)
		}
	}
}

// A result has quorums and instances' own rules where there are any.
func TestResultOfMixed(t *testing.T) {
	result := func(text string) string {
		data, err := json.Marshal(outcomeOf(t, compiled(t, text)).Result())
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	got := result(mixed)
	for _, want := range []string{`"quorums":{"promise":2,"commit":3}`, `"name":"c","increment":3,"up":true,"rules":{"concurrent":false,"durable":false}`} {
		if !strings.Contains(got, want) {
			t.Errorf("no %s in %s", want, got)
		}
	}
	if strings.Count(got, `"rules"`) != 2 {
		t.Errorf("not only c has rules of its own: %s", got)
	}
	if got := result("format: 1\ninstances: [a, b]\ntimeline:\n  - {at: 0s, acquire: x, via: a}\n"); strings.Contains(got, "quorums") || strings.Count(got, `"rules"`) != 1 {
		t.Errorf("nothing is otherwise, yet %s", got)
	}
}

// Of an instance that a program plays no rule is said to be its own, nor in the result.
func TestSettingOfPlayed(t *testing.T) {
	const text = "format: 1\nedition: sound\ninstances: [{name: a, rules: {durable: off}}, {name: b, rules: {durable: off}}, c]\ntimeline: [{at: 0s, acquire: x, via: c}]\n"
	s, err := decode("x.yaml", []byte(text), Overrides{Players: sim.Players{"a": {Name: "mine", Program: sim.BuiltIn(protocol.AllRules)}}})
	if err != nil {
		t.Fatal(err)
	}
	if got := s.Setting(); got != "sound, b without durable, a played by mine" {
		t.Errorf("it is %q", got)
	}
	if a, b := s.OwnRules(0), s.OwnRules(1); a != nil || len(b) != 1 || b["durable"] {
		t.Errorf("own rules are %v and %v", a, b)
	}
}

// How a run ended is said in a word.
func TestResultEndings(t *testing.T) {
	const head = "format: 1\nedition: sound\ninstances: [a, b, c]\n"
	for text, want := range map[string]string{
		"timeline: [{at: 0s, acquire: x, via: a}]\n":              "nothing-more",
		"timeline: [{at: 0s, acquire: x, via: a}]\nuntil: 5ms\n":  "time-is-up",
		"timeline: [{at: 0s, acquire: x, via: a}]\nevents: 3\n":   "budget-spent",
		"schedule: |\n  acquire x via a\n":                        "schedule-over",
		"schedule: |\n  acquire x via a\nthen: settle\n":          "nothing-more",
		"schedule: |\n  acquire x via a\nthen: stop\nevents: 9\n": "schedule-over",
	} {
		if got := outcomeOf(t, compiled(t, head+text)).Result().Ending; got != want {
			t.Errorf("%s ends with %s, not %s", text, got, want)
		}
	}
	s := compiled(t, head+"timeline: [{at: 0s, acquire: x, via: a}]\n")
	if o, err := s.RunUntil(func() bool { return true }); err != nil || o.Result().Ending != "interrupted" || o.Result().Operations == nil || o.Result().Expectations == nil {
		t.Errorf("%+v, %v", o, err)
	}
	s, err := decode("x.yaml", []byte(head+"timeline: [{at: 0s, acquire: x, via: a}]\n"), Overrides{Players: everybody(&fails{})})
	if err != nil {
		t.Fatal(err)
	}
	if got := outcomeOf(t, s).Result().Ending; got != "program-failed" {
		t.Errorf("a program that fails ends a run with %s", got)
	}
}
