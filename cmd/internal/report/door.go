package report

import (
	"fmt"
	"io"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Door is the way of all text to a terminal: titles, names and file names come from
// strangers, and may not move the cursor, set the window's title or turn the order of
// letters. What could do that is written as in JSON: \u001b. It remembers the first
// error of what it writes to.
type Door struct {
	io.Writer
	Color *bool // whether our own colours pass
	Err   error
	rest  []byte // the beginning of a character or a colour
}

// Write writes what is harmless, and the rest as words.
func (d *Door) Write(b []byte) (int, error) {
	text := append(d.rest, b...)
	var out []byte
	for len(text) > 0 {
		colored := text[0] == '\x1b' && d.Color != nil && *d.Color
		if !utf8.FullRune(text) || colored && beginning.Match(text) {
			break // the rest of it is still to come
		}
		size := 0
		if colored {
			size = len(ours.Find(text))
		}
		if size > 0 {
			out = append(out, text[:size]...)
		} else {
			out, size = appendWords(out, text)
		}
		text = text[size:]
	}
	d.rest = text
	return len(b), d.write(out)
}

// Flush writes what is left.
func (d *Door) Flush() error {
	var out []byte
	for size := 0; len(d.rest) > 0; d.rest = d.rest[size:] {
		out, size = appendWords(out, d.rest)
	}
	return d.write(out)
}

func (d *Door) write(out []byte) error {
	if len(out) == 0 {
		return nil
	}
	_, err := d.Writer.Write(out)
	if d.Err == nil {
		d.Err = err
	}
	return err
}

// ours are colours as this program writes them, and the beginning of one.
var (
	ours      = regexp.MustCompile(`^\x1b\[((0|1|2|22|3[0-7]|39|9[0-7]|38;2(;\d{1,3}){3});)*(0|1|2|22|3[0-7]|39|9[0-7]|38;2(;\d{1,3}){3})m`)
	beginning = regexp.MustCompile(`^\x1b(\[[0-9;]{0,20})?$`)
)

// appendWords appends the first character of a text, as words if it may not pass, and
// says how many bytes it has.
func appendWords(out, text []byte) ([]byte, int) {
	r, size := utf8.DecodeRune(text)
	switch {
	case r == utf8.RuneError && size == 1:
		return fmt.Appendf(out, `\x%02x`, text[0]), size
	case r != '\n' && r != '\t' && unicode.IsControl(r), 0x2028 <= r && r <= 0x202e, 0x2066 <= r && r <= 0x2069, r == 0xfeff:
		return fmt.Appendf(out, `\u%04x`, r), size
	}
	return append(out, text[:size]...), size
}

// Clean is text as a door lets it pass, for what is drawn on a screen. It is one line.
func Clean(text string) string {
	var b strings.Builder
	d := Door{Writer: &b}
	io.WriteString(&d, text)
	d.Flush()
	return strings.ReplaceAll(b.String(), "\n", `\u000a`)
}
