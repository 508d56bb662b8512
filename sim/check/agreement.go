package check

import (
	"skinny/protocol"
	"skinny/sim/prose"
	"skinny/sim/trace"
)

// agreement judges that an ID stands for one holder: it is never committed by
// proposers, nor chosen by a majority, with two.
type agreement struct {
	ruling
	tally *tally

	chosen        bool // not only committed
	first, second proposal
}

func (a *agreement) Reset(h *trace.Header) {
	*a = agreement{ruling: ruling{header: h}, tally: a.tally}
}

// Observe judges a Commit or an Accept event that the tally has counted.
func (a *agreement) Observe(e *trace.Event) {
	if a.broken.Number != 0 {
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
			a.broken, a.chosen = *e, !committed
			a.first, a.second = *p, t.proposals[t.current]
			return
		}
	}
}

func (a *agreement) Verdict() Verdict {
	return verdict(a.broken.Number, func() (string, prose.Text) {
		names := prose.NamesOf(a.header)
		second := proposalWords(names, a.second.Proposal)
		first := holderWords(names, a.first.Holder)
		if a.chosen {
			return "chosen twice", prose.Of(second, " is chosen, but a ", a.header.Quorums.Word(protocol.Committing), " had chosen it with ", first,
				" (", prose.At(a.first.chosen), ")")
		}
		return "committed twice", prose.Of(names.Instance(a.broken.Instance), " commits ", second, ", but ",
			names.Instance(a.first.proposer), " had committed it with ", first, " (", prose.At(a.first.committed), ")")
	})
}
