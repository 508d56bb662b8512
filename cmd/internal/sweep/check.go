package sweep

import (
	"fmt"
	"time"

	"skinny/cmd/internal/report"
	"skinny/sim/check"
)

// Check is a sweep with a report, as `skinny check` makes it.
type Check struct {
	*report.Console
	Config  // its seeds are those of the shard
	Subject *Subject
	All     Seeds // of all shards
	Shard   Shard

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
	c.Config.Setting = &c.Subject.Setting
	c.Setting.Judges = check.WithNamed(c.Setting.Judges, c.Properties...)
	c.Config.Seeds = c.All.Shard(c.Shard.Index, c.Shard.Count)
	c.Config.Stop = c.Interrupted.Load
	c.Config.Progress = func(s Status) { meter.Show(func() string { return c.progress(s) }) }
	r := Run(c.Config)
	meter.Clear()
	return r, c.conclude(r)
}

// conclude makes counterexamples of what was found, saves and reports it.
func (c *Check) conclude(r *Result) error {
	r.Head, r.Summary.Line = c.head(), summaryLine
	r.judgeVacuity()
	if err := c.cases(r); err != nil {
		return err
	}
	c.save(r)
	// What was found is told to its end; a second Ctrl-C ends the process.
	c.Interrupted.Store(false)
	return c.report(r)
}

// progress says how far it is.
func (c *Check) progress(s Status) string {
	rate := report.PerSecond(s.Done, s.Elapsed)
	text := fmt.Sprintf("%s seeds, %s a second, %s failing", report.Grouped(s.Done), report.Grouped(rate), report.Grouped(s.Failing))
	if left, ok := c.left(s, rate); ok {
		text += ", " + left.Round(time.Second).String() + " left"
	}
	return text
}

// left is how long it will take at this rate.
func (c *Check) left(s Status, rate uint64) (time.Duration, bool) {
	const known = 100 * 365 * 24 * time.Hour
	left, total := known, c.Config.Seeds.Count
	if seconds := (total - min(s.Done, total)) / max(rate, 1); rate > 0 && seconds < uint64(known/time.Second) {
		left = time.Duration(seconds) * time.Second
	}
	if c.For > 0 {
		left = min(left, max(c.For-s.Elapsed, 0))
	}
	return left, left < known
}
