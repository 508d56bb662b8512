package narrate

import (
	"strings"
	"testing"

	"skinny/protocol"
	"skinny/sim/trace"
)

// Instances and holders of the hand-made runs.
const (
	a int8 = iota
	b
	c
)

const (
	alice protocol.Holder = iota + 1
	bob
)

// testRun is a hand-made run that is told.
type testRun struct {
	t        *testing.T
	narrator *Narrator
	events   int
	waited   trace.Time
	hurried  bool
}

// newRun begins a run of three instances under an edition, with rules turned over.
func newRun(t *testing.T, edition string, over protocol.Rules) *testRun {
	t.Helper()
	e, ok := protocol.EditionByName(edition)
	if !ok {
		t.Fatalf("there is no edition %q", edition)
	}
	return &testRun{t: t, narrator: New(&trace.Header{
		Rules:     e.Rules ^ over,
		Instances: []string{"a", "b", "c"},
		Settings: []trace.Setting{
			{Increment: 1, Timeout: 500 * trace.Millisecond}, {Increment: 2, Timeout: 500 * trace.Millisecond}, {Increment: 3, Timeout: trace.Second},
		},
		Holders: []string{"alice", "bob"},
	})}
}

// tell tells the next event. Each happens a millisecond after the one before, and a
// deadline passes a second later, unless the run is hurried.
func (f *testRun) tell(e trace.Event) Line {
	f.events++
	e.Number = f.events
	if e.Kind == trace.Expire && !f.hurried {
		f.waited += trace.Second
	}
	e.At = trace.Time(f.events)*trace.Millisecond + f.waited
	return f.narrator.Tell(&e)
}

// want tells the next event, which has to read like this: who acts, what is done
// and why, with a bar in between.
func (f *testRun) want(e trace.Event, sentence string) {
	f.t.Helper()
	l := f.tell(e)
	if l.Event != f.events || l.Kind != e.Kind || l.Cause != e.Cause {
		f.t.Errorf("the line is not about the event: %+v", l)
	}
	if got := text(&l); got != sentence {
		f.t.Errorf("event %d, %v:\n got %s\nwant %s", f.events, e.Kind, got, sentence)
	}
}

func text(l *Line) string {
	who := l.From.Name + " " + l.Glyph + " " + l.To.Name
	if l.To.Name == "" {
		who = strings.TrimSpace(l.Glyph + " " + l.From.Name)
	}
	s := who + " | " + l.What.String()
	if !l.Why.Empty() {
		s += " | " + l.Why.String()
	}
	return s
}

// The events, as short as their fields allow.

func at(k trace.Kind, p int8) trace.Event {
	return trace.Event{Kind: k, Instance: p, Peer: trace.None}
}

// on is something that happens at an instance with another one.
func on(k trace.Kind, p, peer int8, m protocol.Message) trace.Event {
	return trace.Event{Kind: k, Instance: p, Peer: peer, Message: m}
}

func (f *testRun) operation(k trace.Kind, p int8, op protocol.Operation) trace.Event {
	e := at(k, p)
	e.Operation = op
	return e
}

func state(promised, id protocol.ID, h protocol.Holder) protocol.State {
	return protocol.State{Promised: promised, Accepted: protocol.Proposal{ID: id, Holder: h}}
}

func set(list ...int8) protocol.Set {
	var s protocol.Set
	for _, p := range list {
		s = s.With(protocol.Position(p))
	}
	return s
}

func acquire(h protocol.Holder, number uint32) protocol.Operation {
	return protocol.Operation{Kind: protocol.Acquire, Holder: h, Number: number}
}

func release(h protocol.Holder, number uint32) protocol.Operation {
	return protocol.Operation{Kind: protocol.Release, Holder: h, Number: number}
}

var statusOp = protocol.Operation{Kind: protocol.Status, Number: 9}

func promiseRequest(id protocol.ID) protocol.Message {
	return protocol.Message{Kind: protocol.PromiseRequest, ID: id}
}

func commitRequest(id protocol.ID, h protocol.Holder) protocol.Message {
	return protocol.Message{Kind: protocol.CommitRequest, ID: id, Proposal: protocol.Proposal{ID: id, Holder: h}}
}

func answered(k protocol.MessageKind, id protocol.ID, yes bool) protocol.Message {
	return protocol.Message{Kind: k, ID: id, Yes: yes}
}

func failed(call protocol.MessageKind, id protocol.ID) protocol.Message {
	return protocol.Message{Kind: protocol.Failure, Call: call, ID: id}
}

// promise is that p answers a request of peer for an ID.
func promise(p, peer int8, id protocol.ID, yes bool, after protocol.State) trace.Event {
	e := on(trace.Promise, p, peer, answered(protocol.PromiseResponse, id, yes))
	e.State = after
	return e
}

// accept is that p answers a commit of peer.
func accept(p, peer int8, proposal protocol.Proposal, yes, stored bool, after protocol.State) trace.Event {
	e := on(trace.Accept, p, peer, answered(protocol.CommitResponse, proposal.ID, yes))
	e.Proposal, e.Stored, e.State = proposal, stored, after
	return e
}

// propose is that p begins phase 1.
func propose(p int8, op protocol.Operation, id protocol.ID, try uint8, before protocol.State) trace.Event {
	e := at(trace.Propose, p)
	e.Operation, e.Try, e.Message, e.Asked = op, try, promiseRequest(id), set(a, b, c)&^set(p)
	e.State = before
	e.State.Promised = id
	return e
}

// commit is that p begins phase 2.
func commit(p int8, op protocol.Operation, base, proposal protocol.Proposal, yea protocol.Set, promised protocol.ID) trace.Event {
	e := at(trace.Commit, p)
	e.Operation, e.Base, e.Proposal, e.Yea, e.Won, e.Stored = op, base, proposal, yea, true, true
	e.State = protocol.State{Promised: promised, Accepted: proposal}
	return e
}

// count is that p counts an answer of peer.
func count(p, peer int8, m protocol.Message, after protocol.State) trace.Event {
	e := on(trace.Count, p, peer, m)
	e.State = after
	return e
}

// ends is that p's phase ends by its last vote: it backs off or answers.
func ends(k trace.Kind, p int8, op protocol.Operation, cause int, yea, nay protocol.Set, after protocol.State) trace.Event {
	e := at(k, p)
	e.Operation, e.Cause, e.Yea, e.Nay, e.State = op, cause, yea, nay, after
	e.Won = k == trace.Answer && yea.Len() > 1 // of three
	return e
}

func with(e trace.Event, change func(*trace.Event)) trace.Event {
	change(&e)
	return e
}
