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
)

// Exit codes. They are part of the command's contract.
const (
	exitClaimed          = 0   // all as claimed
	exitUnmet            = 1   // an expectation is unmet, or an unclaimed property is violated
	exitUsage            = 2   // bad usage or bad input
	exitNoProgress       = 3   // no progress, or a run that did not come to an end by itself
	exitVacuous          = 4   // a check that met nothing of what it was to test
	exitNotDeterministic = 5   // two runs of one seed were not the same
	exitNotExhaustive    = 6   // a search that ended before it was exhaustive, without a violation
	exitInterrupted      = 130 // Ctrl-C
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
	color       bool // it is written in colour
	width       int  // of the output, in columns
	interrupted atomic.Bool
	reading     atomic.Bool // from standard input, which Ctrl-C ends at once
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
		if a.reading.Load() {
			os.Exit(exitInterrupted)
		}
	}()
	return a.execute(os.Args[1:])
}

// execute runs one command line and returns its exit code.
func (a *app) execute(args []string) int {
	out := &checkedWriter{Writer: a.out}
	a.out = out
	root := a.root()
	root.SetArgs(args)
	root.SetIn(a.in)
	root.SetOut(a.out)
	root.SetErr(a.err)
	err := root.Execute()
	var e *exit
	switch {
	case err == nil && out.err != nil && !errors.Is(out.err, syscall.EPIPE):
		fmt.Fprintf(a.err, "skinny: the output cannot be written: %v\n", out.err)
		return exitUsage
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

// checkedWriter remembers that something could not be written, which not every
// command looks for.
type checkedWriter struct {
	io.Writer
	err error
}

func (w *checkedWriter) Write(b []byte) (int, error) {
	n, err := w.Writer.Write(b)
	if err != nil && w.err == nil {
		w.err = err
	}
	return n, err
}

func (a *app) root() *cobra.Command {
	var version bool
	var when string
	root := &cobra.Command{
		Use:           "skinny",
		Short:         "see, break and check a small Paxos-like lock service",
		Long:          introduction,
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          unknownCommand,
		PersistentPreRunE: func(*cobra.Command, []string) error {
			return a.setColor(when)
		},
		RunE: func(*cobra.Command, []string) error {
			if version {
				return a.print(versionLine())
			}
			return a.print(introduction + "\n`skinny --help` lists all commands.\n")
		},
	}
	root.Flags().BoolVar(&version, "version", false, "which build this is")
	root.PersistentFlags().StringVar(&when, "color", "auto", "use colour: `WHEN` is auto, always or never")
	root.RegisterFlagCompletionFunc("color", flagCompletion(words("auto", "always", "never")))
	root.SetFlagErrorFunc(flagError)
	root.SetHelpCommand(helpCommand())
	root.AddCommand(a.runCommand(), a.stepCommand(), a.checkCommand(), a.exploreCommand(),
		a.scenariosCommand(), a.editionsCommand(), a.rulesCommand(), a.versionCommand())
	return root
}

// print writes to the output; it fails when nobody reads it.
func (a *app) print(text string) error {
	_, err := io.WriteString(a.out, text)
	return err
}
