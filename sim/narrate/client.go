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
			l.Why = joinReasons(l.Why, client.Name+" has stopped waiting")
		}
	case trace.Receive:
		l.From, l.Glyph, l.To = instance, Sent, client
		l.What = n.outcome(e)
		if e.Outcome == protocol.Failed {
			l.Glyph = Lost
			l.Why = "connection refused: nobody is there at " + instance.Name
		}
	case trace.GiveUp:
		l.From, l.Glyph = client, Timeout
		l.What = "gives up"
		l.Why = "no answer from " + instance.Name + " within " + Span(e.At-n.invoked[e.Operation.Number]) +
			"; its " + e.Operation.Kind.String() + " may still take effect"
		if e.Operation.Kind == protocol.Status {
			l.Why = "no answer from " + instance.Name
		}
	}
}

// outcome is what the client is told.
func (n *Narrator) outcome(e *trace.Event) string {
	if e.Outcome == protocol.Answered {
		return "promised " + number(e.State.Promised) + ", " + n.proposal(e.State.Accepted)
	}
	return e.Outcome.String()
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
	votes := n.votes(e.Instance, e.Yea, e.Nay)
	if r.phase == protocol.Proposing {
		s := "no round got a majority (" + votes + ")"
		if n.header.Rules.Has(protocol.AckMajority) {
			return s
		}
		return s + "; this is what " + n.name(e.Instance) + " has in its own state: " + n.proposal(e.State.Accepted)
	}
	s := votes
	yes := e.Outcome == protocol.Acquired || e.Outcome == protocol.Released
	switch {
	case e.Outcome == protocol.Unknown:
		s += ": no majority, it may take effect or not"
	case yes && e.Yea.Len() < n.header.Majority():
		s += ": no majority accepted it, yet " + n.name(e.Instance) + " believes its own state"
	case e.Outcome == protocol.Refused || e.Outcome == protocol.NotReleased:
		s = n.holder(e.Holder) + " holds the lock"
		if e.Yea.Len() < n.header.Majority() {
			s += ", as " + n.name(e.Instance) + " believes by its own state; " + votes
		}
	}
	return s
}

func joinReasons(a, b string) string {
	if a == "" {
		return b
	}
	return a + "; " + b
}
