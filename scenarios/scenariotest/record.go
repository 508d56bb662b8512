package scenariotest

import (
	"skinny/scenarios"
	"skinny/sim"
)

// Record runs a scenario and returns the decisions that were made, with their times.
// As a schedule they give the same run: see [scenarios.FromDecisions].
func Record(s *scenarios.Scenario) []sim.Decision {
	var decisions []sim.Decision
	run := s.Start()
	if s.Timed() {
		run.Timed.Record = func(d sim.Decision) { decisions = append(decisions, d) }
		run.Timed.Run()
		return decisions
	}
	for {
		d := upcoming(run.Scheduled, s.Schedule)
		if !run.Step() {
			return decisions
		}
		d.At, d.Timed = run.World().Now(), true
		decisions = append(decisions, d)
	}
}

// upcoming is the next decision of a schedule, or, when it has no more, what happens
// next if it settles.
func upcoming(run *sim.Scheduled, s *sim.Schedule) sim.Decision {
	if next := run.Next(); next < len(s.Decisions) {
		return s.Decisions[next]
	}
	var first sim.Decision
	for _, d := range run.World.Possible() {
		if first.Kind == sim.NoDecision || rank(d.Kind) < rank(first.Kind) {
			first = d
		}
	}
	return first
}

// rank is the order in which things settle: see [sim.Schedule].
func rank(k sim.DecisionKind) int {
	switch k {
	case sim.FireDeadline, sim.FireWake:
		return 1
	case sim.FireGiveUp:
		return 2
	}
	return 0
}
