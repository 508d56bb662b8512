package scenarios

import (
	"encoding/json"
	"strings"
	"testing"
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
