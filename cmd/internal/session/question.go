package session

import (
	"fmt"

	"skinny/sim"
	"skinny/sim/quiz"
)

// quizzed is a branch as questions are made from it.
func (s *Session) quizzed(b *Branch) *quiz.Run {
	return &quiz.Run{
		Source: b, Header: b.header, Own: b.scenario.Judges, Standing: b.Standing,
		Moment: func(point int) sim.Runner { return b.Moment(point).Runner },
	}
}

// Question is the one that waits for its answer, nil if none does. Until then nothing goes
// on.
func (s *Session) Question() *quiz.Question {
	switch {
	case s.lesson != nil && s.branch.Parent == nil:
		return s.lesson.question()
	case s.prediction != nil:
		return s.prediction.question(s)
	}
	return nil
}

// toAnswer says that a question waits.
func (s *Session) toAnswer(q *quiz.Question) string {
	most := len(q.Choices)
	if s.Words {
		return fmt.Sprintf("answer first: 1 to %d", most)
	}
	return fmt.Sprintf("answer first, with a key from 1 to %d", most)
}

// answer answers the question that waits, by the number of a choice. That of a lesson waits
// also while a branch is looked at.
func (s *Session) answer(n int) Answer {
	q := s.Question()
	if s.lesson != nil {
		q = s.lesson.question()
	}
	switch {
	case q == nil && s.Words:
		return Answer{Said: "nothing is asked here; `goto " + count(n) + "` goes to that event"}
	case q == nil:
		return Answer{Said: "nothing is asked here"}
	case n < 1 || n > len(q.Choices):
		return Answer{Said: s.toAnswer(q)}
	}
	if s.lesson != nil {
		s.lesson.answer(s, n-1)
	} else {
		s.prediction.answer(s, n-1)
	}
	return Answer{}
}

// asking is a question with its choices, as rows.
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

// graded is what is said about an answer.
func graded(q *quiz.Question, choice int) Row {
	right, said := q.Grade(choice)
	sign := Span{"✗", Bad}
	if right {
		sign = Span{"✓", Good}
	}
	return Row{Text: []Span{sign, {said.String(), Strong}}, Indent: 2}
}
