package scenariotest

import (
	"skinny/scenarios"
	"skinny/sim"
)

// Record runs a scenario and returns the decisions that were made, with their times.
// As a schedule they give the same run: see [scenarios.FromDecisions].
func Record(s *scenarios.Scenario) []sim.Decision { return sim.RunRecorded(s.Start()) }
