// Package session is where a user is in a tree of runs, and all that can be done there.
// It knows nothing of terminals: a screen, lines and a browser are faces of it.
//
// A [Tree] holds everything that was tried with one scenario: the run as it was
// written, and each [Branch] that parts from it, or from another one, by a decision
// taken by hand ([Act]). The old future stays. A [Session] is a place in a tree. What
// it can do is one table of commands ([Commands]), each with its keys, its words and
// its help; it answers with something to say, or with a [Page] to look at.
//
// # Points and steps
//
// A point is a number of events: the point 8 is the moment after event 8, and 0
// the one before everything. A scheduler goes on by steps, and a step may be
// several events: a vote counts, so the commit begins. What events tell is known at
// every point. A decision is taken between two steps, so one that is taken at a
// point within a step comes after it ([Branch.Moment]).
//
// # Going back
//
// A branch keeps its events and, every few of them, a checkpoint: a copy of its
// scheduler, which is a plain value. The world at a point is made from the last
// checkpoint before it by letting it go on from there. When there are too many, every
// other one is dropped, so their memory is bounded, and so is the way from one to the
// next.
package session
