package explore

import (
	"bytes"
	"encoding/binary"
	"slices"

	"skinny/protocol"
	"skinny/sim"
)

// A state as a string of bytes. First comes what belongs to nobody in particular:
// the clients' calls, what the bounds still allow, the past. Then, for every
// instance that clients call, its round and its pauses. Last comes a column for
// every instance: all that is known of it as an acceptor, which is its own state,
// where it stands in the rounds and proposals of others, what waits at it, and the
// requests to it and responses from it that are under way. An instance that no
// client calls appears nowhere else, so sorting such columns makes a canonical form.
//
// Numbers are written in as many bytes as they need.

// encoder writes states.
type encoder struct {
	model *Model
	swap  *swap
	world *sim.World
	judge *judge
	nodes []sim.Node // by position
	items []known    // by slot

	pruner  pruner
	order   []int // of the proposals that are kept
	list    segments
	columns segments
}

// known is what is known of an item before it is written.
type known struct {
	item    *sim.Item
	sort    sort
	awaited bool              // a message whose answer is still counted
	column  protocol.Position // of a message
}

// sort says where an item is written.
type sort uint8

const (
	unused    sort = iota // nowhere: the slot is free, or the item is forgotten
	happening             // with what can happen next
	queued                // with what waits
)

// append writes a state in its canonical form: of all ways in which clients may
// change places, the one with the lowest string.
func (e *encoder) append(b []byte, world *sim.World, w *judge) []byte {
	e.world, e.judge = world, w
	e.survey()
	if e.model.tallies {
		e.pruner.look(e)
	}
	start := len(b)
	for n := range e.model.swaps {
		e.swap = &e.model.swaps[n]
		end := len(b)
		b = e.appendState(b)
		if n > 0 {
			if bytes.Compare(b[end:], b[start:end]) < 0 {
				size := copy(b[start:], b[end:])
				b = b[:start+size]
			} else {
				b = b[:end]
			}
		}
	}
	return b
}

// survey finds out about nodes and items once, since columns ask again and again.
func (e *encoder) survey() {
	e.nodes = e.nodes[:0]
	for i := range e.model.cluster.Size() {
		e.nodes = append(e.nodes, e.world.Node(protocol.Position(i)))
	}
	e.items = e.items[:0]
	for r := range sim.Ref(e.world.Slots()) {
		k := known{item: e.world.Item(r)}
		switch {
		case e.world.IsPending(r):
			k.sort = happening
		case e.world.IsUsed(r):
			k.sort = queued
		}
		if k.sort != unused && k.item.Kind == sim.MessageItem {
			k.awaited = e.world.Awaited(k.item)
			k.column = asked(&k.item.Message)
			if m := &k.item.Message; !k.awaited && e.model.config.Reductions.Stale && e.model.isStale(m, k.awaited, &e.nodes[m.To], &e.judge.used) {
				k.sort = unused
			}
		}
		e.items = append(e.items, k)
	}
}

func (e *encoder) appendState(b []byte) []byte {
	b = e.appendCalls(b)
	b = e.appendPast(b)
	if e.model.cluster.ClientLatency > 0 {
		b = e.appendClients(b)
	}
	for i := range e.model.cluster.Size() {
		if p := protocol.Position(i); e.model.active.Has(p) {
			b = e.appendProposer(b, p)
		}
	}
	if len(e.model.passive) == 0 {
		for i := range e.model.cluster.Size() {
			b = e.appendColumn(b, protocol.Position(i))
		}
		return b
	}
	for set := e.model.active; set != 0; set = set.Without(set.First()) {
		b = e.appendColumn(b, set.First())
	}
	e.columns.reset()
	for _, p := range e.model.passive {
		e.columns.bytes = e.appendColumn(e.columns.bytes, p)
		e.columns.end()
	}
	for _, n := range e.columns.sorted() {
		b = append(b, e.columns.at(n)...)
	}
	return b
}

// appendCalls writes what became of the calls, four to a byte, and the bounds.
func (e *encoder) appendCalls(b []byte) []byte {
	packed := byte(0)
	for n := range e.model.calls {
		packed |= byte(e.judge.calls[e.swap.from[n]]) << (2 * (n % 4))
		if n%4 == 3 || n == len(e.model.calls)-1 {
			b = append(b, packed)
			packed = 0
		}
	}
	for n, limit := range e.model.config.Limits {
		if limit > 0 {
			b = append(b, e.judge.used[n])
		}
	}
	return append(b, byte(e.judge.violated))
}

func (e *encoder) holder(h protocol.Holder) byte { return e.swap.holder[h] }

// call is the place of an operation among the calls.
func (e *encoder) call(number uint32) byte { return e.swap.call[e.judge.index[number]] }

func id(b []byte, id protocol.ID) []byte { return binary.AppendUvarint(b, uint64(id)) }

func (e *encoder) proposal(b []byte, p protocol.Proposal) []byte {
	b = id(b, p.ID)
	if p.ID != 0 {
		b = append(b, e.holder(p.Holder))
	}
	return b
}

// appendPast writes what the properties need to know.
func (e *encoder) appendPast(b []byte) []byte {
	w := e.judge
	if w.wants(mutualExclusion) {
		b = append(b, e.holder(w.holder))
	}
	if e.model.tallies {
		b = e.appendTally(b)
	}
	if !w.wants(linearizability) {
		return b
	}
	e.list.reset()
	for i := range w.register {
		r := &w.register[i]
		e.list.bytes = append(e.list.bytes, e.swap.holder[r.holder])
		for n := range e.model.calls {
			old := e.swap.from[n]
			if c := w.calls[old]; c != unanswered && c != open {
				continue
			}
			t := r.taken[old]
			if t > refused {
				t = refused + effect(e.swap.holder[t-refused])
			}
			e.list.bytes = append(e.list.bytes, byte(t))
		}
		e.list.end()
	}
	return e.list.appendSorted(b)
}

// appendTally writes what was committed, in the order of ID and holder.
func (e *encoder) appendTally(b []byte) []byte {
	w := e.judge
	e.order = e.order[:0]
	for n := range w.proposals {
		if !e.pruner.kept[n].whole {
			continue
		}
		at := len(e.order)
		for at > 0 && e.before(n, e.order[at-1]) {
			at--
		}
		e.order = slices.Insert(e.order, at, n)
	}
	b = append(b, byte(len(e.order)))
	for _, n := range e.order {
		p := &w.proposals[n]
		b = id(b, p.ID)
		h := e.holder(p.Holder) << 1
		if p.chosen {
			h |= 1
		}
		b = append(b, h)
	}
	b = append(b, byte(len(e.pruner.spans)))
	for _, s := range e.pruner.spans {
		b = id(id(b, s.Low), s.High)
	}
	for n := range e.model.calls {
		old := e.swap.from[n]
		if w.calls[old] == notCalled {
			continue
		}
		last := byte(0)
		if w.last[old] > 0 {
			last = byte(slices.Index(e.order, int(w.last[old])-1)) + 1
		}
		b = append(b, last)
	}
	return b
}

// before orders proposals by ID and the holder's new number.
func (e *encoder) before(x, y int) bool {
	p, q := &e.judge.proposals[x], &e.judge.proposals[y]
	return p.ID < q.ID || p.ID == q.ID && e.holder(p.Holder) < e.holder(q.Holder)
}

// appendClients writes the calls and answers that are under way.
func (e *encoder) appendClients(b []byte) []byte {
	e.list.reset()
	for r := range e.items {
		i := e.items[r].item
		if e.items[r].sort != happening || i.Kind != sim.CallItem && i.Kind != sim.AnswerItem {
			continue
		}
		e.list.bytes = append(e.list.bytes, e.call(i.Op), byte(i.Kind))
		if i.Kind == sim.AnswerItem {
			e.list.bytes = append(e.list.bytes, byte(i.Outcome), e.holder(i.Holder))
		}
		e.list.end()
	}
	return e.list.appendSorted(b)
}

// appendProposer writes the turn, the round and the pauses at an instance.
func (e *encoder) appendProposer(b []byte, p protocol.Position) []byte {
	node := &e.nodes[p]
	r := &node.Round
	turn := byte(0)
	if node.Turn != 0 {
		turn = e.call(node.Turn) + 1
	}
	b = append(b, turn, byte(r.Phase)|r.Try<<2)
	if r.Phase != protocol.Idle {
		b = append(b, byte(r.Next))
		b = id(b, r.ID)
		b = id(b, r.Told)
		b = e.proposal(b, r.Base)
		b = append(b, e.holder(r.Value), byte(r.Yea.Len()))
	}
	e.list.reset()
	for s := range e.items {
		i := e.items[s].item
		if e.items[s].sort == happening && i.Kind == sim.WakeItem && i.Instance == p {
			e.list.bytes = append(e.list.bytes, e.call(i.Op), i.Try)
			e.list.end()
		}
	}
	return e.list.appendSorted(b)
}
