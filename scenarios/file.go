package scenarios

import (
	"skinny/protocol"
	"skinny/sim"
	"skinny/sim/check"
	"skinny/sim/swarm"
	"skinny/sim/trace"
)

// Format is the version of the file format.
const Format = 1

// File is a scenario as it is written: names are names, and what is not given is
// not filled in. A File that was decoded knows where everything stands; one that a
// program made has no places and says the same.
type File struct {
	Format    Opt[uint32]
	Title     Opt[string]
	About     Opt[string]
	Edition   Opt[string]   // default: published
	Rules     []RuleSetting // on top of the edition, in the order of [protocol.RuleTable]
	Seed      Opt[uint64]   // default: 0
	Instances []Instance    // in display order
	Network   Network
	Timeline  []Decision // each with At
	Messages  []Fate
	Faults    Faults
	Schedule  Opt[[]Decision] // takes the place of timeline, messages, faults, until, progress and most of network
	Then      Opt[bool]       // after the schedule: settle
	Until     Opt[trace.Time] // inclusive; default: until nothing is left to happen
	Progress  Opt[Progress]   // default: none is demanded
	Events    Opt[int]        // budget; default: sim.DefaultBudget
	Explore   Explore
	Expect    []Expectation

	source *source // nil for a file that a program made
}

// DefaultEdition is the edition of a file that names none.
const DefaultEdition = "published"

// RuleSetting turns one rule on or off.
type RuleSetting struct {
	Rule  string
	On    bool
	Place Place
}

// Instance is one server.
type Instance struct {
	Name         Opt[string]
	Increment    Opt[uint64]     // at least 1; default: the position, from 1
	Timeout      Opt[trace.Time] // positive; default: sim.DefaultTimeout
	PromiseDelay Opt[sim.Range]  // default: 0
	Place        Place
}

// Network is what links do to messages.
type Network struct {
	Conditions    // of all links
	ClientLatency Opt[trace.Time]
	CalmFrom      Opt[trace.Time] // positive; default: never
	Clogs         []Clog
	Links         []Link // later ones win
}

// Conditions is what a link does to messages.
type Conditions struct {
	Latency      Opt[sim.Range] // one way; default: 10ms
	Loss         Opt[Share]     // of all messages; default: 0%
	RequestLoss  Opt[Share]     // on top of that, of requests; default: 0%
	ResponseLoss Opt[Share]     // on top of that, of responses and failures; default: 0%
	Duplication  Opt[Share]     // default: 0%
	Tail         Opt[Tail]      // default: none
}

// DefaultLatency is the latency of links that the file says nothing of.
const DefaultLatency = 10 * trace.Millisecond

// Tail is some messages that take longer than the others.
type Tail struct {
	Share   Opt[Share]
	Latency Opt[sim.Range]
	Place   Place
}

// Link is what is different on some links.
type Link struct {
	From, To Opt[string] // an instance or *; default: *
	Conditions
	Place Place
}

// Clog is a time in which some links let nothing through.
type Clog struct {
	From, To Opt[string] // an instance or *; default: *
	At       Opt[trace.Time]
	For      Opt[trace.Time] // positive
	Place    Place
}

// Faults is what is drawn from the seed, on top of what the file says. With the
// profile none, or without one, and without a knob nothing is.
type Faults struct {
	Profile Opt[string]                         // a name of [swarm.Profiles]; default: none
	Knobs   [len(swarm.Knobs{})]Opt[swarm.Span] // on top of the profile, by [swarm.Knob]
}

// Progress says by when operations must be answered: see [check.Progress].
type Progress struct {
	From   Opt[trace.Time]
	Within Opt[trace.Time] // positive
	Place  Place
}

// Fate is what happens to messages that are named.
type Fate struct {
	Kind     sim.FateKind
	Message  Opt[protocol.MessageKind]
	From, To Opt[string]     // an instance or *; default: *
	Nth      Opt[uint32]     // at least 1; default: every one
	By       Opt[trace.Time] // how much longer it takes; how long after it the copy arrives
	Place    Place
}

// Decision is one thing that is made to happen, with names. What it means and
// which fields it needs is said by its Kind; see [sim.Decision].
type Decision struct {
	Kind      sim.DecisionKind
	Operation protocol.OperationKind // InvokeOperation
	Both      bool                   // a link in both directions
	HostUp    bool                   // CrashInstance
	Message   protocol.MessageKind
	Nth       uint32 // the message's number; 0: the oldest
	Which     uint32 // among several with this number; 0: the oldest
	Number    uint32 // the operation's number; 0: the oldest
	At        Opt[trace.Time]
	Instance  Opt[string] // the instance, the sender, the one that a client calls
	To        Opt[string]
	Holder    Opt[string]
	Timeout   Opt[trace.Time] // positive; default: sim.DefaultClientTimeout
	Groups    [][]Opt[string] // SetPartition
	Place     Place
}

// Expectation is one claim about the end of a run. It is about an operation, an
// instance or a property, or else about who holds the lock.
type Expectation struct {
	Operation Opt[int] // number, from 1
	Outcome   Opt[protocol.Outcome]
	Answered  Opt[trace.Time]

	Instance Opt[string]
	Promised Opt[uint64]
	ID       Opt[uint64]
	Up       Opt[bool]

	// Holder is who holds the lock, "" for nobody: as the operation's answer
	// says, as the instance has accepted, or on as many instances as On says.
	Holder Opt[string]
	On     Opt[Count]

	Property Opt[string]
	Is       Opt[check.State]

	Place Place
}

// Count is a number of instances.
type Count int

// Counts that depend on the size of the cluster.
const (
	OnMajority Count = -1
	OnAll      Count = -2
)
