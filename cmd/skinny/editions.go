package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"skinny/protocol"
	"skinny/scenarios"
)

func (a *app) editionsCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "editions [NAME]",
		Short: "the teaching ladder; with a name, that edition's rules",
		Long: "Lists the editions of Skinny, from the simplest over the published program to\n" +
			"the sound one. With a name, shows which rules that edition has on.",
		Example:           "  skinny editions\n  skinny editions published",
		Args:              arguments(0, 1, "one edition's name"),
		ValidArgsFunction: once(completeEditions),
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				a.listEditions()
				return nil
			}
			e, ok := protocol.EditionByName(args[0])
			if !ok {
				return unknownEdition(args[0])
			}
			a.showEdition(e)
			return nil
		},
	}
}

func unknownEdition(name string) error {
	return usage("skinny: there is no edition %q\n  %s\n`skinny editions` explains them.",
		name, scenarios.Suggest(name, "editions", editionNames()))
}

func unknownRule(name string) error {
	return usage("skinny: there is no rule %q\n  %s\n`skinny rules` explains them.",
		name, scenarios.Suggest(name, "rules", ruleNames()))
}

func editionNames() []string {
	var names []string
	for _, e := range protocol.Editions() {
		names = append(names, e.Name)
	}
	return names
}

func ruleNames() []string {
	var names []string
	for _, r := range protocol.RuleTable() {
		names = append(names, r.Name)
	}
	return names
}

func (a *app) listEditions() {
	width := 0
	for _, name := range editionNames() {
		width = max(width, len(name))
	}
	var b strings.Builder
	var before protocol.Rules
	for _, e := range protocol.Editions() {
		b.WriteString("  " + bold.Sprint(pad(e.Name, width)) + "  ")
		text := e.About
		if added := ruleList(e.Rules &^ before); before != 0 && added != "" && added != e.Name {
			text += " (adds " + added + ")"
		}
		wrap(&b, text, width+4, width+4, a.width)
		b.WriteString("\n")
		before = e.Rules
	}
	fmt.Fprintf(a.out, "Editions, each a step above the one before, and most named after the rule that\nthey add:\n\n%s\n", &b)
	fmt.Fprint(a.out, "`skinny editions NAME` lists an edition's rules, `skinny rules NAME` explains a\nrule, `skinny run SCENARIO --edition NAME` replays a scenario under an edition.\n")
}

// ruleList names the rules of a set.
func ruleList(rules protocol.Rules) string {
	var names []string
	for _, r := range protocol.RuleTable() {
		if rules.Has(r.Rule) {
			names = append(names, r.Name)
		}
	}
	return strings.Join(names, ", ")
}

func (a *app) showEdition(e protocol.Edition) {
	var b strings.Builder
	b.WriteString(bold.Sprint(e.Name) + ": ")
	wrap(&b, e.About, len(e.Name)+2, 2, a.width)
	b.WriteString("\n\n")
	width := 0
	for _, name := range ruleNames() {
		width = max(width, len(name))
	}
	for _, r := range protocol.RuleTable() {
		on, text := good.Sprint("on "), r.On
		if !e.Rules.Has(r.Rule) {
			on, text = dim.Sprint("off"), r.Off
		}
		b.WriteString("  " + on + "  " + pad(r.Name, width) + "  ")
		wrap(&b, text, width+9, width+9, a.width)
		b.WriteString("\n")
	}
	fmt.Fprint(a.out, b.String())
}

func (a *app) rulesCommand() *cobra.Command {
	return &cobra.Command{
		Use:               "rules [NAME]",
		Short:             "the rules of the protocol; with a name, what that one is for",
		Example:           "  skinny rules\n  skinny rules durable",
		Args:              arguments(0, 1, "one rule's name"),
		ValidArgsFunction: once(completeRules),
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				a.listRules()
				return nil
			}
			r, ok := protocol.RuleByName(args[0])
			if !ok {
				return unknownRule(args[0])
			}
			a.showRule(r)
			return nil
		},
	}
}

func (a *app) listRules() {
	width := 0
	for _, name := range ruleNames() {
		width = max(width, len(name))
	}
	var b strings.Builder
	for _, safe := range []bool{true, false} {
		if safe {
			b.WriteString("Rules that the lock's safety rests on:\n\n")
		} else {
			b.WriteString("\nRules about liveness and speed:\n\n")
		}
		for _, r := range protocol.RuleTable() {
			if r.Safe != safe {
				continue
			}
			b.WriteString("  " + bold.Sprint(pad(r.Name, width)) + "  ")
			wrap(&b, r.On, width+4, width+4, a.width)
			b.WriteString("\n")
		}
	}
	fmt.Fprintf(a.out, "%s\n`skinny rules NAME` explains one, `--rule NAME=off` turns it off in a run.\n", &b)
}

func (a *app) showRule(r protocol.Rule) {
	var b strings.Builder
	kind := "about liveness and speed"
	if r.Safe {
		kind = "about safety"
	}
	b.WriteString(bold.Sprint(r.Name) + ", a rule " + kind + "\n\n")
	for _, part := range [][2]string{{"on", r.On}, {"off", r.Off}, {"why", r.Why}} {
		b.WriteString("  " + pad(part[0], 5))
		wrap(&b, part[1], 7, 7, a.width)
		b.WriteString("\n")
	}
	var with []string
	for _, e := range protocol.Editions() {
		if e.Rules.Has(r.Rule) {
			with = append(with, e.Name)
		}
	}
	b.WriteString("\nOn in the editions ")
	wrap(&b, strings.Join(with, ", ")+".", 19, 0, a.width)
	b.WriteString("\n")
	fmt.Fprint(a.out, b.String())
}
