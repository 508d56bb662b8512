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
	t, idBits := e.tail, e.model.idBits
	t = t.add(&e.writer, first|uint64(node.Promised)<<firstBits, firstBits+idBits)
	t = t.add(&e.writer, e.proposal(node.Accepted), holderBits+idBits)
	if first&hasBroken != 0 {
		t = t.add(&e.writer, uint64(highest), idBits)
	}
	if first&hasStored != 0 {
		t = t.add(&e.writer, uint64(node.Stored.Promised), idBits)
		t = t.add(&e.writer, e.proposal(node.Stored.Accepted), holderBits+idBits)
	}
	if e.model.played.Has(p) {
		t = t.add(&e.writer, e.played(p), textBits)
	}
	// Which proposals it has accepted, and which rounds have called it and wait for its answer. Who
	// has voted yes and who no does not matter, only how many did.
	bits, width := uint64(0), uint(0)
	for _, set := range e.sets {
		bits |= uint64(set>>p&1) << width
		width++
	}
	t = t.add(&e.writer, bits, width)
	t = e.items(t, e.waiting[p], false)
	e.tail = e.items(t, e.pending[p], true)
}
