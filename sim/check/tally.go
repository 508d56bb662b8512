package check

import (
	"slices"

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
	index     []int32 // the first proposal of each ID, by ID

	// What the last Commit or Accept event did.
	current int32 // its proposal
	head    int32 // the first proposal of its ID
	chose   bool  // it completed a majority
}

func (t *tally) reset(h *trace.Header) {
	t.majority = h.Needed(protocol.Committing)
	t.proposals = t.proposals[:0]
	t.index = t.index[:0]
	t.current = none
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

// find is where a proposal is kept: a new place if it was never heard of.
func (t *tally) find(p protocol.Proposal) int32 {
	if t.current != none && t.proposals[t.current].Proposal == p {
		return t.current // most events are about the same one as the event before
	}
	place, known := t.place(p.ID)
	t.head = none
	if known {
		t.head = t.index[place]
	}
	for at := t.head; at != none; at = t.proposals[at].other {
		if t.proposals[at].Holder == p.Holder {
			return at
		}
	}
	at := int32(len(t.proposals))
	t.proposals = append(t.proposals, proposal{Proposal: p, other: t.head})
	t.head = at
	if known {
		t.index[place] = at
	} else {
		t.index = slices.Insert(t.index, place, at)
	}
	return at
}

// place is the place of an ID in the index, or the one that it would have.
func (t *tally) place(id protocol.ID) (place int, known bool) {
	place = len(t.index) // nearly always it is one of the highest
	for place > 0 && t.proposals[t.index[place-1]].ID >= id {
		place--
	}
	return place, place < len(t.index) && t.proposals[t.index[place]].ID == id
}

// chosenBelow is what was chosen under the highest ID below one, or nil.
func (t *tally) chosenBelow(id protocol.ID) *proposal {
	place, _ := t.place(id)
	for place--; place >= 0; place-- {
		for at := t.index[place]; at != none; at = t.proposals[at].other {
			if p := &t.proposals[at]; p.chosen != 0 {
				return p
			}
		}
	}
	return nil
}

// Unchosen is how many committed proposals no majority has accepted so far.
func (j *Judges) Unchosen() int {
	n := 0
	for i := range j.tally.proposals {
		if p := &j.tally.proposals[i]; p.committed != 0 && p.chosen == 0 {
			n++
		}
	}
	return n
}
