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

// decisions is everything that was decided in a branch up to the last event that is
// known, by the scheduler and by hand, each with its time; what followed by settling only
// if that is wanted.
func (b *Branch) decisions(settling bool) (list []sim.Decision) {
	p := newMoment(b.scenario)
	p.Record(func(d sim.Decision) { list = append(list, d) })
	run, scheduled := p.Runner.(*sim.Scheduled)
	if settling || !scheduled || !b.scenario.Schedule.Settle {
		p.play(b.acts, b.Len())
		return list
	}
	if n := len(b.acts); n > 0 {
		p.play(b.acts, b.acts[n-1].After+b.acts[n-1].events)
	}
	for run.Next() < len(b.scenario.Schedule.Decisions) && p.Step() {
	}
	return list
}

// File is the branch as a scenario that gives the same events, to the byte, and
// claims what is the case after the last one.
func (b *Branch) File() *scenarios.File {
	s := b.scenario
	f := scenarios.FromDecisions(s, b.decisions(true))
	if f.Events.Given && f.Events.Value < b.Len() {
		f.Events = scenarios.Some(b.Len() + 1) // what was done by hand went on after its end
	}
	f.Title, f.About = scenarios.Some(s.Title), scenarios.Some(s.About)
	if change := b.change(); change != "" { // what was said of the run may not be true any more
		f.Title = scenarios.Some(s.Title + ", changed by hand")
		f.About = scenarios.Some("Saved from skinny step. By hand: " + change + ".")
	}
	timed := func(v check.Verdict) bool { return v.Property == check.ProgressName } // a schedule demands none
	f.Expect = counterexample.Claims(b.head.World(), slices.DeleteFunc(slices.Clone(b.Judge()), timed), true)
	return f
}

// change is what was changed in the run as it was written, in words.
func (b *Branch) change() string {
	list := b.otherRules(b.tree.Root())
	for _, a := range b.acts {
		list = append(list, fmt.Sprintf("after event %d, %s", a.After, b.Text(a)))
	}
	return strings.Join(list, "; ")
}

// Digest is the digest of the events that are known, as `skinny run` gives it.
func (b *Branch) Digest() string {
	w := trace.NewHash(b.header)
	for n := 1; n <= b.Len(); n++ {
		w.Observe(b.Event(n))
	}
	return w.Digest()
}
