// Package protocol is Skinny's instance as a plain value: what one server of
// the lock service does when something happens to it, and nothing else.
//
// Skinny is the education-focused lock service of Dan Lüdtke's talk
// "Implementing Distributed Consensus" (published program: danrl/skinny). Its
// instances agree on one thing, who holds the lock, by a protocol that is close
// to Paxos. Every instance is acceptor and proposer at once.
//
// # Words
//
// Skinny and Paxos name the same things differently:
//
//	Skinny             Paxos                  here
//	ID                 ballot, number         [ID]
//	promised           maxBal                 State.Promised
//	id, holder         maxVBal, maxVal        State.Accepted, a [Proposal]
//	promise            phase 1, 1a and 1b     [PromiseRequest], [PromiseResponse]
//	commit             phase 2, 2a and 2b     [CommitRequest], [CommitResponse]
//	increment          (none)                 Config.Increment
//
// A holder is a client's number, and the number 0, [Free], is the free lock.
//
// # A round
//
// An operation (acquire or release) starts a round. In phase 1 the proposer
// picks an ID above everything it has promised and asks its peers to promise it
// too, which means: to accept nothing below it from now on. Each answer carries
// the last proposal that the peer accepted. When a majority has promised, the
// proposer computes the new value from the highest proposal it has learned (that
// one is its base) and asks everybody to accept it under its ID: phase 2, the
// commit. Two majorities share an instance, so whatever a majority accepted
// earlier is among what the proposer learns, unless a rule is off. See Lamport,
// "Paxos Made Simple" (2001), section 2.2; and Rystsov, "CASPaxos: Replicated
// State Machines without logs" (2018), section 2.2, for the register that is
// computed from its last value.
//
// # Rules
//
// What separates the published program from a correct lock is a set of [Rules],
// each a switch that guards exactly one place of this package (two rules about
// waiting and time, yield and backoff, are asked for by the world that runs the
// instances). The [Editions] are named sets of them: the teaching ladder.
//
// # Shape
//
// [Instance] holds no pointer, slice or map: it is copied with =, compared with
// == and used as a map key. [Instance.Step] is the only way it changes. Step
// reads no clock, draws no random number and sends nothing; what has to happen in
// the world is returned as [Effects].
package protocol
