package main

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"skinny/cmd/internal/campaign"
	"skinny/sim/check"
	"skinny/sim/swarm"
)

// The exit code of a check follows from what it found.
func TestCheckExitCodes(t *testing.T) {
	broken := func(properties ...string) *campaign.Report {
		r := &campaign.Report{Done: 3, Ended: campaign.FailureFound}
		for _, p := range properties {
			r.Failures = append(r.Failures, campaign.Failure{Verdict: check.Verdict{Property: p, State: check.Violated}})
		}
		return r
	}
	met := func(counters ...swarm.Counter) (m swarm.Met) {
		for _, c := range counters {
			m[c] = 1
		}
		return m
	}
	profile, _ := swarm.ProfileByName("none")
	for name, c := range map[string]struct {
		report *campaign.Report
		want   int
	}{
		"nothing found":     {&campaign.Report{Done: 3, Met: met(swarm.Rounds, swarm.Duels)}, exitClaimed},
		"two winners":       {broken("mutual-exclusion"), exitUnmet},
		"no progress":       {broken("progress"), exitNoProgress},
		"both":              {broken("progress", "durability"), exitUnmet},
		"nothing met":       {&campaign.Report{Done: 3}, exitVacuous},
		"no contention met": {&campaign.Report{Done: 3, Met: met(swarm.Rounds)}, exitVacuous},
		"interrupted":       {&campaign.Report{Done: 3, Ended: campaign.Interrupted, Met: met(swarm.Rounds)}, exitInterrupted},
		"two runs differ":   {&campaign.Report{Done: 3, Ended: campaign.NotDeterministic, Different: &campaign.Different{Seed: 7, Event: 12, Was: "{1}", Is: ""}}, exitNotDeterministic},
	} {
		r := newResult(&subject{edition: "sound", profile: "none", setting: swarm.Setting{Knobs: profile.Knobs}}, &checkFlags{}, campaign.Seeds{First: 1, Step: 1, Count: 3}, shard{0, 1})
		r.take(c.report)
		got := exitClaimed
		var e *exit
		if errors.As(r.exit(), &e) {
			got = e.code
		}
		if got != c.want {
			t.Errorf("%s: exit code %d, want %d", name, got, c.want)
		}
		var out bytes.Buffer
		a := &app{out: &out, width: defaultWidth}
		if err := a.report(r, nil, &checkFlags{format: "text", keepGoing: true}); err != nil {
			t.Error(err)
		}
		if c.want == exitNotDeterministic {
			for _, part := range []string{"seed 7 was run twice, and event 12 is", "first  {1}\n", "then   nothing, it had ended\n", "--seed 7 --recheck 1"} {
				if !strings.Contains(out.String(), part) {
					t.Errorf("the report has no %q:\n%s", part, out.String())
				}
			}
		}
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
		{map[string]string{"JOB_COMPLETION_INDEX": "", "SLURM_ARRAY_TASK_ID": "0"}, 0, true},
		{map[string]string{"JOB_COMPLETION_INDEX": "first"}, 0, false},
	} {
		got, ok := indexFromJob(func(name string) (string, bool) { v, ok := c.environment[name]; return v, ok })
		if got != c.want || ok != c.ok {
			t.Errorf("%v: shard %d, %v, want %d, %v", c.environment, got, ok, c.want, c.ok)
		}
	}
}

// The line of progress says the rate and the time that is left, and fits the width.
func TestMeter(t *testing.T) {
	var errs bytes.Buffer
	m := meter{app: &app{err: &errs, width: 80}, total: 10_000, next: quietInterval}
	line := m.line(campaign.Status{Done: 2500, Failing: 3, Elapsed: 5 * time.Second})
	if line != "2,500 seeds, 500 a second, 3 failing, 15s left" {
		t.Errorf("got %q", line)
	}
	m.span = 8 * time.Second // which comes first
	if line := m.line(campaign.Status{Done: 2500, Elapsed: 5 * time.Second}); !strings.HasSuffix(line, ", 3s left") {
		t.Errorf("got %q", line)
	}
	m.total, m.span = 1<<64-1, 0
	if line := m.line(campaign.Status{Done: 0, Elapsed: 0}); line != "0 seeds, 0 a second, 0 failing" {
		t.Errorf("got %q", line)
	}
	m.app.width = 20
	if line := m.line(campaign.Status{Done: 2500, Elapsed: 5 * time.Second}); len(line) >= 20 {
		t.Errorf("%d columns: %q", len(line), line)
	}

	// On a terminal it is one line, which goes away; elsewhere one now and then.
	m.app.width = 80
	m.show(campaign.Status{Done: 5, Elapsed: time.Second})
	if errs.Len() > 0 {
		t.Errorf("after a second there is %q", errs.String())
	}
	m.show(campaign.Status{Done: 5, Elapsed: quietInterval})
	if strings.Count(errs.String(), "\n") != 1 {
		t.Errorf("got %q", errs.String())
	}
	errs.Reset()
	m.terminal = true
	m.show(campaign.Status{Done: 500_000, Elapsed: time.Second})
	m.show(campaign.Status{Done: 5, Elapsed: 2 * time.Second})
	m.clear()
	shown := strings.Split(errs.String(), "\r")
	if strings.Contains(errs.String(), "\n") || len(shown[1]) != len(shown[2]) || strings.TrimSpace(shown[3]) != "" || shown[4] != "" {
		t.Errorf("got %q", shown)
	}
}
