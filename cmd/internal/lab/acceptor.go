package lab

import (
	"slices"

	"skinny/protocol"
	"skinny/sim/prose"
	"skinny/sim/trace"
)

// The rows, in the order of the stages that need them.
var (
	promisesRow = row("answers-promises", "A promise request is answered at once: yes if nothing as high was promised before.",
		"A promise request is answered wrongly", acceptors(false))
	commitsRow = row("answers-commits", "A commit request is answered at once: yes if nothing higher was promised before, and that is a promise, too.",
		"A commit request is answered wrongly", acceptors(true))
)

// acceptor judges what instances with programs answer to requests: promise requests, or
// commit requests and what promises tell of them.
type acceptor struct {
	*judge
	commits bool
	of      []promises // by instance
}

func acceptors(commits bool) func(*judge) func(*trace.Event) {
	return func(j *judge) func(*trace.Event) {
		return (&acceptor{j, commits, make([]promises, len(j.header.Instances))}).observe
	}
}

// promises is what an instance has bound itself to by what it sent.
type promises struct {
	id       protocol.ID // the highest that it promised, by a promise, an acceptance or a proposal of its own
	to       int8        // whose that is
	event    int
	seen     protocol.ID // the highest that it has met at all
	accepted protocol.Proposal
	since    int // the event by which it accepted that
	known    []known
	state    protocol.State // as it was shown last
}

// known is a proposal that an instance has met otherwise: it has heard of it, or it is one
// that it asked others to accept.
type known struct {
	protocol.Proposal
	own   bool
	event int
}

func (j *acceptor) observe(e *trace.Event) {
	p, m := &j.of[e.Instance], &e.Message
	switch e.Kind {
	case trace.Promise:
		j.promise(p, e)
		p.seen = max(p.seen, m.ID)
	case trace.Accept:
		j.commit(p, e)
		p.seen = max(p.seen, m.ID)
	case trace.Step:
		if m.Kind.IsRequest() {
			if j.commits == (m.Kind == protocol.CommitRequest) {
				j.violate("silent", j.names.Instance(e.Instance), " does not answer the ", m.Kind.String(), " of ", j.names.Instance(e.Peer), " with its ID ", m.ID)
			}
			p.seen = max(p.seen, m.ID)
		}
	case trace.Propose:
		p.raise(m.ID, e.Instance, e.Number)
	case trace.Commit:
		p.known = append(p.known, known{e.Proposal, true, e.Number})
		p.raise(e.Proposal.ID, e.Instance, e.Number)
	case trace.Count, trace.Ignore:
		p.seen = max(p.seen, m.Told, m.Proposal.ID)
		if m.Proposal.ID > 0 {
			p.known = append(p.known, known{m.Proposal, false, e.Number})
		}
	}
	p.state = e.State
}

func (p *promises) raise(id protocol.ID, to int8, event int) {
	p.seen = max(p.seen, id)
	if id > p.id {
		p.id, p.to, p.event = id, to, event
	}
}

func (j *acceptor) promise(p *promises, e *trace.Event) {
	self, asker, m := j.names.Instance(e.Instance), j.names.Instance(e.Peer), &e.Message
	switch {
	case j.commits && e.State.Accepted != p.state.Accepted:
		j.violate("changed", self, " answers a ", protocol.PromiseRequest.String(), ", and its state changes from ", j.proposal(p.state.Accepted), " to ", j.proposal(e.State.Accepted))
	case j.commits:
		if m.Yes {
			j.tells(p, e)
		}
	case m.Yes && m.ID < p.id:
		j.violate("too low", self, " promises ID ", m.ID, ", though it promised ", p.id, " (", prose.At(p.event), ")")
	case m.Yes && m.ID == p.id && p.to != e.Peer:
		j.violate("twice", self, " promises ID ", m.ID, " to ", asker, ", though it is ", j.names.Instance(p.to), "'s (", prose.At(p.event), ")")
	case m.Yes && e.State.Promised < m.ID:
		j.violate("not shown", self, " promises ID ", m.ID, ", and its state shows ", e.State.Promised, " as promised")
	case !m.Yes && e.State.Promised < p.state.Promised:
		j.violate("sinks", self, " refuses to promise ID ", m.ID, ", and what its state shows as promised sinks from ", p.state.Promised, " to ", e.State.Promised)
	case !m.Yes && m.ID > p.seen && p.id == 0:
		j.violate("refused", self, " refuses to promise ID ", m.ID, ", though it has promised nothing yet")
	case !m.Yes && m.ID > p.seen:
		j.violate("refused", self, " refuses to promise ID ", m.ID, ", though the highest that it promised is ", p.id, " (", prose.At(p.event), ")")
	}
	if m.Yes {
		p.raise(m.ID, e.Peer, e.Number)
	}
}

// tells judges what a promise tells of what was accepted: the last commit that was
// answered yes, one of its own that came later, or one with a higher ID, for whoever has
// that for accepted.
func (j *acceptor) tells(p *promises, e *trace.Event) {
	self, told := j.names.Instance(e.Instance), e.Message.Proposal
	switch {
	case told == p.accepted || slices.ContainsFunc(p.known, func(k known) bool {
		return k.Proposal == told && (k.ID > p.accepted.ID || k.own && k.event > p.since)
	}):
	case told.ID == 0:
		j.violate("not told", self, " promises and does not tell that it accepted ", j.proposal(p.accepted), " (", prose.At(p.since), ")")
	case p.since == 0:
		j.violate("told wrongly", self, " tells that it accepted ", j.proposal(told), ", and has accepted nothing")
	default:
		j.violate("told wrongly", self, " tells that it accepted ", j.proposal(told), ", and the last that it accepted is ", j.proposal(p.accepted), " (", prose.At(p.since), ")")
	}
}

func (j *acceptor) commit(p *promises, e *trace.Event) {
	self, m := j.names.Instance(e.Instance), &e.Message
	switch {
	case !j.commits:
	case m.Yes && m.ID < p.id:
		j.violate("too low", self, " accepts ID ", m.ID, ", though it promised ", p.id, " (", prose.At(p.event), ")")
	case m.Yes && e.State.Accepted != e.Proposal:
		j.violate("not shown", self, " accepts ", j.proposal(e.Proposal), ", and its state shows ", j.proposal(e.State.Accepted))
	case m.Yes && (e.State.Promised < m.ID || e.State.Promised > max(m.ID, p.seen, p.state.Promised)):
		j.violate("promised otherwise", self, " accepts ID ", m.ID, ", and its state shows ", e.State.Promised, " as promised")
	case !m.Yes && e.State.Accepted != p.state.Accepted:
		j.violate("changed", self, " refuses to accept ", j.proposal(e.Proposal), ", and its state changes from ", j.proposal(p.state.Accepted), " to ", j.proposal(e.State.Accepted))
	case !m.Yes && e.State.Promised < p.state.Promised:
		j.violate("sinks", self, " refuses to accept ID ", m.ID, ", and what its state shows as promised sinks from ", p.state.Promised, " to ", e.State.Promised)
	case !m.Yes && m.ID >= p.seen && p.id == 0:
		j.violate("refused", self, " refuses to accept ID ", m.ID, ", though it has promised nothing yet")
	case !m.Yes && m.ID >= p.seen:
		j.violate("refused", self, " refuses to accept ID ", m.ID, ", though the highest that it promised is ", p.id, " (", prose.At(p.event), ")")
	}
	if m.Yes {
		p.accepted, p.since = e.Proposal, e.Number
		p.raise(m.ID, e.Peer, e.Number)
	}
}
