package narrate

import (
	"strings"

	"skinny/protocol"
	"skinny/sim/trace"
)

// tellFault tells what the scenario does to instances and links.
func (n *Narrator) tellFault(e *trace.Event, l *Line) {
	if e.Instance != trace.None {
		l.From = n.instance(e.Instance)
	}
	switch e.Kind {
	case trace.Crash:
		l.Glyph = Crashed
		l.What = "crashes"
		l.Why = n.crashReason(e)
	case trace.Restart:
		l.Glyph = Again
		l.What = "restarts"
		l.Why = n.restartReason(e)
	case trace.Pause:
		l.What = "pauses"
		l.Why = "what arrives and falls due now waits"
	case trace.Resume:
		l.What = "resumes"
		l.Why = "what waited happens now, in its order"
	case trace.Cut, trace.Mend:
		l.Glyph, l.To = Lost, n.instance(e.Peer)
		l.What = "link cut"
		if e.Kind == trace.Mend {
			l.Glyph, l.What = Sent, "link mended"
		}
	case trace.Isolate:
		l.What = "isolated"
		l.Why = "cut from its peers, not from its clients"
	case trace.Rejoin:
		l.What = "rejoins"
		l.Why = "its isolation ends"
	case trace.Partition:
		l.From = Actor{"network", trace.None}
		l.What = "partition"
		l.Why = n.groups(e.Groups)
	case trace.Unite:
		l.From = Actor{"network", trace.None}
		l.What = "whole again"
		l.Why = "the partition ends"
	case trace.HealAll:
		l.From = Actor{"network", trace.None}
		l.What = "all healed"
		l.Why = "every cut, isolation and partition ends"
	}
	if e.Reason == trace.AlreadySo {
		l.Why = "nothing changes: that was so already"
	}
}

func (n *Narrator) crashReason(e *trace.Event) string {
	if n.instances[e.Instance].down { // what changes is its host
		if e.HostUp {
			return "it was down already; its host is up now: calls fail at once"
		}
		return "it was down already; its host is down now, too: calls to it time out"
	}
	s := "its host stays up: calls fail at once"
	if !e.HostUp {
		s = "its host is down too: calls to it time out"
	}
	if e.Operation.Kind != protocol.NoOperation {
		s += "; it was in the middle of its round for " + n.who(e.Operation).Name
	}
	return s
}

func (n *Narrator) restartReason(e *trace.Event) string {
	before := n.instances[e.Instance].state
	s := "promised nothing"
	if before.Promised != 0 {
		s = "promised " + number(before.Promised)
	}
	if before.Accepted.ID == 0 {
		s += " and accepted nothing"
	} else {
		s += " and accepted " + n.proposal(before.Accepted)
	}
	switch {
	case before == protocol.State{}:
		return "it knows nothing, as before"
	case e.State == before:
		return "it still knows what it had stored: it has " + s
	}
	return "it has forgotten everything (durable is off): it had " + s
}

func (n *Narrator) groups(groups []protocol.Set) string {
	var sides []string
	alone := protocol.All(len(n.header.Instances))
	for _, g := range groups {
		sides = append(sides, n.names(g))
		alone &^= g
	}
	s := strings.Join(sides, " | ")
	if alone != 0 {
		s += "; alone: " + n.names(alone)
	}
	return s
}
