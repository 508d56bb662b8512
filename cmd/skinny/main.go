// Command skinny replays, explains and checks runs of Skinny, the education-focused
// distributed lock service, in one process and in simulated time.
package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"sync/atomic"
	"syscall"

	"github.com/spf13/cobra"

	"skinny/scenarios"
)

// Exit codes. They are part of the command's contract.
const (
	exitClaimed     = 0   // all as claimed
	exitUnmet       = 1   // an expectation is unmet, or an unclaimed property is violated
	exitUsage       = 2   // bad usage or bad input
	exitNoProgress  = 3   // the run did not come to an end by itself
	exitInterrupted = 130 // Ctrl-C
)

// exit ends the command with a code. Its message, if there is one, goes to
// standard error.
type exit struct {
	code    int
	message string
}

func (e *exit) Error() string { return e.message }

// usage is an exit for bad input that says what to do next.
func usage(format string, args ...any) error {
	return &exit{exitUsage, fmt.Sprintf(format, args...)}
}

// app is what all commands share.
type app struct {
	in          io.Reader
	out, err    io.Writer
	terminal    bool // out is a terminal
	width       int  // of the output, in columns
	interrupted atomic.Bool
}

func main() { os.Exit(run()) }

// run is main without the exit, so that tests can have it as a command.
func run() int {
	a := &app{in: os.Stdin, out: os.Stdout, err: os.Stderr}
	a.terminal, a.width = terminal(os.Stdout)
	// The first Ctrl-C ends the work with what was found so far, the second ends
	// the process.
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		<-signals
		a.interrupted.Store(true)
		signal.Stop(signals)
	}()
	return a.execute(os.Args[1:])
}

// execute runs one command line and returns its exit code.
func (a *app) execute(args []string) int {
	root := a.root()
	root.SetArgs(args)
	root.SetIn(a.in)
	root.SetOut(a.out)
	root.SetErr(a.err)
	err := root.Execute()
	var e *exit
	switch {
	case err == nil:
		return exitClaimed
	case errors.Is(err, syscall.EPIPE):
		return exitClaimed // the reader, head or a pager, has seen enough
	case errors.As(err, &e):
		if e.message != "" {
			fmt.Fprintln(a.err, e.message)
		}
		return e.code
	}
	fmt.Fprintf(a.err, "skinny: %v\n", err)
	return exitUsage
}

const introduction = `Skinny's sandbox runs a whole cluster of Skinny, the education-focused lock
service, in one process and in simulated time: every message, delay, loss and
crash follows from a scenario and its seed, and every run can be told, repeated
and taken apart.

Three commands to try first:

  skinny run typical        one client asks five instances for the lock
  skinny run two-winners    two clients are both told that they hold it: why?
  skinny scenarios          everything there is to replay
`

func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:           "skinny",
		Short:         "see, break and check a small Paxos-like lock service",
		Long:          introduction,
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          unknownCommand,
		RunE:          func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		return usage("%s: %v\n`%s --help` lists the flags.", c.CommandPath(), err, c.CommandPath())
	})
	root.AddCommand(a.runCommand(), a.scenariosCommand(), a.editionsCommand(), a.rulesCommand(), a.versionCommand())
	return root
}

// unknownCommand explains a word that is no command.
func unknownCommand(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	var names []string
	for _, sub := range c.Commands() {
		if sub.IsAvailableCommand() {
			names = append(names, sub.Name())
		}
	}
	return usage("%s: there is no command %q\n  %s\n`%s --help` shows more; a scenario is replayed by `skinny run NAME`.",
		c.CommandPath(), args[0], scenarios.Suggest(args[0], "commands", names), c.CommandPath())
}

// arguments checks the number of arguments and says what they are.
func arguments(least, most int, what string) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		switch {
		case len(args) < least:
			return usage("%s: %s is missing\n`%s --help` shows how it is used.", c.CommandPath(), what, c.CommandPath())
		case most >= 0 && len(args) > most:
			return usage("%s: %q is one argument too many: it takes %s\n`%s --help` shows how it is used.",
				c.CommandPath(), args[most], what, c.CommandPath())
		}
		return nil
	}
}
