package quiz

import (
	"cmp"

	"skinny/protocol"
	"skinny/sim/trace"
)

// met is what was gone through to see which events are worth asking about.
type met struct {
	worth   []Kind // by event, from event 1 on
	run     *trace.Follower
	asked   map[situation]asked
	decided [protocol.MaxSize]bool // by instance: whether its phase is, one way or the other
}

// situation is what makes two questions the same one.
type situation struct {
	kind    Kind
	what    int8 // is asked for, or done
	right   string
	how     int8 // how the ID compares with what was promised, how many votes there are …
	more    int8 // how it compares with what was accepted …
	trivial bool // once is enough
}

// often is how often the same situation is asked about: in rounds of their own.
const often = 2

// asked is how often a situation was asked about, and in which round last.
type asked struct {
	times int
	by    int8 // who runs the round
	id    protocol.ID
}

// Worth says whether an event is worth asking about, and what. What has been asked before
// in the run is not asked again and again, so it depends on the events up to this one.
func Worth(r *Run, event int) (Kind, bool) {
	if event < 1 || event > r.Len() {
		return NoKind, false
	}
	m := &r.met
	if m.run == nil {
		m.run, m.asked = trace.NewFollower(r.Header), map[situation]asked{}
	}
	for len(m.worth) < event {
		m.worth = append(m.worth, m.next(r.Event(len(m.worth)+1)))
	}
	return m.worth[event-1], m.worth[event-1] != NoKind
}

// next is what is worth asking about the next event.
func (m *met) next(e *trace.Event) Kind {
	if e.Instance == trace.None {
		m.run.Observe(e)
		return NoKind
	}
	was := m.run.Instances[e.Instance]
	m.run.Observe(e)
	s := m.situation(e, &was)
	if s.kind == NoKind {
		return NoKind
	}
	round := asked{by: e.Instance, id: was.Round.ID}
	if request, ok := requestOf(e); ok {
		round.by, round.id = int8(request.From), request.ID
	}
	last := m.asked[s]
	round.times = last.times + 1
	if last.times > 0 && (s.trivial || last.times == often || last.by == round.by && last.id == round.id) {
		return NoKind
	}
	m.asked[s] = round
	return s.kind
}

// situation is what there is to ask about an event: was is its instance before it.
func (m *met) situation(e *trace.Event, was *trace.Instance) (s situation) {
	now := &m.run.Instances[e.Instance].Round
	switch request, ok := requestOf(e); {
	case ok:
		s = situation{kind: Answer, what: int8(request.Kind), right: answerKey(e), how: compare(request.ID, was.State.Promised), more: compare(request.ID, was.State.Accepted.ID)}
		s.trivial = was.State == protocol.State{} && was.Round.Phase == protocol.Idle
	case e.Kind == trace.Count || e.Kind == trace.Fail || e.Kind == trace.Expire:
		// Once a phase is decided, more votes say nothing new.
		if formed := m.run.Formed; was.Round.Phase != protocol.Idle && (formed.Votes != 0 || !m.decided[e.Instance]) {
			s = situation{kind: Majority, what: int8(was.Round.Phase), how: int8(now.Yea.Len()), more: int8(now.Noes().Len())}
			m.decided[e.Instance] = formed.Votes != 0
		}
	case e.Kind == trace.Commit:
		s = situation{kind: Value, what: int8(e.Operation.Kind), how: compare(e.Base.ID, 0)}
		switch e.Proposal.Holder {
		case e.Operation.Holder:
			s.more = 1
		case protocol.Free:
			s.more = 2
		}
	case e.Kind == trace.Answer && outcomes[e.Operation.Kind] != nil:
		s = situation{kind: Told, what: int8(e.Operation.Kind), right: e.Outcome.String()}
		if e.Won {
			s.how = 1
		}
	case e.Kind == trace.Restart && e.Reason == trace.NoReason && was.State != protocol.State{}:
		s = situation{kind: State, right: map[bool]string{true: "kept"}[e.State == was.State]}
	}
	if e.Kind == trace.Propose || e.Kind == trace.Commit {
		m.decided[e.Instance] = false
	}
	return s
}

func compare(a, b protocol.ID) int8 { return int8(cmp.Compare(a, b)) }
