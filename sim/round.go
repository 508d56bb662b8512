package sim

import (
	"skinny/protocol"
	"skinny/sim/trace"
)

// step lets an instance's round go on by an item, and carries out what follows. The item's
// slot is free already: it is read before anything is added.
func (w *World) step(at protocol.Position, input *protocol.Input, i *Item) {
	n := &w.nodes[at]
	if !w.isPlayed(at) {
		w.stepBuiltIn(n, input)
	} else if !w.play(at, questions[input.Kind], input, i) {
		return
	}
	f := &w.effects
	cause := i.Cause

	switch f.Verdict {
	case protocol.Ignores:
		reason := trace.PhaseOver
		if r := &n.Round; r.Phase == i.Message.Phase() && r.ID == i.Message.ID {
			reason = trace.CallOver
		}
		cause = w.ignore(i, reason)
	case protocol.CountsYea, protocol.CountsNay, protocol.Expires:
		cause = w.counted(at, i)
	}
	w.carryOut(at, i, cause, f.Verdict != protocol.NoVerdict)
}

// carryOut does what follows from a step by an item, beside a reply. Told says that an
// event has told the step already.
func (w *World) carryOut(at protocol.Position, i *Item, cause int, told bool) {
	n, f := &w.nodes[at], &w.effects
	if f.Ended != protocol.Idle || f.Deadline {
		w.disarm(n)
	}
	if f.Began != protocol.Idle {
		cause = w.began(at, cause)
	}
	played, step := w.isPlayed(at), cause
	if played {
		step = w.tellStep(at, i, cause, told || f.Began != protocol.Idle || f.Retry != 0 || f.Outcome != protocol.NoOutcome)
	}
	if f.Ask != 0 || f.Deadline {
		w.ask(at, cause)
	}
	if played {
		w.sendRest(at, step)
	}
	if f.Retry != 0 {
		w.retry(at, cause)
	}
	if f.Outcome != protocol.NoOutcome {
		n.Turn = 0
		w.answer(&w.ops[f.Operation.Number-1], f.Outcome, f.Holder, cause, f)
	}
}

// stepBuiltIn lets the built-in protocol take a step.
func (w *World) stepBuiltIn(n *node, input *protocol.Input) {
	before := n.State
	n.Step(&n.config, input, &w.effects)
	if n.State != before {
		n.Stored = before
	}
}

// questions is what an input is to a program.
var questions = [...]QuestionKind{protocol.Deliver: AskMessage, protocol.Start: AskOperation, protocol.Expire: AskTimeout}

// counted tells that a vote was counted, or that votes were given up.
func (w *World) counted(at protocol.Position, i *Item) int {
	f := &w.effects
	kind := trace.Count
	switch {
	case f.Verdict == protocol.Expires:
		kind = trace.Expire
	case i.Message.Kind == protocol.Failure:
		kind = trace.Fail
	}
	e := w.begin(kind, i.Cause, at)
	w.describe(e, i)
	e.Operation, e.Reason, e.Learned, e.Calls = f.Operation, i.reason, f.Learned, f.Expired
	if f.Began == protocol.Idle && f.Ask != 0 {
		e.Asked, e.Note = f.Ask, e.Note || w.hasNotes(at)
	}
	e.State = f.Counted
	return w.tell(e)
}

func (w *World) began(at protocol.Position, cause int) int {
	f := &w.effects
	n := &w.nodes[at]
	kind := trace.Propose
	if f.Began == protocol.Committing {
		kind = trace.Commit
	}
	e := w.begin(kind, cause, at)
	e.Operation, e.Try, e.Message = n.Round.Operation, n.Round.Try, f.Request
	e.Asked, e.Note = f.Ask, w.hasNotes(at)
	if kind == trace.Commit {
		e.Proposal = f.Request.Proposal
		e.Base, e.Stored, e.Jumped, e.Won = f.Base, f.Stored, f.Jumped, f.Won
		e.Yea, e.Nay = f.Yea, f.Nay
	}
	return w.tell(e)
}

// ask sends the round's requests, in display order, after their deadline.
func (w *World) ask(at protocol.Position, cause int) {
	f := &w.effects
	n := &w.nodes[at]
	if f.Deadline {
		n.deadline = w.add(&Item{Kind: DeadlineItem, Instance: at, Op: n.Round.Operation.Number, Try: n.Round.Try, Cause: cause})
	}
	i := n.request(&f.Request, cause)
	for set := f.Ask; set != 0; set = set.Without(set.First()) {
		i.Message.To = set.First()
		if w.isPlayed(at) {
			i.note = w.noteOf(&i.Message)
		}
		w.sendRequest(&i)
	}
}

// request is a request that an instance makes for the operation that has its turn.
func (n *node) request(m *protocol.Message, cause int) Item {
	return Item{Message: *m, Op: n.Round.Operation.Number, Try: n.Round.Try, Cause: cause, process: n.process}
}

// sendRequest numbers a request, and puts it on its link.
func (w *World) sendRequest(i *Item) {
	number := &w.numbers[w.numberIndex(&i.Message)]
	*number++
	i.Nth = *number
	w.send(i)
}

// numberIndex is where the requests of this kind on this link are counted.
func (w *World) numberIndex(m *protocol.Message) int {
	size := len(w.nodes)
	index := int(m.From)*size + int(m.To)
	if m.Kind == protocol.CommitRequest {
		index += size * size
	}
	return index
}

// disarm takes back the deadline of calls that are over.
func (w *World) disarm(n *node) {
	if n.deadline != noRef {
		w.table.cancel(n.deadline)
		n.deadline = noRef
	}
}

// retry lets the operation pause before its next round, or queue for it at once.
func (w *World) retry(at protocol.Position, cause int) {
	f := &w.effects
	n := &w.nodes[at]
	e := w.begin(trace.Backoff, cause, at)
	e.Operation = f.Operation
	e.Try, e.Pause = f.Retry, f.Pause
	e.Yea, e.Nay, e.Won, e.Jumped = f.Yea, f.Nay, f.Won, f.Jumped
	i := Item{Kind: WakeItem, Instance: at, Op: f.Operation.Number, Try: f.Retry, Cause: w.tell(e)}
	if f.Pause {
		w.add(&i)
		return
	}
	// Who waits already comes first; serveWaiting follows every step.
	w.queue(n, w.table.add(&i))
}
