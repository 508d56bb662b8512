package explore

import (
	"encoding/binary"

	"skinny/protocol"
	"skinny/sim"
	"skinny/sim/check"
	"skinny/sim/explore/search"
)

// decoder makes worlds and pasts of states, as encoder wrote them.
type decoder struct {
	model  *Model
	rest   []byte
	world  *sim.World
	judge  *judge
	number [MaxCalls]uint32 // of the operations, by call; 0: not in the world
	nodes  [MaxInstances]sim.Node
	yea    [MaxInstances]int // votes for their rounds

	// Of the items that can happen: whether the one before is the same, so that
	// one of the two is enough.
	same []bool
}

// decode makes world and judge what a state says.
func (d *decoder) decode(state []byte, world *sim.World, w *judge) {
	d.rest, d.world, d.judge = state, world, w
	d.number = [MaxCalls]uint32{}
	d.same = d.same[:0]
	world.Reset(&d.model.cluster)
	d.reset()
	d.calls()
	d.past()
	if d.model.cluster.ClientLatency > 0 {
		d.clients()
	}
	d.proposers()
	d.columns()
	if len(d.rest) > 0 {
		panic("explore: a state that is longer than what it says")
	}
}

// reset forgets the past.
func (d *decoder) reset() {
	w := d.judge
	w.past = past{
		proposals: w.proposals[:0],
		skipped:   w.skipped[:0],
		register:  w.register[:0],
	}
	w.index = append(w.index[:0], 0)
}

func (d *decoder) byte() byte {
	b := d.rest[0]
	d.rest = d.rest[1:]
	return b
}

func (d *decoder) uvarint() uint64 {
	if b := d.rest[0]; b < 0x80 {
		d.rest = d.rest[1:]
		return uint64(b)
	}
	v, size := binary.Uvarint(d.rest)
	d.rest = d.rest[size:]
	return v
}

func (d *decoder) id() protocol.ID { return protocol.ID(d.uvarint()) }

func (d *decoder) proposal() protocol.Proposal {
	p := protocol.Proposal{ID: d.id()}
	if p.ID != 0 {
		p.Holder = protocol.Holder(d.byte())
	}
	return p
}

// calls reads what became of the calls, and the bounds.
func (d *decoder) calls() {
	w := d.judge
	packed := byte(0)
	for n := range d.model.calls {
		if n%4 == 0 {
			packed = d.byte()
		}
		w.calls[n] = progress(packed & 3)
		packed >>= 2
	}
	for n, limit := range d.model.config.Limits {
		if limit > 0 {
			w.used[n] = d.byte()
		}
	}
	w.violated = search.Marks(d.byte())
	for n, c := range w.calls[:len(d.model.calls)] {
		if c == unanswered {
			d.operation(byte(n)) // somebody waits, even if nobody works on it
		}
	}
}

// operation is the number of the operation of a call, which is added to the world
// if it is not there yet.
func (d *decoder) operation(n byte) uint32 {
	if d.number[n] == 0 {
		c := &d.model.calls[n]
		d.number[n] = d.world.PutOperation(c.Kind, c.Holder, c.Via, d.judge.calls[n] == unanswered)
		d.judge.index = append(d.judge.index, n)
	}
	return d.number[n]
}

func (d *decoder) past() {
	w := d.judge
	if w.wants(mutualExclusion) {
		w.holder = protocol.Holder(d.byte())
	}
	if d.model.tallies {
		d.tally()
	}
	if !w.wants(linearizability) {
		return
	}
	for range d.byte() {
		r := register{holder: d.byte()}
		for n := range d.model.calls {
			if c := w.calls[n]; c == unanswered || c == open {
				r.taken[n] = effect(d.byte())
			}
		}
		w.register = append(w.register, r)
	}
}

func (d *decoder) tally() {
	w := d.judge
	for range d.byte() {
		p := proposal{Proposal: protocol.Proposal{ID: d.id()}}
		h := d.byte()
		p.Holder, p.chosen = protocol.Holder(h>>1), h&1 != 0
		w.proposals = append(w.proposals, p)
	}
	for range d.byte() {
		w.skipped = append(w.skipped, check.Span{Low: d.id(), High: d.id()})
	}
	for n := range d.model.calls {
		if w.calls[n] != notCalled {
			w.last[n] = d.byte()
		}
	}
}

// clients reads the calls and answers that are under way.
func (d *decoder) clients() {
	for range d.byte() {
		n, kind := d.byte(), sim.ItemKind(d.byte())
		i := sim.Item{Kind: kind, Instance: d.model.calls[n].Via, Op: d.operation(n)}
		if kind == sim.AnswerItem {
			i.Outcome, i.Holder = protocol.Outcome(d.byte()), protocol.Holder(d.byte())
		}
		d.world.PutPending(i, true)
	}
}

// proposers reads the turns, rounds and pauses. The rounds lack the votes, which
// are in the columns.
func (d *decoder) proposers() {
	for i := range d.model.cluster.Size() {
		d.nodes[i] = sim.Node{}
		at := protocol.Position(i)
		if !d.model.active.Has(at) {
			continue
		}
		node := &d.nodes[i]
		r := &node.Round
		if turn := d.byte(); turn != 0 {
			node.Turn = d.operation(turn - 1)
		}
		phase := d.byte()
		r.Phase, r.Try = protocol.Phase(phase&3), phase>>2
		if r.Phase != protocol.Idle {
			r.Next = protocol.Position(d.byte())
			r.ID, r.Told = d.id(), d.id()
			r.Base = d.proposal()
			r.Value = protocol.Holder(d.byte())
			d.yea[i] = int(d.byte())
			c := &d.model.calls[d.judge.index[node.Turn]]
			r.Operation = protocol.Operation{Kind: c.Kind, Holder: c.Holder, Number: node.Turn}
		}
		for range d.byte() {
			d.world.PutPending(sim.Item{Kind: sim.WakeItem, Instance: at, Op: d.operation(d.byte()), Try: d.byte()}, true)
		}
	}
}

// columns reads the instances as acceptors.
func (d *decoder) columns() {
	// Where messages are put depends on nothing that a node knows, so the nodes
	// can follow, with the votes that the columns tell.
	if len(d.model.passive) == 0 {
		for i := range d.model.cluster.Size() {
			d.column(protocol.Position(i))
		}
	} else {
		for set := d.model.active; set != 0; set = set.Without(set.First()) {
			d.column(set.First())
		}
		for _, p := range d.model.passive {
			d.column(p)
		}
	}
	for i := range d.model.cluster.Size() {
		d.vote(protocol.Position(i))
		d.world.PutNode(protocol.Position(i), d.nodes[i])
	}
}

// vote divides the instances whose answers a round has counted into yea and nay.
// Only how many there are of each matters.
func (d *decoder) vote(at protocol.Position) {
	r := &d.nodes[at].Round
	if r.Phase == protocol.Idle {
		return
	}
	asked := protocol.All(int(r.Next)) | protocol.Set(0).With(at)
	for set := asked &^ r.Calls; set != 0; set = set.Without(set.First()) {
		if r.Yea.Len() < d.yea[at] {
			r.Yea = r.Yea.With(set.First())
		} else {
			r.Nay = r.Nay.With(set.First())
		}
	}
}

func (d *decoder) column(p protocol.Position) {
	node := &d.nodes[p]
	w := d.judge
	first := d.byte()
	node.Promised = d.id()
	node.Accepted = d.proposal()
	node.Down, node.HostUp = first&isDown != 0, first&hostIsUp != 0
	w.accepted[p] = node.Accepted.ID
	w.highest[p] = node.Promised
	if first&hasBroken != 0 {
		w.highest[p] = d.id()
	}
	node.Stored = node.State
	if first&hasStored != 0 {
		node.Stored = protocol.State{Promised: d.id(), Accepted: d.proposal()}
	}
	d.memberships(p, d.uvarint())
	if first&hasWaiting != 0 {
		for range d.byte() {
			d.waiting(p)
		}
	}
	var before []byte
	for range d.byte() {
		start := d.rest
		i, current := d.message(p, d.byte())
		text := start[:len(start)-len(d.rest)]
		r := d.world.PutPending(i, current)
		for len(d.same) <= int(r) {
			d.same = append(d.same, false)
		}
		d.same[r] = string(before) == string(text)
		before = text
	}
}

// memberships tells where an instance stands in the rounds and proposals.
func (d *decoder) memberships(p protocol.Position, n uint64) {
	for set := d.model.active; set != 0; {
		last := protocol.Position(63)
		for s := set; s != 0; s = s.Without(s.First()) {
			last = s.First()
		}
		set = set.Without(last)
		r := &d.nodes[last].Round
		if r.Phase == protocol.Idle {
			continue
		}
		if n&1 != 0 {
			r.Calls = r.Calls.With(p)
		}
		n >>= 1
	}
	proposals := d.judge.proposals
	for at := len(proposals) - 1; at >= 0; at-- {
		if n&1 != 0 {
			proposals[at].acceptors = proposals[at].acceptors.With(p)
		}
		n >>= 1
	}
}

func (d *decoder) waiting(p protocol.Position) {
	first := d.byte()
	if first&kindMask != kindMask {
		i, current := d.message(p, first)
		d.world.PutWaiting(i, current)
		return
	}
	n := d.byte()
	d.world.PutWaiting(sim.Item{Kind: sim.ItemKind(first >> 4), Instance: p, Op: d.operation(n), Try: d.byte()}, true)
}

// message reads a message with the first byte given, to or from the instance that
// is asked.
func (d *decoder) message(at protocol.Position, first byte) (i sim.Item, current bool) {
	m := protocol.Message{Kind: protocol.MessageKind(first & kindMask), Yes: first&isYes != 0}
	m.From, m.To = at, protocol.Position(d.byte())
	if m.Kind.IsRequest() {
		m.From, m.To = m.To, m.From
	}
	m.ID = d.id()
	switch m.Kind {
	case protocol.PromiseResponse:
		m.Proposal = d.proposal()
	case protocol.CommitRequest:
		m.Proposal = protocol.Proposal{ID: m.ID, Holder: protocol.Holder(d.byte())}
	case protocol.Failure:
		m.Call = protocol.PromiseRequest
		if first&isCommit != 0 {
			m.Call = protocol.CommitRequest
		}
	}
	if first&hasTold != 0 {
		m.Told = d.id()
	}
	return sim.Item{Kind: sim.MessageItem, Instance: m.To, Message: m}, first&isAwaited != 0
}
