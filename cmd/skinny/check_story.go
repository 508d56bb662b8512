package main

import (
	"fmt"
	"strings"
	"time"

	"skinny/cmd/internal/shell"
	"skinny/protocol"
	"skinny/scenarios"
	"skinny/scenarios/counterexample"
	"skinny/sim/shrink"
)

// tellCase tells the one failure that was found: what broke, the story of its
// counterexample, and what to do next.
func (a *app) tellCase(r *result, c *counterexample.Case, f *checkFlags) error {
	failure := &r.failures[0]
	var b strings.Builder
	fmt.Fprintf(&b, "  %s %s\n    ", bad.Sprint("✗"), bold.Sprint(failure.Property+" is violated, found by seed ", failure.Seed))
	wrap(&b, a.searched(r), 4, 4, a.width)
	b.WriteString("\n    ")
	text := shrunk(failure)
	if r.head.Scenario != "" && failure.Tried > 0 {
		text += " What of the scenario's own timeline is not needed is left out, too, and so are its times."
	}
	wrap(&b, text, 4, 4, a.width)
	b.WriteString("\n\n")
	if err := a.print(b.String()); err != nil {
		return err
	}
	story := &runFlags{}
	outcome, grain, err := a.replay(c.Scenario, story)
	if err != nil {
		return err
	}
	if _, err := a.printStory(c.Scenario, outcome, story, -1, grain); err != nil {
		return err
	}
	if f.shrinking {
		if err := a.print(shrinking(a, c)); err != nil {
			return err
		}
	}
	b.Reset()
	b.WriteString("\n")
	a.properties(&b, outcome)
	a.next(&b, r, failure, c.Verdict.Event)
	a.risky(&b, r)
	return a.print(b.String())
}

// next says what can be done with a counterexample. One that could not be saved is
// printed instead.
func (a *app) next(b *strings.Builder, r *result, failure *resultFailure, event int) {
	b.WriteString("\n")
	if file := shell.Word(failure.File); failure.File != "" {
		fmt.Fprintf(b, "  saved:  %s\n", failure.File)
		fmt.Fprintf(b, "  replay: skinny run %s\n", file)
		fmt.Fprintf(b, "  why:    skinny run %s --why %d\n", file, event)
		fmt.Fprintf(b, "  step:   skinny step %s\n", file)
	} else {
		b.WriteString("  It is not saved. This is the scenario:\n\n" + failure.YAML + "\n")
	}
	again := fmt.Sprintf("skinny check%s --seed %d", r.head.Arguments, failure.Seed)
	fmt.Fprintf(b, "  again:  %s\n", again)
	if failure.Tried > 0 {
		fmt.Fprintf(b, "  whole:  %s --no-shrink\n", again)
	}
}

// searched says what it took to find the failure.
func (a *app) searched(r *result) string {
	s := &r.summary
	text := "It is the first seed"
	if s.Done > 1 {
		text = "The " + countOf(s.Done-1, "seed") + " before it are fine"
	}
	if r.head.Shards > 1 {
		text += fmt.Sprintf(" of shard %d of %d", r.head.Shard, r.head.Shards)
	}
	return text + ". It took " + r.elapsed().Round(time.Millisecond).String() + "."
}

// shrunk says how much smaller the counterexample is.
func shrunk(f *resultFailure) string {
	if f.Tried == 0 {
		return "This is the whole run."
	}
	text := fmt.Sprintf("Shrunk from %s, %s and %s to %s, %s and %s: %s runs in %s.",
		count(f.Before.Instances, "instance"), count(f.Before.Operations, "operation"), count(f.Before.Decisions, "decision"),
		count(f.After.Instances, "instance"), count(f.After.Operations, "operation"), count(f.After.Decisions, "decision"),
		grouped(uint64(f.Tried)), time.Duration(f.ShrinkTime).Round(time.Millisecond))
	if f.Found != f.Property {
		text += " The seed's own run breaks " + f.Found + "; what is left of it breaks " + f.Property + ", which says more."
	}
	if !f.Minimal {
		text += " It was ended early and may not be minimal."
	}
	return text
}

// shrinking tells what was left out, pass by pass, and what each decision that is
// left is needed for.
func shrinking(a *app, c *counterexample.Case) string {
	var b strings.Builder
	b.WriteString("\n" + bold.Sprint("What was left out") + "\n\n")
	if c.Shrunk == nil {
		b.WriteString("  ")
		wrap(&b, "Its bound is in time, so the run was made smaller in its timed form: entries of the timeline, instances, and what chance does.", 2, 2, a.width)
		b.WriteString("\n")
		return b.String()
	}
	for _, step := range c.Shrunk.Steps {
		b.WriteString("  " + pad(step.Pass, 11))
		wrap(&b, stepWords(&step), 13, 13, a.width)
		b.WriteString("\n")
	}
	b.WriteString("\n" + bold.Sprint("Why the rest is needed") + "\n\n")
	for i, need := range c.Shrunk.Needs {
		b.WriteString("  without " + scenarios.DecisionText(c.Shrunk.Cluster, c.Shrunk.Decisions[i]) + "\n    ")
		wrap(&b, needWords(c.Shrunk, &need), 4, 4, a.width)
		b.WriteString("\n")
	}
	return b.String()
}

// stepWords says what one pass did.
func stepWords(s *shrink.Step) string {
	var parts []string
	if n := len(s.Removed); n > 0 {
		parts = append(parts, "left out "+count(n, "decision"))
	}
	if n := len(s.Instances); n > 0 {
		parts = append(parts, "removed "+strings.Join(s.Instances, ", "))
	}
	if n := len(s.Replaced); n > 0 {
		parts = append(parts, "made "+count(n, "decision")+" simpler")
	}
	if n := len(s.Settings); n > 0 {
		parts = append(parts, "took the default for "+strings.Join(s.Settings, ", "))
	}
	if s.Moved > 0 {
		parts = append(parts, "moved "+count(s.Moved, "decision"))
	}
	return fmt.Sprintf("%s; %s left, after %s", strings.Join(parts, "; "), count(s.Decisions, "decision"), count(s.Tried, "run"))
}

// needWords says what happens without a decision.
func needWords(r *shrink.Result, n *shrink.Need) string {
	var parts []string
	if n.Operation > 0 {
		op, client := operation(r, n.Operation)
		parts = append(parts, fmt.Sprintf("%s's %s is %s instead of %s", client, op, toldWords(n.Is), toldWords(n.Was)))
	}
	if k := len(n.Impossible); k > 0 {
		parts = append(parts, fmt.Sprintf("%s can no longer happen", count(k, "later decision")))
	}
	if len(parts) == 0 {
		parts = append(parts, "clients are told the same, but the property is kept")
	}
	return strings.Join(parts, ", and ")
}

// operation is the nth operation of a shrunk run, in words.
func operation(r *shrink.Result, n int) (op, client string) {
	for i := range r.Decisions {
		if d := &r.Decisions[i]; d.Operation != protocol.NoOperation {
			if n--; n == 0 {
				return d.Operation.String(), r.Cluster.HolderName(d.Holder)
			}
		}
	}
	return "operation", "somebody"
}

func toldWords(t shrink.Told) string {
	if t.Outcome == protocol.NoOutcome {
		return "not answered"
	}
	return t.Outcome.String()
}
