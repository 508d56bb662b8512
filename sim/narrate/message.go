package narrate

import (
	"strconv"

	"skinny/protocol"
	"skinny/sim/trace"
)

// request names a request.
func (n *Narrator) request(e *trace.Event) string {
	m := &e.Message
	if m.Kind == protocol.CommitRequest {
		return "commit " + number(m.ID) + " " + n.holder(m.Proposal.Holder) + "?"
	}
	return "promise " + number(m.ID) + "?"
}

// response says what a response, or the failure of a call, says.
func response(m *protocol.Message) string {
	switch {
	case m.Kind == protocol.Failure:
		return "no connection"
	case !m.Yes && m.Kind == protocol.PromiseResponse:
		return "no promise " + number(m.ID)
	case !m.Yes:
		return "no commit " + number(m.ID)
	case m.Kind == protocol.PromiseResponse:
		return "promised " + number(m.ID)
	}
	return "committed " + number(m.ID)
}

// message names any message, for those that go astray.
func (n *Narrator) message(e *trace.Event) string {
	if e.Message.Kind.IsRequest() {
		return n.request(e)
	}
	return response(&e.Message)
}

func (n *Narrator) tellMessage(e *trace.Event, l *Line) {
	l.From, l.Glyph, l.To = n.instance(e.Peer), Sent, n.instance(e.Instance)
	switch e.Kind {
	case trace.Promise:
		l.What = "promise " + number(e.Message.ID) + "?"
		l.Why = n.late(e) + n.promiseReason(e)
	case trace.Accept:
		l.What = "commit " + number(e.Proposal.ID) + " " + n.holder(e.Proposal.Holder) + "?"
		l.Why = n.late(e) + n.acceptReason(e)
	case trace.Reply:
		l.From, l.Glyph, l.To = n.instance(e.Instance), Sent, n.instance(e.Peer)
		l.What = response(&e.Message)
		l.Why = "sent only now: " + n.name(e.Instance) + " worked on it for " +
			Span(e.At-n.instances[e.Instance].handledAt) + ", its mutex held"
	case trace.Count:
		l.What = response(&e.Message)
		l.Why = n.countReason(e)
	}
	if e.Copy {
		l.Glyph = Copied
	}
}

// late says how long a request had to wait before it was handled.
func (n *Narrator) late(e *trace.Event) string {
	w, ok := n.waits[e.Cause]
	if !ok || w.since == e.At {
		return ""
	}
	return "waited " + Span(e.At-w.since) + " (" + event(w.event) + "), now "
}

// promised says what an instance has promised, and to whom by which event.
func (n *Narrator) promised(p int8) string {
	m := &n.instances[p]
	s := number(m.state.Promised)
	if m.promised != "" {
		s += ", " + m.promised
	}
	if m.promisedAt != 0 {
		s += " (" + event(m.promisedAt) + ")"
	}
	return s
}

func (n *Narrator) promiseReason(e *trace.Event) string {
	m := &n.instances[e.Instance]
	before, id := m.state.Promised, e.Message.ID
	var s string
	switch {
	case e.Message.Yes && before == 0:
		s = "yes: nothing promised yet"
	case e.Message.Yes && id == before:
		s = "yes, once more: equal IDs are promised again (promise-once is off)"
	case e.Message.Yes:
		s = "yes: above " + n.promised(e.Instance)
	case id == before:
		s = "no: not above " + n.promised(e.Instance)
	default:
		s = "no: below " + n.promised(e.Instance)
	}
	if e.Message.Yes && n.promisesBelow(e.Instance, id) {
		s += "; accepting ID " + number(m.state.Accepted.ID) + " (" + event(m.acceptedAt) +
			") has not raised its promise: accept-raises is off"
	}
	if e.Message.Proposal.ID != 0 {
		s += "; adds that it has " + n.proposal(e.Message.Proposal)
	}
	if e.Message.Told != 0 {
		s += "; names its promise, " + number(e.Message.Told)
	}
	return s
}

func (n *Narrator) acceptReason(e *trace.Event) string {
	m := &n.instances[e.Instance]
	before, id := m.state, e.Proposal.ID
	switch {
	case e.Stored && id < before.Promised:
		return "yes, though its promise is " + n.promised(e.Instance) + ": refuse-stale is off" + n.overwritten(e)
	case e.Stored && before.Promised == 0:
		return "yes: nothing promised yet" + n.overwritten(e)
	case e.Stored && before.Promised == id && m.promisedTo == e.Peer:
		return "yes: as promised (" + event(m.promisedAt) + ")" + n.overwritten(e)
	case e.Stored && before.Promised == id:
		return "yes: not below " + n.promised(e.Instance) + n.overwritten(e)
	case e.Stored:
		return "yes: above " + n.promised(e.Instance) + n.overwritten(e)
	case e.Message.Yes:
		return "yes, without storing it: below " + n.promised(e.Instance) + pretence
	}
	s := "no: below " + n.promised(e.Instance)
	if e.Message.Told != 0 {
		s += "; names its promise, " + number(e.Message.Told)
	}
	return s
}

// countReason says what a counted response means for the round.
func (n *Narrator) countReason(e *trace.Event) string {
	s := n.vote(e, e.Message.Yes)
	if e.Learned {
		p := e.Message.Proposal
		s += "; " + n.name(e.Instance) + " learns " + n.proposal(p)
		if !n.header.Rules.Has(protocol.LearnAside) {
			s += " and takes it for its own (learn-aside is off)"
		}
	}
	if e.Message.Told != 0 {
		s += "; " + n.name(e.Instance) + " hears of promise " + number(e.Message.Told)
	}
	if e.Asked != 0 {
		s += "; now asks " + n.names(e.Asked)
	}
	return s
}

// vote counts one answer and says how the phase stands.
func (n *Narrator) vote(e *trace.Event, yes bool) string {
	r := &n.instances[e.Instance].round
	from := protocol.Position(e.Peer)
	if yes {
		r.yea = r.yea.With(from)
		return n.standing(e, r.yea, "yes")
	}
	r.nay = r.nay.With(from)
	return n.standing(e, r.noes(), "no")
}

// noes is who counts as a no.
func (r *round) noes() protocol.Set { return r.nay | r.failed | r.silent }

// standing says how many votes there are: "2 of 3 say yes, a majority". A majority
// does not end every phase.
func (n *Narrator) standing(e *trace.Event, votes protocol.Set, word string) string {
	verb := " say "
	if votes.Len() == 1 {
		verb = " says "
	}
	size := len(n.header.Instances)
	s := strconv.Itoa(votes.Len()) + " of " + strconv.Itoa(size) + verb + word
	if self := protocol.Position(e.Instance); votes.Len() == 2 && votes.Has(self) && !n.ownVote {
		s += ", with its own" // once is enough
		n.ownVote = true
	}
	if votes.Len() != n.enough() {
		return s
	}
	if n.header.Rules.Has(protocol.Majority) {
		s += ", a majority"
	} else {
		s += ", enough with majority off"
	}
	r := &n.instances[e.Instance].round
	missing := protocol.All(size) &^ (r.yea | r.noes())
	if !n.header.Rules.Has(earlyStopOf(r.phase)) && missing != 0 && e.Asked == 0 {
		s += ", but it waits for " + n.names(missing) + " too" + n.offOnce(earlyStopOf(r.phase))
	}
	return s
}

// enough is the number of votes that decides a phase.
func (n *Narrator) enough() int {
	if n.header.Rules.Has(protocol.Majority) {
		return n.header.Majority()
	}
	return len(n.header.Instances) / 2
}

// earlyStopOf is the rule by which a majority ends a phase.
func earlyStopOf(p protocol.Phase) protocol.Rules {
	if p == protocol.Committing {
		return protocol.EarlyStopCommit
	}
	return protocol.EarlyStopPromise
}
