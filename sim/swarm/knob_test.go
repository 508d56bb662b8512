package swarm

import "testing"

// Every knob is of one part, and turned off with the others.
func TestParts(t *testing.T) {
	var all Knobs
	for k := range all {
		all[k] = Span{1, 1}
	}
	for k, info := range knobTable {
		if info.Knob != Knob(k) {
			t.Errorf("row %d is that of %s", k, info.Name)
		}
		on := 0
		for _, p := range []Part{OfCluster, OfWorkload, OfFaults} {
			if all.Only(p)[k].Is() {
				on++
			}
		}
		if on != 1 {
			t.Errorf("%s is of %d parts", info.Name, on)
		}
		if all.OnBase()[k].Is() != (info.Base == Kept) {
			t.Errorf("%s on a base: %+v", info.Name, all.OnBase()[k])
		}
	}
}
