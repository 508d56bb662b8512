// Package check judges runs: for each property that a lock service should have
// there is one judge, which reads the events of a run and says whether the
// property was kept, and if not, at which event and why.
//
// Judges see the trace and nothing else; they do not know the simulator. What they
// demand does not depend on the rules that are on: a run with a rule off is judged
// like any other, since showing what then breaks is the point. The one exception
// is what a release means, which the rule owner-release changes.
//
// [Properties] lists what is judged. Mutual exclusion and linearizability are what clients
// see; agreement, acknowledged, promise-kept and durability are about the instances, and
// explain how what clients see comes to break. Progress is the only one with a bound in
// time, and judged only where that is given.
//
// [Judges] runs all of them. All but linearizability are decided event by event and
// allocate nothing once their memory has grown; linearizability is decided when
// the verdicts are asked for.
package check
