package sweep

import (
	"runtime"
	"strings"
	"testing"

	"skinny/protocol"
	"skinny/scenarios"
	"skinny/scenarios/counterexample"
	"skinny/sim/check"
	"skinny/sim/shrink"
	"skinny/sim/swarm"
)

// carrying is the rules that carry the lock: nine alone, four in pairs. Without them
// any property breaks within a number of seeds of the profile all, and two clients are
// told that they hold the lock within a number of a profile that suits. Each has its
// counterexample in the library, with its number of events.
var carrying = []struct {
	off     string
	within  uint64 // seeds of the profile all
	profile string
	seeds   uint64
	events  int
}{
	{"majority", 10, "all", 30, 12},
	{"ack-majority", 10, "all", 10, 14},
	{"refuse-stale", 10, "late", 10, 16},
	{"adopt", 10, "late", 10, 16},
	{"self-rules", 10, "late", 200, 16},
	{"durable", 10, "all", 300, 18},
	{"own-id", 50, "late", 10_000, 24},
	{"accept-raises", 50, "late", 10_000, 22},
	{"owner-release", 10, "late", 10, 21},
	{"promise-once unique-ids", 100, "late", 500, 19},
	{"ack-accepted learn-aside", 100, "late", 1000, 20},
}

func without(t *testing.T, profile, off string) *swarm.Setting {
	return setting(t, "sound", profile, strings.Fields(off)...)
}

// skipShort skips what takes thousands of seeds.
func skipShort(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("thousands of seeds")
	}
}

func first(set *swarm.Setting, seeds uint64, properties ...string) *Result {
	return Run(Config{Setting: set, Seeds: Seeds{First: 1, Step: 1, Count: seeds}, Workers: runtime.GOMAXPROCS(0), Properties: properties})
}

func TestRulesThatCarryTheLock(t *testing.T) {
	skipShort(t)
	for _, row := range carrying {
		t.Run(row.off, func(t *testing.T) {
			if r := first(without(t, "all", row.off), row.within); r.Ended != FailureFound {
				t.Errorf("no property breaks within %d seeds", row.within)
			}
			set := without(t, row.profile, row.off)
			r := first(set, row.seeds, "mutual-exclusion")
			if r.Ended != FailureFound {
				t.Fatalf("no two winners within %d seeds of %s", row.seeds, row.profile)
			}
			plan, decisions := swarm.Record(set, r.Failures[0].Seed)
			c, err := counterexample.Make(&counterexample.Run{
				Scenario:  &scenarios.Scenario{Edition: "sound", Cluster: &plan.Cluster, Timetable: &plan.Timetable},
				Decisions: decisions,
				Property:  "mutual-exclusion",
				Drawn:     true,
				Found:     "a test",
			}, shrink.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if !c.Minimal || c.Outcome.Failed() || c.Outcome.Events < row.events {
				t.Errorf("minimal: %v, failed: %v, %d events; the library's has %d", c.Minimal, c.Outcome.Failed(), c.Outcome.Events, row.events)
			}
		})
	}
}

// The library's counterexamples lack the rules that they are named after and no
// other, break mutual exclusion, and cannot be made smaller.
func TestRulesInTheLibrary(t *testing.T) {
	for _, row := range carrying {
		entry, err := scenarios.Find("rules/" + strings.ReplaceAll(row.off, " ", "-and-"))
		if err != nil {
			t.Fatal(err)
		}
		file, err := entry.Decode()
		if err != nil {
			t.Fatal(err)
		}
		s, err := file.Compile(scenarios.Overrides{})
		if err != nil {
			t.Fatal(err)
		}
		if s.Cluster.Rules != without(t, "all", row.off).Rules {
			t.Errorf("%s: other rules are off, too", entry.Name)
		}
		o, err := s.Run()
		if err != nil || o.Failed() || o.Events != row.events {
			t.Errorf("%s: %v, failed %v, %d events, want %d", entry.Name, err, o.Failed(), o.Events, row.events)
			continue
		}
		small, err := shrink.Shrink(s.Cluster, s.Schedule.Decisions, "mutual-exclusion", shrink.Options{})
		if err != nil || len(small.Decisions) != len(s.Schedule.Decisions) {
			t.Errorf("%s: %d decisions can be made %d, %v", entry.Name, len(s.Schedule.Decisions), len(small.Decisions), err)
		}
	}
}

// Rules that another one stands in for break nothing alone that anybody outside the
// instance would see. Without learn-aside an instance takes for accepted what it only
// heard of, and may give it up again, which is a matter between itself and durability.
func TestRulesThatOthersStandInFor(t *testing.T) {
	skipShort(t)
	for _, off := range []string{"promise-once", "unique-ids", "ack-accepted", "learn-aside", "self-rules yield"} {
		for _, profile := range []string{"all", "late"} {
			var properties []string
			for _, p := range check.Properties() {
				if off != "learn-aside" || p.Name != "durability" {
					properties = append(properties, p.Name)
				}
			}
			r := first(without(t, profile, off), 4000, properties...)
			for _, f := range r.Failures {
				t.Errorf("%s off, profile %s, seed %d: %s", off, profile, f.Seed, f.Why)
			}
		}
	}
}

// The other rules are about liveness and speed: without them the lock is slower, not
// broken.
func TestRulesForSpeed(t *testing.T) {
	skipShort(t)
	var safety []string
	for _, p := range check.Properties() {
		if p.Name != check.ProgressName {
			safety = append(safety, p.Name)
		}
	}
	for _, rule := range protocol.RuleTable() {
		if rule.Safe {
			continue
		}
		r := first(without(t, "all", rule.Name), 500, safety...)
		for _, f := range r.Failures {
			t.Errorf("%s off, seed %d: %s", rule.Name, f.Seed, f.Why)
		}
	}
}
