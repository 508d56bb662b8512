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

func (a area) has(x, y int) bool {
	return x >= a.x && x < a.x+a.w && y >= a.y && y < a.y+a.h
}

func (a area) set(x, y int, letter string, style style) {
	if x >= 0 && x < a.w && y >= 0 && y < a.h {
		a.screen.cells[(a.y+y)*a.screen.width+a.x+x] = cell{letter, style}
	}
}

// put writes text and returns the column behind it. It is cut where the area ends.
func (a area) put(x, y int, text string, style style) int {
	for text != "" {
		var cluster string
		if len(text) == 1 || text[1] < 0x80 {
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

func (a area) fit(x, y, width int, text string, style style) {
	a.put(x, y, runewidth.Truncate(text, min(width, a.w-x), "…"), style)
}

func (a area) right(y int, text string, style style) {
	a.put(a.w-width(text), y, text, style)
}

// rule writes a title on a line across the first row.
func (a area) rule(title string) {
	for x := range a.w {
		a.set(x, 0, "─", faint)
	}
	if title != "" {
		a.put(0, 0, runewidth.Truncate(title, a.w-1, "…")+" ", bold)
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

func wrapped(spans []session.Span, columns, indent int, cut bool) []report.Line {
	var texts []string
	for _, s := range spans {
		texts = append(texts, s.Text)
	}
	return report.Wrap(columns, 0, indent, cut, texts...)
}

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
				b.WriteString(escapes[ground][c.style])
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

// style is what a cell looks like: bold or faint, and above them a hue, from 1; without one
// it is the terminal's own. Nothing is told by colour alone.
type style uint8

const (
	plain style = 0
	bold  style = 1
	faint style = 2
	hued  style = 4 // the first hue; those of instances come first
	bad         = style(render.Colors+1)*hued | bold
	good        = style(render.Colors+2) * hued
	keyed       = hued | bold
	news        = 2*hued | bold // what has just changed
)

var looks = [...]style{
	session.Plain: plain, session.Strong: bold, session.Faint: faint, session.Good: good, session.Bad: bad, session.Key: keyed,
}

// reset ends what an escape begins.
const reset = "\x1b[m"

// escapes are what a terminal is told, by its ground and the style. Where the ground is
// known, faint text is a grey that can be read on it.
var escapes = func() (list [render.DarkGround + 1][good + hued]string) {
	var hues []render.Hue
	for i := range render.Colors {
		hues = append(hues, render.Color(int8(i)))
	}
	hues = append(hues, render.Alarm, render.Reached)
	for i := range list {
		ground := render.Ground(i)
		for s := range style(len(list[i])) {
			text := []string{"", "\x1b[1m"}[s&bold]
			switch {
			case s >= hued:
				text += colored(hues[s/hued-1], ground)
			case s&faint != 0 && ground == render.AnyGround:
				text += "\x1b[2m"
			case s&faint != 0:
				text += colored(render.Muted, ground)
			}
			list[i][s] = text
		}
	}
	return list
}()

func colored(h render.Hue, ground render.Ground) string {
	red, green, blue := render.RGB(h.On(ground))
	return fmt.Sprintf("\x1b[38;2;%d;%d;%dm", red, green, blue)
}

// laneStyle is the style of an instance, or of a client if it is negative.
func laneStyle(position int8) style {
	if position < 0 {
		return plain
	}
	return style(int(position)%render.Colors+1) * hued
}

func styleOf(look session.Look) style {
	if look < session.OfInstance {
		return looks[look]
	}
	return laneStyle(int8(look-session.OfInstance)) | bold
}
