// Package exploration searches every order of events of a scenario, and reports what
// was found: a proof within bounds, or a counterexample and the nearest run that
// keeps its property.
package exploration

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"skinny/cmd/internal/report"
	"skinny/scenarios"
	"skinny/sim/explore"
	"skinny/sim/explore/search"
)

// Exploration is a search with what it is told and what it has found.
type Exploration struct {
	*report.Console
	Name     string // of the scenario
	Scenario *scenarios.Scenario
	Config   explore.Config
	Events   int // decisions one after the other; 0: no limit

	Search  string // bfs, dfs, iterative
	Workers int    // 0: all cores
	Memory  Size
	Save    string // where a search that ends early is kept, "" for nowhere
	Resume  string // a search that was kept, "" for none
	File    string // of the counterexample, "" for a free name
	JSON    bool
	Quiet   bool
	Again   func() string // the command that repeats this one, without --memory and --resume

	model  *explore.Model
	result *search.Result
	before search.Result // of a search that was taken up again
	took   time.Duration

	kept  *search.Search // in Save, nil if it is not
	found *finding
}

// Searches are the ways to search.
var Searches = []string{"bfs", "dfs", "iterative"}

// Size is an amount of memory.
type Size int64

// units are those in which memory is given.
var units = []struct {
	name string
	size int64
}{{"GB", 1e9}, {"MB", 1e6}, {"KB", 1e3}}

// ParseSize reads 500MB or 4GB.
func ParseSize(text string) (Size, bool) {
	for _, u := range units {
		if digits, ok := strings.CutSuffix(strings.ToUpper(text), u.name); ok {
			n, err := strconv.ParseUint(digits, 10, 31)
			return Size(int64(n) * u.size), err == nil && n > 0
		}
	}
	return 0, false
}

// String writes a size as ParseSize reads it; it is a multiple of the smallest unit.
func (s Size) String() string {
	u := units[0]
	for i := 1; int64(s)%u.size != 0; i++ {
		u = units[i]
	}
	return strconv.FormatInt(int64(s)/u.size, 10) + u.name
}

// Run searches, and reports.
func (x *Exploration) Run() error {
	var err error
	if x.model, err = explore.New(x.Config); err != nil {
		return report.Usage("skinny explore: %v", err)
	}
	if x.model.Played() != 0 && (x.Save != "" || x.Resume != "") {
		return report.Usage("skinny explore: a search with programs cannot be kept and taken up again; leave out --save and --resume")
	}
	for _, f := range [...]struct{ flag, name string }{{"save", x.Save}, {"out", x.File}} {
		if f.name == "" {
			continue
		}
		if err := report.Writable(f.name); err != nil {
			return report.Usage("skinny explore: --%s: %s cannot be written: %v", f.flag, f.name, err)
		}
	}
	if err := x.search(); err != nil {
		return err
	}
	return x.report()
}

// report tells what was found.
func (x *Exploration) report() error {
	// All of it, even after Ctrl-C; a second one ends the process.
	x.Interrupted.Store(false)
	if x.result.Violation != nil {
		if err := x.tell(); err != nil {
			return err
		}
	}
	if x.JSON {
		return x.printResult()
	}
	return x.print()
}

// Counterexample is the scenario that violates a property, and its file, "" if it
// could not be saved; nil if there is none.
func (x *Exploration) Counterexample() (*scenarios.Scenario, string) {
	if x.found == nil {
		return nil, ""
	}
	return x.found.Scenario, x.found.file
}

// Verdict turns what was found into an exit code.
func (x *Exploration) Verdict() error {
	r := x.result
	switch {
	case r.Violation != nil && r.Ending == search.Interrupted:
		return &report.Exit{Code: report.ExitUnmet, Message: "skinny: interrupted after a violation was found"}
	case r.Violation != nil:
		return &report.Exit{Code: report.ExitUnmet}
	case r.Ending == search.Interrupted:
		return &report.Exit{Code: report.ExitInterrupted, Message: "skinny: interrupted; this is what was found so far"}
	case r.Ending == search.OutOfMemory:
		return &report.Exit{Code: report.ExitNotExhaustive, Message: fmt.Sprintf("skinny: the memory (--memory %s) was used up before all states were expanded", x.Memory)}
	case len(x.unreached()) > 0:
		return &report.Exit{Code: report.ExitVacuous, Message: "skinny: never: " + strings.Join(x.unreached(), ", ") +
			"; a proof about a scenario in which\nthat cannot happen says little (more clients or larger bounds may help)"}
	}
	return nil
}

// sometimes names what should happen in some state, and has been reached or not.
func (x *Exploration) sometimes(reached bool) []string {
	list := []string{}
	for i, p := range x.model.Properties() {
		if p.Kind == search.Sometimes && x.result.Reached.Has(i) == reached {
			list = append(list, p.Name)
		}
	}
	return list
}

func (x *Exploration) unreached() []string { return x.sometimes(false) }

// violated is the property that is violated.
func (x *Exploration) violated() search.Property {
	return x.model.Properties()[x.result.Violation.Property]
}

// exhaustive reports whether every state within the bounds was looked at.
func (x *Exploration) exhaustive() bool {
	return x.result.Ending == search.Exhausted || x.result.Ending == search.TooDeep
}
