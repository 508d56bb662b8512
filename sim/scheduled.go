package sim

import (
	"cmp"

	"skinny/sim/trace"
)

// Scheduled runs a world by a list of decisions and by nothing else: no latency,
// no chance. It is the scheduler of scheduled scenarios. Like a World it is copied
// by CopyFrom.
type Scheduled struct {
	run
	schedule *Schedule // shared by all copies, never changed
	next     int
	changed  bool // by Act
}

// Schedule is everything that decides a scheduled run.
type Schedule struct {
	Decisions []Decision
	Settle    bool // after the last decision, go on until nothing is left to happen
	Budget    int  // the run ends with the step that makes it this many events; 0: no limit
}

// ScheduleStep is the time that passes with a decision that does not say its own.
const ScheduleStep = trace.Microsecond

// NewScheduled makes a run of a cluster. Neither may be changed afterwards. Both have to
// be valid (see [Cluster.Validate] and [Schedule.Validate]): it panics if they are not.
func NewScheduled(c *Cluster, s *Schedule) *Scheduled {
	must(cmp.Or(c.Validate(), s.Validate(c)))
	r := &Scheduled{schedule: s}
	r.world.Reset(c)
	return r
}

// CopyFrom makes s equal to other, from which on the two go on independently. The
// observer and the recorder stay s's own.
func (s *Scheduled) CopyFrom(other *Scheduled) {
	s.run.copyFrom(&other.run)
	s.schedule, s.next, s.changed = other.schedule, other.next, other.changed
}

// Next is the index of the decision that comes next. After Impossible it is the
// one that cannot be made.
func (s *Scheduled) Next() int { return s.next }

// Copy is an equal run that goes on independently, with neither observer nor recorder.
func (s *Scheduled) Copy() Runner {
	c := &Scheduled{}
	c.CopyFrom(s)
	return c
}

// Run goes on to the end.
func (s *Scheduled) Run() Ending {
	for s.Step() {
	}
	return s.ending
}

// Step makes the next decision, and reports false when the run has ended: see [Runner].
func (s *Scheduled) Step() bool {
	if s.ending != NotEnded {
		return false
	}
	w := &s.world
	decided := s.next < len(s.schedule.Decisions)
	settled := noRef
	if !decided && s.schedule.Settle {
		settled = w.settleNext()
	}
	switch {
	case !decided && !s.schedule.Settle:
		s.ending = Stopped
	case !decided && settled == noRef:
		s.ending = NothingMore
	case s.schedule.Budget > 0 && w.events >= s.schedule.Budget:
		s.ending = BudgetSpent
	case decided:
		s.decide(&s.schedule.Decisions[s.next])
	default:
		w.ClearCreated()
		w.SetClock(later(w.now, ScheduleStep))
		if s.recorder != nil {
			d := w.Name(settled, DeliverMessage)
			s.record(&d)
		}
		w.Deliver(settled)
	}
	s.fail()
	return s.ending == NotEnded
}

func (s *Scheduled) decide(d *Decision) {
	w := &s.world
	w.ClearCreated()
	r, ok := w.needed(d)
	switch {
	case ok:
		at := d.At
		if !d.Timed {
			at = later(w.now, ScheduleStep)
		}
		w.SetClock(at)
		s.record(d)
		w.take(d, r)
		s.next++
	case s.changed:
		s.next++
	default:
		s.ending = Impossible
	}
}

// settleNext is what settling lets happen next: of those that come first by kind, the oldest.
func (w *World) settleNext() Ref {
	for rank := range settleRanks {
		if r := w.oldest(func(i *Item) bool { return i.Kind.SettleRank() == rank }); r != noRef {
			return r
		}
	}
	return noRef
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
