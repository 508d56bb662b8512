package narrate

import (
	"skinny/protocol"
	"skinny/sim/prose"
	"skinny/sim/trace"
)

// Message names a message as lines do: "promise 2?", "no commit 1".
func (n *Narrator) Message(m *protocol.Message) prose.Text {
	switch {
	case m.Kind == protocol.CommitRequest:
		return n.text("commit ", m.ID, " ", n.holder(m.Proposal.Holder), "?")
	case m.Kind == protocol.PromiseRequest:
		return n.text("promise ", m.ID, "?")
	case m.Kind == protocol.Failure:
		return prose.Words("no connection")
	case !m.Yes && m.Kind == protocol.PromiseResponse:
		return n.text("no promise ", m.ID)
	case !m.Yes:
		return n.text("no commit ", m.ID)
	case m.Kind == protocol.PromiseResponse:
		return n.text("promised ", m.ID)
	}
	return n.text("committed ", m.ID)
}

func (n *Narrator) tellMessage(e *trace.Event, l *Line) {
	l.From, l.Glyph, l.To = n.instance(e.Peer), Sent, n.instance(e.Instance)
	switch e.Kind {
	case trace.Promise:
		l.What, l.Question = n.text("promise ", e.Message.ID, "?"), true
		n.late(e)
		n.because(e, n.promiseReason)
	case trace.Accept:
		l.What, l.Question = n.text("commit ", e.Proposal.ID, " ", n.holder(e.Proposal.Holder), "?"), true
		n.late(e)
		n.because(e, n.acceptReason)
	case trace.Reply:
		l.From, l.Glyph, l.To = n.instance(e.Instance), Sent, n.instance(e.Peer)
		l.What = n.Message(&e.Message)
		if n.header.IsPlayed(e.Instance) && !n.header.Slow(e.Instance) { // it answers when it likes
			n.say("sent only now")
			break
		}
		n.say("sent only now: ", n.name(e.Instance), " worked on it for ", e.At-n.was.Handled, ", and on nothing else")
	case trace.Count:
		l.What = n.Message(&e.Message)
		n.because(e, n.countReason)
	}
	if e.Copy {
		l.Glyph = Copied
	}
}

// late says how long a request had to wait before it was handled.
func (n *Narrator) late(e *trace.Event) {
	if w, ok := n.waiting[e.Cause]; ok && w.since != e.At {
		n.say("waited ", e.At-w.since, " (", prose.At(w.event), "), now ")
	}
}

// promised says what the event's instance had promised, and to whom by which event.
func (n *Narrator) promised() prose.Text {
	at, id := n.was.Promised, n.was.State.Promised
	var how prose.Text
	switch {
	case at.Kind == trace.Promise:
		how = n.text(", promised to ", n.name(at.Peer))
	case at.Kind == trace.Accept:
		how = n.text(", promised by accepting it from ", n.name(at.Peer))
	case at.Kind == trace.Propose:
		how = prose.Words(", its own proposal")
	case at.Learned && (at.Kind == trace.Commit || !n.rules.Has(protocol.TellPromised)):
		how = prose.Words(", to which it jumped")
	case at.Kind == trace.Backoff || at.Kind == trace.Answer:
		how = prose.Words(", of which it heard")
	}
	return n.text(id, how, " (", prose.At(at.Event), ")")
}

func (n *Narrator) promiseReason(e *trace.Event) {
	before, id := n.was.State.Promised, e.Message.ID
	switch {
	case e.Message.Yes && before == 0:
		n.say("yes: nothing promised yet")
	case e.Message.Yes && id == before:
		n.say("yes, once more: equal IDs are promised again (", n.off(protocol.PromiseOnce), ")")
	case e.Message.Yes:
		n.say("yes: above ", n.promised())
	case id == before:
		n.say("no: not above ", n.promised())
	default:
		n.say("no: below ", n.promised())
	}
	if e.Message.Yes && n.promisesBelow(id) {
		n.say("; accepting ID ", n.was.State.Accepted.ID, " (", prose.At(n.was.Accepted.Event), ") has not raised its promise: ", n.off(protocol.AcceptRaises))
	}
	if e.Message.Proposal.ID != 0 {
		n.say("; adds that it has ", n.proposal(e.Message.Proposal))
	}
	n.namesPromise(e)
}

func (n *Narrator) acceptReason(e *trace.Event) {
	before, promised, id := n.was.State, n.was.Promised, e.Proposal.ID
	switch {
	case e.Stored && id < before.Promised:
		n.say("yes, though its promise is ", n.promised(), ": ", n.off(protocol.RefuseStale))
	case e.Stored:
		n.say("yes: ")
		switch {
		case before.Promised == 0:
			n.say("nothing promised yet")
		case before.Promised == id && promised.Kind == trace.Promise && promised.Peer == e.Peer:
			n.say("as promised (", prose.At(promised.Event), ")")
		case before.Promised == id:
			n.say("not below ", n.promised())
		default:
			n.say("above ", n.promised())
		}
	case e.Message.Yes:
		n.say("yes, without storing it: below ", n.promised())
		n.pretence()
	default:
		n.say("no: below ", n.promised())
	}
	n.namesPromise(e)
	n.overwritten(e)
}

// namesPromise says that a refusal says what was promised.
func (n *Narrator) namesPromise(e *trace.Event) {
	if e.Message.Told != 0 {
		n.say("; names its promise, ", e.Message.Told)
	}
}

// countReason says what a counted response means for the round.
func (n *Narrator) countReason(e *trace.Event) {
	n.standing(e, e.Message.Yes)
	if e.Learned {
		n.say("; ", n.name(e.Instance), " learns ", n.proposal(e.Message.Proposal))
		if !n.rules.Has(protocol.LearnAside) {
			n.say(" and takes it for its own (", n.off(protocol.LearnAside), ")")
		}
	}
	if e.Message.Told != 0 {
		n.say("; ", n.name(e.Instance), " hears of promise ", e.Message.Told)
	}
	n.nowAsks(e)
}

func (n *Narrator) nowAsks(e *trace.Event) {
	if e.Asked != 0 {
		n.say("; now asks ", n.set(e.Asked))
	}
}

// standing says how many votes there are: "2 of 3 say yes, a majority". A majority
// does not end every phase.
func (n *Narrator) standing(e *trace.Event, yes bool) {
	r, size := n.round(e), len(n.header.Instances)
	votes, word := r.Noes(), "no"
	if yes {
		votes, word = r.Yea, "yes"
	}
	n.say(votes.Len(), " of ", size)
	if votes.Len() == 1 {
		n.say(" says ", word)
	} else {
		n.say(" say ", word)
	}
	if self := protocol.Position(e.Instance); votes.Len() == 2 && votes.Has(self) && !n.ownVote {
		n.say(", with its own") // once is enough
		n.ownVote = true
	}
	self := n.ownIsEnough(r)
	if n.run.Formed.Votes != votes && !self {
		return
	}
	switch word := n.header.Word(n.at, r.Phase); {
	case self:
		n.say("; ", n.name(e.Instance), "'s own vote was a quorum from the start (", prose.At(r.Began),
			"), but votes are looked at only when a call has ended")
	case !yes && n.header.Quorums.Of(r.Phase) > 0:
		n.say(", too many for a quorum")
	case word != "":
		n.say(", a ", word)
	default:
		n.say(", enough with ", prose.RuleNames(protocol.Majority), " off")
	}
	missing := protocol.All(size) &^ (r.Yea | r.Noes())
	if !n.rules.Has(r.Phase.EarlyStop()) && missing != 0 && e.Asked == 0 {
		n.say(", but it waits for ", n.set(missing), " too")
		n.offOnce(r.Phase.EarlyStop())
	}
}

// ownIsEnough reports, by the first call of a phase that ends, whether the proposer's own
// vote was its quorum already: until a call ends nothing looks at the votes.
func (n *Narrator) ownIsEnough(r *trace.Round) bool {
	own := protocol.Set(0).With(protocol.Position(n.at))
	return n.header.Quorums.Of(r.Phase) == 1 && !n.header.IsPlayed(n.at) && r.Yea&own != 0 && ((r.Yea|r.Noes())&^own).Len() == 1
}
