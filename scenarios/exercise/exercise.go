// Package exercise judges solutions of exercises, and looks for them.
//
// An exercise is a scenario with a task ([scenarios.Exercise]); a solution is a scenario,
// too, of which only what the exercise leaves open counts. [Exercise.Judge] is the one
// judge: `skinny grade`, the stepper and the search all ask it. [Exercise.Shortest] looks
// for a solution of the fewest moves, and knows where it has not looked.
package exercise

import (
	"fmt"
	"slices"

	"skinny/scenarios"
)

// Exercise is an exercise that is ready to judge. It is never changed.
type Exercise struct {
	*scenarios.Exercise
	Scenario *scenarios.Scenario // as it is given
	own      []string            // keys that a solution says itself, of which its run is made
}

// Of is the exercise that a scenario is, nil if it is none.
func Of(s *scenarios.Scenario) *Exercise {
	x := s.Exercise()
	if x == nil {
		return nil
	}
	e := &Exercise{Exercise: x, Scenario: s}
	for _, key := range x.Change {
		if key != "expect" && (key != "rules" || !e.guesses()) {
			e.own = append(e.own, key)
		}
	}
	return e
}

// guesses reports whether a solution's rules are a guess at the given run's, not its own.
func (x *Exercise) guesses() bool { return slices.ContainsFunc(x.Want, guessed) }

// guessed reports whether a demand is that the rules are guessed.
func guessed(d scenarios.Demand) bool { return slices.Contains(d.Predict, scenarios.PredictRules) }

// Predicts reports whether a solution consists of nothing but predictions.
func (x *Exercise) Predicts() bool { return len(x.own) == 0 }

// Points is how many there are: a demand is one, and so is meeting par.
func (x *Exercise) Points() int {
	if x.Par.Given {
		return len(x.Want) + 1
	}
	return len(x.Want)
}

// Limits is how much may be done for one solution, or for one search.
type Limits struct {
	Events int         // of a run; longer ones are not judged
	States uint64      // of a search of every order; a search for solutions goes as far as that takes
	Stop   func() bool // asked now and then whether to end; nil: never

	lazy bool    // a demand that asks for a search is left unmet if another one is
	used *uint64 // states that searches have met, nil if nobody counts
}

// Usual are limits that a solution reaches only if it does not want to be judged.
func Usual() Limits { return Limits{Events: 100_000, States: 500_000} }

func (l Limits) stopped() bool { return l.Stop != nil && l.Stop() }

// Mark is what a solution is worth.
type Mark struct {
	Wrong   string   // why it is no solution, whatever its run does; "" if it is one
	Demands []Demand // in the order of the exercise; none if it is Wrong
	Moves   int
	Solved  bool // it fulfils every demand
	Points  int  // a demand is one, and so is meeting par
	Of      int  // points that there are
}

// Demand is how it stands with one demand.
type Demand struct {
	Text    string
	Met     bool
	Unknown bool   // a search has ended before it knew
	Got     string // what is the case instead; "" where that would tell the solution
}

// String is the mark in some words: "not solved, 6 moves, 2 of 3".
func (m *Mark) String() string {
	text := "solved"
	if !m.Solved {
		text = "not solved"
	}
	return fmt.Sprintf("%s, %s, %d of %d", text, Counted(m.Moves), m.Points, m.Of)
}

// Met is the number of demands that are met.
func (m *Mark) Met() (n int) {
	for _, d := range m.Demands {
		if d.Met {
			n++
		}
	}
	return n
}
