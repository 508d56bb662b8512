package session

import (
	"slices"

	"skinny/sim/check"
	"skinny/sim/trace"
)

// Judging is ready to judge what is known of the branch now, also elsewhere: that does not
// change when the branch does. Note takes note of the verdicts, unless something else is
// known by then, and reports whether it did.
func (b *Branch) Judging() (judge func() (note func() bool)) {
	var parts [][]trace.Event // the last first
	events, acts := b.Len(), len(b.acts)
	for at, end := b, events; end > 0 || at == b; at = at.Parent {
		parts = append(parts, at.log[:end-at.Point:end-at.Point])
		end = at.Point
	}
	judges := check.NewJudges(b.header, b.scenario.Judges...)
	judges.Demand(b.scenario.Progress)
	settled, forever := b.head.Settled()
	return func() func() bool {
		for _, part := range slices.Backward(parts) {
			for i := range part {
				judges.Observe(&part[i])
			}
		}
		judges.End(settled, forever)
		return func() bool {
			if events != b.Len() || acts != len(b.acts) {
				return false
			}
			b.verdicts = judges.Verdicts()
			return true
		}
	}
}

// Verdicts is how the properties stand after the last event that is known, or nil
// if the branch has to be judged first.
func (b *Branch) Verdicts() []check.Verdict { return b.verdicts }

// Judge judges the branch now.
func (b *Branch) Judge() []check.Verdict {
	if b.verdicts == nil {
		b.Judging()()()
	}
	return b.verdicts
}
