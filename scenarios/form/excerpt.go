package form

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/mattn/go-runewidth"
)

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
	runes, at = []rune(Printable(string(runes[begin:end]))), at-begin
	from, to := 0, len(runes)
	if width(runes) >= maxWidth { // the caret may stand behind the last character
		from, to = window(runes, at)
	}
	text = string(runes[from:to])
	var below strings.Builder
	if from > 0 {
		text = ellipsis + text
		below.WriteByte(' ')
	}
	for _, r := range runes[from:at] {
		if r == '\t' {
			below.WriteByte('\t') // as wide as the one above it, wherever that stops
		} else {
			below.WriteString(strings.Repeat(" ", runeWidth(r)))
		}
	}
	if to < len(runes) {
		text += ellipsis
	}
	return text, below.String() + "^"
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

// runeWidth is the number of columns that a character takes in a terminal. A tab
// counts as its widest.
func runeWidth(r rune) int {
	if r == '\t' {
		return 8
	}
	return narrow.RuneWidth(r)
}

// narrow measures characters alike in every locale.
var narrow runewidth.Condition

// Printable is text without anything that a terminal would obey, each replaced
// by one character.
func Printable(text string) string { return replaced(text, "\t") }

// replaced puts the replacement character in place of what is neither visible nor one
// of the other characters.
func replaced(text, also string) string {
	return strings.Map(func(r rune) rune {
		if Visible(r) || strings.ContainsRune(also, r) {
			return r
		}
		return unicode.ReplacementChar
	}, text)
}

// Visible reports whether a character can be printed on a terminal without doing
// anything to it.
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
