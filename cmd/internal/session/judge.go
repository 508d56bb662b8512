package session

import (
	"skinny/sim/check"
	"skinny/sim/trace"
)

// Case is the events of a branch, to be judged elsewhere: it does not change when
// the branch does.
type Case struct {
	header   *trace.Header
	own      []check.Property // judges of one's own
	progress check.Progress   // that is demanded
	parts    [][]trace.Event  // in order
	events   int
	end      trace.Time // up to which nothing more happens
	forever  bool       // nothing ever does
}

// Case is what is known of the branch now.
func (b *Branch) Case() Case {
	s := b.scenario
	c := Case{header: b.header, own: s.Judges, progress: s.Progress, events: b.Len()}
	c.end, c.forever = b.head.Settled()
	end := b.Len()
	for at := b; end > 0 || at == b; at = at.Parent {
		c.parts = append([][]trace.Event{at.log[: end-at.Point : end-at.Point]}, c.parts...)
		end = at.Point
	}
	return c
}

// Judge says how the properties stand after all events of the case.
func (c Case) Judge() []check.Verdict {
	judges := check.NewJudges(c.header, c.own...)
	judges.Demand(c.progress)
	for _, part := range c.parts {
		for i := range part {
			judges.Observe(&part[i])
		}
	}
	judges.End(c.end, c.forever)
	return judges.Verdicts()
}

// Judged takes note of what was judged of a case. It reports whether that is all
// that is known of the branch now.
func (b *Branch) Judged(c Case, verdicts []check.Verdict) bool {
	if c.events != b.Len() {
		return false
	}
	b.verdicts, b.judged = verdicts, c.events
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
		c := b.Case()
		b.Judged(c, c.Judge())
	}
	return b.verdicts
}
