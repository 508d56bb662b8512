package trace

import "skinny/protocol"

// Header is what a reader of a trace has to know beside its events.
type Header struct {
	Title     string
	Edition   string
	Rules     protocol.Rules
	Seed      uint64
	Instances []string      // names in display order
	Increment []protocol.ID // by instance
	Timeout   []Time        // by instance
	Holders   []string      // names; holder number n is Holders[n-1]

	PromiseDelay  []Delay // by instance; nil: none has any
	ClientLatency Time    // of a client's call and of its answer, one way

	// Decisions is what was decided in the run, in the words of a schedule, with
	// times: what is needed to run it again.
	Decisions []string
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

// Majority is the smallest number of instances that is more than half of them.
func (h *Header) Majority() int { return len(h.Instances)/2 + 1 }

// Enough is the number of votes that decide a phase.
func (h *Header) Enough(p protocol.Phase) int { return h.Rules.Enough(p, len(h.Instances)) }

// Slow reports whether an instance's answers to promise requests take time.
func (h *Header) Slow(p int8) bool { return int(p) < len(h.PromiseDelay) && h.PromiseDelay[p].High > 0 }

// RefusesItself reports whether a proposer's own acceptor says no to its commit.
func (h *Header) RefusesItself(e *Event) bool {
	return !e.Stored && (h.Rules.Has(protocol.AckAccepted) || e.State.Accepted.ID != e.Proposal.ID)
}
