package session

import (
	"skinny/sim/check"
	"skinny/sim/trace"
)

// Judging is what is known of the branch now, to be judged elsewhere: it does not change
// when the branch does. Events is how many there are.
func (b *Branch) Judging() (judge func() []check.Verdict, events int) {
	var parts [][]trace.Event // the last first
	end := b.Len()
	for at := b; end > 0 || at == b; at = at.Parent {
		parts = append(parts, at.log[:end-at.Point:end-at.Point])
		end = at.Point
	}
	judges := check.NewJudges(b.header, b.scenario.Judges...)
	judges.Demand(b.scenario.Progress)
	settled, forever := b.head.Settled()
	return func() []check.Verdict {
		for i := range parts {
			for part, k := parts[len(parts)-1-i], 0; k < len(part); k++ {
				judges.Observe(&part[k])
			}
		}
		judges.End(settled, forever)
		return judges.Verdicts()
	}, b.Len()
}

// Judged takes note of what was judged of n events. It reports whether those are all
// that are known of the branch now.
func (b *Branch) Judged(n int, verdicts []check.Verdict) bool {
	if n != b.Len() {
		return false
	}
	b.verdicts, b.judged = verdicts, n
	return true
}

// Verdicts is how the properties stand after the last event that is known, or nil
// if the branch has to be judged first.
func (b *Branch) Verdicts() []check.Verdict {
	if b.judged != b.Len() {
		return nil
	}
	return b.verdicts
}

// Judge judges the branch now.
func (b *Branch) Judge() []check.Verdict {
	if b.judged != b.Len() {
		judge, n := b.Judging()
		b.Judged(n, judge())
	}
	return b.verdicts
}
