package main

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/spf13/cobra"

	"skinny/cmd/internal/report"
	"skinny/cmd/internal/shell"
	"skinny/scenarios"
	"skinny/scenarios/exercise"
	"skinny/scenarios/form"
)

func (a *app) scenariosCommand() *cobra.Command {
	var names bool
	c := &cobra.Command{
		Use:   "scenarios",
		Short: "the bundled scenarios; list, show, new, lint, schema",
		Example: "  skinny scenarios\n  skinny scenarios show two-winners\n" +
			"  skinny scenarios new my.yaml\n  skinny scenarios lint my.yaml",
		Args: unknownCommand,
		RunE: func(*cobra.Command, []string) error {
			if names {
				return a.Print(strings.Join(bundled.names(), "\n") + "\n")
			}
			return a.listScenarios()
		},
	}
	list := &cobra.Command{Use: "list", Short: "list them, as `skinny scenarios` does", Args: arguments(0, 0, "no arguments"), RunE: c.RunE}
	for _, c := range []*cobra.Command{c, list} {
		c.Flags().BoolVar(&names, "names", false, "only the names, one a line")
	}
	c.AddCommand(
		list,
		&cobra.Command{
			Use:               "show NAME",
			Short:             "print a bundled scenario",
			Args:              arguments(1, 1, "one bundled scenario's name"),
			ValidArgsFunction: once(only(completeNames)),
			RunE: func(_ *cobra.Command, args []string) error {
				e, err := scenarios.Find(args[0])
				if err != nil {
					return report.Usage("%v", err)
				}
				return a.Print(string(e.Data))
			},
		},
		&cobra.Command{
			Use:   "new [FILE]",
			Short: "print a commented template, or write it to a new file",
			Args:  arguments(0, 1, "the new file's name"),
			RunE: func(_ *cobra.Command, args []string) error {
				if len(args) == 0 {
					return a.Print(string(scenarios.Template()))
				}
				return a.newScenario(args[0])
			},
		},
		&cobra.Command{
			Use:               "lint SCENARIO...",
			Short:             "look for mistakes; lessons are run, exercises solved",
			Args:              arguments(1, -1, "scenarios: names, files, or -"),
			ValidArgsFunction: completeScenarios,
			RunE:              func(_ *cobra.Command, args []string) error { return a.lint(args) },
		},
		a.printing("schema", "print the JSON Schema of the format, for editors", func() string { return string(scenarios.Schema()) }),
	)
	return c
}

func (a *app) listScenarios() error {
	p := a.Page()
	width := 0
	for _, e := range scenarios.Library() {
		width = max(width, report.Width(e.Name))
	}
	for i, g := range scenarios.Groups() {
		if i > 0 {
			p.WriteString("\n")
		}
		p.WriteString(report.Bold.Sprint(g.Name) + "\n")
		for _, e := range g.Entries {
			p.Hang("  "+report.Pad(e.Name, width)+"  ", e.Title())
		}
	}
	p.WriteString("\n")
	p.Hang("", "`skinny run NAME` replays one, `skinny scenarios show NAME` prints its file.")
	return p.Flush()
}

func (a *app) newScenario(name string) error {
	err := report.WriteNew(name, scenarios.Template())
	if errors.Is(err, fs.ErrExist) {
		return report.Usage("skinny scenarios new: %s exists already and is left as it is; choose another name", name)
	}
	if err != nil {
		return report.Usage("skinny scenarios new: %v", err)
	}
	path := name
	if _, err := scenarios.Find(name); err == nil || name == scenarios.StandardInput {
		path = "./" + name // the name alone is a bundled scenario, or standard input
	}
	return a.Print(fmt.Sprintf("wrote %s; replay it with `skinny run %s`\n", name, shell.File(path)))
}

// lint decodes and compiles scenarios, and reports the mistakes of all of them.
func (a *app) lint(names []string) error {
	var messages []string
	for _, name := range names {
		s, err := a.load(name, scenarios.Overrides{Unplayed: true})
		if err == nil {
			err = s.LintLesson().Err()
		}
		if err != nil {
			messages = append(messages, err.Error())
			continue
		}
		said, rest := "", ""
		for _, w := range s.Warnings() {
			said += w.String() + "\n"
		}
		if x := exercise.Of(s); x != nil {
			l := exercise.Usual()
			l.Stop = a.Interrupted.Load
			found, known := x.Lint(l)
			if a.Interrupted.Load() {
				return &report.Exit{Code: report.ExitInterrupted, Message: "skinny: interrupted; whether there are mistakes in " + form.Printable(name) + " is not known"}
			}
			if err := found.Err(); err != nil {
				messages = append(messages, err.Error())
				continue
			}
			rest = "; " + known
		}
		if err := a.Print(said + name + ": no mistakes" + rest + "\n"); err != nil {
			return err
		}
	}
	if messages != nil {
		return report.Usage("%s", strings.Join(messages, "\n"))
	}
	return nil
}
