package swarm

import (
	"slices"

	"skinny/protocol"
	"skinny/sim/check"
	"skinny/sim/trace"
)

// Counter is something that a run can meet.
type Counter uint8

// The counters. [CounterTable] says what each counts.
const (
	Events Counter = iota
	Calls
	Acquires
	Releases
	Rounds
	Refusals
	CommitRefusals
	Learned
	Jumps
	Duels
	LateCommits
	MinorityCommits
	Expiries
	Losses
	Copies
	CutLosses
	Stops
	MidRoundStops
	LostDisks
	LostStores
	Held
	GiveUps
	Acquired
	Refused
	Released
	NotReleased
	Unknown
	Failed
	Demands
	CutShort

	counters
)

// CounterInfo describes a counter.
type CounterInfo struct {
	Counter Counter
	Name    string // as in results
	About   string // what is counted, in the plural
}

var counterTable = [counters]CounterInfo{
	{Events, "events", "events"},
	{Calls, "operations", "operations called"},
	{Acquires, "acquires", "acquires called"},
	{Releases, "releases", "releases called"},
	{Rounds, "rounds", "rounds, retries included"},
	{Refusals, "refusals", "promises refused"},
	{CommitRefusals, "commit-refusals", "commits refused"},
	{Learned, "learned", "responses that taught a higher proposal"},
	{Jumps, "jumps", "rounds that learned of an ID above their promise"},
	{Duels, "duels", "rounds that began while another instance had one running"},
	{LateCommits, "late-commits", "commits accepted when their round was over"},
	{MinorityCommits, "minority-commits", "commits that no majority ever accepted"},
	{Expiries, "timeouts", "phases ended by their deadline"},
	{Losses, "lost", "messages lost by chance"},
	{Copies, "copies", "messages that arrived twice"},
	{CutLosses, "cut-off", "messages lost on links that were down"},
	{Stops, "crashes", "crashes"},
	{MidRoundStops, "mid-round-crashes", "crashes in the middle of a round"},
	{LostDisks, "lost-disks", "disks lost with what was stored on them"},
	{LostStores, "lost-stores", "stores lost in a crash"},
	{Held, "held", "messages and timers that waited at a paused instance"},
	{GiveUps, "give-ups", "clients that gave up waiting"},
	{Acquired, "acquired", "clients told acquired"},
	{Refused, "refused", "clients told refused"},
	{Released, "released", "clients told released"},
	{NotReleased, "not-released", "clients told not-released"},
	{Unknown, "unknown", "clients told unknown"},
	{Failed, "failed", "clients that found nobody there"},
	{Demands, "demands", "runs whose progress was judged"},
	{CutShort, "cut-short", "runs ended by their budget of events"},
}

// CounterTable describes all counters, in the order in which they are reported.
func CounterTable() []CounterInfo { return append([]CounterInfo(nil), counterTable[:]...) }

// Met is how often runs met each thing.
type Met [counters]uint64

// Add adds what other runs met.
func (m *Met) Add(other *Met) {
	for i, n := range other {
		m[i] += n
	}
}

type aim struct {
	on   func(k *Knobs, m *Met) bool
	meet Counter
	or   Counter // that will do as well
	must bool    // without it nothing else is worth saying
}

func uses(knobs ...Knob) func(*Knobs, *Met) bool {
	return func(k *Knobs, _ *Met) bool {
		return slices.ContainsFunc(knobs, func(knob Knob) bool { return k[knob].Is() })
	}
}

// called are the aims of operations that somebody has called.
func called(c Counter) func(*Knobs, *Met) bool {
	return func(_ *Knobs, m *Met) bool { return m[c] > 0 }
}

func rivals(k *Knobs, _ *Met) bool { return k[Clients].High > 1 }

var aims = [...]aim{
	{func(*Knobs, *Met) bool { return true }, Rounds, Rounds, true},
	{called(Acquires), Acquired, Acquired, true},
	{func(k *Knobs, m *Met) bool { return rivals(k, m) && m[Acquires] > 0 }, Refused, Refused, true},
	{called(Releases), Released, NotReleased, true},
	{rivals, Duels, Duels, false},
	{uses(Loss, RequestLoss, ResponseLoss), Losses, Losses, false},
	{uses(Duplication), Copies, Copies, false},
	{uses(Cuts, Partitions, Isolations), CutLosses, CutLosses, false},
	{uses(Crashes), Stops, Stops, false},
	{uses(Crashes), MidRoundStops, MidRoundStops, false},
	{uses(Wipes), LostDisks, LostDisks, false},
	{uses(Tears), LostStores, LostStores, false},
	{uses(Pauses), Held, Held, false},
}

// Missed is what a check is for and what was never met: that clients are answered, and
// what the knobs are turned on for. Vacuous says that clients are not answered, or that
// nothing was met of what the knobs are turned on for.
func (m *Met) Missed(k *Knobs) (missed []CounterInfo, vacuous bool) {
	met, unmet := 0, 0 // aims of knobs
	for _, a := range aims {
		if !a.on(k, m) {
			continue
		}
		missing := m[a.meet] == 0 && m[a.or] == 0
		if missing {
			missed = append(missed, counterTable[a.meet])
		}
		switch {
		case a.must:
			vacuous = vacuous || missing
		case missing:
			unmet++
		default:
			met++
		}
	}
	return missed, vacuous || unmet > 0 && met == 0
}

// counter counts what one run meets, event by event.
type counter struct {
	met *Met
	run *trace.Follower // before the event that is counted
	own trace.Follower
}

// reset begins a run, which its judges may follow.
func (c *counter) reset(h *trace.Header, judges *check.Judges) {
	if c.run = judges.Run(); c.run == nil {
		c.run = &c.own
		c.own.Reset(h)
	}
}

// Observe counts one event, before its judges are told.
func (c *counter) Observe(e *trace.Event) {
	if e.Jumped {
		c.met[Jumps]++
	}
	switch e.Kind {
	case trace.Call:
		c.met[Calls]++
		switch e.Operation.Kind {
		case protocol.Acquire:
			c.met[Acquires]++
		case protocol.Release:
			c.met[Releases]++
		}
	case trace.Propose:
		c.met[Rounds]++
		if c.dueling(e.Instance) {
			c.met[Duels]++
		}
	case trace.Answer, trace.Receive:
		if e.Received() && e.Operation.Kind != protocol.Status {
			c.met[outcomes[e.Outcome]]++
		}
	case trace.GiveUp:
		c.met[GiveUps]++
	case trace.Promise:
		if !e.Message.Yes {
			c.met[Refusals]++
		}
	case trace.Accept:
		r := &c.run.Instances[e.Peer].Round
		if !e.Message.Yes {
			c.met[CommitRefusals]++
		}
		if e.Stored && (r.Phase != protocol.Committing || r.ID != e.Proposal.ID) {
			c.met[LateCommits]++
		}
	case trace.Count:
		if e.Learned {
			c.met[Learned]++
		}
	case trace.Expire:
		c.met[Expiries]++
	case trace.Hold:
		c.met[Held]++
	case trace.Duplicate:
		c.met[Copies]++
	case trace.Lose:
		switch e.Reason {
		case trace.DroppedByHand:
			c.met[Losses]++
		case trace.CutAtSending, trace.CutAtArrival:
			c.met[CutLosses]++
		}
	case trace.Crash, trace.Wipe, trace.Tear:
		c.stop(e)
	}
	if c.run == &c.own {
		c.own.Observe(e)
	}
}

func (c *counter) stop(e *trace.Event) {
	in := &c.run.Instances[e.Instance]
	switch {
	case e.Kind == trace.Crash && in.Down != 0:
		// Only its host's state changes.
	case e.Kind == trace.Crash:
		c.met[Stops]++
		if in.Round.Phase != protocol.Idle {
			c.met[MidRoundStops]++
		}
	case e.Reason == trace.AlreadySo:
		// There was nothing to lose.
	case e.Kind == trace.Wipe:
		c.met[LostDisks]++
	default:
		c.met[LostStores]++
	}
}

// dueling reports whether a round runs at another instance.
func (c *counter) dueling(at int8) bool {
	for i := range c.run.Instances {
		if int8(i) != at && c.run.Instances[i].Round.Phase != protocol.Idle {
			return true
		}
	}
	return false
}

// outcomes says what is counted for an answer.
var outcomes = [...]Counter{
	protocol.Acquired:    Acquired,
	protocol.Refused:     Refused,
	protocol.Released:    Released,
	protocol.NotReleased: NotReleased,
	protocol.Unknown:     Unknown,
	protocol.Failed:      Failed,
}
