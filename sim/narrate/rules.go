package narrate

import (
	"skinny/protocol"
	"skinny/sim/prose"
	"skinny/sim/trace"
)

// off says which of the rules are off: "yield is off", or "yield is off at c" where it is
// on elsewhere.
func (n *Narrator) off(rules protocol.Rules) prose.Text {
	rules &^= n.rules
	if rules&n.header.Rules != 0 {
		return n.text(prose.Off(rules), " at ", n.name(n.at))
	}
	return prose.Off(rules)
}

// rule names one.
func (n *Narrator) rule(rule protocol.Rules) prose.Text { return prose.RuleNames(rule) }

// offOnce says of a rule that is off that it is, once in a story: such a rule only
// costs time, and in many lines.
func (n *Narrator) offOnce(rule protocol.Rules) {
	if !n.rules.Has(rule) && !n.named.Has(rule) {
		n.named |= rule
		n.say(": ", n.off(rule))
	}
}

// base is the highest proposal that a round knows when it commits, which is what
// the value is made from with adopt on.
func (n *Narrator) base(e *trace.Event) protocol.Proposal {
	switch {
	case n.rules.Has(protocol.Adopt):
		return e.Base
	case n.rules.Has(protocol.LearnAside):
		return n.was.Round.Base
	}
	return n.was.State.Accepted
}

// promisesBelow reports whether an instance promises an ID only because what it
// has accepted, which is as new, has not raised its promise.
func (n *Narrator) promisesBelow(id protocol.ID) bool {
	if n.was.Accepted.Learned { // not accepted at all
		return false
	}
	accepted := n.was.State.Accepted.ID
	return id < accepted || id == accepted && n.rules.Has(protocol.PromiseOnce)
}

// ownAcceptance says what a proposer's own acceptor does with its commit, where it
// does not just store it.
func (n *Narrator) ownAcceptance(e *trace.Event) {
	switch {
	case n.header.RefusesItself(e):
		n.say("; its own acceptor refuses that: below ", n.promised())
		return
	case !e.Stored:
		n.say("; its own acceptor says yes without storing it: below ", n.promised())
		n.pretence()
		return
	case e.Proposal.ID < n.was.State.Promised:
		n.say("; stores that itself, though its promise is ", n.promised(), ": ",
			n.off(protocol.RefuseStale|protocol.SelfRules))
	}
	n.overwritten(e)
}

// pretence is why an acceptor says yes to what it does not store.
func (n *Narrator) pretence() {
	n.say(", but the ID is the one that it has accepted (", n.off(protocol.AckAccepted), ")")
}

// overwritten says that storing a proposal overwrites a newer one, or another value
// of the same ID.
func (n *Narrator) overwritten(e *trace.Event) {
	before, from, id := n.was.State.Accepted, n.was.Accepted, e.Proposal.ID
	switch {
	case id > before.ID || e.Proposal == before:
		return
	case id == before.ID && from.Learned:
		return // the jump says so
	case id == before.ID:
		n.say("; another value of the same ID, ", n.holder(before.Holder), ", is overwritten (", prose.At(from.Event), ")")
		return
	}
	n.say("; the newer ", n.proposal(before), " is overwritten (", prose.At(from.Event), ")")
	switch {
	case id < n.was.State.Promised:
		// The rule that is off is named for that.
	case from.Learned:
		n.say(": ", n.off(protocol.LearnAside))
	default:
		n.say(": ", n.off(protocol.AcceptRaises))
	}
}
