package report

import (
	"strings"

	"github.com/mattn/go-runewidth"
	"github.com/rivo/uniseg"
)

// Piece is a word, or a part of one, at a column of a line.
type Piece struct {
	X    int
	Text string
	Of   int // the text that it comes from
}

// Line is one line of text that was wrapped.
type Line []Piece

// String is the line from a column on.
func (l Line) String(from int) string {
	var b strings.Builder
	for _, p := range l {
		b.WriteString(Spaces(p.X-from) + p.Text)
		from = p.X + Width(p.Text)
	}
	return b.String()
}

// Wrap is texts as lines of a width. Between two texts there is a space at least; spaces
// within a line are kept. The first line begins at column at, all others at indent. A
// word that is longer than a line is cut if that is wanted, or stands out.
func Wrap(columns, at, indent int, cut bool, texts ...string) []Line {
	var lines []Line
	var now Line
	x, gap := at, 0
	begun := false // the line has a word
	fresh := true  // the line has not come about by wrapping
	end := func() {
		lines, now = append(lines, now), nil
		x, begun, fresh = min(indent, max(columns-1, 0)), false, false
	}
	for i, text := range texts {
		gap = max(gap, min(i, 1))
		for k, row := range strings.Split(text, "\n") {
			if k > 0 {
				end()
				fresh, gap = true, 0
			}
			for row != "" {
				rest := strings.TrimLeft(row, " ")
				gap = max(gap, len(row)-len(rest))
				word, _, _ := strings.Cut(rest, " ")
				if row = rest[len(word):]; word == "" {
					break
				}
				if begun && x+gap+Width(word) > columns {
					end()
				}
				if begun || fresh {
					x += gap
				}
				for gap = 0; word != ""; {
					part := word
					if cut {
						part = head(word, columns-x)
					}
					now, word = append(now, Piece{x, part, i}), word[len(part):]
					x += Width(part)
					begun = true
					if word != "" {
						end()
					}
				}
			}
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
