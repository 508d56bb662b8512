package swarm

import (
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

// aim is what a knob is turned on for.
type aim struct {
	on   func(k *Knobs) bool
	meet Counter
}

func uses(knobs ...Knob) func(*Knobs) bool {
	return func(k *Knobs) bool {
		for _, knob := range knobs {
			if k[knob].Is() {
				return true
			}
		}
		return false
	}
}

var aims = [...]aim{
	{func(*Knobs) bool { return true }, Rounds},
	{func(k *Knobs) bool { return k[Clients].High > 1 }, Duels},
	{uses(Loss, RequestLoss, ResponseLoss), Losses},
	{uses(Duplication), Copies},
	{uses(Cuts, Partitions, Isolations), CutLosses},
	{uses(Crashes), Stops},
	{uses(Crashes), MidRoundStops},
	{uses(Pauses), Held},
}

// Missed is what the knobs are turned on for and what was never met. None says that
// nothing at all was met.
func (m *Met) Missed(k *Knobs) (missed []CounterInfo, none bool) {
	none = true
	for _, a := range aims {
		switch {
		case !a.on(k):
		case m[a.meet] == 0:
			missed = append(missed, counterTable[a.meet])
		case a.meet != Rounds:
			none = false
		}
	}
	if m[Rounds] == 0 {
		return missed, true
	}
	return missed, none && len(missed) > 0
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
	case trace.Crash:
		if in := &c.run.Instances[e.Instance]; in.Down == 0 { // or only its host's state changes
			c.met[Stops]++
			if in.Round.Phase != protocol.Idle {
				c.met[MidRoundStops]++
			}
		}
	}
	if c.run == &c.own {
		c.own.Observe(e)
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
