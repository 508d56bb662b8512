package swarm

import "skinny/sim/trace"

// Knob is one thing that seeds vary.
type Knob uint8

// The knobs. [KnobTable] says what each is.
const (
	Instances Knob = iota
	Increments
	Timeout
	Latency
	Stragglers
	Tail
	TailLatency
	Loss
	RequestLoss
	ResponseLoss
	Duplication
	Clogs
	Cuts
	Partitions
	Isolations
	Crashes
	Wipes
	Tears
	Pauses
	Clients
	Operations
	Think
	Hold
	Patience
	Roam
	Repeat
	ReleaseTwice

	knobs
)

// Span is the bounds within which a seed draws the value of a knob. If it begins at
// 0, half of the seeds have 0.
type Span struct{ Low, High uint64 }

// Is reports whether a knob can have another value than 0.
func (s Span) Is() bool { return s.High > 0 }

// Knobs is a span for every knob.
type Knobs [knobs]Span

// Unit says what the value of a knob is.
type Unit uint8

// The units.
const (
	Count    Unit = iota
	Share         // millionths
	Duration      // nanoseconds
)

// Part is the part of a run that a knob is about.
type Part uint8

// The parts.
const (
	OfCluster  Part = iota // with its links as long as nothing goes wrong
	OfWorkload             // what clients do
	OfFaults               // what goes wrong
)

// OnBase says what a knob is where seeds vary a scenario, see [Base].
type OnBase uint8

// What a knob is there.
const (
	Kept    OnBase = iota // it counts as the profile says
	IfAsked               // the scenario has its own, so it counts only if it is asked for by name
	Never                 // it is about a cluster that is drawn as a whole
)

// KnobInfo describes a knob.
type KnobInfo struct {
	Knob  Knob
	Name  string // as in scenario files and flags
	Part  Part
	Base  OnBase
	Unit  Unit
	Least uint64 // of its values
	Most  uint64
	About string // what it is, in one sentence without a full stop
	Risk  Risk   // what the protocol assumes and it breaks
}

// Risk is something that the protocol assumes, and that a knob breaks.
type Risk uint8

// The risks.
const (
	NoRisk  Risk = iota
	OnNames      // a name is used for one acquisition at a time
	OnDisks      // what was stored is found again
)

var riskNames = [...]string{"", "names", "disks"}

func (r Risk) String() string { return riskNames[r] }

const (
	whole  = 1_000_000 // all, in millionths
	hour   = uint64(3600 * trace.Second)
	maxOps = 10_000
)

var knobTable = [knobs]KnobInfo{
	{Instances, "instances", OfCluster, Never, Count, 2, 32, "size of the cluster", NoRisk},
	{Increments, "increments", OfCluster, Never, Count, 1, 1000, "increments, different ones for each instance", NoRisk},
	{Timeout, "timeout", OfCluster, Never, Duration, 1, hour, "how long an instance waits for its peers; if 0, it is chosen to suit the latencies", NoRisk},
	{Latency, "latency", OfCluster, IfAsked, Duration, 0, hour, "one-way latencies; every link draws a range of its own", NoRisk},
	{Stragglers, "stragglers", OfCluster, Never, Count, 0, 32, "instances that are ten times as far away as the others", NoRisk},
	{Tail, "tail", OfFaults, Kept, Share, 0, whole, "share of the messages that take the tail latency", NoRisk},
	{TailLatency, "tail-latency", OfFaults, Kept, Duration, 0, hour, "latency of such a message; if 0, up to ten times the longest other one", NoRisk},
	{Loss, "loss", OfFaults, Kept, Share, 0, whole, "share of all messages that are lost", NoRisk},
	{RequestLoss, "request-loss", OfFaults, Kept, Share, 0, whole, "share of the requests that are lost, on top", NoRisk},
	{ResponseLoss, "response-loss", OfFaults, Kept, Share, 0, whole, "share of the responses that are lost, on top", NoRisk},
	{Duplication, "duplication", OfFaults, Kept, Share, 0, whole, "share of the messages that arrive twice", NoRisk},
	{Clogs, "clogs", OfFaults, Kept, Count, 0, 100, "times that a link clogs: what is sent waits until it clears", NoRisk},
	{Cuts, "cuts", OfFaults, Kept, Count, 0, 100, "times that a link is cut, in one direction or in both", NoRisk},
	{Partitions, "partitions", OfFaults, Kept, Count, 0, 100, "times that the cluster falls into groups", NoRisk},
	{Isolations, "isolations", OfFaults, Kept, Count, 0, 100, "times that an instance is cut from all its peers", NoRisk},
	{Crashes, "crashes", OfFaults, Kept, Count, 0, 100, "times that an instance crashes, and restarts at once or later", NoRisk},
	{Wipes, "wipes", OfFaults, Kept, Count, 0, 100, "times that an instance loses its disk, and restarts without it", OnDisks},
	{Tears, "tears", OfFaults, Kept, Count, 0, 100, "times that an instance crashes and loses what it stored last", OnDisks},
	{Pauses, "pauses", OfFaults, Kept, Count, 0, 100, "times that an instance freezes for a while", NoRisk},
	{Clients, "clients", OfWorkload, IfAsked, Count, 0, 32, "clients that take the lock and give it back", NoRisk},
	{Operations, "operations", OfWorkload, IfAsked, Count, 0, maxOps, "calls of all clients together", NoRisk},
	{Think, "think", OfWorkload, Kept, Duration, 1, hour, "pause of a client before it asks for the lock", NoRisk},
	{Hold, "hold", OfWorkload, Kept, Duration, 1, hour, "how long a client keeps the lock", NoRisk},
	{Patience, "patience", OfWorkload, Kept, Duration, 1, hour, "how long a client waits for an answer", NoRisk},
	{Roam, "roam", OfWorkload, Kept, Share, 0, whole, "share of the calls that go to another instance than the client's own", NoRisk},
	{Repeat, "repeat", OfWorkload, Kept, Share, 0, whole, "share of the operations without a certain answer that a client makes again, elsewhere", OnNames},
	{ReleaseTwice, "release-twice", OfWorkload, Kept, Share, 0, whole, "share of the releases that a client makes twice", OnNames},
}

// KnobTable describes all knobs, in the order in which they are explained.
func KnobTable() []KnobInfo { return append([]KnobInfo(nil), knobTable[:]...) }

// Only is the knobs of a part, with all others turned off.
func (k Knobs) Only(p Part) Knobs {
	return k.without(func(info *KnobInfo) bool { return info.Part != p })
}

// OnBase is the knobs for a base: those that would change its cluster or add to its
// clients are turned off.
func (k Knobs) OnBase() Knobs {
	return k.without(func(info *KnobInfo) bool { return info.Base != Kept })
}

func (k Knobs) without(off func(*KnobInfo) bool) Knobs {
	for i := range k {
		if off(&knobTable[i]) {
			k[i] = Span{}
		}
	}
	return k
}

// KnobByName finds a knob by its name.
func KnobByName(name string) (KnobInfo, bool) {
	for _, k := range knobTable {
		if k.Name == name {
			return k, true
		}
	}
	return KnobInfo{}, false
}
