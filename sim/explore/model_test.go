package explore

import (
	"testing"

	"skinny/protocol"
	"skinny/sim"
	"skinny/sim/explore/search"
)

// newConfig is a cluster of so many instances a, b, c, ... with the rules of an
// edition, and clients alice, bob, carol, ... each of which acquires and releases at
// the instance of its letter.
func newConfig(edition string, instances, clients int) Config {
	e, ok := protocol.EditionByName(edition)
	if !ok {
		panic(edition)
	}
	c := Config{Cluster: &sim.Cluster{Rules: e.Rules}, HostsDown: true, Limits: DefaultLimits(), Reductions: AllReductions()}
	for i := range instances {
		c.Cluster.Instances = append(c.Cluster.Instances, sim.Instance{
			Name: string(rune('a' + i)), Increment: protocol.ID(i + 1), Timeout: sim.DefaultTimeout,
		})
	}
	for i, name := range []string{"alice", "bob", "carol"}[:clients] {
		h := protocol.Holder(i + 1)
		c.Cluster.Holders = append(c.Cluster.Holders, name)
		c.Calls = append(c.Calls, Call{protocol.Acquire, h, protocol.Position(i)}, Call{protocol.Release, h, protocol.Position(i)})
	}
	return c
}

func TestTry(t *testing.T) {
	c := newConfig("sound", 3, 2)
	c.Limits = Limits{Losses: 0, Timeouts: 0, Retries: 1}
	m, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	for _, only := range []search.Options{{}} {
		r, err := search.BreadthFirst(m, only)
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%+v", *r)
		t.Logf("frontier state %d bytes", r.Bytes/int64(r.Distinct))
	}
}
