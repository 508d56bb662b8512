package quiz

import (
	"errors"
	"math/bits"

	"skinny/protocol"
	"skinny/sim/prose"
	"skinny/sim/trace"
)

// inCompany is the rules that carry the lock only together with another one: where one of
// them is off, the other stands in for it.
const inCompany = protocol.PromiseOnce | protocol.UniqueIDs | protocol.LearnAside | protocol.AckAccepted

// draftRule asks which rule is missing where an instance does what it should not: of the
// rules that are off there, the one that alone would have made another event of it.
func (r *Run) draftRule(e *trace.Event, _ int8) (draft, error) {
	missing := protocol.Rules(0)
	for _, a := range r.otherwise(e) {
		missing |= a.rule &^ r.rulesAt(e)
	}
	switch {
	case missing == 0:
		return draft{}, errors.New("no rule that is off would change what happens there")
	case bits.OnesCount32(uint32(missing)) > 1:
		return draft{}, errors.New("several rules that are off would change what happens there, each alone")
	}
	says := r.outcome(e)
	if answerKey(e) != "" {
		says = prose.Of(says, " Now it ", r.knows(e.State), ".")
	}
	d := draft{
		text:      prose.Of(says, " Which rule is missing there?"),
		otherwise: []alternative{}, // what this event would be says nothing
	}
	right, room := "", MaxChoices-1
	for _, row := range protocol.RuleTable() {
		switch {
		case row.Rule == missing:
			right = row.Name
		case !row.Safe || inCompany.Has(row.Rule) || room == 0:
			continue
		default:
			room--
		}
		d.choices = append(d.choices, Choice{key: row.Name, Text: prose.Of(prose.RuleNames(row.Rule), ": ", row.On)})
	}
	d.key = func(*trace.Event) string { return right }
	return d, nil
}
