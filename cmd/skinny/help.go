package main

import (
	"errors"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"skinny/cmd/internal/report"
	"skinny/cmd/internal/shell"
	"skinny/scenarios"
)

const introduction = `Skinny's sandbox runs a whole cluster of Skinny, the education-focused lock
service, in one process and in simulated time: every message, delay, loss and
crash follows from a scenario and its seed, and every run can be told, repeated
and taken apart.

Three commands to try first:

  skinny learn              the course: runs that halt, ask and explain
  skinny run two-winners    two clients are both told that they hold it: why?
  skinny step two-winners   the same, forward and back, with your hand on it
`

// helpCommand takes the place of cobra's own, which takes a wrong word for a
// wish to see everything.
func helpCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "help [COMMAND]",
		Short: "what a command does and which flags it has",
		ValidArgsFunction: func(c *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
			var list []string
			if found, rest, _ := c.Root().Find(args); len(rest) == 0 {
				list = commandNames(found)
			}
			return withPrefix(list, typed), cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(c *cobra.Command, args []string) error {
			found, rest, _ := c.Root().Find(args) // no error: the root checks its arguments itself
			if len(rest) > 0 {
				return unknownCommand(found, rest)
			}
			found.InitDefaultHelpFlag() // so that it is listed
			return found.Help()
		},
	}
}

// addCompletion adds cobra's command that writes scripts for shells, which takes a wrong word
// for a wish to see everything, too. The command must know its output.
func addCompletion(root *cobra.Command) {
	root.InitDefaultCompletionCmd()
	c, _, _ := root.Find([]string{"completion"})
	for _, sub := range c.Commands() {
		sub.Args = arguments(0, 0, "no arguments")
	}
	c.Args = unknownCommand
	c.RunE = func(c *cobra.Command, _ []string) error { return c.Help() }
}

// beside is a line of help with a name and, apart from it, what that is.
var beside = regexp.MustCompile(`^( +\S.*?  +)(\S.*)$`)

// fit prints help so that it fits: paragraphs are wrapped where a line is too long, and so is
// what stands beside names. Commands stay as they are typed.
func fit(p *report.Page, text string) error {
	var paragraph []string
	long := func(line string) bool { return report.Width(line) > p.Width }
	end := func() {
		if slices.ContainsFunc(paragraph, long) {
			paragraph = []string{strings.Join(paragraph, " ")}
		}
		for _, line := range paragraph {
			p.Hang("", line)
		}
		paragraph = nil
	}
	for line := range strings.SplitSeq(strings.TrimSuffix(text, "\n"), "\n") {
		if line != "" && line[0] != ' ' {
			paragraph = append(paragraph, line)
			continue
		}
		end()
		if parts := beside.FindStringSubmatch(line); parts != nil && long(line) {
			p.Hang(parts[1], parts[2])
		} else {
			p.WriteString(line + "\n")
		}
	}
	end()
	return p.Flush()
}

// unknownCommand explains a word that is no command.
func unknownCommand(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	word := args[0]
	hint := scenarios.Suggest(word, "commands", commandNames(c))
	_, unknown := scenarios.Find(word)
	info, missing := os.Stat(word)
	if !c.HasParent() && (unknown == nil || missing == nil && info.Mode().IsRegular()) {
		hint = "`skinny run " + shell.File(word) + "` replays that scenario"
	}
	return report.Usage("%s: there is no command %q\n  %s\n`%s --help` explains them.", c.CommandPath(), word, hint, c.CommandPath())
}

// commandNames lists the commands below another that a user might mean.
func commandNames(c *cobra.Command) []string {
	var names []string
	for _, sub := range c.Commands() {
		if sub.IsAvailableCommand() && sub.Name() != "completion" {
			names = append(names, sub.Name())
		}
	}
	return names
}

// arguments checks the number of arguments and says what they are.
func arguments(least, most int, what string) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		switch {
		case len(args) < least:
			return report.Usage("%s: something is missing: it takes %s\n`%s --help` shows how it is used.", c.CommandPath(), what, c.CommandPath())
		case most >= 0 && len(args) > most:
			return report.Usage("%s: %q is one argument too many: it takes %s\n`%s --help` shows how it is used.",
				c.CommandPath(), args[most], what, c.CommandPath())
		}
		return nil
	}
}

// flagError explains a flag that does not exist or has a value that it cannot have.
func flagError(c *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	var invalid *pflag.InvalidValueError
	var empty *pflag.ValueRequiredError
	text := err.Error()
	switch {
	case errors.As(err, &unknown) && unknown.GetSpecifiedShortnames() == "":
		text = fmt.Sprintf("there is no flag --%s\n  %s", unknown.GetSpecifiedName(),
			scenarios.Suggest(unknown.GetSpecifiedName(), "flags", flagNames(c)))
		text = strings.Replace(text, `did you mean "`, `did you mean "--`, 1)
	case errors.As(err, &invalid):
		takes := "true or false"
		if v, ok := invalid.GetFlag().Value.(*value); ok {
			takes = v.takes
		}
		text = fmt.Sprintf("--%s takes %s, not %q", invalid.GetFlag().Name, takes, invalid.GetValue())
		if hint, is := errors.AsType[*report.Exit](err); is {
			text = hint.Message
		}
	case errors.As(err, &empty):
		text = fmt.Sprintf("--%s needs a value", empty.GetFlag().Name)
	}
	return report.Usage("%s: %s\n`%s --help` lists the flags.", c.CommandPath(), text, c.CommandPath())
}

func flagNames(c *cobra.Command) (names []string) {
	c.Flags().VisitAll(func(f *pflag.Flag) {
		if !f.Hidden {
			names = append(names, f.Name)
		}
	})
	return names
}
