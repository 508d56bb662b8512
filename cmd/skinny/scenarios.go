package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"skinny/cmd/internal/shell"
	"skinny/scenarios"
)

func (a *app) scenariosCommand() *cobra.Command {
	var names bool
	c := &cobra.Command{
		Use:   "scenarios",
		Short: "the bundled scenarios; show, new, lint, schema",
		Example: "  skinny scenarios\n  skinny scenarios show two-winners\n" +
			"  skinny scenarios new my.yaml\n  skinny scenarios lint my.yaml",
		Args: unknownCommand,
		RunE: func(*cobra.Command, []string) error {
			if names {
				for _, e := range scenarios.Library() {
					fmt.Fprintln(a.out, e.Name)
				}
				return nil
			}
			a.listScenarios()
			return nil
		},
	}
	c.Flags().BoolVar(&names, "names", false, "only the names, one a line")
	c.AddCommand(
		&cobra.Command{
			Use:               "show NAME",
			Short:             "print a bundled scenario",
			Args:              arguments(1, 1, "one bundled scenario's name"),
			ValidArgsFunction: completeBundled,
			RunE: func(_ *cobra.Command, args []string) error {
				e, err := scenarios.Find(args[0])
				if err != nil {
					return &exit{exitUsage, err.Error()}
				}
				_, err = a.out.Write(e.Data)
				return err
			},
		},
		&cobra.Command{
			Use:   "new [FILE]",
			Short: "print a commented template, or write it to a new file",
			Args:  arguments(0, 1, "the new file's name"),
			RunE: func(_ *cobra.Command, args []string) error {
				if len(args) == 0 {
					_, err := a.out.Write(scenarios.Template())
					return err
				}
				return a.newScenario(args[0])
			},
		},
		&cobra.Command{
			Use:               "lint SCENARIO...",
			Short:             "look for mistakes in scenarios, without running them",
			Args:              arguments(1, -1, "scenarios: names, files, or -"),
			ValidArgsFunction: completeAnyScenarios,
			RunE: func(_ *cobra.Command, args []string) error {
				return a.lint(args)
			},
		},
		&cobra.Command{
			Use:   "schema",
			Short: "print the JSON Schema of the format, for editors",
			Args:  arguments(0, 0, "no arguments"),
			RunE: func(*cobra.Command, []string) error {
				_, err := a.out.Write(scenarios.Schema())
				return err
			},
		},
	)
	return c
}

// listScenarios prints the library, by group.
func (a *app) listScenarios() {
	width := 0
	for _, e := range scenarios.Library() {
		width = max(width, len(e.Name))
	}
	var b strings.Builder
	group := ""
	for _, e := range scenarios.Library() {
		if e.Group != group {
			group = e.Group
			b.WriteString("\n" + bold.Sprint(group) + "\n")
		}
		b.WriteString("  " + pad(e.Name, width) + "  ")
		wrap(&b, e.Title, width+4, width+4, a.width)
		b.WriteString("\n")
	}
	b.WriteString("\n`skinny run NAME` replays one, `skinny scenarios show NAME` prints its file.\n")
	fmt.Fprint(a.out, strings.TrimPrefix(b.String(), "\n"))
}

// newScenario writes the template to a file that does not exist yet.
func (a *app) newScenario(name string) error {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if errors.Is(err, fs.ErrExist) {
		return usage("skinny scenarios new: %s exists already and is left as it is; choose another name", name)
	}
	if err != nil {
		return usage("skinny scenarios new: %v", err)
	}
	_, err = f.Write(scenarios.Template())
	if err = errors.Join(err, f.Close()); err != nil {
		return usage("skinny scenarios new: %v", err)
	}
	path := name
	if _, err := scenarios.Find(name); err == nil || strings.HasPrefix(name, "-") {
		path = "./" + name // the name alone is a bundled scenario, standard input or a flag
	}
	fmt.Fprintf(a.out, "wrote %s; replay it with `skinny run %s`\n", name, shell.Word(path))
	return nil
}

// lint decodes and compiles scenarios, and reports the mistakes of all of them.
func (a *app) lint(names []string) error {
	var messages []string
	for _, name := range names {
		file, err := a.open(name)
		if err == nil {
			_, err = file.Compile(scenarios.Overrides{})
		}
		if err != nil {
			messages = append(messages, err.Error())
			continue
		}
		fmt.Fprintf(a.out, "%s: no mistakes\n", name)
	}
	if messages != nil {
		return &exit{exitUsage, strings.Join(messages, "\n")}
	}
	return nil
}
