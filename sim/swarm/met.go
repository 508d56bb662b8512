package swarm

import (
	"skinny/protocol"
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
	met        *Met
	running    protocol.Set // instances that have a round running
	down       protocol.Set
	committing []protocol.ID // by instance: the ID of its running commit, or 0
}

func (c *counter) reset(size int) {
	c.running, c.down = 0, 0
	c.committing = c.committing[:0]
	for range size {
		c.committing = append(c.committing, 0)
	}
}

// Observe counts one event.
func (c *counter) Observe(e *trace.Event) {
	at := protocol.Position(max(e.Instance, 0))
	switch e.Kind {
	case trace.Call:
		c.met[Calls]++
	case trace.Propose:
		c.met[Rounds]++
		if c.running.Without(at) != 0 {
			c.met[Duels]++
		}
		c.running = c.running.With(at)
	case trace.Commit:
		c.committing[at] = e.Proposal.ID
		c.jumped(e)
	case trace.Backoff:
		c.jumped(e)
		c.over(at)
	case trace.Answer:
		c.jumped(e)
		c.answered(e)
		if e.Operation.Kind != protocol.Status {
			c.over(at)
		}
	case trace.Receive:
		c.answered(e)
	case trace.GiveUp:
		c.met[GiveUps]++
	case trace.Promise:
		c.refused(e, Refusals)
	case trace.Accept:
		c.refused(e, CommitRefusals)
		if e.Stored && c.committing[e.Peer] != e.Proposal.ID {
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
		c.lost(e)
	case trace.Crash:
		c.crashed(at)
	case trace.Restart:
		c.down = c.down.Without(at)
	}
}

// over notes that an instance's round has ended.
func (c *counter) over(at protocol.Position) {
	c.running = c.running.Without(at)
	c.committing[at] = 0
}

func (c *counter) jumped(e *trace.Event) {
	if e.Jumped {
		c.met[Jumps]++
	}
}

func (c *counter) refused(e *trace.Event, as Counter) {
	if !e.Message.Yes {
		c.met[as]++
	}
}

func (c *counter) lost(e *trace.Event) {
	switch e.Reason {
	case trace.DroppedByHand:
		c.met[Losses]++
	case trace.CutAtSending, trace.CutAtArrival:
		c.met[CutLosses]++
	}
}

// crashed counts the crash of an instance, unless it is down already and only its
// host's state changes.
func (c *counter) crashed(at protocol.Position) {
	if c.down.Has(at) {
		return
	}
	c.down = c.down.With(at)
	c.met[Stops]++
	if c.running.Has(at) {
		c.met[MidRoundStops]++
	}
	c.over(at)
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

func (c *counter) answered(e *trace.Event) {
	if e.Received() && e.Operation.Kind != protocol.Status {
		c.met[outcomes[e.Outcome]]++
	}
}
