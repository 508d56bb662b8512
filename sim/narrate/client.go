package narrate

import (
	"skinny/protocol"
	"skinny/sim/prose"
	"skinny/sim/trace"
)

func (n *Narrator) tellClient(e *trace.Event, l *Line) {
	client, instance := n.who(e.Operation), n.instance(e.Instance)
	l.From, l.Glyph, l.To = instance, Sent, client
	switch e.Kind {
	case trace.Call:
		l.From, l.To = client, instance
		l.What = prose.Words(e.Operation.Kind.String())
	case trace.Answer:
		l.What = n.outcome(e)
		n.because(e, n.answerReason)
		if e.Reason == trace.ClientGone {
			l.Glyph = Lost
			n.say("; ", n.client(e.Operation), " has stopped waiting")
		}
	case trace.Receive:
		l.What = n.outcome(e)
		if e.Outcome == protocol.Failed {
			l.Glyph = Lost
			n.say("connection refused: nobody is there at ", n.name(e.Instance))
			return
		}
		n.say(n.client(e.Operation), " hears it ", e.At-n.run.Operation(e.Operation.Number).Called, " after asking")
	case trace.GiveUp:
		l.From, l.Glyph, l.To = client, Timeout, Actor{}
		l.What = prose.Words("gives up")
		n.say("no answer from ", n.name(e.Instance), " within ", e.At-n.run.Operation(e.Operation.Number).Called)
		switch o := n.run.Operation(e.Operation.Number); {
		case o.Stage == trace.Answered:
			n.say("; the answer is under way (", prose.At(o.Event), ")")
		case o.Stage == trace.Vanished:
			n.say("; its call was lost (", prose.At(o.Event), ")")
		case e.Operation.Kind == protocol.Status:
			// It has no effect.
		case o.Stage == trace.Wiped && o.Commit == 0 && !n.header.IsPlayed(e.Instance):
			n.say("; ", n.name(e.Instance), " crashed before it committed anything for it (", prose.At(o.Event), ")")
		default:
			n.say("; the ", e.Operation.Kind, " may still take effect")
		}
	}
}

func (n *Narrator) outcome(e *trace.Event) prose.Text {
	if e.Outcome != protocol.Answered {
		return prose.Words(e.Outcome.String())
	}
	read := e.State
	if e.Kind != trace.Answer { // the instance may have gone on since
		read = n.run.Operation(e.Operation.Number).Read
	}
	return n.text("promised ", read.Promised, ", ", n.proposal(read.Accepted))
}

// answerReason says what the answer rests on.
func (n *Narrator) answerReason(e *trace.Event) {
	r, name := &n.was.Round, n.name(e.Instance)
	// With the rule on, the answer would be another one.
	local := !e.Won || e.Holder != r.Value
	switch {
	case e.Outcome == protocol.Answered:
		n.say("as ", name, " sees it")
	case r.Phase == protocol.Idle:
		n.say("the IDs have come to an end: there is none above ", e.State.Promised)
	case r.Phase == protocol.Proposing:
		n.failureReason(e)
	case e.Outcome == protocol.Unknown:
		n.votes(e.Instance, e.Yea, e.Nay)
		n.say(": ", n.lacking(protocol.Committing))
		switch unheard := r.Calls &^ (e.Yea | e.Nay); {
		case r.Value != protocol.Free && r.Value != e.Operation.Holder:
			n.say(", so ", name, " cannot tell whether ", n.holder(r.Value), " holds the lock")
		case unheard != 0:
			n.say("; ", n.set(unheard), n.hasOrHave(unheard), " not been heard, so it may take effect or not")
		case r.Yea|r.Agreed|r.Silent == 0 && n.header.Rules.Has(protocol.Durable):
			n.say(", and nobody has accepted it: it takes no effect")
		default:
			n.say(", so it may take effect or not")
		}
	case e.Outcome == protocol.Acquired || e.Outcome == protocol.Released:
		n.votes(e.Instance, e.Yea, e.Nay)
		if !e.Won {
			n.say(": ", n.lacking(protocol.Committing))
		} else if e.Yea.Len() < n.header.Needed(protocol.Committing) {
			n.say(": enough with ", prose.RuleNames(protocol.Majority), " off")
		}
		if local {
			n.say(", yet ", name, " believes its own state (", n.off(protocol.AckMajority), ")")
		}
	default:
		if e.Holder == protocol.Free {
			n.say("the lock is free")
		} else {
			n.say(n.holder(e.Holder), " holds the lock")
		}
		if local {
			n.say(", as ", name, " believes by its own state (", n.off(protocol.AckMajority), "); ")
			n.votes(e.Instance, e.Yea, e.Nay)
		}
	}
}

func (n *Narrator) hasOrHave(s protocol.Set) string {
	if s.Len() == 1 {
		return " has"
	}
	return " have"
}

// failureReason says what is answered after the last of the failed rounds.
func (n *Narrator) failureReason(e *trace.Event) {
	n.roundReason(e)
	n.say(", and no retry is left; ")
	if n.rules.Has(protocol.AckMajority) {
		n.say("nothing was committed for ", n.asker(e.Operation), ", and who holds the lock is not known")
		return
	}
	n.say(n.name(e.Instance), " answers by its own state (", n.off(protocol.AckMajority), "): ", n.proposal(e.State.Accepted))
}
