package main

import (
	"skinny/sim/check"
	"skinny/sim/narrate"
	"skinny/sim/trace"
)

// causes knows why everything in a run happened. It is an observer.
type causes struct {
	narrator *narrate.Narrator
	of       []int   // by event, from the first: the event that caused it
	named    [][]int // by event: the events that its sentence names
}

func newCauses(h *trace.Header) *causes { return &causes{narrator: narrate.New(h)} }

// Observe notes an event's causes.
func (c *causes) Observe(e *trace.Event) {
	c.of = append(c.of, e.Cause)
	c.named = append(c.named, narrate.Named(c.narrator.Tell(e).Why))
}

// chain is an event and everything that led to it; and of the events that the
// sentences and verdicts on this way name as reasons, what led to those.
func (c *causes) chain(event int, verdicts []check.Verdict) map[int]bool {
	chain := make(map[int]bool)
	var named []int
	for at := event; at != 0; at = c.of[at-1] {
		chain[at] = true
		named = append(named, c.named[at-1]...)
	}
	for _, v := range verdicts {
		if v.State == check.Violated && v.Event == event {
			named = append(named, narrate.Named(v.Why)...)
		}
	}
	for _, reason := range named {
		for at := reason; at != 0; at = c.of[at-1] {
			chain[at] = true
		}
	}
	return chain
}
