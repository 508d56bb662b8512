package lab

import (
	"slices"

	"skinny/protocol"
	"skinny/sim/prose"
	"skinny/sim/trace"
)

var (
	roundsRow = row("commits-what-was-promised", "A commit follows the promises of a majority, for this very ID, which no earlier round had.",
		"A commit without the promises for it", proposers(false))
	learnsRow = row("takes-up-what-was-accepted", "A commit takes up the highest proposal that the promises told, and changes it only as the operation may.",
		"A commit forgets what was accepted", proposers(true))
)

// proposer judges the rounds of instances with programs: that a commit has its promises,
// or that it takes up what they told.
type proposer struct {
	*judge
	learns bool
	of     []round // by instance
}

func proposers(learns bool) func(*judge) func(*trace.Event) {
	return func(j *judge) func(*trace.Event) {
		return (&proposer{j, learns, make([]round, len(j.header.Instances))}).observe
	}
}

// round is the one that an instance runs, and what it has heard.
type round struct {
	id    protocol.ID
	event int
	yea   protocol.Set
	known []heard // proposals that it has met: told, accepted, its own
	own   heard   // accepted last, as it said
}

// heard is a proposal that an instance has met.
type heard struct {
	protocol.Proposal
	event int
	from  int8
	binds protocol.ID // the round by whose promises it has to be taken up; 0: it may be
}

func (j *proposer) observe(e *trace.Event) {
	r, m := &j.of[e.Instance], &e.Message
	switch e.Kind {
	case trace.Propose:
		if m.ID == r.id && !j.learns {
			j.violate("again", j.names.Instance(e.Instance), " proposes ID ", m.ID, " again (", prose.At(r.event), "), and each round needs an ID of its own")
		}
		r.id, r.event, r.yea = m.ID, e.Number, protocol.Set(0).With(protocol.Position(e.Instance))
		if r.own.ID > 0 { // which it would tell anybody else
			r.own.binds = r.id
			r.known = append(r.known, r.own)
		}
	case trace.Count, trace.Ignore:
		if m.Kind != protocol.PromiseResponse {
			return
		}
		h := heard{Proposal: m.Proposal, event: e.Number, from: e.Peer}
		if e.Kind == trace.Count && m.Yes && m.ID == r.id {
			r.yea = r.yea.With(protocol.Position(e.Peer))
			h.binds = r.id
		}
		if h.ID > 0 {
			r.known = append(r.known, h)
		}
	case trace.Accept:
		if m.Yes {
			r.own = heard{e.Proposal, e.Number, e.Instance, 0}
			r.known = append(r.known, r.own)
		}
	case trace.Commit:
		if j.learns {
			j.takesUp(r, e)
		} else {
			j.promised(r, e)
		}
		r.known = append(r.known, heard{Proposal: e.Proposal})
	}
}

// promised judges whether a commit has its promises.
func (j *proposer) promised(r *round, e *trace.Event) {
	self, needed := j.names.Instance(e.Instance), j.header.Needed(protocol.Proposing)
	switch {
	case e.Proposal.ID != r.id:
		j.violate("another ID", self, " commits ID ", e.Proposal.ID, ", and asked for promises of ID ", r.id, " (", prose.At(r.event), ")")
	case r.yea.Len() < needed:
		j.violate("no majority", self, " commits ID ", r.id, " with the promises of ", j.names.Set(r.yea), ", and a majority is ", needed, " of ", len(j.header.Instances))
	}
}

// takesUp judges whether a commit is of what an operation makes of the highest proposal
// that its promises told, or of one that is higher still.
func (j *proposer) takesUp(r *round, e *trace.Event) {
	var highest heard
	for _, h := range r.known {
		if h.binds == r.id && h.ID > highest.ID {
			highest = h
		}
	}
	op, holder := e.Operation, e.Proposal.Holder
	fits := func(base protocol.Holder) bool { return op.Change(protocol.AllRules, base) == holder }
	if highest.ID == 0 && fits(protocol.Free) || slices.ContainsFunc(r.known, func(h heard) bool { return h.ID >= highest.ID && fits(h.Holder) }) {
		return
	}
	self := j.names.Instance(e.Instance)
	if highest.ID == 0 {
		j.violate("made up", self, " commits ", j.names.Holder(holder), " for ", j.names.Client(op.Holder), "'s ", op.Kind, ", and has heard of nobody who holds the lock")
		return
	}
	who := prose.Of(j.names.Instance(highest.from), " has told it of ")
	if highest.from == e.Instance {
		who = prose.Of("it has itself accepted ")
	}
	j.violate("forgotten", self, " commits ", j.names.Holder(holder), " for ", j.names.Client(op.Holder), "'s ", op.Kind, ", though ", who, j.proposal(highest.Proposal), " (", prose.At(highest.event), ")")
}
