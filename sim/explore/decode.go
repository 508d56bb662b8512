package explore

import (
	"skinny/protocol"
	"skinny/sim"
	"skinny/sim/check"
	"skinny/sim/explore/search"
	"skinny/sim/trace"
)

// decoder makes worlds and pasts of states, as encoder wrote them.
type decoder struct {
	reader
	model  *Model
	world  *sim.World
	judge  *judge
	number [MaxCalls]uint32 // of the operations, by call; 0: not in the world
	nodes  [MaxInstances]sim.Node
	kept   [MaxInstances]sim.Played // for those that are played
	yea    [MaxInstances]int        // votes for their rounds

	// Of the items that can happen: whether the one before is the same, so that
	// one of the two is enough.
	same []bool
}

// decode makes world and judge what a state says.
func (d *decoder) decode(state []byte, world *sim.World, w *judge) {
	d.reader.reset(state)
	d.world, d.judge = world, w
	d.number = [MaxCalls]uint32{}
	d.same = d.same[:0]
	world.Reset(&d.model.cluster)
	w.reset()
	d.calls()
	d.past()
	d.proposers()
	d.columns()
	if d.end(); d.at < d.size {
		panic("explore: a state that is longer than what it says")
	}
}

func (d *decoder) id() protocol.ID { return protocol.ID(d.get(d.model.idBits)) }

func (d *decoder) holder() protocol.Holder { return protocol.Holder(d.get(holderBits)) }

func (d *decoder) proposal() protocol.Proposal {
	holder := d.holder()
	return protocol.Proposal{ID: d.id(), Holder: holder}
}

// calls reads what became of the calls, and the bounds.
func (d *decoder) calls() {
	w := d.judge
	all := d.get(progressBits * uint(len(d.model.calls)))
	for n := range d.model.calls {
		w.calls[n] = progress(all >> (progressBits * n) & (1<<progressBits - 1))
	}
	for b, width := range d.model.used {
		w.used[b] = uint8(d.get(width))
	}
	w.violated = search.Marks(d.get(acquires))
	if d.model.played != 0 {
		w.foreign = d.flag()
		for _, c := range w.calls[:len(d.model.calls)] {
			if c != notCalled {
				d.operation(byte(d.get(callBits)))
			}
		}
	}
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
		d.judge.index[d.number[n]] = n
	}
	return d.number[n]
}

func (d *decoder) past() {
	w := d.judge
	if w.wants(mutualExclusion) {
		w.holder = d.holder()
	}
	if d.model.tallies {
		d.tally()
	}
	if w.wants(linearizability) {
		for d.flag() {
			w.register = append(w.register, register(d.get(d.model.registerBits())))
		}
	}
}

func (d *decoder) tally() {
	w := d.judge
	for d.flag() {
		chosen := d.flag()
		w.proposals = append(w.proposals, proposal{Proposal: d.proposal(), chosen: chosen})
	}
	for d.flag() {
		w.skipped = append(w.skipped, check.Span{Low: d.id(), High: d.id()})
	}
	for n := range d.model.calls {
		if w.calls[n] != notCalled {
			w.last[n] = uint8(d.get(lastBits))
		}
	}
}

// proposers reads the turns and rounds. They lack the votes, which are in the columns.
func (d *decoder) proposers() {
	clear(d.nodes[:d.model.cluster.Size()])
	for set := d.model.active; set != 0; set = set.Without(set.First()) {
		node := &d.nodes[set.First()]
		r := &node.Round
		if turn := d.get(callBits); turn != 0 {
			node.Turn = d.operation(byte(turn - 1))
		}
		if d.model.played.Has(set.First()) {
			continue // the rest is in its column
		}
		if r.Phase = protocol.Phase(d.get(phaseBits)); r.Phase == protocol.Idle {
			continue
		}
		r.Try = uint8(d.get(tryBits))
		r.Next = protocol.Position(d.get(countBits))
		d.yea[set.First()] = int(d.get(countBits))
		r.ID, r.Told = d.id(), d.id()
		r.Base = d.proposal()
		r.Value = d.holder()
		r.Operation = d.operationOf(node.Turn)
	}
}

// operationOf is an operation of the world.
func (d *decoder) operationOf(number uint32) protocol.Operation {
	c := &d.model.calls[d.judge.index[number]]
	return protocol.Operation{Kind: c.Kind, Holder: c.Holder, Number: number}
}

// columns reads the instances as acceptors.
func (d *decoder) columns() {
	// Where messages are put depends on nothing that a node knows, so the nodes
	// can follow, with the votes that the columns tell.
	for _, p := range d.model.named {
		d.column(p)
	}
	for _, p := range d.model.passive {
		d.end()
		d.column(p)
	}
	for i := range d.model.cluster.Size() {
		p := protocol.Position(i)
		played := d.model.played.Has(p)
		if !played {
			d.vote(p)
		}
		if d.world.PutNode(p, &d.nodes[i]); played {
			d.world.PutPlayed(p, d.kept[i])
		}
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
	first := d.get(firstBits)
	node.Down, node.HostUp = first&isDown != 0, first&hostIsUp != 0
	node.Promised = d.id()
	node.Accepted = d.proposal()
	w.accepted[p] = node.Accepted.ID
	w.highest[p] = node.Promised
	if first&hasBroken != 0 {
		w.highest[p] = d.id()
	}
	node.Stored = node.State
	if first&hasStored != 0 {
		node.Stored = protocol.State{Promised: d.id(), Accepted: d.proposal()}
	}
	if d.model.played.Has(p) {
		d.kept[p] = d.played(p)
	}
	d.memberships(p)
	for d.flag() {
		d.world.PutWaiting(d.item(p, d.word()))
	}
	for before := uint64(noWord); d.flag(); {
		word := d.word()
		r := d.item(p, word)
		d.same = trace.Grown(d.same, int(r)+1)
		d.same[r] = word == before
		before = word
	}
}

// memberships tells where an instance stands in the proposals and rounds.
func (d *decoder) memberships(p protocol.Position) {
	for at := range d.judge.proposals {
		if a := &d.judge.proposals[at].acceptors; d.flag() {
			*a = a.With(p)
		}
	}
	for set := d.model.active &^ d.model.played; set != 0; set = set.Without(set.First()) {
		if r := &d.nodes[set.First()].Round; r.Phase != protocol.Idle && d.flag() {
			r.Calls = r.Calls.With(p)
		}
	}
}
