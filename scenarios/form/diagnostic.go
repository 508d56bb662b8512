package form

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/agnivade/levenshtein"
	"github.com/mattn/go-runewidth"
)

// Diagnostic is one thing that is wrong with a file, for whoever wrote it.
type Diagnostic struct {
	File    string `json:"-"`                // as it was given; "" if no file is concerned
	Line    int    `json:"line,omitempty"`   // from 1; 0: the file as a whole
	Column  int    `json:"column,omitempty"` // in characters, from 1; 0: the file as a whole
	Message string `json:"message"`
	Hint    string `json:"hint,omitempty"` // what may have been meant, what is allowed or what to do next; may be ""
	Source  string `json:"text,omitempty"` // the line; "" if there is none
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
	list := Each(d[:min(len(d), shown)], Diagnostic.String)
	if len(d) > shown {
		list = append(list, fmt.Sprintf("and %d more", len(d)-shown))
	}
	return strings.Join(list, "\n")
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

// Place is a position in a file, both from 1, in characters; the zero Place is nowhere.
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

// The lines of a file are shown behind a margin, in a terminal of the usual width.
const (
	margin   = "    "
	maxWidth = 80 - len(margin)
	ellipsis = "…"
)

// excerpt is what fits of a line around the column, and the caret to stand below it.
func excerpt(line string, column int) (text, caret string) {
	runes := []rune(line)
	at := min(max(column-1, 0), len(runes))
	// A line may be as long as a file; what is far away is not even looked at.
	const near = 8 * maxWidth
	begin, end := max(at-near, 0), min(at+near, len(runes))
	runes, at = []rune(Printable(string(runes[begin:end]))), at-begin
	from, to := 0, len(runes)
	before, behind := width(runes[:at]), width(runes[at:])
	if before+behind >= maxWidth { // the caret may stand behind the last character
		const room = maxWidth - 2 // an ellipsis on both sides
		// Of what is in front of the caret somewhat more is shown, since its place is known by that.
		for ; before > max(room*2/3, room-behind-1); from++ {
			before -= runeWidth(runes[from])
		}
		for ; before+behind > room; to-- {
			behind -= runeWidth(runes[to-1])
		}
	}
	text = string(runes[from:to])
	if from > 0 {
		text, caret = ellipsis+text, " "
	}
	for _, r := range runes[from:at] {
		if r == '\t' {
			caret += "\t" // as wide as the one above it, wherever that stops
		} else {
			caret += strings.Repeat(" ", runeWidth(r))
		}
	}
	if to < len(runes) {
		text += ellipsis
	}
	return text, caret + "^"
}

func width(runes []rune) int {
	sum := 0
	for _, r := range runes {
		sum += runeWidth(r)
	}
	return sum
}

// runeWidth is how many columns a character takes in a terminal; of a tab, the most.
func runeWidth(r rune) int {
	if r == '\t' {
		return 8
	}
	return narrow.RuneWidth(r)
}

// narrow measures characters alike in every locale.
var narrow runewidth.Condition

// Printable is text with what a terminal would obey replaced, character by character.
func Printable(text string) string { return replaced(text, "\t") }

// replaced puts the replacement character in place of what is neither visible nor in also.
func replaced(text, also string) string {
	return strings.Map(func(r rune) rune {
		if Visible(r) || strings.ContainsRune(also, r) {
			return r
		}
		return unicode.ReplacementChar
	}, text)
}

// Visible reports whether a terminal shows a character, and does nothing else by it.
func Visible(r rune) bool {
	const nonJoiner, joiner = '\u200c', '\u200d' // letters of some scripts need them
	return unicode.IsGraphic(r) || r == nonJoiner || r == joiner
}

// Quoted is something from a file for use in a message.
func Quoted(text string) string {
	const most = 40
	runes := []rune(text)
	if len(runes) > most {
		return fmt.Sprintf("%q…", string(runes[:most]))
	}
	return fmt.Sprintf("%q", text)
}

// Nearest is the candidate that word was probably meant to be.
func Nearest(word string, candidates []string) (string, bool) {
	const longest = 64 // no name is longer, and long ones take long to compare
	if utf8.RuneCountInString(word) > longest {
		return "", false
	}
	sorted := func(word string) string { return string(slices.Sorted(slices.Values([]rune(word)))) }
	lower := strings.ToLower(word)
	letters := sorted(lower)
	const most = 256 // comparing takes time, and somebody may have written nonsense ten thousand times
	candidates = candidates[:min(len(candidates), most)]
	best, found := "", false
	least := max(1, utf8.RuneCountInString(word)/3) + 1
	for _, c := range candidates {
		other := strings.ToLower(c)
		d := levenshtein.ComputeDistance(lower, other)
		if d > 1 && len(other) == len(lower) && sorted(other) == letters {
			d = 1 // letters have changed places
		}
		// One letter has nothing in common with another one letter.
		if d < least && d < utf8.RuneCountInString(c) {
			best, found, least = c, true, d
		}
	}
	return best, found
}

// Each is what a function makes of every element of a list.
func Each[T, U any](list []T, of func(T) U) []U {
	made := make([]U, len(list))
	for i, x := range list {
		made[i] = of(x)
	}
	return made
}

// Suggest is a hint for somebody who wrote word where one of the candidates was
// expected: the one that looks like it, or else what there is. What names the
// candidates in the plural: "instances".
func Suggest(word, what string, candidates []string) string {
	if c, ok := Nearest(word, candidates); ok {
		return fmt.Sprintf("did you mean %q?", c)
	}
	return Listed(what, candidates)
}

// Listed names what there is.
func Listed(what string, candidates []string) string {
	const most = 24
	if len(candidates) == 0 {
		return fmt.Sprintf("there are no %s here", what)
	}
	if len(candidates) > most {
		return fmt.Sprintf("%s: %s and %d more", what, strings.Join(candidates[:most], ", "), len(candidates)-most)
	}
	return fmt.Sprintf("%s: %s", what, strings.Join(candidates, ", "))
}
