// Package swarm draws whole runs from seeds: clusters, networks, clients, and what
// goes wrong, so that many of them can be judged.
//
// It is swarm testing (Groce et al., "Swarm Testing", ISSTA 2012): every seed first
// draws which features it has at all, and only then how strong each is. A run that
// has every fault at once hides what a run with one of them shows.
//
// A [Profile] gives each [Knob] a [Span]; a seed draws from the span. A [Trial] runs
// seeds one after the other in the same memory, judges them, and counts what they
// met.
package swarm
