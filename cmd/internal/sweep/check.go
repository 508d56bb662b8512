package sweep

import (
	"crypto/sha256"
	"fmt"
	"path/filepath"
	"time"

	"skinny/cmd/internal/report"
	"skinny/scenarios"
	"skinny/scenarios/counterexample"
	"skinny/sim/check"
	"skinny/sim/shrink"
)

// Check is a sweep with a report, as `skinny check` makes it.
type Check struct {
	*report.Console
	Config                     // its seeds are those of the shard
	Head   Head                // what it says of itself; Run says the rest
	base   *scenarios.Scenario // that is varied; nil: clusters are drawn

	JSON      bool   // the result as JSON Lines
	Quiet     bool   // no story and no counts
	Dir       string // where counterexamples are saved
	Whole     bool   // they are whole runs
	Shrinking bool   // it is told what was left out
}

// Run runs the seeds, makes and saves counterexamples, and reports.
func (c *Check) Run() (*Result, error) {
	c.Silent = c.Quiet
	meter := c.Meter()
	c.Setting.Judges = check.WithNamed(c.Setting.Judges, c.Properties...)
	c.Seeds = c.Head.seeds()
	c.Stop = c.Interrupted.Load
	c.Progress = func(s Status) { meter.Show(func() string { return c.progress(s) }) }
	r := Run(c.Config)
	meter.Clear()
	return r, c.conclude(r)
}

// conclude makes counterexamples of what was found, saves and reports it.
func (c *Check) conclude(r *Result) error {
	c.describe()
	r.Head, r.Summary.Line = c.Head, summaryLine
	r.judgeVacuity()
	for i := range r.Failures {
		f := &r.Failures[i]
		if err := c.counterexample(f); err != nil { // a program may do wrong in the middle of it
			fmt.Fprintf(c.Err, "skinny check: seed %d: %v\n", f.Seed, err)
		}
	}
	c.save(r)
	// What was found is told to its end; a second Ctrl-C ends the process.
	c.Interrupted.Store(false)
	return c.report(r)
}

func (c *Check) progress(s Status) string {
	rate := report.PerSecond(s.Done, s.Elapsed)
	text := fmt.Sprintf("%s seeds in %s, %s a second, %s failing", report.Grouped(s.Done), s.Elapsed.Round(time.Second), report.Grouped(rate), report.Grouped(s.Failing))
	if left, ok := c.left(s, rate); ok {
		text += ", " + left.Round(time.Second).String() + " left"
	}
	return text
}

// left is how long it will take at this rate.
func (c *Check) left(s Status, rate uint64) (time.Duration, bool) {
	const known = 100 * 365 * 24 * time.Hour
	left, total := known, c.Seeds.Count
	if seconds := (total - s.Done) / max(rate, 1); rate > 0 && seconds < uint64(known/time.Second) {
		left = time.Duration(seconds) * time.Second
	}
	if c.For > 0 {
		left = min(left, max(c.For-s.Elapsed, 0))
	}
	return left, left < known
}

// counterexample runs a failing seed once more, and makes it small.
func (c *Check) counterexample(f *Failure) error {
	h := &c.Head
	run := counterexample.OfSeed(c.Setting, h.Edition, f.Seed, f.Property, fmt.Sprintf("`skinny check%s --seed %d`", h.Arguments, f.Seed))
	run.Exactly, run.Drawn = len(c.Properties) > 0, c.base == nil
	if h.Played != nil { // a file says who plays, and never how to start it
		run.Found = fmt.Sprintf("seed %d of %s", f.Seed, h.Words)
	}
	start := time.Now()
	make := counterexample.Make
	if c.Whole {
		make = counterexample.Whole
	}
	meter, asked := c.Meter(), 0
	o := shrink.Options{Stop: func() bool {
		asked++
		meter.Show(func() string {
			return fmt.Sprintf("shrinking seed %d: %s tried, %s", f.Seed, report.Count(asked, "smaller run"), time.Since(start).Round(time.Second))
		})
		return c.Interrupted.Load()
	}}
	defer meter.Clear()
	made, err := make(run, o)
	if c.Whole && err == nil {
		if _, large := made.File.Save(); large != nil {
			fmt.Fprintf(c.Err, "skinny check: the whole run of seed %d could not be opened again, so it is shrunk: %v\n", f.Seed, large)
			made, err = counterexample.Make(run, o)
		}
	}
	if err != nil {
		return err
	}
	f.made = made
	f.ShrinkTime = time.Since(start)
	f.Found = f.Property
	f.Property, f.Why = made.Verdict.Property, made.Verdict.Why.String()
	f.Shape = fmt.Sprintf("%x", sha256.Sum256([]byte(made.Shape())))[:16]
	f.Minimal, f.Tried = made.Minimal, made.Tried
	f.Before, f.After = &made.Before, &made.After
	data, err := made.File.Save()
	f.YAML = string(data)
	return err
}

// save writes one counterexample of each kind into a new file and notes its path. If it
// cannot, the finding is not lost: it is in the report.
func (c *Check) save(r *Result) {
	known := map[string]bool{} // by shape
	for i := range r.Failures {
		f := &r.Failures[i]
		f.File = ""
		if known[f.Shape] || f.YAML == "" {
			continue
		}
		known[f.Shape] = true
		var err error
		name := filepath.Join(c.Dir, fmt.Sprintf("%s-seed-%d", f.Property, f.Seed))
		if f.File, err = report.WriteFree(name, ".yaml", []byte(f.YAML)); err != nil {
			fmt.Fprintf(c.Err, "skinny check: the counterexample of seed %d cannot be saved: %v\n--dir says where to save it\n", f.Seed, err)
		}
	}
}
