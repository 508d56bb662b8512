package render

import (
	"strconv"

	"github.com/mattn/go-runewidth"

	"skinny/protocol"
	"skinny/sim/trace"
)

// Class says what a cell is part of.
type Class uint8

// The classes.
const (
	Blank  Class = iota
	Clock        // the time of an event
	Number       // the number of an event
	Name         // of an instance or a client
	Idle         // a lane in which nothing goes on
	Round        // a round runs, the mutex is free
	Mutex        // the mutex is held
	Down         // the instance is down
	Frozen       // the instance is paused
	Mark         // what happens
	Arrow        // a message; Cell.Lane is its sender
	Lost         // the end of a message that is lost; what is cut
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
}

// Diagram is the space-time diagram of a run.
type Diagram struct {
	Header   *trace.Header
	Clients  []protocol.Holder // those that have lanes, in order
	Operator bool              // somebody reads instances, and has a lane
	Direct   bool              // clients' calls and answers take no time
	Slow     protocol.Set      // instances whose promises take time
	Events   Source
	Open     []Flight // under way after the last event
}

// Flight is a message that is under way between two instances.
type Flight struct {
	Sent     int // the event by which it was sent
	From, To protocol.Position
}

// Window is the part of a diagram that is seen.
type Window struct {
	First  int   // event in the first row, from 1
	Rows   int   // at most
	Width  int   // columns
	Skip   int   // lanes that are scrolled out on the left
	Before Lanes // how the instances stand before First
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
	lanes  int
}

// Lanes is the number of lanes.
func (d *Diagram) Lanes() int {
	n := len(d.Header.Instances) + len(d.Clients)
	if d.Operator {
		n++
	}
	return n
}

// Fits is how many lanes a window of this width has room for.
func (d *Diagram) Fits(width int) int {
	l := d.layout(&Window{Width: width})
	return max((width-l.left)/l.pitch, 1)
}

// Full is the width that the diagram takes at most: more makes it no better.
func (d *Diagram) Full(pitch int) int {
	l := d.layout(&Window{})
	return l.left + d.Lanes()*min(pitch, mostPitch)
}

func (d *Diagram) layout(w *Window) layout {
	end := trace.Time(0)
	if n := d.Events.Len(); n > 0 {
		end = d.Events.Event(n).At
	}
	l := layout{clock: len(clock(end)), number: len(strconv.Itoa(d.Events.Len())), skip: w.Skip, lanes: d.Lanes()}
	l.left = 1 + l.clock + 1 + l.number + 1
	l.pitch = min(max((w.Width-l.left)/max(l.lanes, 1), leastPitch), mostPitch)
	return l
}

// column is where a lane stands. It may be outside of the window.
func (l *layout) column(lane int) int { return l.left + l.pitch/2 + (lane-l.skip)*l.pitch }

// channels is how many messages can go down on one side of a lane.
func (l *layout) channels() int { return max((l.pitch-1)/2, 1) }

// clock writes a time in milliseconds with one digit after the point.
func clock(t trace.Time) string {
	tenths := t / (trace.Millisecond / 10)
	return strconv.FormatInt(int64(tenths/10), 10) + "." + strconv.FormatInt(int64(tenths%10), 10)
}

// clientLane is the lane of an operation's client, or -1.
func (d *Diagram) clientLane(op protocol.Operation) int {
	size := len(d.Header.Instances)
	if op.Kind == protocol.Status {
		if d.Operator {
			return size + len(d.Clients)
		}
		return -1
	}
	for i, h := range d.Clients {
		if h == op.Holder {
			return size + i
		}
	}
	return -1
}

func (d *Diagram) laneName(lane int) string {
	size := len(d.Header.Instances)
	switch {
	case lane < size:
		return d.Header.Instances[lane]
	case lane < size+len(d.Clients):
		return d.Header.HolderName(d.Clients[lane-size])
	}
	return "operator"
}

// Head is two rows with the names of the lanes, in turn, so that each has the room
// of two lanes.
func (d *Diagram) Head(w Window) []Row {
	l := d.layout(&w)
	rows := []Row{blank(w.Width), blank(w.Width)}
	c := canvas{rows: rows, left: l.left}
	text := "ms"
	c.text(1, 1+l.clock-len(text), text, Clock)
	c.text(1, 1+l.clock+l.number, "#", Number)
	for lane := w.Skip; lane < l.lanes; lane++ {
		name := runewidth.Truncate(d.laneName(lane), 2*l.pitch-1, "…")
		level := 1
		if l.pitch <= runewidth.StringWidth(d.laneName(lane)) || d.staggered(&l) {
			level = (lane - w.Skip) % 2
		}
		at := l.column(lane) - runewidth.StringWidth(name)/2
		if lane == l.lanes-1 {
			at = min(at, w.Width-runewidth.StringWidth(name))
		}
		at = max(at, l.left)
		c.name(level, at, name, lane, len(d.Header.Instances))
	}
	return rows
}

// staggered reports whether the names need two rows.
func (d *Diagram) staggered(l *layout) bool {
	for lane := range l.lanes {
		if runewidth.StringWidth(d.laneName(lane)) >= l.pitch {
			return true
		}
	}
	return false
}

func blank(width int) Row {
	r := Row{Cells: make([]Cell, width)}
	for i := range r.Cells {
		r.Cells[i] = Cell{' ', Blank, trace.None}
	}
	return r
}

// Draw draws the events of a window, one a row.
func (d *Diagram) Draw(w Window) []Row {
	l := d.layout(&w)
	last := min(w.First+w.Rows-1, d.Events.Len())
	if last < w.First {
		return nil
	}
	c := canvas{left: l.left}
	for range last - w.First + 1 {
		c.rows = append(c.rows, blank(w.Width))
	}
	lanes := w.Before.Clone()
	shown := ""
	for n := w.First; n <= last; n++ {
		e := d.Events.Event(n)
		y := n - w.First
		c.rows[y].Event = n
		if t := clock(e.At); t != shown {
			c.text(y, 1+l.clock-len(t), t, Clock)
			shown = t
		}
		number := strconv.Itoa(n)
		c.text(y, l.left-1-len(number), number, Number)
		lanes.Observe(e, d.Slow)
		for i := range lanes {
			r, class := lanes[i].look(d.Header.Rules)
			c.set(l.column(i), y, Cell{r, class, int8(i)})
		}
		for i := len(lanes); i < l.lanes; i++ {
			c.set(l.column(i), y, Cell{'╎', Idle, trace.None})
		}
	}
	d.drawArrows(&c, &l, w.First, last)
	for n := w.First; n <= last; n++ {
		d.mark(&c, &l, d.Events.Event(n), n-w.First)
	}
	return c.rows
}

// look is what a lane looks like.
func (l *Lane) look(rules protocol.Rules) (rune, Class) {
	switch {
	case l.Down:
		return '·', Down
	case l.Paused:
		return '░', Frozen
	case l.MutexHeld(rules):
		return '┃', Mutex
	case l.Phase != protocol.Idle:
		return '║', Round
	}
	return '│', Idle
}
