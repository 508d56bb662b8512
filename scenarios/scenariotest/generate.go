package scenariotest

import (
	"cmp"
	"fmt"
	"slices"

	"pgregory.net/rapid"

	"skinny/protocol"
	"skinny/scenarios"
	"skinny/sim"
	"skinny/sim/check"
	"skinny/sim/swarm"
)

// Options say what is drawn. The zero Options are edition sound under profile all.
type Options struct {
	Edition string                  // default: sound
	Rules   []scenarios.RuleSetting // on top of the edition
	Profile string                  // of `skinny check`; default: all
	Knobs   map[string]string       // on top of the profile, as in scenario files: {"crashes": "1..2"}
	Judges  []check.Property        // of your own, which judge what is drawn beside those of Skinny
	Players sim.Players             // instances of your own, which play what is drawn: {"": …} all, {"c": …} that one
}

// setting is what the options say. It panics on words that mean nothing: a test
// that does not test what it says has to be told.
func (o Options) setting() (edition string, set swarm.Setting) {
	edition = cmp.Or(o.Edition, "sound")
	set.Players = o.Players
	for _, r := range o.Rules {
		named("rule", r.Rule, protocol.RuleByName)
	}
	set.Rules = scenarios.WithRules(named("edition", edition, protocol.EditionByName).Rules, o.Rules)
	set.Knobs = named("profile", cmp.Or(o.Profile, swarm.Profiles()[0].Name), swarm.ProfileByName).Knobs
	for name, text := range o.Knobs {
		info := named("knob", name, swarm.KnobByName)
		span, err := scenarios.ParseKnob(info, text)
		if err != nil {
			panic(fmt.Sprintf("scenariotest: knob %s: %v", name, err))
		}
		set.Knobs[info.Knob] = span
	}
	return edition, set
}

// named is what a name means. It panics if there is no such thing.
func named[V any](what, name string, find func(string) (V, bool)) V {
	v, ok := find(name)
	if !ok {
		panic(fmt.Sprintf("scenariotest: there is no %s %q", what, name))
	}
	return v
}

// Scenarios draws whole runs: a cluster, clients, and faults.
func Scenarios(o Options) *rapid.Generator[*scenarios.Scenario] {
	edition, set := o.setting()
	return draw("A drawn run", edition, &set, o.Judges)
}

// Clusters draws clusters and networks that nobody uses, and where nothing goes wrong.
func Clusters(o Options) *rapid.Generator[*scenarios.Scenario] {
	edition, set := o.setting()
	set.Knobs = set.Knobs.Only(swarm.OfCluster)
	return draw("A drawn cluster", edition, &set, o.Judges)
}

// Workloads draws clients for a timed scenario, beside those that it has. The options'
// edition and rules count for nothing: those of the scenario stay.
func Workloads(o Options, s *scenarios.Scenario) *rapid.Generator[*scenarios.Scenario] {
	return onTop(o, s, swarm.OfWorkload)
}

// Faults draws what goes wrong in a timed scenario, beside what it says itself, as long
// as there are calls. The options' edition and rules count for nothing: those of the
// scenario stay.
func Faults(o Options, s *scenarios.Scenario) *rapid.Generator[*scenarios.Scenario] {
	return onTop(o, s, swarm.OfFaults)
}

// onTop draws a part on top of a timed scenario. Nothing in it is lost but what it
// expects, which was said of a run without them.
func onTop(o Options, s *scenarios.Scenario, part swarm.Part) *rapid.Generator[*scenarios.Scenario] {
	if !s.Timed() {
		panic("scenariotest: nothing can be drawn for a scenario with a schedule, which says everything")
	}
	_, set := o.setting()
	set.Rules = s.Cluster.Rules
	set.Knobs = set.Knobs.Only(part)
	set.Base = &swarm.Base{Cluster: s.Cluster, Timetable: s.Timetable, Progress: s.Progress}
	return draw(s.Title, s.Edition, &set, slices.Concat(s.Judges, o.Judges))
}

// draw draws a plan by the choices of a test.
func draw(title, edition string, set *swarm.Setting, judges []check.Property) *rapid.Generator[*scenarios.Scenario] {
	return rapid.Custom(func(t *rapid.T) *scenarios.Scenario {
		seed := rapid.Uint64().Draw(t, "seed")
		p := &swarm.Plan{}
		p.Draw(set, seed, source{t})
		return &scenarios.Scenario{
			Title: title, Edition: edition, Seed: seed, Judges: judges,
			Cluster: &p.Cluster, Timetable: &p.Timetable, Progress: p.Progress,
		}
	})
}

// source lets a test choose what a seed would draw, so that rapid finds smaller choices.
type source struct{ t *rapid.T }

// Below draws a number below n, one of a thousand. Rapid prefers small numbers so much
// that of a large range, such as that of a time in nanoseconds, it would hardly draw
// anything but the beginning.
func (s source) Below(n uint64) uint64 {
	step := (n-1)/1000 + 1
	return step * rapid.Uint64Max((n-1)/step).Draw(s.t, "choice")
}
