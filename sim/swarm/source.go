package swarm

import (
	"math/bits"
	"math/rand/v2"
)

// Source is where a plan gets its draws from: a seed, or whoever looks for small
// examples.
type Source interface {
	// Below draws a number from 0 to n-1; n is positive. Smaller numbers make
	// simpler plans.
	Below(n uint64) uint64
}

type seeded struct{ random rand.PCG }

// drawStream keeps the draws of plans apart from those of the runs, which have
// streams of their own of the same seed.
const drawStream = 0x5eed

// Below draws uniformly, but for a bias of less than n in 2^64.
func (s *seeded) Below(n uint64) uint64 {
	high, _ := bits.Mul64(s.random.Uint64(), n)
	return high
}

// draws is a source with what plans draw.
type draws struct{ Source }

// chance is true with a probability of hits in n.
func (d draws) chance(hits, n uint64) bool { return d.Below(n) >= n-hits }

// between draws from low to high, both included.
func (d draws) between(low, high uint64) uint64 {
	if low >= high {
		return low
	}
	return low + d.Below(high-low+1)
}

// magnitude draws from low to high, every order of magnitude as likely as the
// others: short times beside long ones.
func (d draws) magnitude(low, high uint64) uint64 {
	if low >= high {
		return low
	}
	most := high - low
	magnitudes := uint64(min(bits.Len64(most), 8))
	return low + d.Below(most>>(magnitudes-1-d.Below(magnitudes))+1)
}

func (p *Plan) knob(k Knob) uint64 {
	span, unit := p.set.Knobs[k], knobTable[k].Unit
	switch {
	case !span.Is():
		return 0
	case span.Low == 0:
		if !p.d.chance(1, 2) {
			return 0
		}
		span.Low = 1
	}
	if unit == Count {
		return p.d.between(span.Low, span.High)
	}
	value := p.d.magnitude(span.Low, span.High)
	if unit == Duration {
		value = max(uint64(time(value)), span.Low)
	}
	return value
}
