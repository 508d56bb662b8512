package sim

import (
	"cmp"
	"slices"

	"skinny/sim/trace"
)

// Timetable is everything that decides a timed run.
type Timetable struct {
	Seed     uint64
	Links    []Link // by sender and receiver: Links[from*size+to]; none: all take DefaultLatency
	Clogs    []Clog
	Timeline []Decision // of the kinds that Do takes, in order of their times
	Clients  []Client   // who act by what they are answered
	Fates    []Fate
	Calm     trace.Time // from then on chance neither loses, copies nor delays; 0: never
	End      trace.Time // nothing happens from this instant on; 0: no end
	Budget   int        // the run ends with the step that makes it this many events; 0: no limit
}

// Timed runs a world by the clock: everything pending has its moment, by latency,
// chance and timeout, and the earliest comes first. It is the scheduler of timed
// scenarios. Like a World it is copied by CopyFrom.
type Timed struct {
	run
	timetable *Timetable // shared by all copies, never changed
	links     []Link     // likewise
	agenda    agenda
	next      int // in the timeline
	clients   clients
	random    [streams]stream
	met       []bool // by the timetable's fates: whether it has met a message
}

// What is done with an item when its entry comes up.
const (
	toCopy = iota
	toRefuse
	toDrop
	toDeliver
	actions
)

// NewTimed makes a run of a cluster. Neither may be changed afterwards. Both have to be
// valid (see [Cluster.Validate] and [Timetable.Validate]): it panics if they are not.
func NewTimed(c *Cluster, t *Timetable) *Timed {
	must(cmp.Or(c.Validate(), t.Validate(c)))
	s := &Timed{}
	s.Reset(c, t)
	return s
}

// Reset makes s what NewTimed returns, with its memory used again. The observer stays.
func (s *Timed) Reset(c *Cluster, t *Timetable) {
	s.world.Reset(c)
	s.timetable, s.links = t, t.AllLinks(c.Size())
	s.agenda.reset()
	s.next = 0
	s.clients.reset(t)
	s.met = trace.Cleared(s.met, len(t.Fates))
	s.ending = NotEnded
	for i := range s.random {
		s.random[i] = newStream(t.Seed, uint64(i))
	}
}

// CopyFrom makes s equal to other, from which on the two go on independently.
// The observer and the recorder stay s's own.
func (s *Timed) CopyFrom(other *Timed) {
	s.run.copyFrom(&other.run)
	s.timetable, s.links = other.timetable, other.links
	s.agenda.copyFrom(&other.agenda)
	s.next = other.next
	s.clients.copyFrom(&other.clients)
	s.random = other.random
	s.met = append(s.met[:0], other.met...)
}

// Met reports whether a fate of the timetable, by its index, has met a message so far.
func (s *Timed) Met(fate int) bool { return s.met[fate] }

// Next is the index of the entry of the timeline that comes next.
func (s *Timed) Next() int { return s.next }

// Copy is an equal run that goes on independently, with neither observer nor recorder.
func (s *Timed) Copy() Runner {
	c := &Timed{}
	c.CopyFrom(s)
	return c
}

// Settled says up to when nothing more can happen: see [Runner].
func (s *Timed) Settled() (until trace.Time, forever bool) {
	if s.ending == TimeIsUp {
		return s.timetable.End - 1, false
	}
	return s.run.Settled()
}

// Run goes on to the end.
func (s *Timed) Run() Ending {
	for s.Step() {
	}
	return s.ending
}

// Step lets the next thing happen, and reports false when the run has ended: see [Runner].
func (s *Timed) Step() bool {
	t := s.timetable
	if s.ending != NotEnded {
		return false
	}
	due, from := s.upcoming()
	switch {
	case from == nothing:
		s.ending = NothingMore
	case t.End > 0 && due >= t.End:
		s.ending = TimeIsUp
	case t.Budget > 0 && s.world.events >= t.Budget:
		s.ending = BudgetSpent
	}
	if s.ending != NotEnded {
		return false
	}
	s.world.SetClock(due)
	switch from {
	case timeline:
		d := &t.Timeline[s.next]
		s.next++
		s.record(d)
		s.world.Do(d)
	case client:
		d := s.clients.call(t, &s.random[clientStream], len(s.world.nodes), s.world.Operations()+1)
		s.record(&d)
		s.world.Do(&d)
	default:
		s.carryOut(s.agenda.pop())
	}
	s.schedule()
	s.fail()
	return s.ending == NotEnded
}

// origin says what makes the next thing happen. At one instant the timeline comes
// first, then the clients, so that the calls of a run can be put into a timeline
// and give the same run.
type origin uint8

const (
	nothing origin = iota
	timeline
	client
	pendingItem
)

func (s *Timed) upcoming() (due trace.Time, from origin) {
	for first := s.agenda.first(); first != nil; first = s.agenda.first() {
		if s.world.Pending(first.ref, first.key/actions) {
			due, from = first.due, pendingItem
			break
		}
		s.agenda.pop() // it was cancelled
	}
	if at := s.clients.due; at != never && (from == nothing || at <= due) {
		due, from = at, client
	}
	if s.next < len(s.timetable.Timeline) {
		if at := s.timetable.Timeline[s.next].At; from == nothing || at <= due {
			due, from = at, timeline
		}
	}
	return due, from
}

// entryKinds is what is done with an item when its entry comes up.
var entryKinds = [actions]DecisionKind{CopyMessage, RefuseMessage, DropMessage, DeliverMessage}

func (s *Timed) carryOut(e entry) {
	kind := entryKinds[e.key%actions]
	if s.recorder != nil {
		d := s.world.Name(e.ref, kind)
		s.record(&d)
	}
	s.world.DoWith(e.ref, kind)
}

// schedule gives everything that has become pending its moment.
func (s *Timed) schedule() {
	w := &s.world
	for _, r := range w.created {
		i := &w.table.items[r]
		if i.place != pending {
			continue // it is over already
		}
		switch i.Kind {
		case MessageItem:
			s.post(r)
		case CallItem, AnswerItem:
			s.plan(r, toDeliver, w.cluster.ClientLatency)
		case DeadlineItem:
			s.plan(r, toDeliver, w.cluster.Instances[i.Instance].TimeoutOf(w.nodes[i.Instance].Round.Phase))
		case GiveUpItem:
			s.plan(r, toDeliver, w.ops[i.Op-1].timeout)
		case WakeItem:
			s.plan(r, toDeliver, s.pause(i.Try))
		case WorkItem:
			delay := w.cluster.Instances[i.Instance].PromiseDelay
			s.plan(r, toDeliver, trace.Time(s.random[workStream].from(delay)))
		}
	}
	for _, number := range w.ended {
		s.clients.notify(s.timetable, &s.random[clientStream], w.now, &w.ops[number-1])
	}
	w.ClearCreated()
}

func (s *Timed) plan(r Ref, action uint64, after trace.Time) {
	s.agenda.push(entry{
		due: later(s.world.now, after),
		key: s.world.table.items[r].Seq*actions + action,
		ref: r,
	})
}

// later adds a span to a time without running over.
func later(t, span trace.Time) trace.Time {
	if sum := t + span; sum >= t {
		return sum
	}
	return 1<<63 - 1
}

// pause is how long an operation waits before its retry: twice as many
// milliseconds as the retry's number, and up to 999 microseconds of jitter
// (published program: Instance.Acquire).
func (s *Timed) pause(try uint8) trace.Time {
	jitter := trace.Time(s.random[jitterStream].below(1000))
	return trace.Time(try)*2*trace.Millisecond + jitter*trace.Microsecond
}

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
