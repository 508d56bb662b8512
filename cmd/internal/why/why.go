// Package why says what led to an event: its causes, the votes of the phases on the
// way, and what the sentences about them name. It reads only events.
package why

import (
	"skinny/protocol"
	"skinny/sim/check"
	"skinny/sim/trace"
)

// Votes knows what became of the calls of every phase. It is an observer.
type Votes struct {
	phases []phase       // by instance: the one that it runs
	calls  map[int][]int // by event that ends a phase, or calls of one: what became of them
}

// phase is what has become of the calls of an instance's phase.
type phase struct {
	kind    protocol.Phase
	id      protocol.ID
	counted protocol.Set // peers whose answer or failure was counted
	calls   [][]int      // by peer: the events about the call, up to that
}

// NewVotes knows of no event yet.
func NewVotes(h *trace.Header) *Votes {
	return &Votes{phases: make([]phase, len(h.Instances)), calls: make(map[int][]int)}
}

// Observe notes what an event means for the calls of a phase.
func (v *Votes) Observe(e *trace.Event) {
	all := protocol.All(len(v.phases))
	switch e.Kind {
	case trace.Propose:
		v.begin(e, protocol.Proposing, e.Message.ID)
	case trace.Commit:
		v.calls[e.Number] = v.phases[e.Instance].fates(all)
		v.begin(e, protocol.Committing, e.Proposal.ID)
	case trace.Backoff, trace.Answer:
		if e.Yea|e.Nay != 0 {
			v.calls[e.Number] = v.phases[e.Instance].fates(all)
			v.begin(e, protocol.Idle, 0)
		}
	case trace.Expire:
		v.calls[e.Number] = v.phases[e.Instance].fates(e.Calls)
	case trace.Duplicate: // what becomes of the copy leads to it
	default:
		if e.Message.Kind != protocol.NoMessage {
			v.note(e)
		}
	}
}

// begin lets an instance run a phase, or none.
func (v *Votes) begin(e *trace.Event, kind protocol.Phase, id protocol.ID) {
	v.phases[e.Instance] = phase{kind: kind, id: id, calls: make([][]int, len(v.phases))}
}

// note keeps what happens to a request of a running phase, or to its answer.
func (v *Votes) note(e *trace.Event) {
	m := &e.Message
	asker, peer, kind := m.To, m.From, m.Kind.Phase()
	if m.Kind.IsRequest() {
		asker, peer = m.From, m.To
	} else if m.Kind == protocol.Failure {
		kind = m.Call.Phase()
	}
	p := &v.phases[asker]
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

// Run is what one has to know of a run to say why something in it happened.
type Run struct {
	Votes    *Votes
	Cause    func(event int) int   // the event that caused it, or 0
	Named    func(event int) []int // the events that its sentence names
	Verdicts []check.Verdict
}

// Chain is an event and everything that led to it, the votes of its phases
// included; and of the events that the sentences and verdicts on this way name as
// reasons, what led to those.
func (r *Run) Chain(event int) map[int]bool {
	chain := make(map[int]bool)
	var named []int
	for way := []int{event}; len(way) > 0; {
		at := way[len(way)-1]
		way = way[:len(way)-1]
		if at == 0 || chain[at] {
			continue
		}
		chain[at] = true
		named = append(named, r.Named(at)...)
		way = append(append(way, r.Cause(at)), r.Votes.calls[at]...)
	}
	for _, v := range r.Verdicts {
		if v.State == check.Violated && v.Event == event {
			named = append(named, v.Why.Refs()...)
		}
	}
	for _, reason := range named {
		for at := reason; at != 0; at = r.Cause(at) {
			chain[at] = true
		}
	}
	return chain
}
