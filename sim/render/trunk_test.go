package render

import "testing"

// A trunk has a channel of its own up to the row in which its last message arrives, that row
// included.
func TestChannels(t *testing.T) {
	trunks := []trunk{
		{event: 1, side: 1, until: 3}, {event: 1, side: -1, until: 9}, {event: 1, lane: 1, side: 1, until: 9},
		{event: 3, side: 1, until: 4}, {event: 4, side: 1, until: 5}, {event: 4, side: 1, until: 6},
	}
	assign(trunks, 3)
	for i, want := range []int{1, 1, 1, 2, 1, 3} {
		if got := trunks[i].channel; got != want {
			t.Errorf("trunk %d has channel %d, not %d", i, got, want)
		}
	}
}
