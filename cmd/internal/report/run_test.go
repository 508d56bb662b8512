package report

import (
	"testing"

	"skinny/sim/trace"
)

// Events are kept up to a bound; a run of just as many need not be run again.
func TestKept(t *testing.T) {
	var r Run
	for _, n := range []int{1, mostKept, mostKept + 1} {
		r.Observe(&trace.Event{Number: n})
	}
	if len(r.events) != 2 {
		t.Errorf("%d events are kept", len(r.events))
	}
}
