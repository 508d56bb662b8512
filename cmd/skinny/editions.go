package main

import (
	"strings"

	"github.com/spf13/cobra"

	"skinny/cmd/internal/report"
	"skinny/protocol"
)

// explaining makes a command that lists the words of a vocabulary, or explains one.
func (a *app) explaining(c *cobra.Command, words *vocabulary, list func(*report.Page), show func(*report.Page, string)) *cobra.Command {
	c.Args = arguments(0, 1, "one "+words.one+"'s name")
	c.ValidArgsFunction = once(only(words.complete))
	c.RunE = func(_ *cobra.Command, args []string) error {
		p := a.Page()
		if len(args) == 0 {
			list(p)
			return p.Flush()
		}
		if err := words.check(args[0]); err != nil {
			return err
		}
		show(p, args[0])
		return p.Flush()
	}
	return c
}

func (a *app) editionsCommand() *cobra.Command {
	return a.explaining(&cobra.Command{
		Use:   "editions [NAME]",
		Short: "the teaching ladder; with a name, that edition's rules",
		Long: "Lists the editions of Skinny, from the simplest over the published program to\n" +
			"the sound one. With a name, shows which rules that edition has on.",
		Example: "  skinny editions\n  skinny editions published",
	}, editions, listEditions, showEdition)
}

func listEditions(p *report.Page) {
	p.Hang("", "Editions, each a step above the one before, and most named after the rule that they add:")
	p.WriteString("\n")
	var rows [][]string
	var before protocol.Rules
	for _, e := range protocol.Editions() {
		text := e.About
		if added := strings.Join((e.Rules &^ before).Names(), ", "); before != 0 && added != "" && added != e.Name {
			text += " (adds " + added + ")"
		}
		rows = append(rows, []string{report.Bold.Sprint(e.Name), text})
		before = e.Rules
	}
	p.Table(2, rows...)
	p.WriteString("\n")
	p.Hang("", "`skinny editions NAME` lists an edition's rules, `skinny rules NAME` explains a rule, `skinny run SCENARIO --edition NAME` replays a scenario under an edition.")
}

func showEdition(p *report.Page, name string) {
	e, _ := protocol.EditionByName(name)
	p.Flow(report.Bold.Sprint(e.Name)+": ", 2, e.About)
	p.WriteString("\n")
	var rows [][]string
	for _, r := range protocol.RuleTable() {
		on, text := report.Good.Sprint("on"), r.On
		if !e.Rules.Has(r.Rule) {
			on, text = report.Dim.Sprint("off"), r.Off
		}
		rows = append(rows, []string{on, r.Name, text})
	}
	p.Table(2, rows...)
}

func (a *app) rulesCommand() *cobra.Command {
	return a.explaining(&cobra.Command{
		Use:     "rules [NAME]",
		Short:   "the rules of the protocol; with a name, what that one is for",
		Example: "  skinny rules\n  skinny rules durable",
	}, rules, listRules, showRule)
}

func listRules(p *report.Page) {
	var safety, others [][]string
	for _, r := range protocol.RuleTable() {
		list := &others
		if r.Safe {
			list = &safety
		}
		*list = append(*list, []string{report.Bold.Sprint(r.Name), r.On})
	}
	p.WriteString("Rules that the lock's safety rests on:\n\n")
	p.Table(2, safety...)
	p.WriteString("\nRules about liveness and speed:\n\n")
	p.Table(2, others...)
	p.WriteString("\n")
	p.Hang("", "`skinny rules NAME` explains one, `--rule NAME=off` turns it off in a run.")
}

func showRule(p *report.Page, name string) {
	r, _ := protocol.RuleByName(name)
	kind := "about liveness and speed"
	if r.Safe {
		kind = "about safety"
	}
	p.WriteString(report.Bold.Sprint(r.Name) + ", a rule " + kind + "\n\n")
	p.Table(2, []string{"on", r.On}, []string{"off", r.Off}, []string{"why", r.Why})
	var with []string
	for _, e := range protocol.Editions() {
		if e.Rules.Has(r.Rule) {
			with = append(with, e.Name)
		}
	}
	p.WriteString("\n")
	p.Flow("On in the editions ", 0, strings.Join(with, ", ")+".")
}
