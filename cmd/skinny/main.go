// Command skinny replays, explains and checks runs of Skinny, the education-focused
// distributed lock service, in one process and in simulated time.
package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"sync/atomic"
	"syscall"

	"github.com/spf13/cobra"

	"skinny/cmd/internal/program"
	"skinny/cmd/internal/report"
)

// app is what all commands share.
type app struct {
	*report.Console
	reading atomic.Bool   // from standard input, which Ctrl-C ends at once
	signal  chan struct{} // closed by Ctrl-C, and by what else ends the work
	pages   bool          // long output is shown page by page

	programs []*program.Process // that play in the command, and end with it
}

func main() { os.Exit(run()) }

// run is main without the exit, so that tests can have it as a command.
func run() int {
	a := &app{Console: &report.Console{In: os.Stdin, Out: os.Stdout, Err: os.Stderr}, signal: make(chan struct{})}
	a.Terminal, a.Width = report.TerminalOf(os.Stdout)
	a.pages = a.Terminal && !report.Dumb()
	// The first signal ends the work with what was found so far, for which programs that
	// play have to hurry; a second one ends the process, and them. A terminal that goes
	// away may say so twice.
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM, hangup)
	go func() {
		<-signals
		a.Interrupted.Store(true)
		close(a.signal)
		signal.Ignore(hangup)
		if a.reading.Load() {
			program.KillAll()
			os.Exit(report.ExitInterrupted)
		}
		program.Hurry()
		<-signals
		program.KillAll()
		os.Exit(report.ExitInterrupted)
	}()
	return a.execute(os.Args[1:])
}

// execute runs one command line and returns its exit code.
func (a *app) execute(args []string) int {
	pager := &report.Pager{Out: a.Out}
	out, errs := &report.Door{Writer: pager.Out, Color: &a.Color}, &report.Door{Writer: a.Err}
	a.Out, a.Err = out, errs
	defer errs.Flush()
	defer program.KillAll() // even if this is a panic
	root := a.root(func(c *cobra.Command) {
		if a.pages && paged(c) {
			out.Writer = pager
		}
	})
	root.SetArgs(args)
	root.SetIn(a.In)
	root.SetOut(a.Out)
	root.SetErr(a.Err)
	addCompletion(root)
	err := root.Execute()
	for _, p := range a.programs {
		p.Close()
	}
	out.Flush()
	pager.Close()
	e, is := errors.AsType[*report.Exit](err)
	switch {
	case err == nil && out.Err != nil && !errors.Is(out.Err, syscall.EPIPE):
		fmt.Fprintf(a.Err, "skinny: the output cannot be written: %v\n", out.Err)
		return report.ExitUsage
	case err == nil, errors.Is(err, syscall.EPIPE):
		return report.ExitClaimed // head or a pager has closed the pipe
	case is:
		if e.Message != "" {
			fmt.Fprintln(a.Err, e.Message)
		}
		return e.Code
	}
	fmt.Fprintf(a.Err, "skinny: %v\n", err)
	return report.ExitUsage
}

// paged reports whether a command tells something that people read, page by page.
func paged(c *cobra.Command) bool {
	given := func(name, value string) bool {
		f := c.Flag(name)
		return f != nil && f.Value.String() == value
	}
	switch c.CommandPath() {
	case "skinny learn":
		return c.Flags().NArg() == 0 && !given("no-pager", "true") // a lesson asks
	case "skinny run", "skinny check", "skinny explore", "skinny grade", "skinny scenarios", "skinny scenarios list", "skinny editions", "skinny rules", "skinny lab":
		return !given("no-pager", "true") && !given("quiet", "true") && !given("format", "json") && !given("step", "true")
	}
	return false
}

// root is the command; begin is called when it is known which one below it is meant.
func (a *app) root(begin func(*cobra.Command)) *cobra.Command {
	var version bool
	when := "auto"
	root := &cobra.Command{
		Use:           "skinny",
		Short:         "see, break and check a small Paxos-like lock service",
		Long:          introduction,
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          unknownCommand,
		PersistentPreRun: func(c *cobra.Command, _ []string) {
			a.SetColor(when)
			begin(c)
		},
		RunE: func(*cobra.Command, []string) error {
			if version {
				return a.Print(report.Version())
			}
			return fit(a.Page(), introduction+"\n`skinny --help` lists all commands.\n")
		},
	}
	root.Flags().BoolVar(&version, "version", false, "which build this is")
	choiceValue(&when, "WHEN", "auto", "always", "never", "light", "dark").addTo(root, root.PersistentFlags(), "color", "colours: auto, always, never, light, dark")
	root.SetFlagErrorFunc(flagError)
	root.SetHelpCommand(helpCommand())
	help := root.HelpFunc()
	root.SetHelpFunc(func(c *cobra.Command, args []string) {
		var text bytes.Buffer
		c.SetOut(&text)
		help(c, args)
		c.SetOut(nil)
		fit(a.Page(), text.String())
	})
	root.PersistentFlags().Bool("no-pager", false, "write long output at once, without PAGER or less")
	root.AddCommand(a.learnCommand(), a.runCommand(), a.drawCommand(), a.stepCommand(), a.webCommand(), a.checkCommand(), a.exploreCommand(),
		a.gradeCommand(), a.scenariosCommand(), a.editionsCommand(), a.rulesCommand(), a.labCommand(),
		a.printing("version", "which build this is, and which formats it reads and writes", report.Version))
	return root
}

// printing makes a command that takes nothing and prints something.
func (a *app) printing(use, short string, text func() string) *cobra.Command {
	return &cobra.Command{
		Use: use, Short: short, Args: arguments(0, 0, "no arguments"),
		RunE: func(*cobra.Command, []string) error { return a.Print(text()) },
	}
}
