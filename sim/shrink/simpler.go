package shrink

import (
	"slices"

	"skinny/protocol"
	"skinny/sim"
)

// acquiresForReleases lets a client acquire that releases what it never asked for.
func (s *shrinker) acquiresForReleases() {
	for i := 0; i < len(s.acts); i++ {
		if s.releasesNothing(i) {
			d := *s.acts[i].decision
			d.Operation = protocol.Acquire
			s.scratch = append(s.scratch[:0], s.acts...)
			s.scratch[i].decision = &d
			s.try(s.setup, s.scratch)
		}
	}
}

// releasesNothing reports whether an act is a release by a client that does not acquire.
func (s *shrinker) releasesNothing(i int) bool {
	d := s.acts[i].decision
	return s.acts[i].starts() && d.Operation == protocol.Release && !slices.ContainsFunc(s.acts, func(a act) bool {
		return a.starts() && a.decision.Operation == protocol.Acquire && a.decision.Holder == d.Holder
	})
}

// deadlinesForAnswers lets a phase end by its deadline where it waited for
// answers. Then nothing need be delivered in it.
func (s *shrinker) deadlinesForAnswers() {
	for i := len(s.acts) - 1; i >= 0; i = min(i, len(s.acts)) - 1 {
		a := &s.acts[i]
		if a.kind == sim.RefuseMessage || a.kind == sim.DeliverMessage && !a.role.message.IsRequest() {
			s.deadlineAt(i)
		}
	}
}

// deadlineAt puts a deadline in place of the answer at an index, or of the refusal of
// a request, and leaves out the messages of the same phase up to it.
func (s *shrinker) deadlineAt(last int) {
	it := s.acts[last].role
	s.changed(s.setup, func(i int, a *act) bool {
		switch {
		case i == last:
			asker := it.to
			if it.message.IsRequest() {
				asker = it.from
			}
			a.kind = sim.FireDeadline
			a.role = s.replay.part(role{
				item: sim.DeadlineItem, phase: it.phase, from: asker, try: it.try, op: it.op,
			})
		case i < last && a.kind.Has(sim.WithMessage) && a.role.phase == it.phase && a.round() == s.acts[last].round():
			return false
		}
		return true
	})
}
