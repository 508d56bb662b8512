package scenarios

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"
)

// MaxSize is the largest file that is read, in bytes.
const MaxSize = 2 << 20

// source is the text that diagnostics show.
type source struct {
	name  string
	lines []string // without their ends
}

// newSource splits a text into lines as YAML does.
func newSource(name string, data []byte) *source {
	text := strings.ReplaceAll(string(data), "\r\n", "\n")
	text = strings.ReplaceAll(text, "\r", "\n")
	return &source{name, strings.Split(text, "\n")}
}

// line is a line by its number, "" where there is none.
func (s *source) line(number int) string {
	if s == nil || number < 1 || number > len(s.lines) {
		return ""
	}
	return s.lines[number-1]
}

var byteOrderMark = []byte("\xef\xbb\xbf")

// newText takes the text of a file apart into lines, and reports what makes it no
// text at all. The byte order mark is gone from the result.
func newText(name string, data []byte) ([]byte, *reporter) {
	r := &reporter{source: &source{name: name}}
	if len(data) > MaxSize {
		r.report(Place{}, "a scenario is written by hand or recorded from a run, which takes much less; split it up",
			"the file is larger than %d MiB", MaxSize>>20)
		return nil, r
	}
	data = bytes.TrimPrefix(data, byteOrderMark)
	r.source = newSource(name, data)
	if bytes.HasPrefix(data, []byte("\xff\xfe")) || bytes.HasPrefix(data, []byte("\xfe\xff")) {
		r.report(Place{1, 1}, "save it as UTF-8", "the file is written in UTF-16")
		return nil, r
	}
	r.checkCharacters(data)
	return data, r
}

// checkCharacters reports the first character that cannot stand in a file.
func (r *reporter) checkCharacters(data []byte) {
	at := Place{1, 1}
	for len(data) > 0 {
		c, size := utf8.DecodeRune(data)
		switch {
		case c == utf8.RuneError && size == 1:
			r.report(at, "save the file as UTF-8", "the byte 0x%02x is not part of UTF-8 text", data[0])
			return
		case c == '\u0085' || c == '\u2028' || c == '\u2029':
			// Some readers of YAML end a line here and others do not.
			r.report(at, "end lines with a line feed", "the line separator U+%04X cannot stand in a scenario", c)
			return
		case unicode.IsControl(c) && c != '\t' && c != '\n' && c != '\r':
			r.report(at, "take it out; the file may not be text", "the control character U+%04X cannot stand in a scenario", c)
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
