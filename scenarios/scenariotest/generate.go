package scenariotest

import (
	"fmt"
	"slices"

	"pgregory.net/rapid"

	"skinny/protocol"
	"skinny/scenarios"
	"skinny/sim/check"
	"skinny/sim/swarm"
)

// Options say what is drawn. The zero Options are the edition sound under the
// profile all.
type Options struct {
	Edition string                  // default: sound
	Rules   []scenarios.RuleSetting // on top of the edition
	Profile string                  // of `skinny check`; default: all
	Knobs   map[string]string       // on top of the profile, as in scenario files: {"crashes": "1..2"}
	Judges  []check.Property        // of your own, which judge what is drawn beside those of Skinny
}

// setting is what the options say. It panics on words that mean nothing: a test
// that does not test what it says has to be told.
func (o Options) setting() (edition string, set swarm.Setting) {
	edition = o.Edition
	if edition == "" {
		edition = "sound"
	}
	e, ok := protocol.EditionByName(edition)
	if !ok {
		panic(fmt.Sprintf("scenariotest: there is no edition %q", edition))
	}
	set.Rules = e.Rules
	for _, r := range o.Rules {
		rule, ok := protocol.RuleByName(r.Rule)
		switch {
		case !ok:
			panic(fmt.Sprintf("scenariotest: there is no rule %q", r.Rule))
		case r.On:
			set.Rules |= rule.Rule
		default:
			set.Rules &^= rule.Rule
		}
	}
	profile := swarm.Profiles()[0]
	if o.Profile != "" {
		if profile, ok = swarm.ProfileByName(o.Profile); !ok {
			panic(fmt.Sprintf("scenariotest: there is no profile %q", o.Profile))
		}
	}
	set.Knobs = profile.Knobs
	for name, text := range o.Knobs {
		info, ok := swarm.KnobByName(name)
		if !ok {
			panic(fmt.Sprintf("scenariotest: there is no knob %q", name))
		}
		span, err := scenarios.ParseKnob(info, text)
		if err != nil {
			panic(fmt.Sprintf("scenariotest: knob %s: %v", name, err))
		}
		set.Knobs[info.Knob] = span
	}
	return edition, set
}

// Scenarios draws whole runs: a cluster, clients, and faults.
func Scenarios(o Options) *rapid.Generator[*scenarios.Scenario] {
	edition, set := o.setting()
	return rapid.Custom(func(t *rapid.T) *scenarios.Scenario {
		return draw(t, "A drawn run", edition, &set, o.Judges)
	})
}

// Clusters draws clusters and their networks, with nobody who uses them and nothing
// that goes wrong.
func Clusters(o Options) *rapid.Generator[*scenarios.Scenario] {
	edition, set := o.setting()
	set.Knobs = set.Knobs.Only(swarm.OfCluster)
	return rapid.Custom(func(t *rapid.T) *scenarios.Scenario {
		return draw(t, "A drawn cluster", edition, &set, o.Judges)
	})
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
	judges := slices.Concat(s.Judges, o.Judges)
	return rapid.Custom(func(t *rapid.T) *scenarios.Scenario {
		return draw(t, s.Title, s.Edition, &set, judges)
	})
}

// draw draws a plan by the choices of a test.
func draw(t *rapid.T, title, edition string, set *swarm.Setting, judges []check.Property) *scenarios.Scenario {
	seed := rapid.Uint64().Draw(t, "seed")
	p := &swarm.Plan{}
	p.Draw(set, seed, source{t})
	return &scenarios.Scenario{
		Title:     title,
		Edition:   edition,
		Seed:      seed,
		Cluster:   &p.Cluster,
		Timetable: &p.Timetable,
		Progress:  p.Progress,
		Judges:    judges,
	}
}

// source lets a test choose what a seed would draw, so that rapid can look for
// smaller choices.
type source struct{ t *rapid.T }

// Below draws a number below n, one of a thousand. Rapid prefers small numbers so much
// that of a large range, such as that of a time in nanoseconds, it would hardly draw
// anything but the beginning.
func (s source) Below(n uint64) uint64 {
	step := (n-1)/1000 + 1
	return step * rapid.Uint64Max((n-1)/step).Draw(s.t, "choice")
}
