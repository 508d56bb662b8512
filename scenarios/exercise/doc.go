// Package exercise judges solutions of exercises, and looks for them.
//
// An exercise is a scenario with a task ([scenarios.Exercise]); a solution is a scenario,
// too, of which only what the exercise leaves open counts. [Exercise.Judge] is the one
// judge: `skinny grade`, the stepper and the search all ask it. [Exercise.Shortest] looks
// for a solution of the fewest moves, and knows where it has not looked.
package exercise
