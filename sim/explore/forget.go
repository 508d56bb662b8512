package explore

import (
	"math"
	"slices"

	"skinny/protocol"
	"skinny/sim"
	"skinny/sim/check"
)

// What the properties keep of IDs that are out of use is forgotten. An ID is out of
// use if no proposer can commit under it any more: a round's ID is above everything
// that its instance has promised, and rounds under way have theirs already. Of such
// an ID it matters
//
//   - whether it may still be chosen: not if it was chosen already, nor if no
//     request to commit it is left;
//   - whether it was chosen, if the answer to a client depends on it, or if it is
//     the highest one: later commits have to build on that;
//   - whether it must not be chosen, as long as it may be.

// pruner is what is known of a state while its past is written.
type pruner struct {
	inUse protocol.ID   // the lowest ID that may still be committed
	asked []protocol.ID // of requests to commit that are left
	kept  []kept        // of each proposal, by its place
	spans check.Spans   // what is left of the skipped IDs
}

// kept says how much of a proposal is kept.
type kept struct {
	whole     bool  // it is kept at all
	acceptors bool  // with its acceptors
	place     uint8 // among those that are kept, from 1, once they are in order
}

// look finds out what is kept.
func (k *pruner) look(e *encoder) {
	w := e.judge
	past := e.model.config.Reductions.Past
	if k.inUse = 0; past {
		k.inUse = e.inUse()
		k.requests(e)
	}
	k.kept = k.kept[:0]
	latest := -1 // the place of the highest chosen ID out of use
	for n := range w.proposals {
		p := &w.proposals[n]
		if p.chosen && p.ID < k.inUse {
			latest = n // they are in the order of their IDs
		}
		// What a request is left for is kept, so that it is not taken for new.
		alive := p.ID >= k.inUse || slices.Contains(k.asked, p.ID)
		k.kept = append(k.kept, kept{whole: alive, acceptors: alive && !(past && p.chosen)})
	}
	if latest >= 0 {
		k.kept[latest].whole = true
	}
	for _, last := range w.last[:len(e.model.calls)] {
		if last > 0 {
			k.kept[last-1].whole = true // an answer depends on it
		}
	}
	k.spans = k.spans[:0]
	for _, s := range w.skipped {
		for n := range w.proposals {
			p := &w.proposals[n]
			if k.kept[n].acceptors && p.ID < k.inUse && s.Low <= p.ID && p.ID <= s.High {
				k.spans = k.spans.Add(p.ID, p.ID)
			}
		}
		if low := max(s.Low, k.inUse); low <= s.High {
			k.spans = k.spans.Add(low, s.High)
		}
	}
}

// requests adds to the IDs that are asked to be committed those of requests that may
// still be made: one after the other, without the rule concurrent.
func (k *pruner) requests(e *encoder) {
	for set := e.model.serial; set != 0; set = set.Without(set.First()) {
		if r := &e.nodes[set.First()].Round; r.Phase == protocol.Committing {
			k.asked = append(k.asked, r.ID)
		}
	}
}

// inUse is the lowest ID that may still be committed.
func (e *encoder) inUse() protocol.ID {
	lowest := protocol.ID(math.MaxUint64)
	calls := protocol.Set(0) // instances that may begin another round
	for n := range e.model.calls {
		if e.judge.calls[n] != settled {
			calls = calls.With(e.model.calls[n].Via)
		}
	}
	for set := e.model.active; set != 0; set = set.Without(set.First()) {
		p := set.First()
		node := e.nodes[p]
		if node.Round.Phase == protocol.Proposing {
			lowest = min(lowest, node.Round.ID)
		}
		switch {
		case !calls.Has(p) || e.model.isGone(node, &e.judge.used):
		case !e.model.remembers(p, node, &e.judge.used):
			return 0
		case node.Promised < math.MaxUint64:
			lowest = min(lowest, node.Promised+1)
		}
	}
	return lowest
}

// remembers reports whether an instance will never forget what it promised.
func (m *Model) remembers(p protocol.Position, node *sim.Node, used *[NumBounds]uint8) bool {
	left := func(b Bound) bool { return used[b] < m.config.Limits[b] }
	switch {
	case !left(Restarts):
		return true
	case left(Wipes) || !node.Down && left(Tears):
		return false
	}
	return m.cluster.RulesOf(p).Has(protocol.Durable) || !node.Down && !left(Crashes)
}

// isGone reports whether an instance never runs again, though it may have lost what it
// promised. (Where no disk is lost, what it promised says enough.)
func (m *Model) isGone(node *sim.Node, used *[NumBounds]uint8) bool {
	l := &m.config.Limits
	return node.Down && used[Restarts] == l[Restarts] && l[Wipes]+l[Tears] > 0
}

// isStale reports whether a message can have no effect any more, so that a state
// with it and one without it are the same. The node is that of its receiver.
func (m *Model) isStale(msg *protocol.Message, awaited bool, node *sim.Node, used *[NumBounds]uint8) bool {
	switch {
	case awaited:
		return false
	case !msg.Kind.IsRequest():
		return true
	case m.played.Has(msg.To): // what its program makes of it nobody knows
		return false
	}
	// Nobody counts the answer. The request itself does nothing if it is refused,
	// which it will be for ever if the instance cannot forget what it promised.
	switch {
	case m.isGone(node, used):
		return true
	case !m.remembers(msg.To, node, used):
		return false
	case msg.Kind == protocol.PromiseRequest:
		return msg.ID <= node.Promised
	}
	return msg.ID < node.Promised && m.cluster.RulesOf(msg.To).Has(protocol.RefuseStale)
}
