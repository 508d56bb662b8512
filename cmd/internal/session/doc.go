// Package session is a run that one can go back in, and change. It knows nothing
// of terminals.
//
// A [Tree] holds everything that was tried with one scenario: the run as it was
// written, and branches that part from it, or from each other, by a decision that
// somebody took by hand ([Act]). The old future stays.
//
// # Points and steps
//
// A point is a number of events: the point 8 is the moment after event 8, and 0
// the one before everything. A scheduler goes on by steps, and a step may be
// several events: a vote counts, so the commit begins. What events tell is known at
// every point. A decision is taken between two steps, so one that is taken at a
// point within a step comes after it ([Branch.StepEnd]).
//
// # Going back
//
// A branch keeps its events and, every so many of them, a copy of its scheduler,
// which is a plain value. The world at a point is made from the last copy before it
// by letting it go on from there. When there are too many copies every other one is
// dropped, so their memory is bounded, and so is the way from one to the next.
package session
