package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"skinny/scenarios"
)

type completion = func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective)

// once completes the first argument and no other.
func once(complete completion) completion {
	return func(c *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
		if len(args) > 0 {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		return complete(c, args, typed)
	}
}

// only completes words, and no files.
func only(words func(typed string) []string) completion {
	return func(_ *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
		return words(typed), cobra.ShellCompDirectiveNoFileComp
	}
}

// completeScenarios completes bundled scenarios and files. Shells look for files only
// where nothing else is offered, so files stand beside bundled names.
func completeScenarios(_ *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
	list := completeNames(typed)
	if len(list) == 0 {
		return nil, cobra.ShellCompDirectiveDefault
	}
	dir, name := filepath.Split(typed)
	entries, _ := os.ReadDir(filepath.Join(".", dir))
	for _, e := range entries {
		switch {
		case !strings.HasPrefix(e.Name(), name) || name == "" && strings.HasPrefix(e.Name(), "."):
		case e.IsDir():
			list = append(list, dir+e.Name()+"/")
		default:
			list = append(list, dir+e.Name())
		}
	}
	return list, cobra.ShellCompDirectiveDefault
}

// completeNames completes a bundled scenario's name: that in the library, and the short one
// of a lesson or an exercise.
func completeNames(typed string) []string {
	list := bundled.complete(typed)
	for _, name := range taught.complete(typed) {
		if !slices.Contains(list, name) {
			list = append(list, name)
		}
	}
	return list
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
