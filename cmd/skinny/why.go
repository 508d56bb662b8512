package main

import (
	"skinny/protocol"
	"skinny/sim/check"
	"skinny/sim/narrate"
	"skinny/sim/trace"
)

// causes knows why everything in a run happened. It is an observer.
type causes struct {
	narrator *narrate.Narrator
	phases   []phase // by instance: the one that it runs
	of       []int   // by event, from the first: the event that caused it
	named    [][]int // by event: the events that its sentence names
	calls    [][]int // by event that ends a phase, or calls of one: what became of them
}

// phase is what has become of the calls of an instance's phase.
type phase struct {
	kind    protocol.Phase
	id      protocol.ID
	counted protocol.Set // peers whose answer or failure was counted
	calls   [][]int      // by peer: the events about the call, up to that
}

func newCauses(h *trace.Header) *causes {
	return &causes{narrator: narrate.New(h), phases: make([]phase, len(h.Instances))}
}

// Observe notes an event's causes.
func (c *causes) Observe(e *trace.Event) {
	c.of = append(c.of, e.Cause)
	c.named = append(c.named, narrate.Named(c.narrator.Tell(e).Why))
	c.calls = append(c.calls, nil)
	calls := &c.calls[len(c.calls)-1]
	all := protocol.All(len(c.phases))
	switch e.Kind {
	case trace.Propose:
		c.begin(e, protocol.Proposing, e.Message.ID)
	case trace.Commit:
		*calls = c.phases[e.Instance].fates(all)
		c.begin(e, protocol.Committing, e.Proposal.ID)
	case trace.Backoff, trace.Answer:
		if e.Yea|e.Nay != 0 {
			*calls = c.phases[e.Instance].fates(all)
			c.begin(e, protocol.Idle, 0)
		}
	case trace.Expire:
		*calls = c.phases[e.Instance].fates(e.Calls)
	case trace.Duplicate: // what becomes of the copy leads to it
	default:
		if e.Message.Kind != protocol.NoMessage {
			c.note(e)
		}
	}
}

// begin lets an instance run a phase, or none.
func (c *causes) begin(e *trace.Event, kind protocol.Phase, id protocol.ID) {
	c.phases[e.Instance] = phase{kind: kind, id: id, calls: make([][]int, len(c.phases))}
}

// note keeps what happens to a request of a running phase, or to its answer.
func (c *causes) note(e *trace.Event) {
	m := &e.Message
	asker, peer, kind := m.To, m.From, m.Kind.Phase()
	if m.Kind.IsRequest() {
		asker, peer = m.From, m.To
	} else if m.Kind == protocol.Failure {
		kind = m.Call.Phase()
	}
	p := &c.phases[asker]
	if p.kind != kind || p.id != m.ID || p.counted.Has(peer) {
		return
	}
	if e.Kind == trace.Count || e.Kind == trace.Fail {
		p.counted = p.counted.With(peer) // what copies do from now on is no reason
	}
	p.calls[peer] = append(p.calls[peer], e.Number)
}

// fates lists what became of the calls to some peers.
func (p *phase) fates(peers protocol.Set) []int {
	var list []int
	for peer, events := range p.calls {
		if peers.Has(protocol.Position(peer)) {
			list = append(list, events...)
		}
	}
	return list
}

// chain is an event and everything that led to it, the votes of its phases
// included; and of the events that the sentences and verdicts on this way name as
// reasons, what led to those.
func (c *causes) chain(event int, verdicts []check.Verdict) map[int]bool {
	chain := make(map[int]bool)
	var named []int
	for way := []int{event}; len(way) > 0; {
		at := way[len(way)-1]
		way = way[:len(way)-1]
		if at == 0 || chain[at] {
			continue
		}
		chain[at] = true
		named = append(named, c.named[at-1]...)
		way = append(append(way, c.of[at-1]), c.calls[at-1]...)
	}
	for _, v := range verdicts {
		if v.State == check.Violated && v.Event == event {
			named = append(named, narrate.Named(v.Why)...)
		}
	}
	for _, reason := range named {
		for at := reason; at != 0; at = c.of[at-1] {
			chain[at] = true
		}
	}
	return chain
}
