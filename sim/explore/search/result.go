package search

import "math"

// Ending says why a search ended.
type Ending uint8

// The endings.
const (
	Running     Ending = iota
	Exhausted          // every state was expanded
	Violated           // a property was
	Interrupted        // Options.Stop said so
	OutOfMemory        // going on would have taken more than Options.Memory
	TooDeep            // Options.Depth kept states from being expanded
)

// Options is how to search.
type Options struct {
	Workers int   // goroutines; 0: one for each processor
	Depth   int   // states this far from the beginning are not expanded; 0: no limit
	Memory  int64 // bytes that tables and frontier may take; 0: no limit

	// Stop is asked now and then whether to end. Nil means never.
	Stop func() bool

	// Progress is told now and then how far the search has come. Nil means nobody
	// is.
	Progress func(*Result)
}

// pause is where a search can end, which may need so much more memory soon.
func (o *Options) pause(r *Result, soon int64) {
	switch {
	case o.Stop != nil && o.Stop():
		r.Ending = Interrupted
	case o.Memory > 0 && r.Bytes+soon > o.Memory:
		r.Ending = OutOfMemory
	case o.Progress != nil:
		o.Progress(r)
	}
}

// Result is what a search has found, at its end or so far. Everything but Bytes and
// Peak is the same whatever the number of workers.
type Result struct {
	Ending   Ending
	Distinct uint64 // states that were met
	Expanded uint64 // of those, the ones whose successors are known
	Total    uint64 // states that were generated: initial ones, and one for each transition
	Depth    int    // transitions from the beginning to the farthest state that was met
	Left     uint64 // breadth first: states of the running level that are still to be expanded
	Cut      []uint64
	Reached  Marks // marks that were met
	Bytes    int64 // of tables and frontier
	Peak     int64 // the most that Bytes was

	Violation *Violation
}

// measure takes note of how many bytes tables and frontier take.
func (r *Result) measure(n int64) { r.Bytes, r.Peak = n, max(r.Peak, n) }

// Frontier is the number of states that were met and not expanded.
func (r *Result) Frontier() uint64 { return r.Distinct - r.Expanded }

// Violation is a way to a state that violates a property.
type Violation struct {
	Property int
	Path     [][]byte // the states, from an initial one on
}

// Collision is about how likely it is that two of the states that were met had the
// same hash of 88 bits, so that one was taken for the other: n²/2⁸⁹.
func (r *Result) Collision() float64 {
	n := float64(r.Distinct)
	return math.Ldexp(n*n, -hashBits-1)
}
