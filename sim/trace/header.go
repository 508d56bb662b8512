package trace

import "skinny/protocol"

// Header is what a reader of a trace has to know beside its events.
type Header struct {
	Title     string
	Edition   string
	Rules     protocol.Rules
	Quorums   protocol.Quorums
	Seed      uint64
	Instances []string  // names in display order
	Settings  []Setting // by instance; nil: no more is known of them
	Holders   []string  // names; holder number n is Holders[n-1]

	ClientLatency Time // of a client's call and of its answer, one way

	// Decisions is what was decided in the run, in the words of a schedule, with
	// times: what is needed to run it again.
	Decisions []string
}

// Setting is what is known of an instance beside its name.
type Setting struct {
	Increment         protocol.ID
	Timeout           Time
	PromiseTimeout    Time // 0: the same as Timeout
	PromiseDelay      Delay
	RulesOn, RulesOff protocol.Rules // of its own, otherwise than those of all
	Program           string         // what the program is called that plays it, "" for none
}

// TimeoutOf is how long an instance's calls of a phase may take.
func (h *Header) TimeoutOf(at int8, p protocol.Phase) Time {
	if s := &h.Settings[at]; p != protocol.Proposing || s.PromiseTimeout == 0 {
		return s.Timeout
	}
	return h.Settings[at].PromiseTimeout
}

// Delay is a span of time that lies between two, both included.
type Delay struct{ Low, High Time }

// Name is the name of an instance.
func (h *Header) Name(p protocol.Position) string { return h.Instances[p] }

// HolderName is the name of a holder, "" for the free lock.
func (h *Header) HolderName(holder protocol.Holder) string {
	if holder == protocol.Free {
		return ""
	}
	return h.Holders[holder-1]
}

// RulesOf is the rules that an instance follows. Of one that a program plays, none is
// known to be off.
func (h *Header) RulesOf(p int8) protocol.Rules {
	switch {
	case h.IsPlayed(p):
		return ^protocol.Rules(0)
	case int(p) < len(h.Settings):
		return h.Rules&^h.Settings[p].RulesOff | h.Settings[p].RulesOn
	}
	return h.Rules
}

// IsPlayed reports whether a program plays an instance, in place of the built-in protocol.
func (h *Header) IsPlayed(p int8) bool {
	return p >= 0 && int(p) < len(h.Settings) && h.Settings[p].Program != ""
}

// Played is the instances that programs play.
func (h *Header) Played() (played protocol.Set) {
	for p := range h.Settings {
		if h.Settings[p].Program != "" {
			played = played.With(protocol.Position(p))
		}
	}
	return played
}

// Needed is how many yes a phase needs to be safe: see [protocol.Quorums].
func (h *Header) Needed(p protocol.Phase) int { return h.Quorums.Needed(p, len(h.Instances)) }

// Enough is how many yes and how many no decide a phase at an instance.
func (h *Header) Enough(at int8, p protocol.Phase) (yea, nay int) {
	return h.Quorums.Enough(h.RulesOf(at), p, len(h.Instances))
}

// Word is what the votes that decide a phase at an instance are called: a majority, a
// quorum where one is given, or "" where the rule majority is off and they are just enough.
func (h *Header) Word(at int8, p protocol.Phase) string {
	if h.Quorums.Of(p) == 0 && !h.RulesOf(at).Has(protocol.Majority) {
		return ""
	}
	return h.Quorums.Word(p)
}

// Slow reports whether an instance's answers to promise requests take time.
func (h *Header) Slow(p int8) bool {
	return int(p) < len(h.Settings) && h.Settings[p].PromiseDelay.High > 0
}

// RefusesItself reports whether a proposer's own acceptor says no to its commit.
func (h *Header) RefusesItself(e *Event) bool {
	return !e.Stored && (h.RulesOf(e.Instance).Has(protocol.AckAccepted) || e.State.Accepted.ID != e.Proposal.ID)
}
