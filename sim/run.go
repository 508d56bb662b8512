package sim

import (
	"skinny/protocol"
	"skinny/sim/trace"
)

// Deliver makes a pending item happen: the message arrives, the timer fires, the
// call or the answer reaches its end.
func (w *World) Deliver(r Ref) {
	i := &w.table.items[r]
	switch i.Kind {
	case MessageItem:
		w.arrive(r)
	case AnswerItem:
		w.table.remove(r)
		w.receive(&w.ops[i.Op-1], i.Outcome, i.Holder, i.Cause)
	case GiveUpItem:
		w.table.remove(r)
		w.giveUp(&w.ops[i.Op-1], i.Cause)
	case CallItem:
		w.arriveCall(r)
	case WakeItem, DeadlineItem, WorkItem:
		w.reach(r)
	}
}

// arrive brings a message to its receiver's host.
func (w *World) arrive(r Ref) {
	i := &w.table.items[r]
	m := &i.Message
	n := &w.nodes[m.To]
	switch {
	case w.linkDown(m.From, m.To):
		w.lose(r, trace.CutAtArrival)
	case !n.Down:
		w.reach(r)
	case !m.Kind.IsRequest():
		w.lose(r, trace.ReceiverDown)
	case n.HostUp:
		w.refuseCall(r)
	default:
		w.lose(r, trace.HostDown)
	}
}

func (w *World) arriveCall(r Ref) {
	i := &w.table.items[r]
	n := &w.nodes[i.Instance]
	switch {
	case !n.Down:
		w.reach(r)
	case n.HostUp:
		w.table.remove(r)
		w.fail(&w.ops[i.Op-1], i.Cause)
	default:
		w.lose(r, trace.HostDown)
	}
}

// due says what falls due by a timer.
var due = [...]trace.Reason{
	DeadlineItem: trace.DeadlineDue,
	WakeItem:     trace.RetryDue,
	WorkItem:     trace.WorkDue,
}

// reach lets an item happen at its instance, which is up, unless that is paused.
func (w *World) reach(r Ref) {
	i := &w.table.items[r]
	at := i.Instance
	n := &w.nodes[at]
	if n.paused {
		e := w.begin(trace.Hold, i.Cause, at)
		w.describe(e, i)
		e.Reason = due[i.Kind]
		i.Cause = w.tell(e)
		w.table.push(&n.held, r, held)
		return
	}
	w.happen(r)
	if n.waiting.head != noRef {
		w.serveWaiting(at)
	}
}

// happen does what an item at a running instance does, or lets it wait for the
// mutex or its turn. What was held at a paused instance comes here when that resumes.
func (w *World) happen(r Ref) {
	i := &w.table.items[r]
	at := i.Instance
	n := &w.nodes[at]
	switch {
	case i.Kind == DeadlineItem:
		n.deadline = noRef
		w.table.remove(r)
		w.step(at, &protocol.Input{Kind: protocol.Expire}, i)
	case i.Kind == WorkItem:
		n.work = noRef
		w.table.remove(r)
		w.finish(i)
	case i.Kind == MessageItem && !i.Message.Kind.IsRequest():
		w.table.remove(r)
		w.count(i)
	default:
		if reason := w.blockedBy(n, i); reason != trace.NoReason {
			e := w.begin(trace.Wait, i.Cause, at)
			w.describe(e, i)
			e.Reason = reason
			i.Cause = w.tell(e)
			w.queue(n, r)
			return
		}
		w.table.remove(r)
		w.serve(i)
	}
}

// blockedBy says why a request or an operation has to wait, or NoReason.
func (w *World) blockedBy(n *node, i *Item) trace.Reason {
	yield := n.config.Rules.Has(protocol.Yield)
	switch {
	case n.work != noRef:
		return trace.MutexWork
	case !yield && n.Round.Phase != protocol.Idle:
		return trace.MutexHeld
	case yield && n.Turn != 0 && n.Turn != i.Op && w.isOperation(i):
		// Through its pauses an operation keeps its turn.
		return trace.TurnTaken
	}
	return trace.NoReason
}

// isOperation reports whether an item runs rounds, unlike what is only answered.
func (w *World) isOperation(i *Item) bool {
	return !i.IsMessage() && w.ops[i.Op-1].Kind != protocol.Status
}

// isNew reports whether an item is an operation that has not had its turn yet.
func (w *World) isNew(i *Item) bool { return i.Kind == CallItem && w.isOperation(i) }

// queue lets an item wait for the mutex or its turn.
func (w *World) queue(n *node, r Ref) {
	w.table.push(&n.waiting, r, waiting)
	if !w.isNew(&w.table.items[r]) {
		n.passing++
	}
}

// serveWaiting serves those that wait and that nothing blocks, in the order in which they came.
func (w *World) serveWaiting(at protocol.Position) {
	n := &w.nodes[at]
	before := noRef
	for r := n.waiting.head; r != noRef; {
		i := &w.table.items[r]
		if reason := w.blockedBy(n, i); reason == trace.TurnTaken && n.passing > 0 {
			before, r = r, i.next
			continue
		} else if reason != trace.NoReason {
			return // whatever else waits is blocked, too
		}
		w.table.unlink(&n.waiting, before, r)
		if !w.isNew(i) {
			n.passing--
		}
		w.table.remove(r)
		w.serve(i)
		// What was served may have unblocked others, or block them.
		before, r = noRef, n.waiting.head
	}
}

// serve handles a request or starts an operation that nothing blocks. The item's
// slot is free already.
func (w *World) serve(i *Item) {
	if i.Kind == MessageItem {
		w.handle(i)
		return
	}
	o := &w.ops[i.Op-1]
	if o.Kind == protocol.Status {
		o.read = w.nodes[i.Instance].State
		w.answer(o, protocol.Answered, o.read.Accepted.Holder, i.Cause, nil)
		return
	}
	w.nodes[i.Instance].Turn = i.Op
	w.step(i.Instance, &protocol.Input{Kind: protocol.Start, Operation: o.Operation, Try: i.Try}, i)
}

// handle answers a promise or commit request. The item's slot is free already, and is
// used again by the answer.
func (w *World) handle(i *Item) {
	m := &i.Message
	at, n := m.To, &w.nodes[m.To]
	played := w.isPlayed(at)
	w.input.Message = *m
	if !played {
		w.stepBuiltIn(n, &w.input)
	} else if !w.play(at, AskMessage, &w.input, i) {
		return
	}
	f := &w.effects
	if f.Reply.Kind == protocol.NoMessage {
		w.carryOut(at, i, i.Cause, false)
		return
	}

	kind := trace.Promise
	if m.Kind == protocol.CommitRequest {
		kind = trace.Accept
	}
	e := w.begin(kind, i.Cause, at)
	e.Peer = int8(m.From)
	e.Message = f.Reply
	e.Nth, e.Copy, e.Note = i.Nth, i.Copy > 0, i.note > 0 || w.hasNotes(at)
	e.Proposal = m.Proposal
	e.Stored = f.Verdict == protocol.Accepts
	cause := w.tell(e)

	i.Message = f.Reply // from here on it is the answer
	i.Cause, i.Copy, i.copies, i.note = cause, 0, 0, 0
	if played {
		i.note = w.noteOf(&f.Reply)
	}
	if delay := &w.cluster.Instances[at].PromiseDelay; kind == trace.Promise && delay.High > 0 {
		i.Kind = WorkItem
		n.work = w.add(i)
	} else {
		w.send(i)
	}
	if played {
		w.carryOut(at, nil, cause, true)
	}
}

// finish sends the answer that an instance has worked on.
func (w *World) finish(i *Item) {
	e := w.begin(trace.Reply, i.Cause, i.Instance)
	e.Peer = int8(i.Message.To)
	e.Message, e.Nth, e.Note = i.Message, i.Nth, i.note > 0
	i.Cause = w.tell(e)
	w.send(i)
}

// send puts a message on its link. The item brings all but its place.
func (w *World) send(i *Item) {
	m := &i.Message
	i.Kind = MessageItem
	i.Instance = m.To
	if w.linkDown(m.From, m.To) {
		w.tellLost(i, trace.CutAtSending)
		return
	}
	w.add(i)
}

// count brings a response, or the failure of a call, to the one that asked.
func (w *World) count(i *Item) {
	n := &w.nodes[i.Instance]
	if i.process != n.process {
		w.ignore(i, trace.AskerRestart)
		return
	}
	w.input.Message = i.Message
	w.step(i.Instance, &w.input, i)
}

func (w *World) ignore(i *Item, reason trace.Reason) int {
	e := w.begin(trace.Ignore, i.Cause, i.Instance)
	w.describe(e, i)
	e.Reason = reason
	return w.tell(e)
}

func (w *World) describe(e *trace.Event, i *Item) {
	if !i.IsMessage() {
		e.Operation = w.ops[i.Op-1].Operation
		if i.Kind == WakeItem { // of a deadline or a call it says nothing new
			e.Try = i.Try
		}
		return
	}
	e.Message = i.Message
	e.Nth, e.Copy, e.Note = i.Nth, i.Copy > 0, i.note > 0
	e.Peer = int8(i.Message.From)
	if i.Kind == WorkItem { // the message is still to leave
		e.Peer = int8(i.Message.To)
	}
}
