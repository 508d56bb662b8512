package report

import (
	"strconv"

	"skinny/sim/narrate"
	"skinny/sim/trace"
)

// layout is where the columns of a story begin.
type layout struct {
	width   int // of the whole line
	decimal int // digits after the point of a time in milliseconds
	time    int // width of the time
	number  int // width of an event's number
	who     int // width of who acts
	what    int // width of what is done
}

// The columns are this far apart.
const gap = 2

// Least and most columns for who acts and for what is done, and the least columns
// for a reason. Longer ones push the rest of their line to the right.
const (
	leastWho  = 9
	mostWho   = 21
	leastWhy  = 24
	leastWhat = 15
	mostWhat  = 18
)

// newLayout makes the columns fit a run of a number of events up to a time.
func newLayout(h *trace.Header, width, events int, end, grain trace.Time) layout {
	l := layout{width: width, decimal: 1, what: leastWhat}
	switch {
	case grain%(trace.Millisecond/10) == 0:
	case grain%trace.Microsecond == 0 || end >= trace.Millisecond:
		l.decimal = 3 // cut if need be: a trace has every digit
	default:
		l.decimal = 6
	}
	l.time = len(l.clock(end))
	l.number = len(strconv.Itoa(events))
	var first, second int // the two longest names
	for _, name := range append(h.Instances[:len(h.Instances):len(h.Instances)], h.Holders...) {
		if w := Width(name); w > first {
			first, second = w, first
		} else if w > second {
			second = w
		}
	}
	for _, name := range h.Holders {
		l.what = min(max(l.what, Width("commit 1 "+name+"?")), mostWhat)
	}
	l.who = min(max(first+Width(" "+narrate.Sent+" ")+second, leastWho), mostWho)
	return l
}

// clock writes a time in milliseconds.
func (l *layout) clock(t trace.Time) string {
	digits := strconv.FormatInt(int64(t%trace.Millisecond)+int64(trace.Millisecond), 10)[1:]
	return strconv.FormatInt(int64(t/trace.Millisecond), 10) + "." + digits[:l.decimal] + " ms"
}

// actors is the column in which those who act begin.
func (l *layout) actors() int { return l.time + gap + l.number + gap }

// reasons is the column in which reasons begin.
func (l *layout) reasons() int { return l.actors() + l.who + gap + l.what + gap }

// narrow reports whether there is no room for a column of reasons: they stand below
// their lines then.
func (l *layout) narrow() bool { return l.width-l.reasons() < leastWhy }

// grain finds the greatest of 100 µs, 1 µs and 1 ns that divides all times.
type grain struct{ divisor trace.Time }

// Observe looks at one time.
func (g *grain) Observe(e *trace.Event) {
	if g.divisor == 0 {
		g.divisor = trace.Millisecond / 10
	}
	for e.At%g.divisor != 0 {
		if g.divisor = trace.Microsecond; e.At%g.divisor != 0 {
			g.divisor = 1
		}
	}
}
