package trace

import "skinny/protocol"

// Causes lists an event and everything that led to it, in order: its cause and the
// causes of that; of a phase that ended on the way, what became of its calls; and what
// led to the events that are reasons. Reasons are the events that the sentence of an
// event names. Events are numbered from 1.
func Causes(of int, event func(number int) *Event, reasons func(number int) []int) []int {
	led := make([]bool, of+1) // to the event
	follow := []int{of}       // what leads to them does, too
	var named []int
	for len(follow) > 0 {
		at := follow[len(follow)-1]
		follow = follow[:len(follow)-1]
		if at == 0 || led[at] {
			continue
		}
		led[at] = true
		named = append(named, reasons(at)...)
		follow = append(append(follow, event(at).Cause), votes(at, event)...)
	}
	for _, at := range named {
		for ; at != 0; at = event(at).Cause {
			led[at] = true
		}
	}
	var list []int
	for at, is := range led {
		if is {
			list = append(list, at)
		}
	}
	return list
}

// votes lists what became of the calls of the phase that an event ends, or of those it fails.
func votes(at int, event func(number int) *Event) []int {
	e := event(at)
	var peers protocol.Set
	switch {
	case e.Kind == Expire:
		peers = e.Calls
	case e.Kind == Commit, e.Kind == Backoff, e.Kind == Answer && e.Yea|e.Nay != 0:
		peers = ^protocol.Set(0)
	default:
		return nil
	}
	began := at - 1
	for ; began > 0; began-- {
		if b := event(began); b.Instance == e.Instance && (b.Kind == Propose || b.Kind == Commit) {
			break
		}
	}
	if began == 0 {
		return nil
	}
	r := Round{Phase: protocol.Proposing, ID: event(began).Message.ID}
	if b := event(began); b.Kind == Commit {
		r = Round{Phase: protocol.Committing, ID: b.Proposal.ID}
	}
	var list []int
	for n := began + 1; n < at; n++ {
		b := event(n)
		m := &b.Message
		asker, peer := m.Ends()
		// What becomes of a copy leads to its making, and what copies do once the
		// answer was counted is no reason.
		if b.Kind == Duplicate || int8(asker) != e.Instance || !peers.Has(peer) || !r.Is(m) {
			continue
		}
		list = append(list, n)
		if b.Kind == Count || b.Kind == Fail {
			peers = peers.Without(peer)
		}
	}
	return list
}
