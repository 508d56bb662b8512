package check

import (
	"testing"

	"skinny/protocol"
	"skinny/sim/prose"
	"skinny/sim/trace"
)

// story is a trace written by hand. Every method adds one event; the instances'
// states follow from the events as they would without any rule.
type story struct {
	header     *trace.Header
	events     []trace.Event
	states     []protocol.State
	operations []protocol.Operation
}

// newStory is an empty trace of a cluster with instances a, b, c and so on.
func newStory(rules protocol.Rules, size int) *story {
	return &story{header: header(rules, size), states: make([]protocol.State, size)}
}

// add numbers the event, gives it its instance's state and returns its number.
func (s *story) add(e trace.Event) int {
	e.Number = len(s.events) + 1
	e.State = s.states[e.Instance]
	s.events = append(s.events, e)
	return e.Number
}

// call adds a client's call of instance a and returns the operation's number.
func (s *story) call(kind protocol.OperationKind, holder protocol.Holder) int {
	op := protocol.Operation{Kind: kind, Holder: holder, Number: uint32(len(s.operations) + 1)}
	s.operations = append(s.operations, op)
	s.add(trace.Event{Kind: trace.Call, Operation: op})
	return int(op.Number)
}

// answer adds the answer that ends an operation, which the client has at once.
func (s *story) answer(op int, outcome protocol.Outcome, told protocol.Holder) int {
	return s.add(trace.Event{
		Kind: trace.Answer, Direct: true, Operation: s.operations[op-1], Outcome: outcome, Holder: told,
	})
}

// propose adds the begin of phase 1.
func (s *story) propose(at int8, id protocol.ID) int {
	s.states[at].Promised = id
	return s.add(trace.Event{Kind: trace.Propose, Instance: at, Message: protocol.Message{ID: id}})
}

// promise adds the answer to a promise request.
func (s *story) promise(at int8, id protocol.ID, yes bool) int {
	if yes {
		s.states[at].Promised = id
	}
	return s.add(trace.Event{Kind: trace.Promise, Instance: at, Message: protocol.Message{ID: id, Yes: yes}})
}

// commit adds the begin of phase 2, stored by the proposer itself.
func (s *story) commit(op int, at int8, id protocol.ID, holder protocol.Holder, base protocol.ID) int {
	p := protocol.Proposal{ID: id, Holder: holder}
	s.states[at].Accepted = p
	return s.add(trace.Event{
		Kind: trace.Commit, Instance: at, Operation: s.operations[op-1],
		Proposal: p, Base: protocol.Proposal{ID: base}, Stored: true,
	})
}

// accept adds the answer to a commit request.
func (s *story) accept(at int8, id protocol.ID, holder protocol.Holder, stored bool) int {
	p := protocol.Proposal{ID: id, Holder: holder}
	if stored {
		s.states[at].Accepted = p
	}
	return s.add(trace.Event{Kind: trace.Accept, Instance: at, Proposal: p, Stored: stored})
}

// restart adds a restart that forgets everything.
func (s *story) restart(at int8) int {
	s.states[at] = protocol.State{}
	return s.add(trace.Event{Kind: trace.Restart, Instance: at})
}

// verdict is what the property's judge says at the end of the story.
func (s *story) verdict(t *testing.T, property string) Verdict {
	t.Helper()
	j := NewJudges(s.header)
	for i := range s.events {
		j.Observe(&s.events[i])
	}
	return find(t, j.Verdicts(), property)
}

// said is what a verdict says, without what it says of its property and its kind,
// and with its reason in plain words.
func said(v Verdict) Verdict {
	v.Severity, v.Kind, v.Without, v.Why = 0, "", "", prose.Of(v.Why.String())
	return v
}

// find is the verdict on a property.
func find(t *testing.T, verdicts []Verdict, property string) Verdict {
	t.Helper()
	for _, v := range verdicts {
		if v.Property == property {
			return v
		}
	}
	t.Fatalf("no verdict on %q", property)
	return Verdict{}
}

// kept expects the story to keep a property.
func (s *story) kept(t *testing.T, property string) {
	t.Helper()
	if v := s.verdict(t, property); said(v) != (Verdict{Property: property}) {
		t.Errorf("%s is %s at event %d: %s", property, v.State, v.Event, v.Why)
	}
}

// violated expects the story to violate a property at an event, in what way, and why.
func (s *story) violated(t *testing.T, property string, event int, kind, why string) {
	t.Helper()
	want := Verdict{Property: property, State: Violated, Event: event, Why: prose.Of(why)}
	if v := s.verdict(t, property); said(v) != want || v.Kind != kind {
		t.Errorf("got  %+v\nwant %+v", v, want)
	}
}
