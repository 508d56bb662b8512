package sweep

import (
	"crypto/sha256"
	"fmt"
	"path/filepath"
	"time"

	"skinny/cmd/internal/report"
	"skinny/scenarios"
	"skinny/scenarios/counterexample"
	"skinny/sim/shrink"
	"skinny/sim/swarm"
)

// cases makes a counterexample of every failure.
func (c *Check) cases(r *Result) error {
	for i := range r.Failures {
		err := c.counterexample(&r.Head, &r.Failures[i])
		switch {
		case err != nil && r.Head.Played != nil: // the program may do wrong in the middle of it
			fmt.Fprintf(c.Err, "%v\n", err)
		case err != nil:
			return err
		}
	}
	return nil
}

// counterexample runs a failing seed once more, and makes it small.
func (c *Check) counterexample(h *Head, f *Failure) error {
	s := c.Subject
	plan, decisions := swarm.Record(&s.Setting, f.Seed)
	run := &counterexample.Run{
		Scenario: &scenarios.Scenario{
			Edition: s.Edition, Seed: f.Seed,
			Cluster: &plan.Cluster, Timetable: &plan.Timetable, Progress: plan.Progress,
			Judges: s.Setting.Judges,
		},
		Decisions: decisions,
		Property:  f.Property,
		Exactly:   len(c.Properties) > 0,
		Drawn:     s.Scenario == nil,
		Found:     fmt.Sprintf("`skinny check%s --seed %d`", s.Arguments, f.Seed),
	}
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
		return fmt.Errorf("skinny check: seed %d: %w", f.Seed, err)
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
