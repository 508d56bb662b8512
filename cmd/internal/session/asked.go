package session

import (
	"slices"

	"skinny/scenarios"
	"skinny/scenarios/form"
	"skinny/sim"
)

// Programs tells, in lines, what programs that play were asked and have answered. Whoever
// starts them knows how.
type Programs interface {
	Spoken(p sim.Program, q *sim.Question) []string
	Failure(err error) []string
}

// observed is a program whose questions a tree is told.
type observed struct {
	sim.Program
	by *Tree
}

// Unwrap is the program itself.
func (o *observed) Unwrap() sim.Program { return o.Program }

// Step answers a question.
func (o *observed) Step(q *sim.Question) (sim.Answer, error) {
	if o.by.tell != nil {
		o.by.tell(o.Program, q)
	}
	return o.Program.Step(q)
}

// listen makes the tree be told of the programs of a scenario, whose cluster is the caller's own.
func (t *Tree) listen(s *scenarios.Scenario) {
	list := slices.Clone(s.Cluster.Instances)
	for i := range list {
		if p := list[i].Program; p != nil {
			list[i].Program = &observed{p, t}
		}
	}
	s.Cluster.Instances = list
}

// Asked is the question that led to an event in its step, and the program that was asked,
// nil if none was.
func (b *Branch) Asked(event int) (p sim.Program, q *sim.Question) {
	m := b.Moment(event - 1)
	for point := event - 2; m.Point() >= event; point-- {
		m = b.Moment(point) // the event before is of the same step
	}
	b.tree.tell = func(asked sim.Program, question *sim.Question) {
		if m.World().Events() < event {
			p, q = asked, question.Clone()
		}
	}
	defer func() { b.tree.tell = nil }()
	m.play(b.acts, event)
	return p, q
}

// Failure is why a program could not go on after the last event that is known, a
// *sim.ProgramError, or nil.
func (b *Branch) Failure() error { return b.head.World().Failure() }

// asked shows the question and the answer by which the current event happened, or by which
// the run ends.
func (s *Session) asked(operands) Answer {
	var lines []string
	title := "what led to event " + count(s.at)
	switch err := s.branch.Failure(); {
	case s.Programs == nil:
		return Answer{Said: "no program plays here"}
	case err != nil && s.at == s.branch.Len():
		title, lines = "why the run ends after event "+count(s.at), s.Programs.Failure(err)
	case s.at == 0:
		return Answer{Said: "nothing has happened yet"}
	default:
		p, q := s.branch.Asked(s.at)
		if p == nil {
			return Answer{Said: "no program was asked about event " + count(s.at)}
		}
		lines = s.Programs.Spoken(p, q)
	}
	return Answer{Page: reading(title, form.Each(lines, func(line string) Row { return row(Plain, line) }))}
}
