package check

import (
	"skinny/protocol"
	"skinny/sim/prose"
	"skinny/sim/trace"
)

func holderWords(n *prose.Names, holder protocol.Holder) prose.Text {
	if holder == protocol.Free {
		return prose.Of("the free lock")
	}
	return prose.Of("holder ", n.Client(holder))
}

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
	for _, v := range BrokenBy(event, verdicts) {
		list = append(list, v.Why.Refs()...)
	}
	return list
}

// ruling is what all judges have that take one event after the other.
type ruling struct {
	NoEnd
	header *trace.Header
	broken trace.Event // the one that broke the property first; number 0: none
}

// verdict is Kept, unless an event broke the property.
func verdict(event int, say func() (kind string, why prose.Text)) Verdict {
	if event == 0 {
		return Verdict{}
	}
	kind, why := say()
	return Verdict{State: Violated, Event: event, Kind: kind, Why: why}
}
