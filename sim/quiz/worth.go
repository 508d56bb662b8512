package quiz

import (
	"skinny/protocol"
	"skinny/sim/trace"
)

// met is what was gone through to see which events are worth asking about.
type met struct {
	worth []Kind // by event, from event 1 on
	run   *trace.Follower
	times map[situation]int
}

// situation is what makes two questions the same one.
type situation struct {
	kind    Kind
	request protocol.MessageKind
	right   string
	how     int8 // how the ID compares with what was promised, how many votes there are …
	more    int8
	fresh   bool
}

// often is how often the same situation is asked about.
const often = 2

// Worth says whether an event is worth asking about, and what. What has been asked before
// in the run is not asked again and again, so it depends on the events up to this one.
func Worth(r *Run, event int) (Kind, bool) {
	if event < 1 || event > r.Len() {
		return NoKind, false
	}
	m := &r.met
	if m.run == nil {
		m.run, m.times = trace.NewFollower(r.Header), map[situation]int{}
	}
	for len(m.worth) < event {
		m.worth = append(m.worth, m.next(r, r.Event(len(m.worth)+1)))
	}
	return m.worth[event-1], m.worth[event-1] != NoKind
}

// next is what is worth asking about the next event.
func (m *met) next(r *Run, e *trace.Event) Kind {
	s := m.situation(r, e)
	m.run.Observe(e)
	if s.kind == Majority {
		round := &m.run.Instances[e.Instance].Round
		s.how, s.more = int8(round.Yea.Len()), int8(round.Noes().Len())
		s.right = map[bool]string{true: "formed"}[m.run.Formed.Votes != 0]
		if round.Yea.Len()+round.Noes().Len() == 1 {
			s.kind = NoKind // nothing but its own vote
		}
	}
	if s.kind == NoKind {
		return NoKind
	}
	most := often
	if s.fresh {
		most = 1
	}
	if m.times[s]++; m.times[s] > most {
		return NoKind
	}
	return s.kind
}

// situation is what there is to ask about an event that has not been followed yet.
func (m *met) situation(r *Run, e *trace.Event) (s situation) {
	if e.Instance == trace.None {
		return s
	}
	in := &m.run.Instances[e.Instance]
	switch request, ok := requestOf(e); {
	case ok:
		s = situation{kind: Answer, request: request.Kind, right: answerKey(e), how: compare(request.ID, in.State.Promised), more: compare(request.ID, in.State.Accepted.ID)}
		s.fresh = in.State == protocol.State{} && in.Round.Phase == protocol.Idle
	case e.Kind == trace.Count || e.Kind == trace.Fail || e.Kind == trace.Expire:
		if in.Round.Phase != protocol.Idle {
			s = situation{kind: Majority, request: protocol.MessageKind(in.Round.Phase)}
		}
	case e.Kind == trace.Commit:
		s = situation{kind: Value, right: e.Operation.Kind.String()}
		if e.Base.ID != 0 {
			s.how = 1
		}
		if e.Proposal.Holder != e.Operation.Holder {
			s.more = 1
		}
	case e.Kind == trace.Answer && outcomes[e.Operation.Kind] != nil:
		s = situation{kind: Told, right: e.Outcome.String(), how: int8(e.Yea.Len()), more: int8(e.Nay.Len())}
	}
	return s
}

func compare(a, b protocol.ID) int8 {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}
