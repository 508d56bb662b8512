// Package sim is the world that Skinny's instances live in: a whole cluster, its
// clients and its network, in one process and in simulated time.
//
// [World] holds what is the case and what is pending. It decides nothing. What
// happens next is chosen by a scheduler: [Timed] goes by latency, chance and
// timeout; [Scheduled] by a list of decisions. Both are a [Runner]: they step, take
// decisions from outside, are copied and recorded. Whatever chooses, the same things
// happen in the same way, and every one of them is told to an observer as a
// [skinny/sim/trace.Event] with the number of the event that caused it. The way of an event
// is told step by step in docs/ARCHITECTURE.md.
//
// # Decisions
//
// A [Decision] names what it is about by what that is, not by where a world keeps it.
// All there is to know of a kind of decision is its row in one table (decision.go).
//
// # Instances of one's own
//
// A [Program] plays an instance in place of the built-in protocol: a function from a
// question to an answer, whose memory the world keeps.
//
// # Determinism
//
// Everything here is a function of the scenario and its seed. Times are integers,
// ties are broken by age, and each use of chance has its own stream of random
// numbers. There is no clock, no goroutine and no map in this package.
package sim
