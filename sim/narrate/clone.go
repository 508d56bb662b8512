package narrate

import (
	"maps"

	"skinny/protocol"
	"skinny/sim/trace"
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
	c.waits = maps.Clone(n.waits)
	return &c
}

// Message names a message as lines do: "promise 2?", "no commit 1".
func (n *Narrator) Message(m *protocol.Message) string {
	return n.message(&trace.Event{Message: *m})
}
