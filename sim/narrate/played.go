package narrate

import (
	"skinny/protocol"
	"skinny/sim/prose"
	"skinny/sim/trace"
)

// because says why an event happened, as the built-in protocol has its reasons. What the
// reasons of a program are nobody knows but the program, and its Log: of that only what was
// the case is said.
func (n *Narrator) because(e *trace.Event, reason func(*trace.Event)) {
	if !n.header.IsPlayed(n.at) {
		reason(e)
		return
	}
	switch e.Kind {
	case trace.Propose, trace.Commit:
		n.playedRound(e)
	case trace.Promise, trace.Accept:
		n.playedReply(e)
	case trace.Count, trace.Fail, trace.Expire, trace.Ignore:
		n.playedCount(e)
	case trace.Backoff, trace.Answer:
		n.playedEnd(e)
	default:
		n.playedStore(e)
	}
}

// playedRound says what is asked for whom, and what the program's state shows of that.
func (n *Narrator) playedRound(e *trace.Event) {
	if e.Yea != 0 {
		n.say("promised by ", n.set(e.Yea), "; ")
	}
	n.say("asks ", n.set(e.Asked))
	switch w, waited := n.waiting[e.Cause]; {
	case e.Kind == trace.Commit:
	case e.Try > 0:
		n.say("; retry ", int(e.Try), " of ", protocol.Retries, " for ", n.asker(e.Operation))
	case waited:
		n.say("; for ", n.asker(e.Operation), ", who waited ", e.At-w.since, " (", prose.At(w.event), ")")
	}
	switch known := n.was.Round.Base; {
	case e.Kind == trace.Propose && e.State.Promised >= e.Message.ID:
		n.say("; its state shows that it promises that itself")
	case e.Kind == trace.Propose:
		n.say("; its own state shows promised ", e.State.Promised)
	case known.ID != 0 && known == n.was.State.Accepted:
		n.say("; it has ", n.proposal(known), " itself")
	case known.ID != 0:
		n.say("; it has heard of ", n.proposal(known))
	}
	if e.Kind != trace.Commit {
		return
	}
	if e.Stored {
		n.say("; its state shows that it accepts that itself")
		n.playedOver(e)
	} else {
		n.say("; its own state does not show that")
	}
}

// playedReply says what was answered, what had been promised, and what the state shows now.
func (n *Narrator) playedReply(e *trace.Event) {
	answer := "no"
	if e.Message.Yes {
		answer = "yes"
	}
	n.say(answer, "; it had promised ")
	switch at := n.was.Promised; {
	case n.was.State.Promised == 0:
		n.say("nothing")
	case at.Kind == trace.Promise:
		n.say(n.was.State.Promised, ", to ", n.name(at.Peer), " (", prose.At(at.Event), ")")
	case at.Kind == trace.Propose:
		n.say(n.was.State.Promised, ", its own proposal (", prose.At(at.Event), ")")
	default:
		n.say(n.was.State.Promised, " (", prose.At(at.Event), ")")
	}
	switch id := e.Message.ID; {
	case e.Kind == trace.Promise && e.Message.Yes && e.State.Promised != id:
		n.say("; its state shows promised ", e.State.Promised)
	case e.Stored:
		n.say("; its state shows that it has accepted that")
		n.playedOver(e)
	case e.Kind == trace.Accept && e.Message.Yes && e.State.Accepted == e.Proposal:
		n.say("; it had accepted that before")
	case e.Kind == trace.Accept && e.Message.Yes:
		n.say("; its state shows ", n.proposal(e.State.Accepted))
	}
	if e.Kind == trace.Promise && e.Message.Proposal.ID != 0 {
		n.say("; adds that it has ", n.proposal(e.Message.Proposal))
	}
	n.namesPromise(e)
}

// playedOver says that what is stored takes the place of something newer.
func (n *Narrator) playedOver(e *trace.Event) {
	if before := n.was.State.Accepted; before.ID > e.Proposal.ID {
		n.say(", over the newer ", n.proposal(before), " (", prose.At(n.was.Accepted.Event), ")")
	}
}

// playedCount says how the votes stand, and what else a response tells.
func (n *Narrator) playedCount(e *trace.Event) {
	switch m := &e.Message; {
	case e.Reason == trace.AskerRestart:
		n.ignoreReason(e)
		return
	case e.Reason == trace.CallOver:
		n.say("it has had an answer to this call before")
		return
	case e.Kind == trace.Ignore:
		n.say("it does not belong to what is asked now")
		return
	case e.Kind == trace.Fail:
		n.say(failWords(e))
	case e.Kind == trace.Expire && e.Calls == 0:
		n.say("the timer that it has set has run down")
	case e.Kind == trace.Expire:
		n.say("the timer that it has set has run down, and ", n.set(e.Calls), n.hasOrHave(e.Calls), " not answered")
	default:
		n.standing(e, m.Yes)
		if e.Learned {
			n.say("; ", n.name(e.Instance), " hears of ", n.proposal(m.Proposal))
		}
		if m.Told != 0 {
			n.say("; ", n.name(e.Instance), " hears of promise ", m.Told)
		}
	}
	n.nowAsks(e)
}

// playedEnd says how the votes stood at an answer, or before a retry.
func (n *Narrator) playedEnd(e *trace.Event) {
	voted := n.was.Round.Phase != protocol.Idle && n.was.Round.Operation.Number == e.Operation.Number
	switch {
	case e.Outcome == protocol.Answered:
		n.say("as ", n.name(e.Instance), " sees it")
		return
	case voted:
		n.votes(e.Instance, e.Yea, e.Nay)
	}
	switch {
	case e.Kind == trace.Backoff:
		n.and(voted)
		n.say("retry ", int(e.Try), " of ", protocol.Retries, " after a pause")
	case e.Outcome == protocol.Refused || e.Outcome == protocol.NotReleased:
		n.and(voted)
		n.say("it says that ")
		if e.Holder == protocol.Free {
			n.say("nobody holds the lock")
		} else {
			n.say(n.holder(e.Holder), " holds the lock")
		}
	case !voted:
		n.say("it has asked nobody just before")
	}
}

// and goes on after something that was said.
func (n *Narrator) and(said bool) {
	if said {
		n.say("; ")
	}
}

// playedStore says what becomes of a program's state and its disk.
func (n *Narrator) playedStore(e *trace.Event) {
	before := n.was.State
	switch {
	case e.Kind == trace.Restart:
		n.say("its state shows ", n.knowledge(e.State))
		if e.State != before {
			n.say("; before it was ", n.knowledge(before))
		}
		n.saidLost(e.Instance, "; ")
	case e.Reason == trace.AlreadySo:
		n.say("nothing changes by it")
	case e.Kind == trace.Wipe:
		n.say("a restart will find nothing on it")
	default:
		n.say("a restart will find what had been there before")
	}
}

// tellStep tells what a program says, and what else it does that no other event tells.
func (n *Narrator) tellStep(e *trace.Event, l *Line) {
	l.From = n.instance(e.Instance)
	switch {
	case e.Message.Kind != protocol.NoMessage:
		l.From, l.Glyph, l.To = n.instance(e.Peer), Sent, n.instance(e.Instance)
		l.What, l.Question = n.Message(&e.Message), e.Message.Kind.IsRequest()
	case e.Text != "":
		l.What = prose.Words("says")
	default:
		l.What = prose.Words("goes on")
	}
	switch {
	case e.Text != "" && e.Message.Kind != protocol.NoMessage:
		n.say(n.name(e.Instance), " says \"", e.Text, "\"")
	case e.Text != "":
		n.say("\"", e.Text, "\"")
	case e.Asked == 0 && l.Question:
		n.say("no answer, as yet")
	case e.Asked == 0:
		n.say("nothing is sent")
	}
	if e.Asked != 0 {
		n.and(e.Text != "")
		n.say("asks ", n.set(e.Asked), " for what is no part of a round")
	}
}
