// Package narrate tells the events of a run as sentences: what happened and why,
// in the protocol's words, with the number of the event that was the reason.
//
// A [Narrator] reads the events in order, from the first, and remembers what it
// needs for its reasons: who was promised what, what was accepted from whom, how
// the calls of a round went.
package narrate

import (
	"skinny/protocol"
	"skinny/sim/prose"
	"skinny/sim/trace"
)

// Glyphs between and before those who act. All of it reads without colour.
const (
	Sent    = "─▶" // sent or delivered
	Lost    = "─✗"
	Copied  = "═▶"
	Timeout = "⏱"
	Crashed = "✝"
	Again   = "↻"
)

// Actor is somebody in a line: an instance, or a client (Instance is trace.None).
type Actor struct {
	Name     string
	Instance int8
}

// Line is one event told.
type Line struct {
	Event int
	At    trace.Time
	Kind  trace.Kind
	From  Actor
	Glyph string     // before From if To is empty, else between the two
	To    Actor      // who receives, if somebody does
	What  prose.Text // the message, or what is done
	Why   prose.Text // the reason; empty if there is nothing to explain
	Cause int        // the number of the event that caused it, or 0

	Majority Majority // that forms by this event
	Question bool     // What asks something, and ends like it
}

// Majority is the votes that decide a phase. The zero Majority is none.
type Majority struct {
	Phase protocol.Phase
	Yes   bool
	Votes protocol.Set
}

// Would says the line of something that has not happened: "b would say no: below 4".
func (l *Line) Would() prose.Text {
	who := l.To.Name
	if who == "" {
		who = l.From.Name
	}
	switch l.Kind {
	case trace.Promise, trace.Accept:
		return prose.Of(who, " would say ", l.Why)
	case trace.Count:
		return prose.Of(who, " would count it: ", l.Why)
	case trace.Expire, trace.GiveUp:
		return prose.Of(who, " would give up waiting: ", l.Why)
	case trace.Wait, trace.Hold:
		return prose.Of("it ", l.Why)
	case trace.Ignore:
		return prose.Of(who, " would ignore it: ", l.Why)
	}
	if l.Why.Empty() {
		return prose.Of("it would be: ", l.What)
	}
	return prose.Of("it would be: ", l.What, ", ", l.Why)
}

// Narrator tells the events of one run.
type Narrator struct {
	header    *trace.Header
	names     *prose.Names
	words     prose.Builder // the reason of the line that is told
	instances []memory
	invoked   map[uint32]trace.Time     // by operation: when its client called
	read      map[uint32]protocol.State // by operation: what a status has read
	waiting   map[int]wait              // by event number
	ownVote   bool                      // it was said that a proposer votes too
	named     protocol.Rules            // rules of which it was said once that they are off
}

// wait is something that has begun to wait.
type wait struct {
	event int // by which it did
	since trace.Time
}

// memory is what the narrator knows of one instance.
type memory struct {
	state      protocol.State
	promised   prose.Text // how State.Promised came about; empty for not at all
	promisedAt int        // the event by which it did
	promisedTo int8       // whom it was promised to, or trace.None
	acceptedAt int        // the event by which State.Accepted was stored or learned
	learned    bool       // State.Accepted was learned
	handledAt  trace.Time // when it handled its last promise request
	expiredAt  int        // the event by which a deadline passed last
	down       bool
	round      round
	ended      map[call]end // phases that have ended
}

// call tells the phases of an instance apart, as far as its messages do.
type call struct {
	phase protocol.Phase
	id    protocol.ID
}

// end is how a phase ended.
type end struct {
	event   int  // that ended it: the last vote, or the deadline
	expired bool // by the deadline
	won     bool
}

// round is how the calls of an instance's running phase went.
type round struct {
	phase     protocol.Phase
	operation protocol.Operation
	id        protocol.ID
	value     protocol.Holder
	began     int               // the event by which the phase began
	yea, nay  protocol.Set      // who answered; the proposer itself included
	failed    protocol.Set      // whose call failed
	silent    protocol.Set      // who did not answer in time
	agreed    protocol.Set      // who handled the request with yes, whether that was heard or not
	base      protocol.Proposal // phase 1: the highest proposal learned, under the rule learn-aside
}

// New returns a narrator of the run that the header describes.
func New(h *trace.Header) *Narrator {
	return &Narrator{
		header:    h,
		names:     prose.NamesOf(h),
		instances: make([]memory, len(h.Instances)),
		invoked:   make(map[uint32]trace.Time),
		read:      make(map[uint32]protocol.State),
		waiting:   make(map[int]wait),
	}
}

// Tell returns the line of the next event.
func (n *Narrator) Tell(e *trace.Event) Line {
	l := Line{Event: e.Number, At: e.At, Kind: e.Kind, Cause: e.Cause}
	switch e.Kind {
	case trace.Call, trace.Answer, trace.Receive, trace.GiveUp:
		n.tellClient(e, &l)
	case trace.Propose, trace.Commit, trace.Backoff, trace.Expire:
		n.tellRound(e, &l)
	case trace.Promise, trace.Accept, trace.Count, trace.Reply:
		n.tellMessage(e, &l)
	case trace.Ignore, trace.Fail, trace.Wait, trace.Hold, trace.Lose, trace.Duplicate, trace.Refuse:
		n.tellMishap(e, &l)
	default:
		n.tellFault(e, &l)
	}
	l.Why = n.words.Text()
	n.remember(e)
	return l
}

// remember keeps what later sentences give as reasons.
func (n *Narrator) remember(e *trace.Event) {
	if e.Instance == trace.None {
		return
	}
	m := &n.instances[e.Instance]
	before := m.state
	m.state = e.State
	again := e.Kind == trace.Promise && e.Message.Yes // an equal ID, with promise-once off
	if m.state.Promised != before.Promised || again {
		m.promisedAt = e.Number
		m.promised = n.promisee(e)
		m.promisedTo = trace.None
		if e.Kind == trace.Promise {
			m.promisedTo = e.Peer
		}
	}
	if m.state.Accepted != before.Accepted || e.Stored {
		m.acceptedAt = e.Number
		m.learned = e.Learned
	}
	self := protocol.Set(0).With(protocol.Position(e.Instance))
	switch e.Kind {
	case trace.Commit, trace.Backoff, trace.Answer:
		m.end(e)
	}
	switch e.Kind {
	case trace.Call:
		n.invoked[e.Operation.Number] = e.At
	case trace.Promise, trace.Accept:
		if e.Kind == trace.Promise {
			m.handledAt = e.At
		}
		if r := &n.instances[e.Peer].round; e.Message.Yes && callOf(&e.Message) == (call{r.phase, r.id}) {
			r.agreed |= self
		}
	case trace.Count:
		if e.Learned {
			m.round.base = e.Message.Proposal
		}
	case trace.Expire:
		m.expiredAt = e.Number
	case trace.Propose:
		m.round = round{phase: protocol.Proposing, operation: e.Operation, id: e.Message.ID, began: e.Number, yea: self}
		m.round.base = e.State.Accepted
	case trace.Commit:
		m.round = round{phase: protocol.Committing, operation: e.Operation, id: e.Proposal.ID, began: e.Number, yea: self}
		m.round.value = e.Proposal.Holder
		if n.refusesItself(e) {
			m.round.yea, m.round.nay = 0, self
		}
	case trace.Restart:
		m.down = false
	case trace.Crash:
		m.down = true
		m.round = round{}
	case trace.Backoff, trace.Answer:
		if e.Operation.Number == m.round.operation.Number {
			m.round = round{}
		}
		if e.Outcome == protocol.Answered {
			n.read[e.Operation.Number] = e.State
		}
	case trace.Wait, trace.Hold:
		w, ok := n.waiting[e.Cause]
		if !ok {
			w = wait{e.Number, e.At}
		}
		n.waiting[e.Number] = w
	}
}

// end notes that the phase that an instance ran has ended by the cause of an event.
func (m *memory) end(e *trace.Event) {
	if m.round.phase == protocol.Idle || m.round.operation.Number != e.Operation.Number {
		return
	}
	if m.ended == nil {
		m.ended = make(map[call]end)
	}
	m.ended[call{m.round.phase, m.round.id}] = end{e.Cause, e.Cause == m.expiredAt, e.Won}
}

// promisee says how an instance came to its promise by an event.
func (n *Narrator) promisee(e *trace.Event) prose.Text {
	switch {
	case e.Kind == trace.Promise:
		return prose.Of("promised to ", n.name(e.Peer))
	case e.Kind == trace.Accept:
		return prose.Of("promised by accepting it from ", n.name(e.Peer))
	case e.Kind == trace.Propose:
		return prose.Of("its own proposal")
	case e.Jumped && (e.Kind == trace.Commit || !n.header.Rules.Has(protocol.TellPromised)):
		return prose.Of("to which it jumped")
	case e.Kind == trace.Backoff || e.Kind == trace.Answer:
		return prose.Of("of which it heard")
	}
	return prose.Text{}
}

func (n *Narrator) say(parts ...any) { n.words.Say(parts...) }

func (n *Narrator) name(p int8) prose.Span { return n.names.Instance(p) }

func (n *Narrator) instance(p int8) Actor { return Actor{n.name(p).Words, p} }

func (n *Narrator) holder(h protocol.Holder) prose.Span { return n.names.Holder(h) }

func (n *Narrator) set(s protocol.Set) prose.Text { return n.names.Set(s) }

// asker names the client of an operation.
func (n *Narrator) asker(op protocol.Operation) prose.Span {
	if op.Kind == protocol.Status {
		return prose.Span{Words: "operator"}
	}
	return n.names.Client(op.Holder)
}

// who is the client of an operation.
func (n *Narrator) who(op protocol.Operation) Actor { return Actor{n.asker(op).Words, trace.None} }

// client names the client of an operation within a sentence.
func (n *Narrator) client(op protocol.Operation) prose.Span {
	if op.Kind == protocol.Status {
		return prose.Span{Words: "the operator"}
	}
	return n.asker(op)
}

// proposal writes a proposal as "ID 3 (bob)".
func (n *Narrator) proposal(p protocol.Proposal) prose.Text {
	if p.ID == 0 {
		return prose.Of("nothing accepted")
	}
	return prose.Of("ID ", p.ID, " (", n.holder(p.Holder), ")")
}
