package counterexample

import (
	"fmt"
	"strings"

	"skinny/protocol"
	"skinny/sim"
)

// Shape is what counterexamples of one kind have in common: the property, and the
// decisions, or the entries of the timeline, with instances and clients numbered in the
// order in which they appear, without times and numbers.
func (c *Case) Shape() string {
	var b strings.Builder
	b.WriteString(c.Verdict.Property)
	inOrder := sim.Remap{Instance: numbering[protocol.Position](), Holder: numbering[protocol.Holder]()}
	for _, d := range c.Scenario.Decisions() {
		d, _ = d.Remap(inOrder)
		fmt.Fprintf(&b, "; %d %d %d %v %v %d %d %d %v", d.Kind, d.Operation, d.Message, d.HostUp, d.Both, d.From, d.To, d.Holder, d.Groups)
	}
	if t := c.Scenario.Timetable; t != nil {
		fmt.Fprintf(&b, "; %d clogs, %d fates", len(t.Clogs), len(t.Fates))
	}
	return b.String()
}

// numbering gives numbers in the order in which it is asked, from 1.
func numbering[K ~int | ~uint8 | ~uint16 | ~uint32]() func(K) (K, bool) {
	seen := map[K]K{}
	return func(k K) (K, bool) {
		if _, known := seen[k]; !known {
			seen[k] = K(len(seen) + 1)
		}
		return seen[k], true
	}
}
