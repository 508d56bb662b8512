package narrate

import (
	"skinny/protocol"
	"skinny/sim/prose"
	"skinny/sim/trace"
)

// off says which of the rules are off: "yield is off".
func (n *Narrator) off(rules protocol.Rules) prose.Text { return prose.Off(n.header, rules) }

// rule names one.
func (n *Narrator) rule(rule protocol.Rules) prose.Text { return prose.RuleNames(rule) }

// offOnce says of a rule that is off that it is, once in a story: such a rule only
// costs time, and in many lines.
func (n *Narrator) offOnce(rule protocol.Rules) {
	if !n.header.Rules.Has(rule) && !n.named.Has(rule) {
		n.named |= rule
		n.say(": ", n.off(rule))
	}
}

// base is the highest proposal that a round knows when it commits, which is what
// the value is made from with adopt on.
func (n *Narrator) base(e *trace.Event) protocol.Proposal {
	m := &n.instances[e.Instance]
	switch {
	case n.header.Rules.Has(protocol.Adopt):
		return e.Base
	case n.header.Rules.Has(protocol.LearnAside):
		return m.round.base
	}
	return m.state.Accepted
}

// adopted is the holder that an operation commits with adopt on.
func (n *Narrator) adopted(op protocol.Operation, base protocol.Proposal) protocol.Holder {
	switch {
	case op.Kind == protocol.Acquire && base.Holder == protocol.Free:
		return op.Holder
	case op.Kind == protocol.Release && (base.Holder == op.Holder || !n.header.Rules.Has(protocol.OwnerRelease)):
		return protocol.Free
	}
	return base.Holder
}

// promisesBelow reports whether an instance promises an ID only because what it
// has accepted, which is as new, has not raised its promise.
func (n *Narrator) promisesBelow(at int8, id protocol.ID) bool {
	m := &n.instances[at]
	if m.learned { // not accepted at all
		return false
	}
	return id < m.state.Accepted.ID || id == m.state.Accepted.ID && n.header.Rules.Has(protocol.PromiseOnce)
}

// refusesItself reports whether a proposer's own acceptor says no to its commit.
func (n *Narrator) refusesItself(e *trace.Event) bool {
	return !e.Stored && (n.header.Rules.Has(protocol.AckAccepted) || e.State.Accepted.ID != e.Proposal.ID)
}

// ownAcceptance says what a proposer's own acceptor does with its commit, where it
// does not just store it.
func (n *Narrator) ownAcceptance(e *trace.Event) {
	switch {
	case n.refusesItself(e):
		n.say("; its own acceptor refuses that: below ", n.promised(e.Instance))
		return
	case !e.Stored:
		n.say("; its own acceptor says yes without storing it: below ", n.promised(e.Instance))
		n.pretence()
		return
	case e.Proposal.ID < n.instances[e.Instance].state.Promised:
		n.say("; stores that itself, though its promise is ", n.promised(e.Instance), ": ",
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
	m := &n.instances[e.Instance]
	before, id := m.state.Accepted, e.Proposal.ID
	switch {
	case id > before.ID || e.Proposal == before:
		return
	case id == before.ID && m.learned:
		return // the jump says so
	case id == before.ID:
		n.say("; another value of the same ID, ", n.holder(before.Holder), ", is overwritten (", prose.At(m.acceptedAt), ")")
		return
	}
	n.say("; the newer ", n.proposal(before), " is overwritten (", prose.At(m.acceptedAt), ")")
	switch {
	case id < m.state.Promised:
		// The rule that is off is named for that.
	case m.learned:
		n.say(": ", n.off(protocol.LearnAside))
	default:
		n.say(": ", n.off(protocol.AcceptRaises))
	}
}
