// Package render draws runs as space-time diagrams: one lane for each instance and
// client, time growing downwards, a row for each event, and messages as arrows that
// take their time.
//
//	 ms  #   a     b     c
//	0.0  1   ◀─────┼─────┼──●      a client calls a
//	     2   P╮    │     │         a proposes, and asks b and c
//	5.0  3   ┃├───▶●     │         b promises
//	     4   ┃╰─────────▶○         c does not
//
// A [Diagram] lays a window of a run out as a [Scene], which is plain data and knows
// no distances. Painters turn it into cells of text ([Diagram.Draw]) and other forms.
//
// It reads nothing but events. What is painted in cells knows no colours: every cell
// has a class, and whoever shows it decides what that looks like. Each class has runes
// of its own too, so that nothing depends on colour.
package render

import (
	"slices"

	"skinny/protocol"
	"skinny/sim/trace"
)

// Source is the events of a run, numbered from 1.
type Source interface {
	Len() int
	Event(number int) *trace.Event
}

// Diagram is the space-time diagram of a run.
type Diagram struct {
	Header *trace.Header
	Actors []Actor // who has a lane, from left to right
	Events Source
	Open   []Flight // under way after the last event
}

// Actor is who has a lane.
type Actor struct {
	Name     string
	Instance int8            // or trace.None
	Client   protocol.Holder // Free for an instance, and for the operator, who reads instances
}

// Flight is a message that is under way between two instances.
type Flight struct {
	Sent     int // the event by which it was sent
	From, To protocol.Position
}

// Window is the part of a diagram that is seen.
type Window struct {
	First  int             // event in the first row, from 1
	Rows   int             // at most
	Apart  int             // empty rows between two events, where it is painted in cells
	Width  int             // columns, where it is painted in cells
	Skip   int             // lanes that are scrolled out on the left, likewise
	Before *trace.Follower // how the run stands before First; to lay a scene out brings it to its end
}

// Scene is a window of a diagram, laid out: what stands in which lane at which
// events. It says nothing of distances; painters turn it into cells, lines and text.
type Scene struct {
	Actors []Actor
	First  int          // the event in the first row
	Times  []trace.Time // of the rows
	Spans  []Span
	Arrows []Arrow // in the order in which they end
	Marks  []Mark  // in the order of events; where several are at one event, lanes are different
	Waits  []Wait
}

// Wait is what reached a lane at the event From and was handled only at To.
type Wait struct {
	Lane, Peer int // Peer is the lane that it came from
	From, To   int
	Label      string // what it says, where the mark at To does not
}

// Last is the event in the last row.
func (s *Scene) Last() int { return s.First + len(s.Times) - 1 }

// SpanKind says what goes on in a lane for a while.
type SpanKind uint8

// The kinds of spans. Conflict is Holding while somebody else holds the lock, too.
const (
	NoSpan SpanKind = iota
	Running
	Locked // a round runs, or an answer is worked on, and the mutex is held
	Crashed
	Halted
	Holding
	Conflict
)

// Span is something that goes on in a lane after each of the events from From to
// To-1. One that began before the scene has a From of First-1.
type Span struct {
	Lane     int
	Kind     SpanKind
	From, To int
}

// Actors are the lanes in the order of terminals: instances, clients, and the
// operator, who reads instances. New clients move nobody.
func Actors(h *trace.Header, clients []protocol.Holder, operator bool) []Actor {
	var list []Actor
	for i, name := range h.Instances {
		list = append(list, Actor{Name: name, Instance: int8(i)})
	}
	for _, c := range clients {
		list = append(list, Actor{h.HolderName(c), trace.None, c})
	}
	if operator {
		list = append(list, Actor{"operator", trace.None, protocol.Free})
	}
	return list
}

// ActorsOf are the lanes in the order of pictures, for everybody who calls in a run:
// instances in the middle, each client on the side of the instance that it calls
// first.
func ActorsOf(h *trace.Header, events Source) []Actor {
	var left, right []Actor
	seen := map[protocol.Holder]bool{}
	for n := 1; n <= events.Len(); n++ {
		e := events.Event(n)
		if e.Kind != trace.Call {
			continue
		}
		a := Actor{"operator", trace.None, protocol.Free}
		if e.Operation.Kind != protocol.Status {
			a = Actor{h.HolderName(e.Operation.Holder), trace.None, e.Operation.Holder}
		}
		if seen[a.Client] {
			continue
		}
		seen[a.Client] = true
		// Those in the middle go where there is more room.
		side := 2*int(e.Instance) - (len(h.Instances) - 1)
		if side < 0 || side == 0 && len(left) <= len(right) {
			left = append(left, a)
		} else {
			right = append(right, a)
		}
	}
	slices.Reverse(left)
	return slices.Concat(left, Actors(h, nil, false), right)
}

// lane is the lane of an instance, or -1.
func (d *Diagram) lane(instance int8) int {
	if instance == trace.None {
		return -1
	}
	return slices.IndexFunc(d.Actors, func(a Actor) bool { return a.Instance == instance })
}

// clientLane is the lane of an operation's client, or -1.
func (d *Diagram) clientLane(op protocol.Operation) int {
	if op.Kind == protocol.NoOperation {
		return -1
	}
	return slices.IndexFunc(d.Actors, func(a Actor) bool { return a.Instance == trace.None && a.Client == op.Holder })
}

// Lay lays out a window.
func (d *Diagram) Lay(w Window) *Scene {
	s := &Scene{Actors: d.Actors, First: w.First}
	last := min(w.First+w.Rows-1, d.Events.Len())
	f := follower{d: d, scene: s, run: w.Before, open: make([]int, 2*len(d.Actors))}
	f.note(w.First - 1)
	for n := w.First; n <= last; n++ {
		e := d.Events.Event(n)
		s.Times = append(s.Times, e.At)
		f.run.Observe(e)
		f.note(n)
		s.Marks = d.appendMarks(s.Marks, e, f.run.Formed)
		d.wait(s, e)
	}
	for i := range s.Spans {
		if s.Spans[i].To == 0 {
			s.Spans[i].To = last + 1
		}
	}
	s.Arrows = d.arrows(w.First, last)
	return s
}

func (d *Diagram) wait(s *Scene, e *trace.Event) {
	if e.Cause == 0 {
		return
	}
	cause := d.Events.Event(e.Cause)
	if cause.Kind != trace.Wait && cause.Kind != trace.Hold || cause.Instance != e.Instance {
		return
	}
	w := Wait{Lane: d.lane(e.Instance), Peer: d.lane(cause.Peer), From: cause.Number, To: e.Number}
	if w.Peer < 0 {
		w.Peer = d.clientLane(cause.Operation)
	}
	switch e.Kind {
	case trace.Promise, trace.Accept, trace.Count, trace.Ignore:
		w.Label = d.Says(e)
	}
	if w.Peer >= 0 {
		s.Waits = append(s.Waits, w)
	}
}

// follower turns how everybody stands after each event into spans.
type follower struct {
	d     *Diagram
	scene *Scene
	run   *trace.Follower
	open  []int // by lane, twice: the span that has not ended, as its index and 1
}

// note ends and begins spans after an event.
func (f *follower) note(event int) {
	for lane, a := range f.d.Actors {
		for track, kind := range f.goingOn(&a) {
			open, before := &f.open[2*lane+track], NoSpan
			if *open > 0 {
				before = f.scene.Spans[*open-1].Kind
			}
			if kind == before {
				continue
			}
			if *open > 0 {
				f.scene.Spans[*open-1].To, *open = event, 0
			}
			if kind != NoSpan {
				f.scene.Spans = append(f.scene.Spans, Span{Lane: lane, Kind: kind, From: event})
				*open = len(f.scene.Spans)
			}
			if begins, ok := beginnings[kind]; ok && before == NoSpan && event >= f.scene.First {
				f.scene.Marks = append(f.scene.Marks, Mark{Event: event, Lane: lane, Label: begins})
			}
		}
	}
}

var beginnings = map[SpanKind]string{Holding: "holds the lock", Conflict: "holds it, too"}

// goingOn is what somebody is at work on and, as a span on top, why it does not work at all.
func (f *follower) goingOn(a *Actor) (spans [2]SpanKind) {
	if a.Instance == trace.None {
		if f.run.Holds(a.Client) {
			spans[0] = verdict(f.run.Holding > 1, Conflict, Holding)
		}
		return spans
	}
	in := &f.run.Instances[a.Instance]
	switch {
	case in.MutexHeld(f.d.Header.RulesOf(a.Instance)):
		spans[0] = Locked
	case in.Round.Phase != protocol.Idle:
		spans[0] = Running
	}
	switch {
	case in.Down != 0:
		spans[1] = Crashed
	case in.Paused != 0:
		spans[1] = Halted
	}
	return spans
}
