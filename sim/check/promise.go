package check

import (
	"skinny/protocol"
	"skinny/sim/prose"
	"skinny/sim/trace"
)

// promiseKept judges each instance by the highest ID that it ever promised: it
// never promises or accepts below that, whether it restarted meanwhile or not.
type promiseKept struct {
	ruling
	promised []promised // by instance

	id     protocol.ID // that is promised or accepted
	before promised    // what it had promised before
}

// promised is the highest ID that an instance has promised, and by which event.
type promised struct {
	id    protocol.ID
	event int
}

func (p *promiseKept) Reset(h *trace.Header) {
	*p = promiseKept{ruling: ruling{header: h}, promised: trace.Cleared(p.promised, len(h.Instances))}
}

func (p *promiseKept) Observe(e *trace.Event) {
	highest := &p.promised[e.Instance]
	id, given := e.Proposal.ID, e.Stored
	switch e.Kind {
	case trace.Promise:
		id, given = e.Message.ID, e.Message.Yes
	case trace.Propose:
		id, given = e.Message.ID, true
	}
	if given && id < highest.id && p.broken.Number == 0 {
		p.broken, p.id, p.before = *e, id, *highest
	}
	if e.State.Promised > highest.id {
		*highest = promised{e.State.Promised, e.Number}
	}
}

func (p *promiseKept) Verdict() Verdict {
	return verdict(p.broken.Number, func() (string, prose.Text) {
		did := map[trace.Kind]string{
			trace.Promise: "promises", trace.Propose: "proposes", trace.Accept: "accepts", trace.Commit: "commits and accepts",
		}[p.broken.Kind]
		return did, prose.Of(prose.NamesOf(p.header).Instance(p.broken.Instance), " ", did, " ID ", p.id, " although it promised ID ",
			p.before.id, " before (", prose.At(p.before.event), ")")
	})
}
