package session

import (
	"fmt"

	"skinny/sim/quiz"
	"skinny/sim/trace"
)

// prediction is a mode: what comes is hidden, and before every event worth asking about
// the run asks what it will be.
type prediction struct {
	runs     map[*Branch]*quiz.Run
	answered map[Happening]bool // by the branch in which the event happens first
	answers  []Answered
	open     *quiz.Question // asked last
	of       *Branch        // that it is about
	choice   int            // the answer to it, or nothing

	right  int
	streak int // right answers since the last wrong one
}

// Predict begins a prediction, or ends it.
func (s *Session) Predict() string {
	if s.lesson != nil {
		return "in a lesson the lesson asks; " + s.by("quit") + " leaves it"
	}
	if p := s.prediction; p != nil {
		s.prediction, s.moment = nil, nil
		return "no more questions, and the future is shown; " + p.score()
	}
	s.prediction, s.moment = &prediction{runs: map[*Branch]*quiz.Run{}, answered: map[Happening]bool{}}, nil
	return "predict: what comes is hidden, and asked before it happens"
}

// Predicting reports whether what comes is asked before it happens.
func (s *Session) Predicting() bool { return s.prediction != nil }

// score says how many answers were right.
func (p *prediction) score() string {
	if len(p.answers) == 0 {
		return "nothing was asked"
	}
	text := fmt.Sprintf("%d of %d right", p.right, len(p.answers))
	if p.streak > 1 {
		text += fmt.Sprintf(", the last %d in a row", p.streak)
	}
	return text
}

// Score is how many predictions were right, of how many, and how many of the last ones in
// a row.
func (s *Session) Score() (right, asked, streak int) {
	if p := s.prediction; p != nil {
		return p.right, len(p.answers), p.streak
	}
	return 0, 0, 0
}

// question is the one that waits for an answer at this point, or nil.
func (p *prediction) question(s *Session) *quiz.Question {
	if p.open == nil || p.choice != nothing || s.branch != p.of || s.at != p.open.Event-1 {
		return nil
	}
	return p.open
}

// halt is how far one may go from where the session is towards a point of a branch: to
// the first event that is to be asked about, and was not.
func (p *prediction) halt(s *Session, b *Branch, point int) int {
	from := s.at
	if b != s.branch {
		from = min(from, Shared(s.branch, b))
	}
	for n := from + 1; n <= point; n++ {
		if p.answered[Happening{b.owner(n), n}] {
			continue
		}
		if q := p.question(s); q != nil && b == p.of && n == q.Event {
			return n - 1 // it is asked already
		}
		if p.ask(s, b, n) {
			return n - 1
		}
	}
	return point
}

// ask asks about an event of a branch. It reports false, and does nothing, if that is not
// worth it.
func (p *prediction) ask(s *Session, b *Branch, event int) bool {
	run := p.runs[b]
	if run == nil {
		run = s.quizzed(b)
		p.runs[b] = run
	}
	kind, worth := quiz.Worth(run, event)
	if !worth {
		return false
	}
	home := b.owner(event)
	q, err := s.tree.question(asked{home, len(home.acts), event, 0}, func() (quiz.Question, error) { return quiz.Ask(run, kind, event, trace.None) })
	if err != nil {
		return false
	}
	p.open, p.of, p.choice = q, b, nothing
	return true
}

// forget takes note that a branch goes on otherwise now.
func (p *prediction) forget(b *Branch) {
	if p != nil {
		delete(p.runs, b)
	}
}

// answer takes an answer to the open question, and goes on to what happens.
func (p *prediction) answer(s *Session, choice int) {
	p.note(choice)
	s.set(s.branch, p.open.Event)
}

// note takes note of an answer to the open question.
func (p *prediction) note(choice int) {
	p.choice = choice
	p.answered[Happening{p.of.owner(p.open.Event), p.open.Event}] = true
	p.answers = append(p.answers, Answered{p.of, p.open.Event, choice})
	if right, _ := p.open.Grade(choice); right {
		p.right++
		p.streak++
	} else {
		p.streak = 0
	}
}

// aside is the question, or what is said about the last answer, and the score.
func (p *prediction) aside(s *Session) *Page {
	var rows []Row
	q := p.question(s)
	if q != nil {
		rows = asking(q)
	} else if p.open != nil && p.choice != nothing && s.branch == p.of && s.at == p.open.Event {
		rows = append(rows, graded(p.open, p.choice))
	}
	if q == nil && s.at == s.branch.Len() {
		rows = append(rows, row(Plain, "The run ends here: "+p.score()+"."))
	}
	title := "predict: " + p.score()
	if q != nil {
		title = "predict, question " + count(len(p.answers)+1)
		if len(p.answers) > 0 && !s.Words { // in lines the score was said with the last answer
			title += " · " + p.score()
		}
	}
	return reading(title, rows)
}
