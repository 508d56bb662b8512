package explore

import (
	"slices"

	"skinny/protocol"
	"skinny/sim/check"
	"skinny/sim/explore/search"
	"skinny/sim/trace"
)

// The properties, by their marks.
const (
	mutualExclusion = iota
	agreement
	acknowledged
	promiseKept
	durability
	linearizability
	answered
	acquires
	learns
	refuses
	foreign // a program speaks another protocol; no row, since nobody asks for it
)

// table has a row for everything that is asked of a state, by its mark. A property of
// package check is judged if its name is here, and nothing is claimed of any other.
var table = [...]search.Property{
	mutualExclusion: {Name: check.MutualExclusion, Kind: search.Always},
	agreement:       {Name: check.Agreement, Kind: search.Always},
	acknowledged:    {Name: check.Acknowledged, Kind: search.Always},
	promiseKept:     {Name: check.PromiseKept, Kind: search.Always},
	durability:      {Name: check.Durability, Kind: search.Always},
	linearizability: {Name: check.Linearizability, Kind: search.Always},
	// As long as a client waits, something can happen. (The judge's bound is in time,
	// which is left out here.)
	answered: {Name: check.ProgressName, Kind: search.Progress},
	// A client is told acquired.
	acquires: {Name: "a client acquires", Kind: search.Sometimes},
	// A proposer learns from a response that somebody holds the lock.
	learns: {Name: "a holder is learned", Kind: search.Sometimes},
	// A proposer counts a no.
	refuses: {Name: "a round is refused", Kind: search.Sometimes},
}

// inner is the properties that are about what goes on within instances.
const inner search.Marks = 1<<agreement | 1<<acknowledged | 1<<promiseKept | 1<<durability

// NotJudged reports whether a property was not judged everywhere, though it was to be: a
// program has spoken a protocol of its own.
func (m *Model) NotJudged(property int, reached search.Marks) bool {
	return reached.Has(foreign) && inner.Has(property)
}

// PropertyNames lists the names of the properties that can be violated.
func PropertyNames() (names []string) {
	for _, p := range table {
		if p.Kind != search.Sometimes {
			names = append(names, p.Name)
		}
	}
	return names
}

// Unjudged names those of some properties that no search judges.
func Unjudged(properties []check.Property) (names []string) {
	for _, p := range properties {
		if !slices.Contains(PropertyNames(), p.Name) {
			names = append(names, p.Name)
		}
	}
	return names
}

// judge follows the events of a transition and keeps the past up to date. It is
// an observer.
type judge struct {
	past
	model *Model

	before []register // scratch
}

// reset forgets the past.
func (w *judge) reset() {
	w.facts = facts{}
	w.proposals, w.skipped, w.register, w.spoken = w.proposals[:0], w.skipped[:0], w.register[:0], w.spoken[:0]
	if w.model.played != 0 {
		w.spoken = append(w.spoken, make([]check.Spoken, w.model.cluster.Size())...)
	}
}

// wants reports whether a property is to be judged.
func (w *judge) wants(property int) bool { return w.model.judged.Has(property) }

func (w *judge) violate(property int) {
	if w.wants(property) && !(w.foreign && inner.Has(property)) {
		w.violated |= search.Mark(property)
	}
}

// Observe judges an event.
func (w *judge) Observe(e *trace.Event) {
	played := e.Instance != trace.None && w.model.played.Has(protocol.Position(e.Instance))
	if played {
		w.listen(e)
	}
	switch e.Kind {
	case trace.Call:
		w.call(e)
	case trace.Answer, trace.Receive:
		w.answer(e)
	case trace.GiveUp:
		w.finish(e, open)
	case trace.Crash:
		// The operation whose round it ends will not be answered.
		if e.Operation.Number != 0 {
			w.last[w.index[e.Operation.Number]] = 0
		}
	case trace.Commit, trace.Accept:
		w.commit(e)
	case trace.Propose:
		if e.Try > 0 && !played {
			w.used[Retries]++
		}
	case trace.Count:
		if e.Learned && e.Message.Proposal.Holder != protocol.Free {
			w.reached |= search.Mark(learns)
		}
		if !e.Message.Yes {
			w.reached |= search.Mark(refuses)
		}
	}
	if e.Instance != trace.None {
		w.state(e)
	}
}

// listen judges what a program says and shows of itself: see check.Spoken.
func (w *judge) listen(e *trace.Event) {
	own := &w.spoken[e.Instance]
	if own.Follow(e, false) != 0 {
		w.foreign = true
	}
	if w.foreign {
		w.reached |= search.Mark(foreign)
		w.proposals, w.skipped, w.last = w.proposals[:0], w.skipped[:0], [MaxCalls]uint8{} // nobody needs them any more
	}
	if p, ok := own.Accepts(e); ok {
		accept := *e
		accept.Kind, accept.Proposal, accept.Stored = trace.Accept, p, true
		w.commit(&accept)
	}
}

// call takes note that a client calls.
func (w *judge) call(e *trace.Event) {
	op := &e.Operation
	w.calls[w.index[op.Number]] = unanswered
	if op.Kind == protocol.Release && op.Holder == w.holder {
		w.holder = protocol.Free
	}
}

// answer judges what an instance says and what a client hears.
func (w *judge) answer(e *trace.Event) {
	client := e.Operation.Holder
	n := w.index[e.Operation.Number]
	if e.Kind == trace.Answer {
		if e.Outcome == protocol.Acquired || e.Outcome == protocol.Released {
			w.acknowledge(e, n)
		}
		w.last[n] = 0
	}
	if !e.Received() {
		return
	}
	if e.Outcome == protocol.Acquired {
		w.reached |= search.Mark(acquires)
		if w.wants(mutualExclusion) {
			if w.holder != protocol.Free && w.holder != client {
				w.violate(mutualExclusion)
			}
			w.holder = client
		}
	}
	switch e.Outcome {
	case protocol.Acquired, protocol.Refused, protocol.Released, protocol.NotReleased:
		if w.wants(linearizability) && !w.explain(n, e.Outcome, e.Holder) {
			w.violate(linearizability)
		}
		w.finish(e, settled)
	default:
		w.finish(e, open)
	}
}

// acknowledge judges an answer that says yes: the operation's last commit was of
// that very value, and a majority has accepted it.
func (w *judge) acknowledge(e *trace.Event, n uint8) {
	wanted := protocol.Free
	if e.Operation.Kind == protocol.Acquire {
		wanted = e.Operation.Holder
	}
	if last := w.last[n]; last == 0 || !w.proposals[last-1].chosen || w.proposals[last-1].Holder != wanted {
		w.violate(acknowledged)
	}
}

// finish takes note that a client does not wait any more.
func (w *judge) finish(e *trace.Event, how progress) {
	n := w.index[e.Operation.Number]
	w.calls[n] = how
	if how == open {
		w.leaveOpen(n)
	}
}

// commit judges a commit or an acceptance.
func (w *judge) commit(e *trace.Event) {
	if !w.model.tallies || w.foreign {
		return
	}
	known := len(w.proposals)
	at, chose := w.tally(e, w.model.majority)
	id := e.Proposal.ID
	if len(w.proposals) > known {
		for i := range w.proposals {
			if i != at && w.proposals[i].ID == id {
				// Whatever is chosen was committed before, so this comes first.
				w.violate(agreement)
			}
		}
	}
	if e.Kind == trace.Commit {
		w.last[w.index[e.Operation.Number]] = uint8(at) + 1
		base := e.Base.ID
		if w.model.played.Has(protocol.Position(e.Instance)) && !e.Operation.Explains(e.Base.Holder, e.Proposal.Holder) {
			base = 0 // it was not made from what the program has heard of
		}
		if w.chosenBelow(id) > base {
			w.violate(durability)
		}
		if base < id && base+1 < id {
			w.skipped = w.skipped.Add(base+1, id-1)
		}
	}
	if chose && w.skipped.Has(id) {
		w.violate(durability)
	}
}

// state judges what an instance promises and accepts.
func (w *judge) state(e *trace.Event) {
	highest := &w.highest[e.Instance]
	id, gives := e.Proposal.ID, e.Stored
	switch e.Kind {
	case trace.Promise:
		id, gives = e.Message.ID, e.Message.Yes
	case trace.Propose:
		id, gives = e.Message.ID, true
	case trace.Commit, trace.Accept:
	default:
		gives = false
	}
	if gives && id < *highest {
		w.violate(promiseKept)
	}
	if *highest = max(*highest, e.State.Promised); w.foreign {
		*highest = e.State.Promised
	}
	accepted := &w.accepted[e.Instance]
	if e.State.Accepted.ID < *accepted {
		w.violate(durability)
	}
	*accepted = e.State.Accepted.ID
}
