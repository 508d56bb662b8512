package session

import (
	"fmt"
	"slices"

	"skinny/sim"
	"skinny/sim/quiz"
	"skinny/sim/trace"
)

// posed is a question that a mode asks before the event that it is about. Its choice, from
// 0, is nothing as long as it waits.
type posed struct {
	branch   *Branch
	event    int
	choice   int
	question *quiz.Question
}

// quizzing is what a mode has asked, the last one perhaps in vain so far.
type quizzing struct{ posed []posed }

// pose asks a question about an event, in place of one that waits.
func (z *quizzing) pose(b *Branch, event int, q *quiz.Question) *posed {
	if z.waits() != nil {
		z.posed = z.posed[:len(z.posed)-1]
	}
	z.posed = append(z.posed, posed{b, event, nothing, q})
	return z.waits()
}

// waits is the question that waits for its answer, nil if none does.
func (z *quizzing) waits() *posed {
	if n := len(z.posed); n > 0 && z.posed[n-1].choice == nothing {
		return &z.posed[n-1]
	}
	return nil
}

// take takes an answer. It reports false, and does nothing, if there is no such choice.
func (p *posed) take(choice int) bool {
	if choice < 0 || choice >= len(p.question.Choices) {
		return false
	}
	p.choice = choice
	return true
}

// score is how many of the answers are right, of how many, and how many of the last ones
// in a row.
func (z *quizzing) score() (right, of, streak int) {
	for _, p := range z.posed {
		if p.choice == nothing {
			break
		}
		of++
		streak++
		if ok, _ := p.question.Grade(p.choice); ok {
			right++
		} else {
			streak = 0
		}
	}
	return right, of, streak
}

func (b *Branch) quizzed() *quiz.Run {
	if b.quiz == nil {
		b.quiz = &quiz.Run{
			Source: b, Header: b.header, Own: b.scenario.Judges, Standing: b.Standing,
			Moment: func(point int) sim.Runner { return b.Moment(point).Runner },
		}
	}
	return b.quiz
}

// waiting is the question that waits for its answer: that of a prediction right before its
// event, that of a lesson also while a branch is looked at. It is nil if none does.
func (s *Session) waiting() *posed {
	switch {
	case s.lesson != nil:
		return s.lesson.waits()
	case s.prediction != nil:
		if p := s.prediction.waits(); p != nil && s.branch == p.branch && s.at == p.event-1 {
			return p
		}
	}
	return nil
}

// Question is the one that waits for its answer here, nil if none does. Until then nothing
// goes on.
func (s *Session) Question() *quiz.Question {
	if p := s.waiting(); p != nil && (s.lesson == nil || s.branch.Parent == nil) {
		return p.question
	}
	return nil
}

func (s *Session) toAnswer(q *quiz.Question) string {
	most := len(q.Choices)
	if s.Words {
		return fmt.Sprintf("answer first: 1 to %d", most)
	}
	return fmt.Sprintf("answer first, with a key from 1 to %d", most)
}

// answer answers the question that waits, by the number of a choice, and goes on to what
// happens.
func (s *Session) answer(n int) Answer {
	p := s.waiting()
	switch {
	case p == nil && s.Words:
		return Answer{Said: "nothing is asked here; `goto " + count(n) + "` goes to that event"}
	case p == nil:
		return Answer{Said: "nothing is asked here"}
	case !p.take(n - 1):
		return Answer{Said: s.toAnswer(p.question)}
	}
	if s.lesson != nil {
		s.lesson.past++
	}
	s.set(p.branch, p.event)
	return Answer{}
}

func asking(q *quiz.Question) []Row {
	rows := []Row{row(Strong, q.Text.String())}
	for i, c := range q.Choices {
		rows = append(rows, Row{
			Text: []Span{{fmt.Sprintf("  %d ", i+1), Key}, {c.Text.String(), Plain}}, Indent: 5,
			Do: map[string]string{"enter": fmt.Sprintf("answer %d", i+1)},
		})
	}
	return rows
}

func (p *posed) graded() Row {
	right, said := p.question.Grade(p.choice)
	sign := Span{"✗", Bad}
	if right {
		sign = Span{"✓", Good}
	}
	return Row{Text: []Span{sign, {said.String(), Strong}}, Indent: 2}
}

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
		answered := func(q posed) bool { return q.event == n && q.choice != nothing && q.branch.owner(n) == home }
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
	q, err := quiz.Ask(run, kind, event, trace.None)
	if err != nil {
		return nil
	}
	return p.pose(b, event, &q)
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
	if n := len(p.posed); n > 0 && p.waits() == nil && s.branch == p.posed[n-1].branch && s.at == p.posed[n-1].event {
		rows = append(rows, p.posed[n-1].graded())
	}
	if s.at == s.branch.Len() {
		rows = append(rows, row(Plain, "The run ends here: "+p.scored()+"."))
	}
	return reading(title, rows)
}
