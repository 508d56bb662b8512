// Package search goes through every state of a model, up to a bound: a small
// explicit-state model checker.
//
// A [Model] says where it begins, what can follow from a state, and which
// properties a state has. A state is a string of bytes, and two states are the
// same if their strings are. [BreadthFirst] finds the shortest way to a violation;
// [DepthFirst] and [Deepening] keep no frontier.
//
// # What is kept
//
// Of a state that was met the search keeps 16 bytes: 88 bits of its hash and, for
// the way back, 40 of its parent's. States that still have to be expanded are
// kept whole. Two different states with the same hash would be taken for one;
// [Result.Collision] says how likely that was.
//
// The habits are those of TLC, which keeps fingerprints and rebuilds a trace by
// searching forwards again (Yu, Manolios and Lamport, "Model Checking TLA+
// Specifications", 1999), and of stateright, whose models are plain values.
//
// # One result, whatever the machine
//
// Breadth-first search uses all cores, and its result does not depend on how many
// there are: not the verdict, not a count, not the counterexample. It works in
// rounds of a fixed number of states. In the first half of a round states are
// expanded, each block of them by some goroutine, while the tables of met states
// are only read. In the second half what was found is put into the tables, which
// are divided into parts by the hash; each part is the business of one goroutine,
// which takes what the blocks found in the order of the blocks. Who does what is
// left to chance; what is done is not. No lock and no atomic operation guards a
// table.
package search
