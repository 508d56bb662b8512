package narrate

import (
	"skinny/protocol"
	"skinny/sim/trace"
)

func (n *Narrator) tellClient(e *trace.Event, l *Line) {
	client, instance := n.who(e.Operation), n.instance(e.Instance)
	switch e.Kind {
	case trace.Call:
		l.From, l.Glyph, l.To = client, Sent, instance
		l.What = e.Operation.Kind.String()
	case trace.Answer:
		l.From, l.Glyph, l.To = instance, Sent, client
		l.What = n.outcome(e)
		l.Why = n.answerReason(e)
		if e.Reason == trace.ClientGone {
			l.Glyph = Lost
			l.Why = joinReasons(l.Why, n.client(e.Operation)+" has stopped waiting")
		}
	case trace.Receive:
		l.From, l.Glyph, l.To = instance, Sent, client
		l.What = n.outcome(e)
		l.Why = n.client(e.Operation) + " hears it " + Span(e.At-n.invoked[e.Operation.Number]) + " after asking"
		if e.Outcome == protocol.Failed {
			l.Glyph = Lost
			l.Why = "connection refused: nobody is there at " + instance.Name
		}
	case trace.GiveUp:
		l.From, l.Glyph = client, Timeout
		l.What = "gives up"
		l.Why = "no answer from " + instance.Name + " within " + Span(e.At-n.invoked[e.Operation.Number])
		if e.Operation.Kind != protocol.Status {
			l.Why += "; the " + e.Operation.Kind.String() + " may still take effect"
		}
	}
}

// outcome is what the client is told.
func (n *Narrator) outcome(e *trace.Event) string {
	if e.Outcome != protocol.Answered {
		return e.Outcome.String()
	}
	read := e.State
	if e.Kind != trace.Answer { // the instance may have gone on since
		read = n.read[e.Operation.Number]
	}
	return "promised " + number(read.Promised) + ", " + n.proposal(read.Accepted)
}

// answerReason says what the answer rests on.
func (n *Narrator) answerReason(e *trace.Event) string {
	r := &n.instances[e.Instance].round
	if e.Outcome == protocol.Answered {
		return "as " + n.name(e.Instance) + " sees it"
	}
	if r.operation.Number != e.Operation.Number {
		return "the IDs have come to an end: there is none above " + number(e.State.Promised)
	}
	if r.phase == protocol.Proposing {
		return n.failureReason(e)
	}
	votes := n.votes(e.Instance, e.Yea, e.Nay)
	won := e.Yea.Len() >= n.enough()
	if e.Outcome == protocol.Unknown {
		return votes + ": " + n.lacking() + ", so it may take effect or not"
	}
	// With the rule on, the answer would be another one.
	local := !n.header.Rules.Has(protocol.AckMajority) && (!won || e.Holder != r.value)
	if e.Outcome == protocol.Acquired || e.Outcome == protocol.Released {
		if !won {
			votes += ": " + n.lacking()
		} else if e.Yea.Len() < n.header.Majority() {
			votes += ": enough with majority off"
		}
		if local {
			votes += ", yet " + n.name(e.Instance) + " believes its own state (ack-majority is off)"
		}
		return votes
	}
	s := n.holder(e.Holder) + " holds the lock"
	if e.Holder == protocol.Free {
		s = "the lock is free"
	}
	if local {
		s += ", as " + n.name(e.Instance) + " believes by its own state (ack-majority is off); " + votes
	}
	return s
}

// failureReason says what is answered after the last of the failed rounds.
func (n *Narrator) failureReason(e *trace.Event) string {
	s := n.roundReason(e) + ", and no retry is left"
	if n.header.Rules.Has(protocol.AckMajority) {
		return s + "; nothing was committed for " + n.who(e.Operation).Name
	}
	return s + "; " + n.name(e.Instance) + " answers by its own state (ack-majority is off): " + n.proposal(e.State.Accepted)
}

func joinReasons(a, b string) string {
	if a == "" {
		return b
	}
	return a + "; " + b
}
