package check

import (
	"skinny/protocol"
	"skinny/sim/prose"
	"skinny/sim/trace"
)

// linearizability judges what clients see: there is an order of their operations,
// each between its call and its answer, in which a single lock would have given
// the same answers. An operation without an answer, or with the answer that nobody
// knows (unknown, failed), may have taken effect at any time after its call, or
// never. A status is not part of it, unless reads are judged, too.
type linearizability struct {
	NoEnd
	reads      bool // a status is part of it
	header     *trace.Header
	names      *prose.Names // where something is to be said
	operations []operation  // by their numbers, from 1, which is the order of their calls
	answers    []int32      // places of the answered operations, in the order of their answers
	orders     orders

	unread bool // a status was answered that is not part of it

	tried  int    // the number of answers that an order was searched for
	found  result // by that search
	broken int    // the answer that has no explanation, counted from 1, or 0
}

func (l *linearizability) Reset(h *trace.Header) {
	l.header = h
	l.operations = l.operations[:0]
	l.answers = l.answers[:0]
	l.orders.ownerRelease = h.Rules.Has(protocol.OwnerRelease)
	l.orders.limit = configurations
	l.tried, l.found, l.broken, l.unread = 0, explained, 0, false
}

func (l *linearizability) Observe(e *trace.Event) {
	op := &e.Operation
	switch {
	case e.Kind == trace.Call:
		l.operations = append(l.operations, operation{kind: op.Kind, holder: op.Holder, via: e.Instance, call: e.Number})
	case !e.Received():
		// Nobody is told anything.
	case op.Kind == protocol.Status && !l.reads:
		l.unread = true // it reads one instance, not the lock
	default:
		l.receive(e)
	}
}

// receive takes note of an answer that says what happened.
func (l *linearizability) receive(e *trace.Event) {
	switch e.Outcome {
	case protocol.Acquired, protocol.Refused, protocol.Released, protocol.NotReleased, protocol.Answered:
		at := int32(e.Operation.Number - 1)
		o := &l.operations[at]
		o.answer, o.outcome, o.told = e.Number, e.Outcome, e.Holder
		l.answers = append(l.answers, at)
	}
}

func (l *linearizability) Verdict() Verdict {
	l.decide()
	var v Verdict
	if l.unread {
		v.Without = "statuses aside: " + ReadsName + " judges them"
	}
	switch {
	case l.broken != 0:
		v.State = Violated
		v.Event = l.answer(l.broken).answer
		v.Kind, v.Why = l.why()
	case l.found == gaveUp:
		v.State = Undecided
		v.Why = prose.Of("the search for an order of the operations was given up, since too many of them overlap or were never answered")
	}
	return v
}

// answer is the operation that was answered as the nth, from 1.
func (l *linearizability) answer(n int) *operation { return &l.operations[l.answers[n-1]] }

func (l *linearizability) decide() {
	n := len(l.answers)
	if l.broken != 0 || l.tried == n {
		return
	}
	l.tried = n
	followed, found := l.orders.follow(l.operations, l.answers)
	if l.found = found; found == unexplained {
		l.broken = followed + 1
	}
}
