// Command skinny replays, explains and checks runs of Skinny, the education-focused
// distributed lock service, in one process and in simulated time.
package main

import (
	"errors"
	"fmt"
	"os"
	"os/signal"
	"sync/atomic"
	"syscall"

	"github.com/spf13/cobra"

	"skinny/cmd/internal/report"
)

// app is what all commands share.
type app struct {
	*report.Console
	reading atomic.Bool   // from standard input, which Ctrl-C ends at once
	signal  chan struct{} // closed by Ctrl-C, and by what else ends the work
}

func main() { os.Exit(run()) }

// run is main without the exit, so that tests can have it as a command.
func run() int {
	a := &app{Console: &report.Console{In: os.Stdin, Out: os.Stdout, Err: os.Stderr}, signal: make(chan struct{})}
	a.Terminal, a.Width = report.TerminalOf(os.Stdout)
	// The first signal ends the work with what was found so far, a second Ctrl-C ends
	// the process. A terminal that goes away may say so twice.
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM, hangup)
	go func() {
		<-signals
		a.Interrupted.Store(true)
		close(a.signal)
		signal.Stop(signals)
		signal.Ignore(hangup)
		if a.reading.Load() {
			os.Exit(report.ExitInterrupted)
		}
	}()
	return a.execute(os.Args[1:])
}

// execute runs one command line and returns its exit code.
func (a *app) execute(args []string) int {
	out, errs := &report.Door{Writer: a.Out, Color: &a.Color}, &report.Door{Writer: a.Err}
	a.Out, a.Err = out, errs
	defer errs.Flush()
	root := a.root()
	root.SetArgs(args)
	root.SetIn(a.In)
	root.SetOut(a.Out)
	root.SetErr(a.Err)
	err := root.Execute()
	out.Flush()
	var e *report.Exit
	switch {
	case err == nil && out.Err != nil && !errors.Is(out.Err, syscall.EPIPE):
		fmt.Fprintf(a.Err, "skinny: the output cannot be written: %v\n", out.Err)
		return report.ExitUsage
	case err == nil, errors.Is(err, syscall.EPIPE):
		return report.ExitClaimed // head or a pager has closed the pipe
	case errors.As(err, &e):
		if e.Message != "" {
			fmt.Fprintln(a.Err, e.Message)
		}
		return e.Code
	}
	fmt.Fprintf(a.Err, "skinny: %v\n", err)
	return report.ExitUsage
}

func (a *app) root() *cobra.Command {
	var version bool
	when := "auto"
	root := &cobra.Command{
		Use:              "skinny",
		Short:            "see, break and check a small Paxos-like lock service",
		Long:             introduction,
		SilenceErrors:    true,
		SilenceUsage:     true,
		Args:             unknownCommand,
		PersistentPreRun: func(*cobra.Command, []string) { a.SetColor(when) },
		RunE: func(*cobra.Command, []string) error {
			if version {
				return a.Print(report.Version())
			}
			return a.Print(introduction + "\n`skinny --help` lists all commands.\n")
		},
	}
	root.Flags().BoolVar(&version, "version", false, "which build this is")
	choiceValue(&when, "WHEN", "auto", "always", "never").addTo(root, root.PersistentFlags(), "color", "use colour: WHEN is auto, always or never")
	root.SetFlagErrorFunc(flagError)
	root.SetHelpCommand(helpCommand())
	root.AddCommand(a.runCommand(), a.drawCommand(), a.stepCommand(), a.webCommand(), a.checkCommand(), a.exploreCommand(),
		a.scenariosCommand(), a.editionsCommand(), a.rulesCommand(), a.versionCommand())
	return root
}
