package main

import (
	"fmt"
	"os"
	"strings"

	"skinny/protocol"
	"skinny/scenarios"
	"skinny/sim"
	"skinny/sim/explore"
	"skinny/sim/explore/search"
	"skinny/sim/trace"
)

// finding is a run that violates a property, and one like it that does not.
type finding struct {
	property  string
	decisions []sim.Decision
	file      string
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
	title := c.property + " is violated"
	about := fmt.Sprintf("Found by exploring every order of events of %q.\nAfter these %d decisions %s is violated", x.scenario.Title, len(c.decisions), c.property)
	if x.model.Properties()[v.Property].Kind == search.Progress {
		about = fmt.Sprintf("Found by exploring every order of events of %q.\nAfter these %d decisions a client waits, and nothing can happen any more", x.scenario.Title, len(c.decisions))
	}
	if x.flags.search != "dfs" {
		about += ", and after no fewer"
	}
	f, err := scenarios.FromPath(x.scenario, x.model, title, about+".\n", c.decisions, false, x.waiting(c.decisions))
	if err != nil {
		return err
	}
	if c.file, err = x.write(f, x.flags.out, "counterexample-"+c.property); err != nil {
		return err
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
	about := fmt.Sprintf("The run that goes like the one in which %s, up to decision %d:\n%s instead of\n%s.\n",
		title, c.twin.At+1, x.text(c.twin.Instead), x.text(c.decisions[c.twin.At]))
	f, err := scenarios.FromPath(x.scenario, x.model, c.property+" is kept", about, c.twin.Decisions, true, nil)
	if err != nil {
		return err
	}
	c.twinFile, err = x.write(f, "", strings.TrimSuffix(c.file, ".yaml")+"-twin")
	return err
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
			return "", usage("skinny explore: the counterexample cannot be saved: %v", err)
		}
		_, err = file.Write(f.Encode())
		if closed := file.Close(); err == nil {
			err = closed
		}
		if err != nil {
			return "", usage("skinny explore: the counterexample cannot be saved: %v", err)
		}
		return try, nil
	}
}

// printFound tells the counterexample and its twin.
func (x *exploration) printFound() error {
	c := x.found
	if !x.flags.quiet {
		if err := x.print("\n"); err != nil {
			return err
		}
		none := &runFlags{format: "text"}
		outcome, grain, err := x.replay(c.scenario, none)
		if err == nil {
			_, err = x.printStory(c.scenario, outcome, none, trace.None, grain)
		}
		if err == nil {
			err = x.printEnd(c.file, c.scenario, outcome, none)
		}
		if err != nil {
			return err
		}
	}
	var b strings.Builder
	b.WriteString("\n")
	x.row(&b, "saved", c.file)
	if c.twinFile != "" {
		x.row(&b, "twin", fmt.Sprintf("%s is kept if decision %d of %d is %s instead of %s, and all else goes on as it did: %s",
			c.property, c.twin.At+1, len(c.decisions), x.text(c.twin.Instead), x.text(c.decisions[c.twin.At]), c.twinFile))
	} else if c.property != progressProperty {
		x.row(&b, "twin", "no single other decision, with all else as it was, keeps "+c.property)
	}
	return x.print(b.String())
}
