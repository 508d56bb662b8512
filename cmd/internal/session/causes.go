package session

import (
	"fmt"

	"skinny/protocol"
	"skinny/sim/check"
	"skinny/sim/trace"
)

// Causes is everything that led to the current event, in its order, and the event
// itself: causes, votes, and what the sentences name.
func (s *Session) Causes() []int {
	b := s.branch
	return trace.Causes(s.at, b.Event, func(n int) []int {
		refs := b.Line(n).Why.Refs()
		if n == s.at {
			refs = append(refs, check.Refs(b.Verdicts(), n)...)
		}
		return refs
	})
}

// formsMajority reports whether a majority forms by an event.
func (b *Branch) formsMajority(n int, e *trace.Event) bool {
	return e.Kind == trace.Count && (b.header.Rules.Has(protocol.Majority) || b.header.Quorums.Of(b.Line(n).Majority.Phase) > 0) && b.Line(n).Majority.Votes != 0
}

// majority says of what the current event makes a majority.
func (s *Session) majority() string {
	l := s.branch.Line(s.at)
	votes := fmt.Sprintf("%d of %d", l.Majority.Votes.Len(), len(s.branch.Header().Instances))
	phase, what := "phase 1", "promises"
	if l.Majority.Phase == protocol.Committing {
		phase, what = "phase 2", "commits"
	}
	if !l.Majority.Yes {
		return phase + ": " + votes + " say no to " + l.To.Name + ", a majority"
	}
	return phase + ": " + l.To.Name + " has " + votes + " " + what + ", a majority"
}
