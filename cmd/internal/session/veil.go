package session

import (
	"slices"

	"skinny/sim/check"
)

// A session can be in a mode: a lesson is taken, a prediction is made, the run is
// presented. A mode hides what comes later, says something beside the run, and may ask.
// Faces show nothing behind [Session.Limit], and [Session.Aside] wherever they are.

// Limit is the last event of the current branch that may be seen. Where nothing is hidden
// it is the last that is known.
func (s *Session) Limit() int { return s.LimitOf(s.branch) }

// LimitOf is the last event of a branch that may be seen.
func (s *Session) LimitOf(b *Branch) int {
	limit := b.Len()
	if s.prediction != nil || s.presenting {
		limit = min(limit, s.at)
	}
	if s.lesson != nil {
		limit = min(limit, s.lesson.limit(b))
	}
	if s.solving != nil {
		limit = min(limit, s.solving.limit(s, b))
	}
	return limit
}

// Veiled reports whether something of the current branch is hidden.
func (s *Session) Veiled() bool { return s.Limit() < s.branch.Len() }

// reach is the last event of a branch that one may go to: what is hidden may be seen by
// going there, but for a lesson, which halts.
func (s *Session) reach(b *Branch) int {
	switch {
	case s.lesson != nil:
		return s.lesson.halt(b)
	case s.solving != nil && s.solving.Predicts():
		return s.solving.limit(s, b)
	}
	return b.Len()
}

// hidden says that what comes next cannot be seen yet.
func (s *Session) hidden() string {
	if s.Question() != nil {
		return s.toAnswer(s.Question())
	}
	if x := s.solving; x != nil && x.Predicts() {
		return "what happens is hidden until it is predicted; " + x.usage()
	}
	return "what comes after event " + count(s.Limit()) + " is hidden until the run has come there; Enter goes on"
}

// Visible is the verdicts on the current branch as they stand by what may be seen: what
// breaks later holds. It is nil if they are not known.
func (s *Session) Visible() []check.Verdict {
	verdicts := s.branch.Verdicts()
	if limit := s.Limit(); limit < s.branch.Len() {
		verdicts = slices.Clone(verdicts)
		for i := range verdicts {
			if v := &verdicts[i]; v.State == check.Undecided || v.Event > limit {
				*v = check.Verdict{Property: v.Property, Severity: v.Severity}
			}
		}
	}
	return verdicts
}

// Outcome is that of a branch, as far as it may be seen.
func (s *Session) Outcome(b *Branch) Span {
	if s.LimitOf(b) < b.Len() {
		return Span{"what comes of it is hidden", Faint}
	}
	return b.Outcome()
}

// Halted reports whether a lesson says something at this very point.
func (s *Session) Halted() bool { return s.lesson != nil && s.lesson.shown(s) != nil }

// Aside is what the session's mode says and asks at this point, nil for nothing. A row
// that does something by enter is a choice of a question.
func (s *Session) Aside() *Page {
	switch {
	case s.lesson != nil:
		return s.lesson.aside(s)
	case s.prediction != nil:
		return s.prediction.aside(s)
	case s.solving != nil:
		return s.solving.aside(s)
	}
	return nil
}

// Presenting reports whether the run is shown to an audience: wide, with the future hidden.
func (s *Session) Presenting() bool { return s.presenting }

// Present begins or ends a presentation.
func (s *Session) Present() string {
	s.presenting = !s.presenting
	s.moment = nil // what is under way is told otherwise
	if !s.presenting {
		return "the presentation is over, and everything is shown"
	}
	return "presenting: what comes is hidden, and PgDn and PgUp are the next event and the last"
}
