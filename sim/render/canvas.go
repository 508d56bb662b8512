package render

import (
	"slices"

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

// trunk is where a message goes down beside its sender's lane, from when it is
// sent; requests to several instances share one.
type trunk struct {
	event, lane int
	owner       int8
	side        int // of the lane: 1 for the right one, or -1
	until       int // the last arrival
	channel     int // distance from the lane
	arrows      []*Arrow
}

// bends are where a trunk begins, where an arrow leaves it, and where the last one does.
var bends = map[int]struct{ top, tee, end rune }{1: {'╮', '├', '╰'}, -1: {'╭', '┤', '╯'}}

// arrows draws the messages of a scene.
func (c *canvas) arrows(s *Scene) {
	trunks := s.trunks()
	assign(trunks, c.channels())
	// Heads come last: where a message arrives matters more than where another
	// one passes.
	for i := range trunks {
		t := &trunks[i]
		x := c.down(t)
		for y := max(c.row(t.event), -1) + 1; y < min(c.row(t.until), len(c.rows)); y++ {
			c.set(x, y, Cell{'┊', Way, t.owner})
		}
		if y := c.row(t.event); y >= 0 {
			c.across(c.column(t.lane), x, y, t.owner)
			c.set(x, y, Cell{bends[t.side].top, Way, t.owner})
		}
	}
	for i := range trunks {
		t := &trunks[i]
		x := c.down(t)
		for _, a := range t.arrows {
			if y := c.row(a.Arrived); y >= 0 && y < len(c.rows) {
				r := verdict(a.Arrived < t.until, bends[t.side].tee, bends[t.side].end)
				c.set(x, y, Cell{r, Way, t.owner})
				c.head(a, t.owner, x, y)
			}
		}
	}
	for i := range s.Arrows {
		if a := &s.Arrows[i]; a.Sent == a.Arrived {
			c.head(a, s.Actors[a.From].Instance, c.column(a.From), c.row(a.Sent))
		}
	}
}

// down is the column in which a trunk goes down.
func (c *canvas) down(t *trunk) int { return c.column(t.lane) + t.side*t.channel }

// head draws the last part of an arrow, from a column to its receiver.
func (c *canvas) head(a *Arrow, owner int8, from, y int) {
	to, r, short := c.column(a.To)-1, '▶', -c.pitch/2+1
	if a.To < a.From {
		to, r, short = c.column(a.To)+1, '◀', c.pitch/2-1
	}
	if a.Lost {
		end := to + short // between two lanes
		c.across(from, end, y, owner)
		c.set(end, y, Cell{'✗', Lost, trace.None})
		return
	}
	c.across(from, to, y, owner)
	c.set(to, y, Cell{r, Way, owner})
}

// trunks are the messages of a scene that take time, in the order in which they are
// sent, so that channels do not depend on what is scrolled in below.
func (s *Scene) trunks() []trunk {
	var list []trunk
	for i := range s.Arrows {
		a := &s.Arrows[i]
		if a.Sent == a.Arrived {
			continue
		}
		side := verdict(a.To > a.From, 1, -1)
		at := slices.IndexFunc(list, func(t trunk) bool { return t.event == a.Sent && t.lane == a.From && t.side == side })
		if at < 0 {
			at = len(list)
			list = append(list, trunk{event: a.Sent, lane: a.From, owner: s.Actors[a.From].Instance, side: side})
		}
		list[at].until = a.Arrived
		list[at].arrows = append(list[at].arrows, a)
	}
	slices.SortStableFunc(list, func(a, b trunk) int { return a.event - b.event })
	return list
}

// assign gives trunks that overlap channels of their own, as far as there are
// enough.
func assign(trunks []trunk, channels int) {
	for i := range trunks {
		t := &trunks[i]
		taken := func(o trunk) bool {
			return o.lane == t.lane && o.side == t.side && o.channel == t.channel && o.until >= t.event
		}
		for t.channel = 1; t.channel < channels && slices.ContainsFunc(trunks[:i], taken); {
			t.channel++
		}
	}
}
