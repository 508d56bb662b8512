package narrate

import (
	"skinny/protocol"
	"skinny/sim/prose"
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
		l.From, l.What = n.instance(e.Instance), prose.Words(what)
		n.paused(e)
		return
	}
	if e.Message.Kind == protocol.NoMessage {
		n.tellOperationMishap(e, l)
		return
	}
	l.What, l.Question = n.Message(&e.Message), e.Message.Kind.IsRequest()
	l.From, l.Glyph, l.To = n.instance(e.Peer), Sent, n.instance(e.Instance)
	if e.Copy {
		l.Glyph = Copied
	}
	switch e.Kind {
	case trace.Ignore:
		n.because(e, n.ignoreReason)
	case trace.Fail:
		l.Glyph = Lost
		n.because(e, n.failReason)
	case trace.Wait:
		n.waitReason(e)
	case trace.Hold:
		n.paused(e)
	case trace.Lose:
		l.From, l.Glyph, l.To = n.instance(e.Instance), Lost, n.instance(e.Peer)
		n.loseReason(e)
	case trace.Duplicate:
		l.From, l.Glyph, l.To = n.instance(e.Instance), Copied, n.instance(e.Peer)
		n.say("the network makes a copy on the way")
	case trace.Refuse:
		l.Glyph = Lost
		n.say("refused: ", n.name(e.Instance), " has crashed, and its host says so")
	}
}

// tellOperationMishap tells the same of clients' calls, and of timers.
func (n *Narrator) tellOperationMishap(e *trace.Event, l *Line) {
	client, instance, name := n.who(e.Operation), n.instance(e.Instance), n.name(e.Instance)
	l.From, l.Glyph, l.To = client, Sent, instance
	l.What = prose.Words(e.Operation.Kind.String())
	switch {
	case e.Kind == trace.Ignore:
		l.From, l.To = instance, client
		l.What = n.outcome(e)
		n.say("too late: ", n.client(e.Operation), " has stopped waiting")
	case e.Kind == trace.Lose:
		l.Glyph = Lost
		if e.Reason == trace.ForgottenCrash {
			n.say("lost: it waited at ", name, ", which has crashed with its host")
		} else {
			n.say("lost: ", name, " and its host are down")
		}
	case e.Kind == trace.Hold:
		n.paused(e)
	default:
		n.waitReason(e)
		if e.Try > 0 {
			l.From, l.Glyph, l.To = instance, "", Actor{}
			l.What = n.text("retry ", int(e.Try))
		}
	}
}

func (n *Narrator) paused(e *trace.Event) { n.say("waits: ", n.name(e.Instance), " is paused") }

func (n *Narrator) waitReason(e *trace.Event) {
	r, name := n.round(e), n.name(e.Instance)
	switch e.Reason {
	case trace.MutexWork:
		n.say("waits while ", name, " works on another answer")
	case trace.TurnTaken:
		n.say("waits for its turn: another operation is under way at ", name)
	default:
		n.say("waits for the end of ", name, "'s own round for ", n.asker(r.Operation), " (", prose.At(r.Began), ")")
		if e.Message.Kind != protocol.NoMessage || e.Operation.Kind == protocol.Status {
			n.offOnce(protocol.Yield) // an operation would wait for its turn all the same
		}
	}
}

func (n *Narrator) ignoreReason(e *trace.Event) {
	asker := n.name(e.Instance)
	over, known := n.ended[call{e.Instance, e.Message.Phase(), e.Message.ID}]
	by := n.text(" (", prose.At(over.event), ")")
	switch {
	case e.Reason == trace.AskerRestart:
		n.say("too late: the ", asker, " that asked is no more, it has crashed since")
	case e.Reason == trace.CallOver:
		n.say("ignored: ", asker, " has counted this call already")
	case !known:
		n.say("too late: that phase is over")
	case over.expired:
		n.say("too late: the timeout ended that phase", by)
	case over.won:
		n.say("not needed: ", n.votesOr("a ", e.Message.Phase(), "enough"), " had said yes", by)
	default:
		n.say("too late: that round had failed", by)
	}
}

func (n *Narrator) failReason(e *trace.Event) {
	n.say(failWords(e), ", which counts as no: ")
	n.standing(e, false)
	n.nowAsks(e)
}

func failWords(e *trace.Event) string {
	if e.Reason == trace.CrashedPeer {
		return "connection refused"
	}
	return "the scenario lets this call fail at once"
}

func (n *Narrator) loseReason(e *trace.Event) {
	peer := n.name(e.Peer)
	switch e.Reason {
	case trace.CutAtSending:
		n.say("lost: the link is down")
	case trace.CutAtArrival:
		n.say("lost: the link went down on the way")
	case trace.HostDown:
		n.say("lost: ", peer, " and its host are down")
	case trace.ReceiverDown:
		n.say("lost: ", peer, ", which asked, has crashed")
	case trace.ForgottenCrash:
		n.say("lost: it waited at ", peer, ", which has crashed with its host")
	default:
		n.say("lost on the way")
	}
}
