package step

import (
	"fmt"
	"strings"

	"github.com/mattn/go-runewidth"
	"github.com/rivo/uniseg"

	"skinny/cmd/internal/report"
	"skinny/cmd/internal/session"
	"skinny/sim/render"
)

// screen is what the terminal shows, cell by cell. What is put outside of it is not
// shown.
type screen struct {
	width, height int
	cells         []cell
}

// cell is one column. It holds a grapheme cluster, what people take for one letter:
// a base with its combining marks, or several signs that are joined.
type cell struct {
	text  string // "" is the second half of a wide cluster before it
	style style
}

// clear makes the screen empty, of a size.
func (s *screen) clear(width, height int) {
	if s.width, s.height = width, height; len(s.cells) != width*height {
		s.cells = make([]cell, width*height)
	}
	for i := range s.cells {
		s.cells[i] = cell{text: " "}
	}
}

// area is a part of a screen, with columns and rows of its own.
type area struct {
	screen     *screen
	x, y, w, h int
}

// part is an area within another, cut where that ends.
func (a area) part(x, y, w, h int) area {
	x, y = min(max(x, 0), a.w), min(max(y, 0), a.h)
	return area{a.screen, a.x + x, a.y + y, min(max(w, 0), a.w-x), min(max(h, 0), a.h-y)}
}

// has reports whether a place on the screen is in the area.
func (a area) has(x, y int) bool {
	return x >= a.x && x < a.x+a.w && y >= a.y && y < a.y+a.h
}

// set writes one letter of one column.
func (a area) set(x, y int, letter string, style style) {
	if x >= 0 && x < a.w && y >= 0 && y < a.h {
		a.screen.cells[(a.y+y)*a.screen.width+a.x+x] = cell{letter, style}
	}
}

// put writes text and returns the column behind it. It is cut where the area ends.
func (a area) put(x, y int, text string, style style) int {
	if y < 0 || y >= a.h {
		return x
	}
	for text != "" {
		var cluster string
		if len(text) == 1 || text[0] < 0x80 && text[1] < 0x80 {
			cluster, text = text[:1], text[1:]
		} else {
			cluster, text, _, _ = uniseg.FirstGraphemeClusterInString(text, -1)
		}
		w := width(cluster)
		if x+w <= a.w && w > 0 {
			a.set(x, y, cluster, style)
			for k := 1; k < w; k++ {
				a.set(x+k, y, "", style)
			}
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
	a.put(a.w-width(text), y, text, style)
}

// rule draws a line with a title.
func (a area) rule(y int, title string) {
	for x := range a.w {
		a.set(x, y, "─", faint)
	}
	if title != "" {
		a.put(0, y, runewidth.Truncate(title, a.w-1, "…")+" ", bold)
	}
}

// wrap writes spans as words in lines and returns the row behind them. What does not
// fit ends in an ellipsis.
func (a area) wrap(y, indent int, spans ...session.Span) int {
	end := 0
	for _, line := range wrapped(spans, a.w, indent, true) {
		if y >= a.h {
			a.put(min(end+1, a.w-1), a.h-1, "…", bold)
			break
		}
		for _, p := range line {
			end = a.put(p.X, y, p.Text, styleOf(spans[p.Of].Look))
		}
		y++
	}
	return y
}

// wrapped is spans as lines of a width.
func wrapped(spans []session.Span, columns, indent int, cut bool) []report.Line {
	var texts []string
	for _, s := range spans {
		texts = append(texts, s.Text)
	}
	return report.Wrap(columns, 0, indent, cut, texts...)
}

// width is how many columns a text has.
func width(s string) int { return runewidth.StringWidth(s) }

// text is the screen with its styles, as they are on a ground.
func (s *screen) text(ground render.Ground) string {
	var b strings.Builder
	for y := range s.height {
		row := s.cells[y*s.width : (y+1)*s.width]
		end := len(row)
		for end > 0 && row[end-1] == (cell{" ", plain}) {
			end--
		}
		now := plain
		for _, c := range row[:end] {
			if c.style != now {
				if now != plain {
					b.WriteString(reset)
				}
				b.WriteString(c.style.escape(ground))
				now = c.style
			}
			b.WriteString(c.text)
		}
		if now != plain {
			b.WriteString(reset)
		}
		if y < s.height-1 {
			b.WriteByte('\n')
		}
	}
	return b.String()
}

// style is what a cell looks like. Which colours that is on a terminal depends on its
// ground. Nothing is told by colour alone.
type style struct {
	hue  int8 // of hues, from 1; 0 is the terminal's own
	bold bool
	dim  bool
}

// hues are the colours of cells: first those of instances.
var hues = func() (list [render.Colors + 2]render.Hue) {
	for i := range render.Colors {
		list[i] = render.Color(int8(i))
	}
	list[render.Colors], list[render.Colors+1] = render.Alarm, render.Reached
	return list
}()

var (
	plain = style{}
	bold  = style{bold: true}
	faint = style{dim: true}
	bad   = style{hue: int8(render.Colors) + 1, bold: true}
	good  = style{hue: int8(render.Colors) + 2}
	keyed = laneStyle(0).strong()
	news  = laneStyle(1).strong() // what has just changed

	looks = [...]style{
		session.Plain: plain, session.Strong: bold, session.Faint: faint, session.Good: good, session.Bad: bad, session.Key: keyed,
	}
)

// strong is the style in bold.
func (s style) strong() style {
	s.bold = true
	return s
}

// reset ends what escape begins.
const reset = "\x1b[m"

// escape is what a terminal with a ground is told.
func (s style) escape(ground render.Ground) string {
	i := int(s.hue) << 2
	if s.bold {
		i |= 1
	}
	if s.dim {
		i |= 2
	}
	return escapes[ground][i]
}

// escapes are all escapes, by ground and style.
var escapes = func() (list [render.DarkGround + 1][(len(hues) + 1) << 2]string) {
	for ground := range list {
		for i := range list[ground] {
			list[ground][i] = style{int8(i >> 2), i&1 != 0, i&2 != 0}.newEscape(render.Ground(ground))
		}
	}
	return list
}()

// newEscape makes an escape. Where the ground is known, faint text is a grey that can be
// read on it.
func (s style) newEscape(ground render.Ground) (text string) {
	if s.bold {
		text += "\x1b[1m"
	}
	switch {
	case s.hue > 0:
		text += colored(hues[s.hue-1], ground)
	case s.dim && ground == render.AnyGround:
		text += "\x1b[2m"
	case s.dim:
		text += colored(render.Muted, ground)
	}
	return text
}

func colored(h render.Hue, ground render.Ground) string {
	red, green, blue := render.RGB(h.On(ground))
	return fmt.Sprintf("\x1b[38;2;%d;%d;%dm", red, green, blue)
}

// laneStyle is the style of an instance, or of a client if it is negative.
func laneStyle(position int8) style {
	if position < 0 {
		return plain
	}
	return style{hue: int8(int(position)%render.Colors) + 1}
}

// styleOf is what a look is on a terminal.
func styleOf(look session.Look) style {
	if look < session.OfInstance {
		return looks[look]
	}
	return laneStyle(int8(look - session.OfInstance)).strong()
}
