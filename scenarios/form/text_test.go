package form

import (
	"bytes"
	"encoding/binary"
	"strings"
	"testing"
	"unicode/utf16"

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

// A text may begin with a byte order mark, and be in UTF-16 then.
func TestByteOrderMarks(t *testing.T) {
	const text = "title: Zürich, 日本 🦫\n"
	encoded := func(order binary.AppendByteOrder) []byte {
		var b []byte
		for _, u := range utf16.Encode([]rune("\ufeff" + text)) {
			b = order.AppendUint16(b, u)
		}
		return b
	}
	for name, data := range map[string][]byte{
		"UTF-8": []byte(text), "UTF-8 with a mark": []byte("\ufeff" + text),
		"UTF-16, little end first": encoded(binary.LittleEndian), "UTF-16, big end first": encoded(binary.BigEndian),
	} {
		n, ok, r := Parse(&notes, "note", data, Of((*note).form))
		if !ok || len(r.Found) > 0 || n.Title.Value != "Zürich, 日本 🦫" {
			t.Errorf("%s: %q, %v", name, n.Title.Value, r.Found)
		}
	}
	if got := UTF8([]byte("\xff\xfe")); len(got) != 0 {
		t.Errorf("a mark and nothing else: %q", got)
	}
	if got := UTF8([]byte("\xff\xfea")); len(got) != 0 {
		t.Errorf("half a character: %q", got)
	}
}
