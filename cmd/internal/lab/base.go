package lab

import (
	"fmt"

	"skinny/protocol"
	"skinny/sim"
	"skinny/sim/swarm"
	"skinny/sim/trace"
)

// asking is a base for seeds in which only a and b are called by clients, so that c has
// nothing to do but to answer. Without commits none of theirs reach it.
func asking(rules protocol.Rules, players sim.Players, commits bool) *swarm.Base {
	const names = 4 // of each client
	c := &sim.Cluster{Rules: rules}
	t := &sim.Timetable{Budget: 100_000}
	for p := range 3 {
		c.Instances = append(c.Instances, sim.Instance{Name: swarm.InstanceName(p), Increment: 1, Timeout: sim.DefaultTimeout})
		for range 3 {
			t.Links = append(t.Links, sim.Link{Latency: sim.Range{Low: trace.Millisecond, High: 20 * trace.Millisecond}})
		}
	}
	players.Play(c.Instances)
	for n := range 2 {
		t.Clients = append(t.Clients, sim.Client{
			First: protocol.Holder(len(c.Holders) + 1), Last: protocol.Holder(len(c.Holders) + names), Home: protocol.Position(n),
			Stop: 10 * trace.Second, Operations: 8,
			Think: sim.Range{Low: trace.Millisecond, High: 50 * trace.Millisecond}, Hold: sim.Range{Low: trace.Millisecond, High: 50 * trace.Millisecond},
			Patience: sim.Range{Low: sim.DefaultClientTimeout, High: sim.DefaultClientTimeout},
		})
		for k := range names {
			c.Holders = append(c.Holders, fmt.Sprintf("%s-%d", swarm.ClientName(n), k+1))
		}
	}
	if !commits {
		t.Fates = []sim.Fate{{Kind: sim.DropFate, Message: protocol.CommitRequest, From: protocol.All(2), To: protocol.Set(0).With(2)}}
	}
	return &swarm.Base{Cluster: c, Timetable: t, Stretch: true}
}
