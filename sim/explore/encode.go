package explore

import (
	"bytes"
	"fmt"
	"slices"

	"skinny/protocol"
	"skinny/sim"
)

// A state as a string of bits. First comes what belongs to nobody in particular:
// the clients' calls, what the bounds still allow, the past. Then, for every
// instance that clients call, its round. Last comes a column for every instance: all
// that is known of it as an acceptor, which is its own state, where it stands in the
// rounds and proposals of others, and the items that wait at it or can happen at it.
// A message is in the column of the instance that is asked. An instance that no
// client calls appears nowhere else, so sorting such columns makes a canonical form.
//
// Every number has as many bits as the model lets it need. A bit before each element
// of a list says that there is one more.

// The widths of numbers that are bounded by the sizes of a model.
const (
	positionBits = 4 // MaxInstances
	countBits    = 5 // up to MaxInstances
	holderBits   = 3 // MaxClients
	callBits     = 4 // MaxCalls, one for none included
	tryBits      = 2 // protocol.Retries
	phaseBits    = 2
	lastBits     = 6 // the place of a proposal, from 1
)

// encoder writes states.
type encoder struct {
	writer
	model *Model
	swap  *swap
	world *sim.World
	judge *judge
	nodes [MaxInstances]*sim.Node

	pending [MaxInstances][]uint64 // words of what can happen next, by column
	waiting [MaxInstances][]uint64 // and of what waits, in its order
	pruner  pruner
	order   []int          // of the proposals that are kept
	sets    []protocol.Set // of the instances that have accepted them, and of those that rounds wait for
	words   []uint64
	columns [][]byte
	sorted  []byte
	text    []byte
	failure error // why the state cannot be written
}

// append writes a state in its canonical form: of all ways in which clients may
// change places, the one with the lowest string.
func (e *encoder) append(b []byte, world *sim.World, w *judge) []byte {
	e.world, e.judge, e.failure = world, w, nil
	if e.survey(); e.failure != nil {
		return b
	}
	if e.model.tallies {
		e.pruner.look(e)
	}
	e.bytes = b
	start := len(b)
	for n := range e.model.swaps {
		e.swap = &e.model.swaps[n]
		end := len(e.bytes)
		e.state()
		e.end()
		if n == 0 {
			continue
		}
		size := end - start
		if bytes.Compare(e.bytes[end:], e.bytes[start:end]) < 0 {
			size = copy(e.bytes[start:], e.bytes[end:])
		}
		e.bytes = e.bytes[:start+size]
	}
	return e.bytes
}

// survey goes over nodes and items once, and makes words of the items that matter.
func (e *encoder) survey() {
	e.pruner.asked = e.pruner.asked[:0]
	for i := range e.model.cluster.Size() {
		e.nodes[i] = e.world.Node(protocol.Position(i))
		e.pending[i], e.waiting[i] = e.pending[i][:0], e.waiting[i][:0]
	}
	for set := e.model.played; set != 0; set = set.Without(set.First()) {
		e.check("shows", max(e.nodes[set.First()].Promised, e.nodes[set.First()].Accepted.ID))
	}
	for r := range sim.Ref(e.world.Slots()) {
		if e.world.IsPending(r) {
			if at, word := e.item(e.world.Item(r)); word != noWord {
				e.pending[at] = append(e.pending[at], word)
			}
		}
	}
	for i := range e.model.cluster.Size() {
		for r, any := e.world.FirstWaiting(protocol.Position(i)); any; r, any = e.world.NextWaiting(r) {
			if at, word := e.item(e.world.Item(r)); word != noWord {
				e.waiting[at] = append(e.waiting[at], word)
			}
		}
	}
}

// state writes a state under a swap.
func (e *encoder) state() {
	e.sets = e.sets[:0]
	e.calls()
	e.past()
	for set := e.model.active; set != 0; set = set.Without(set.First()) {
		e.proposer(e.nodes[set.First()], e.model.played.Has(set.First()))
	}
	for _, p := range e.model.named {
		e.column(p)
	}
	if len(e.model.passive) == 0 {
		return
	}
	e.end()
	start := len(e.bytes)
	e.columns = e.columns[:0]
	for _, p := range e.model.passive {
		from := len(e.bytes)
		e.column(p)
		e.end()
		e.columns = append(e.columns, e.bytes[from:])
	}
	slices.SortFunc(e.columns, bytes.Compare)
	e.sorted = e.sorted[:0]
	for _, c := range e.columns {
		e.sorted = append(e.sorted, c...)
	}
	copy(e.bytes[start:], e.sorted)
}

// calls writes what became of the calls, and the bounds.
func (e *encoder) calls() {
	all := uint64(0)
	for n := range e.model.calls {
		all |= uint64(e.judge.calls[e.swap.from[n]]) << (progressBits * n)
	}
	t := e.tail.add(&e.writer, all, progressBits*uint(len(e.model.calls)))
	for b, width := range e.model.used {
		t = t.add(&e.writer, uint64(e.judge.used[b]), width)
	}
	e.tail = t.add(&e.writer, uint64(e.judge.violated), acquires) // the first mark of what is reached
	if e.model.played != 0 {
		e.put(bit(e.judge.foreign), 1)
		for _, n := range e.judge.index[1 : 1+e.world.Operations()] { // a program may know the numbers of operations
			e.put(uint64(n), callBits)
		}
	}
}

// proposal is a proposal in holderBits and the bits of an ID.
func (e *encoder) proposal(p protocol.Proposal) uint64 {
	return uint64(e.swap.holder[p.Holder]) | uint64(p.ID)<<holderBits
}

// past writes what the properties need to know.
func (e *encoder) past() {
	w := e.judge
	if w.wants(mutualExclusion) {
		e.put(uint64(e.swap.holder[w.holder]), holderBits)
	}
	if e.model.tallies {
		e.tally()
	}
	if w.wants(linearizability) {
		e.words = e.words[:0]
		for _, r := range w.register {
			if e.swap != &e.model.swaps[0] {
				r = r.swapped(e.swap, len(e.model.calls))
			}
			e.words = append(e.words, uint64(r))
		}
		sortWords(e.words)
		for _, word := range e.words {
			e.put(word<<1|1, 1+e.model.registerBits())
		}
		e.put(0, 1)
	}
}

// tally writes what was committed, in the order of ID and holder.
func (e *encoder) tally() {
	w := e.judge
	e.order = e.order[:0]
	for n := range w.proposals {
		if !e.pruner.kept[n].whole {
			continue
		}
		e.order = append(e.order, n)
		for at := len(e.order) - 1; at > 0 && e.before(n, e.order[at-1]); at-- {
			e.order[at-1], e.order[at] = e.order[at], e.order[at-1]
		}
	}
	if len(e.order) > maxProposals && e.failure == nil {
		e.failure = fmt.Errorf("a program commits more than %d proposals, which are too many to be explored", maxProposals)
		e.order = e.order[:0]
	}
	t, idBits := e.tail, e.model.idBits
	for at, n := range e.order {
		p, k := &w.proposals[n], &e.pruner.kept[n]
		acceptors := protocol.Set(0)
		if k.place = uint8(at + 1); k.acceptors {
			acceptors = p.acceptors
		}
		t = t.add(&e.writer, 1|bit(p.chosen)<<1|e.proposal(p.Proposal)<<2, 2+holderBits+idBits)
		e.sets = append(e.sets, acceptors)
	}
	t = t.add(&e.writer, 0, 1)
	for _, s := range e.pruner.spans {
		t = t.add(&e.writer, 1|uint64(s.Low)<<1, 1+idBits)
		t = t.add(&e.writer, uint64(s.High), idBits)
	}
	t = t.add(&e.writer, 0, 1)
	for n := range e.model.calls {
		old, place := e.swap.from[n], uint8(0)
		if last := w.last[old]; last > 0 {
			place = e.pruner.kept[last-1].place
		}
		if w.calls[old] != notCalled {
			t = t.add(&e.writer, uint64(place), lastBits)
		}
	}
	e.tail = t
}

// before orders proposals by ID and the holder's new number.
func (e *encoder) before(x, y int) bool {
	p, q := &e.judge.proposals[x], &e.judge.proposals[y]
	return p.ID < q.ID || p.ID == q.ID && e.swap.holder[p.Holder] < e.swap.holder[q.Holder]
}

// proposer writes the turn at an instance, and its round, unless it is played.
func (e *encoder) proposer(node *sim.Node, played bool) {
	r := &node.Round
	turn := uint64(0)
	if node.Turn != 0 {
		turn = uint64(e.swap.call[e.judge.index[node.Turn]]) + 1
	}
	if played {
		e.put(turn, callBits)
		return
	}
	if r.Phase == protocol.Idle {
		e.put(turn|uint64(r.Phase)<<callBits, callBits+phaseBits)
		return
	}
	const headBits = callBits + phaseBits + tryBits + 2*countBits
	head := turn | (uint64(r.Phase)|(uint64(r.Try)|(uint64(r.Next)|uint64(r.Yea.Len())<<countBits)<<tryBits)<<phaseBits)<<callBits
	idBits := e.model.idBits
	t := e.tail.add(&e.writer, head|uint64(r.ID)<<headBits, headBits+idBits)
	t = t.add(&e.writer, uint64(r.Told)|e.proposal(r.Base)<<idBits, 2*idBits+holderBits)
	e.tail = t.add(&e.writer, uint64(e.swap.holder[r.Value]), holderBits)
	e.sets = append(e.sets, r.Calls)
}

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
