package render

import (
	"skinny/protocol"
	"skinny/sim/trace"
)

// Lane is how an instance stands, as far as events tell.
type Lane struct {
	State     protocol.State
	Phase     protocol.Phase // of its own round
	ID        protocol.ID    // of that round
	Operation protocol.Operation
	Working   bool // on an answer (promise-delay), its mutex held
	Down      bool
	Paused    bool
	Isolated  bool
}

// Lanes is how all instances stand. Observe brings it from one event to the next.
type Lanes []Lane

// Clone returns a copy that goes on independently.
func (l Lanes) Clone() Lanes { return append(Lanes(nil), l...) }

// Observe takes note of the next event. Slow are the instances whose promises take
// time.
func (l Lanes) Observe(e *trace.Event, slow protocol.Set) {
	if e.Instance == trace.None {
		if e.Kind == trace.HealAll {
			for i := range l {
				l[i].Isolated = false
			}
		}
		return
	}
	lane := &l[e.Instance]
	lane.State = e.State
	switch e.Kind {
	case trace.Propose:
		lane.Phase, lane.ID, lane.Operation = protocol.Proposing, e.Message.ID, e.Operation
	case trace.Commit:
		lane.Phase, lane.ID, lane.Operation = protocol.Committing, e.Proposal.ID, e.Operation
	case trace.Backoff, trace.Answer:
		if e.Operation.Number == lane.Operation.Number {
			lane.endRound()
		}
	case trace.Promise:
		lane.Working = slow.Has(protocol.Position(e.Instance))
	case trace.Reply:
		lane.Working = false
	case trace.Crash:
		lane.endRound()
		lane.Down, lane.Paused, lane.Working = true, false, false
	case trace.Restart:
		lane.Down = false
	case trace.Pause:
		lane.Paused = !lane.Down
	case trace.Resume:
		lane.Paused = false
	case trace.Isolate:
		lane.Isolated = true
	case trace.Rejoin:
		lane.Isolated = false
	}
}

func (l *Lane) endRound() {
	l.Phase, l.ID, l.Operation = protocol.Idle, 0, protocol.Operation{}
}

// MutexHeld reports whether the instance lets nobody else in.
func (l *Lane) MutexHeld(rules protocol.Rules) bool {
	return l.Working || l.Phase != protocol.Idle && !rules.Has(protocol.Yield)
}

// Source is the events of a run, numbered from 1.
type Source interface {
	Len() int
	Event(number int) *trace.Event
}
