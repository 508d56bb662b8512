package explore

import "skinny/protocol"

// What the first bits of a column say.
const (
	isDown    = 1 << iota
	hostIsUp  // while it is down
	hasBroken // it has promised more than it knows of
	hasStored // what it had stored before is not what it has now, and may be found again

	firstBits = iota
)

// column writes an instance as an acceptor.
func (e *encoder) column(p protocol.Position) {
	node := e.nodes[p]
	first := uint64(0)
	if node.Down {
		first = isDown
		if node.HostUp {
			first |= hostIsUp
		}
	}
	highest := e.judge.highest[p]
	if e.judge.wants(promiseKept) && highest != node.Promised {
		first |= hasBroken
	}
	if e.judge.used[Tears] < e.model.config.Limits[Tears] && !node.Down && node.Stored != node.State {
		first |= hasStored
	}
	e.put(first|uint64(node.Promised)<<firstBits, firstBits+e.model.idBits)
	e.proposal(node.Accepted)
	if first&hasBroken != 0 {
		e.id(highest)
	}
	if first&hasStored != 0 {
		e.id(node.Stored.Promised)
		e.proposal(node.Stored.Accepted)
	}
	if e.model.played.Has(p) {
		e.played(p)
	}
	e.memberships(p)
	e.items(e.waiting[p], false)
	e.items(e.pending[p], true)
}

// memberships is which proposals an instance has accepted and which rounds have
// called it and wait for its answer. Who has voted yes and who no does not matter,
// only how many did.
func (e *encoder) memberships(p protocol.Position) {
	bits, width := uint64(0), uint(0)
	for _, set := range e.sets {
		bits |= uint64(set>>p&1) << width
		width++
	}
	e.put(bits, width)
}
