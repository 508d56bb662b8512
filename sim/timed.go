package sim

import (
	"skinny/protocol"
	"skinny/sim/trace"
)

// Link is what the network does between two instances, in one direction.
type Link struct {
	Latency     Range
	Loss        uint32 // millionths of all messages
	Duplication uint32 // millionths of all messages
}

// Fate is what happens to messages that the scenario names.
type Fate struct {
	Kind    FateKind
	Message protocol.MessageKind
	From    protocol.Set // senders
	To      protocol.Set // receivers
	Nth     uint32       // 0: every one
	By      trace.Time   // how much longer a delayed message takes; how long after it a copy arrives
}

// FateKind tells fates apart.
type FateKind uint8

// The fates of messages.
const (
	DropFate   FateKind = iota
	RefuseFate          // of requests only
	DelayFate
	DuplicateFate
)

// Timetable is everything that decides a timed run.
type Timetable struct {
	Seed     uint64
	Links    []Link     // by sender and receiver: Links[from*size+to]
	Timeline []Decision // of the kinds that Do takes, in order of their times
	Fates    []Fate
	Until    trace.Time // the last instant that is simulated; negative: no end
	Budget   int        // the run ends when it has had so many events
}

// Ending says why a run has come to its end.
type Ending uint8

// The endings.
const (
	NotEnded    Ending = iota
	NothingMore        // nothing is left to happen
	TimeIsUp           // the time that the scenario gives is over
	BudgetSpent        // too many events
	Stopped            // the schedule has no more decisions
	Impossible         // the next decision of the schedule cannot be made
)

// Timed runs a world by the clock: everything pending has its moment, by latency,
// chance and timeout, and the earliest comes first. It is the scheduler of timed
// scenarios. Like a World it is copied by CopyFrom.
type Timed struct {
	World     World
	timetable *Timetable // shared by all copies, never changed
	agenda    agenda
	next      int // in the timeline
	random    [streams]stream
	met       []bool // by the timetable's fates: whether it has met a message
	ending    Ending

	// Record, unless nil, is told every decision before it is carried out.
	Record func(d Decision)
}

// What is done with an item when its entry comes up.
const (
	toCopy = iota
	toRefuse
	toDrop
	toDeliver
	actions
)

// NewTimed makes a run of a cluster. Neither may be changed afterwards.
func NewTimed(c *Cluster, t *Timetable) *Timed {
	s := &Timed{}
	s.Reset(c, t)
	return s
}

// Reset makes s what NewTimed returns, with its memory used again. The world's
// observer stays.
func (s *Timed) Reset(c *Cluster, t *Timetable) {
	s.World.Reset(c)
	s.timetable = t
	s.agenda.heap = s.agenda.heap[:0]
	s.next = 0
	s.met = resize(s.met, len(t.Fates))
	s.ending = NotEnded
	for i := range s.random {
		s.random[i] = newStream(t.Seed, uint64(i))
	}
}

// CopyFrom makes s equal to other, from which on the two go on independently.
// Observer and Record stay s's own.
func (s *Timed) CopyFrom(other *Timed) {
	s.World.CopyFrom(&other.World)
	s.timetable = other.timetable
	s.agenda.heap = append(s.agenda.heap[:0], other.agenda.heap...)
	s.next = other.next
	s.random = other.random
	s.met = append(s.met[:0], other.met...)
	s.ending = other.ending
}

// Ending says whether and why the run has ended.
func (s *Timed) Ending() Ending { return s.ending }

// Met reports whether a fate of the timetable, by its index, has met a message so
// far.
func (s *Timed) Met(fate int) bool { return s.met[fate] }

// Run goes on to the end.
func (s *Timed) Run() Ending {
	for s.Step() {
	}
	return s.ending
}

// Step lets the next thing happen, which may be several events at one instant. It
// reports false when the run has ended.
func (s *Timed) Step() bool {
	t := s.timetable
	if s.ending != NotEnded {
		return false
	}
	due, fromTimeline, ok := s.upcoming()
	switch {
	case !ok:
		s.ending = NothingMore
	case t.Until >= 0 && due > t.Until:
		s.ending = TimeIsUp
	case t.Budget > 0 && s.World.events >= t.Budget:
		s.ending = BudgetSpent
	}
	if s.ending != NotEnded {
		return false
	}
	s.World.SetClock(due)
	if fromTimeline {
		d := &t.Timeline[s.next]
		s.next++
		s.record(d, due)
		s.World.Do(d)
	} else {
		s.act(s.agenda.pop())
	}
	s.schedule()
	return true
}

// upcoming is the time of what comes next, and whether the timeline says it. The
// timeline comes before everything else at its instant.
func (s *Timed) upcoming() (due trace.Time, fromTimeline, ok bool) {
	for len(s.agenda.heap) > 0 {
		first := &s.agenda.heap[0]
		if s.World.Pending(first.ref, first.key/actions) {
			break
		}
		s.agenda.pop() // it was cancelled
	}
	if s.next < len(s.timetable.Timeline) {
		at := s.timetable.Timeline[s.next].At
		if len(s.agenda.heap) == 0 || at <= s.agenda.heap[0].due {
			return at, true, true
		}
	}
	if len(s.agenda.heap) == 0 {
		return 0, false, false
	}
	return s.agenda.heap[0].due, false, true
}

// act does what an entry of the agenda says.
func (s *Timed) act(e entry) {
	w := &s.World
	action := e.key % actions
	if s.Record != nil {
		d := w.Name(e.ref, [actions]DecisionKind{CopyMessage, RefuseMessage, DropMessage, DeliverMessage}[action])
		s.record(&d, e.due)
	}
	switch action {
	case toCopy:
		w.Duplicate(e.ref)
	case toRefuse:
		w.Refuse(e.ref)
	case toDrop:
		w.Drop(e.ref)
	default:
		w.Deliver(e.ref)
	}
}

func (s *Timed) record(d *Decision, at trace.Time) {
	if s.Record != nil {
		timed := *d
		timed.At, timed.Timed = at, true
		s.Record(timed)
	}
}

// schedule gives everything that has become pending its moment.
func (s *Timed) schedule() {
	w := &s.World
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
			s.plan(r, toDeliver, w.cluster.Instances[i.Instance].Timeout)
		case GiveUpItem:
			s.plan(r, toDeliver, w.ops[i.Op-1].timeout)
		case WakeItem:
			s.plan(r, toDeliver, s.pause(i.Try))
		case WorkItem:
			delay := w.cluster.Instances[i.Instance].PromiseDelay
			s.plan(r, toDeliver, trace.Time(s.random[workStream].from(delay)))
		}
	}
	w.created = w.created[:0]
}

// plan puts an action on the agenda, after a span of time.
func (s *Timed) plan(r Ref, action uint64, after trace.Time) {
	s.agenda.push(entry{
		due: later(s.World.now, after),
		key: s.World.table.items[r].Seq*actions + action,
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

// post decides what the network does with a message.
func (s *Timed) post(r Ref) {
	i := &s.World.table.items[r]
	m := &i.Message
	link := &s.timetable.Links[int(m.From)*len(s.World.nodes)+int(m.To)]
	f := fate{
		latency: trace.Time(s.random[latencyStream].from(link.Latency)),
		action:  toDeliver,
	}
	if s.random[lossStream].chance(link.Loss) {
		f.action = toDrop
	}
	if len(s.timetable.Fates) > 0 {
		f.judge(i, s.timetable.Fates, s.met)
	}
	if i.Copy == 0 && s.random[duplicationStream].chance(link.Duplication) {
		f.copies++
	}
	for range f.copies {
		s.plan(r, toCopy, 0)
	}
	if f.action != toDeliver {
		f.latency = 0 // a lost or refused message is gone at once
	}
	s.plan(r, f.action, f.latency)
}

// fate is what becomes of one message.
type fate struct {
	latency trace.Time
	action  uint64
	copies  int
}

// judge applies the scenario's rules for single messages. All that match apply:
// drop beats refuse, refuse beats delay, and every duplicate makes a copy of its
// own.
func (f *fate) judge(i *Item, rules []Fate, met []bool) {
	m := &i.Message
	duplicates := uint8(0)
	for r := range rules {
		rule := &rules[r]
		if rule.Message != m.Kind || !rule.From.Has(m.From) || !rule.To.Has(m.To) || rule.Nth != 0 && rule.Nth != i.Nth {
			continue
		}
		met[r] = true
		switch rule.Kind {
		case DropFate:
			f.action = toDrop
		case RefuseFate:
			if f.action != toDrop {
				f.action = toRefuse
			}
		case DelayFate:
			f.latency = later(f.latency, rule.By)
		case DuplicateFate:
			duplicates++
			if i.Copy == 0 {
				f.copies++
			} else if i.Copy == duplicates {
				f.latency = later(f.latency, rule.By)
			}
		}
	}
}
