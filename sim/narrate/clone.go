package narrate

import (
	"maps"

	"skinny/sim/prose"
)

// Clone returns a narrator that has been told the same events, and goes on
// independently.
func (n *Narrator) Clone() *Narrator {
	c := *n
	c.instances = append([]memory(nil), n.instances...)
	for i := range c.instances {
		c.instances[i].ended = maps.Clone(n.instances[i].ended)
	}
	c.invoked = maps.Clone(n.invoked)
	c.read = maps.Clone(n.read)
	c.waiting = maps.Clone(n.waiting)
	c.words = prose.Builder{}
	return &c
}
