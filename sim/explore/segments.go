package explore

import (
	"bytes"
	"slices"
)

// segments are strings of bytes that are sorted before they are written.
type segments struct {
	bytes []byte
	ends  []int
	order []int
}

func (s *segments) reset() { s.bytes, s.ends = s.bytes[:0], s.ends[:0] }

// end ends the string that was appended to bytes.
func (s *segments) end() { s.ends = append(s.ends, len(s.bytes)) }

func (s *segments) at(n int) []byte {
	start := 0
	if n > 0 {
		start = s.ends[n-1]
	}
	return s.bytes[start:s.ends[n]]
}

// sorted is the places of the strings in their order.
func (s *segments) sorted() []int {
	s.order = s.order[:0]
	for n := range s.ends {
		at := len(s.order)
		for at > 0 && bytes.Compare(s.at(n), s.at(s.order[at-1])) < 0 {
			at--
		}
		s.order = slices.Insert(s.order, at, n)
	}
	return s.order
}

// appendSorted writes how many strings there are, and the strings in order.
func (s *segments) appendSorted(b []byte) []byte {
	b = append(b, byte(len(s.ends)))
	for _, n := range s.sorted() {
		b = append(b, s.at(n)...)
	}
	return b
}
