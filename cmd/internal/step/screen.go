package step

import (
	"strings"

	"github.com/mattn/go-runewidth"
)

// screen is what the terminal shows, cell by cell. What is put outside of it is not
// shown.
type screen struct {
	width, height int
	cells         []cell
}

type cell struct {
	r     rune // 0 is the second half of a wide rune before it
	style style
}

func newScreen(width, height int) *screen {
	s := &screen{width, height, make([]cell, width*height)}
	for i := range s.cells {
		s.cells[i].r = ' '
	}
	return s
}

// area is a part of a screen, with columns and rows of its own.
type area struct {
	screen     *screen
	x, y, w, h int
}

func (s *screen) all() area { return area{s, 0, 0, s.width, s.height} }

// part is an area within another, cut where that ends.
func (a area) part(x, y, w, h int) area {
	x, y = min(max(x, 0), a.w), min(max(y, 0), a.h)
	return area{a.screen, a.x + x, a.y + y, min(max(w, 0), a.w-x), min(max(h, 0), a.h-y)}
}

// has reports whether a place on the screen is in the area.
func (a area) has(x, y int) bool {
	return x >= a.x && x < a.x+a.w && y >= a.y && y < a.y+a.h
}

// put writes text and returns the column behind it. It is cut where the area ends.
func (a area) put(x, y int, text string, style style) int {
	if y < 0 || y >= a.h {
		return x
	}
	for _, r := range text {
		w := runewidth.RuneWidth(r)
		if w == 0 {
			continue
		}
		if x < 0 || x+w > a.w {
			x += w
			continue
		}
		at := (a.y+y)*a.screen.width + a.x + x
		a.screen.cells[at] = cell{r, style}
		if w == 2 {
			a.screen.cells[at+1] = cell{0, style}
		}
		x += w
	}
	return x
}

// fit writes text, shortened to a width.
func (a area) fit(x, y, width int, text string, style style) {
	a.put(x, y, runewidth.Truncate(text, max(min(width, a.w-x), 0), "…"), style)
}

// right writes text that ends with the area.
func (a area) right(y int, text string, style style) {
	a.put(a.w-runewidth.StringWidth(text), y, text, style)
}

// rule draws a line with a title.
func (a area) rule(y int, title string) {
	a.put(0, y, strings.Repeat("─", a.w), faint)
	if title != "" {
		a.put(0, y, runewidth.Truncate(title, a.w-1, "…")+" ", bold)
	}
}

// span is a piece of text in one style.
type span struct {
	text  string
	style style
}

// wrap writes spans as words in lines and returns the row behind them. A line
// begins at column indent, the first at 0; what does not fit ends in an ellipsis.
func (a area) wrap(y, indent int, spans ...span) int {
	x := 0
	for _, s := range spans {
		for i, line := range strings.Split(s.text, "\n") {
			if i > 0 {
				x, y = indent, y+1
			}
			for _, word := range strings.Fields(line) {
				w := runewidth.StringWidth(word)
				if x > indent && x+w > a.w {
					if y+1 >= a.h {
						a.put(min(x, a.w-1), y, "…", s.style)
						return a.h
					}
					x, y = indent, y+1
				}
				x = a.put(x, y, word, s.style) + 1
			}
		}
	}
	return y + 1
}

// lines is how many rows wrap takes for a text.
func lines(text string, width, indent int) int {
	s := newScreen(width, 64)
	return s.all().wrap(0, indent, span{text, plain})
}

// String is the screen with its styles.
func (s *screen) String() string { return s.text(true) }

// Plain is the screen without.
func (s *screen) Plain() string { return s.text(false) }

func (s *screen) text(styled bool) string {
	var b strings.Builder
	for y := range s.height {
		row := s.cells[y*s.width : (y+1)*s.width]
		end := len(row)
		for end > 0 && row[end-1] == (cell{' ', plain}) {
			end--
		}
		now := plain
		for _, c := range row[:end] {
			if c.style != now && styled {
				b.WriteString(now.after())
				b.WriteString(c.style.before())
				now = c.style
			}
			if c.r != 0 {
				b.WriteRune(c.r)
			}
		}
		b.WriteString(now.after())
		if y < s.height-1 {
			b.WriteByte('\n')
		}
	}
	return b.String()
}

// folded is a text in lines of a width.
func folded(text string, width int) []string {
	var list []string
	line := ""
	for _, word := range strings.Fields(text) {
		if line != "" && runewidth.StringWidth(line)+1+runewidth.StringWidth(word) > width {
			list, line = append(list, line), ""
		}
		if line != "" {
			line += " "
		}
		line += word
	}
	return append(list, line)
}
