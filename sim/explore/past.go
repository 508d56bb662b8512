package explore

import (
	"slices"

	"skinny/protocol"
	"skinny/sim/check"
	"skinny/sim/explore/search"
	"skinny/sim/trace"
)

// Sizes that a model must not exceed, so that its states are small. A call makes at
// most 1 + [protocol.Retries] rounds, so at most 48 proposals and 12 rounds under way
// have their bits in one number of a column.
const (
	MaxInstances = 16
	MaxClients   = 6
	MaxCalls     = 12
	MaxID        = 1<<16 - 1 // so that an item fits into a word

	maxProposals = 48
)

// past is what the properties need to know of what has happened so far. Each of
// its parts is what one judge of package check keeps, less what cannot matter any
// more.
type past struct {
	facts
	proposals []proposal     // the tally: what was committed, by ID and holder
	skipped   check.Spans    // durability: the IDs that must not be chosen any more
	register  []register     // linearizability: what a single lock may be like
	spoken    []check.Spoken // by position, of what programs have said, where there are any
}

// facts are those parts of a past that have one size.
type facts struct {
	index    [MaxCalls + 1]uint8 // of the calls, by operation number; the one of number 0 means nothing
	calls    [MaxCalls]progress  // what became of the clients' calls
	used     [NumBounds]uint8
	violated search.Marks
	reached  search.Marks

	holder   protocol.Holder           // mutual-exclusion: who holds the lock
	highest  [MaxInstances]protocol.ID // promise-kept: the highest ID that each has promised
	accepted [MaxInstances]protocol.ID // durability: the ID that each has accepted last
	last     [MaxCalls]uint8           // acknowledged: the place of an operation's last commit in proposals, from 1
	foreign  bool                      // a program has spoken another protocol, so what goes on within instances is not judged any more
}

// progress is how far a call has come.
type progress uint8

const (
	notCalled  progress = iota
	unanswered          // the client waits
	settled             // the answer says what happened
	open                // the answer does not say, or there is none: it may still happen

	progressBits = 2
)

// proposal is what became of an ID with a holder. It was committed by a proposer.
type proposal struct {
	protocol.Proposal
	acceptors protocol.Set // that ever accepted it
	chosen    bool         // by a majority of them
}

func (p *proposal) before(o protocol.Proposal) bool {
	return p.ID < o.ID || p.ID == o.ID && p.Holder < o.Holder
}

func (p *past) copyFrom(o *past) {
	p.facts = o.facts
	p.proposals = append(p.proposals[:0], o.proposals...)
	p.skipped = append(p.skipped[:0], o.skipped...)
	p.register = append(p.register[:0], o.register...)
	p.spoken = append(p.spoken[:0], o.spoken...)
}

// tally finds a commit's or an acceptance's proposal and counts it. It reports
// whether a majority has accepted it just now.
func (p *past) tally(e *trace.Event, majority int) (at int, chose bool) {
	for at < len(p.proposals) && p.proposals[at].before(e.Proposal) {
		at++
	}
	if at == len(p.proposals) || p.proposals[at].Proposal != e.Proposal {
		p.proposals = slices.Insert(p.proposals, at, proposal{Proposal: e.Proposal})
		for i, last := range p.last {
			if int(last) > at {
				p.last[i]++
			}
		}
	}
	t := &p.proposals[at]
	if e.Stored {
		t.acceptors = t.acceptors.With(protocol.Position(e.Instance))
	}
	if !t.chosen && t.acceptors.Len() >= majority {
		t.chosen = true
		return at, true
	}
	return at, false
}

// chosenBelow is the highest chosen ID below another.
func (p *past) chosenBelow(id protocol.ID) protocol.ID {
	var highest protocol.ID
	for i := range p.proposals {
		if t := &p.proposals[i]; t.chosen && t.ID < id {
			highest = max(highest, t.ID)
		}
	}
	return highest
}
