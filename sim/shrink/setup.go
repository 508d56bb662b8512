package shrink

import (
	"slices"

	"skinny/protocol"
	"skinny/sim"
	"skinny/sim/trace"
)

// settings are what is said of an instance beside its name, and what that is by default.
var settings = [...]struct {
	name  string
	reset func(i *sim.Instance, at int)
	value func(i *sim.Instance) any
}{
	{"timeout", func(i *sim.Instance, _ int) { i.Timeout = sim.DefaultTimeout }, func(i *sim.Instance) any { return i.Timeout }},
	{"promise-timeout", func(i *sim.Instance, _ int) { i.PromiseTimeout = 0 }, func(i *sim.Instance) any { return i.PromiseTimeout }},
	{"promise-delay", func(i *sim.Instance, _ int) { i.PromiseDelay = sim.Range{} }, func(i *sim.Instance) any { return i.PromiseDelay }},
	{"rules", func(i *sim.Instance, _ int) { i.RulesOn, i.RulesOff = 0, 0 }, func(i *sim.Instance) any { return [2]protocol.Rules{i.RulesOn, i.RulesOff} }},
	{"increment", func(i *sim.Instance, at int) { i.Increment = protocol.ID(at + 1) }, func(i *sim.Instance) any { return i.Increment }},
}

// fewerSettings makes the cluster's settings what they are by default: all of a
// kind at once, or else one by one.
func (s *shrinker) fewerSettings() {
	s.withoutLatency()
	for _, setting := range settings {
		all := func(c *sim.Cluster) {
			for p := range c.Instances {
				setting.reset(&c.Instances[p], p)
			}
		}
		if s.trySetting(all) {
			continue
		}
		for p := range s.setup.cluster.Size() {
			s.trySetting(func(c *sim.Cluster) { setting.reset(&c.Instances[p], p) })
		}
	}
}

// trySetting changes the cluster, if that changes anything.
func (s *shrinker) trySetting(change func(*sim.Cluster)) bool {
	to := s.setup.with(change)
	if slices.Equal(to.cluster.Instances, s.setup.cluster.Instances) {
		return false
	}
	return s.try(to, s.acts)
}

// withoutLatency lets calls and answers arrive at once: an operation is called when
// its call arrived.
func (s *shrinker) withoutLatency() {
	if s.setup.cluster.ClientLatency == 0 {
		return
	}
	to := s.setup.with(func(c *sim.Cluster) { c.ClientLatency = 0 })
	calls := map[int32]act{} // by operation
	s.changed(to, func(_ int, a *act) bool {
		switch a.kind {
		case sim.InvokeOperation:
			calls[a.op] = *a
			return false // it moves, unless its call never arrives
		case sim.DeliverCall:
			*a = calls[a.op]
		}
		return true
	})
}

// setup is a cluster that is made of the given one. It is never changed.
type setup struct {
	cluster *sim.Cluster
	header  *trace.Header
	origin  []protocol.Position // by position: the position in the given cluster
}

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
