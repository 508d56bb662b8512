package main

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"skinny/cmd/internal/shell"
	"skinny/protocol"
	"skinny/scenarios"
	"skinny/scenarios/counterexample"
	"skinny/sim"
	"skinny/sim/check"
	"skinny/sim/explore"
	"skinny/sim/explore/search"
	"skinny/sim/trace"
)

// finding is a run that violates a property, and one like it that does not.
type finding struct {
	property  string
	decisions []sim.Decision
	file      string // "" if it could not be saved
	yaml      []byte
	scenario  *scenarios.Scenario
	twin      explore.Twin
	twinFile  string // "" if there is no twin
}

// tell makes scenarios of the violation and its twin, and saves them.
func (x *exploration) tell() error {
	v := x.result.Violation
	c := &finding{property: x.model.Properties()[v.Property].Name}
	x.found = c
	var err error
	if c.decisions, err = x.model.Replay(v.Path); err != nil {
		return err
	}
	broken, _ := check.PropertyByName(c.property)
	title := broken.Broken
	about := fmt.Sprintf("Found by exploring every order of events of %q.\nAfter these %d decisions %s is violated", x.scenario.Title, len(c.decisions), c.property)
	if x.model.Properties()[v.Property].Kind == search.Progress {
		about = fmt.Sprintf("Found by exploring every order of events of %q.\nAfter these %d decisions a client waits, and nothing can happen any more", x.scenario.Title, len(c.decisions))
	}
	if x.flags.search != "dfs" && x.result.Ending == search.Violated {
		about += ", and after no fewer"
	}
	f, err := scenarios.FromPath(x.scenario, x.model, title, about+".\n", x.timed(c.decisions), false, x.waiting(c.decisions))
	if err != nil {
		return err
	}
	c.yaml = f.Encode()
	if c.file, err = x.write(f, x.flags.out, "counterexample-"+c.property); err != nil {
		// The finding is not lost: it is told.
		fmt.Fprintf(x.err, "skinny explore: the counterexample cannot be saved: %v\n--out says where to save it\n", err)
	}
	if c.scenario, err = f.Compile(scenarios.Overrides{}); err != nil {
		return err
	}
	return x.tellTwin(c, title)
}

// tellTwin looks for the nearest run that keeps the property.
func (x *exploration) tellTwin(c *finding, title string) error {
	if x.model.Properties()[x.result.Violation.Property].Kind == search.Progress {
		return nil // a run that goes on is not like one that stands still
	}
	var ok bool
	if c.twin, ok = x.model.Twin(c.decisions, c.property); !ok {
		return nil
	}
	about := fmt.Sprintf("The run that goes like the one in which %s is violated, up to decision %d:\n%s instead of\n%s.\n",
		c.property, c.twin.At+1, x.text(c.twin.Instead), x.text(c.decisions[c.twin.At]))
	f, err := scenarios.FromPath(x.scenario, x.model, c.property+" is kept", about, x.timed(c.twin.Decisions), true, nil)
	if err != nil || c.file == "" {
		return err
	}
	if c.twinFile, err = x.write(f, "", strings.TrimSuffix(c.file, ".yaml")+"-twin"); err != nil {
		fmt.Fprintf(x.err, "skinny explore: the twin cannot be saved: %v\n", err)
	}
	return nil
}

// timed is decisions with times that look natural.
func (x *exploration) timed(decisions []sim.Decision) []sim.Decision {
	return counterexample.Timed(x.model.Cluster(), decisions)
}

// waiting lists the operations whose clients wait at the end of a run that came to
// a stop; in other runs who waits is not the point.
func (x *exploration) waiting(decisions []sim.Decision) []int {
	if x.model.Properties()[x.result.Violation.Property].Kind != search.Progress {
		return nil
	}
	w := sim.NewWorld(x.model.Cluster())
	for i := range decisions {
		w.Take(&decisions[i])
	}
	var list []int
	for n := 1; n <= w.Operations(); n++ {
		if w.Operation(n).Outcome == protocol.NoOutcome {
			list = append(list, n)
		}
	}
	return list
}

func (x *exploration) text(d sim.Decision) string {
	return "`" + scenarios.DecisionText(x.model.Cluster(), d) + "`"
}

// write saves a scenario under a name, or else under the first free one that begins
// with what is wanted. What is there already is never written over.
func (x *exploration) write(f *scenarios.File, name, wanted string) (string, error) {
	for n := 1; ; n++ {
		try := name
		if name == "" {
			try = wanted + ".yaml"
			if n > 1 {
				try = fmt.Sprintf("%s-%d.yaml", wanted, n)
			}
		}
		file, err := os.OpenFile(try, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
		switch {
		case os.IsExist(err) && name == "":
			continue
		case err != nil:
			return "", err
		}
		_, err = file.Write(f.Encode())
		if err = errors.Join(err, file.Close()); err != nil {
			os.Remove(try)
			return "", err
		}
		return try, nil
	}
}

// printFound tells the counterexample and its twin.
func (x *exploration) printFound() error {
	c := x.found
	if !x.flags.quiet {
		if err := x.printRun(c.scenario); err != nil {
			return err
		}
	}
	var b strings.Builder
	if !x.flags.quiet {
		b.WriteString("\n")
	}
	if c.file == "" {
		b.WriteString("  It is not saved. This is the scenario:\n\n" + string(c.yaml) + "\n")
	} else {
		x.row(&b, "saved", c.file)
	}
	if !x.flags.quiet {
		if c.file != "" {
			x.row(&b, "run", "skinny run "+shell.Word(c.file))
			x.row(&b, "step", "skinny step "+shell.Word(c.file))
		}
		if text := x.twinText(); text != "" {
			x.row(&b, "twin", text)
		}
	}
	return x.print(b.String())
}

// printRun tells a run, and what the judges say of it. What its file claims was
// taken from the run itself, so it is not worth a line.
func (x *exploration) printRun(s *scenarios.Scenario) error {
	if err := x.print("\n"); err != nil {
		return err
	}
	none := &runFlags{format: "text"}
	outcome, grain, err := x.replay(s, none)
	if err == nil {
		_, err = x.printStory(s, outcome, none, trace.None, grain)
	}
	if err != nil {
		return err
	}
	var b strings.Builder
	b.WriteString("\n")
	x.table(&b, statusRows(s, outcome))
	b.WriteString("\n")
	looked := *outcome
	looked.Verdicts = nil
	for i, p := range x.model.Properties() {
		for _, v := range outcome.Verdicts {
			if v.Property == p.Name && x.model.Judged(i) {
				looked.Verdicts = append(looked.Verdicts, v)
			}
		}
	}
	x.properties(&b, &looked)
	return x.print(b.String())
}

// twinText says what would have been enough, "" for a run that stands still.
func (x *exploration) twinText() string {
	c := x.found
	switch {
	case c.property == progressProperty:
		return ""
	case c.twin.Decisions == nil:
		return "no single other decision, with all else as it was as far as it can be, keeps " + c.property
	}
	text := fmt.Sprintf("%s is kept if decision %d of %d is %s instead of %s; all else goes on as far as it can, and what is then pending happens",
		c.property, c.twin.At+1, len(c.decisions), x.text(c.twin.Instead), x.text(c.decisions[c.twin.At]))
	if why := x.changes(); why != "" {
		text += "; " + why
	}
	if c.twinFile != "" {
		text += ": " + c.twinFile
	}
	return text
}

// changes says what clients are told in the twin.
func (x *exploration) changes() string {
	var list []string
	for _, c := range x.found.twin.Changes {
		is := c.Is.String()
		if c.Is == protocol.NoOutcome {
			is = "nothing"
		}
		list = append(list, fmt.Sprintf("%s is told %s instead of %s", x.model.Cluster().HolderName(c.Operation.Holder), is, c.Was))
	}
	return strings.Join(list, ", and ")
}
