package check

import (
	"skinny/protocol"
	"skinny/sim/prose"
)

// holderWords says which value a proposal has.
func holderWords(n *prose.Names, holder protocol.Holder) prose.Text {
	if holder == protocol.Free {
		return prose.Of("the free lock")
	}
	return prose.Of("holder ", n.Client(holder))
}

// proposalWords names a proposal.
func proposalWords(n *prose.Names, p protocol.Proposal) prose.Text {
	return prose.Of("ID ", p.ID, " with ", holderWords(n, p.Holder))
}

// fewWords lists instances that are too few.
func fewWords(n *prose.Names, s protocol.Set) prose.Text {
	if s == 0 {
		return prose.Of("nobody")
	}
	return prose.Of(n.Set(s), " only")
}

// Refs lists the events that the verdicts on what broke by an event name.
func Refs(verdicts []Verdict, event int) []int {
	var list []int
	for _, v := range verdicts {
		if v.State == Violated && v.Event == event {
			list = append(list, v.Why.Refs()...)
		}
	}
	return list
}

// verdict is Kept, unless an event broke the property.
func verdict(event int, say func() (string, prose.Text)) Verdict {
	if event == 0 {
		return Verdict{}
	}
	kind, why := say()
	return Verdict{State: Violated, Event: event, Kind: kind, Why: why}
}
