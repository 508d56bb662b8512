package exploration

import (
	"errors"
	"fmt"
	"os"
	"runtime/debug"
	"time"

	"skinny/cmd/internal/program"
	"skinny/cmd/internal/report"
	"skinny/cmd/internal/shell"
	"skinny/sim"
	"skinny/sim/explore/search"
)

// leastMemoryLimit keeps the collector from working without end for a tiny --memory.
const leastMemoryLimit = 64e6

// garbagePercent is how much garbage there may be, of what tables and frontier take.
const garbagePercent = 20

// search searches.
func (x *Exploration) search() error {
	// The rest is for what is not counted; garbage, of which nearly nothing is looked at, is
	// collected before it is much.
	debug.SetGCPercent(garbagePercent)
	debug.SetMemoryLimit(max(int64(x.Memory), leastMemoryLimit))
	x.Silent = x.Quiet || x.JSON
	meter := x.Meter()
	begin := time.Now()
	o := search.Options{
		Workers: x.Workers, Depth: x.Events, Memory: int64(x.Memory) / 10 * 9, Stop: x.Interrupted.Load,
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
	var failed *sim.ProgramError
	switch {
	case errors.As(err, &failed):
		return &report.Exit{Code: program.ExitCode(failed), Message: "skinny explore: " + program.Explain(failed)}
	case err != nil:
		return report.Usage("skinny explore: %v", err)
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
	return x.Again() + " --memory " + memory.String() + " --resume " + shell.File(x.Save)
}
