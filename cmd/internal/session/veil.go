package session

// A session can be in a mode: a lesson is taken, for one. A mode hides what comes later,
// says something beside the run, and may ask. Faces show nothing behind [Session.Limit],
// and [Session.Aside] wherever they are.

// Limit is the last event of the current branch that may be seen. Where nothing is hidden
// it is the last that is known.
func (s *Session) Limit() int { return s.limit(s.branch) }

// limit is Limit of a branch.
func (s *Session) limit(b *Branch) int {
	limit := b.Len()
	if s.lesson != nil {
		limit = min(limit, s.lesson.limit(b))
	}
	return limit
}

// Veiled reports whether something of the current branch is hidden.
func (s *Session) Veiled() bool { return s.Limit() < s.branch.Len() }

// Aside is what the session's mode says and asks at this point, nil for nothing. A row
// that leads somewhere is a choice of a question.
func (s *Session) Aside() *Page {
	if s.lesson != nil {
		return s.lesson.aside(s)
	}
	return nil
}

// hidden says that what comes next cannot be seen yet.
func (s *Session) hidden() string {
	if s.Question() != nil {
		return s.toAnswer()
	}
	return "what comes after event " + count(s.Limit()) + " is hidden until the run has come there; Enter goes on"
}
