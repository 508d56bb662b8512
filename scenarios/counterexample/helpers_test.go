package counterexample

import (
	"fmt"
	"slices"
	"testing"

	"skinny/protocol"
	"skinny/scenarios"
	"skinny/sim"
	"skinny/sim/check"
	"skinny/sim/shrink"
	"skinny/sim/swarm"
)

// protocols are rule sets that fail in different ways.
var protocols = []struct {
	edition string
	off     string // a rule; "" for none
}{
	{"sequential", ""},
	{"timeouts", ""},
	{"published", ""},
	{"owner-release", ""},
	{"sound", "ack-majority"},
	{"sound", "durable"},
}

func settingOf(t testing.TB, edition, off, profile string) *swarm.Setting {
	t.Helper()
	e, okEdition := protocol.EditionByName(edition)
	p, okProfile := swarm.ProfileByName(profile)
	if !okEdition || !okProfile {
		t.Fatalf("there is no edition %q, or no profile %q", edition, profile)
	}
	set := &swarm.Setting{Rules: e.Rules, Knobs: p.Knobs}
	if off != "" {
		rule, ok := protocol.RuleByName(off)
		if !ok {
			t.Fatalf("there is no rule %q", off)
		}
		set.Rules &^= rule.Rule
	}
	return set
}

// recorded is the run of a seed, as one in which the property broke.
func recorded(set *swarm.Setting, edition string, seed uint64, property string) *Run {
	plan, decisions := swarm.Record(set, seed)
	return &Run{
		Scenario: &scenarios.Scenario{
			Edition: edition, Seed: seed, Cluster: &plan.Cluster, Timetable: &plan.Timetable, Progress: plan.Progress,
		},
		Decisions: decisions,
		Property:  property,
		Drawn:     true,
		Found:     fmt.Sprintf("seed %d of %s", seed, edition),
	}
}

// failing calls f with runs that break properties: for each rule set, profile and
// property, the first few that seeds have.
func failing(t *testing.T, f func(t *testing.T, r *Run)) {
	const seeds, each = 40, 2
	for _, p := range protocols {
		for _, profile := range swarm.Profiles() {
			set := settingOf(t, p.edition, p.off, profile.Name)
			trial := swarm.NewTrial(set)
			had := map[string]int{}
			for seed := uint64(1); seed <= seeds; seed++ {
				for _, v := range slices.Clone(trial.Run(seed)) {
					if v.State != check.Violated || had[v.Property] == each {
						continue
					}
					had[v.Property]++
					name := fmt.Sprintf("%s-%s/%s/%s/%d", p.edition, p.off, profile.Name, v.Property, seed)
					t.Run(name, func(t *testing.T) { f(t, recorded(set, p.edition, seed, v.Property)) })
				}
			}
		}
	}
}

// staleStatus is a run in which a status at c does not say what an acquire has done.
func staleStatus(t *testing.T, via string) *Run {
	t.Helper()
	s := read(t, fmt.Appendf(nil, `{format: 1, title: A stale status, edition: sound, instances: [a, b, c], timeline: [
  {at: 0ms, isolate: c}, {at: 1ms, acquire: alice, via: %s}, {at: 1s, status: c}, {at: 2s, acquire: bob, via: b}]}
`, via))
	s.Judges = check.WithNamed(nil, check.ReadsName)
	return &Run{Scenario: s, Decisions: sim.RunRecorded(s.Start()), Property: check.ReadsName, Drawn: true, Found: "a status"}
}

// run is the outcome of a run as it was drawn.
func (r *Run) outcome(t *testing.T) *scenarios.Outcome {
	t.Helper()
	o, err := r.Scenario.Run()
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func makeOf(t *testing.T, r *Run) *Case {
	t.Helper()
	c, err := Make(r, shrink.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// read is the scenario that a written file makes.
func read(t *testing.T, text []byte) *scenarios.Scenario {
	t.Helper()
	f, err := scenarios.Decode("case.yaml", text)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	s, err := f.Compile(scenarios.Overrides{})
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return s
}

// verdictOf is what the verdicts say of a property.
func verdictOf(verdicts []check.Verdict, property string) check.Verdict {
	for _, v := range verdicts {
		if v.Property == property {
			return v
		}
	}
	return check.Verdict{}
}

// leniently says how the property stands after the decisions, with those that are
// impossible left out.
func leniently(s *scenarios.Scenario, decisions []sim.Decision, property string) check.State {
	w := sim.NewWorld(s.Cluster)
	judges := check.NewJudges(s.Header(), s.Judges...)
	w.Observe(judges)
	for i := range decisions {
		if shrink.ReusesName(w, &decisions[i]) {
			continue // none of the runs does so, so that counts as impossible
		}
		w.SetClock(max(w.Now(), decisions[i].At))
		w.Take(&decisions[i])
	}
	return verdictOf(judges.Verdicts(), property).State
}

// without is a list without one of its elements.
func without[T any](list []T, at int) []T { return slices.Delete(slices.Clone(list), at, at+1) }
