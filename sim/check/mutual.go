package check

import (
	"skinny/protocol"
	"skinny/sim/prose"
	"skinny/sim/trace"
)

// mutualExclusion judges what clients see: one that is told acquired holds the
// lock until a release that names it is invoked, and meanwhile nobody else is told
// acquired. An answer that came after its client stopped waiting is not received,
// and one that came after its client has released since it asked begins no hold.
type mutualExclusion struct {
	ruling
	holder   protocol.Holder // who holds the lock, or Free
	since    int             // the event by which
	calls    []int           // by operation number: the event by which it was called
	releases []int           // by holder: the event by which it last released
}

func (m *mutualExclusion) Reset(h *trace.Header) {
	*m = mutualExclusion{
		ruling:   ruling{header: h},
		calls:    m.calls[:0],
		releases: trace.Cleared(m.releases, len(h.Holders)+1),
	}
}

func (m *mutualExclusion) Observe(e *trace.Event) {
	client := e.Operation.Holder
	switch {
	case m.broken.Number != 0:
		// The first violation is the one to tell.
	case e.Kind == trace.Call:
		m.called(e)
	case !e.Received() || e.Outcome != protocol.Acquired:
		// Nobody's hold begins.
	case m.releases[client] > m.calls[e.Operation.Number]:
		// It does not want the lock any more.
	case m.holder == protocol.Free:
		m.holder, m.since = client, e.Number
	case m.holder != client:
		m.broken = *e
	}
}

func (m *mutualExclusion) called(e *trace.Event) {
	number := int(e.Operation.Number)
	m.calls = trace.Grown(m.calls, number+1)
	m.calls[number] = e.Number
	if e.Operation.Kind != protocol.Release {
		return
	}
	m.releases[e.Operation.Holder] = e.Number
	if e.Operation.Holder == m.holder {
		m.holder = protocol.Free
	}
}

func (m *mutualExclusion) Verdict() Verdict {
	return verdict(m.broken.Number, func() (string, prose.Text) {
		names := prose.NamesOf(m.header)
		return "held by another", prose.Of(names.Client(m.broken.Operation.Holder), " is told acquired while ",
			names.Client(m.holder), " has held the lock since ", prose.At(m.since))
	})
}
