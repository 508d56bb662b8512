package sim

import (
	"cmp"

	"skinny/protocol"
	"skinny/sim/trace"
)

// Range is a span of time from which a duration is drawn uniformly, both ends
// included. With equal ends nothing is drawn.
type Range struct{ Low, High trace.Time }

// Instance is what a scenario says of one instance.
type Instance struct {
	Name      string
	Increment protocol.ID
	Timeout   trace.Time // of a phase, or of a call without the rule concurrent

	// PromiseTimeout takes the place of Timeout for calls that ask for promises; with 0
	// they have the same.
	PromiseTimeout trace.Time

	// PromiseDelay is how long the instance works on a promise request, with its
	// mutex held, before the answer leaves.
	PromiseDelay Range

	// RulesOn and RulesOff are rules that are on or off for this instance, whatever the
	// cluster's rules say.
	RulesOn, RulesOff protocol.Rules

	// Program, unless nil, plays the instance in place of the built-in protocol. The
	// cluster's rules do not concern it. ProgramName is what files and traces call it.
	Program     Program `json:"-"`
	ProgramName string  `json:",omitempty"`
}

// TimeoutOf is how long the calls of a phase may take.
func (i *Instance) TimeoutOf(p protocol.Phase) trace.Time {
	if p == protocol.Proposing && i.PromiseTimeout > 0 {
		return i.PromiseTimeout
	}
	return i.Timeout
}

// Cluster is everything about a world that never changes while it runs.
type Cluster struct {
	Rules     protocol.Rules
	Quorums   protocol.Quorums
	Instances []Instance // 2 to protocol.MaxSize, in display order

	// Holders are the clients' names; holder number n is Holders[n-1].
	Holders []string

	// ClientLatency is the time that a client's call and its answer take, one
	// way. With 0 they arrive within the event that sends them.
	ClientLatency trace.Time
}

// RulesOf is the rules that an instance follows.
func (c *Cluster) RulesOf(p protocol.Position) protocol.Rules {
	return c.Rules&^c.Instances[p].RulesOff | c.Instances[p].RulesOn
}

// Size is the number of instances.
func (c *Cluster) Size() int { return len(c.Instances) }

// Header is the head of the traces of the cluster's runs, as far as the cluster knows
// it: without title, edition, seed and decisions.
func (c *Cluster) Header() *trace.Header {
	h := &trace.Header{}
	c.Describe(h)
	return h
}

// Describe makes h what Header returns, with its memory used again.
func (c *Cluster) Describe(h *trace.Header) {
	*h = trace.Header{
		Rules: c.Rules, Quorums: c.Quorums, Holders: c.Holders, ClientLatency: c.ClientLatency,
		Instances: h.Instances[:0], Settings: h.Settings[:0],
	}
	for p := range c.Instances {
		in := &c.Instances[p]
		program := ""
		if in.Program != nil {
			program = cmp.Or(in.ProgramName, "a program")
		}
		h.Instances = append(h.Instances, in.Name)
		h.Settings = append(h.Settings, trace.Setting{
			Increment: in.Increment, Timeout: in.Timeout, PromiseTimeout: in.PromiseTimeout, PromiseDelay: trace.Delay(in.PromiseDelay),
			RulesOn: in.RulesOn, RulesOff: in.RulesOff, Program: program,
		})
	}
}

// HolderName is the name of a holder, "" for the free lock.
func (c *Cluster) HolderName(h protocol.Holder) string {
	if h == protocol.Free {
		return ""
	}
	return c.Holders[h-1]
}

// DefaultClientTimeout is how long a client waits for its answer unless it is
// told otherwise (published client: 5 s).
const DefaultClientTimeout = 5 * trace.Second

// DefaultTimeout is an instance's timeout in the published configuration.
const DefaultTimeout = 500 * trace.Millisecond

// DefaultBudget is the number of events after which a run is ended.
const DefaultBudget = 10_000_000
