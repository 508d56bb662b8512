package render

import (
	"skinny/sim/trace"
)

// canvas is rows that are drawn on, in a layout. What would be outside, or left of the
// lanes, is not drawn.
type canvas struct {
	layout
	rows []Row

	first  int // event
	spread int // rows an event
}

// row is the row of an event.
func (c *canvas) row(event int) int { return (event - c.first) * c.spread }

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

// mark draws what happens by an event. A link that is cut, or mended, goes from lane to
// lane.
func (c *canvas) mark(s *Scene, m *Mark) {
	owner, x, y := s.Actors[m.Lane].Instance, c.column(m.Lane), c.row(m.Event)
	switch m.Sign {
	case 0:
	case '=':
		c.set(x, y, Cell{'=', Lost, owner})
	case Severs, Mends:
		to := c.column(m.Other)
		for at := min(x, to) + 1; at < max(x, to); at++ {
			c.set(at, y, Cell{Mends, verdict(m.Sign == Severs, Lost, Way), owner})
		}
		switch {
		case m.Sign == Severs:
			c.set((x+to)/2, y, Cell{'✗', Lost, owner})
		case to < x:
			c.set(to+1, y, Cell{'◀', Way, owner})
		default:
			c.set(to-1, y, Cell{'▶', Way, owner})
		}
	default:
		c.set(x, y, Cell{m.Sign, Signed, owner})
	}
}
