package render

import "skinny/sim/trace"

// trunk is where a message goes down beside its sender's lane, from when it is
// sent; requests to several instances share one.
type trunk struct {
	event, lane int
	owner       int8
	right       bool
	until       int // the last arrival
	channel     int // distance from the lane
	arrows      []*Arrow
}

// arrows draws the messages of a scene.
func (c *canvas) arrows(l *layout, s *Scene) {
	trunks := s.trunks()
	assign(trunks, l.channels())
	// Heads come last: where a message arrives matters more than where another
	// one passes.
	for i := range trunks {
		trunks[i].down(c, l, s.First)
	}
	for i := range trunks {
		t := &trunks[i]
		x := t.column(l)
		for _, a := range t.arrows {
			if y := a.Arrived - s.First; y >= 0 && y < len(c.rows) {
				r := corner(t.right, false)
				if a.Arrived < t.until {
					r = tee(t.right)
				}
				c.set(x, y, Cell{r, Way, t.owner})
				c.head(l, a, t.owner, x, y)
			}
		}
	}
	for i := range s.Arrows {
		if a := &s.Arrows[i]; a.Sent == a.Arrived {
			c.head(l, a, s.Actors[a.From].Instance, l.column(a.From), a.Sent-s.First)
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
		c.set(x, y, Cell{'┊', Way, owner})
	}
	if y := t.event - first; y >= 0 {
		c.across(l.column(t.lane), x, y, owner)
		c.set(x, y, Cell{corner(t.right, true), Way, owner})
	}
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
func (c *canvas) head(l *layout, a *Arrow, owner int8, from, y int) {
	to, r, short := l.column(a.To)-1, '▶', -l.pitch/2+1
	if a.To < a.From {
		to, r, short = l.column(a.To)+1, '◀', l.pitch/2-1
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
		if a := &s.Arrows[i]; a.Sent < a.Arrived {
			list = join(list, a, s.Actors[a.From].Instance)
		}
	}
	for i := range list {
		for k := i; k > 0 && list[k].event < list[k-1].event; k-- {
			list[k], list[k-1] = list[k-1], list[k]
		}
	}
	return list
}

// join adds an arrow to the trunk that it belongs to.
func join(list []trunk, a *Arrow, owner int8) []trunk {
	right := a.To > a.From
	for i := range list {
		t := &list[i]
		if t.event == a.Sent && t.lane == a.From && t.right == right {
			t.arrows = append(t.arrows, a)
			t.until = a.Arrived
			return list
		}
	}
	return append(list, trunk{
		event: a.Sent, lane: a.From, owner: owner, right: right, until: a.Arrived, arrows: []*Arrow{a},
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
