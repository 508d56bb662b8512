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
	Direct bool    // clients' calls and answers take no time
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
	client := op.Holder
	switch op.Kind {
	case protocol.NoOperation:
		return -1
	case protocol.Status:
		client = protocol.Free
	}
	return slices.IndexFunc(d.Actors, func(a Actor) bool { return a.Instance == trace.None && a.Client == client })
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

// wait adds what has waited until an event.
func (d *Diagram) wait(s *Scene, e *trace.Event) {
	if e.Cause == 0 {
		return
	}
	cause := d.Events.Event(e.Cause)
	if (cause.Kind == trace.Wait || cause.Kind == trace.Hold) && cause.Instance == e.Instance {
		lane, peer := d.lane(e.Instance), d.lane(cause.Peer)
		if peer < 0 {
			peer = d.clientLane(cause.Operation)
		}
		if peer >= 0 {
			w := Wait{Lane: lane, Peer: peer, From: cause.Number, To: e.Number}
			switch e.Kind {
			case trace.Promise, trace.Accept, trace.Count, trace.Ignore:
				w.Label = d.Says(e)
			}
			s.Waits = append(s.Waits, w)
		}
	}
}

// follower turns how everybody stands after each event into spans.
type follower struct {
	d     *Diagram
	scene *Scene
	run   *trace.Follower
	open  []int // by lane, twice: the span that has not ended, as its index and 1
}

// note ends and begins spans after an event. What an instance works on and whether
// it works at all are spans of their own, the latter on top.
func (f *follower) note(event int) {
	for lane, a := range f.d.Actors {
		work, state := NoSpan, NoSpan
		switch {
		case a.Instance != trace.None:
			work, state = spans(&f.run.Instances[a.Instance], f.d.Header.RulesOf(a.Instance))
		case f.run.Holds(a.Client):
			work = Holding
			if f.run.Holding > 1 {
				work = Conflict
			}
		}
		if before := f.set(2*lane, lane, work, event); before == NoSpan && event >= f.scene.First {
			switch work {
			case Holding:
				f.scene.Marks = append(f.scene.Marks, Mark{Event: event, Lane: lane, Label: "holds the lock"})
			case Conflict:
				f.scene.Marks = append(f.scene.Marks, Mark{Event: event, Lane: lane, Label: "holds it, too"})
			}
		}
		f.set(2*lane+1, lane, state, event)
	}
}

// set ends and begins the span of a track, and returns what it was before.
func (f *follower) set(track, lane int, kind SpanKind, event int) SpanKind {
	before := NoSpan
	if at := f.open[track]; at > 0 {
		before = f.scene.Spans[at-1].Kind
	}
	if kind == before {
		return before
	}
	if at := f.open[track]; at > 0 {
		f.scene.Spans[at-1].To, f.open[track] = event, 0
	}
	if kind != NoSpan {
		f.scene.Spans = append(f.scene.Spans, Span{Lane: lane, Kind: kind, From: event})
		f.open[track] = len(f.scene.Spans)
	}
	return before
}

// spans is what an instance is at work on, and whether it is down or paused.
func spans(in *trace.Instance, rules protocol.Rules) (work, state SpanKind) {
	switch {
	case in.Down != 0:
		state = Crashed
	case in.Paused != 0:
		state = Halted
	}
	switch {
	case in.MutexHeld(rules):
		work = Locked
	case in.Round.Phase != protocol.Idle:
		work = Running
	}
	return work, state
}
