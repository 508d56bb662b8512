package sweep

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"skinny/cmd/internal/program"
	"skinny/cmd/internal/report"
	"skinny/cmd/internal/shell"
	"skinny/protocol"
	"skinny/scenarios"
	"skinny/scenarios/counterexample"
	"skinny/sim/check"
	"skinny/sim/shrink"
	"skinny/sim/swarm"
)

func (c *Check) report(r *Result) error {
	if c.JSON {
		r.Checksum = r.checksum()
		return c.Console.JSON("", r.lines()...)
	}
	p := c.Page()
	kinds := alike(r.Failures)
	if c.Quiet {
		for _, f := range kinds {
			p.WriteString(f.line() + "\n")
		}
		return p.Flush()
	}
	p.Hang("", report.Bold.Sprint(r.Head.Words))
	p.WriteString("\n")
	r.different(p)
	switch {
	case len(kinds) == 0:
		r.allKept(p)
	case len(kinds) == 1 && kinds[0].made != nil && !c.KeepGoing:
		return c.tell(p, r, &kinds[0])
	default:
		for i := range kinds {
			kinds[i].print(p)
		}
	}
	if r.Done > 0 {
		r.counts(p)
		r.vacuous(p)
	}
	r.risky(p)
	return p.Flush()
}

// more says how many more seeds fail alike.
func (f *Failure) more() string {
	if f.Count == 1 {
		return ""
	}
	return fmt.Sprintf(" and %s more", report.Grouped(f.Count-1))
}

func (f *Failure) line() string {
	text := fmt.Sprintf("%s, seed %d%s: %s", f.Property, f.Seed, f.more(), f.Why)
	if f.File != "" {
		text += " (" + f.File + ")"
	}
	return text
}

// print tells one of several ways to fail.
func (f *Failure) print(p *report.Page) {
	p.WriteString("  " + report.Bad.Sprint("✗") + " " + report.Bold.Sprint(f.Property) + "\n")
	p.Hang("    ", f.Why)
	text := fmt.Sprintf("seed %d%s", f.Seed, f.more())
	if f.After != nil {
		text += " · " + report.Count(f.After.Instances, "instance") + " · " + report.Count(f.After.Decisions, "decision")
	}
	if f.Tried > 0 && !f.Minimal {
		text += " · shrinking was ended early"
	}
	p.Hang("    ", text)
	if f.File != "" {
		p.WriteString("    skinny run " + f.replay() + "\n")
	}
	p.WriteString("\n")
}

// replay is what follows on `skinny run` to run the counterexample.
func (f *Failure) replay() string {
	if f.made == nil {
		return shell.File(f.File)
	}
	return shell.File(f.File) + program.Arguments(f.made.Scenario.Cluster)
}

// different says that two runs of a seed were not the same.
func (r *Result) different(p *report.Page) {
	d := r.Different
	if d == nil {
		return
	}
	fault := "That is a defect of this program, and nothing else it says can be trusted."
	if r.Head.Played != nil {
		fault = "An answer of the program that plays depends on more than its question; --pure finds out which."
	}
	p.Hang("  "+report.Bad.Sprint("✗")+" ", fmt.Sprintf("not deterministic: seed %d was run twice, and event %d is the first that differs. %s", d.Seed, d.Event, fault))
	const ended = "nothing, it had ended"
	p.Printf("    first  %s\n    then   %s\n\n    again: skinny check%s --seed %d --recheck 1\n\n",
		cmp.Or(d.Was, ended), cmp.Or(d.Is, ended), r.Head.Arguments, d.Seed)
}

// allKept says that nothing is violated, as far as it is known.
func (r *Result) allKept(p *report.Page) {
	mark, text := "?", ""
	switch {
	case r.Done == 0:
		text = "no seed was run"
	case r.Missing != "":
		text = "nothing is violated in the parts that are there; " + r.Missing
	case r.Different != nil, r.Stuck != nil:
		text = "no property is violated in the runs that were judged"
	case r.Vacuous:
		text = "nothing is violated, and nothing was there that could be"
	default:
		mark, text = report.Good.Sprint("✓"), "nothing is violated"
	}
	p.Hang("  "+mark+" ", text)
	p.WriteString("\n")
}

func (r *Result) counts(p *report.Page) {
	p.Hang("  ", r.extent())
	p.WriteString("\n  They met:\n")
	for _, c := range swarm.CounterTable() {
		if n := r.Met[c.Counter]; n > 0 {
			p.Hang(fmt.Sprintf("  %15s  ", report.Grouped(n)), c.About)
		}
	}
}

func (r *Result) extent() string {
	text := fmt.Sprintf("%s from %d on", report.Count(r.Done, "seed"), r.Head.From)
	if r.Head.Shards > 1 {
		text += fmt.Sprintf(", shard %d of %d", r.Head.Shard, r.Head.Shards)
	}
	text += fmt.Sprintf(", in %s: %s seeds and %s rounds a second.", r.Elapsed.Round(time.Millisecond),
		report.Grouped(report.PerSecond(r.Done, r.Elapsed)), report.Grouped(report.PerSecond(r.Met[swarm.Rounds], r.Elapsed)))
	if r.Failing > 0 {
		text += fmt.Sprintf(" %s of them %s.", report.Grouped(r.Failing), verb(r.Failing, "fails", "fail"))
	}
	if r.Twice > 0 && r.Different == nil {
		text += fmt.Sprintf(" %s of them %s run twice, and both runs were the same.", report.Grouped(r.Twice), verb(r.Twice, "was", "were"))
	}
	if r.Undecided > 0 {
		text += fmt.Sprintf(" In %s a judge could not decide, since too many operations overlap.", report.Grouped(r.Undecided))
	}
	if r.Unheard > 0 {
		text += fmt.Sprintf(" In %s what goes on within instances is not judged: %s.", report.Grouped(r.Unheard), r.Unspoken)
	}
	if r.Ended == TimeOver {
		text += " The time is over."
	}
	return text
}

func verb(n uint64, one, more string) string {
	if n == 1 {
		return one
	}
	return more
}

// vacuous warns of what was never met, and of properties that were never judged.
func (r *Result) vacuous(p *report.Page) {
	if len(r.Failures) > 0 && !r.Head.KeepGoing {
		return
	}
	var missed []string
	for _, c := range swarm.CounterTable() {
		if slices.Contains(r.Missed, c.Name) {
			missed = append(missed, c.About)
		}
	}
	text := ""
	if len(missed) > 0 && r.Head.Seeds > 1 {
		text = "never met, though the check is for it: " + strings.Join(missed, "; ") + ". "
	}
	if len(r.Unjudged) > 0 {
		text += "No run was judged by " + strings.Join(r.Unjudged, " and ") + ". "
	}
	if slices.Contains(r.Unjudged, check.ReadsName) {
		text += "Random clients ask for no status, a scenario can. "
	}
	if r.Vacuous {
		text += "This check says nothing. Run more seeds, or turn the knobs up."
	}
	if text != "" {
		p.WriteString("\n")
		p.Hang("  ! ", text)
	}
}

// risks says what comes of them.
var risks = [...]string{
	swarm.OnNames: "a name is used for one acquisition at a time: an old, slow request of that name may undo a newer one. What breaks may be nobody's fault but the client's.",
	swarm.OnDisks: "what an instance has stored is found again: what a majority has promised or accepted may be known to a minority only. No edition survives that.",
}

// risky warns of knobs that break what the protocol assumes.
func (r *Result) risky(p *report.Page) {
	for _, info := range swarm.KnobTable() {
		if _, on := r.Head.Knobs[info.Name]; on && info.Risk != swarm.NoRisk {
			p.WriteString("\n")
			p.Hang("  ! ", "--"+info.Name+" breaks what the protocol assumes, that "+risks[info.Risk])
		}
	}
}

// tell tells the one failure that was found: what broke, the story of its
// counterexample, and what to do next.
func (c *Check) tell(p *report.Page, r *Result, f *Failure) error {
	p.Printf("  %s %s\n", report.Bad.Sprint("✗"), report.Bold.Sprint(f.Property+" is violated, found by seed ", f.Seed))
	p.Hang("    ", r.searched())
	text := f.shrunk()
	if r.Head.Scenario != "" && f.Tried > 0 {
		text += " What of the scenario's own timeline is not needed is left out, too, and so are its times."
	}
	p.Hang("    ", text)
	p.WriteString("\n")
	run, err := c.TellAll(p, f.made.Scenario)
	if err != nil {
		return err
	}
	if c.Shrinking {
		shrinking(p, f.made)
	}
	p.WriteString("\n")
	p.Verdicts(run.Verdicts)
	next(p, r, f)
	r.risky(p)
	return p.Flush()
}

// next says what can be done with a counterexample. One that could not be saved is
// printed instead.
func next(p *report.Page, r *Result, f *Failure) {
	p.WriteString("\n")
	if file := f.replay(); f.File != "" {
		p.Printf("  saved:  %s\n", f.File)
		p.Printf("  replay: skinny run %s\n", file)
		p.Printf("  why:    skinny run %s --why %d\n", file, f.made.Verdict.Event)
		p.Printf("  step:   skinny step %s\n", file)
	} else {
		p.WriteString("  It is not saved. This is the scenario:\n\n" + f.YAML + "\n")
	}
	again := fmt.Sprintf("skinny check%s --seed %d", r.Head.Arguments, f.Seed)
	p.Printf("  again:  %s\n", again)
	if f.Tried > 0 {
		p.Printf("  whole:  %s --no-shrink\n", again)
	}
}

// searched says what it took to find the failure.
func (r *Result) searched() string {
	text := "It is the first seed"
	if r.Done > 1 {
		text = "The " + report.Count(r.Done-1, "seed") + " before it " + verb(r.Done-1, "is", "are") + " fine"
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
	text := fmt.Sprintf("Shrunk from %s to %s: %s in %s.", sizeWords(f.Before), sizeWords(f.After),
		report.Count(f.Tried, "run"), f.ShrinkTime.Round(time.Millisecond))
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
	for _, did := range []struct {
		many  int
		words string
	}{
		{len(s.Removed), "left out " + report.Count(len(s.Removed), "decision")},
		{len(s.Instances), "removed " + strings.Join(s.Instances, ", ")},
		{len(s.Replaced), "made " + report.Count(len(s.Replaced), "decision") + " simpler"},
		{len(s.Settings), "took the default for " + strings.Join(s.Settings, ", ")},
		{s.Moved, "moved " + report.Count(s.Moved, "decision")},
	} {
		if did.many > 0 {
			parts = append(parts, did.words)
		}
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
