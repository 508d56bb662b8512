package step

import (
	"strings"

	"github.com/mattn/go-runewidth"
	"github.com/rivo/uniseg"

	"skinny/cmd/internal/session"
)

// piece is a word, or a part of one, at a column of a line.
type piece struct {
	x    int
	text string
	look session.Look
}

// line is one line of a text that was wrapped.
type line []piece

// String is the line without its looks.
func (l line) String() string {
	var b strings.Builder
	x := 0
	for _, p := range l {
		b.WriteString(strings.Repeat(" ", p.x-x))
		b.WriteString(p.text)
		x = p.x + width(p.text)
	}
	return b.String()
}

// wrapped is spans as lines of a width. Between two spans there is a space at least;
// spaces within a line are kept. A line begins at column indent, the first at 0. A
// word that is longer than a line is cut if that is wanted, or stands out.
func wrapped(spans []session.Span, columns, indent int, cut bool) []line {
	var lines []line
	var now line
	x, gap := 0, 0
	fresh := true // the line has not come about by wrapping
	end := func() {
		lines, now = append(lines, now), nil
		x, fresh = min(indent, max(columns-1, 0)), false
	}
	for i, span := range spans {
		gap = max(gap, min(i, 1))
		for k, row := range strings.Split(span.Text, "\n") {
			if k > 0 {
				end()
				fresh, gap = true, 0
			}
			spaces := 0
			for word := range strings.SplitSeq(row, " ") {
				if word == "" {
					spaces++
					continue
				}
				gap = max(gap, spaces)
				if now != nil && x+gap+width(word) > columns {
					end()
				}
				if now != nil || fresh {
					x += gap
				}
				for word != "" {
					part := word
					if cut {
						part = head(word, columns-x)
					}
					now, word = append(now, piece{x, part, span.Look}), word[len(part):]
					x += width(part)
					if word != "" {
						end()
					}
				}
				gap, spaces = 0, 1
			}
			gap = max(gap, spaces-1)
		}
	}
	return append(lines, now)
}

// head is as much of a word as has room in some columns, but one letter at least.
func head(word string, columns int) string {
	if part := runewidth.Truncate(word, columns, ""); part != "" {
		return part
	}
	letter, _, _, _ := uniseg.FirstGraphemeClusterInString(word, -1)
	return letter
}

// width is how many columns a text has.
func width(s string) int { return runewidth.StringWidth(s) }
