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
	begun := false // the line has a word
	fresh := true  // the line has not come about by wrapping
	end := func() {
		lines, now = append(lines, now), nil
		x, begun, fresh = min(indent, max(columns-1, 0)), false, false
	}
	for i, span := range spans {
		gap = max(gap, min(i, 1))
		for k, row := range strings.Split(span.Text, "\n") {
			if k > 0 {
				end()
				fresh, gap = true, 0
			}
			for row != "" {
				word := strings.TrimLeft(row, " ")
				gap = max(gap, len(row)-len(word))
				word, row, _ = cutBefore(word, " ")
				if word == "" {
					break
				}
				if begun && x+gap+width(word) > columns {
					end()
				}
				if begun || fresh {
					x += gap
				}
				for word != "" {
					part := word
					if cut {
						part = head(word, columns-x)
					}
					now, word = append(now, piece{x, part, span.Look}), word[len(part):]
					x += width(part)
					begun = true
					if word != "" {
						end()
					}
				}
				gap = 0
			}
		}
	}
	return append(lines, now)
}

// cutBefore cuts a text in two before a separator.
func cutBefore(text, separator string) (before, rest string, found bool) {
	if i := strings.Index(text, separator); i >= 0 {
		return text[:i], text[i:], true
	}
	return text, "", false
}

// head is as much of a word as has room in some columns, but one letter at least.
func head(word string, columns int) string {
	if width(word) <= columns {
		return word
	}
	end, w, state := 0, 0, -1
	for rest := word; rest != ""; {
		var cluster string
		cluster, rest, _, state = uniseg.FirstGraphemeClusterInString(rest, state)
		if w += width(cluster); w > columns && end > 0 {
			break
		}
		end += len(cluster)
	}
	return word[:end]
}

// width is how many columns a text has.
func width(s string) int { return runewidth.StringWidth(s) }
