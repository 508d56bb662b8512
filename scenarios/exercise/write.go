package exercise

import (
	"errors"
	"slices"

	"skinny/protocol"
	"skinny/scenarios"
	"skinny/sim"
	"skinny/sim/trace"
)

// Work is what somebody has done by hand to solve an exercise.
type Work struct {
	Scenario *scenarios.Scenario // that was run, perhaps under other rules and with more clients
	Decided  []sim.Decision      // of a schedule: all decisions, those that are given included
	Done     []Move              // of a timeline: what was done by hand
	Claims   []scenarios.Expectation
	Guess    protocol.Rules // where the rules are to be guessed
}

// Move is something done by hand, between two events.
type Move struct {
	Decision sim.Decision // of messages with their number
	At       trace.Time   // of what a timeline says
	Behind   int          // entries of the timeline at that instant that come before
	Delay    trace.Time   // if positive, what the decision names is put off by it
}

// Written is the work as a solution. The error says which of it no solution can have.
func (x *Exercise) Written(w *Work) (*scenarios.File, error) {
	f := x.solution()
	f.Expect = w.Claims
	switch {
	case x.guesses():
		f.Rules = scenarios.RuleSettings(x.Scenario.Edition, w.Guess)
	case x.Changes("rules"):
		f.Rules = scenarios.RuleSettings(x.Scenario.Edition, w.Scenario.Cluster.Rules)
	}
	if !x.Scenario.Timed() {
		f.Schedule.Value = named(w.Scenario, w.Decided)
		return f, nil
	}
	f.Messages, f.Timeline = slices.Clone(f.Messages), slices.Clone(f.Timeline)
	for i := range w.Done {
		if err := x.add(f, w.Scenario, &w.Done[i]); err != nil {
			return nil, err
		}
	}
	return f, nil
}

// named is decisions with names, without times.
func named(s *scenarios.Scenario, decisions []sim.Decision) []scenarios.Decision {
	decisions = slices.Clone(decisions)
	for i := range decisions {
		decisions[i].Timed = false
	}
	return scenarios.FromDecisions(s, decisions).Schedule.Value
}

// add adds a move to a timed solution: as the fate of a message, or to the timeline.
func (x *Exercise) add(f *scenarios.File, s *scenarios.Scenario, m *Move) error {
	d := m.Decision
	name := named(s, []sim.Decision{d})[0]
	fate := scenarios.Fate{Message: scenarios.Some(d.Message), From: name.Instance, To: name.To, Nth: scenarios.Some(d.Nth)}
	switch {
	case d.Kind == sim.DropMessage:
		fate.Kind = sim.DropFate
	case d.Kind == sim.RefuseMessage:
		fate.Kind = sim.RefuseFate
	case d.Kind == sim.CopyMessage:
		fate.Kind = sim.DuplicateFate
	case d.Kind == sim.DeliverMessage && m.Delay > 0:
		fate.Kind, fate.By = sim.DelayFate, scenarios.Some(m.Delay)
	case d.Kind.AnyTime():
		name.At = scenarios.Some(m.At)
		f.Timeline = slices.Insert(f.Timeline, place(f.Timeline, m), name)
		return nil
	default:
		return errors.New("in a timeline nothing but messages can be put off, and nothing can be made to happen earlier")
	}
	f.Messages = append(f.Messages, fate)
	return nil
}

// place is where in a timeline a move belongs.
func place(timeline []scenarios.Decision, m *Move) (at int) {
	before := 0
	for i := range timeline {
		switch t := timeline[i].At.Value; {
		case t == m.At && before == m.Behind:
			return i
		case t == m.At:
			before++
			at = i + 1
		case t < m.At:
			at = i + 1
		}
	}
	return at
}
