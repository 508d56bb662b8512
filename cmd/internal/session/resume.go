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

// Taken is what was done in the session's mode.
func (s *Session) Taken() (t Taken) {
	var list []posed
	if l := s.lesson; l != nil {
		t, list = Taken{Seen: l.seen, Stops: l.past, Asking: l.waits() != nil, Over: l.over}, l.posed
	}
	if x := s.solving; x != nil {
		t = Taken{Over: x.solved, Claims: append(x.claimed(), x.guesses...), Hints: x.hints}
	}
	if p := s.prediction; p != nil {
		t.Asking, list = s.waiting() != nil, p.posed
	}
	for _, p := range list {
		if p.Choice != nothing {
			t.Answers = append(t.Answers, p.Answered)
		}
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
		err = s.prediction.resume(&t)
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
		s.prediction.ask(b, s.at+1)
	}
	return nil
}

// resume is Resume of a lesson.
func (l *lesson) resume(s *Session, t *Taken) error {
	if t.Stops < 0 || t.Stops > len(l.stops) {
		return fmt.Errorf("the lesson has %d stops", len(l.stops))
	}
	l.past = t.Stops
	root := s.tree.Root()
	answers := t.Answers
	for _, stop := range l.stops[:l.past] {
		if stop.question == nil {
			continue
		}
		if len(answers) == 0 || !l.pose(root, stop.At.Value, stop.question).take(answers[0].Choice) {
			return fmt.Errorf("the question about event %d has no such answer", stop.At.Value)
		}
		answers = answers[1:]
	}
	if l.past > 0 {
		l.seen = l.stops[l.past-1].At.Value
	}
	l.over = t.Over && l.past == len(l.stops)
	if l.past < len(l.stops) && l.stops[l.past].question != nil && t.Asking {
		l.reach(root)
		l.seen = l.stops[l.past].before()
	}
	l.seen = max(l.seen, min(t.Seen, l.halt(root)))
	return nil
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
func (p *prediction) resume(t *Taken) error {
	for _, a := range t.Answers {
		if q := p.ask(a.Branch, a.Event); q == nil || !q.take(a.Choice) {
			return errors.New("there is no such answer to a question about event " + count(a.Event))
		}
	}
	return nil
}
