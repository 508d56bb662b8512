package sim

import (
	"skinny/protocol"
	"skinny/sim/trace"
)

// A run takes decisions from outside, between two of its steps: somebody puts a
// hand on it. What is pending keeps its moment, what follows gets one, and the run
// goes on from there by itself.

// Can reports whether Take would carry out a decision.
func (w *World) Can(d *Decision) bool {
	if d.Kind >= InvokeOperation {
		return true // possible at any time
	}
	_, ok := w.Find(d)
	return ok && (d.Kind != RefuseMessage || d.Message.IsRequest())
}

// Isolated reports whether an instance is cut from its peers.
func (w *World) Isolated(p protocol.Position) bool { return w.isolated.Has(p) }

// CutOff is the instances that a one-way cut keeps the messages of p from.
func (w *World) CutOff(p protocol.Position) protocol.Set { return w.cut[p] }

// Act carries out a decision that the timetable does not have, at the present
// instant. It reports false, and does nothing, if what the decision names is not
// pending.
func (s *Timed) Act(d *Decision) bool {
	w := &s.World
	if !w.Can(d) {
		return false
	}
	s.record(d, w.now)
	w.Take(d)
	s.schedule()
	if s.ending == NothingMore {
		s.ending = NotEnded // there may be more now
	}
	return true
}

// Delay puts off what a decision names, which keeps everything else. It reports
// false, and does nothing, if that is not pending. A negative span is none.
func (s *Timed) Delay(d *Decision, span trace.Time) bool {
	at, found := s.planned(d)
	if !found || span < 0 {
		return false
	}
	entries := append([]entry(nil), s.agenda.heap...)
	entries[at].due = later(entries[at].due, span)
	s.agenda.heap = s.agenda.heap[:0]
	for _, e := range entries {
		s.agenda.push(e)
	}
	return true
}

// Due is when what a decision names is to happen, and whether it is to be lost
// then instead. It reports false if that is not pending.
func (s *Timed) Due(d *Decision) (due trace.Time, lost, found bool) {
	at, found := s.planned(d)
	if !found {
		return 0, false, false
	}
	e := &s.agenda.heap[at]
	return e.due, e.key%actions == toDrop, true
}

// planned is the place in the agenda of what is to become of the item that a
// decision names.
func (s *Timed) planned(d *Decision) (at int, found bool) {
	r, ok := s.World.Find(d)
	if !ok {
		return 0, false
	}
	for i := range s.agenda.heap {
		e := &s.agenda.heap[i]
		if e.ref == r && e.key%actions != toCopy && s.World.Pending(r, e.key/actions) {
			return i, true
		}
	}
	return 0, false
}

// Act carries out a decision that the schedule does not have, at the present
// instant. It reports false, and does nothing, if what the decision names is not
// pending. From then on the schedule passes over its own decisions that cannot be
// made: they may be about something that now has happened otherwise.
func (s *Scheduled) Act(d *Decision) bool {
	w := &s.World
	if !w.Can(d) {
		return false
	}
	s.record(d)
	w.ClearCreated()
	w.Take(d)
	s.changed = true
	if s.ending != BudgetSpent {
		s.ending = NotEnded // there may be more now
	}
	return true
}

// record tells a decision that is carried out at the present instant.
func (s *Scheduled) record(d *Decision) {
	if s.Record != nil {
		timed := *d
		timed.At, timed.Timed = s.World.now, true
		s.Record(timed)
	}
}
