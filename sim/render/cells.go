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

// layout is where things stand in a window.
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
func (l *layout) channels() int { return max((l.pitch-1)/2, 1) }

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
	c := canvas{layout: l, rows: rows}
	text := "ms"
	c.text(1, 1+l.clock-len(text), text, Clock)
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
	r := Row{Cells: make([]Cell, width)}
	for i := range r.Cells {
		r.Cells[i] = Cell{' ', Lane, trace.None}
	}
	return r
}

// Draw draws the events of a window, one a row, or with empty rows between them.
func (d *Diagram) Draw(w Window) []Row {
	l := d.layout(&w)
	c := canvas{layout: l, spread: 1 + w.Apart}
	height := w.Rows
	w.Rows = (height + w.Apart) / c.spread
	s := d.Lay(w)
	if len(s.Times) == 0 {
		return nil
	}
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
		for y := c.row(max(span.From, s.First)); y < c.row(span.To); y++ {
			c.set(l.column(span.Lane), y, cell)
		}
	}
	c.arrows(s)
	for i := range s.Marks {
		c.mark(s, &s.Marks[i])
	}
	return c.rows
}

// looks is what spans look like.
var looks = [...]Cell{
	Running:  {Rune: '║'},
	Locked:   {Rune: '┃'},
	Crashed:  {Rune: '·'},
	Halted:   {Rune: '░'},
	Holding:  {Rune: '█', Class: Hold},
	Conflict: {Rune: '▚', Class: Broken},
}
