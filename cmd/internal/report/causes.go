package report

import (
	"skinny/cmd/internal/why"
	"skinny/sim/check"
	"skinny/sim/narrate"
	"skinny/sim/trace"
)

// causes knows why everything in a run happened. It is an observer.
type causes struct {
	narrator *narrate.Narrator
	votes    *why.Votes
	of       []int   // by event, from the first: the event that caused it
	named    [][]int // by event: the events that its sentence names
}

func newCauses(h *trace.Header) *causes {
	return &causes{narrator: narrate.New(h), votes: why.NewVotes(h)}
}

// Observe notes an event's causes.
func (c *causes) Observe(e *trace.Event) {
	c.of = append(c.of, e.Cause)
	c.named = append(c.named, c.narrator.Tell(e).Why.Refs())
	c.votes.Observe(e)
}

// chain is an event and everything that led to it.
func (c *causes) chain(event int, verdicts []check.Verdict) map[int]bool {
	run := why.Run{
		Votes:    c.votes,
		Cause:    func(n int) int { return c.of[n-1] },
		Named:    func(n int) []int { return c.named[n-1] },
		Verdicts: verdicts,
	}
	return run.Chain(event)
}
