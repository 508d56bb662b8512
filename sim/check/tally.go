package check

import (
	"skinny/protocol"
	"skinny/sim/trace"
)

// proposal is what became of one ID with one holder.
type proposal struct {
	protocol.Proposal
	acceptors protocol.Set // the instances that ever accepted it
	proposer  int8         // who committed it first
	committed int          // number of the first Commit event, or 0
	chosen    int          // number of the event by which a majority had accepted it, or 0
	other     int32        // the next one of the same ID, with another holder, or none
}

// none stands for no proposal.
const none int32 = -1

// tally counts who has accepted what, for the judges that need to know. Instances
// that forget what they accepted stay counted: what was chosen stays chosen.
type tally struct {
	majority  int
	proposals []proposal
	index     table

	// What the last Commit or Accept event did.
	current int32 // its proposal
	chose   bool  // it completed a majority
}

func (t *tally) reset(h *trace.Header) {
	t.majority = h.Majority()
	t.proposals = t.proposals[:0]
	t.index.reset()
	t.current, t.chose = none, false
}

// Observe counts a Commit or an Accept event.
func (t *tally) Observe(e *trace.Event) {
	t.current = t.find(e.Proposal)
	t.chose = false
	p := &t.proposals[t.current]
	if e.Kind == trace.Commit && p.committed == 0 {
		p.committed, p.proposer = e.Number, e.Instance
	}
	if e.Stored {
		p.acceptors = p.acceptors.With(protocol.Position(e.Instance))
	}
	if p.chosen == 0 && p.acceptors.Len() >= t.majority {
		p.chosen = e.Number
		t.chose = true
	}
}

// find returns where the proposal is kept, which is a new place if it was never
// heard of.
func (t *tally) find(p protocol.Proposal) int32 {
	first := t.first(p.ID)
	for at := first; at != none; at = t.proposals[at].other {
		if t.proposals[at].Holder == p.Holder {
			return at
		}
	}
	at := int32(len(t.proposals))
	t.proposals = append(t.proposals, proposal{Proposal: p, other: first})
	t.index.set(p.ID, at, t.proposals)
	return at
}

// first is the head of the list of an ID's proposals, nearly always the only one.
func (t *tally) first(id protocol.ID) int32 {
	return t.index.slots[t.index.probe(id, t.proposals)].get(t.index.run)
}

// slot is a place in a table: the index of an ID's first proposal.
type slot struct {
	run uint32 // the slot is empty unless this is the table's
	at  int32
}

func (s slot) get(run uint32) int32 {
	if s.run != run {
		return none
	}
	return s.at
}

// table finds proposals by ID: open addressing with linear probing. To forget
// everything it only counts its run up.
type table struct {
	slots []slot // a power of two of them, at most half in use
	used  int
	run   uint32
}

const tableSize = 64 // at first

func (t *table) reset() {
	t.used = 0
	t.run++
	if t.run == 0 || t.slots == nil {
		// The slots of the run that had this number long ago must not come back.
		t.slots = make([]slot, max(len(t.slots), tableSize))
		t.run = 1
	}
}

// probe is the slot of an ID: where it is, or where it has to go.
func (t *table) probe(id protocol.ID, proposals []proposal) int {
	mask := len(t.slots) - 1
	// IDs are dense, or in step with the size of the cluster; Fibonacci hashing
	// spreads both. (Knuth, The Art of Computer Programming, section 6.4)
	at := int(uint64(id)*0x9e3779b97f4a7c15>>32) & mask
	for {
		s := t.slots[at]
		if s.run != t.run || proposals[s.at].ID == id {
			return at
		}
		at = (at + 1) & mask
	}
}

// set makes at the first proposal of the ID.
func (t *table) set(id protocol.ID, at int32, proposals []proposal) {
	s := &t.slots[t.probe(id, proposals)]
	if s.run != t.run {
		t.used++
	}
	*s = slot{t.run, at}
	if 2*t.used > len(t.slots) {
		t.grow(proposals)
	}
}

// grow doubles the table.
func (t *table) grow(proposals []proposal) {
	old := t.slots
	t.slots = make([]slot, 2*len(old))
	for _, s := range old {
		if s.run == t.run {
			t.slots[t.probe(proposals[s.at].ID, proposals)] = s
		}
	}
}

// Unchosen is the number of proposals that were committed and that no majority has
// accepted so far.
func (j *Judges) Unchosen() int {
	n := 0
	for i := range j.tally.proposals {
		if p := &j.tally.proposals[i]; p.committed != 0 && p.chosen == 0 {
			n++
		}
	}
	return n
}
