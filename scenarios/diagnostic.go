package scenarios

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// Diagnostic is one thing that is wrong with a file, for whoever wrote it.
type Diagnostic struct {
	File    string // as it was given; "" if no file is concerned
	Line    int    // from 1; 0: the file as a whole
	Column  int    // in characters, from 1; 0: the file as a whole
	Message string
	Hint    string // what may have been meant, what is allowed or what to do next; may be ""
	Source  string // the line; "" if there is none
}

// String is the message with its place, the line, a caret and the hint.
func (d Diagnostic) String() string {
	var b strings.Builder
	if d.File != "" {
		b.WriteString(printable(d.File))
		if d.Line > 0 {
			fmt.Fprintf(&b, ":%d:%d", d.Line, d.Column)
		}
		b.WriteString(": ")
	}
	b.WriteString(d.Message)
	if d.Line > 0 && d.Source != "" {
		line, caret := excerpt(d.Source, d.Column)
		fmt.Fprintf(&b, "\n%s%s\n%s%s", margin, line, margin, caret)
	}
	if d.Hint != "" {
		fmt.Fprintf(&b, "\n  %s", d.Hint)
	}
	return b.String()
}

// Diagnostics is everything that is wrong with a file, in order of the places.
type Diagnostics []Diagnostic

// shown is how many diagnostics are printed; whoever has more has the wrong file.
const shown = 100

// Error is all diagnostics, one below the other.
func (d Diagnostics) Error() string {
	var b strings.Builder
	for i := range d {
		if i == shown {
			fmt.Fprintf(&b, "\nand %d more", len(d)-shown)
			break
		}
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(d[i].String())
	}
	return b.String()
}

// sorted puts the diagnostics in order of their places.
func (d Diagnostics) sorted() Diagnostics {
	slices.SortStableFunc(d, func(a, b Diagnostic) int {
		if a.Line != b.Line {
			return a.Line - b.Line
		}
		return a.Column - b.Column
	})
	return d
}

// orNil is the diagnostics as an error, nil if there are none.
func (d Diagnostics) orNil() error {
	if len(d) == 0 {
		return nil
	}
	return d.sorted()
}

// Place is a position in a file, both from 1, in characters. The zero Place is
// nowhere.
type Place struct{ Line, Column int }

// reporter collects what is wrong with one file.
type reporter struct {
	source *source
	found  Diagnostics
}

// report adds a diagnostic.
func (r *reporter) report(at Place, hint, format string, args ...any) {
	d := Diagnostic{Line: at.Line, Column: at.Column, Message: fmt.Sprintf(format, args...), Hint: hint}
	if r.source != nil {
		d.File = r.source.name
		d.Source = r.source.line(at.Line)
	}
	r.found = append(r.found, d)
}

// The lines of a file are shown behind a margin, in a terminal of the usual width.
const (
	margin   = "    "
	maxWidth = 80 - len(margin)
	ellipsis = "…"
)

// excerpt is a line with what fits around the column, and the line with a caret
// below it.
func excerpt(line string, column int) (text, caret string) {
	runes := []rune(line)
	at := min(max(column-1, 0), len(runes))
	// A line may be as long as a file; what is far away is not even looked at.
	const near = 8 * maxWidth
	begin, end := max(at-near, 0), min(at+near, len(runes))
	runes, at = []rune(printable(string(runes[begin:end]))), at-begin
	from, to := 0, len(runes)
	if width(runes) >= maxWidth { // the caret may stand behind the last character
		from, to = window(runes, at)
	}
	var above, below strings.Builder
	if from > 0 {
		above.WriteString(ellipsis)
		below.WriteByte(' ')
	}
	for i := from; i < to; i++ {
		above.WriteRune(runes[i])
		switch {
		case i >= at:
		case runes[i] == '\t':
			below.WriteByte('\t') // as wide as the one above it, wherever that stops
		default:
			below.WriteString(strings.Repeat(" ", runeWidth(runes[i])))
		}
	}
	if to < len(runes) {
		above.WriteString(ellipsis)
	}
	return above.String(), below.String() + "^"
}

// window is the part of a long line that is shown: somewhat more of what is in
// front of the caret, since that is what its place is known by.
func window(runes []rune, at int) (from, to int) {
	room := maxWidth - 2 // an ellipsis on both sides
	left, used := room*2/3, 0
	if rest := width(runes[at:]); rest < room-left {
		left = room - rest - 1
	}
	for from = at; from > 0 && used+runeWidth(runes[from-1]) <= left; from-- {
		used += runeWidth(runes[from-1])
	}
	for to = at; to < len(runes) && used+runeWidth(runes[to]) <= room; to++ {
		used += runeWidth(runes[to])
	}
	return from, to
}

func width(runes []rune) int {
	sum := 0
	for _, r := range runes {
		sum += runeWidth(r)
	}
	return sum
}

// wide is the characters that take two columns: East Asian scripts and pictures
// (Unicode Standard Annex 11, in broad strokes).
var wide = &unicode.RangeTable{
	R16: []unicode.Range16{
		{Lo: 0x1100, Hi: 0x115f, Stride: 1}, {Lo: 0x2e80, Hi: 0x303e, Stride: 1},
		{Lo: 0x3041, Hi: 0xa4cf, Stride: 1}, {Lo: 0xac00, Hi: 0xd7a3, Stride: 1},
		{Lo: 0xf900, Hi: 0xfaff, Stride: 1}, {Lo: 0xfe30, Hi: 0xfe6f, Stride: 1},
		{Lo: 0xff00, Hi: 0xff60, Stride: 1}, {Lo: 0xffe0, Hi: 0xffe6, Stride: 1},
	},
	R32: []unicode.Range32{
		{Lo: 0x1f300, Hi: 0x1f64f, Stride: 1}, {Lo: 0x1f680, Hi: 0x1f6ff, Stride: 1},
		{Lo: 0x1f900, Hi: 0x1faff, Stride: 1}, {Lo: 0x20000, Hi: 0x3fffd, Stride: 1},
	},
}

// runeWidth is the number of columns that a character takes in a terminal. A tab
// counts as its widest.
func runeWidth(r rune) int {
	switch {
	case r == '\t':
		return 8
	case unicode.In(r, unicode.Mn, unicode.Me):
		return 0
	case unicode.Is(wide, r):
		return 2
	}
	return 1
}

// printable is text without anything that a terminal would obey, each replaced
// by one character.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if r == '\t' || visible(r) {
			return r
		}
		return unicode.ReplacementChar
	}, text)
}

// visible reports whether a character can be printed on a terminal without doing
// anything to it.
func visible(r rune) bool {
	const nonJoiner, joiner = '\u200c', '\u200d' // letters of some scripts need them
	return unicode.IsGraphic(r) || r == nonJoiner || r == joiner
}

// quoted is something from a file for use in a message.
func quoted(text string) string {
	const most = 40
	runes := []rune(text)
	if len(runes) > most {
		return fmt.Sprintf("%q…", string(runes[:most]))
	}
	return fmt.Sprintf("%q", text)
}
