package sweep

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"skinny/cmd/internal/report"
	"skinny/scenarios"
	"skinny/sim"
	"skinny/sim/swarm"
)

// The exit code of a check follows from what it found.
func TestCheckExitCodes(t *testing.T) {
	broken := func(properties ...string) *Result {
		r := &Result{Summary: Summary{Counts: Counts{Done: 3}, Ended: FailureFound}}
		for _, p := range properties {
			r.Failures = append(r.Failures, Failure{Property: p})
		}
		return r
	}
	met := func(counters ...swarm.Counter) (m Met) {
		for _, c := range counters {
			m[c] = 1
		}
		return m
	}
	profile, _ := swarm.ProfileByName("none")
	of := func(s Summary) *Result {
		s.Done = 3
		return &Result{Summary: s}
	}
	for name, c := range map[string]struct {
		result *Result
		want   int
	}{
		"nothing found":     {of(Summary{Counts: Counts{Met: met(swarm.Rounds, swarm.Duels)}}), report.ExitClaimed},
		"two winners":       {broken("mutual-exclusion"), report.ExitUnmet},
		"no progress":       {broken("progress"), report.ExitNoProgress},
		"both":              {broken("progress", "durability"), report.ExitUnmet},
		"nothing met":       {of(Summary{}), report.ExitVacuous},
		"a single seed":     {of(Summary{}), report.ExitClaimed},
		"no contention met": {of(Summary{Counts: Counts{Met: met(swarm.Rounds)}}), report.ExitVacuous},
		"interrupted":       {of(Summary{Ended: Interrupted, Counts: Counts{Met: met(swarm.Rounds)}}), report.ExitInterrupted},
		"two runs differ":   {of(Summary{Ended: NotDeterministic, Different: &Different{Seed: 7, Event: 12, Was: "{1}", Is: ""}}), report.ExitNotDeterministic},
	} {
		var out bytes.Buffer
		k := &Check{
			Console: &report.Console{Out: &out, Width: report.DefaultWidth},
			Config:  Config{KeepGoing: true, Setting: &swarm.Setting{Knobs: profile.Knobs}},
			Head:    Head{Edition: "sound", Profile: "none", From: 1, Seeds: 3, Shards: 1},
		}
		if name == "a single seed" {
			k.Head.Seeds = 1
		}
		r := c.result
		k.describe()
		r.Head = k.Head
		r.judgeVacuity()
		got := report.ExitClaimed
		var e *report.Exit
		if errors.As(r.Exit(), &e) {
			got = e.Code
		}
		if got != c.want {
			t.Errorf("%s: exit code %d, want %d", name, got, c.want)
		}
		if err := k.report(r); err != nil {
			t.Error(err)
		}
		if c.want == report.ExitNotDeterministic {
			for _, part := range []string{"seed 7 was run twice, and event 12 is", "first  {1}\n", "then   nothing, it had ended\n", "--seed 7 --recheck 1"} {
				if !strings.Contains(out.String(), part) {
					t.Errorf("the report has no %q:\n%s", part, out.String())
				}
			}
		}
	}
}

// Ctrl-C while a counterexample is made small: it is told as far as it came, with its
// story and its verdicts.
func TestInterruptedShrinking(t *testing.T) {
	var out, errs bytes.Buffer
	c := &Check{
		Console: &report.Console{Out: &out, Err: &errs, Width: report.DefaultWidth},
		Config:  Config{Workers: 1},
		Head:    Head{From: 5, Seeds: 1, Shards: 1}, Dir: t.TempDir(),
	}
	c.Draw(scenarios.Overrides{Edition: "published"}, "none")
	c.Seeds = c.Head.seeds()
	r := Run(c.Config)
	c.Interrupted.Store(true)
	if err := c.conclude(r); err != nil {
		t.Fatal(err)
	}
	words := strings.Join(strings.Fields(out.String()), " ")
	for _, part := range []string{
		"is violated, found by seed 5", "ended early and may not be minimal", "a acquire", "violated by event ", "replay: skinny run ",
	} {
		if !strings.Contains(words, part) {
			t.Errorf("%q is missing in\n%s", part, out.String())
		}
	}
	var e *report.Exit
	if !errors.As(r.Exit(), &e) || e.Code != report.ExitUnmet || errs.Len() > 0 {
		t.Errorf("%v, %q", r.Exit(), errs.String())
	}
}

// tired is a program that does as another one until it is tired.
type tired struct {
	sim.Program
	is bool
}

func (p *tired) Step(q *sim.Question) (sim.Answer, error) {
	if p.is {
		return sim.Answer{}, errors.New("tired")
	}
	return p.Program.Step(q)
}

// What was found is told even if its program goes wrong while it is made small.
func TestTiredProgram(t *testing.T) {
	var out, errs bytes.Buffer
	p := &tired{Program: sim.BuiltIn(rulesOf(t, "published"))}
	c := &Check{
		Console: &report.Console{Out: &out, Err: &errs, Width: report.DefaultWidth}, Dir: t.TempDir(),
		Config: Config{Workers: 1}, Head: Head{From: 1, Seeds: 200, Shards: 1},
	}
	c.Draw(scenarios.Overrides{Edition: "published", Players: sim.Players{"": {Name: "x", Program: p}}}, "none")
	c.Seeds = c.Head.seeds()
	r := Run(c.Config)
	p.is = true
	if err := c.conclude(r); err != nil || len(r.Failures) != 1 {
		t.Fatalf("%v, %+v", err, r)
	}
	if s, file := r.Counterexample(); s != nil || file != "" {
		t.Errorf("there is a counterexample: %v, %q", s, file)
	}
	f := &r.Failures[0]
	if got, want := errs.String(), fmt.Sprintf("skinny check: seed %d: ", f.Seed); !strings.HasPrefix(got, want) || strings.Count(got, "\n") != 1 {
		t.Errorf("it says %q", got)
	}
	if got, want := out.String(), fmt.Sprintf("  ✗ %s\n    ", f.Property); !strings.Contains(got, want) || !strings.Contains(got, fmt.Sprintf("\n    seed %d\n\n", f.Seed)) {
		t.Errorf("it tells\n%s", got)
	}
}

// A seed is reported with what its own run breaks and with what the small run breaks, which
// is not always the same.
func TestFoundBeforeShrinking(t *testing.T) {
	c := &Check{
		Console: &report.Console{Out: io.Discard, Width: report.DefaultWidth}, Dir: t.TempDir(),
		Config: Config{Workers: 1, KeepGoing: true}, Head: Head{From: 1, Seeds: 30, Shards: 1},
	}
	c.Draw(scenarios.Overrides{Edition: "published"}, "none")
	c.Seeds = c.Head.seeds()
	r := Run(c.Config)
	var found []string
	for _, f := range r.Failures {
		found = append(found, f.Property)
	}
	if err := c.conclude(r); err != nil {
		t.Fatal(err)
	}
	others := 0
	for i, f := range r.Failures {
		if f.ShrinkTime <= 0 || f.Found != found[i] || f.Property != f.made.Verdict.Property {
			t.Errorf("seed %d: found %s, and %s when small, want %s and %s", f.Seed, f.Found, f.Property, found[i], f.made.Verdict.Property)
		}
		if f.Found != f.Property {
			others++
		}
	}
	if others == 0 {
		t.Error("all of them break the same when small")
	}
}

func TestShardOfJob(t *testing.T) {
	for _, c := range []struct {
		environment map[string]string
		want        uint64
		ok          bool
	}{
		{map[string]string{}, 0, false},
		{map[string]string{"JOB_COMPLETION_INDEX": "3"}, 3, true},
		{map[string]string{"SLURM_ARRAY_TASK_ID": "3"}, 3, true},
		{map[string]string{"SLURM_ARRAY_TASK_ID": "3", "SLURM_ARRAY_TASK_MIN": "1"}, 2, true},
		{map[string]string{"SLURM_ARRAY_TASK_ID": "3", "SLURM_ARRAY_TASK_MIN": "5"}, 3, true},
		{map[string]string{"SLURM_ARRAY_TASK_ID": "1", "SLURM_ARRAY_TASK_MIN": "1"}, 0, true},
		{map[string]string{"SLURM_ARRAY_TASK_ID": "3", "SLURM_ARRAY_TASK_MIN": "first"}, 3, true},
		{map[string]string{"JOB_COMPLETION_INDEX": "", "SLURM_ARRAY_TASK_ID": "0"}, 0, true},
		{map[string]string{"JOB_COMPLETION_INDEX": "first"}, 0, false},
	} {
		got, ok := indexFromJob(func(name string) string { return c.environment[name] })
		if got != c.want || ok != c.ok {
			t.Errorf("%v: shard %d, %v, want %d, %v", c.environment, got, ok, c.want, c.ok)
		}
	}
}

// The line of progress says the rate and the time that is left.
func TestProgressLine(t *testing.T) {
	c := &Check{Config: Config{Seeds: Seeds{First: 1, Step: 1, Count: 10_000}}}
	line := c.progress(Status{Done: 2500, Failing: 3, Elapsed: 5 * time.Second})
	if line != "2,500 seeds in 5s, 500 a second, 3 failing, 15s left" {
		t.Errorf("got %q", line)
	}
	if line := c.progress(Status{Elapsed: 3 * time.Second}); line != "0 seeds in 3s, 0 a second, 0 failing" { // nothing is known yet
		t.Errorf("got %q", line)
	}
	c.For = 8 * time.Second // which comes first
	if line := c.progress(Status{Done: 2500, Elapsed: 5 * time.Second}); !strings.HasSuffix(line, ", 3s left") {
		t.Errorf("got %q", line)
	}
	if line := c.progress(Status{Done: 2500, Elapsed: 9 * time.Second}); !strings.HasSuffix(line, ", 0s left") { // the last seeds are still run
		t.Errorf("got %q", line)
	}
	c.Config.Seeds.Count, c.For = 1<<64-1, 0
	if line := c.progress(Status{}); line != "0 seeds in 0s, 0 a second, 0 failing" {
		t.Errorf("got %q", line)
	}
	if line := c.progress(Status{Done: 1000, Elapsed: time.Second}); line != "1,000 seeds in 1s, 1,000 a second, 0 failing" { // longer than anybody waits
		t.Errorf("got %q", line)
	}
}
