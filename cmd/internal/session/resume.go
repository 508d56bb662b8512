package session

import (
	"errors"
	"fmt"

	"skinny/scenarios"
)

// Taken is what was done in the mode of a session, beside its branches: with it another
// session is where this one was ([Session.Resume]).
type Taken struct {
	Seen    int        // of a lesson: the last point that was reached
	Stops   int        // of a lesson: those that were reached, and answered where they ask
	Asking  bool       // a question waits
	Over    bool       // the lesson has ended, or the exercise is solved
	Answers []Answered // in their order
	Claims  []string   // of an exercise, and then guesses which rule is off
	Hints   int        // of an exercise
}

// Answered is an answer to a question about an event. A choice is counted from 0.
type Answered struct {
	Branch *Branch
	Event  int
	Choice int
}

// Taken is what was done in the session's mode.
func (s *Session) Taken() (t Taken) {
	if l := s.lesson; l != nil {
		t = Taken{Seen: l.seen, Stops: l.past, Asking: l.open, Over: l.over}
		for i := range l.stops[:l.past] {
			if stop := &l.stops[i]; stop.question != nil {
				t.Answers = append(t.Answers, Answered{s.tree.Root(), stop.At.Value, stop.answer})
			}
		}
	}
	if x := s.solving; x != nil {
		t = Taken{Over: x.solved, Claims: append(x.claimed(), x.guesses...), Hints: x.hints}
	}
	if p := s.prediction; p != nil {
		t.Asking, t.Answers = p.question(s) != nil, p.answers
	}
	return t
}

// Resume makes a session that has just entered its mode what another one was, and goes to
// a point of a branch, or as far as that may be seen. The error says what cannot be.
func (s *Session) Resume(t Taken, b *Branch, point int) error {
	var err error
	if s.lesson != nil {
		err = s.lesson.resume(s, &t)
	}
	if s.solving != nil && err == nil {
		err = s.solving.resume(s, &t)
	}
	if s.prediction != nil && err == nil {
		err = s.prediction.resume(s, &t)
	}
	if err != nil {
		return err
	}
	b.More(point)
	s.branch, s.at = b, min(point, s.reach(b))
	if s.lesson != nil {
		s.at = min(s.at, s.lesson.limit(b))
	}
	s.chosen, s.moment = nothing, nil
	if s.prediction != nil && t.Asking {
		s.prediction.ask(s, b, s.at+1)
	}
	return nil
}

// resume is Resume of a lesson.
func (l *lesson) resume(s *Session, t *Taken) error {
	if t.Stops < 0 || t.Stops > len(l.stops) {
		return fmt.Errorf("the lesson has %d stops", len(l.stops))
	}
	answers := t.Answers
	for i := range l.stops[:t.Stops] {
		stop := &l.stops[i]
		if stop.question == nil {
			continue
		}
		if len(answers) == 0 || answers[0].Choice < 0 || answers[0].Choice >= len(stop.question.Choices) {
			return fmt.Errorf("the question about event %d has no such answer", stop.At.Value)
		}
		if stop.answer = answers[0].Choice; stop.right() {
			l.right++
		}
		l.asked++
		answers = answers[1:]
		l.seen = stop.At.Value
	}
	l.past = t.Stops
	if l.past > 0 {
		l.seen = l.stops[l.past-1].At.Value
	}
	l.over = t.Over && l.past == len(l.stops)
	if l.past < len(l.stops) && l.stops[l.past].question != nil && t.Asking {
		l.open, l.seen = true, l.stops[l.past].before()
		l.asked++
	}
	l.seen = max(l.seen, min(t.Seen, l.halt(s.tree.Root())))
	return nil
}

// right reports whether the answer to the stop's question was.
func (t *stop) right() bool {
	right, _ := t.question.Grade(t.answer)
	return right
}

// resume is Resume of an exercise.
func (x *solving) resume(s *Session, t *Taken) error {
	for _, words := range t.Claims {
		if _, err := x.take(words); err != nil {
			return err
		}
	}
	if t.Hints < 0 || t.Hints > len(x.Hints) {
		return fmt.Errorf("the exercise has %d hints", len(x.Hints))
	}
	x.hints, x.solved = t.Hints, t.Over
	s.tree.secret = x.hides(scenarios.HideRules)
	return nil
}

// resume is Resume of a prediction.
func (p *prediction) resume(s *Session, t *Taken) error {
	for _, a := range t.Answers {
		if a.Event < 1 || a.Event > a.Branch.Len() || !p.ask(s, a.Branch, a.Event) || a.Choice < 0 || a.Choice >= len(p.open.Choices) {
			return errors.New("there is no such answer to a question about event " + count(a.Event))
		}
		p.note(a.Choice)
	}
	return nil
}
