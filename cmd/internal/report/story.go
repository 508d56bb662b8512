package report

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"skinny/protocol"
	"skinny/sim/check"
	"skinny/sim/narrate"
	"skinny/sim/prose"
	"skinny/sim/trace"
)

// story prints the events of a run as sentences. It is an observer.
type story struct {
	out      *Page
	narrator *narrate.Narrator
	layout   layout
	Story
	run   *Run
	chain []int  // the events to tell, in order; nil: all
	last  string // time that was printed last
	seen  int    // events
}

// Observe tells an event, if it is one of those to be told.
func (s *story) Observe(e *trace.Event) {
	s.seen++
	line := s.narrator.Tell(e)
	broken := check.BrokenBy(e.Number, s.run.Verdicts)
	if !s.wanted(e) && (len(broken) == 0 || s.chain != nil) {
		return
	}
	s.print(&line)
	for _, v := range broken {
		s.violation(v)
	}
}

// wanted reports whether the choice of events includes this one.
func (s *story) wanted(e *trace.Event) bool {
	if s.chain != nil {
		_, told := slices.BinarySearch(s.chain, e.Number)
		return told
	}
	if s.Only != trace.None && e.Instance != s.Only && e.Peer != s.Only && e.Instance != trace.None {
		return false
	}
	if !s.Rounds {
		return true
	}
	switch e.Kind {
	case trace.Promise, trace.Accept, trace.Reply, trace.Count, trace.Ignore, trace.Fail,
		trace.Wait, trace.Hold, trace.Duplicate, trace.Refuse, trace.Expire:
		return false
	case trace.Lose:
		return e.Message.Kind == protocol.NoMessage // the round's end says who did not answer
	}
	return true
}

// belowIndent is the column in which reasons begin where there is no room for a
// column of theirs.
const belowIndent = 4

// print writes a line, its reason wrapped in its column. A reason whose column is taken
// by something long begins on a line of its own.
func (s *story) print(l *narrate.Line) {
	s.run.named |= l.What.Rules() | l.Why.Rules()
	y := &s.layout
	clock := y.clock(l.At)
	if clock == s.last {
		clock = ""
	} else {
		s.last = clock
	}
	glyph := l.Glyph
	if glyph == narrate.Lost {
		glyph = Bad.Sprint(glyph)
	}
	line := fmt.Sprintf("%*s", y.time, clock) + Spaces(gap) + Dim.Sprintf("%*d", y.number, l.Event) + Spaces(gap) + l.Who(glyph, paint)
	indent := y.reasons()
	what, why := Spans(l.What), Spans(l.Why)
	switch {
	case !y.narrow():
		line = Pad(line, y.actors()+y.who) + Spaces(gap) + what
	case Width(line)+gap+Width(what) > y.width:
		line += "\n" + Spaces(belowIndent) + what
	default:
		line += Spaces(gap) + what
	}
	switch {
	case why == "":
		s.out.WriteString(line + "\n")
	case y.narrow():
		s.out.WriteString(line + "\n")
		s.out.Hang(Spaces(belowIndent), why)
	case Width(line)+gap > y.width-leastWhy:
		s.out.WriteString(line + "\n")
		s.out.Hang(Spaces(indent), why)
	default:
		s.out.Flow(Pad(line, indent-gap)+Spaces(gap), indent, why)
	}
}

func paint(a narrate.Actor) string {
	if a.Instance == trace.None {
		return Bold.Sprint(a.Name)
	}
	return Palette[int(a.Instance)%len(Palette)].Sprint(a.Name)
}

// Spans prints a sentence, those who act in their colours.
func Spans(t prose.Text) string {
	var b strings.Builder
	for s := range t.Spans() {
		switch s.Kind {
		case prose.Instance:
			b.WriteString(Palette[s.Number%len(Palette)].Sprint(s.Words))
		case prose.Client:
			b.WriteString(Bold.Sprint(s.Words))
		default:
			b.WriteString(s.Words)
		}
	}
	return b.String()
}

// violation tells that a property broke, under the event by which it did.
func (s *story) violation(v check.Verdict) {
	indent := s.layout.actors()
	if s.layout.narrow() {
		indent = belowIndent
	}
	s.out.Flow(Spaces(indent)+Bad.Sprint("✗ "+v.Property)+": ", indent+2, Spans(v.Why))
}

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
	names := slices.Concat(h.Instances, h.Holders)
	slices.SortFunc(names, func(a, b string) int { return Width(b) - Width(a) })
	for _, name := range h.Holders {
		l.what = min(max(l.what, Width("commit 1 "+name+"?")), mostWhat)
	}
	l.who = min(max(Width(names[0])+Width(" "+narrate.Sent+" ")+Width(names[1]), leastWho), mostWho)
	return l
}

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

// causes knows why everything in a run happened. It is an observer.
type causes struct {
	trace.Log
	narrator *narrate.Narrator
	named    [][]int // by event, from the first: the events that its sentence names
}

// Observe notes an event, and its reasons.
func (c *causes) Observe(e *trace.Event) {
	c.Log.Observe(e)
	c.named = append(c.named, c.narrator.Tell(e).Why.Refs())
}

// chain is an event and everything that led to it, in order.
func (c *causes) chain(event int, verdicts []check.Verdict) []int {
	return trace.Causes(event, c.Event, func(n int) []int {
		if n == event {
			return append(c.named[n-1], check.Refs(verdicts, n)...)
		}
		return c.named[n-1]
	})
}
