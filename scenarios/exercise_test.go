package scenarios

import (
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

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
