package render

import (
	"slices"
	"strconv"

	"github.com/mattn/go-runewidth"

	"skinny/sim/trace"
)

// Class says what a cell is part of, as far as that decides how it looks.
type Class uint8

// The classes.
const (
	Lane   Class = iota // a lane, in which something may go on, or nothing
	Clock               // the time of an event
	Number              // the number of an event
	Hold                // the client holds the lock
	Broken              // the client holds the lock, and so does another one
	Signed              // what happens
	Way                 // a message; Cell.Lane is its sender
	Lost                // the end of a message that is lost; what is cut
)

// Cell is one column of one row.
type Cell struct {
	Rune  rune // one column wide; 0 is the second half of a wide rune before it
	Class Class
	Lane  int8 // the instance that it belongs to, or trace.None
}

// Row is one row of a diagram.
type Row struct {
	Event int // 0 in the head
	Cells []Cell
	Names []Name // over the cells, in the head
}

// Name is the name of a lane. It is text: a letter may have marks of its own.
type Name struct {
	X    int
	Text string
	Lane int8 // the instance, or trace.None
}

// The least and most columns from lane to lane.
const (
	leastPitch = 4
	mostPitch  = 12
)

type layout struct {
	clock  int // width
	number int // width
	left   int // first column of the lanes
	pitch  int
	skip   int
}

// Fits is how many lanes a window of this width has room for.
func (d *Diagram) Fits(width int) int {
	l := d.layout(&Window{Width: width})
	return max((width-l.left)/l.pitch, 1)
}

// Full is the width that the diagram takes at most: more makes it no better.
func (d *Diagram) Full(pitch int) int {
	l := d.layout(&Window{})
	return l.left + len(d.Actors)*min(pitch, mostPitch)
}

func (d *Diagram) layout(w *Window) layout {
	end := trace.Time(0)
	if n := d.Events.Len(); n > 0 {
		end = d.Events.Event(n).At
	}
	l := layout{clock: len(Milliseconds(end)), number: len(strconv.Itoa(d.Events.Len())), skip: w.Skip}
	l.left = 1 + l.clock + 1 + l.number + 1
	l.pitch = min(max((w.Width-l.left)/max(len(d.Actors), 1), leastPitch), mostPitch)
	return l
}

// column is where a lane stands. It may be outside of the window.
func (l *layout) column(lane int) int { return l.left + l.pitch/2 + (lane-l.skip)*l.pitch }

// channels is how many messages can go down on one side of a lane.
func (l *layout) channels() int { return (l.pitch - 1) / 2 }

// Milliseconds writes a time with one digit after the point.
func Milliseconds(t trace.Time) string {
	tenths := t / (trace.Millisecond / 10)
	return strconv.FormatInt(int64(tenths/10), 10) + "." + strconv.FormatInt(int64(tenths%10), 10)
}

// Head is two rows with the names of the lanes, in turn, so that each has the room
// of two lanes.
func (d *Diagram) Head(w Window) []Row {
	l := d.layout(&w)
	rows := []Row{blank(w.Width), blank(w.Width)}
	c := canvas{rows: rows}
	c.text(1, 1+l.clock-len("ms"), "ms", Clock)
	c.text(1, 1+l.clock+l.number, "#", Number)
	staggered := slices.ContainsFunc(d.Actors, func(a Actor) bool { return runewidth.StringWidth(a.Name) >= l.pitch })
	for lane := w.Skip; lane < len(d.Actors); lane++ {
		name := runewidth.Truncate(d.Actors[lane].Name, 2*l.pitch-1, "…")
		level := verdict(staggered, (lane-w.Skip)%2, 1)
		at := l.column(lane) - runewidth.StringWidth(name)/2
		if lane == len(d.Actors)-1 {
			at = min(at, w.Width-runewidth.StringWidth(name))
		}
		at = max(at, l.left)
		rows[level].Names = append(rows[level].Names, Name{at, name, d.Actors[lane].Instance})
	}
	return rows
}

func blank(width int) Row {
	return Row{Cells: slices.Repeat([]Cell{{' ', Lane, trace.None}}, width)}
}

// Draw draws the events of a window, one a row, or with empty rows between them.
func (d *Diagram) Draw(w Window) []Row {
	l := d.layout(&w)
	c := canvas{layout: l, spread: 1 + w.Apart}
	height := w.Rows
	w.Rows = (height + w.Apart) / c.spread
	s := d.Lay(w)
	c.first = s.First
	for range min(len(s.Times)*c.spread, height) {
		c.rows = append(c.rows, blank(w.Width))
		for lane, a := range d.Actors {
			c.set(l.column(lane), len(c.rows)-1, Cell{verdict(a.Instance == trace.None, '╎', '│'), Lane, a.Instance})
		}
	}
	shown := ""
	for i, at := range s.Times {
		event := s.First + i
		y := c.row(event)
		c.rows[y].Event = event
		if t := Milliseconds(at); t != shown {
			c.text(y, 1+l.clock-len(t), t, Clock)
			shown = t
		}
		number := strconv.Itoa(event)
		c.text(y, l.left-1-len(number), number, Number)
	}
	for _, span := range s.Spans {
		cell := looks[span.Kind]
		cell.Lane = d.Actors[span.Lane].Instance
		for y := c.row(span.From); y < c.row(span.To); y++ {
			c.set(l.column(span.Lane), y, cell)
		}
	}
	c.arrows(s)
	for i := range s.Marks {
		c.mark(s, &s.Marks[i])
	}
	return c.rows
}

var looks = [...]Cell{
	Running:  {Rune: '║'},
	Locked:   {Rune: '┃'},
	Crashed:  {Rune: '·'},
	Halted:   {Rune: '░'},
	Holding:  {Rune: '█', Class: Hold},
	Conflict: {Rune: '▚', Class: Broken},
}

// canvas is rows that are drawn on, in a layout. What would be outside, or left of the
// lanes, is not drawn.
type canvas struct {
	layout
	rows []Row

	first  int // event
	spread int // rows an event
}

func (c *canvas) row(event int) int { return (event - c.first) * c.spread }

func (c *canvas) set(x, y int, cell Cell) {
	if y >= 0 && y < len(c.rows) && x >= c.left && x < len(c.rows[y].Cells) {
		c.rows[y].Cells[x] = cell
	}
}

// text writes ASCII anywhere.
func (c *canvas) text(y, x int, s string, class Class) {
	for _, r := range s {
		if x < len(c.rows[y].Cells) {
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
	for x := max(min(from, to)+1, c.left); x < min(max(from, to), len(c.rows[y].Cells)); x++ {
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

// assign gives trunks that overlap channels of their own, as far as there are enough.
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
