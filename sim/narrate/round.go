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
		l.What = "backs off"
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
		s = "its own next above " + number(before) + ": every " +
			strconv.Itoa(len(n.header.Instances)) + "th from " + strconv.Itoa(int(e.Instance)+1)
	}
	if e.Try > 0 {
		s += "; retry " + strconv.Itoa(int(e.Try)) + " of " + strconv.Itoa(protocol.Retries) + " for " + n.who(e.Operation).Name
	} else if since, ok := n.waits[e.Cause]; ok {
		s += "; for " + n.who(e.Operation).Name + ", who waited " + Span(e.At-since)
	}
	if !n.header.Rules.Has(protocol.Concurrent) {
		s += "; asks " + n.names(e.Asked) + " first"
	}
	return s
}

// commitReason says who promised, and why it is this value.
func (n *Narrator) commitReason(e *trace.Event) string {
	s := "promised by " + n.names(e.Yea) + "; "
	op := e.Operation
	switch {
	case !n.header.Rules.Has(protocol.Adopt):
		s += "whatever it learned is ignored: adopt is off"
	case op.Kind == protocol.Release && e.Base.Holder == protocol.Free:
		s += "the lock was free already"
	case op.Kind == protocol.Release && e.Proposal.Holder != protocol.Free:
		s += "only " + n.holder(e.Base.Holder) + " may release: the value stays"
	case op.Kind == protocol.Release && e.Base.Holder != op.Holder:
		s += "frees what " + n.holder(e.Base.Holder) + " holds, since anyone may release"
	case op.Kind == protocol.Release:
		s += n.holder(e.Base.Holder) + " held it under ID " + number(e.Base.ID)
	case e.Base.ID == 0:
		s += "the lock is free"
	case e.Base.Holder == protocol.Free:
		s += "the lock is free since ID " + number(e.Base.ID)
	case e.Base.Holder == op.Holder:
		s += n.holder(op.Holder) + " has it already, by ID " + number(e.Base.ID)
	default:
		s += n.holder(e.Base.Holder) + " holds it by ID " + number(e.Base.ID) + ", so that is committed again"
	}
	if r := &n.instances[e.Instance].round; e.Proposal.ID > r.id {
		s += "; jumps from its own ID " + number(r.id) + " to the ID it learned, which is another's"
	}
	if !e.Stored {
		s += "; its own acceptor refuses: promised " + n.promised(e.Instance)
	}
	return s
}

func (n *Narrator) backoffReason(e *trace.Event) string {
	var s string
	if e.Won {
		s = "a majority promised, but it learned a higher ID, " + number(e.State.Promised) +
			": a new round has to go above it (own-id)"
	} else {
		s = n.votes(e.Instance, e.Yea, e.Nay) + ": no majority"
	}
	if e.Jumped && !e.Won {
		s += "; jumps to promise " + number(e.State.Promised) + ", which it learned"
	}
	s += "; retry " + strconv.Itoa(int(e.Try)) + " of " + strconv.Itoa(protocol.Retries)
	if e.Pause {
		return s + " after a pause"
	}
	return s + " at once"
}

// votes says who voted how on the ID of the phase that an instance runs.
func (n *Narrator) votes(at int8, yea, nay protocol.Set) string {
	r := &n.instances[at].round
	self := protocol.Set(0).With(protocol.Position(at))
	var s string
	switch {
	case yea == self:
		s = "only " + n.name(at) + " itself"
	case yea == 0:
		s = "nobody"
	case yea == protocol.All(len(n.header.Instances)):
		s = "all " + strconv.Itoa(yea.Len())
	default:
		s = n.names(yea)
	}
	s += " said yes to ID " + number(r.id)
	if no := nay &^ (r.failed | r.silent); no != 0 {
		s += ", " + n.names(no) + " said no"
	}
	if r.failed != 0 {
		s += ", " + n.names(r.failed) + " could not be reached"
	}
	if r.silent != 0 {
		s += ", " + n.names(r.silent) + " did not answer in time"
	}
	return s
}

func (n *Narrator) expireReason(e *trace.Event) string {
	r := &n.instances[e.Instance].round
	r.silent |= e.Calls
	s := "no answer within " + Span(n.header.Timeout[e.Instance]) + " from " + n.names(e.Calls) + ", counts as no"
	if e.Asked != 0 {
		s += "; now asks " + n.names(e.Asked)
	}
	return s
}
