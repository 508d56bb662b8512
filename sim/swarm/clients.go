package swarm

import (
	"fmt"
	"slices"

	"skinny/protocol"
	"skinny/sim"
	"skinny/sim/check"
	"skinny/sim/trace"
)

// drawClients draws who calls, how often, and with what pauses. It also says how
// long that will take, about, which is when faults make sense.
func (p *Plan) drawClients() {
	t := &p.Timetable
	clients := p.knob(Clients)
	calls := p.knob(Operations)
	if clients == 0 || calls == 0 {
		return
	}
	each := int((calls + clients - 1) / clients)
	var longest trace.Time
	for n := range int(clients) {
		c := sim.Client{
			First:        protocol.Holder(len(p.Cluster.Holders) + 1),
			Last:         protocol.Holder(len(p.Cluster.Holders) + each),
			Home:         protocol.Position(p.d.Below(uint64(len(p.Cluster.Instances)))),
			Roam:         uint32(p.knob(Roam)),
			Operations:   each,
			Think:        p.span(Think),
			Hold:         p.span(Hold),
			Patience:     p.span(Patience),
			Repeat:       uint32(p.knob(Repeat)),
			ReleaseTwice: uint32(p.knob(ReleaseTwice)),
		}
		c.Start = time(p.d.Below(uint64(c.Think.High)))
		p.Cluster.Holders = append(p.Cluster.Holders, p.names.ofClient(n, each, p.set)...)
		call := (c.Think.High+c.Hold.High)/2 + 4*p.far
		longest = max(longest, c.Start+trace.Time(each)*call)
		t.Clients = append(t.Clients, c)
	}
	p.end = max(p.end, time(uint64(longest)))
	for n := range t.Clients {
		t.Clients[n].Stop = p.end
	}
}

// probe is the client whose operation must be answered when everything is over.
const probe = "probe"

// demand ends all faults, and says from when on and within what time operations must
// be answered; then a fresh one is called. Nothing is demanded where timeouts are
// too tight for the latencies, or a base says otherwise.
func (p *Plan) demand() {
	t := &p.Timetable
	if p.set.Base != nil {
		p.Progress = p.set.Base.Progress
		return
	}
	t.Calm = p.end
	p.Progress = check.Progress{}
	if p.shortestTimeout() <= 2*p.far || len(t.Clients) == 0 {
		return
	}
	p.Progress = check.Progress{From: p.end + p.longestLatency(), Within: p.longestOperation()}
	operations := 1
	for n := range t.Clients {
		operations += t.Clients[n].Operations
	}
	p.Cluster.Holders = append(p.Cluster.Holders, probe)
	t.Timeline = append(t.Timeline, sim.Decision{
		At:        p.Progress.From + trace.Time(operations)*p.Progress.Within,
		Kind:      sim.InvokeOperation,
		Operation: protocol.Acquire,
		Holder:    protocol.Holder(len(p.Cluster.Holders)),
		From:      protocol.Position(p.d.Below(uint64(len(p.Cluster.Instances)))),
		Timeout:   2 * p.Progress.Within,
	})
}

func (p *Plan) shortestTimeout() trace.Time {
	shortest := p.Cluster.Instances[0].Timeout
	for i := range p.Cluster.Instances {
		shortest = min(shortest, p.Cluster.Instances[i].Timeout)
	}
	return shortest
}

// longestLatency is how long anything takes that is under way when the faults end.
func (p *Plan) longestLatency() trace.Time {
	longest := p.far
	for i := range p.Timetable.Links {
		if l := &p.Timetable.Links[i]; l.Tail > 0 {
			longest = max(longest, l.TailLatency.High)
		}
	}
	return longest
}

// longestOperation is how long an operation takes at most that waits for no other:
// a first phase for each try, with the pauses between them, and a second phase.
func (p *Plan) longestOperation() trace.Time {
	rules := p.Cluster.Rules
	phase := trace.Time(0)
	for i := range p.Cluster.Instances {
		call := p.Cluster.Instances[i].Timeout
		if !rules.Has(protocol.Timeouts) {
			call = 2 * p.far
		}
		if !rules.Has(protocol.Concurrent) {
			call *= trace.Time(len(p.Cluster.Instances) - 1)
		}
		phase = max(phase, call)
	}
	const pauses = (2 + 4 + 6 + 3) * trace.Millisecond // with their jitter
	return (protocol.Retries+2)*phase + pauses + 2*p.Cluster.ClientLatency
}

// names gives instances and clients their names. They are made once.
type names struct {
	instances []string
	clients   [][]string // of each client: its names, in the order of their use
	base      *Base      // that they do not collide with
}

// instance is the name of the nth instance, from 0: a, b, c, ..., z, a2, b2, ...
func (n *names) instance(at int) string {
	for i := len(n.instances); i <= at; i++ {
		name := string(rune('a' + i%26))
		if i >= 26 {
			name += fmt.Sprint(i/26 + 1)
		}
		n.instances = append(n.instances, name)
	}
	return n.instances[at]
}

var firstNames = [...]string{
	"alice", "bob", "carol", "dave", "erin", "frank", "grace", "heidi", "ivan", "judy", "kim", "lena",
	"mia", "nils", "olga", "paul", "quinn", "rosa", "sven", "tina", "uma", "vera", "walt", "xenia", "yann", "zoe",
}

// ofClient is the first names of the nth client, from 0: alice, alice-2, ...
func (n *names) ofClient(at, many int, set *Setting) []string {
	if n.base != set.Base {
		n.base, n.clients = set.Base, nil
	}
	for i := len(n.clients); i <= at; i++ {
		name := firstNames[i%len(firstNames)]
		if i >= len(firstNames) {
			name += "-" + string(rune('a'+i/len(firstNames)))
		}
		n.clients = append(n.clients, []string{name})
		for n.base != nil && slices.Contains(n.base.Cluster.Holders, n.clients[i][0]) {
			n.clients[i][0] += "-too"
		}
	}
	for k := len(n.clients[at]); k < many; k++ {
		n.clients[at] = append(n.clients[at], fmt.Sprintf("%s-%d", n.clients[at][0], k+1))
	}
	return n.clients[at][:many]
}
