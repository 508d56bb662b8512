package report

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/charmbracelet/x/ansi"
	"github.com/mattn/go-runewidth"
	"github.com/rivo/uniseg"
)

// Page is text for a width. It keeps what is written until Flush.
type Page struct {
	*bufio.Writer
	Width int
}

// Page begins a text on the console.
func (c *Console) Page() *Page { return NewPage(c.Out, c.Width) }

// NewPage begins a text of a width.
func NewPage(out io.Writer, width int) *Page { return &Page{bufio.NewWriter(out), width} }

// Printf writes text as it is.
func (p *Page) Printf(format string, args ...any) { fmt.Fprintf(p, format, args...) }

// Hang writes text beside a prefix, in lines that begin where the first one does, or below
// the prefix if there is no room beside it.
func (p *Page) Hang(prefix, text string) {
	const room, left = 16, 6
	if at := Width(prefix); at > room && p.Width-at < room {
		p.WriteString(strings.TrimRight(prefix, " ") + "\n")
		prefix = strings.Repeat(" ", left)
	}
	p.Flow(prefix, Width(prefix), text)
}

// Flow writes text after a prefix; further lines begin at column indent. Words are one
// space apart.
func (p *Page) Flow(prefix string, indent int, text string) {
	p.WriteString(prefix)
	from := Width(prefix)
	for _, line := range Wrap(p.Width, from, indent, false, strings.Join(strings.Fields(text), " ")) {
		p.WriteString(line.String(from) + "\n")
		from = 0
	}
}

// Table writes rows whose cells stand below each other, apart columns between them (or
// one, if there is no room), after an indent of two. The last cell of a row is wrapped
// where it begins.
func (p *Page) Table(apart int, rows ...[]string) {
	var widths []int
	word := 0 // the longest of the last cells
	for _, row := range rows {
		for i, cell := range row[:len(row)-1] {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], Width(cell))
		}
		for _, w := range strings.Fields(row[len(row)-1]) {
			word = max(word, Width(w))
		}
	}
	total := 2 + word
	for _, w := range widths {
		total += w + apart
	}
	if total > p.Width {
		apart = 1
	}
	for _, row := range rows {
		line, last := "  ", len(row)-1
		for i, cell := range row[:last] {
			line += Pad(cell, widths[i]+apart)
		}
		if row[last] == "" {
			line = strings.TrimRight(line, " ")
		}
		p.Hang(line, row[last])
	}
}

// Width is how many columns text takes; colours take none, and what is joined into
// one character on the screen counts as one.
func Width(s string) int {
	if strings.IndexByte(s, '\x1b') >= 0 {
		s = ansi.Strip(s)
	}
	return runewidth.StringWidth(s)
}

// Pad fills s with spaces to a width in columns.
func Pad(s string, width int) string { return s + Spaces(width-Width(s)) }

// Spaces is n spaces.
func Spaces(n int) string { return strings.Repeat(" ", max(n, 0)) }

// Grouped writes a number with its digits in threes.
func Grouped(n uint64) string {
	s := strconv.FormatUint(n, 10)
	for at := len(s) - 3; at > 0; at -= 3 {
		s = s[:at] + "," + s[at:]
	}
	return s
}

// Count writes "1 seed", "2,000 seeds".
func Count[N int | uint64](n N, word string) string {
	if n != 1 {
		word += "s"
	}
	return Grouped(uint64(n)) + " " + word
}

// PerSecond is a rate.
func PerSecond(n uint64, took time.Duration) uint64 {
	return uint64(float64(n) / max(took.Seconds(), 1e-3))
}

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
