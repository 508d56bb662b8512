package sim

import (
	"slices"

	"skinny/protocol"
	"skinny/sim/trace"
)

// Isolated reports whether an instance is cut from its peers.
func (w *World) Isolated(p protocol.Position) bool { return w.isolated.Has(p) }

// CutOff is the instances that a one-way cut keeps the messages of p from.
func (w *World) CutOff(p protocol.Position) protocol.Set { return w.nodes[p].cut }

// Act carries out a decision that the timetable does not have: see [Runner].
func (s *Timed) Act(d *Decision) bool {
	if !s.act(d) {
		return false
	}
	s.schedule()
	return true
}

// Delay puts off what a decision names: see [Runner].
func (s *Timed) Delay(d *Decision, span trace.Time) bool {
	planned := s.planned(d)
	if planned == nil || span < 0 {
		return false
	}
	planned.due = later(planned.due, span)
	entries := slices.Concat(s.agenda.list, s.agenda.heap)
	s.agenda.reset()
	for _, e := range entries {
		s.agenda.push(e)
	}
	return true
}

// Due is when what a decision names is to happen: see [Runner].
func (s *Timed) Due(d *Decision) (due trace.Time, lost, found bool) {
	e := s.planned(d)
	if e == nil {
		return 0, false, false
	}
	return e.due, e.key%actions == toDrop, true
}

// planned is the entry of the agenda for the item that a decision names, or nil.
func (s *Timed) planned(d *Decision) *entry {
	r, ok := s.world.Find(d)
	if !ok {
		return nil
	}
	for _, entries := range [...][]entry{s.agenda.list, s.agenda.heap} {
		for i := range entries {
			e := &entries[i]
			if e.ref == r && e.key%actions != toCopy && s.world.Pending(r, e.key/actions) {
				return e
			}
		}
	}
	return nil
}

// Act carries out a decision that the schedule does not have: see [Runner]. From then
// on the schedule passes over its own decisions that cannot be made: they may be about
// something that now has happened otherwise.
func (s *Scheduled) Act(d *Decision) bool {
	if !s.act(d) {
		return false
	}
	s.changed = true
	return true
}

// Delay is false: in a schedule nothing has a moment.
func (s *Scheduled) Delay(*Decision, trace.Time) bool { return false }

// Due is false: in a schedule nothing has a moment.
func (s *Scheduled) Due(*Decision) (due trace.Time, lost, found bool) { return 0, false, false }
