package narrate

import (
	"strconv"

	"skinny/protocol"
	"skinny/sim/trace"
)

func (n *Narrator) tellRound(e *trace.Event, l *Line) {
	l.From = n.instance(e.Instance)
	switch e.Kind {
	case trace.Propose:
		l.What = "proposes ID " + number(e.Message.ID)
		l.Why = n.proposeReason(e)
	case trace.Commit:
		l.What = "commits " + number(e.Proposal.ID) + " " + n.holder(e.Proposal.Holder)
		l.Why = n.commitReason(e)
	case trace.Backoff:
		l.What = "tries again"
		if e.Pause {
			l.What = "backs off"
		}
		l.Why = n.backoffReason(e)
	case trace.Expire:
		l.Glyph = Timeout
		l.What = "timeout"
		l.Why = n.expireReason(e)
	}
}

// proposeReason says where the ID comes from, and whom the round is for where
// that is not said right before.
func (n *Narrator) proposeReason(e *trace.Event) string {
	before := n.instances[e.Instance].state.Promised
	step := n.header.Increment[e.Instance]
	s := "promised " + number(before) + " + increment " + number(step)
	if n.header.Rules.Has(protocol.UniqueIDs) {
		first, size := int(e.Instance)+1, len(n.header.Instances)
		s = "the next above " + number(before) + " of its own IDs " + strconv.Itoa(first) + ", " +
			strconv.Itoa(first+size) + ", " + strconv.Itoa(first+2*size) + " …"
	}
	if e.Try > 0 {
		s += "; retry " + strconv.Itoa(int(e.Try)) + " of " + strconv.Itoa(protocol.Retries) + " for " + n.who(e.Operation).Name
	} else if w, ok := n.waits[e.Cause]; ok {
		s += "; for " + n.who(e.Operation).Name + ", who waited " + Span(e.At-w.since) + " (" + event(w.event) + ")"
	}
	if !n.header.Rules.Has(protocol.Concurrent) {
		s += "; asks " + n.names(e.Asked) + " first"
	}
	return s
}

// commitReason says who promised, and why it is this value.
func (n *Narrator) commitReason(e *trace.Event) string {
	s := "promised by " + n.names(e.Yea) + "; "
	s += n.baseReason(e)
	if m := &n.instances[e.Instance]; e.Proposal.ID > m.round.id {
		s += "; jumps from ID " + number(m.round.id) + ", which was promised, to ID " + number(e.Proposal.ID) + ", which was only "
		if m.state.Accepted.ID == e.Proposal.ID && !m.learned {
			s += "accepted (own-id is off)"
		} else {
			s += "learned (own-id is off)"
		}
	}
	return s + n.ownAcceptance(e)
}

// baseReason says what the value of a commit is made from.
func (n *Narrator) baseReason(e *trace.Event) string {
	op, base := e.Operation, n.base(e)
	switch {
	case base != e.Base && n.adopted(op, base) != e.Proposal.Holder:
		return n.holder(base.Holder) + " holds the lock by ID " + number(base.ID) + ", but that is ignored: adopt is off"
	case op.Kind == protocol.Release && base.Holder == protocol.Free:
		return "the lock was free already"
	case op.Kind == protocol.Release && e.Proposal.Holder != protocol.Free:
		return "only its holder may release it, so " + n.holder(base.Holder) + " is committed again"
	case op.Kind == protocol.Release && base.Holder != op.Holder:
		return "frees what " + n.holder(base.Holder) + " holds by ID " + number(base.ID) + ", though " +
			n.who(op).Name + " asks: owner-release is off"
	case op.Kind == protocol.Release:
		return "frees what " + n.holder(base.Holder) + " holds by ID " + number(base.ID)
	case base.ID == 0:
		return "the lock is free"
	case base.Holder == protocol.Free:
		return "the lock is free since ID " + number(base.ID)
	case base.Holder == op.Holder:
		return n.holder(op.Holder) + " has the lock already, by ID " + number(base.ID)
	}
	return n.holder(base.Holder) + " holds the lock by ID " + number(base.ID) + ", so that is committed again"
}

func (n *Narrator) backoffReason(e *trace.Event) string {
	s := n.roundReason(e)
	before := n.instances[e.Instance].state.Promised
	switch {
	case e.State.Promised == before || e.Won:
	case e.Jumped && !n.header.Rules.Has(protocol.TellPromised):
		s += "; jumps to promise " + number(e.State.Promised) + ", the highest ID that it knows"
	default:
		s += "; promises " + number(e.State.Promised) + ", of which it heard"
	}
	s += "; retry " + strconv.Itoa(int(e.Try)) + " of " + strconv.Itoa(protocol.Retries)
	if e.Pause {
		return s + " after a pause"
	}
	return s + " at once" + n.offOnce(protocol.Backoff)
}

// roundReason says why a phase 1 ended without a commit.
func (n *Narrator) roundReason(e *trace.Event) string {
	if e.Won {
		return "ID " + number(n.instances[e.Instance].round.id) + " is promised by " + n.names(e.Yea) + ", but " +
			n.name(e.Instance) + " knows a higher one and needs a round above that (own-id)"
	}
	return n.votes(e.Instance, e.Yea, e.Nay) + ": " + n.lacking()
}

// lacking says that too few voted yes.
func (n *Narrator) lacking() string {
	if n.header.Rules.Has(protocol.Majority) {
		return "no majority"
	}
	return "too few"
}

// votes says who voted how on the ID of the phase that an instance runs. A yes
// that came too late or got lost was said all the same: only what was counted is
// told then.
func (n *Narrator) votes(at int8, yea, nay protocol.Set) string {
	r := &n.instances[at].round
	said, noun := " said yes to commit ", "yes to commit "
	if r.phase == protocol.Proposing {
		said, noun = " promised ID ", "promise of ID "
	}
	self := protocol.Set(0).With(protocol.Position(at))
	unheard := r.agreed &^ yea
	var s string
	switch {
	case yea == self && unheard != 0:
		s = "only " + n.name(at) + "'s own " + noun + number(r.id) + " was counted"
	case yea == 0 && unheard != 0:
		s = "no " + noun + number(r.id) + " was counted"
	case yea == self:
		s = "only " + n.name(at) + " itself" + said + number(r.id)
	case yea == 0:
		s = "nobody" + said + number(r.id)
	case yea == protocol.All(len(n.header.Instances)):
		s = "all " + strconv.Itoa(yea.Len()) + said + number(r.id)
	default:
		s = n.names(yea) + said + number(r.id)
	}
	if no := nay &^ (r.failed | r.silent); no != 0 {
		s += "; " + n.names(no) + " said no"
	}
	if r.failed != 0 {
		s += "; " + n.names(r.failed) + " could not be reached"
	}
	if r.silent != 0 {
		s += "; no answer from " + n.names(r.silent) + " in time"
	}
	return s
}

func (n *Narrator) expireReason(e *trace.Event) string {
	r := &n.instances[e.Instance].round
	r.silent |= e.Calls
	s := "no answer from " + n.names(e.Calls) + " within " + Span(n.header.Timeout[e.Instance]) + ", which counts as no"
	if e.Asked != 0 {
		s += "; now asks " + n.names(e.Asked)
	}
	return s
}
