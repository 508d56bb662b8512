package render

import (
	"skinny/protocol"
	"skinny/sim/trace"
)

// Arrows that begin or end so many events outside of a window are still drawn in
// it; longer ones are not looked for.
const (
	lookBack  = 512
	lookAhead = 1024
)

// arrow is a message on its way.
type arrow struct {
	sent, arrived int // events
	from, to      int // lanes
	lost          bool
}

// trunk is where a message goes down beside its sender's lane, from when it is
// sent; requests to several instances share one.
type trunk struct {
	event, lane int
	owner       int8
	right       bool
	until       int // the last arrival
	channel     int // distance from the lane
	arrows      []arrow
}

// drawArrows draws the messages of a window.
func (d *Diagram) drawArrows(c *canvas, l *layout, first, last int) {
	trunks := d.trunks(first, last)
	assign(trunks, l.channels())
	// Heads come last: where a message arrives matters more than where another
	// one passes.
	for i := range trunks {
		trunks[i].down(c, l, first)
	}
	for i := range trunks {
		t := &trunks[i]
		x := t.column(l)
		for k := range t.arrows {
			a := &t.arrows[k]
			if y := a.arrived - first; y >= 0 && y < len(c.rows) {
				r := corner(t.right, false)
				if a.arrived < t.until {
					r = tee(t.right)
				}
				c.set(x, y, Cell{r, Arrow, d.owner(t.lane)})
				d.head(c, l, a, x, y)
			}
		}
	}
	for n := first; n <= last; n++ {
		if a, ok := d.instant(d.Events.Event(n)); ok {
			d.head(c, l, &a, l.column(a.from), n-first)
		}
	}
}

// column is where a trunk goes down.
func (t *trunk) column(l *layout) int {
	if t.right {
		return l.column(t.lane) + t.channel
	}
	return l.column(t.lane) - t.channel
}

// down draws a trunk, from its sender on.
func (t *trunk) down(c *canvas, l *layout, first int) {
	x, owner := t.column(l), t.owner
	for y := max(t.event-first, -1) + 1; y < min(t.until-first, len(c.rows)); y++ {
		c.set(x, y, Cell{'┊', Arrow, owner})
	}
	if y := t.event - first; y >= 0 {
		c.across(l.column(t.lane), x, y, owner)
		c.set(x, y, Cell{corner(t.right, true), Arrow, owner})
	}
}

// owner is whose colour a lane has: the instance's, or nobody's.
func (d *Diagram) owner(lane int) int8 {
	if lane < len(d.Header.Instances) {
		return int8(lane)
	}
	return trace.None
}

func corner(right, top bool) rune {
	switch {
	case right && top:
		return '╮'
	case right:
		return '╰'
	case top:
		return '╭'
	}
	return '╯'
}

func tee(right bool) rune {
	if right {
		return '├'
	}
	return '┤'
}

// head draws the last part of an arrow, from a column to its receiver.
func (d *Diagram) head(c *canvas, l *layout, a *arrow, from, y int) {
	to, r, short := l.column(a.to)-1, '▶', -l.pitch/2+1
	if a.to < a.from {
		to, r, short = l.column(a.to)+1, '◀', l.pitch/2-1
	}
	owner := d.owner(a.from)
	if a.lost {
		end := to + short // between two lanes
		c.across(from, end, y, owner)
		c.set(end, y, Cell{'✗', Lost, trace.None})
		return
	}
	c.across(from, to, y, owner)
	c.set(to, y, Cell{r, Arrow, owner})
}

// trunks finds the messages that are under way within a window.
func (d *Diagram) trunks(first, last int) []trunk {
	var list []trunk
	end := min(last+lookAhead, d.Events.Len())
	near := func(sent int) bool { return sent <= last && sent >= first-lookBack }
	for n := first; n <= end; n++ {
		if a, ok := d.arrival(d.Events.Event(n)); ok && near(a.sent) {
			list = d.join(list, a)
		}
	}
	for _, f := range d.Open {
		if near(f.Sent) {
			list = d.join(list, arrow{sent: f.Sent, arrived: d.Events.Len() + 1, from: int(f.From), to: int(f.To)})
		}
	}
	// In the order in which they are sent, so that channels do not depend on what
	// is scrolled in below.
	for i := range list {
		for k := i; k > 0 && list[k].event < list[k-1].event; k-- {
			list[k], list[k-1] = list[k-1], list[k]
		}
	}
	return list
}

// join adds an arrow to the trunk that it belongs to.
func (d *Diagram) join(list []trunk, a arrow) []trunk {
	right := a.to > a.from
	for i := range list {
		t := &list[i]
		if t.event == a.sent && t.lane == a.from && t.right == right {
			t.arrows = append(t.arrows, a)
			t.until = a.arrived
			return list
		}
	}
	return append(list, trunk{
		event: a.sent, lane: a.from, owner: d.owner(a.from), right: right, until: a.arrived, arrows: []arrow{a},
	})
}

// assign gives trunks that overlap channels of their own, as far as there are
// enough.
func assign(trunks []trunk, channels int) {
	for i := range trunks {
		t := &trunks[i]
		t.channel = channels
		for channel := 1; channel < channels; channel++ {
			free := true
			for k := range i {
				o := &trunks[k]
				if o.lane == t.lane && o.right == t.right && o.channel == channel && o.until >= t.event {
					free = false
				}
			}
			if free {
				t.channel = channel
				break
			}
		}
	}
}

// arrival is the arrow that ends with an event.
func (d *Diagram) arrival(e *trace.Event) (arrow, bool) {
	if e.Cause == 0 {
		return arrow{}, false
	}
	a := arrow{sent: e.Cause, arrived: e.Number, from: int(e.Peer), to: int(e.Instance)}
	cause := d.Events.Event(e.Cause)
	switch e.Kind {
	case trace.Promise, trace.Accept, trace.Count, trace.Fail, trace.Refuse:
	case trace.Ignore, trace.Wait, trace.Hold:
		if e.Message.Kind == protocol.NoMessage || e.Reason == trace.WorkDue {
			return d.clientArrival(e, cause)
		}
	case trace.Lose:
		if e.Message.Kind == protocol.NoMessage {
			a, ok := d.clientArrival(e, cause)
			a.lost = true
			return a, ok
		}
		a.from, a.to, a.lost = int(e.Instance), int(e.Peer), true
	default:
		return d.clientArrival(e, cause)
	}
	// What waited, or failed at once, has not come from its sender just now.
	return a, a.from >= 0 && a.to >= 0 && a.from != a.to && int(cause.Instance) == a.from
}

// clientArrival is a client's call that reaches its instance, or the answer that
// reaches the client, where that takes time.
func (d *Diagram) clientArrival(e, cause *trace.Event) (arrow, bool) {
	client := d.clientLane(e.Operation)
	if d.Direct || client < 0 {
		return arrow{}, false
	}
	a := arrow{sent: cause.Number, arrived: e.Number, from: client, to: int(e.Instance)}
	switch {
	case cause.Kind == trace.Call && e.Kind != trace.GiveUp && e.Kind != trace.Receive:
		return a, true
	case e.Kind == trace.Receive, e.Kind == trace.Ignore && e.Reason == trace.ClientGone:
		a.from, a.to = a.to, a.from
		return a, true
	}
	return arrow{}, false
}

// instant is the arrow of an event that takes no time: a client's call or its
// answer where the two are close, and the reply that leaves only now.
func (d *Diagram) instant(e *trace.Event) (arrow, bool) {
	client := d.clientLane(e.Operation)
	if !d.Direct || client < 0 || e.Instance == trace.None {
		return arrow{}, false
	}
	a := arrow{sent: e.Number, arrived: e.Number, from: client, to: int(e.Instance)}
	switch e.Kind {
	case trace.Call:
		return a, true
	case trace.Answer, trace.Receive:
		a.from, a.to = a.to, a.from
		a.lost = e.Reason == trace.ClientGone
		return a, true
	}
	return arrow{}, false
}
