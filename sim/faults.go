package sim

import (
	"skinny/protocol"
	"skinny/sim/trace"
)

// Drop loses a pending message.
func (w *World) Drop(r Ref) { w.lose(r, trace.DroppedByHand) }

// mostCopies is how far the copies of a message are counted.
const mostCopies = 255

// Duplicate makes a copy of a pending message, which is pending too.
func (w *World) Duplicate(r Ref) {
	if original := &w.table.items[r]; original.copies < mostCopies {
		original.copies++
	}
	i := w.table.items[r]
	e := w.begin(trace.Duplicate, i.Cause, i.Message.From)
	w.describe(e, &i)
	e.Peer = int8(i.Message.To)
	i.Cause = w.tell(e)
	i.Copy, i.copies = i.copies, 0
	w.add(&i)
}

// Refuse fails the call of a pending request at once.
func (w *World) Refuse(r Ref) {
	i := w.table.items[r]
	w.table.remove(r)
	failure := failureOf(&i, i.Cause, trace.RefusedByHand)
	failure.Kind, failure.Instance = MessageItem, failure.Message.To
	if w.nodes[failure.Instance].Down {
		w.ignore(&failure, trace.AskerRestart)
		return
	}
	w.reach(w.table.add(&failure))
}

// failureOf is what goes back to the asker of a request that met nobody.
func failureOf(request *Item, cause int, reason trace.Reason) Item {
	m := &request.Message
	return Item{
		Nth: request.Nth, Op: request.Op, Try: request.Try, process: request.process, reason: reason, Cause: cause,
		Message: protocol.Message{Kind: protocol.Failure, Call: m.Kind, From: m.To, To: m.From, ID: m.ID},
	}
}

// refuseCall fails the call of a request whose receiver is down while the host is up.
func (w *World) refuseCall(r Ref) {
	i := w.table.items[r]
	w.table.remove(r)
	e := w.begin(trace.Refuse, i.Cause, i.Message.To)
	w.describe(e, &i)
	failure := failureOf(&i, w.tell(e), trace.CrashedPeer)
	w.send(&failure)
}

// lose takes a pending message or a client's call away.
func (w *World) lose(r Ref, reason trace.Reason) {
	w.table.remove(r)
	w.tellLost(&w.table.items[r], reason)
}

func (w *World) tellLost(i *Item, reason trace.Reason) {
	at, peer := i.Instance, trace.None
	if i.IsMessage() {
		at, peer = i.Message.From, int8(i.Message.To)
	}
	e := w.begin(trace.Lose, i.Cause, at)
	w.describe(e, i)
	e.Peer, e.Reason = peer, reason
	w.tell(e)
}

// fault starts the event of a fault; already says that nothing changes by it.
func (w *World) fault(kind trace.Kind, at protocol.Position, already bool) *trace.Event {
	e := w.begin(kind, 0, at)
	if already {
		e.Reason = trace.AlreadySo
	}
	return e
}

// Crash ends an instance's process. What it was doing and what waited at it is
// gone; messages that it had sent go on. With the host up, calls to it fail, the
// ones that waited in it included; with the host down nobody answers them.
func (w *World) Crash(at protocol.Position, hostUp bool) {
	n := &w.nodes[at]
	e := w.fault(trace.Crash, at, n.Down && n.HostUp == hostUp)
	e.HostUp = hostUp
	e.Operation = n.Round.Operation
	cause := w.tell(e)
	n.HostUp = hostUp
	if n.Down {
		return
	}
	w.abandon(at, hostUp, cause)
	n.Down, n.downSince = true, w.now
	n.paused = false
}

// abandon ends everything that an instance was doing.
func (w *World) abandon(at protocol.Position, hostUp bool, cause int) {
	n := &w.nodes[at]
	w.disarm(n)
	op := n.Round.Operation.Number
	n.Round = protocol.Round{}
	n.Turn = 0
	if op != 0 && hostUp {
		w.fail(&w.ops[op-1], cause)
	}
	if n.work != noRef {
		r := n.work
		n.work = noRef
		// The item holds the answer; its call fails in the other direction.
		i := w.table.items[r]
		m := &i.Message
		m.Kind, m.From, m.To = protocol.PromiseRequest, m.To, m.From
		w.table.cancel(r)
		w.failPending(&i, hostUp, cause)
	}
	for _, q := range []*queue{&n.waiting, &n.held} {
		for r := q.head; r != noRef; {
			i := w.table.items[r]
			w.table.remove(r)
			r = i.next
			if i.place != voided {
				w.failPending(&i, hostUp, cause)
			}
		}
		*q = emptyQueue
	}
	n.passing = 0
	pauses := func(i *Item) bool { return i.Kind == WakeItem && i.Instance == at } // before a retry
	for r := w.oldest(pauses); r != noRef; r = w.oldest(pauses) {
		i := w.table.items[r]
		w.table.remove(r)
		w.failPending(&i, hostUp, cause)
	}
}

// failPending ends what waited at an instance that crashes: calls fail, or nobody answers.
func (w *World) failPending(i *Item, hostUp bool, cause int) {
	switch {
	case !i.IsMessage() && i.Kind != DeadlineItem:
		if hostUp {
			w.fail(&w.ops[i.Op-1], cause)
		}
	case !i.Message.Kind.IsRequest():
		// A response to it, held while it was paused, or a timer: gone with its process.
	case hostUp:
		failure := failureOf(i, cause, trace.CrashedPeer)
		w.send(&failure)
	default:
		i.Cause = cause
		w.tellLost(i, trace.ForgottenCrash)
	}
}

// Restart starts an instance's process again. One that is up is ended first, with
// its host up.
func (w *World) Restart(at protocol.Position) {
	n := &w.nodes[at]
	if !n.Down {
		w.Crash(at, true)
	}
	n.Down = false
	n.process++
	if !w.isPlayed(at) {
		n.Restart(&n.config)
		n.Stored = n.State
		w.tell(w.fault(trace.Restart, at, false))
		return
	}
	n.Stored = n.State
	w.programs.restart(at, len(w.nodes))
	if w.play(at, AskRestart, &protocol.Input{}, nil) {
		w.carryOut(at, nil, w.tell(w.fault(trace.Restart, at, false)), true)
	}
}

// Wipe loses all that an instance has stored: its disk fails, and takes the process along
// if that runs. Without the rule durable nothing is stored.
func (w *World) Wipe(at protocol.Position) {
	if !w.nodes[at].Down {
		w.Crash(at, true)
	}
	w.lostStore(at, trace.Wipe, protocol.State{})
}

// Tear ends an instance's process like Crash, and loses what that stored last: a restart
// finds what was there before. What an earlier process stored, and what one that is down
// has stored, is safe.
func (w *World) Tear(at protocol.Position, hostUp bool) {
	n := &w.nodes[at]
	found := n.Stored
	if n.Down {
		found = n.State
		if w.isPlayed(at) {
			w.programs.stored[at] = w.programs.disk[at]
		}
	}
	w.Crash(at, hostUp)
	w.lostStore(at, trace.Tear, found)
}

// lostStore tells that an instance, which is down, has less on its disk.
func (w *World) lostStore(at protocol.Position, kind trace.Kind, found protocol.State) {
	n := &w.nodes[at]
	same := !n.config.Rules.Has(protocol.Durable) || n.State == found
	if w.isPlayed(at) {
		same = w.programs.loseDisk(at, kind)
	}
	if !same {
		n.State = found
	}
	w.tell(w.fault(kind, at, same))
}

// Pause freezes an instance: what arrives at it and what falls due in it waits.
func (w *World) Pause(at protocol.Position) {
	n := &w.nodes[at]
	w.tell(w.fault(trace.Pause, at, n.paused || n.Down))
	n.paused = !n.Down
}

// Resume ends a pause. What waited happens now, in its order.
func (w *World) Resume(at protocol.Position) {
	n := &w.nodes[at]
	w.tell(w.fault(trace.Resume, at, !n.paused))
	n.paused = false
	for n.held.head != noRef {
		r := n.held.head
		w.table.unlink(&n.held, noRef, r)
		if w.table.items[r].place == voided {
			w.table.remove(r)
			continue
		}
		w.happen(r)
		w.serveWaiting(at)
	}
}

// Cut takes the link between two instances down, in one direction.
func (w *World) Cut(from, to protocol.Position) {
	e := w.fault(trace.Cut, from, w.nodes[from].cut.Has(to))
	e.Peer = int8(to)
	w.tell(e)
	w.nodes[from].cut = w.nodes[from].cut.With(to)
}

// Mend ends a cut.
func (w *World) Mend(from, to protocol.Position) {
	e := w.fault(trace.Mend, from, !w.nodes[from].cut.Has(to))
	e.Peer = int8(to)
	w.tell(e)
	w.nodes[from].cut = w.nodes[from].cut.Without(to)
}

// Isolate cuts an instance from its peers, not from its clients.
func (w *World) Isolate(at protocol.Position) {
	w.tell(w.fault(trace.Isolate, at, w.isolated.Has(at)))
	w.isolated = w.isolated.With(at)
}

// Rejoin ends an isolation.
func (w *World) Rejoin(at protocol.Position) {
	w.tell(w.fault(trace.Rejoin, at, !w.isolated.Has(at)))
	w.isolated = w.isolated.Without(at)
}

// Partition lets messages pass only within each group; an instance in no group
// is alone. An earlier partition stays, so they have to be in one group in each.
func (w *World) Partition(groups []protocol.Set) {
	e := w.fault(trace.Partition, 0, false)
	e.Instance = trace.None
	e.State = protocol.State{}
	e.Groups = groups
	w.tell(e)
	for at := range w.nodes {
		side := protocol.Set(0).With(protocol.Position(at))
		for _, g := range groups {
			if g.Has(protocol.Position(at)) {
				side = g
			}
		}
		w.nodes[at].apart |= protocol.All(len(w.nodes)) &^ side
	}
}

// Unite ends every partition.
func (w *World) Unite() { w.unite(trace.Unite) }

// Healed reports whether nothing is wrong: all instances are up and none is paused,
// and no link is down.
func (w *World) Healed() bool {
	wrong := w.isolated
	for p := range w.nodes {
		n := &w.nodes[p]
		if wrong |= n.cut | n.apart; n.Down || n.paused {
			return false
		}
	}
	return wrong == 0
}

// HealAll ends every cut, isolation and partition.
func (w *World) HealAll() {
	w.unite(trace.HealAll)
	for at := range w.nodes {
		w.nodes[at].cut = 0
	}
	w.isolated = 0
}

func (w *World) unite(kind trace.Kind) {
	e := w.fault(kind, 0, false)
	e.Instance = trace.None
	e.State = protocol.State{}
	w.tell(e)
	for at := range w.nodes {
		w.nodes[at].apart = 0
	}
}
