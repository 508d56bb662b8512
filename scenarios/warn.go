package scenarios

import (
	"fmt"
	"slices"

	"skinny/protocol"
	"skinny/scenarios/form"
	"skinny/sim/prose"
)

// Warnings lists what is no mistake, but reads like one: clients with names that
// stories have to put into quotation marks, since they mean something else there.
func (s *Scenario) Warnings() Diagnostics {
	f, h := s.File(), s.Header()
	r := form.Reader{Source: f.source}
	names := prose.NamesOf(h)
	for n, name := range h.Holders {
		quoted := names.Client(protocol.Holder(n + 1)).Words
		if quoted == name {
			continue
		}
		at := Place{}
		for _, d := range slices.Concat(f.Timeline, f.Schedule.Value) {
			if d.Holder.Value == name && at == (Place{}) {
				at = d.Holder.Place
			}
		}
		r.Report(at, fmt.Sprintf("stories call it %s", quoted), "a client %s is easily taken for something else", form.Quoted(name))
	}
	return r.Found.Sorted()
}
