package shell

import "testing"

// What Word writes is safe, and nothing that a shell would run.
func TestSafe(t *testing.T) {
	for _, word := range []string{"a", "", "my file", "it's", "a;b", "$(x)", `a\' ; b`, "'", "a\nb"} {
		if text := " --edition x " + Word(word); !Safe(text) {
			t.Errorf("%q is not safe", text)
		}
	}
	for _, text := range []string{"x", " a; b", " $(x)", " 'a", ` 'a\' ; rm '\''`, " a\nb", ` a\b`, " `x`", ` \'; x`, " a > b", " a & b"} {
		if Safe(text) {
			t.Errorf("%q is safe", text)
		}
	}
	if !Safe("") {
		t.Error("no words are not safe")
	}
}
