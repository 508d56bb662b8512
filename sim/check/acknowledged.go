package check

import (
	"strconv"

	"skinny/protocol"
	"skinny/sim/trace"
)

// acknowledged judges the instances' answers: acquired and released are said only
// of an operation whose own last commit was of that very value and has been
// accepted by a majority.
type acknowledged struct {
	NoEnd
	header *trace.Header
	tally  *tally
	last   []lastCommit // by operation number

	violation int // the answer that should not have been given
	operation protocol.Operation
	instance  int8 // that gave it
	commit    lastCommit
	proposal  proposal // as it was then
}

// lastCommit is the commit that an operation made last.
type lastCommit struct {
	event    int // 0: it has made none
	proposal int32
}

// Reset makes it the judge of another run.
func (a *acknowledged) Reset(h *trace.Header) {
	*a = acknowledged{header: h, tally: a.tally, last: a.last[:0]}
}

// Observe judges an Answer, and takes note of a Commit that the tally has counted.
func (a *acknowledged) Observe(e *trace.Event) {
	number := int(e.Operation.Number)
	switch {
	case e.Kind == trace.Commit:
		a.last = reach(a.last, number+1)
		a.last[number] = lastCommit{e.Number, a.tally.current}
	case e.Kind != trace.Answer || a.violation != 0:
		// Nothing is answered, or it is too late.
	case e.Outcome == protocol.Acquired || e.Outcome == protocol.Released:
		a.last = reach(a.last, number+1)
		a.answer(e, a.last[number])
	}
}

// answer judges an answer that says yes.
func (a *acknowledged) answer(e *trace.Event, c lastCommit) {
	var p proposal
	if c.event != 0 {
		p = a.tally.proposals[c.proposal]
		if p.chosen != 0 && p.Holder == wanted(e.Operation) {
			return
		}
	}
	a.violation = e.Number
	a.operation, a.instance, a.commit, a.proposal = e.Operation, e.Instance, c, p
}

// wanted is the value that an operation is to bring about.
func wanted(op protocol.Operation) protocol.Holder {
	if op.Kind == protocol.Release {
		return protocol.Free
	}
	return op.Holder
}

// Verdict says how the property stands.
func (a *acknowledged) Verdict() Verdict {
	return verdict(a.violation, func() (kind, why string) {
		h := a.header
		outcome := protocol.Acquired
		if a.operation.Kind == protocol.Release {
			outcome = protocol.Released
		}
		said := outcome.String() + ", "
		answer := h.Instances[a.instance] + " answers " + h.HolderName(a.operation.Holder) + " " + outcome.String()
		if a.commit.event == 0 {
			return said + "nothing committed", answer + ", but has committed nothing for that"
		}
		answer += ", but its commit (" + eventWords(a.commit.event) + ") was "
		if a.proposal.Holder != wanted(a.operation) {
			return said + "another value committed", answer + "of " + proposalWords(h, a.proposal.Proposal)
		}
		who, kind := "nobody", "accepted by nobody"
		if s := a.proposal.acceptors; s != 0 {
			who, kind = setWords(h, s)+" only", "accepted by a minority"
		}
		return said + kind, answer + "accepted by " + who + ", and a majority is " + strconv.Itoa(h.Majority()) +
			" of " + strconv.Itoa(len(h.Instances))
	})
}
