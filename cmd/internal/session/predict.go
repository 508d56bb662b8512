package session

import (
	"fmt"
	"slices"

	"skinny/sim/quiz"
	"skinny/sim/trace"
)

// prediction is a mode: what comes is hidden, and before every event worth asking about
// the run asks what it will be.
type prediction struct{ quizzing }

// Predict begins a prediction, or ends it.
func (s *Session) Predict() string {
	if s.lesson != nil {
		return "in a lesson the lesson asks; " + s.by("quit") + " leaves it"
	}
	s.moment = nil
	if p := s.prediction; p != nil {
		s.prediction = nil
		return "no more questions, and the future is shown; " + p.scored()
	}
	s.prediction = &prediction{}
	return "predict: what comes is hidden, and asked before it happens"
}

// Predicting reports whether what comes is asked before it happens.
func (s *Session) Predicting() bool { return s.prediction != nil }

// scored says how many answers were right.
func (p *prediction) scored() string {
	right, of, streak := p.score()
	if of == 0 {
		return "nothing was asked"
	}
	text := fmt.Sprintf("%d of %d right", right, of)
	if streak > 1 {
		text += fmt.Sprintf(", the last %d in a row", streak)
	}
	return text
}

// halt is how far one may go from where the session is towards a point of a branch: to
// the first event that is to be asked about, and was not.
func (p *prediction) halt(s *Session, b *Branch, point int) int {
	from := s.at
	if b != s.branch {
		from = min(from, Shared(s.branch, b))
	}
	for n := from + 1; n <= point; n++ {
		home := b.owner(n)
		answered := func(q posed) bool { return q.Event == n && q.Choice != nothing && q.Branch.owner(n) == home }
		if !slices.ContainsFunc(p.posed, answered) && p.ask(b, n) != nil {
			return n - 1
		}
	}
	return point
}

// ask asks about an event of a branch. It returns nil if that is not worth it.
func (p *prediction) ask(b *Branch, event int) *posed {
	run := b.quizzed()
	kind, worth := quiz.Worth(run, event)
	if !worth {
		return nil
	}
	q, err := b.owner(event).ask(asked{event: event}, func() (quiz.Question, error) { return quiz.Ask(run, kind, event, trace.None) })
	if err != nil {
		return nil
	}
	return p.pose(b, event, q)
}

// aside is the question, or what is said about the last answer, and the score.
func (p *prediction) aside(s *Session) *Page {
	title := "predict: " + p.scored()
	if q := s.Question(); q != nil {
		title = "predict, question " + count(len(p.posed))
		if len(p.posed) > 1 && !s.Words { // in lines the score was said with the last answer
			title += " · " + p.scored()
		}
		return reading(title, asking(q))
	}
	var rows []Row
	if n := len(p.posed); n > 0 && p.waits() == nil && s.branch == p.posed[n-1].Branch && s.at == p.posed[n-1].Event {
		rows = append(rows, p.posed[n-1].graded())
	}
	if s.at == s.branch.Len() {
		rows = append(rows, row(Plain, "The run ends here: "+p.scored()+"."))
	}
	return reading(title, rows)
}
