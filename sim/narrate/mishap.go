package narrate

import (
	"strconv"

	"skinny/protocol"
	"skinny/sim/trace"
)

// dueWords say what falls due at a paused instance.
var dueWords = map[trace.Reason]string{
	trace.DeadlineDue: "timeout is due",
	trace.RetryDue:    "retry is due",
	trace.WorkDue:     "answer is due",
}

// tellMishap tells what does not go straight: waiting, losses, late answers.
func (n *Narrator) tellMishap(e *trace.Event, l *Line) {
	if what := dueWords[e.Reason]; what != "" {
		l.From, l.What = n.instance(e.Instance), what
		l.Why = "waits: " + n.name(e.Instance) + " is paused"
		return
	}
	if e.Message.Kind == protocol.NoMessage {
		n.tellOperationMishap(e, l)
		return
	}
	l.What = n.message(e)
	l.From, l.Glyph, l.To = n.instance(e.Peer), Sent, n.instance(e.Instance)
	if e.Copy {
		l.Glyph = Copied
	}
	switch e.Kind {
	case trace.Ignore:
		l.Why = n.ignoreReason(e)
	case trace.Fail:
		l.Glyph = Lost
		l.Why = n.failReason(e)
	case trace.Wait:
		l.Why = n.waitReason(e)
	case trace.Hold:
		l.Why = "waits: " + n.name(e.Instance) + " is paused"
	case trace.Lose:
		l.From, l.Glyph, l.To = n.instance(e.Instance), Lost, n.instance(e.Peer)
		l.Why = n.loseReason(e)
	case trace.Duplicate:
		l.From, l.Glyph, l.To = n.instance(e.Instance), Copied, n.instance(e.Peer)
		l.Why = "the network makes a copy on the way"
	case trace.Refuse:
		l.Glyph = Lost
		l.Why = "refused: " + n.name(e.Instance) + " has crashed, and its host says so"
	}
}

// tellOperationMishap tells the same of clients' calls, and of timers.
func (n *Narrator) tellOperationMishap(e *trace.Event, l *Line) {
	client, instance := n.who(e.Operation), n.instance(e.Instance)
	l.From, l.Glyph, l.To = client, Sent, instance
	l.What = e.Operation.Kind.String()
	switch {
	case e.Kind == trace.Ignore:
		l.From, l.To = instance, client
		l.What = n.outcome(e)
		l.Why = "too late: " + n.client(e.Operation) + " has stopped waiting"
	case e.Kind == trace.Lose:
		l.Glyph = Lost
		l.Why = "lost: " + instance.Name + " and its host are down"
		if e.Reason == trace.ForgottenCrash {
			l.Why = "lost: it waited at " + instance.Name + ", which has crashed with its host"
		}
	case e.Kind == trace.Hold:
		l.Why = "waits: " + instance.Name + " is paused"
	default:
		l.Why = n.waitReason(e)
		if e.Try > 0 {
			l.From, l.Glyph, l.To = instance, "", Actor{}
			l.What = "retry " + strconv.Itoa(int(e.Try))
		}
	}
}

func (n *Narrator) waitReason(e *trace.Event) string {
	m := &n.instances[e.Instance]
	name := n.name(e.Instance)
	switch e.Reason {
	case trace.MutexWork:
		return "waits for " + name + "'s mutex, held while it works on another answer"
	case trace.TurnTaken:
		return "waits for its turn: another operation is under way at " + name
	}
	s := "waits for " + name + "'s mutex, held by its own round for " + n.who(m.round.operation).Name +
		" (" + event(m.round.began) + ")"
	if e.Message.Kind != protocol.NoMessage || e.Operation.Kind == protocol.Status {
		s += n.offOnce(protocol.Yield) // an operation would wait for its turn all the same
	}
	return s
}

func (n *Narrator) ignoreReason(e *trace.Event) string {
	asker := n.name(e.Instance)
	switch e.Reason {
	case trace.AskerRestart:
		return "too late: the " + asker + " that asked is no more, it has crashed since"
	case trace.CallOver:
		return "ignored: " + asker + " has counted this call already"
	}
	m := &n.instances[e.Instance]
	over, known := m.ended[callOf(&e.Message)]
	switch {
	case !known:
		return "too late: that phase is over"
	case over.expired:
		return "too late: the timeout ended that phase (" + event(over.event) + ")"
	case over.won && n.header.Rules.Has(protocol.Majority):
		return "not needed: a majority had said yes (" + event(over.event) + ")"
	case over.won:
		return "not needed: enough had said yes (" + event(over.event) + ")"
	}
	return "too late: that round had failed (" + event(over.event) + ")"
}

// callOf is the call that a response or a failure is about.
func callOf(m *protocol.Message) call {
	if m.Kind == protocol.Failure {
		return call{m.Call.Phase(), m.ID}
	}
	return call{m.Kind.Phase(), m.ID}
}

func (n *Narrator) failReason(e *trace.Event) string {
	r := &n.instances[e.Instance].round
	r.failed = r.failed.With(protocol.Position(e.Peer))
	s := "the scenario lets this call fail at once"
	if e.Reason == trace.CrashedPeer {
		s = "connection refused"
	}
	s += ", which counts as no: " + n.standing(e, r.noes(), "no")
	if e.Asked != 0 {
		s += "; now asks " + n.names(e.Asked)
	}
	return s
}

func (n *Narrator) loseReason(e *trace.Event) string {
	switch e.Reason {
	case trace.CutAtSending:
		return "lost: the link is down"
	case trace.CutAtArrival:
		return "lost: the link went down on the way"
	case trace.HostDown:
		return "lost: " + n.name(e.Peer) + " and its host are down"
	case trace.ReceiverDown:
		return "lost: " + n.name(e.Peer) + ", which asked, has crashed"
	case trace.ForgottenCrash:
		return "lost: it waited at " + n.name(e.Peer) + ", which has crashed with its host"
	}
	return "lost on the way"
}
