package render

import (
	"skinny/sim/trace"
)

// canvas is rows that are drawn on. What would be outside, or left of the lanes, is
// not drawn.
type canvas struct {
	rows []Row
	left int
}

func (c *canvas) set(x, y int, cell Cell) {
	if y >= 0 && y < len(c.rows) && x >= c.left && x < len(c.rows[y].Cells) {
		c.rows[y].Cells[x] = cell
	}
}

// text writes ASCII anywhere.
func (c *canvas) text(y, x int, s string, class Class) {
	for _, r := range s {
		if x >= 0 && x < len(c.rows[y].Cells) {
			c.rows[y].Cells[x] = Cell{r, class, trace.None}
		}
		x++
	}
}

// crossing is what becomes of a rune that a message crosses.
func crossing(r rune) rune {
	switch r {
	case '│', '┊', '╎', '┼':
		return '┼'
	case '┃':
		return '╂'
	case '║':
		return '╫'
	case '█', '▚':
		return r // it passes behind
	}
	return '─'
}

// across draws a horizontal line between two columns, both left out.
func (c *canvas) across(from, to, y int, owner int8) {
	if from > to {
		from, to = to, from
	}
	if y < 0 || y >= len(c.rows) {
		return
	}
	for x := max(from+1, c.left); x < min(to, len(c.rows[y].Cells)); x++ {
		c.set(x, y, Cell{crossing(c.rows[y].Cells[x].Rune), Way, owner})
	}
}

// mark draws what happens by an event.
func (c *canvas) mark(l *layout, s *Scene, m *Mark) {
	owner, y := s.Actors[m.Lane].Instance, m.Event-s.First
	switch m.Sign {
	case 0:
	case '=':
		c.set(l.column(m.Lane), y, Cell{'=', Lost, owner})
	case Severs, Mends:
		c.link(l, m, owner, y)
	default:
		c.set(l.column(m.Lane), y, Cell{m.Sign, Signed, owner})
	}
}

// link draws that a link is cut, or mended.
func (c *canvas) link(l *layout, m *Mark, owner int8, y int) {
	from, to := l.column(m.Lane), l.column(m.Other)
	class := verdict(m.Sign == Severs, Lost, Way)
	for x := min(from, to) + 1; x < max(from, to); x++ {
		c.set(x, y, Cell{Mends, class, owner})
	}
	switch {
	case m.Sign == Severs:
		c.set((from+to)/2, y, Cell{'✗', Lost, owner})
	case to < from:
		c.set(to+1, y, Cell{'◀', Way, owner})
	default:
		c.set(to-1, y, Cell{'▶', Way, owner})
	}
}
