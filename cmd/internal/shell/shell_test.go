package shell

import (
	"os/exec"
	"strings"
	"testing"
)

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

// A word is quoted where a shell would make something else of it, and stays as it is where
// it would not.
func TestWord(t *testing.T) {
	for _, c := range []struct{ word, want string }{
		{"two-winners", "two-winners"}, {"a/b_c.yaml", "a/b_c.yaml"}, {"durable=off", "durable=off"}, {"0..3,5%+1@x:y^z", "0..3,5%+1@x:y^z"}, {"é", "é"},
		{"", "''"}, {"my file", "'my file'"}, {"it's", `'it'\''s'`},
	} {
		if got := Word(c.word); got != c.want {
			t.Errorf("%q is written %s, want %s", c.word, got, c.want)
		}
	}
	for _, c := range " \t\n\"\\$`!*?[](){}<>|&;#~" {
		if got, want := Word("a"+string(c)), "'a"+string(c)+"'"; got != want {
			t.Errorf("%q is written %s", "a"+string(c), got)
		}
	}
}

// A file's name is no flag, but that of standard input stays.
func TestFile(t *testing.T) {
	for name, want := range map[string]string{"a.yaml": "a.yaml", "-": "-", "-a.yaml": "./-a.yaml", "--x y": "'./--x y'", "./-a": "./-a", "a-": "a-", "": "''"} {
		if got := File(name); got != want {
			t.Errorf("%q is written %s, want %s", name, got, want)
		}
	}
}

// A shell takes a line for the words of which it was made.
func TestLine(t *testing.T) {
	if got := Line([]string{"a", "b c", ""}); got != "a 'b c' ''" || Line(nil) != "" {
		t.Errorf("it is %q, and of no words %q", got, Line(nil))
	}
	sh, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("there is no sh")
	}
	var words []string
	for c := byte(1); c < 128; c++ {
		words = append(words, string(c), "a"+string(c)+"b", string(c)+string(c))
	}
	words = append(words, "", `\'`, "é", "'a' 'b'")
	out, err := exec.Command(sh, "-c", `printf '%s\0' `+Line(words)).Output()
	if got := strings.Split(string(out), "\x00"); err != nil || strings.Join(got, "\x00") != strings.Join(words, "\x00")+"\x00" {
		t.Errorf("%v: of %d words a shell makes %d", err, len(words), len(got)-1)
		for i := range min(len(words), len(got)) {
			if words[i] != got[i] {
				t.Fatalf("%q becomes %q", words[i], got[i])
			}
		}
	}
}
