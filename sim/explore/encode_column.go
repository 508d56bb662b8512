package explore

import (
	"encoding/binary"

	"skinny/protocol"
	"skinny/sim"
)

// What the first byte of a column says, and so which parts it has.
const (
	isDown    = 1 << iota
	hostIsUp  // while it is down
	hasBroken // it has promised more than it knows of
	hasWaiting
	hasStored // what it had stored before is not what it has now
)

// appendColumn writes an instance as an acceptor.
func (e *encoder) appendColumn(b []byte, p protocol.Position) []byte {
	node := &e.nodes[p]
	first := len(b)
	b = append(b, 0)
	b = id(b, node.Promised)
	b = e.proposal(b, node.Accepted)
	if node.Down {
		b[first] |= isDown
		if node.HostUp {
			b[first] |= hostIsUp
		}
	}
	if highest := e.judge.highest[p]; e.judge.wants(promiseKept) && highest != node.Promised {
		b[first] |= hasBroken
		b = id(b, highest)
	}
	if e.judge.used[Tears] < e.model.config.Limits[Tears] && !node.Down && node.Stored != node.State {
		b[first] |= hasStored
		b = e.proposal(id(b, node.Stored.Promised), node.Stored.Accepted)
	}
	b = binary.AppendUvarint(b, e.memberships(p))
	if r, any := e.world.FirstWaiting(p); any {
		at := len(b)
		if b = e.appendWaiting(b, r); b[at] > 0 {
			b[first] |= hasWaiting
		} else {
			b = b[:at]
		}
	}
	e.list.reset()
	for r := range e.items {
		if k := &e.items[r]; k.column == p && k.sort == happening && k.item.Kind == sim.MessageItem {
			e.list.bytes = e.appendMessage(e.list.bytes, k)
			e.list.end()
		}
	}
	return e.list.appendSorted(b)
}

// asked is the instance that a request goes to and its answer comes from.
func asked(m *protocol.Message) protocol.Position {
	if m.Kind.IsRequest() {
		return m.To
	}
	return m.From
}

// asker is the instance that a request comes from and its answer goes to.
func asker(m *protocol.Message) protocol.Position {
	if m.Kind.IsRequest() {
		return m.From
	}
	return m.To
}

// memberships is which proposals an instance has accepted and which rounds have
// called it and wait for its answer, as the bits of a number. Who has voted yes and
// who no does not matter, only how many did.
func (e *encoder) memberships(p protocol.Position) uint64 {
	n := uint64(0)
	if e.model.tallies {
		for _, at := range e.order {
			n <<= 1
			if e.pruner.kept[at].acceptors && e.judge.proposals[at].acceptors.Has(p) {
				n |= 1
			}
		}
	}
	for set := e.model.active; set != 0; set = set.Without(set.First()) {
		r := &e.nodes[set.First()].Round
		if r.Phase == protocol.Idle {
			continue
		}
		n <<= 1
		if r.Calls.Has(p) {
			n |= 1
		}
	}
	return n
}

// appendWaiting writes what waits at an instance, in its order.
func (e *encoder) appendWaiting(b []byte, r sim.Ref) []byte {
	at := len(b)
	b = append(b, 0)
	for more := true; more; r, more = e.world.NextWaiting(r) {
		k := &e.items[r]
		switch i := k.item; {
		case k.sort == unused:
			continue
		case i.Kind == sim.MessageItem:
			b = e.appendMessage(b, k)
		default:
			b = append(b, byte(i.Kind)<<4|15, e.call(i.Op), i.Try)
		}
		b[at]++
	}
	return b
}

// The upper bits of a message's first byte; its kind is below them.
const (
	isYes     = 1 << 4
	isAwaited = 1 << 5
	isCommit  = 1 << 6 // of a failure: its request was to commit
	hasTold   = 1 << 7
	kindMask  = 15
)

// appendMessage writes a message but for the instance that is asked.
func (e *encoder) appendMessage(b []byte, k *known) []byte {
	m := &k.item.Message
	first := byte(m.Kind)
	if m.Yes {
		first |= isYes
	}
	if k.awaited {
		first |= isAwaited
	}
	if m.Kind == protocol.Failure && m.Call == protocol.CommitRequest {
		first |= isCommit
	}
	if m.Told != 0 {
		first |= hasTold
	}
	b = append(b, first, byte(asker(m)))
	b = id(b, m.ID)
	switch m.Kind {
	case protocol.PromiseResponse:
		b = e.proposal(b, m.Proposal)
	case protocol.CommitRequest:
		b = append(b, e.holder(m.Proposal.Holder))
	}
	if m.Told != 0 {
		b = id(b, m.Told)
	}
	return b
}
