// Package narrate tells the events of a run as sentences: what happened and why,
// in the protocol's words, with the number of the event that was the reason.
//
// A [Narrator] reads the events in order, from the first. What it knows of the run
// is its follower's; it remembers only how things were called.
package narrate

import (
	"maps"

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

	Question bool // What asks something, and ends like it

	From  Actor
	Glyph string     // before From if To is empty, else between the two
	To    Actor      // who receives, if somebody does
	What  prose.Text // the message, or what is done
	Why   prose.Text // the reason; empty if there is nothing to explain
	Cause int        // the number of the event that caused it, or 0

	Majority trace.Majority // that forms by this event
}

// Who is those who act, as they stand in a line: each as a function writes it, and the
// glyph as it is given.
func (l *Line) Who(glyph string, actor func(Actor) string) string {
	switch {
	case l.To.Name != "":
		return actor(l.From) + " " + glyph + " " + actor(l.To)
	case glyph != "":
		return glyph + " " + actor(l.From)
	}
	return actor(l.From)
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
	header  *trace.Header
	names   *prose.Names
	words   prose.Builder   // the reason of the line that is told
	aside   prose.Builder   // other texts of it
	run     *trace.Follower // with that line's event
	was     trace.Instance  // how its instance stood before it
	ended   map[call]end    // phases that have ended
	waiting map[int]wait    // by event number
	lost    map[int8]loss   // by instance, until it restarts
	ownVote bool            // it was said that a proposer votes too
	at      int8            // where the event happens
	rules   protocol.Rules  // that are followed there
	named   protocol.Rules  // rules of which it was said once that they are off
}

type wait struct {
	event int // by which it did
	since trace.Time
}

// loss is that of what an instance had stored, or of the last of it.
type loss struct {
	event int
	kind  trace.Kind
}

// call tells phases apart, as far as their messages do.
type call struct {
	instance int8
	phase    protocol.Phase
	id       protocol.ID
}

// end is how a phase ended.
type end struct {
	event   int  // that ended it: the last vote, or the deadline
	expired bool // by the deadline
	won     bool
}

// New returns a narrator of the run that the header describes.
func New(h *trace.Header) *Narrator {
	return &Narrator{
		header:  h,
		names:   prose.NamesOf(h),
		run:     trace.NewFollower(h),
		ended:   make(map[call]end),
		waiting: make(map[int]wait),
		lost:    make(map[int8]loss),
	}
}

// Clone is a narrator that was told the same events, and goes on independently.
func (n *Narrator) Clone() *Narrator {
	c := *n
	c.words, c.aside = prose.Builder{}, prose.Builder{}
	c.run = n.run.Clone()
	c.ended, c.waiting, c.lost = maps.Clone(n.ended), maps.Clone(n.waiting), maps.Clone(n.lost)
	return &c
}

// Run is how the run stands after the events that were told.
func (n *Narrator) Run() *trace.Follower { return n.run }

// Tell returns the line of the next event.
func (n *Narrator) Tell(e *trace.Event) Line {
	l := Line{Event: e.Number, At: e.At, Kind: e.Kind, Cause: e.Cause}
	n.at, n.rules = e.Instance, n.header.Rules
	if e.Instance != trace.None {
		n.was = n.run.Instances[e.Instance]
		n.rules = n.header.RulesOf(e.Instance)
	}
	n.run.Observe(e)
	l.Majority = n.run.Formed
	switch e.Kind {
	case trace.Call, trace.Answer, trace.Receive, trace.GiveUp:
		n.tellClient(e, &l)
	case trace.Propose, trace.Commit, trace.Backoff, trace.Expire:
		n.tellRound(e, &l)
	case trace.Promise, trace.Accept, trace.Count, trace.Reply:
		n.tellMessage(e, &l)
	case trace.Ignore, trace.Fail, trace.Wait, trace.Hold, trace.Lose, trace.Duplicate, trace.Refuse:
		n.tellMishap(e, &l)
	case trace.Step:
		n.tellStep(e, &l)
	default:
		n.tellFault(e, &l)
	}
	if e.Note {
		n.and(!n.words.Empty())
		n.say("with a note")
	}
	l.Why = n.words.Text()
	n.remember(e)
	return l
}

// remember keeps what later sentences give as reasons.
func (n *Narrator) remember(e *trace.Event) {
	switch r := &n.was.Round; e.Kind {
	case trace.Commit, trace.Backoff, trace.Answer:
		if r.Phase != protocol.Idle && r.Operation.Number == e.Operation.Number {
			n.ended[call{e.Instance, r.Phase, r.ID}] = end{e.Cause, e.Cause == n.was.Expired, e.Won}
		}
	case trace.Wait, trace.Hold:
		w, ok := n.waiting[e.Cause]
		if !ok {
			w = wait{e.Number, e.At}
		}
		n.waiting[e.Number] = w
	case trace.Wipe, trace.Tear:
		if e.Reason != trace.AlreadySo {
			n.lost[e.Instance] = loss{e.Number, e.Kind}
		}
	case trace.Restart:
		if e.Reason != trace.AlreadySo {
			delete(n.lost, e.Instance)
		}
	}
}

// round is the round of an event's instance, the event's vote included.
func (n *Narrator) round(e *trace.Event) *trace.Round { return &n.run.Instances[e.Instance].Round }

func (n *Narrator) say(parts ...any) { n.words.Say(parts...) }

// text is a text beside the reason.
func (n *Narrator) text(parts ...any) prose.Text {
	n.aside.Say(parts...)
	return n.aside.Text()
}

func (n *Narrator) name(p int8) prose.Span { return n.names.Instance(p) }

func (n *Narrator) instance(p int8) Actor { return Actor{n.name(p).Words, p} }

func (n *Narrator) holder(h protocol.Holder) prose.Span { return n.names.Holder(h) }

func (n *Narrator) set(s protocol.Set) prose.Set { return n.names.Set(s) }

// asker names the client of an operation.
func (n *Narrator) asker(op protocol.Operation) prose.Span {
	if op.Kind == protocol.Status {
		return prose.Span{Words: "operator"}
	}
	return n.names.Client(op.Holder)
}

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
		return prose.Words("nothing accepted")
	}
	return n.text("ID ", p.ID, " (", n.holder(p.Holder), ")")
}
