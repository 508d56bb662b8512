package sweep

import (
	"fmt"
	"strings"
	"time"

	"skinny/cmd/internal/report"
	"skinny/protocol"
	"skinny/scenarios"
	"skinny/scenarios/counterexample"
	"skinny/sim/shrink"
)

// searched says what it took to find the failure.
func (r *Result) searched() string {
	text := "It is the first seed"
	if r.Done > 1 {
		text = "The " + report.Count(r.Done-1, "seed") + " before it are fine"
	}
	if r.Head.Shards > 1 {
		text += fmt.Sprintf(" of shard %d of %d", r.Head.Shard, r.Head.Shards)
	}
	return text + ". It took " + r.Elapsed.Round(time.Millisecond).String() + "."
}

func sizeWords(s *counterexample.Size) string {
	return report.Count(s.Instances, "instance") + ", " + report.Count(s.Operations, "operation") + " and " + report.Count(s.Decisions, "decision")
}

// shrunk says how much smaller the counterexample is.
func (f *Failure) shrunk() string {
	if f.Tried == 0 {
		return "This is the whole run."
	}
	text := fmt.Sprintf("Shrunk from %s to %s: %s runs in %s.", sizeWords(f.Before), sizeWords(f.After),
		report.Grouped(uint64(f.Tried)), f.ShrinkTime.Round(time.Millisecond))
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
func shrinking(p *report.Page, c *counterexample.Case) {
	p.WriteString("\n" + report.Bold.Sprint("What was left out") + "\n\n")
	if c.Shrunk == nil {
		p.Hang("  ", "Its bound is in time, so the run was made smaller in its timed form: entries of the timeline, instances, and what chance does.")
		return
	}
	for _, step := range c.Shrunk.Steps {
		p.Hang("  "+report.Pad(step.Pass, 11), stepWords(&step))
	}
	p.WriteString("\n" + report.Bold.Sprint("Why the rest is needed") + "\n\n")
	if !c.Shrunk.Minimal {
		p.Hang("  ", "That is not known: it was ended early.")
	}
	for i, need := range c.Shrunk.Needs {
		p.WriteString("  without " + scenarios.DecisionText(c.Shrunk.Cluster, c.Shrunk.Decisions[i]) + "\n")
		p.Hang("    ", needWords(c.Shrunk, &need))
	}
}

// stepWords says what one pass did.
func stepWords(s *shrink.Step) string {
	var parts []string
	if n := len(s.Removed); n > 0 {
		parts = append(parts, "left out "+report.Count(n, "decision"))
	}
	if n := len(s.Instances); n > 0 {
		parts = append(parts, "removed "+strings.Join(s.Instances, ", "))
	}
	if n := len(s.Replaced); n > 0 {
		parts = append(parts, "made "+report.Count(n, "decision")+" simpler")
	}
	if n := len(s.Settings); n > 0 {
		parts = append(parts, "took the default for "+strings.Join(s.Settings, ", "))
	}
	if s.Moved > 0 {
		parts = append(parts, "moved "+report.Count(s.Moved, "decision"))
	}
	return fmt.Sprintf("%s; %s left, after %s", strings.Join(parts, "; "), report.Count(s.Decisions, "decision"), report.Count(s.Tried, "run"))
}

// needWords says what happens without a decision.
func needWords(r *shrink.Result, n *shrink.Need) string {
	var parts []string
	if n.Operation > 0 {
		op, client := operation(r, n.Operation)
		parts = append(parts, fmt.Sprintf("%s's %s is %s instead of %s", client, op, toldWords(n.Is), toldWords(n.Was)))
	}
	if k := len(n.Impossible); k > 0 {
		parts = append(parts, fmt.Sprintf("%s can no longer happen", report.Count(k, "later decision")))
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
	return "operation", "a client"
}

func toldWords(t shrink.Told) string {
	if t.Outcome == protocol.NoOutcome {
		return "not answered"
	}
	return t.Outcome.String()
}
