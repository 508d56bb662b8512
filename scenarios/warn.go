package scenarios

import (
	"fmt"

	"skinny/protocol"
	"skinny/scenarios/form"
	"skinny/sim/prose"
)

// Warnings lists what is no mistake, but reads like one: clients with names that
// stories have to put into quotation marks, since they mean something else there.
func (s *Scenario) Warnings() Diagnostics {
	var r form.Reader
	var decisions []Decision
	if s.file != nil {
		r.Source = s.file.source
		decisions = append(s.file.Timeline, s.file.Schedule.Value...)
	}
	h := s.Header()
	names := prose.NamesOf(h)
	for n, name := range h.Holders {
		quoted := names.Client(protocol.Holder(n + 1)).Words
		if quoted == name {
			continue
		}
		at := Place{}
		for _, d := range decisions {
			if d.Holder.Value == name && at == (Place{}) {
				at = d.Holder.Place
			}
		}
		r.Report(at, fmt.Sprintf("stories call it %s", quoted), "a client %s is easily taken for something else", form.Quoted(name))
	}
	return r.Found.Sorted()
}
