package sim

import (
	"math/bits"
	"math/rand/v2"
)

// Streams of random numbers. Each use has its own, so that turning one thing on
// does not change what is drawn for another.
const (
	latencyStream = iota + 1
	lossStream
	duplicationStream
	jitterStream
	workStream
	clientStream
	tailStream
	streams
)

// stream is a source of random numbers that is copied with =.
type stream struct{ rand.PCG }

func newStream(seed, number uint64) stream { return stream{*rand.NewPCG(seed, number)} }

// below draws uniformly from 0 to n-1; n is positive. It multiplies instead of
// dividing and draws again where that would favour some numbers (Lemire, "Fast
// Random Integer Generation in an Interval", 2019).
func (s *stream) below(n uint64) uint64 {
	high, low := bits.Mul64(s.Uint64(), n)
	if low < n {
		for floor := -n % n; low < floor; {
			high, low = bits.Mul64(s.Uint64(), n)
		}
	}
	return high
}

func (s *stream) from(r Range) int64 {
	if r.Low >= r.High {
		return int64(r.Low)
	}
	return int64(r.Low) + int64(s.below(uint64(r.High-r.Low)+1))
}

// chance is true in the given share of draws.
func (s *stream) chance(millionths uint32) bool {
	return millionths > 0 && s.below(1_000_000) < uint64(millionths)
}
