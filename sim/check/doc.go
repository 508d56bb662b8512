// Package check judges runs: for each property that a lock service should have
// there is one judge, which reads the events of a run and says whether the
// property was kept, and if not, at which event and why.
//
// Judges see the trace and nothing else; they do not know the simulator. What they
// demand does not depend on the rules that are on: a run with a rule off is judged
// like any other, since showing what then breaks is the point. The one exception
// is what a release means, which the rule owner-release changes.
//
// The properties, in their order:
//
//   - mutual-exclusion: no two clients hold the lock. This is what clients see.
//   - agreement: one ID has one holder. This and the next three are about the
//     instances, and explain how what clients see comes to break.
//   - acknowledged: what a client is told was accepted by a majority.
//   - promise-kept: an instance keeps what it promised.
//   - durability: what was chosen is carried on.
//   - linearizability: the answers are those of one lock in one place. This, too,
//     is what clients see.
//   - progress: clients are answered when nothing goes wrong any more. It is the
//     only one with a bound in time, and judged only where that is given.
//
// [Judges] runs all of them. All but linearizability are decided event by event and
// allocate nothing once their memory has grown; linearizability is decided when
// the verdicts are asked for.
package check
