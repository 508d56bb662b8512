package main

import (
	"fmt"
	"strings"

	"skinny/cmd/internal/shell"
	"skinny/protocol"
	"skinny/scenarios"
	"skinny/sim/swarm"
)

// subject is what is checked: the setting that all seeds have in common, and what
// it is called.
type subject struct {
	name     string // of the scenario that is the base, "" for none
	edition  string
	profile  string
	setting  swarm.Setting
	scenario *scenarios.Scenario // nil: clusters are drawn
}

// subject puts together what the flags and the scenario say.
func (a *app) subject(name string, f *checkFlags) (*subject, error) {
	s := &subject{name: name}
	if name == "" {
		return s, s.drawn(f)
	}
	overrides, err := f.overrides()
	if err != nil {
		return nil, err
	}
	overrides.Seed = nil // it is the check's, not the scenario's
	file, err := a.open(name)
	if err != nil {
		return nil, err
	}
	if s.scenario, err = file.Compile(overrides); err != nil {
		return nil, &exit{exitUsage, err.Error()}
	}
	return s, s.based(f)
}

// drawn is a subject whose clusters are drawn.
func (s *subject) drawn(f *checkFlags) error {
	s.edition = f.edition
	if s.edition == "" {
		s.edition = scenarios.DefaultEdition
	}
	overrides, err := f.overrides()
	if err != nil {
		return err
	}
	edition, _ := protocol.EditionByName(s.edition)
	s.setting.Rules = edition.Rules
	for _, r := range overrides.Rules {
		rule, _ := protocol.RuleByName(r.Rule)
		if r.On {
			s.setting.Rules |= rule.Rule
		} else {
			s.setting.Rules &^= rule.Rule
		}
	}
	s.profile = f.profile
	if s.profile == "" {
		s.profile = swarm.Profiles()[0].Name
	}
	profile, _ := swarm.ProfileByName(s.profile)
	s.setting.Knobs = profile.Knobs
	return f.setKnobs(&s.setting.Knobs)
}

// based is a subject that varies a scenario.
func (s *subject) based(f *checkFlags) error {
	if !s.scenario.Timed() {
		return usage("skinny check: %s has a schedule, in which nothing is left to chance;\na scenario with a timeline can be varied, and `skinny run %s` replays this one", s.name, shell.Word(s.name))
	}
	for _, info := range []swarm.Knob{swarm.Instances, swarm.Increments, swarm.Timeout, swarm.Stragglers} {
		if k := f.knobs[info]; k.value != "" {
			return usage("skinny check: --%s is about clusters that are drawn, and %s brings its own", k.info.Name, s.name)
		}
	}
	s.edition = s.scenario.Edition
	s.setting, s.profile = s.scenario.Variation(f.profile)
	return f.setKnobs(&s.setting.Knobs)
}

// setKnobs sets the knobs that the flags name.
func (f *checkFlags) setKnobs(knobs *swarm.Knobs) error {
	for _, k := range f.knobs {
		if k.value == "" {
			if f.changed(k.info.Name) {
				return usage("skinny check: --%s needs a value", k.info.Name)
			}
			continue
		}
		span, err := scenarios.ParseKnob(k.info, k.value)
		if err != nil {
			return usage("skinny check: --%s: %s", k.info.Name, err)
		}
		knobs[k.info.Knob] = span
	}
	switch clients, calls := knobs[swarm.Clients], knobs[swarm.Operations]; {
	case clients.Is() && !calls.Is():
		knobs[swarm.Operations] = swarm.Span{Low: 4, High: 20}
	case calls.Is() && !clients.Is():
		return usage("skinny check: --operations are those of the clients that are drawn, and there are none; add --clients 3")
	}
	return nil
}

// words says what is checked.
func (s *subject) words() string {
	edition, _ := protocol.EditionByName(s.edition)
	text := "edition " + s.edition
	for _, r := range protocol.RuleTable() {
		if on := s.setting.Rules.Has(r.Rule); on != edition.Rules.Has(r.Rule) {
			text += ", " + r.Name + map[bool]string{true: " on", false: " off"}[on]
		}
	}
	if s.name != "" {
		text = s.name + " · " + text
	}
	return text + " · profile " + s.profile
}

// arguments repeats the flags that say what is checked.
func (s *subject) arguments(f *checkFlags) string {
	var b strings.Builder
	if s.name != "" {
		b.WriteString(" " + shell.Word(s.name))
	}
	if f.edition != "" {
		b.WriteString(" --edition " + f.edition)
	}
	for _, r := range f.rules {
		b.WriteString(" --rule " + r)
	}
	if f.profile != "" {
		b.WriteString(" --profile " + f.profile)
	}
	for _, k := range f.knobs {
		if k.value != "" {
			fmt.Fprintf(&b, " --%s %s", k.info.Name, k.value)
		}
	}
	for _, p := range f.properties {
		b.WriteString(" --property " + p)
	}
	return b.String()
}
