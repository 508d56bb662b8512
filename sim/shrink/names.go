package shrink

import (
	"skinny/protocol"
	"skinny/sim"
)

// ReusesName reports whether a decision is an acquire by a name that has called an
// operation before and was not told for certain what became of it. The protocol
// assumes that nobody does that: a name is used for one acquisition at a time.
func ReusesName(w *sim.World, d *sim.Decision) bool {
	if d.Kind != sim.InvokeOperation || d.Operation != protocol.Acquire {
		return false
	}
	for n := 1; n <= w.Operations(); n++ {
		if o := w.Operation(n); o.Operation.Holder == d.Holder && !certain(o.Outcome) {
			return true
		}
	}
	return false
}

func certain(o protocol.Outcome) bool {
	return o != protocol.NoOutcome && o != protocol.Unknown && o != protocol.Failed
}

// ReusesNames reports whether ReusesName is true of any decision of a run. Those that
// are impossible count for nothing.
func ReusesNames(c *sim.Cluster, decisions []sim.Decision) bool {
	w := sim.NewWorld(c)
	for i := range decisions {
		if ReusesName(w, &decisions[i]) {
			return true
		}
		w.ClearCreated()
		w.Take(&decisions[i])
	}
	return false
}
