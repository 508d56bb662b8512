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
}

// newSetup is the given cluster itself.
func newSetup(c *sim.Cluster) setup {
	s := setup{cluster: c}
	for p := range c.Instances {
		s.origin = append(s.origin, protocol.Position(p))
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

// at is the position of the instance with a given position.
func (s setup) at(given protocol.Position) (protocol.Position, bool) {
	p := slices.Index(s.origin, given)
	return protocol.Position(max(p, 0)), p >= 0
}
