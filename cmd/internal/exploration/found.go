package exploration

import (
	"fmt"
	"strings"

	"skinny/cmd/internal/program"
	"skinny/cmd/internal/report"
	"skinny/cmd/internal/shell"
	"skinny/protocol"
	"skinny/scenarios"
	"skinny/scenarios/counterexample"
	"skinny/sim"
	"skinny/sim/check"
	"skinny/sim/explore/search"
)

// tell makes scenarios of the violation and its nearest passing run, and saves them.
func (x *Exploration) tell() error {
	shortest := x.Search != "dfs" && x.result.Ending == search.Violated
	c, err := counterexample.Found(x.Scenario, x.model, x.result.Violation, shortest)
	if err != nil {
		return err
	}
	x.found = c
	if x.saved = x.File; x.File == "" {
		x.saved, err = report.WriteFree("counterexample-"+c.Property, ".yaml", c.File.Encode())
	} else {
		err = report.WriteNew(x.File, c.File.Encode())
	}
	if err != nil {
		// The finding is not lost: it is told.
		x.saved = ""
		fmt.Fprintf(x.Err, "skinny explore: the counterexample cannot be saved: %v\n--out says where to save it\n", err)
	}
	if c.Passing == nil || x.saved == "" {
		return nil
	}
	kept, err := c.Kept(x.Scenario, x.model)
	if err != nil {
		return err
	}
	if x.passingSaved, err = report.WriteFree(strings.TrimSuffix(x.saved, ".yaml")+"-passing", ".yaml", kept.Encode()); err != nil {
		fmt.Fprintf(x.Err, "skinny explore: the nearest passing run cannot be saved: %v\n", err)
	}
	return nil
}

func (x *Exploration) text(d sim.Decision) string {
	return "`" + scenarios.DecisionText(x.model.Cluster(), d) + "`"
}

func (x *Exploration) printFound(p *report.Page) error {
	c := x.found
	if !x.Quiet {
		if err := x.printRun(p); err != nil {
			return err
		}
		p.WriteString("\n")
	}
	if x.saved == "" {
		p.WriteString("  It is not saved. This is the scenario:\n\n" + string(c.File.Encode()) + "\n")
	} else {
		row(p, "saved", x.saved)
		if !x.Quiet {
			file := shell.File(x.saved) + program.Arguments(c.Scenario.Cluster)
			row(p, "run", "skinny run "+file)
			row(p, "step", "skinny step "+file)
		}
	}
	if text := x.passingText(); text != "" && !x.Quiet {
		row(p, "passing", text)
	}
	return nil
}

// printRun tells a run, and what the judges say of it. What its file claims was
// taken from the run itself, so it is not worth a line.
func (x *Exploration) printRun(p *report.Page) error {
	p.WriteString("\n")
	run, err := x.TellAll(p, x.found.Scenario)
	if err != nil {
		return err
	}
	p.WriteString("\n")
	p.Status(run.Outcome)
	p.WriteString("\n")
	var judged []check.Verdict
	for _, name := range x.standing().judged {
		for _, v := range run.Verdicts {
			if v.Property == name {
				judged = append(judged, v)
			}
		}
	}
	p.Verdicts(judged)
	return nil
}

// passingText says what would have been enough, "" for a run that stands still.
func (x *Exploration) passingText() string {
	c := x.found
	switch {
	case c.Property == check.ProgressName:
		return ""
	case c.Passing == nil:
		return "no single other decision, with all else as it was as far as it can be, keeps " + c.Property
	}
	text := fmt.Sprintf("%s is kept if decision %d of %d is %s instead of %s; all else goes on as far as it can, and what is then pending happens",
		c.Property, c.Passing.At+1, len(c.Decisions), x.text(c.Passing.Instead), x.text(c.Decisions[c.Passing.At]))
	if why := x.changes(); why != "" {
		text += "; " + why
	}
	if x.passingSaved != "" {
		text += ": " + x.passingSaved
	}
	return text
}

// changes says what clients are told in the passing run.
func (x *Exploration) changes() string {
	var list []string
	for _, c := range x.found.Passing.Changes {
		is := c.Is.String()
		if c.Is == protocol.NoOutcome {
			is = "nothing"
		}
		list = append(list, fmt.Sprintf("%s is told %s instead of %s", x.model.Cluster().HolderName(c.Operation.Holder), is, c.Was))
	}
	return strings.Join(list, ", and ")
}
