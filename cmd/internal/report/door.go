package report

import (
	"fmt"
	"io"
	"regexp"
	"slices"
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
		n := d.pass(text)
		if n == 0 {
			break // the rest of it is still to come
		}
		if n > 0 {
			out, text = append(out, text[:n]...), text[n:]
			continue
		}
		out, text = append(out, escaped(text[:-n])...), text[-n:]
	}
	d.rest = slices.Clone(text)
	return len(b), d.write(out)
}

// Flush writes what is left.
func (d *Door) Flush() error {
	out := escaped(d.rest)
	d.rest = nil
	return d.write([]byte(out))
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
	ours      = regexp.MustCompile(`^\x1b\[((0|1|2|22|3[0-7]|39|9[0-7])(;|m))+`)
	beginning = regexp.MustCompile(`^\x1b(\[[0-9;]{0,20})?$`)
)

// pass is how many bytes at the beginning of a text may pass; below 0 how many may not;
// 0 if that depends on what comes next.
func (d *Door) pass(text []byte) int {
	for i := 0; i < len(text); {
		r, size := rune(text[i]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRune(text[i:])
		}
		if harmless(r) && (r != utf8.RuneError || size > 1) {
			i += size
			continue
		}
		switch color := d.Color != nil && *d.Color && r == '\x1b'; {
		case i > 0:
			return i
		case !utf8.FullRune(text), color && beginning.Match(text):
			return 0
		case color:
			if found := ours.Find(text); found != nil && found[len(found)-1] == 'm' {
				return len(found)
			}
		}
		return -size
	}
	return len(text)
}

// harmless reports whether a character only stands for itself.
func harmless(r rune) bool {
	switch {
	case r == '\n' || r == '\t' || ' ' <= r && r < 0x7f:
		return true
	case r < 0xa0, 0x2028 <= r && r <= 0x202e, 0x2066 <= r && r <= 0x2069, r == 0xfeff:
		return false
	}
	return r <= unicode.MaxRune
}

// escaped writes text with what may not pass as words.
func escaped(bytes []byte) string {
	var b strings.Builder
	for len(bytes) > 0 {
		r, size := utf8.DecodeRune(bytes)
		switch {
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(&b, `\x%02x`, bytes[0])
		case harmless(r):
			b.WriteRune(r)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
		bytes = bytes[size:]
	}
	return b.String()
}

// Clean is text as a door lets it pass, for what is drawn on a screen. It is one line.
func Clean(text string) string {
	var b strings.Builder
	d := Door{Writer: &b}
	io.WriteString(&d, text)
	d.Flush()
	return strings.ReplaceAll(b.String(), "\n", `\u000a`)
}
