package form

import (
	"fmt"
	"strings"
	"testing"
)

// What the YAML reader complains about is said in plain words, where it can be seen, and with what
// to do.
func TestSyntax(t *testing.T) {
	for _, c := range []reading{
		{"title: 'x\n\n\n", "1:8: a text in quotes does not end; close it with the same quote\n"},
		{"title: \"x\n---\n", "1:8: a text in quotes does not end; close it with the same quote\n"},
		{"title: \"\\q\"\n", "1:9: unknown escape sequence in double quotes; write \\\\ for a backslash, or use single quotes\n"},
		{"title: \"\\xzz\"\n", "1:8: this escape sequence needs hexadecimal digits; write \\\\ for a backslash, or use single quotes\n"},
		{"%X 1\n---\ntitle: x\n", "1:3: a line that begins with % is not allowed; put text that begins with % in quotes\n"},
		{"title: @x\n", "1:8: a value cannot begin with @; put it in quotes\n"},
		{"\ttitle: x\n", "1:1: a tab cannot indent a line; indent with spaces\n"},
		{"title: a: b\n", "1:9: there is a `:` where none can be; indent the lines of a mapping equally; put text that contains `: ` in quotes\n"},
		{"title: ? x\n", "1:8: there is a `?` where none can be; put text that begins with ? in quotes\n"},
		{"title: - x\n", "1:8: there is a `-` where no list can begin; begin a list on a line of its own\n"},
		{"title: [a, b\nabout: c\n", "2:6: a list is not closed here: expected `,` or `]`; it begins in line 1, column 8\n"},
		{"title: [a,, b]\n", "1:11: a value is missing here; look for a comma or a bracket too many\n"},
		{"title: x\n... y\n", "2:5: there is something after the end of the document; a file holds one document\n"},
		{"title: x\n about: y\n", "2:7: there is a `:` where none can be; indent the lines of a mapping equally; put text that contains `: ` in quotes\n"},
		{"title: *x\n", "1:8: an alias (*) is not allowed; put text that begins with * in quotes: '*'\n"},
		{"title: !y!z x\n", "1:8: a tag (!) is not allowed; put text that begins with ! in quotes\n"},
		{"about: | text\n", "1:10: after `|` or `>` the text begins on the next line; it begins in line 1, column 8\n"},
		{"about: |0\n  x\n", "1:9: the indentation after `|` or `>` cannot be 0; leave the number out\n"},
		{"title: \"x\"#c\n", "1:11: a comment needs a space in front of its #; \n"},
		{"title: " + strings.Repeat("[", 30) + "\n", "1:28: nested more than 20 levels deep; look for a bracket too many\n"},
		{"titel: x\r\nabuot: y\r\n", "1:1: unknown key \"titel\" in a note; did you mean \"title\"?\n2:1: unknown key \"abuot\" in a note; did you mean \"about\"?\n"},
		{"title: x\rabuot: y\r", "2:1: unknown key \"abuot\" in a note; did you mean \"about\"?\n"},
		{"title: a\nabout: b\x00\n", "2:9: the control character U+0000 is not allowed; take it out; the file may not be text\n"},
		{"title: a\r\nabout: b\x1b\n", "2:9: the control character U+001B is not allowed; take it out; the file may not be text\n"},
		{"title: ä\xe9\n", "1:9: the byte 0xe9 is not part of UTF-8 text; save the file as UTF-8\n"},
		{"title: a\u0085\n", "1:9: the line separator U+0085 is not allowed; end lines with a line feed\n"},
		{"title: a\u2028\n", "1:9: the line separator U+2028 is not allowed; end lines with a line feed\n"},
		{"title: a\u2029\n", "1:9: the line separator U+2029 is not allowed; end lines with a line feed\n"},
		{"title: a\nabout: b\ufeff\n", "2:9: the character U+FEFF is not allowed; take it out\n"},
		{"title: a\ufffe\n", "1:9: the character U+FFFE is not allowed; take it out\n"},
		{"title: a\uffff\n", "1:9: the character U+FFFF is not allowed; take it out\n"},
		{"\ufefftitle: a\n", ""},
		{"title:\n@\n", "2:1: a value cannot begin with @; put it in quotes\n"},
		{"title: [a\n  \n\n", "1:10: a list is not closed here: expected `,` or `]`; it begins in line 1, column 8\n"},
		{"title: &\n", "1:9: an anchor (&) is not allowed; put text that begins with & in quotes\n"},
		{"title: *\n", "1:9: an alias (*) is not allowed; put text that begins with * in quotes: '*'\n"},
		{"title: !\n", "1:8: a tag (!) is not allowed; leave it out; quotes make a text of a value\n"},
		{"title: !!int 'x'\n", "1:8: a tag (!!int) is not allowed; leave it out; quotes make a text of a value\n"},
		{"title: !<\n", "1:10: a tag (!) is not allowed; put text that begins with ! in quotes\n"},
		{"%TAG !\n---\ntitle: x\n", "1:7: a line that begins with % is not allowed; put text that begins with % in quotes\n"},
		{"%YAML 3.0\n---\ntitle: x\n", "1:1: a line that begins with % is not allowed; put text that begins with % in quotes\n"},
		{"title: x\n%YAML 1.1\n", "2:1: a line that begins with % is not allowed; put text that begins with % in quotes\n"},
		{"title: |\n\tx\n", "2:1: a tab cannot indent a line; indent with spaces\n"},
		{"title:\n  - a\n  b: c\n", "3:3: expected `-`, the next entry of the list; indent all entries of a list equally\n"},
		{"title: 'a' b\n", "1:12: expected a key; indent all keys of a mapping equally; put text that contains quotes or brackets in quotes\n"},
		{"title: x\nabout\n", "2:1: expected `:` after a key; write `key: value`, with a space after the colon\n"},
		{"title: {a: b\nabout: c\n", "2:6: a mapping is not closed here: expected `,` or `}`; it begins in line 1, column 8\n"},
		{"{title: x} y\n", "1:12: there is something after the end of the document; indent all keys equally; a file holds one document\n"},
		{"title: x\n---\ntitle: \"y\n", "3:8: a text in quotes does not end; close it with the same quote\n"},
	} {
		_, _, r := Parse(&notes, "f", []byte(c.text), Of((*note).form))
		if got := says(r); got != c.want {
			t.Errorf("%q:\n%swant\n%s", c.text, got, c.want)
		}
		for _, d := range r.Found {
			if d.File != "f" || d.Source == "" && d.Line > 0 {
				t.Errorf("%q: %+v", c.text, d)
			}
		}
	}
}

// As much is read as may be, and not more; what a text may be too large for is said of all of it.
func TestBound(t *testing.T) {
	k := Kind{Name: "note", MaxSize: 1 << 20, TooLong: "cut it", Empty: "write one"}
	for _, c := range []struct {
		size int
		of   string
		want string
	}{
		{1 << 20, "x", ""}, {1<<20 + 1, "x", "the file is larger than 1 MiB; cut it"},
		{1 << 20, "\n", ""},
	} {
		m := k.Bound([]byte(strings.Repeat(c.of, c.size)))
		if m == nil && c.want != "" || m != nil && m.Error() != c.want {
			t.Errorf("%d of %q: %v, not %s", c.size, c.of, m, c.want)
		}
	}
	k.MaxSize = 1 << 30
	for marks, ok := range map[int]bool{mostMarks: true, mostMarks + 1: false} {
		if m := k.Bound([]byte(strings.Repeat(",[{\n", marks/4) + strings.Repeat(",", marks%4))); (m == nil) != ok || m != nil && m.What != "the file has more than 2097152 lines and entries" {
			t.Errorf("%d marks: %v", marks, m)
		}
	}
	k.MaxSize = 3
	_, ok, r := Parse(&k, "f", []byte("titel: \x00\n"), Of((*note).form))
	if got := says(r); ok || got != "0:0: the file is larger than 0 MiB; cut it\n" || r.Found[0].File != "f" {
		t.Errorf("%s", got)
	}
	k.MaxSize = 100
	if _, ok, r := Parse(&k, "f", nil, Of((*note).form)); ok || says(r) != "0:0: the file is empty: it holds no note; write one\n" {
		t.Errorf("of nothing it is said: %s", says(r))
	}
}

// No more is listed, kept and printed than somebody reads, and it is said how much there is.
func TestManyOfAll(t *testing.T) {
	names := func(n int) (list []string) {
		for i := range n {
			list = append(list, fmt.Sprint("n", i))
		}
		return list
	}
	for n, want := range map[int]string{0: "there are no names here", 1: "names: n0", 24: "names: " + strings.Join(names(24), ", "), 25: "names: " + strings.Join(names(24), ", ") + " and 1 more"} {
		if got := Listed("names", names(n)); got != want {
			t.Errorf("%d: %s", n, got)
		}
	}
	for n, want := range map[int]string{40: `"` + strings.Repeat("ü", 40) + `"`, 41: `"` + strings.Repeat("ü", 40) + `"…`} {
		if got := Quoted(strings.Repeat("ü", n)); got != want {
			t.Errorf("%d characters are quoted as %s", n, got)
		}
	}
	for n, want := range map[int]string{20: strings.Repeat("7", 20), 21: strings.Repeat("7", 20) + "…"} {
		if got := Shortened(strings.Repeat("7", n)); got != want {
			t.Errorf("%d digits are cut to %s", n, got)
		}
	}
	for n, want := range map[int]int{1: 0, 100: 99, 101: 100, 150: 100} {
		list := make(Diagnostics, n)
		for i := range list {
			list[i] = Diagnostic{Message: "m"}
		}
		text := list.Error()
		if more := fmt.Sprintf("\nand %d more", n-100); strings.Count(text, "\n") != want || strings.HasSuffix(text, more) != (n > 100) {
			t.Errorf("%d diagnostics are printed in %d lines", n, strings.Count(text, "\n")+1)
		}
	}
	r := Reader{}
	for range mostFound + 5 {
		r.Report(Place{}, "", "m")
	}
	if len(r.Found) != mostFound {
		t.Errorf("%d are kept", len(r.Found))
	}
	r.Source = &Source{name: "f", lines: []string{"a", "b"}}
	for number, want := range map[int]string{-1: "", 0: "", 1: "a", 2: "b", 3: ""} {
		if got := r.Source.line(number); got != want {
			t.Errorf("line %d is %q", number, got)
		}
	}
	if (Diagnostics{}).Err() != nil {
		t.Error("nothing is an error")
	}

	// What is said goes with its place, its line and what to do, as far as there are any.
	for _, c := range []struct {
		d    Diagnostic
		want string
	}{
		{Diagnostic{Message: "m"}, "m"}, {Diagnostic{Message: "m", Hint: "h"}, "m\n  h"}, {Diagnostic{File: "f\x1b", Message: "m"}, "f\uFFFD: m"},
		{Diagnostic{File: "f", Line: 3, Column: 2, Message: "m"}, "f:3:2: m"}, {Diagnostic{Line: 3, Column: 2, Message: "m", Source: "abc"}, "m\n    abc\n     ^"},
		{Diagnostic{File: "f", Message: "m", Source: "abc"}, "f: m"}, {Diagnostic{File: "f", Line: 1, Column: 3, Message: "m", Source: "abc", Hint: "h"}, "f:1:3: m\n    abc\n      ^\n  h"},
	} {
		if got := c.d.String(); got != c.want {
			t.Errorf("%+v is printed as %q", c.d, got)
		}
	}
	sorted := Diagnostics{{Line: 2, Column: 1, Message: "c"}, {Line: 1, Column: 5, Message: "b"}, {Line: 1, Column: 2, Message: "a"}, {Line: 2, Column: 1, Message: "d"}}.Sorted()
	if got := sorted[0].Message + sorted[1].Message + sorted[2].Message + sorted[3].Message; got != "abcd" {
		t.Errorf("their order is %s", got)
	}
}

// A word that is like another is meant to be that one: a letter in three may be wrong, or letters
// may have changed places; very long ones are like none.
func TestNearestBounds(t *testing.T) {
	long := strings.Repeat("a", 63)
	many := append(strings.Fields(strings.Repeat("x ", 255)), "london", "oregon")
	for _, c := range []struct {
		word string
		list []string
		want string
	}{
		{"LONDON", []string{"london"}, "london"}, {"lon", []string{"london"}, ""}, {"lndn", []string{"london"}, ""}, {"londn", []string{"london"}, "london"},
		{"lomdom", []string{"london"}, "london"}, {"lommom", []string{"london"}, ""}, {"nodnol", []string{"london"}, "london"},
		{"abc", []string{"abd", "abc"}, "abc"}, {"abx", []string{"abc", "abd"}, "abc"}, {"", []string{"a"}, ""}, {"ab", []string{"b"}, ""},
		{long + "b", []string{long + "a"}, long + "a"}, {long + "bb", []string{long + "ba"}, ""},
		{"londn", many, "london"}, {"oregn", many, ""},
	} {
		if got, ok := Nearest(c.word, c.list); got != c.want || ok != (c.want != "") {
			t.Errorf("%.20q is like %q, not %q", c.word, got, c.want)
		}
	}
}
