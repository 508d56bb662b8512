package check

import (
	"slices"

	"skinny/protocol"
)

// Span is a range of IDs, both ends included.
type Span struct{ Low, High protocol.ID }

// Spans is a set of IDs: ascending ranges with gaps between them.
type Spans []Span

// find is the index of the first range that ends at id or above.
func (s Spans) find(id protocol.ID) int {
	at, _ := slices.BinarySearchFunc(s, id, func(r Span, id protocol.ID) int {
		if r.High < id {
			return -1
		}
		return 1
	})
	return at
}

// Has reports whether the set has an ID.
func (s Spans) Has(id protocol.ID) bool {
	at := s.find(id)
	return at < len(s) && s[at].Low <= id
}

// Add returns the set with a range more. New ranges are nearly always the highest.
func (s Spans) Add(low, high protocol.ID) Spans {
	first := s.find(low - 1) // one that ends right before is continued
	last := first
	for last < len(s) && s[last].Low <= high+1 {
		low, high = min(low, s[last].Low), max(high, s[last].High)
		last++
	}
	return slices.Replace(s, first, last, Span{low, high})
}
