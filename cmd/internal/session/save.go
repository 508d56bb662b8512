package session

import (
	"fmt"
	"slices"
	"strings"

	"skinny/scenarios"
	"skinny/scenarios/counterexample"
	"skinny/sim"
	"skinny/sim/check"
	"skinny/sim/trace"
)

// Decisions is everything that was decided in a branch up to the last event that is
// known, by the scheduler and by hand, each with its time.
func (b *Branch) Decisions() []sim.Decision {
	var list []sim.Decision
	p := newMoment(b.scenario)
	p.Record(func(d sim.Decision) { list = append(list, d) })
	p.play(b.acts, b.Len())
	return list
}

// File is the branch as a scenario that gives the same events, to the byte, and
// claims what is the case after the last one.
func (b *Branch) File() *scenarios.File {
	s := b.scenario
	f := scenarios.FromDecisions(s, b.Decisions())
	if f.Events.Given && f.Events.Value < b.Len() {
		f.Events = scenarios.Some(b.Len() + 1) // what was done by hand went on after its end
	}
	f.Title = scenarios.Some(b.title())
	f.About = scenarios.Some(b.about())
	timed := func(v check.Verdict) bool { return v.Property == check.ProgressName } // a schedule demands none
	f.Expect = counterexample.Claims(b.head.World(), slices.DeleteFunc(slices.Clone(b.Judge()), timed), true)
	return f
}

// asWritten reports whether nothing was changed.
func (b *Branch) asWritten() bool { return len(b.acts)+len(b.otherRules(b.tree.Root())) == 0 }

func (b *Branch) title() string {
	if b.asWritten() {
		return b.scenario.Title
	}
	return b.scenario.Title + ", changed by hand"
}

// about says what was changed, and nothing that may not be true any more.
func (b *Branch) about() string {
	if b.asWritten() {
		return b.scenario.About
	}
	list := b.otherRules(b.tree.Root())
	for _, a := range b.acts {
		list = append(list, fmt.Sprintf("after event %d, %s", a.After, b.Text(a)))
	}
	return "Saved from skinny step. By hand: " + strings.Join(list, "; ") + "."
}

// Digest is the digest of the events that are known, as `skinny run` gives it.
func (b *Branch) Digest() string {
	w := trace.NewHash(b.header)
	for n := 1; n <= b.Len(); n++ {
		w.Observe(b.Event(n))
	}
	return w.Digest()
}
