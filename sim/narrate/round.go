package narrate

import (
	"skinny/protocol"
	"skinny/sim/prose"
	"skinny/sim/trace"
)

func (n *Narrator) tellRound(e *trace.Event, l *Line) {
	l.From = n.instance(e.Instance)
	switch e.Kind {
	case trace.Propose:
		l.What = n.text("proposes ID ", e.Message.ID)
		n.because(e, n.proposeReason)
	case trace.Commit:
		l.What = n.text("commits ", e.Proposal.ID, " ", n.holder(e.Proposal.Holder))
		n.because(e, n.commitReason)
	case trace.Backoff:
		l.What = prose.Words("tries again")
		if e.Pause {
			l.What = prose.Words("backs off")
		}
		n.because(e, n.backoffReason)
	case trace.Expire:
		l.Glyph = Timeout
		l.What = prose.Words("timeout")
		n.because(e, n.expireReason)
	}
}

// proposeReason says where the ID comes from, and whom the round is for where
// that is not said right before.
func (n *Narrator) proposeReason(e *trace.Event) {
	before := n.was.State.Promised
	if n.rules.Has(protocol.UniqueIDs) {
		first, size := int(e.Instance)+1, len(n.header.Instances)
		n.say("the next above ", before, " of its own IDs ", first, ", ", first+size, ", ", first+2*size, " …")
	} else {
		n.say("promised ", before, " + increment ", n.header.Settings[e.Instance].Increment)
	}
	if e.Try > 0 {
		n.say("; retry ", int(e.Try), " of ", protocol.Retries, " for ", n.asker(e.Operation))
	} else if w, ok := n.waiting[e.Cause]; ok {
		n.say("; for ", n.asker(e.Operation), ", who waited ", e.At-w.since, " (", prose.At(w.event), ")")
	}
	if !n.rules.Has(protocol.Concurrent) {
		n.say("; asks ", n.set(e.Asked), " first")
	}
}

// commitReason says who promised, and why it is this value.
func (n *Narrator) commitReason(e *trace.Event) {
	n.say("promised by ", n.set(e.Yea), "; ")
	n.baseReason(e)
	if was := &n.was; e.Proposal.ID > was.Round.ID {
		n.say("; jumps from ID ", was.Round.ID, ", which was promised, to ID ", e.Proposal.ID, ", which was only ")
		if was.State.Accepted.ID == e.Proposal.ID && !was.Accepted.Learned {
			n.say("accepted")
		} else {
			n.say("learned")
		}
		n.say(" (", n.off(protocol.OwnID), ")")
	}
	n.ownAcceptance(e)
}

// baseReason says what the value of a commit is made from.
func (n *Narrator) baseReason(e *trace.Event) {
	op, base := e.Operation, n.base(e)
	holder := n.holder(base.Holder)
	switch {
	case op.Change(n.rules, base.Holder) != e.Proposal.Holder:
		n.say(holder, " holds the lock by ID ", base.ID, ", but that is ignored: ", n.off(protocol.Adopt))
	case op.Kind == protocol.Release && base.Holder == protocol.Free:
		n.say("the lock was free already")
	case op.Kind == protocol.Release && e.Proposal.Holder != protocol.Free:
		n.say("only its holder may release it, so ", holder, " is committed again")
	case op.Kind == protocol.Release:
		n.say("frees what ", holder, " holds by ID ", base.ID)
		if base.Holder != op.Holder {
			n.say(", though ", n.asker(op), " asks: ", n.off(protocol.OwnerRelease))
		}
	case base.ID == 0:
		n.say("the lock is free")
	case base.Holder == protocol.Free:
		n.say("the lock is free since ID ", base.ID)
	case base.Holder == op.Holder:
		n.say(holder, " has the lock already, by ID ", base.ID)
	default:
		n.say(holder, " holds the lock by ID ", base.ID, ", so that is committed again")
	}
}

func (n *Narrator) backoffReason(e *trace.Event) {
	n.roundReason(e)
	before := n.was.State.Promised
	switch {
	case e.State.Promised == before || e.Won:
	case e.Jumped && !n.rules.Has(protocol.TellPromised):
		n.say("; jumps to promise ", e.State.Promised, ", the highest ID that it knows")
	default:
		n.say("; promises ", e.State.Promised, ", of which it heard")
	}
	n.say("; retry ", int(e.Try), " of ", protocol.Retries)
	if e.Pause {
		n.say(" after a pause")
		return
	}
	n.say(" at once")
	n.offOnce(protocol.Backoff)
}

// roundReason says why a phase 1 ended without a commit.
func (n *Narrator) roundReason(e *trace.Event) {
	if e.Won {
		n.say("ID ", n.was.Round.ID, " is promised by ", n.set(e.Yea), ", but ",
			n.name(e.Instance), " knows a higher one and needs a round above that (", prose.RuleNames(protocol.OwnID), ")")
		return
	}
	n.votes(e.Instance, e.Yea, e.Nay)
	n.say(": ", n.lacking(protocol.Proposing))
}

// lacking says that too few voted yes.
func (n *Narrator) lacking(p protocol.Phase) string { return n.votesOr("no ", p, "too few") }

// votesOr is what the votes that win a phase are called, or other words if that is nothing.
func (n *Narrator) votesOr(article string, p protocol.Phase, other string) string {
	if word := n.header.Word(n.at, p); word != "" {
		return article + word
	}
	return other
}

// votes says who voted how on the ID of the phase that an instance runs. A yes
// that came too late or got lost was said all the same: only what was counted is
// told then.
func (n *Narrator) votes(at int8, yea, nay protocol.Set) {
	r := &n.was.Round
	said, noun := " said yes to commit ", "yes to commit "
	if r.Phase == protocol.Proposing {
		said, noun = " promised ID ", "promise of ID "
	}
	self := protocol.Set(0).With(protocol.Position(at))
	unheard := r.Agreed &^ yea
	switch {
	case yea == self && unheard != 0:
		n.say("only ", n.name(at), "'s own ", noun, r.ID, " was counted")
	case yea == 0 && unheard != 0:
		n.say("no ", noun, r.ID, " was counted")
	case yea == self:
		n.say("only ", n.name(at), " itself", said, r.ID)
	case yea == 0:
		n.say("nobody", said, r.ID)
	case yea == protocol.All(len(n.header.Instances)):
		n.say("all ", yea.Len(), said, r.ID)
	default:
		n.say(n.set(yea), said, r.ID)
	}
	if no := nay &^ (r.Failed | r.Silent); no != 0 {
		n.say("; ", n.set(no), " said no")
	}
	if r.Failed != 0 {
		n.say("; ", n.set(r.Failed), " could not be reached")
	}
	if r.Silent != 0 {
		n.say("; no answer from ", n.set(r.Silent), " in time")
	}
}

func (n *Narrator) expireReason(e *trace.Event) {
	if timeout := n.header.TimeoutOf(e.Instance, n.was.Round.Phase); e.At-n.was.Round.Asked >= timeout {
		n.say("no answer from ", n.set(e.Calls), " within ", timeout)
	} else { // in a schedule, and by hand, it need not last so long
		n.say("the timeout passes without an answer from ", n.set(e.Calls))
	}
	n.say(", which counts as no")
	n.nowAsks(e)
}

// off says which of the rules are off, and where, if they are on elsewhere: "yield is off at c".
func (n *Narrator) off(rules protocol.Rules) prose.Text {
	rules &^= n.rules
	if rules&n.header.Rules != 0 {
		return n.text(prose.Off(rules), " at ", n.name(n.at))
	}
	return prose.Off(rules)
}

// offOnce says of a rule that is off that it is, once in a story: such a rule only
// costs time, and in many lines.
func (n *Narrator) offOnce(rule protocol.Rules) {
	if !n.rules.Has(rule) && !n.named.Has(rule) {
		n.named |= rule
		n.say(": ", n.off(rule))
	}
}

// base is the highest proposal that a round knows when it commits: its base with adopt on.
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

// ownAcceptance says what a proposer's own acceptor does, where it does not just store.
func (n *Narrator) ownAcceptance(e *trace.Event) {
	switch {
	case n.header.RefusesItself(e):
		n.say("; its own acceptor refuses that: below ", n.promised())
	case !e.Stored:
		n.say("; its own acceptor says yes without storing it: below ", n.promised())
		n.pretence()
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

// overwritten says that a newer proposal is overwritten, or another value of the same ID.
func (n *Narrator) overwritten(e *trace.Event) {
	before, from, id := n.was.State.Accepted, n.was.Accepted, e.Proposal.ID
	switch {
	case !e.Stored || id > before.ID || e.Proposal == before:
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
