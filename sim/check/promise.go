package check

import (
	"skinny/protocol"
	"skinny/sim/prose"
	"skinny/sim/trace"
)

// promiseKept judges each instance by the highest ID that it ever promised: it
// never promises or accepts below that, whether it restarted meanwhile or not.
type promiseKept struct {
	NoEnd
	header   *trace.Header
	promised []promised // by instance

	violation int // the event by which a promise was broken
	kind      trace.Kind
	instance  int8
	id        protocol.ID
	broken    promised
}

// promised is the highest ID that an instance has promised, and the event by
// which it did.
type promised struct {
	id    protocol.ID
	event int
}

// Reset makes it the judge of another run.
func (p *promiseKept) Reset(h *trace.Header) {
	*p = promiseKept{header: h, promised: trace.Cleared(p.promised, len(h.Instances))}
}

// Observe judges one event at an instance.
func (p *promiseKept) Observe(e *trace.Event) {
	highest := &p.promised[e.Instance]
	switch e.Kind {
	case trace.Promise:
		if e.Message.Yes {
			p.judge(e, e.Message.ID, highest)
		}
	case trace.Propose:
		p.judge(e, e.Message.ID, highest)
	case trace.Accept, trace.Commit:
		if e.Stored {
			p.judge(e, e.Proposal.ID, highest)
		}
	}
	if e.State.Promised > highest.id {
		*highest = promised{e.State.Promised, e.Number}
	}
}

// judge compares what an instance promises or accepts with what it promised.
func (p *promiseKept) judge(e *trace.Event, id protocol.ID, highest *promised) {
	if id < highest.id && p.violation == 0 {
		p.violation, p.kind, p.instance = e.Number, e.Kind, e.Instance
		p.id, p.broken = id, *highest
	}
}

// Verdict says how the property stands.
func (p *promiseKept) Verdict() Verdict {
	return verdict(p.violation, func() (string, prose.Text) {
		did := "accepts"
		switch p.kind {
		case trace.Promise:
			did = "promises"
		case trace.Propose:
			did = "proposes"
		case trace.Commit:
			did = "commits and accepts"
		}
		return did, prose.Of(prose.NamesOf(p.header).Instance(p.instance), " ", did, " ID ", p.id, " although it promised ID ",
			p.broken.id, " before (", prose.At(p.broken.event), ")")
	})
}
