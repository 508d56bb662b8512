package main

import (
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"skinny/protocol"
	"skinny/scenarios"
)

// scenarioFlags change a scenario before it runs.
type scenarioFlags struct {
	seed    uint64
	seedSet bool
	edition string
	rules   []string
}

// add defines the flags that change a scenario.
func (f *scenarioFlags) add(c *cobra.Command) {
	c.Flags().Uint64Var(&f.seed, "seed", 0, "take this `SEED` instead of the scenario's")
	c.Flags().StringVar(&f.edition, "edition", "", "take this `EDITION` instead of the scenario's")
	c.Flags().StringArrayVar(&f.rules, "rule", nil, "turn a rule on or off: `NAME=on` or NAME=off; may be repeated")
	c.RegisterFlagCompletionFunc("edition", flagCompletion(completeEditions))
	c.RegisterFlagCompletionFunc("rule", flagCompletion(completeSettings))
}

// overrides translates the flags.
func (f *scenarioFlags) overrides() (scenarios.Overrides, error) {
	o := scenarios.Overrides{Edition: f.edition}
	if f.edition != "" {
		if _, ok := protocol.EditionByName(f.edition); !ok {
			return o, unknownEdition(f.edition)
		}
	}
	if f.seedSet {
		o.Seed = &f.seed
	}
	for _, setting := range f.rules {
		name, value, _ := strings.Cut(setting, "=")
		rule, ok := protocol.RuleByName(name)
		switch {
		case !ok:
			return o, unknownRule(name)
		case value != "on" && value != "off":
			return o, usage("skinny: --rule takes NAME=on or NAME=off, as in --rule %s=off, not %q", name, setting)
		}
		o.Rules = append(o.Rules, scenarios.RuleSetting{Rule: rule.Name, On: value == "on"})
	}
	return o, nil
}

// arguments repeats the flags on a command line.
func (f *scenarioFlags) arguments(seed uint64) string {
	s := " --seed " + strconv.FormatUint(seed, 10)
	if f.edition != "" {
		s += " --edition " + f.edition
	}
	for _, r := range f.rules {
		s += " --rule " + r
	}
	return s
}

// settings says which edition and rules the flags ask for, "" for none.
func (f *scenarioFlags) settings() string {
	var list []string
	if f.edition != "" {
		list = append(list, "edition "+f.edition)
	}
	return strings.Join(append(list, f.rules...), ", ")
}
