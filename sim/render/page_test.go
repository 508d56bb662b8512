package render

import (
	"slices"
	"testing"

	"skinny/sim/trace"
)

// Time that passes is shown as a gap if it is more than five times as long as usual.
func TestGaps(t *testing.T) {
	p := &page{Sheet: &Sheet{Scene: &Scene{First: 1, Times: []trace.Time{0, 1, 2, 3, 8, 14}}}}
	p.placeRows()
	var gaps []trace.Time
	for _, r := range p.rows {
		gaps = append(gaps, r.gap)
	}
	if want := []trace.Time{0, 0, 0, 0, 0, 6}; !slices.Equal(gaps, want) {
		t.Errorf("gaps %v, want %v", gaps, want)
	}
}
