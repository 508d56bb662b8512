package scenarios

import (
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"skinny/protocol"
)

// Of a solution counts what stands under its own keys; what it has otherwise is named, unless it
// means the same. What is judged is neither an exercise nor a lesson itself.
func TestSolutionKeys(t *testing.T) {
	const given = "format: 1\ninstances: [a, b]\ntimeline: [{at: 0s, acquire: x, via: a}]\n"
	f, err := Decode("x.yaml", []byte(given+"exercise: {task: x, change: [rules], want: [{moves: 1}]}\nlesson: {point: x, stops: [{at: 1, say: x}]}\n"))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		solution, own, otherwise string
		yields                   bool
	}{
		{given, "", "", false}, {given, "rules", "", false},
		{given + "rules: {yield: on}\n", "rules", "", true}, {given + "rules: {yield: on}\n", "seed", "rules", false},
		{given + "rules: {yield: off}\n", "", "", false}, {given + "title: x\nabout: y\nexpect: []\n", "", "", false},
		{given + "rules: {yield: on}\nseed: 3\nuntil: 1s\n", "rules", "seed until", true},
		{"format: 1\ninstances: [a, b]\nrules: {yield: on}\n", "rules", "timeline", true},
	} {
		solution, err := Decode("s.yaml", []byte(c.solution))
		if err != nil {
			t.Fatal(err)
		}
		s, otherwise, err := f.Solution(solution, strings.Fields(c.own))
		if err != nil || strings.Join(otherwise, " ") != c.otherwise || s.Cluster.Rules.Has(protocol.Yield) != c.yields || len(s.Decisions()) != 1 || s.Exercise() != nil || s.Lesson() != nil {
			t.Errorf("%swith its own %q: %q, %v", c.solution, c.own, otherwise, err)
		}
	}
}

// What a solution claims counts for nothing, also what is true only of what it does.
func TestSolutionClaims(t *testing.T) {
	const given = "format: 1\ninstances: [a, b]\n"
	f, err := Decode("x.yaml", []byte(given+"exercise: {task: x, change: [timeline], want: [{moves: 1}]}\n"))
	if err != nil {
		t.Fatal(err)
	}
	solution, err := Decode("s.yaml", []byte(given+"timeline: [{at: 0s, acquire: x, via: a}]\nexpect: [{operation: 1, outcome: acquired}]\n"))
	if err != nil {
		t.Fatal(err)
	}
	if s, otherwise, err := f.Solution(solution, []string{"timeline"}); err != nil || len(otherwise) > 0 || len(s.Decisions()) != 1 || len(s.Expect) > 0 {
		t.Errorf("%q, %v", otherwise, err)
	}
}

// What is given of an exercise that a program plays cannot be run without it.
func TestSolutionNeedsAProgram(t *testing.T) {
	const given = "format: 1\ninstances: [a, b]\nprogram: {a: mine}\nexercise: {task: x, change: [rules], want: [{moves: 1}]}\n"
	f, err := Decode("x.yaml", []byte(given))
	if err != nil {
		t.Fatal(err)
	}
	other, err := Decode("s.yaml", []byte(given+"seed: 3\n"))
	if err != nil {
		t.Fatal(err)
	}
	for _, solution := range []*File{f, other} {
		if _, _, err := f.Solution(solution, []string{"rules"}); err == nil || !strings.Contains(err.Error(), "a is played by a program called mine, and no program is given") {
			t.Errorf("the error is %v", err)
		}
	}
}

// A file is as given by itself, and any two fit together or say why not.
func TestSolutionOfAnything(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f, other := drawFile(t), drawFile(t)
		f.Program, other.Program = nil, nil // which need a program
		own := rapid.Permutation(changeable).Draw(t, "own")[:rapid.IntRange(0, len(changeable)).Draw(t, "so many")]
		s, otherwise, err := f.Solution(f, own)
		if err != nil || len(otherwise) > 0 {
			t.Fatalf("%v, %v\n%s", otherwise, err, f.Encode())
		}
		base, err := f.Compile(Overrides{})
		if err != nil {
			t.Fatal(err)
		}
		if base.Lesson() == nil && base.Exercise() == nil && !s.alike(base) {
			t.Fatalf("another scenario:\n%s", f.Encode())
		}
		var found Diagnostics
		if _, _, err := f.Solution(other, own); err != nil && !errors.As(err, &found) {
			t.Fatal(err)
		}
	})
}

// Claims in words are those of a file.
func TestParseClaim(t *testing.T) {
	if e, err := ParseClaim("operation 2 outcome unknown holder nobody"); err != nil || !e.Holder.Given || e.Holder.Value != "" || e.Operation.Value != 2 {
		t.Errorf("nobody is read as %+v, %v", e, err)
	}
	if e, err := ParseClaim("operation 2 outcome refused holder alice"); err != nil || e.Holder.Value != "alice" || e.Outcome.Value != protocol.Refused {
		t.Errorf("a holder is read as %+v, %v", e, err)
	}
	if e, err := ParseClaim("instance nobody id 3"); err != nil || e.Instance.Value != "nobody" {
		t.Errorf("an instance is read as %+v, %v", e, err)
	}
	for words, want := range map[string]string{
		"operation 2 outcome refused holder alice": "",
		"operation 2 holder nobody":                "",
		"instance c promised 3 id 3 holder bob":    "",
		"property mutual-exclusion kept":           "",
		"property mutual-exclusion is violated":    "",
		"":                                         "a claim is keys and their values",
		"operation":                                "a claim is keys and their values",
		"operation 2 outcome":                      "a claim is keys and their values",
		"operation 2":                              "this claims nothing about operation 2",
		"operation x outcome acquired":             "expected the number of the operation",
		"operation 2 outcome acquird":              "did you mean \"acquired\"?",
		"property mutual-exclusion broken":         "\"broken\" is none of the verdicts",
		"colour blue":                              "a claim does not say what it is about",
		"operation 2 outcome [a, b":                "a claim is keys and their values",
		"operation *x outcome acquired":            "expected the number of the operation",
	} {
		e, err := ParseClaim(words)
		switch {
		case want == "" && err != nil:
			t.Errorf("%s: %v", words, err)
		case want != "" && (err == nil || !strings.Contains(err.Error(), want)):
			t.Errorf("%s: got %v, want %q", words, err, want)
		case want == "" && (e.empty() != nil || !e.Operation.Given && !e.Instance.Given && !e.Property.Given):
			t.Errorf("%s: %+v", words, e)
		}
	}
}

// A claim in an exercise is about what there is, and where a solution may call, about what
// it calls.
func TestParseClaimInExercise(t *testing.T) {
	for _, c := range []struct{ change, words, want string }{
		{"change: [expect]", "operation 1 holder al", ""},
		{"change: [expect]", "instance b holder nobody", ""},
		{"change: [expect]", "instance bb up true", "unknown instance \"bb\"\ninstances: a, b"},
		{"change: [expect]", "operation 2 outcome acquired", "there is no operation 2\nthere is one operation"},
		{"change: [expect]", "operation 1 holder bob", "no operation is called by \"bob\"\nclients: al"},
		{"change: [expect]", "property progress kept", "progress has a bound in time, and is not judged in a schedule\nleave the claim out"},
		{"change: [expect, schedule], allow: [deliver]", "operation 2 outcome acquired", "there is no operation 2\nthere is one operation"},
		{"change: [expect, schedule], allow: [acquire]", "operation 2 outcome acquired holder bob", ""},
		{"change: [expect, schedule]", "operation 2 outcome acquired holder bob", ""},
		{"change: [expect, schedule]", "instance zed up true", "unknown instance \"zed\"\ninstances: a, b"},
		{"change: [expect]", "operation", "a claim is keys and their values\nwrite: operation 2 outcome refused holder alice"},
	} {
		f, err := Decode("x", []byte("format: 1\ninstances: [a, b]\nschedule: |\n  acquire al via a\nexercise: {task: x, want: [{operation: 1, predict: [outcome]}], "+c.change+"}\n"))
		if err != nil {
			t.Fatal(err)
		}
		said := ""
		if _, err := f.ParseClaim(c.words); err != nil {
			said = err.Error()
		}
		if said != c.want {
			t.Errorf("%s: %s: %q, want %q", c.change, c.words, said, c.want)
		}
		if want := f.Exercise.Value.Want; len(want) != 1 || want[0].Instance.Given || len(want[0].Predict) != 1 {
			t.Errorf("after %s the exercise wants %+v", c.words, want)
		}
	}
}
