package counterexample

import (
	"fmt"
	"slices"
	"strings"

	"skinny/protocol"
	"skinny/sim"
)

// Shape is what counterexamples of one kind have in common: the property, and the
// decisions, or the entries of the timeline, with instances and clients named in the
// order in which they appear, without times and numbers.
func (c *Case) Shape() string {
	s := shape{
		instances: map[protocol.Position]int{},
		clients:   map[protocol.Holder]int{},
	}
	s.b.WriteString(c.Verdict.Property)
	if !c.Scenario.Timed() {
		s.addAll(c.Scenario.Schedule.Decisions)
		return s.b.String()
	}
	t := c.Scenario.Timetable
	s.addAll(t.Timeline)
	fmt.Fprintf(&s.b, "; %d clogs, %d fates", len(t.Clogs), len(t.Fates))
	return s.b.String()
}

// shape writes decisions with what they name in the order of its appearance.
type shape struct {
	b         strings.Builder
	instances map[protocol.Position]int
	clients   map[protocol.Holder]int
}

func (s *shape) addAll(decisions []sim.Decision) {
	for i := range decisions {
		s.add(&decisions[i])
	}
}

func (s *shape) add(d *sim.Decision) {
	fmt.Fprintf(&s.b, "; %d %d %d %v %v", d.Kind, d.Operation, d.Message, d.HostUp, d.Both)
	switch d.Kind {
	case sim.DeliverMessage, sim.DropMessage, sim.CopyMessage, sim.RefuseMessage, sim.CutLink, sim.MendLink:
		s.instance(d.From)
		s.instance(d.To)
	case sim.DeliverCall, sim.DeliverAnswer, sim.FireGiveUp, sim.SetPartition, sim.EndPartition, sim.HealEverything:
		// They are about a client, about groups, or about everything.
	default:
		s.instance(d.From)
	}
	if d.Holder != protocol.Free {
		fmt.Fprintf(&s.b, " client %d", place(s.clients, d.Holder))
	}
	for _, g := range d.Groups {
		s.group(g)
	}
}

// group writes a set, whose members have no order of their own.
func (s *shape) group(g protocol.Set) {
	var places []int
	for ; g != 0; g = g.Without(g.First()) {
		places = append(places, place(s.instances, g.First()))
	}
	slices.Sort(places)
	fmt.Fprint(&s.b, " ", places)
}

func (s *shape) instance(p protocol.Position) { fmt.Fprintf(&s.b, " %d", place(s.instances, p)) }

// place is the number of a thing in the order of appearance.
func place[K comparable](seen map[K]int, k K) int {
	if _, ok := seen[k]; !ok {
		seen[k] = len(seen) + 1
	}
	return seen[k]
}
