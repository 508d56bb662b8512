package sim

import (
	"skinny/protocol"
	"skinny/sim/trace"
)

// Invoke lets a client call an instance. It waits for the answer for timeout,
// which must be positive. A status has no holder. The operation's number is
// returned.
func (w *World) Invoke(kind protocol.OperationKind, holder protocol.Holder, via protocol.Position, timeout trace.Time) int {
	number := len(w.ops) + 1
	op := protocol.Operation{Kind: kind, Holder: holder, Number: uint32(number)}
	e := w.begin(trace.Call, 0, via)
	e.Operation = op
	call := w.tell(e)
	giveUp := w.add(&Item{Kind: GiveUpItem, Instance: via, Op: op.Number, Cause: call})
	w.ops = append(w.ops, operation{Operation: op, via: via, call: call, giveUp: giveUp, invoked: w.now, timeout: timeout, waits: true})
	i := Item{Kind: CallItem, Instance: via, Op: op.Number, Cause: call}
	if w.cluster.ClientLatency > 0 {
		w.add(&i)
	} else {
		w.arriveCall(w.table.add(&i))
	}
	return number
}

// Patience is how long the client of an operation waits for its answer.
func (w *World) Patience(number uint32) trace.Time { return w.ops[number-1].timeout }

// answer ends an operation at its instance. Effects, if any, say how its last phase went.
func (w *World) answer(o *operation, outcome protocol.Outcome, holder protocol.Holder, cause int, f *protocol.Effects) {
	direct := w.cluster.ClientLatency == 0
	e := w.begin(trace.Answer, cause, o.via)
	e.Operation, e.Outcome, e.Holder = o.Operation, outcome, holder
	e.Direct = direct && o.waits
	if direct && !o.waits {
		e.Reason = trace.ClientGone
	}
	if f != nil {
		e.Yea, e.Nay, e.Won, e.Jumped = f.Yea, f.Nay, f.Won, f.Jumped
	}
	number := w.tell(e)
	if direct {
		w.settle(o, outcome, holder)
		return
	}
	w.add(&Item{Kind: AnswerItem, Instance: o.via, Op: o.Number, Outcome: outcome, Holder: holder, Cause: number})
}

// settle notes that the client has its answer, if it still waits.
func (w *World) settle(o *operation, outcome protocol.Outcome, holder protocol.Holder) {
	if !o.waits {
		return
	}
	o.waits = false
	o.outcome, o.holder, o.answered = outcome, holder, w.now
	w.ended = append(w.ended, o.Number)
	w.table.cancel(o.giveUp)
}

// receive brings an answer to its client.
func (w *World) receive(o *operation, outcome protocol.Outcome, holder protocol.Holder, cause int) {
	kind, reason := trace.Receive, trace.NoReason
	if !o.waits {
		kind, reason = trace.Ignore, trace.ClientGone
	} else if outcome == protocol.Failed {
		reason = trace.CrashedPeer
	}
	e := w.begin(kind, cause, o.via)
	e.Reason, e.Operation, e.Outcome, e.Holder = reason, o.Operation, outcome, holder
	w.tell(e)
	w.settle(o, outcome, holder)
}

// fail lets the client learn that nobody is there.
func (w *World) fail(o *operation, cause int) {
	if w.cluster.ClientLatency == 0 {
		w.receive(o, protocol.Failed, protocol.Free, cause)
		return
	}
	w.add(&Item{Kind: AnswerItem, Instance: o.via, Op: o.Number, Outcome: protocol.Failed, Cause: cause})
}

func (w *World) giveUp(o *operation, cause int) {
	e := w.begin(trace.GiveUp, cause, o.via)
	e.Operation = o.Operation
	w.tell(e)
	o.waits = false
	w.ended = append(w.ended, o.Number)
}
