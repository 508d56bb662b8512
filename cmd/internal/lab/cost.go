package lab

import (
	"fmt"

	"skinny/cmd/internal/report"
	"skinny/scenarios"
	"skinny/sim/prose"
	"skinny/sim/trace"
)

// Cost is what a run costs. It is an observer.
type Cost struct {
	Rounds   int
	Messages int        // requests and answers of instances
	Waited   trace.Time // by all clients together, for answers
	calls    map[uint32]trace.Time
}

// Observe counts an event.
func (c *Cost) Observe(e *trace.Event) {
	c.Messages += e.Asked.Len()
	switch e.Kind {
	case trace.Propose:
		c.Rounds++
	case trace.Promise, trace.Accept, trace.Reply:
		c.Messages++
	case trace.Call:
		if c.calls == nil {
			c.calls = map[uint32]trace.Time{}
		}
		c.calls[e.Operation.Number] = e.At
	}
	if at, ok := c.calls[e.Operation.Number]; ok && (e.Received() || e.Kind == trace.GiveUp) {
		c.Waited += e.At - at
		delete(c.calls, e.Operation.Number)
	}
}

// Same reports whether another run costs the same.
func (c *Cost) Same(o *Cost) bool {
	return c.Rounds == o.Rounds && c.Messages == o.Messages && c.Waited == o.Waited
}

// Words are what it costs.
func (c *Cost) Words() string {
	return fmt.Sprintf("%s, %s, %s", report.Count(c.Rounds, "round"), report.Count(c.Messages, "message"), prose.Duration(c.Waited))
}

// builtInCost is what a bundled scenario costs with built-in instances.
func builtInCost(name string) (Cost, error) {
	c := Cost{}
	s, err := scenarios.Load(name, scenarios.Overrides{})
	if err == nil {
		_, err = s.Run(&c)
	}
	return c, err
}
