package check

import (
	"skinny/protocol"
	"skinny/sim/prose"
	"skinny/sim/trace"
)

// acknowledged judges the instances' answers: acquired and released are said only
// of an operation whose own last commit was of that very value and has been
// accepted by a majority.
type acknowledged struct {
	ruling
	tally *tally
	last  []lastCommit // by operation number

	commit   lastCommit // of the operation that should not have been answered so
	proposal proposal   // as it was then
}

type lastCommit struct {
	event    int // 0: it has made none
	proposal int32
}

func (a *acknowledged) Reset(h *trace.Header) {
	*a = acknowledged{ruling: ruling{header: h}, tally: a.tally, last: a.last[:0]}
}

// Observe judges an Answer, and takes note of a Commit that the tally has counted.
func (a *acknowledged) Observe(e *trace.Event) {
	number := int(e.Operation.Number)
	switch {
	case e.Kind == trace.Commit:
		a.last = trace.Grown(a.last, number+1)
		a.last[number] = lastCommit{e.Number, a.tally.current}
	case e.Kind == trace.Answer && a.broken.Number == 0 && (e.Outcome == protocol.Acquired || e.Outcome == protocol.Released):
		a.last = trace.Grown(a.last, number+1)
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
	a.broken, a.commit, a.proposal = *e, c, p
}

// wanted is the value that an operation is to bring about.
func wanted(op protocol.Operation) protocol.Holder {
	if op.Kind == protocol.Release {
		return protocol.Free
	}
	return op.Holder
}

func (a *acknowledged) Verdict() Verdict {
	return verdict(a.broken.Number, func() (string, prose.Text) {
		h, names, e := a.header, prose.NamesOf(a.header), &a.broken
		said := e.Outcome.String() + ", "
		answer := prose.Of(names.Instance(e.Instance), " answers ", names.Client(e.Operation.Holder), " ", e.Outcome)
		if a.commit.event == 0 {
			return said + "nothing committed", prose.Of(answer, ", but has committed nothing for that")
		}
		answer = prose.Of(answer, ", but its commit (", prose.At(a.commit.event), ") was ")
		if a.proposal.Holder != wanted(e.Operation) {
			return said + "another value committed", prose.Of(answer, "of ", proposalWords(names, a.proposal.Proposal))
		}
		kind := "accepted by nobody"
		if a.proposal.acceptors != 0 {
			kind = "accepted by a minority"
		}
		return said + kind, prose.Of(answer, "accepted by ", fewWords(names, a.proposal.acceptors),
			", and a ", h.Quorums.Word(protocol.Committing), " is ", h.Needed(protocol.Committing), " of ", len(h.Instances))
	})
}
