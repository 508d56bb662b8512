package form

import (
	"bytes"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// note is a form with both kinds of free text.
type note struct{ Title, About Opt[string] }

func (n *note) form() Form {
	return Form{Name: "a note", Fields: []Field{
		Key("title", "One line.", &n.Title, Line),
		Key("about", "Some lines.", &n.About, Lines),
	}}
}

var notes = Kind{Name: "note", MaxSize: 1 << 20}

// Whatever a text is made of, such as the bytes of a file name, what is written of it
// can be read again, and says the same as far as it can be seen.
func TestAnyTextIsReadable(t *testing.T) {
	for _, text := range []string{"caf\xe9.yaml", "two\nlines", "tab\there", "\x1b[31mred", "a\u2028b", "\u202egnp", "\x00", "\ufeff", "%!", "'\"", " # ", ""} {
		checkReadable(t, text)
	}
	rapid.Check(t, func(t *rapid.T) { checkReadable(t, string(rapid.SliceOf(rapid.Byte()).Draw(t, "bytes"))) })
	rapid.Check(t, func(t *rapid.T) { checkReadable(t, rapid.String().Draw(t, "text")) })
}

func checkReadable(t interface{ Fatalf(string, ...any) }, text string) {
	written := Encode(Of((*note).form), note{Title: Some(text), About: Some(text)})
	n, ok, r := Parse(&notes, "note", written, Of((*note).form))
	if !ok || len(r.Found) > 0 || bytes.Contains(written, []byte("!!")) && !strings.Contains(text, "!!") {
		t.Fatalf("%q is written as %q: %v", text, written, r.Found)
	}
	if again := Encode(Of((*note).form), n); !bytes.Equal(again, written) {
		t.Fatalf("%q is written as %q and then as %q", text, written, again)
	}
	for _, c := range n.Title.Value {
		if !Visible(c) {
			t.Fatalf("%q has become %q", text, n.Title.Value)
		}
	}
}

// A character is visible if a terminal shows it, or joins letters by it.
func TestVisible(t *testing.T) {
	for c, want := range map[rune]bool{'a': true, ' ': true, 'é': true, '東': true, '\u0301': true, '\u200c': true, '\u200d': true,
		'\t': false, '\n': false, '\x1b': false, '\u200b': false, '\u202e': false, '\ufeff': false} {
		if Visible(c) != want {
			t.Errorf("%q is visible: %v", c, !want)
		}
	}
}

// Lines are written as lines, and one line as one.
func TestLinesAreWritten(t *testing.T) {
	for about, want := range map[string]string{
		"a\nb\n": "title: x\nabout: |\n  a\n  b\n", "a\nb": "title: x\nabout: |-\n  a\n  b\n", "a": "title: x\nabout: a\n", "": "title: x\nabout: ''\n",
	} {
		if got := string(Encode(Of((*note).form), note{Title: Some("x"), About: Some(about)})); got != want {
			t.Errorf("%q is written %q", about, got)
		}
	}
}

// A name of one letter is not like another one.
func TestNearest(t *testing.T) {
	for word, want := range map[string]string{"x": "", "A": "a", "lodnon": "london", "paris": ""} {
		if got, ok := Nearest(word, []string{"a", "b", "london"}); got != want || ok != (want != "") {
			t.Errorf("%q is like %q, not %q", word, got, want)
		}
	}
}

// command is a form with a text that is parsed.
type command struct{ Do Opt[string] }

// What is written is parsed, also where YAML takes it for nothing.
func TestParsedNull(t *testing.T) {
	word := Parsed("a word", ".+", func(s string) (string, *Mistake) { return s, nil }, same)
	form := Of(func(c *command) Form {
		return Form{Name: "a command", Fields: []Field{Key("do", "A word.", &c.Do, word)}}
	})
	for text, want := range map[string]string{"do: null\n": "null", "do: go\n": "go", "do:\n": ""} {
		c, ok, r := Parse(&notes, "x", []byte(text), form)
		if c.Do.Value != want || (want == "") != (!ok || len(r.Found) > 0) {
			t.Errorf("%q is %q: %v", text, c.Do.Value, r.Found)
		}
	}
}
