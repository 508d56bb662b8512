package check

import (
	"skinny/protocol"
	"skinny/sim/prose"
	"skinny/sim/trace"
)

// speech follows whether the programs that play instances speak Skinny's protocol. What
// goes on within one is not known: the properties that are about it are judged by what it
// sends and by the state that it shows, as long as the two fit together. From the first
// event on by which they do not, nothing more is said of them.
type speech struct {
	header *trace.Header
	played bool // somebody is
	own    []Spoken

	event trace.Event // by which a program spoke another protocol; number 0: none
	kind  Dialect
}

// Spoken is what a played instance has said.
type Spoken struct {
	Proposed uint32            // the operation for which it has asked for promises last
	Proposal protocol.Proposal // that it has asked to commit, and that its state has not shown since
	working  bool              // on an answer (promise-delay)
}

// Dialect is how a program spoke another protocol; 0 if it did not.
type Dialect uint8

const (
	notes      Dialect = iota + 1 // a message carries a note
	unpromised                    // it says that it promises an ID, and its state does not show it
	unaccepted                    // it says that it accepts an ID, and its state does not show it
	unasked                       // it commits without having asked for promises
	alone                         // it answers yes without having asked anybody
	late                          // it answers a request only after something else
	aside                         // it asks for something that is no part of a round
)

func (s *speech) reset(h *trace.Header) {
	*s = speech{header: h, played: h.Played() != 0, own: s.own[:0]}
	if s.played {
		s.own = trace.Cleared(s.own, len(h.Instances))
	}
}

// Observe follows an event at an instance that is played.
func (s *speech) Observe(e *trace.Event) {
	kind := s.own[e.Instance].Follow(e, s.header.Slow(e.Instance))
	if kind != 0 && s.event.Number == 0 {
		s.event, s.kind = *e, kind
	}
}

// Follow follows an event at the instance, which may be slow (promise-delay). It says by what
// the event shows that its program speaks another protocol.
func (own *Spoken) Follow(e *trace.Event, slow bool) (kind Dialect) {
	switch e.Kind {
	case trace.Propose:
		own.Proposed, own.Proposal = e.Operation.Number, protocol.Proposal{}
		if e.State.Promised < e.Message.ID {
			kind = unpromised
		}
	case trace.Commit:
		if own.Proposed != e.Operation.Number {
			kind = unasked
		}
		own.Proposal = e.Proposal
	case trace.Promise:
		own.working = slow
		if e.Message.Yes && e.State.Promised < e.Message.ID {
			kind = unpromised
		}
	case trace.Accept:
		if e.Message.Yes && e.State.Accepted.ID != e.Proposal.ID {
			kind = unaccepted
		}
	case trace.Reply:
		if !own.working {
			kind = late
		}
		own.working = false
	case trace.Answer:
		if (e.Outcome == protocol.Acquired || e.Outcome == protocol.Released) && own.Proposed != e.Operation.Number {
			kind = alone
		}
		own.Proposal = protocol.Proposal{}
	case trace.Step:
		if e.Asked != 0 {
			kind = aside
		}
	case trace.Crash:
		own.Proposal, own.working = protocol.Proposal{}, false
	}
	if e.Note {
		kind = notes
	}
	return kind
}

// Accepts reports whether an event that was heard shows for the first time that a proposer
// has accepted its own commit, and that.
func (own *Spoken) Accepts(e *trace.Event) (p protocol.Proposal, ok bool) {
	if own.Proposal.ID == 0 || e.State.Accepted != own.Proposal {
		return p, false
	}
	p, own.Proposal = own.Proposal, protocol.Proposal{}
	return p, e.Kind != trace.Commit && e.Kind != trace.Restart
}

// heard is a verdict on what goes on within instances, as far as that is known.
func (s *speech) heard(v Verdict) Verdict {
	e := &s.event
	if e.Number == 0 || v.State == Violated && v.Event < e.Number {
		return v
	}
	n := prose.NamesOf(s.header)
	who, at, id := n.Instance(e.Instance), prose.At(e.Number), e.Message.ID
	say := func(kind string, why ...any) Verdict {
		return Verdict{State: NotJudged, Kind: kind, Why: prose.Of(append([]any{who}, why...)...)}
	}
	switch s.kind {
	case notes:
		return say("notes", " puts a note on a message (", at, "), and only its program knows what that says")
	case unpromised:
		return say("a promise that its state does not show", " promises ID ", id, " (", at, "), and its state shows promised ", e.State.Promised)
	case unaccepted:
		return say("a commit that its state does not show", " says committed to ID ", id, " (", at, "), and its state shows ID ", e.State.Accepted.ID)
	case unasked:
		return say("a commit without promises", " commits ID ", id, " (", at, ") without having asked for promises")
	case alone:
		return say("an answer without a round", " answers ", n.Client(e.Operation.Holder), " ", e.Outcome, " (", at, ") without having asked for promises")
	case late:
		return say("late answers", " answers a request only after something else (", at, ")")
	}
	return say("requests aside from a round", " asks for something that is no part of a round (", at, ")")
}
