package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"skinny/cmd/internal/campaign"
	"skinny/cmd/internal/shell"
	"skinny/scenarios/counterexample"
	"skinny/sim/swarm"
)

// report prints a result. Cases are the counterexamples, where this process made
// them.
func (a *app) report(r *result, cases []*counterexample.Case, f *checkFlags) error {
	if f.format == "json" {
		return a.printLines(r)
	}
	var b strings.Builder
	if f.quiet {
		for i := range r.failures {
			fmt.Fprintln(&b, r.failures[i].line())
		}
		return a.print(b.String())
	}
	b.WriteString(bold.Sprint(wrapped(r.head.Words, a.width)) + "\n\n")
	a.different(&b, r)
	switch {
	case len(r.failures) == 0:
		a.allKept(&b, r)
	case len(cases) == 1 && !f.keepGoing:
		if err := a.print(b.String()); err != nil {
			return err
		}
		b.Reset()
		return a.tellCase(r, cases[0], f)
	default:
		a.list(&b, r)
	}
	if r.summary.Done > 0 {
		a.counts(&b, r)
		a.vacuous(&b, r)
	}
	a.risky(&b, r)
	return a.print(b.String())
}

// printLines prints a result as JSON Lines.
func (a *app) printLines(r *result) error {
	encoder := json.NewEncoder(a.out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(r.head); err != nil {
		return err
	}
	for i := range r.failures {
		if err := encoder.Encode(&r.failures[i]); err != nil {
			return err
		}
	}
	return encoder.Encode(&r.summary)
}

// line is a failure on one line.
func (f *resultFailure) line() string {
	text := fmt.Sprintf("%s, seed %d", f.Property, f.Seed)
	if f.Count > 1 {
		text += fmt.Sprintf(" and %s more", grouped(f.Count-1))
	}
	text += ": " + f.Why
	if f.File != "" {
		text += " (" + f.File + ")"
	}
	return text
}

// different says that two runs of a seed were not the same.
func (a *app) different(b *strings.Builder, r *result) {
	d := r.summary.Different
	if d == nil {
		return
	}
	b.WriteString("  " + bad.Sprint("✗") + " ")
	wrap(b, fmt.Sprintf("not deterministic: seed %d was run twice, and event %d is the first that differs. That is a defect of this program, and nothing else it says can be trusted.", d.Seed, d.Event), 4, 4, a.width)
	for _, e := range [...]struct{ when, line string }{{"first", d.Was}, {"then", d.Is}} {
		if e.line == "" {
			e.line = "nothing, it had ended"
		}
		fmt.Fprintf(b, "\n    %-6s %s", e.when, e.line)
	}
	fmt.Fprintf(b, "\n\n    again: skinny check%s --seed %d --recheck 1\n\n", r.head.Arguments, d.Seed)
}

// allKept says that nothing is violated, and by how many seeds.
func (a *app) allKept(b *strings.Builder, r *result) {
	s := &r.summary
	mark, text := good.Sprint("✓"), "nothing is violated"
	if s.Done == 0 {
		mark, text = "?", "no seed was run"
	} else if r.missing != "" {
		mark, text = "?", "nothing is violated in the parts that are there; "+r.missing
	} else if s.Different != nil {
		mark, text = "?", "no property is violated in the runs that were judged"
	}
	b.WriteString("  " + mark + " ")
	wrap(b, text, 4, 4, a.width)
	b.WriteString("\n\n")
}

// list tells different ways to fail, a paragraph each.
func (a *app) list(b *strings.Builder, r *result) {
	for i := range r.failures {
		f := &r.failures[i]
		fmt.Fprintf(b, "  %s %s\n    ", bad.Sprint("✗"), bold.Sprint(f.Property))
		wrap(b, f.Why, 4, 4, a.width)
		many := ""
		if f.Count > 1 {
			many = fmt.Sprintf(" and %s more", grouped(f.Count-1))
		}
		fmt.Fprintf(b, "\n    seed %d%s", f.Seed, many)
		if f.After != nil {
			fmt.Fprintf(b, " · %s · %s", count(f.After.Instances, "instance"), count(f.After.Decisions, "decision"))
		}
		if f.Tried > 0 && !f.Minimal {
			b.WriteString(" · shrinking was ended early")
		}
		if f.File != "" {
			fmt.Fprintf(b, "\n    skinny run %s", shell.Word(f.File))
		}
		b.WriteString("\n\n")
	}
}

// counts tells what the runs met.
func (a *app) counts(b *strings.Builder, r *result) {
	s := &r.summary
	b.WriteString("  ")
	wrap(b, a.extent(r), 2, 2, a.width)
	b.WriteString("\n\n  They met:\n")
	for _, c := range swarm.CounterTable() {
		if n := s.Met[c.Name]; n > 0 {
			const indent = 19
			fmt.Fprintf(b, "  %15s  ", grouped(n))
			wrap(b, c.About, indent, indent, a.width)
			b.WriteString("\n")
		}
	}
}

// extent says how much was run.
func (a *app) extent(r *result) string {
	s := &r.summary
	rate := perSecond(s.Done, r.elapsed())
	text := fmt.Sprintf("%s from %d on", countOf(s.Done, "seed"), r.head.From)
	if r.head.Shards > 1 {
		text += fmt.Sprintf(", shard %d of %d", r.head.Shard, r.head.Shards)
	}
	text += fmt.Sprintf(", in %s: %s seeds and %s rounds a second.",
		r.elapsed().Round(time.Millisecond), grouped(rate), grouped(perSecond(s.Met["rounds"], r.elapsed())))
	if s.Failing > 0 {
		text += fmt.Sprintf(" %s of them fail.", grouped(s.Failing))
	}
	if s.Twice > 0 && s.Different == nil {
		text += fmt.Sprintf(" %s of them were run twice and were the same.", grouped(s.Twice))
	}
	if s.Undecided > 0 {
		text += fmt.Sprintf(" In %s a judge could not decide, since too many operations overlap.", grouped(s.Undecided))
	}
	if s.Ended == endedNames[campaign.TimeOver] {
		text += " The time is over."
	}
	return text
}

// vacuous warns of what was never met.
func (a *app) vacuous(b *strings.Builder, r *result) {
	if len(r.summary.Missed) == 0 || r.head.Seeds == 1 || len(r.failures) > 0 && !r.head.KeepGoing {
		return
	}
	var missed []string
	for _, c := range swarm.CounterTable() {
		if _, ok := find(r.summary.Missed, c.Name); ok {
			missed = append(missed, c.About)
		}
	}
	text := "never met, though the profile is for it: " + strings.Join(missed, "; ") + "."
	if r.summary.Vacuous {
		text += " This check says nothing."
	}
	b.WriteString("\n  ! ")
	wrap(b, text+" Run more seeds, or turn the knobs up.", 4, 4, a.width)
	b.WriteString("\n")
}

// risky warns of knobs that break what the protocol assumes.
func (a *app) risky(b *strings.Builder, r *result) {
	for _, info := range swarm.KnobTable() {
		if _, on := r.head.Knobs[info.Name]; on && info.Risky {
			b.WriteString("\n  ! ")
			wrap(b, "--"+info.Name+" breaks what the protocol assumes, that a name is used for one acquisition at a time: an old, slow request of that name may undo a newer one. What breaks may be nobody's fault but the client's.", 4, 4, a.width)
			b.WriteString("\n")
		}
	}
}
