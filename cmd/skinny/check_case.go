package main

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"skinny/scenarios"
	"skinny/scenarios/counterexample"
	"skinny/sim/check"
	"skinny/sim/shrink"
	"skinny/sim/swarm"
)

const progressProperty = check.ProgressName

// cases makes a counterexample of every failure and saves it. Failures whose
// counterexamples turn out to be the same are put together.
func (a *app) cases(s *subject, r *result, f *checkFlags) ([]*counterexample.Case, error) {
	var cases []*counterexample.Case
	var failures []resultFailure
	known := map[string]int{} // by shape
	for _, failure := range r.failures {
		c, err := a.counterexample(s, &failure, f)
		if err != nil {
			return nil, err
		}
		if at, again := known[failure.Shape]; again {
			failures[at].Count += failure.Count
			continue
		}
		known[failure.Shape] = len(cases)
		a.save(f.dir, &failure)
		cases, failures = append(cases, c), append(failures, failure)
	}
	r.failures = failures
	return cases, nil
}

// counterexample runs a failing seed once more, and makes it small.
func (a *app) counterexample(s *subject, failure *resultFailure, f *checkFlags) (*counterexample.Case, error) {
	plan, decisions := swarm.Record(&s.setting, failure.Seed)
	run := &counterexample.Run{
		Scenario: &scenarios.Scenario{
			Edition: s.edition, Seed: failure.Seed,
			Cluster: &plan.Cluster, Timetable: &plan.Timetable, Progress: plan.Progress,
		},
		Decisions: decisions,
		Property:  failure.Property,
		Exactly:   len(f.properties) > 0,
		Drawn:     s.scenario == nil,
		Found:     fmt.Sprintf("`skinny check%s --seed %d`", s.arguments(f), failure.Seed),
	}
	start := time.Now()
	make := counterexample.Make
	if f.whole {
		make = counterexample.Whole
	}
	c, err := make(run, shrink.Options{Stop: a.interrupted.Load})
	if err != nil {
		return nil, fmt.Errorf("skinny check: seed %d: %w", failure.Seed, err)
	}
	failure.ShrinkTime = int64(time.Since(start))
	failure.Found = failure.Property
	failure.Property, failure.Why = c.Verdict.Property, c.Verdict.Why.String()
	failure.Shape = fmt.Sprintf("%x", sha256.Sum256([]byte(c.Shape())))[:16]
	failure.Minimal, failure.Tried = c.Minimal, c.Tried
	failure.Before, failure.After = sizeOf(c.Before), sizeOf(c.After)
	failure.YAML = string(c.File.Encode())
	return c, nil
}

func sizeOf(s counterexample.Size) *resultSize {
	return &resultSize{s.Decisions, s.Operations, s.Instances}
}

// save writes a counterexample into a new file and notes its path. If it cannot, the
// finding is not lost: it is in the report.
func (a *app) save(dir string, failure *resultFailure) {
	var err error
	if failure.File, err = write(dir, failure); err != nil {
		fmt.Fprintf(a.err, "skinny check: the counterexample of seed %d cannot be saved: %v\n--dir says where to save it\n", failure.Seed, err)
	}
}

// write writes a counterexample into a new file. A file that says the same already is
// left alone.
func write(dir string, failure *resultFailure) (string, error) {
	data := []byte(failure.YAML)
	for n := 1; ; n++ {
		name := fmt.Sprintf("%s-seed-%d.yaml", failure.Property, failure.Seed)
		if n > 1 {
			name = fmt.Sprintf("%s-seed-%d-%d.yaml", failure.Property, failure.Seed, n)
		}
		path := filepath.Join(dir, name)
		if there, err := os.ReadFile(path); err == nil && bytes.Equal(there, data) {
			return path, nil
		}
		file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
		switch {
		case errors.Is(err, fs.ErrExist):
			continue
		case err != nil:
			return "", err
		}
		_, err = file.Write(data)
		if err = errors.Join(err, file.Close()); err != nil {
			return "", err
		}
		return path, nil
	}
}
