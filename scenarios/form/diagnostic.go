package form

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
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
		b.WriteString(Printable(d.File))
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

// Sorted puts the diagnostics in order of their places.
func (d Diagnostics) Sorted() Diagnostics {
	slices.SortStableFunc(d, func(a, b Diagnostic) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return d
}

// Err is the diagnostics in order as an error, nil if there are none.
func (d Diagnostics) Err() error {
	if len(d) == 0 {
		return nil
	}
	return d.Sorted()
}

// Place is a position in a file, both from 1, in characters. The zero Place is
// nowhere.
type Place struct{ Line, Column int }

// Reader reads one text, and collects what is wrong with it.
type Reader struct {
	Found  Diagnostics
	Source *Source // the text; nil if there is none
	Lost   bool    // something that has a name or a number could not be read, so others may seem to be missing
}

// mostFound is how many diagnostics are kept.
const mostFound = 100 * shown

// Report adds a diagnostic.
func (r *Reader) Report(at Place, hint, format string, args ...any) {
	if len(r.Found) >= mostFound {
		return
	}
	d := Diagnostic{Line: at.Line, Column: at.Column, Message: fmt.Sprintf(format, args...), Hint: hint}
	d.File, d.Source = r.Source.Name(), r.Source.line(at.Line)
	r.Found = append(r.Found, d)
}
