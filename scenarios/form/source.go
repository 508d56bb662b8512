package form

import (
	"bytes"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Kind is a kind of text.
type Kind struct {
	Name    string // "scenario"
	MaxSize int    // in bytes
	TooLong string // what to do about a longer one
	Empty   string // what to do about an empty one
}

// Parse reads a text with one value in it; name is what it is called in messages.
// False means that there is no value to go on with, and the reader has found out
// why. Otherwise there may be diagnostics, too.
func Parse[T any](k *Kind, name string, data []byte, v Value[T]) (t T, ok bool, r *Reader) {
	r = &Reader{}
	data, ok = r.open(k, name, data)
	if !ok {
		return t, false, r
	}
	root := r.parse(k, data)
	if root == nil {
		return t, false, r
	}
	t, ok = v.Read(r, root)
	return t, ok, r
}

// Source is the text that diagnostics show.
type Source struct {
	name  string
	lines []string // without their ends
}

// newSource splits a text into lines as YAML does.
func newSource(name string, data []byte) *Source {
	text := strings.ReplaceAll(string(data), "\r\n", "\n")
	text = strings.ReplaceAll(text, "\r", "\n")
	return &Source{name, strings.Split(text, "\n")}
}

// Name is what the text is called in messages, "" if there is none.
func (s *Source) Name() string {
	if s == nil {
		return ""
	}
	return s.name
}

// line is a line by its number, "" where there is none.
func (s *Source) line(number int) string {
	if s == nil || number < 1 || number > len(s.lines) {
		return ""
	}
	return s.lines[number-1]
}

// open takes a text apart into lines, and reports what makes it no text at all.
func (r *Reader) open(k *Kind, name string, data []byte) ([]byte, bool) {
	r.Source = &Source{name: name}
	if m := k.Bound(data); m != nil {
		r.Report(Place{}, m.Hint, "%s", m.What)
		return nil, false
	}
	r.Source = newSource(name, data)
	r.checkCharacters(data)
	return data, len(r.Found) == 0
}

// mostMarks is how many lines and entries a text can have. Every one may take a few
// hundred bytes of memory.
const mostMarks = 2 << 20

// Bound says that a text is too large to be read, or nil. It holds for what is written,
// too.
func (k *Kind) Bound(data []byte) *Mistake {
	if len(data) > k.MaxSize {
		return &Mistake{What: fmt.Sprintf("the file is larger than %d MiB", k.MaxSize>>20), Hint: k.TooLong}
	}
	marks := 0
	for _, mark := range []string{",", "[", "{", "\n"} {
		marks += bytes.Count(data, []byte(mark))
	}
	if marks > mostMarks {
		return &Mistake{What: fmt.Sprintf("the file has more than %d lines and entries", mostMarks), Hint: k.TooLong}
	}
	return nil
}

// checkCharacters reports the first character that cannot stand in a file.
func (r *Reader) checkCharacters(data []byte) {
	at := Place{1, 1}
	for len(data) > 0 {
		c, size := utf8.DecodeRune(data)
		switch {
		case c == utf8.RuneError && size == 1:
			r.Report(at, "save the file as UTF-8", "the byte 0x%02x is not part of UTF-8 text", data[0])
			return
		case c == '\u0085' || c == '\u2028' || c == '\u2029':
			// Some readers of YAML end a line here and others do not.
			r.Report(at, "end lines with a line feed", "the line separator U+%04X is not allowed", c)
			return
		case unicode.IsControl(c) && c != '\t' && c != '\n' && c != '\r':
			r.Report(at, "take it out; the file may not be text", "the control character U+%04X is not allowed", c)
			return
		case c == '\r' && len(data) > 1 && data[1] == '\n':
			// The line ends with the next one.
		case c == '\n' || c == '\r':
			at = Place{at.Line + 1, 1}
		default:
			at.Column++
		}
		data = data[size:]
	}
}
