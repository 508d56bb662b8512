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
	After    trace.Time   // the instant of the event before
	Delay    trace.Time   // if positive, what the decision names is put off by it
}

// aMoment is how long after an event comes what was done after it, since a timeline comes
// before everything else at its instant.
const aMoment = trace.Microsecond

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
		name.At = scenarios.Some(m.After)
		if m.After > 0 {
			name.At.Value += aMoment
		}
		at := len(f.Timeline)
		for at > 0 && f.Timeline[at-1].At.Value > name.At.Value {
			at--
		}
		f.Timeline = slices.Insert(f.Timeline, at, name)
		return nil
	default:
		return errors.New("in a timeline nothing but messages can be put off, and nothing can be made to happen earlier")
	}
	f.Messages = append(f.Messages, fate)
	return nil
}
