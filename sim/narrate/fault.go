package narrate

import (
	"skinny/protocol"
	"skinny/sim/prose"
	"skinny/sim/trace"
)

// faults are what is told of faults, as far as that is always the same.
var faults = map[trace.Kind]struct{ what, glyph, why string }{
	trace.Crash:     {"crashes", Crashed, ""},
	trace.Restart:   {"restarts", Again, ""},
	trace.Pause:     {"pauses", "", "what arrives and falls due now waits"},
	trace.Resume:    {"resumes", "", "what waited happens now, in its order"},
	trace.Cut:       {"link cut", Lost, ""},
	trace.Mend:      {"link mended", Sent, ""},
	trace.Isolate:   {"isolated", "", "cut from its peers, not from its clients"},
	trace.Rejoin:    {"rejoins", "", "its isolation ends"},
	trace.Partition: {"partition", "", ""},
	trace.Unite:     {"whole again", "", "the partition ends"},
	trace.HealAll:   {"all healed", "", "every cut, isolation and partition ends"},
	trace.Wipe:      {"loses its disk", Crashed, ""},
	trace.Tear:      {"loses its last store", Crashed, ""},
}

// tellFault tells what the scenario does to instances and links.
func (n *Narrator) tellFault(e *trace.Event, l *Line) {
	f := faults[e.Kind]
	l.From, l.Glyph, l.What = Actor{"network", trace.None}, f.glyph, prose.Words(f.what)
	if e.Instance != trace.None {
		l.From = n.instance(e.Instance)
	}
	if e.Peer != trace.None { // of a link
		l.To = n.instance(e.Peer)
	}
	switch {
	case e.Kind == trace.Wipe || e.Kind == trace.Tear:
		n.because(e, n.lossReason)
	case e.Reason == trace.AlreadySo:
		n.say("nothing changes: that was so already")
	case e.Kind == trace.Crash:
		n.crashReason(e)
	case e.Kind == trace.Restart:
		n.because(e, n.restartReason)
	case e.Kind == trace.Partition:
		n.groups(e.Groups)
	default:
		n.say(f.why)
	}
}

func (n *Narrator) crashReason(e *trace.Event) {
	switch down := n.was.Down != 0; {
	case down && e.HostUp: // what changes is its host
		n.say("it was down already; its host is up now: calls fail at once")
	case down:
		n.say("it was down already; its host is down now, too: calls to it time out")
	case e.HostUp:
		n.say("its host stays up: calls fail at once")
	default:
		n.say("its host is down too: calls to it time out")
	}
	if e.Operation.Kind != protocol.NoOperation {
		n.say("; it was in the middle of its round for ", n.asker(e.Operation))
	}
}

func (n *Narrator) restartReason(e *trace.Event) {
	switch before := n.was.State; {
	case before == protocol.State{}:
		n.say("it knows nothing")
		if !n.saidLost(e.Instance, ": ") {
			n.say(", as before")
		}
	case e.State == before:
		n.say("it still knows what it had stored: it has ", n.knowledge(before))
		n.saidLost(e.Instance, "; ")
	default:
		n.say("it has forgotten everything (", n.off(protocol.Durable), "): it had ", n.knowledge(before))
	}
}

// saidLost says what of its disk an instance has lost since it went down, if anything.
func (n *Narrator) saidLost(at int8, after string) bool {
	by, ok := n.lost[at]
	switch {
	case ok && by.kind == trace.Wipe:
		n.say(after, "its disk was lost (", prose.At(by.event), ")")
	case ok:
		n.say(after, "its last store was lost (", prose.At(by.event), ")")
	}
	return ok
}

// lossReason says what an instance had, and what a restart will find of it.
func (n *Narrator) lossReason(e *trace.Event) {
	switch {
	case !n.rules.Has(protocol.Durable):
		n.say("nothing is stored anyway (", n.off(protocol.Durable), ")")
	case e.Reason == trace.AlreadySo:
		n.say("nothing changes by it")
	case e.State == protocol.State{}:
		n.say("it had ", n.knowledge(n.was.State), "; a restart will find nothing of that")
	default:
		n.say("it had ", n.knowledge(n.was.State), "; a restart will find only that it had ", n.knowledge(e.State))
	}
}

// knowledge is what an instance has promised and accepted.
func (n *Narrator) knowledge(s protocol.State) prose.Text {
	promised, accepted := prose.Words("nothing"), prose.Words("nothing")
	if s.Promised != 0 {
		promised = n.text(s.Promised)
	}
	if s.Accepted.ID != 0 {
		accepted = n.proposal(s.Accepted)
	}
	return n.text("promised ", promised, " and accepted ", accepted)
}

func (n *Narrator) groups(groups []protocol.Set) {
	alone := protocol.All(len(n.header.Instances))
	for i, g := range groups {
		if i > 0 {
			n.say(" | ")
		}
		n.say(n.set(g))
		alone &^= g
	}
	if alone != 0 {
		n.say("; alone: ", n.set(alone))
	}
}
