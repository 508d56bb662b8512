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
	"skinny/sim/explore/search"
	"skinny/sim/trace"
)

// finding is a run that violates a property, and where it and its twin are saved.
type finding struct {
	*counterexample.Path
	file     string // "" if it could not be saved
	twinFile string // "" if there is no twin
}

// tell makes scenarios of the violation and its twin, and saves them.
func (x *exploration) tell() error {
	shortest := x.flags.search != "dfs" && x.result.Ending == search.Violated
	path, err := counterexample.Found(x.scenario, x.model, x.result.Violation, shortest)
	if err != nil {
		return err
	}
	c := &finding{Path: path}
	x.found = c
	if c.file, err = x.write(c.File, x.flags.out, "counterexample-"+c.Property); err != nil {
		// The finding is not lost: it is told.
		fmt.Fprintf(x.err, "skinny explore: the counterexample cannot be saved: %v\n--out says where to save it\n", err)
	}
	if c.Twin == nil || c.file == "" {
		return nil
	}
	kept, err := c.Kept(x.scenario, x.model)
	if err != nil {
		return err
	}
	if c.twinFile, err = x.write(kept, "", strings.TrimSuffix(c.file, ".yaml")+"-twin"); err != nil {
		fmt.Fprintf(x.err, "skinny explore: the twin cannot be saved: %v\n", err)
	}
	return nil
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
		if err := x.printRun(c.Scenario); err != nil {
			return err
		}
	}
	var b strings.Builder
	if !x.flags.quiet {
		b.WriteString("\n")
	}
	if c.file == "" {
		b.WriteString("  It is not saved. This is the scenario:\n\n" + string(c.File.Encode()) + "\n")
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
	case c.Property == progressProperty:
		return ""
	case c.Twin == nil:
		return "no single other decision, with all else as it was as far as it can be, keeps " + c.Property
	}
	text := fmt.Sprintf("%s is kept if decision %d of %d is %s instead of %s; all else goes on as far as it can, and what is then pending happens",
		c.Property, c.Twin.At+1, len(c.Decisions), x.text(c.Twin.Instead), x.text(c.Decisions[c.Twin.At]))
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
	for _, c := range x.found.Twin.Changes {
		is := c.Is.String()
		if c.Is == protocol.NoOutcome {
			is = "nothing"
		}
		list = append(list, fmt.Sprintf("%s is told %s instead of %s", x.model.Cluster().HolderName(c.Operation.Holder), is, c.Was))
	}
	return strings.Join(list, ", and ")
}
