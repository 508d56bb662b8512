package swarm

import (
	"cmp"
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
	clients = min(clients, calls)
	var longest trace.Time
	for n := range clients {
		each := int(calls / clients)
		if n < calls%clients {
			each++
		}
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
		p.Cluster.Holders = append(p.Cluster.Holders, p.names.ofClient(int(n), each, p.set)...)
		call := (c.Think.High+c.Hold.High)/2 + 4*p.far
		longest = max(longest, c.Start+trace.Time(each)*call)
		t.Clients = append(t.Clients, c)
	}
	p.end = max(p.end, time(uint64(longest)))
}

// probe is the client whose operation must be answered when everything is over.
const probe = "probe"

// eternity is a time after which nothing is drawn to happen, 146 years.
const eternity trace.Time = 1 << 62

// demand ends all faults, and says from when on and within what time operations must
// be answered; then a fresh one is called. Nothing is demanded where timeouts are
// too tight for the latencies, or times too long to be added up.
func (p *Plan) demand() {
	t := &p.Timetable
	p.Progress = check.Progress{}
	if p.set.Base != nil {
		p.demandOfBase()
		return
	}
	t.Calm = p.end
	if p.shortestTimeout() <= 2*p.far || len(t.Clients) == 0 {
		return
	}
	from, within := p.end+p.longestLatency(), p.longestOperation()
	operations := trace.Time(1)
	for n := range t.Clients {
		operations += trace.Time(t.Clients[n].Operations)
	}
	if within > (eternity-from)/operations {
		return
	}
	p.Progress = check.Progress{From: from, Within: within}
	p.Cluster.Holders = append(p.Cluster.Holders, probe)
	t.Timeline = append(t.Timeline, sim.Decision{
		At:        from + operations*within,
		Kind:      sim.InvokeOperation,
		Operation: protocol.Acquire,
		Holder:    protocol.Holder(len(p.Cluster.Holders)),
		From:      protocol.Position(p.d.Below(uint64(len(p.Cluster.Instances)))),
		Timeout:   2 * within,
	})
}

// demandOfBase keeps what a base demands, as far as what is drawn leaves room for it:
// chance is calm in time, and after faults an operation may take several tries.
func (p *Plan) demandOfBase() {
	base, t := p.set.Base, &p.Timetable
	if base.Progress == (check.Progress{}) {
		return
	}
	latencies := base.Stretch || p.set.Knobs[Latency].Is()
	if latencies && p.shortestTimeout() <= 2*p.far {
		return
	}
	p.Progress = base.Progress
	if !latencies && !slices.ContainsFunc(p.set.Knobs[Stragglers:Operations], Span.Is) {
		return // nothing is drawn
	}
	p.Progress.Within = max(p.Progress.Within, p.longestOperation())
	if calm := max(p.end, 1); t.Calm == 0 || t.Calm > calm {
		t.Calm = calm
	}
}

func (p *Plan) shortestTimeout() trace.Time {
	sooner := func(a, b sim.Instance) int { return cmp.Compare(a.Timeout, b.Timeout) }
	return slices.MinFunc(p.Cluster.Instances, sooner).Timeout
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

// names gives clients their names. They are made once.
type names struct {
	clients [][]string // of each client: its names, in the order of their use
	base    *Base      // that they do not collide with
}

// InstanceName is the usual name of the nth instance, from 0: a, b, c, ..., z, a2, ...
func InstanceName(n int) string {
	name := "abcdefghijklmnopqrstuvwxyz"[n%26:][:1]
	if n >= 26 {
		name += fmt.Sprint(n/26 + 1)
	}
	return name
}

var clientNames = [...]string{
	"alice", "bob", "carol", "dave", "erin", "frank", "grace", "heidi", "ivan", "judy", "kim", "lena",
	"mia", "nils", "olga", "paul", "quinn", "rosa", "sven", "tina", "uma", "vera", "walt", "xenia", "yann", "zoe",
}

// ClientName is the usual name of the nth client, from 0: alice, bob, carol, ...,
// zoe, alice-b, ...
func ClientName(n int) string {
	name := clientNames[n%len(clientNames)]
	if round := n / len(clientNames); round > 0 {
		name += "-" + string(rune('a'+round))
	}
	return name
}

// free is a name that the base does not use.
func (n *names) free(name string) string {
	for n.base != nil && slices.Contains(n.base.Cluster.Holders, name) {
		name += "-too"
	}
	return name
}

// ofClient is the first names of the nth client, from 0: alice, alice-2, ...
func (n *names) ofClient(at, many int, set *Setting) []string {
	if n.base != set.Base {
		n.base, n.clients = set.Base, nil
	}
	for i := len(n.clients); i <= at; i++ {
		n.clients = append(n.clients, []string{n.free(ClientName(i))})
	}
	for k := len(n.clients[at]); k < many; k++ {
		n.clients[at] = append(n.clients[at], n.free(fmt.Sprintf("%s-%d", n.clients[at][0], k+1)))
	}
	return n.clients[at][:many]
}
