// Package explore makes a model of a small cluster and its clients, for
// [skinny/sim/explore/search] to go through every order of events of, up to bounds.
//
// # The model
//
// The instances and their world are those of package sim, and every transition is
// one of [sim.World]'s: there is no second implementation of anything. Time is
// abstracted away. Whatever is pending can happen next: any message arrives, any
// running phase times out, any pause before a retry ends, any client that has its
// answer makes its next call. Within the [Bounds] messages are lost and duplicated
// and instances crash and restart, at any moment.
//
// A client makes its calls in its own order, each after the one before was
// answered. It stops waiting only when nobody works on its operation any more,
// which is what a patience longer than everything else comes to.
//
// # The states
//
// A state is what decides a world's future, and with it what the properties need
// to know of its past: see past. Both are written as one string of bytes, in which
// nothing stands that cannot matter: no times, no ages, no numbers of events. The
// string is also all that is kept of a state that has still to be expanded; the
// world is made from it again.
//
// What a program remembers, stores and sends along, where one plays an instance, is part of
// the state as it is: what of it matters only the program knows.
//
// # The properties
//
// They are those of package check, decided state by state instead of from a trace.
// Counterexamples are judged by package check, too, and the two have to agree.
package explore
