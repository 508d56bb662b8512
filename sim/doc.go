// Package sim is the world that Skinny's instances live in: a whole cluster, its
// clients and its network, in one process and in simulated time.
//
// [World] holds what is the case and what is pending. It decides nothing. What
// happens next is chosen by a scheduler: [Timed] goes by latency, chance and
// timeout; [Scheduled] by a list of decisions. Whatever chooses, the same things
// happen in the same way, and every one of them is told to an observer as a
// [skinny/sim/trace.Event] with the number of the event that caused it.
//
// # The way of a message
//
// An instance's step returns effects. The world sends the messages among them:
// each becomes a pending [Item], unless its link is down. The scheduler sees it in
// [World.Created] and gives it its moment. When that comes, [World.Deliver] brings
// the message to its receiver's host; there it may find nobody, be held because
// the instance is paused, wait because its mutex is held, or be handled. The
// answer takes the same way back.
//
// # Determinism
//
// Everything here is a function of the scenario and its seed. Times are integers,
// ties are broken by age, and each use of chance has its own stream of random
// numbers. There is no clock, no goroutine and no map in this package.
package sim
