// Package narrate tells the events of a run as sentences: what happened and why,
// in the protocol's words, with the number of the event that was the reason.
//
// A [Narrator] reads the events in order, from the first, and remembers what it
// needs for its reasons: who was promised what, what was accepted from whom, how
// the calls of a round went.
package narrate

import (
	"strconv"
	"strings"

	"skinny/protocol"
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
	Glyph string // before From if To is empty, else between the two
	To    Actor  // who receives, if somebody does
	What  string // the message, or what is done
	Why   string // the reason; empty if there is nothing to explain
	Cause int    // the number of the event that caused it, or 0
}

// Narrator tells the events of one run.
type Narrator struct {
	header    *trace.Header
	instances []memory
	invoked   map[uint32]trace.Time     // by operation: when its client called
	read      map[uint32]protocol.State // by operation: what a status has read
	waits     map[int]wait              // by event number
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
	promised   string     // how State.Promised came about, in words; "" for not at all
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
		instances: make([]memory, len(h.Instances)),
		invoked:   make(map[uint32]trace.Time),
		read:      make(map[uint32]protocol.State),
		waits:     make(map[int]wait),
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
		w, ok := n.waits[e.Cause]
		if !ok {
			w = wait{e.Number, e.At}
		}
		n.waits[e.Number] = w
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

// promisee says how an instance came to its promise by an event, in words.
func (n *Narrator) promisee(e *trace.Event) string {
	switch {
	case e.Kind == trace.Promise:
		return "promised to " + n.name(e.Peer)
	case e.Kind == trace.Accept:
		return "promised by accepting it from " + n.name(e.Peer)
	case e.Kind == trace.Propose:
		return "its own proposal"
	case e.Jumped && (e.Kind == trace.Commit || !n.header.Rules.Has(protocol.TellPromised)):
		return "to which it jumped"
	case e.Kind == trace.Backoff || e.Kind == trace.Answer:
		return "of which it heard"
	}
	return ""
}

func (n *Narrator) name(p int8) string { return n.header.Instances[p] }

func (n *Narrator) instance(p int8) Actor { return Actor{n.name(p), p} }

func (n *Narrator) holder(h protocol.Holder) string {
	if h == protocol.Free {
		return "free"
	}
	return n.header.HolderName(h)
}

// who is the client of an operation.
func (n *Narrator) who(op protocol.Operation) Actor {
	if op.Kind == protocol.Status {
		return Actor{"operator", trace.None}
	}
	return Actor{n.header.HolderName(op.Holder), trace.None}
}

// client names the client of an operation within a sentence.
func (n *Narrator) client(op protocol.Operation) string {
	if op.Kind == protocol.Status {
		return "the operator"
	}
	return n.header.HolderName(op.Holder)
}

// proposal writes a proposal as "ID 3 (bob)".
func (n *Narrator) proposal(p protocol.Proposal) string {
	if p.ID == 0 {
		return "nothing accepted"
	}
	return "ID " + number(p.ID) + " (" + n.holder(p.Holder) + ")"
}

// names lists the instances of a set: "a", "a and b", "a, b and c".
func (n *Narrator) names(s protocol.Set) string {
	var list []string
	for ; s != 0; s = s.Without(s.First()) {
		list = append(list, n.header.Instances[s.First()])
	}
	return join(list)
}

func join(list []string) string {
	if len(list) < 2 {
		return strings.Join(list, "")
	}
	return strings.Join(list[:len(list)-1], ", ") + " and " + list[len(list)-1]
}

func number(id protocol.ID) string { return strconv.FormatUint(uint64(id), 10) }

// event refers to an event by its number.
func event(number int) string { return "event " + strconv.Itoa(number) }

// Named lists the events that a sentence of a narrator or a judge names.
func Named(sentence string) []int {
	var list []int
	for {
		_, rest, found := strings.Cut(sentence, "event ")
		if !found {
			return list
		}
		digits := 0
		for digits < len(rest) && '0' <= rest[digits] && rest[digits] <= '9' {
			digits++
		}
		if number, err := strconv.Atoi(rest[:digits]); err == nil {
			list = append(list, number)
		}
		sentence = rest
	}
}

// Span writes a span of time, cut to thousandths of its unit: "500 ms", "1.5 s".
func Span(t trace.Time) string {
	switch {
	case t == 0:
		return "0 ms"
	case t >= trace.Second:
		return decimal(t, trace.Second) + " s"
	case t >= trace.Millisecond:
		return decimal(t, trace.Millisecond) + " ms"
	case t >= trace.Microsecond:
		return decimal(t, trace.Microsecond) + " µs"
	}
	return strconv.FormatInt(int64(t), 10) + " ns"
}

// decimal writes t in a unit, without trailing zeros.
func decimal(t, unit trace.Time) string {
	s := strconv.FormatInt(int64(t/unit), 10)
	thousandths := int64(t % unit / (unit / 1000))
	if thousandths == 0 {
		return s
	}
	digits := strconv.FormatInt(1000+thousandths, 10)[1:]
	return s + "." + strings.TrimRight(digits, "0")
}
