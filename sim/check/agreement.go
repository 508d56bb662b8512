package check

import (
	"skinny/protocol"
	"skinny/sim/prose"
	"skinny/sim/trace"
)

// agreement judges that an ID stands for one holder: it is never committed by
// proposers, nor chosen by a majority, with two.
type agreement struct {
	NoEnd
	header *trace.Header
	tally  *tally

	violation int // the event that gave an ID a second holder
	chosen    bool
	proposer  int8 // of the second holder
	first     proposal
	second    proposal
}

// Reset makes it the judge of another run.
func (a *agreement) Reset(h *trace.Header) { *a = agreement{header: h, tally: a.tally} }

// Observe judges a Commit or an Accept event that the tally has counted.
func (a *agreement) Observe(e *trace.Event) {
	if a.violation != 0 || e.Kind != trace.Commit && e.Kind != trace.Accept {
		return
	}
	t := a.tally
	for at := t.head; at != none; at = t.proposals[at].other {
		if at == t.current {
			continue
		}
		p := &t.proposals[at]
		committed := e.Kind == trace.Commit && p.committed != 0
		chosen := t.chose && p.chosen != 0
		if committed || chosen {
			a.violation, a.chosen = e.Number, !committed
			a.first, a.second, a.proposer = *p, t.proposals[t.current], e.Instance
			return
		}
	}
}

// Verdict says how the property stands.
func (a *agreement) Verdict() Verdict {
	return verdict(a.violation, func() (string, prose.Text) {
		names := prose.NamesOf(a.header)
		second := proposalWords(names, a.second.Proposal)
		first := holderWords(names, a.first.Holder)
		if a.chosen {
			return "chosen twice", prose.Of(second, " is chosen, but a ", a.header.Quorums.Word(protocol.Committing), " had chosen it with ", first,
				" (", prose.At(a.first.chosen), ")")
		}
		return "committed twice", prose.Of(names.Instance(a.proposer), " commits ", second, ", but ",
			names.Instance(a.first.proposer), " had committed it with ", first, " (", prose.At(a.first.committed), ")")
	})
}
