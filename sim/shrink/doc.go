// Package shrink makes a run in which a property breaks as small as it can, so
// that a person can read it.
//
// [Shrink] starts from the decisions of the run, not from its seed: it leaves out
// clients, operations, instances and single decisions, replaces what is left by
// something simpler, and puts it into an order that is easy to follow. Every
// candidate is run and judged again, and only what breaks the same property
// counts. (Zeller and Hildebrandt, "Simplifying and Isolating Failure-Inducing
// Input", 2002)
//
// # Acts and roles
//
// A [skinny/sim.Decision] names a message by its number on its link, which changes
// when an earlier message is not sent any more. So decisions are kept as acts, and
// an act names what it is about by its role: the response of c to the first try of
// the third operation. Whatever is left out, roles stay.
//
// # Candidates
//
// A candidate is run leniently: an act that is impossible is skipped, and the run
// ends with the act that breaks the property. The acts that were carried out are a
// strict schedule: each of them is possible when its turn comes.
//
// Leaving out is tried in several orders, since each ends with another run that
// cannot be made smaller; the best of them is the result.
//
// Not to deliver a message is as good as to lose it, and nothing happens by itself.
// So nearly all faults go away when the deliveries do that they prevented.
package shrink
