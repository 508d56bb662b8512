package check

import (
	"slices"
	"testing"

	"skinny/protocol"
)

// Spans that touch are one, in whatever order they come.
func TestSpansThatTouch(t *testing.T) {
	for _, order := range [][]Span{{{1, 2}, {3, 4}, {6, 7}}, {{3, 4}, {6, 7}, {1, 2}}, {{6, 7}, {1, 3}, {2, 4}}} {
		var s Spans
		for _, r := range order {
			s = s.Add(r.Low, r.High)
		}
		if want := (Spans{{1, 4}, {6, 7}}); !slices.Equal(s, want) {
			t.Errorf("%v make %v", order, s)
		}
		for id, want := range []bool{false, true, true, true, true, false, true, true, false} {
			if s.Has(protocol.ID(id)) != want {
				t.Errorf("%v has %d: %v", s, id, !want)
			}
		}
	}
}
