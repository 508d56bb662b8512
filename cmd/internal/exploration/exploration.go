// Package exploration searches every order of events of a scenario, and reports what
// was found: a proof within bounds, or a counterexample and the nearest run that
// keeps its property.
package exploration

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"skinny/cmd/internal/program"
	"skinny/cmd/internal/report"
	"skinny/cmd/internal/shell"
	"skinny/scenarios"
	"skinny/scenarios/counterexample"
	"skinny/sim/explore"
	"skinny/sim/explore/search"
)

// Exploration is a search with what it is told and what it has found.
type Exploration struct {
	*report.Console
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
	Again   string // the command that repeats this one, without --memory and --resume

	model  *explore.Model
	result *search.Result
	before search.Result // of a search that was taken up again
	took   time.Duration

	kept  *search.Search       // in Save, nil if it is not
	found *counterexample.Path // nil if nothing is violated

	saved, passingSaved string // the files of it and its nearest passing run, "" if there is none
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
func ParseSize(text string) (Size, error) {
	for _, u := range units {
		if digits, ok := strings.CutSuffix(strings.ToUpper(text), u.name); ok {
			if n, err := strconv.ParseUint(digits, 10, 31); err == nil && n > 0 {
				return Size(int64(n) * u.size), nil
			}
		}
	}
	return 0, errors.New("that is no size")
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
	return x.found.Scenario, x.saved
}

// Verdict turns what was found into an exit code.
func (x *Exploration) Verdict() error {
	r, never := x.result, x.standing().unreached
	switch {
	case r.Violation != nil && r.Ending == search.Interrupted:
		return &report.Exit{Code: report.ExitUnmet, Message: "skinny: interrupted after a violation was found"}
	case r.Violation != nil:
		return &report.Exit{Code: report.ExitUnmet}
	case r.Ending == search.Interrupted:
		return &report.Exit{Code: report.ExitInterrupted, Message: "skinny: interrupted; this is what was found so far"}
	case r.Ending == search.OutOfMemory:
		return &report.Exit{Code: report.ExitNotExhaustive, Message: fmt.Sprintf("skinny: the memory (--memory %s) was used up before all states were expanded", x.Memory)}
	case len(never) > 0:
		return &report.Exit{Code: report.ExitVacuous, Message: "skinny: never: " + strings.Join(never, ", ") +
			"; a proof about a scenario in which\nthat cannot happen says little (more clients or larger bounds may help)"}
	}
	return nil
}

// standing is the names of the properties, by what the search has done about them.
type standing struct {
	judged, aside      []string // aside: not asked for
	foreign            []string // judged only until a program spoke a protocol of its own
	reached, unreached []string // what should happen in some state
}

func (x *Exploration) standing() standing {
	s := standing{reached: []string{}, unreached: []string{}}
	for i, p := range x.model.Properties() {
		list := &s.judged
		switch {
		case p.Kind == search.Sometimes && x.result.Reached.Has(i):
			list = &s.reached
		case p.Kind == search.Sometimes:
			list = &s.unreached
		case !x.model.Judged(i):
			list = &s.aside
		case x.model.NotJudged(i, x.result.Reached):
			s.foreign = append(s.foreign, p.Name)
		}
		*list = append(*list, p.Name)
	}
	return s
}

func (x *Exploration) violated() search.Property {
	return x.model.Properties()[x.result.Violation.Property]
}

// exhaustive reports whether every state within the bounds was looked at.
func (x *Exploration) exhaustive() bool {
	return x.result.Ending == search.Exhausted || x.result.Ending == search.TooDeep
}

// leastMemoryLimit keeps the collector from working without end for a tiny --memory.
const leastMemoryLimit = 64e6

// mostRest is what of a --memory is kept for what is not counted, if a tenth of it is more.
const mostRest = 512e6

// garbagePercent is how much garbage there may be, of what tables and frontier take.
const garbagePercent = 20

func (x *Exploration) search() error {
	// The rest is for what is not counted; garbage, of which nearly nothing is looked at, is
	// collected before it is much.
	debug.SetGCPercent(garbagePercent)
	debug.SetMemoryLimit(max(int64(x.Memory), leastMemoryLimit))
	x.Silent = x.Quiet || x.JSON
	meter := x.Meter()
	begin := time.Now()
	o := search.Options{
		Workers: x.Workers, Depth: x.Events, Memory: int64(x.Memory) - min(int64(x.Memory)/10, mostRest), Stop: x.Interrupted.Load,
		Progress: func(r *search.Result) {
			meter.Show(func() string { return progress(r, x.before.Expanded, time.Since(begin)) })
		},
	}
	var err error
	switch x.Search {
	case "dfs":
		x.result, err = search.DepthFirst(x.model, o)
	case "iterative":
		x.result, err = search.Deepening(x.model, o)
	default:
		err = x.breadth(o)
	}
	meter.Clear()
	x.took = time.Since(begin)
	if err != nil {
		return cmp.Or(program.Exit("skinny explore", err), report.Usage("skinny explore: %v", err))
	}
	if x.kept != nil {
		// If it cannot be kept, what was found is still told.
		if err := report.Replace(x.Save, x.kept.Save); err != nil {
			x.kept = nil
			fmt.Fprintf(x.Err, "skinny explore: the search cannot be kept in %s: %v\n", x.Save, err)
		}
	}
	return nil
}

// breadth searches breadth first, from where another search has ended if that is
// wanted.
func (x *Exploration) breadth(o search.Options) error {
	s := search.New(x.model, o)
	if x.Resume != "" {
		file, err := os.Open(x.Resume)
		if err != nil {
			return err
		}
		defer file.Close()
		if s, err = search.Resume(x.model, o, file); err != nil {
			return fmt.Errorf("%s cannot be taken up: %w", x.Resume, err)
		}
		x.before = s.Result()
	}
	var err error
	x.result, err = s.Run()
	if err == nil && x.Save != "" && x.result.Violation == nil &&
		(x.result.Ending == search.Interrupted || x.result.Ending == search.OutOfMemory) {
		x.kept = s
	}
	return err
}

// progress says how far a search has come that has expanded states before.
func progress(r *search.Result, before uint64, took time.Duration) string {
	done := r.Expanded - before
	text := fmt.Sprintf("  depth %d · %s · %s to expand · %s a second · %s", r.Depth, report.Count(r.Distinct, "state"),
		report.Grouped(r.Frontier()), report.Grouped(report.PerSecond(done, took)), megabytes(r.Bytes))
	if r.Left > 0 {
		// The number of levels to come is not known; how long this one takes is.
		left := time.Duration(float64(took) / float64(max(done, 1)) * float64(r.Left))
		text += " · this depth in " + left.Round(time.Second).String()
	}
	return text
}

// goesOn is the command that goes on with the search that was kept, and keeps it
// again if that ends early, too. One that ran out of memory is given twice as much.
func (x *Exploration) goesOn() string {
	memory := x.Memory
	if x.result.Ending == search.OutOfMemory {
		memory *= 2
	}
	return x.Again + " --memory " + memory.String() + " --resume " + shell.File(x.Save)
}
