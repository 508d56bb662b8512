package main

import (
	"bufio"
	"strconv"
	"strings"

	"github.com/mattn/go-runewidth"

	"skinny/protocol"
	"skinny/sim/check"
	"skinny/sim/narrate"
	"skinny/sim/trace"
)

// story prints the events of a run as sentences. It is an observer.
type story struct {
	out      *bufio.Writer
	narrator *narrate.Narrator
	layout   layout
	verdicts []check.Verdict // told after the event by which they broke
	only     int8            // the instance to follow, or trace.None
	rounds   bool            // rounds folded
	chain    map[int]bool    // the events to tell; nil: all
	last     string          // time that was printed last
	seen     int             // events
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

// The columns stand so far apart.
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

// newLayout makes the columns fit a run of so many events up to a time.
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
		if w := runewidth.StringWidth(name); w > first {
			first, second = w, first
		} else if w > second {
			second = w
		}
	}
	for _, name := range h.Holders {
		l.what = min(max(l.what, runewidth.StringWidth("commit 1 "+name+"?")), mostWhat)
	}
	l.who = min(max(first+runewidth.StringWidth(" "+narrate.Sent+" ")+second, leastWho), mostWho)
	return l
}

// clock writes a time in milliseconds.
func (l *layout) clock(t trace.Time) string {
	digits := strconv.FormatInt(int64(t%trace.Millisecond)+int64(trace.Millisecond), 10)[1:]
	return strconv.FormatInt(int64(t/trace.Millisecond), 10) + "." + digits[:l.decimal] + " ms"
}

// reasons is the column in which reasons begin.
func (l *layout) reasons() int { return l.actors() + l.who + gap + l.what + gap }

// narrow reports whether there is no room for a column of reasons: they stand below
// their lines then.
func (l *layout) narrow() bool { return l.width-l.reasons() < leastWhy }

// actors is the column in which those who act begin.
func (l *layout) actors() int { return l.time + gap + l.number + gap }

// Observe tells an event, if it is one of those to be told.
func (s *story) Observe(e *trace.Event) {
	s.seen++
	line := s.narrator.Tell(e)
	broken := s.broken(e.Number)
	if !s.wanted(e) && (len(broken) == 0 || s.chain != nil) {
		return
	}
	s.print(&line)
	for _, v := range broken {
		s.breach(v)
	}
}

// broken lists the properties that broke by an event.
func (s *story) broken(event int) []check.Verdict {
	var list []check.Verdict
	for _, v := range s.verdicts {
		if v.State == check.Violated && v.Event == event {
			list = append(list, v)
		}
	}
	return list
}

// wanted reports whether the choice of events includes this one.
func (s *story) wanted(e *trace.Event) bool {
	if s.chain != nil {
		return s.chain[e.Number]
	}
	if s.only != trace.None && e.Instance != s.only && e.Peer != s.only && e.Instance != trace.None {
		return false
	}
	if !s.rounds {
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

// print writes a line, its reason wrapped in its column.
func (s *story) print(l *narrate.Line) {
	y := &s.layout
	clock := y.clock(l.At)
	if clock == s.last {
		clock = ""
	} else {
		s.last = clock
	}

	s.out.WriteString(padLeft(clock, y.time) + spaces(gap))
	s.out.WriteString(dim.Sprint(padLeft(strconv.Itoa(l.Event), y.number)) + spaces(gap))
	at := y.actors() + s.who(l)
	if y.narrow() {
		s.below(l, at)
		return
	}
	at += s.fill(at, y.actors()+y.who) + gap
	what := l.What.String()
	s.out.WriteString(spaces(gap) + what)
	at += runewidth.StringWidth(what)
	if l.Why.Empty() {
		s.out.WriteString("\n")
		return
	}
	indent := y.reasons()
	if at+gap > y.width-leastWhy {
		// What is done is long: its reason begins on a line of its own.
		s.out.WriteString("\n" + spaces(indent))
		at = indent
	} else {
		at += s.fill(at, indent-gap) + gap
		s.out.WriteString(spaces(gap))
	}
	wrap(s.out, l.Why.String(), at, indent, y.width)
	s.out.WriteString("\n")
}

// belowIndent is the column in which reasons begin where there is no room for a
// column of theirs.
const belowIndent = 4

// below writes the rest of a line whose reason stands below it.
func (s *story) below(l *narrate.Line, at int) {
	what := l.What.String()
	if at+gap+runewidth.StringWidth(what) > s.layout.width {
		s.out.WriteString("\n" + spaces(belowIndent) + what + "\n")
	} else {
		s.out.WriteString(spaces(gap) + what + "\n")
	}
	if !l.Why.Empty() {
		s.out.WriteString(spaces(belowIndent))
		wrap(s.out, l.Why.String(), belowIndent, belowIndent, s.layout.width)
		s.out.WriteString("\n")
	}
}

// fill writes spaces up to a column and returns how many.
func (s *story) fill(at, to int) int {
	n := max(to-at, 0)
	s.out.WriteString(spaces(n))
	return n
}

// who writes those who act, and returns how many columns that took.
func (s *story) who(l *narrate.Line) int {
	var parts []string
	colored := ""
	switch {
	case l.To.Name == "" && l.Glyph == "":
		parts = []string{l.From.Name}
		colored = paint(l.From)
	case l.To.Name == "":
		parts = []string{l.Glyph, l.From.Name}
		colored = l.Glyph + " " + paint(l.From)
	default:
		parts = []string{l.From.Name, l.Glyph, l.To.Name}
		colored = paint(l.From) + " " + glyph(l.Glyph) + " " + paint(l.To)
	}
	s.out.WriteString(colored)
	return runewidth.StringWidth(strings.Join(parts, " "))
}

func glyph(g string) string {
	if g == narrate.Lost {
		return bad.Sprint(g)
	}
	return g
}

// paint writes an actor in its colour.
func paint(a narrate.Actor) string {
	if a.Instance == trace.None {
		return bold.Sprint(a.Name)
	}
	return palette[int(a.Instance)%len(palette)].Sprint(a.Name)
}

// breach tells that a property broke, under the event by which it did.
func (s *story) breach(v check.Verdict) {
	indent := s.layout.actors()
	if s.layout.narrow() {
		indent = belowIndent
	}
	s.out.WriteString(spaces(indent) + bad.Sprint("✗ "+v.Property) + ": ")
	wrap(s.out, v.Why.String(), indent+runewidth.StringWidth("✗ "+v.Property+": "), indent+2, s.layout.width)
	s.out.WriteString("\n")
}
