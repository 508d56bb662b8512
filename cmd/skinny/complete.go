package main

import (
	"github.com/spf13/cobra"

	"skinny/scenarios"
)

type completion = func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective)

// once completes the first argument and no other.
func once(from *vocabulary) completion {
	return func(_ *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
		if len(args) > 0 {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		return from.complete(typed), cobra.ShellCompDirectiveNoFileComp
	}
}

// completeScenarios completes one bundled scenario, and files as the shell does.
func completeScenarios(c *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return completeAnyScenarios(c, args, typed)
}

// completeAnyScenarios completes any number of them.
func completeAnyScenarios(_ *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
	return bundled.complete(typed), cobra.ShellCompDirectiveDefault
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
