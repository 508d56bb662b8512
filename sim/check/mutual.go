package check

import (
	"skinny/protocol"
	"skinny/sim/trace"
)

// mutualExclusion judges what clients see: one that is told acquired holds the
// lock until a release that names it is invoked, and meanwhile nobody else is told
// acquired. An answer that came after its client stopped waiting is not received.
type mutualExclusion struct {
	header *trace.Header
	holder protocol.Holder // who holds the lock, or Free
	since  int             // the event by which

	violation int // the event by which a second client held it
	second    protocol.Holder
}

func (m *mutualExclusion) reset(h *trace.Header) { *m = mutualExclusion{header: h} }

// Observe judges one event.
func (m *mutualExclusion) Observe(e *trace.Event) {
	client := e.Operation.Holder
	switch {
	case m.violation != 0:
		// The first violation is the one to tell.
	case e.Kind == trace.Call:
		if e.Operation.Kind == protocol.Release && client == m.holder {
			m.holder = protocol.Free
		}
	case !e.Received() || e.Outcome != protocol.Acquired:
		// Nobody's hold begins.
	case m.holder == protocol.Free:
		m.holder, m.since = client, e.Number
	case m.holder != client:
		m.violation, m.second = e.Number, client
	}
}

// Verdict says how the property stands.
func (m *mutualExclusion) Verdict() Verdict {
	return verdict(mutualExclusionName, m.violation, func() string {
		return m.header.HolderName(m.second) + " is told acquired while " +
			m.header.HolderName(m.holder) + " has held the lock since " + eventWords(m.since)
	})
}
