package main

import (
	"strings"

	"github.com/spf13/cobra"

	"skinny/protocol"
	"skinny/scenarios"
)

type completion = func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective)

// once completes the first argument and no other.
func once(list func(typed string) []string) completion {
	return func(_ *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
		if len(args) > 0 {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		return list(typed), cobra.ShellCompDirectiveNoFileComp
	}
}

// completeScenarios completes one bundled scenario, and files as the shell does.
func completeScenarios(c *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return completeAnyScenarios(c, args, typed)
}

// completeBundled completes one bundled scenario, but no files.
func completeBundled(c *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
	list, _ := completeScenarios(c, args, typed)
	return list, cobra.ShellCompDirectiveNoFileComp
}

// completeAnyScenarios completes any number of them.
func completeAnyScenarios(_ *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
	var list []string
	for _, e := range scenarios.Library() {
		list = append(list, e.Name+"\t"+e.Title)
	}
	return withPrefix(list, typed), cobra.ShellCompDirectiveDefault
}

// completeInstances completes the instances of the scenario that is named already.
func completeInstances(_ *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
	if len(args) == 0 || args[0] == scenarios.StandardInput {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	var list []string
	if file, err := scenarios.Open(args[0]); err == nil {
		for _, i := range file.Instances {
			list = append(list, i.Name.Value)
		}
	}
	return withPrefix(list, typed), cobra.ShellCompDirectiveNoFileComp
}

func completeEditions(typed string) []string {
	var list []string
	for _, e := range protocol.Editions() {
		list = append(list, e.Name+"\t"+e.About)
	}
	return withPrefix(list, typed)
}

func completeRules(typed string) []string {
	var list []string
	for _, r := range protocol.RuleTable() {
		list = append(list, r.Name+"\t"+r.On)
	}
	return withPrefix(list, typed)
}

func completeSettings(typed string) []string {
	var list []string
	for _, r := range protocol.RuleTable() {
		list = append(list, r.Name+"=on\t"+r.On, r.Name+"=off\t"+r.Off)
	}
	return withPrefix(list, typed)
}

func withPrefix(list []string, typed string) []string {
	var found []string
	for _, s := range list {
		if strings.HasPrefix(s, typed) {
			found = append(found, s)
		}
	}
	return found
}

// flagCompletion completes a flag's value.
func flagCompletion(list func(string) []string) completion {
	return func(_ *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
		return list(typed), cobra.ShellCompDirectiveNoFileComp
	}
}

func words(list ...string) func(string) []string {
	return func(typed string) []string { return withPrefix(list, typed) }
}
