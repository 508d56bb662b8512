package shrink

import (
	"slices"

	"skinny/protocol"
	"skinny/sim"
	"skinny/sim/trace"
)

// setup is a cluster that is made of the given one. It is never changed.
type setup struct {
	cluster *sim.Cluster
	header  *trace.Header
	origin  []protocol.Position // by position: the position in the given cluster
	holder  []protocol.Holder   // by given holder: the holder
}

// newSetup is the given cluster itself.
func newSetup(c *sim.Cluster) setup {
	s := setup{cluster: c}
	for p := range c.Instances {
		s.origin = append(s.origin, protocol.Position(p))
	}
	for h := range len(c.Holders) + 1 {
		s.holder = append(s.holder, protocol.Holder(h))
	}
	return s.with(func(*sim.Cluster) {})
}

// with is the setup with a change to its cluster.
func (s setup) with(change func(c *sim.Cluster)) setup {
	c := *s.cluster
	c.Instances = slices.Clone(c.Instances)
	change(&c)
	s.cluster, s.header = &c, c.Header()
	return s
}

// without is the setup without the instances at some positions.
func (s setup) without(gone ...int) setup {
	var origin []protocol.Position
	smaller := s.with(func(c *sim.Cluster) {
		c.Instances = c.Instances[:0]
		for p, i := range s.cluster.Instances {
			if !slices.Contains(gone, p) {
				c.Instances = append(c.Instances, i)
				origin = append(origin, s.origin[p])
			}
		}
	})
	smaller.origin = origin
	return smaller
}

// onlyHolders is the setup with these clients, by their given holders, which are
// renamed: the first of them gets the first name.
func (s setup) onlyHolders(present []protocol.Holder) setup {
	fewer := s.with(func(c *sim.Cluster) { c.Holders = slices.Clone(c.Holders[:len(present)]) })
	fewer.holder = make([]protocol.Holder, len(s.holder))
	for n, h := range present {
		fewer.holder[h] = protocol.Holder(n + 1)
	}
	return fewer
}
