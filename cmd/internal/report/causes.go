package report

import (
	"skinny/sim/check"
	"skinny/sim/narrate"
	"skinny/sim/trace"
)

// causes knows why everything in a run happened. It is an observer.
type causes struct {
	trace.Log
	narrator *narrate.Narrator
	named    [][]int // by event, from the first: the events that its sentence names
}

// Observe notes an event, and its reasons.
func (c *causes) Observe(e *trace.Event) {
	c.Log.Observe(e)
	c.named = append(c.named, c.narrator.Tell(e).Why.Refs())
}

// chain is an event and everything that led to it, in order.
func (c *causes) chain(event int, verdicts []check.Verdict) []int {
	return trace.Causes(event, c.Event, func(n int) []int {
		if n == event {
			return append(c.named[n-1], check.Refs(verdicts, n)...)
		}
		return c.named[n-1]
	})
}
