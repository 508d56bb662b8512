package sim

import (
	"fmt"

	"skinny/protocol"
	"skinny/sim/trace"
)

// World is a whole cluster with its clients and its network at one moment. It
// decides nothing: whoever schedules says what happens next (Deliver, Drop, Crash and so
// on, or any [Decision] by Take), and reads from Created what became pending by it.
//
// A World is a value in the sense that CopyFrom makes an equal one that goes on
// independently.
type World struct {
	cluster  *Cluster // shared by all copies, never changed
	observer trace.Observer

	now    trace.Time
	events int // so far

	nodes    []node
	isolated protocol.Set

	table   table
	ops     []operation
	numbers []uint32 // requests sent so far, by link, promise requests first
	created []Ref    // items that became pending in the last step
	ended   []uint32 // operations whose client stopped waiting in the last step

	programs *programs // nil if no instance has one

	event   trace.Event      // under construction
	input   protocol.Input   // the last message that an instance took; of the kind Deliver
	effects protocol.Effects // of the last step of an instance
}

// node is an instance in its world, with what the protocol does not know of.
type node struct {
	Node
	config    protocol.Config
	downSince trace.Time
	paused    bool
	process   uint32 // counts restarts, so that answers find their asker or nobody
	deadline  Ref
	work      Ref          // the request that is being worked on
	waiting   queue        // for the mutex or a turn
	passing   int          // of those, all but operations that have not had their turn yet
	held      queue        // while paused
	cut       protocol.Set // receivers that a one-way cut keeps from it
	apart     protocol.Set // those that a partition keeps from it
}

// NewWorld is a cluster in which nothing has happened. The cluster must be
// valid and must not be changed afterwards.
func NewWorld(c *Cluster) *World {
	w := &World{}
	w.Reset(c)
	return w
}

// Reset makes w what NewWorld returns, with its memory used again. The observer stays.
func (w *World) Reset(c *Cluster) {
	size := c.Size()
	if size < 2 || size > protocol.MaxSize {
		panic(fmt.Sprintf("sim: a cluster has 2 to %d instances, this one has %d", protocol.MaxSize, size))
	}
	w.cluster = c
	w.now, w.events = 0, 0
	w.nodes = trace.Cleared(w.nodes, size)
	w.numbers = trace.Cleared(w.numbers, 2*size*size)
	w.isolated = 0
	w.table = table{items: w.table.items[:0], free: noRef}
	w.ops = w.ops[:0]
	w.ClearCreated()
	for i := range w.nodes {
		n := &w.nodes[i]
		n.config = protocol.Config{
			Rules: c.RulesOf(protocol.Position(i)), Quorums: c.Quorums, Size: size,
			Self: protocol.Position(i), Increment: c.Instances[i].Increment,
		}
		n.deadline, n.work = noRef, noRef
		n.waiting, n.held = emptyQueue, emptyQueue
	}
	w.resetPrograms()
}

// CopyFrom makes w equal to other, from which on the two go on independently.
// The observer stays w's own.
func (w *World) CopyFrom(other *World) {
	w.cluster = other.cluster
	w.now, w.events = other.now, other.events
	w.nodes = append(w.nodes[:0], other.nodes...)
	w.isolated = other.isolated
	w.table = table{append(w.table.items[:0], other.table.items...), other.table.free, other.table.seq}
	w.ops = append(w.ops[:0], other.ops...)
	w.numbers = append(w.numbers[:0], other.numbers...)
	w.created = append(w.created[:0], other.created...)
	w.ended = append(w.ended[:0], other.ended...)
	w.programs = other.programs.copy()
}

// Observe makes o be told every event from now on; nil tells nobody.
func (w *World) Observe(o trace.Observer) { w.observer = o }

// Cluster is what the world was made of.
func (w *World) Cluster() *Cluster { return w.cluster }

// Now is the time of the last event.
func (w *World) Now() trace.Time { return w.now }

// Events is the number of events so far.
func (w *World) Events() int { return w.events }

// SetClock sets the time of the events to come. Time does not run backwards.
func (w *World) SetClock(t trace.Time) {
	if t < w.now {
		panic(fmt.Sprintf("sim: the clock stands at %d ns and cannot be set back to %d ns", w.now, t))
	}
	w.now = t
}

// Created is what became pending since the last ClearCreated, in order.
func (w *World) Created() []Ref { return w.created }

// Ended is the operations that were answered or given up since the last ClearCreated, in order.
func (w *World) Ended() []uint32 { return w.ended }

// ClearCreated forgets what Created and Ended list.
func (w *World) ClearCreated() { w.created, w.ended = w.created[:0], w.ended[:0] }

// Item is the pending item in the slot, which must be in use.
func (w *World) Item(r Ref) *Item { return &w.table.items[r] }

// Pending reports whether the slot holds a pending item of this age.
func (w *World) Pending(r Ref, seq uint64) bool {
	i := &w.table.items[r]
	return i.place == pending && i.Seq == seq
}

// Instances is the number of instances.
func (w *World) Instances() int { return len(w.nodes) }

// Instance is the value of one instance.
func (w *World) Instance(p protocol.Position) protocol.Instance { return w.nodes[p].Instance }

// State is what an instance knows or, while it is down, what a restart would find.
func (w *World) State(p protocol.Position) protocol.State {
	n := &w.nodes[p]
	in := n.Instance
	if n.Down && !w.isPlayed(p) {
		in.Restart(&n.config)
	}
	return in.State
}

// Up reports whether an instance is running (it may be paused).
func (w *World) Up(p protocol.Position) bool { return !w.nodes[p].Down }

// DownSince is when an instance that is down crashed.
func (w *World) DownSince(p protocol.Position) trace.Time { return w.nodes[p].downSince }

// Paused reports whether an instance is frozen.
func (w *World) Paused(p protocol.Position) bool { return w.nodes[p].paused }

// Isolated reports whether an instance is cut from its peers.
func (w *World) Isolated(p protocol.Position) bool { return w.isolated.Has(p) }

// CutOff is the instances that a one-way cut keeps the messages of p from.
func (w *World) CutOff(p protocol.Position) protocol.Set { return w.nodes[p].cut }

// Operation is what is known of a client's call.
type Operation struct {
	protocol.Operation
	Via      protocol.Position
	Outcome  protocol.Outcome // NoOutcome: the client had no answer in time
	Holder   protocol.Holder  // as the answer said
	Invoked  trace.Time
	Answered trace.Time     // means nothing without an outcome
	Read     protocol.State // what a status saw
}

// Operations is the number of operations so far; they are numbered from 1.
func (w *World) Operations() int { return len(w.ops) }

// Operation is the nth operation, from 1.
func (w *World) Operation(n int) Operation {
	o := &w.ops[n-1]
	return Operation{o.Operation, o.via, o.outcome, o.holder, o.invoked, o.answered, o.read}
}

func (w *World) linkDown(from, to protocol.Position) bool {
	n := &w.nodes[from]
	return (n.cut | n.apart | w.isolated).Has(to) || w.isolated.Has(from)
}

// begin starts the event that happens next, at an instance.
func (w *World) begin(kind trace.Kind, cause int, at protocol.Position) *trace.Event {
	w.events++
	e := &w.event
	*e = trace.Event{}
	e.Number, e.Cause, e.At = w.events, cause, w.now
	e.Kind, e.Instance, e.Peer = kind, int8(at), trace.None
	e.State = w.nodes[at].State
	return e
}

func (w *World) tell(e *trace.Event) int {
	if w.observer != nil {
		w.observer.Observe(e)
	}
	return e.Number
}

func (w *World) add(item *Item) Ref {
	r := w.table.add(item)
	w.created = append(w.created, r)
	return r
}
