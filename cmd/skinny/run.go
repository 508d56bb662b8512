package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"slices"

	"github.com/spf13/cobra"

	"skinny/cmd/internal/learn"
	"skinny/cmd/internal/program"
	"skinny/cmd/internal/report"
	"skinny/cmd/internal/shell"
	"skinny/scenarios"
	"skinny/sim"
	"skinny/sim/trace"
)

type runFlags struct {
	scenarioFlags
	report.Story
	format string
	only   string
	asked  int
	trace  string
	quiet  bool
	step   bool
}

func (a *app) runCommand() *cobra.Command {
	f := runFlags{format: "text"}
	c := &cobra.Command{
		Use:   "run SCENARIO",
		Short: "replay a scenario: the story, the final table, the verdict",
		Long: "Replays a scenario and tells what happened and why. SCENARIO is the name of a\n" +
			"bundled scenario (`skinny scenarios` lists them), a file, or - for standard input.\n\n" +
			"Exit codes: 0 all as claimed; 1 an expectation is unmet, or a property that\n" +
			"`expect` does not name is violated; 2 bad usage or bad input, or a program that does\n" +
			"wrong; 3 the run was ended at its event budget; 5 an answer of a program depends on\n" +
			"more than its question; 130 interrupted.",
		Example: "  skinny run two-winners\n" +
			"  skinny run two-winners --edition sound\n" +
			"  skinny run two-winners --rule ack-majority=on\n" +
			"  skinny run two-winners --why 24\n" +
			"  skinny run my.yaml --format json",
		PreRunE: func(*cobra.Command, []string) error { return f.check() },
		RunE:    func(_ *cobra.Command, args []string) error { return a.run(args[0], &f) },
	}
	f.scenarioFlags.add(c)
	f.addSeed(c, "take this SEED instead of the scenario's")
	choiceValue(&f.format, "FORMAT", "text", "json").add(c, "format", "the result as FORMAT: text or json")
	c.Flags().BoolVar(&f.Rounds, "rounds", false, "fold each round to a few lines")
	textValue(&f.only, "INSTANCE").add(c, "only", "follow one INSTANCE")
	numberValue(&f.Why, "N", 1, math.MaxInt32).add(c, "why", "tell the chain of causes that led to event N")
	numberValue(&f.asked, "N", 1, math.MaxInt32).add(c, "questions", "print what a program was asked about event N, and its answer")
	fileValue(&f.trace).add(c, "trace", "write every event to FILE as JSON Lines")
	c.Flags().BoolVar(&f.step, "step", false, "open the run in the stepper, as skinny step does")
	c.Flags().BoolVar(&f.quiet, "quiet", false, "no story: just the exit code, and what is not as claimed")
	c.RegisterFlagCompletionFunc("only", completeInstances)
	return c
}

// check looks at flags that do not go together.
func (f *runFlags) check() error {
	story := f.Why > 0 || f.only != "" || f.Rounds
	switch {
	case f.asked > 0 && len(f.commands) == 0:
		return report.Usage("skinny run: --questions is about programs, and there is no --program")
	case f.asked > 0 && (story || f.quiet || f.format == "json"):
		return report.Usage("skinny run: --questions prints a question and its answer instead of the story; --why, --only,\n--rounds, --quiet and --format json have no part in it")
	case f.Why > 0 && (f.only != "" || f.Rounds):
		return report.Usage("skinny run: --why tells a chain of causes; --only and --rounds have no part in it")
	case (f.quiet || f.format == "json") && story:
		return report.Usage("skinny run: --why, --only and --rounds choose from the story, which --quiet and --format json\nleave out")
	case f.step && (f.quiet || f.format == "json" || story || f.trace != "" || f.asked > 0):
		return report.Usage("skinny run: --step opens the stepper; of the other flags only --seed, --edition, --rule and those\nof programs go with it")
	}
	return nil
}

// load finds, reads and compiles a scenario: bundled, in a file, or on standard
// input.
func (a *app) load(name string, o scenarios.Overrides) (*scenarios.Scenario, error) {
	if name == scenarios.StandardInput {
		a.reading.Store(true)
		defer a.reading.Store(false)
		if report.IsTerminal(os.Stdin) {
			fmt.Fprintln(a.Err, "skinny: reading a scenario from the terminal; Ctrl-D ends it")
		}
	}
	s, err := scenarios.Load(name, o)
	if err != nil {
		return nil, report.Usage("%v", err)
	}
	return s, nil
}

func (a *app) run(name string, f *runFlags) error {
	s, err := a.open(&f.scenarioFlags, name, 1)
	if err != nil {
		return err
	}
	if f.step {
		return a.step(s, f.stepCommand(name, s.Seed), &stepFlags{name: name, piped: name == scenarios.StandardInput})
	}
	if f.Only, err = followed(s, "run", f.only); err != nil {
		return err
	}
	a.Silent = f.quiet
	run, err := a.traced(s, f)
	if err != nil {
		return err
	}
	if n := max(f.Why, f.asked); n > run.Events && run.Ending == sim.NotEnded {
		return a.verdict(run.Outcome)
	} else if n > run.Events {
		return report.Usage("skinny run: there is no event %d: the run has %d events", n, run.Events)
	}
	switch {
	case f.asked > 0:
		err = a.asked(s, f.asked)
	case f.format == "json":
		err = a.JSON("  ", run.Result())
	case f.quiet && (run.Ending == sim.Failed || run.Ending == sim.NotEnded): // of what did not come nothing was claimed
	case f.quiet:
		for _, line := range report.UnmetClaims(run.Outcome) {
			err = errors.Join(err, a.Print(line+"\n"))
		}
	default:
		err = a.tell(run, name, f)
	}
	return cmp.Or(err, a.verdict(run.Outcome))
}

func (a *app) tell(run *report.Run, name string, f *runFlags) error {
	f.Settings = f.settings()
	whole, err := a.Tell(run, f.Story)
	if err == nil && f.Why == 0 {
		p := a.Page()
		p.End(run, f.Settings, "skinny run "+shell.File(name)+f.arguments(run.Scenario.Seed))
		if next, title := learn.After(name); next != "" {
			line := "  next:  " + next
			if long := line + " (" + title + ")"; report.Width(long) <= p.Width {
				line = long
			}
			p.WriteString(line + "\n")
		}
		err = p.Flush()
	}
	if err == nil && !whole {
		return &report.Exit{Code: report.ExitInterrupted, Message: "skinny: interrupted; the rest of the story is left out, the table and the verdicts\nare those of the whole run"}
	}
	return err
}

// followed finds the instance that --only names.
func followed(s *scenarios.Scenario, command, only string) (int8, error) {
	if only == "" {
		return trace.None, nil
	}
	names := s.Header().Instances
	if i := slices.Index(names, only); i >= 0 {
		return int8(i), nil
	}
	return trace.None, report.Usage("skinny %s: there is no instance %q to follow\n  %s",
		command, only, scenarios.Suggest(only, "instances", names))
}

// traced runs the scenario, and writes its trace if one is wanted.
func (a *app) traced(s *scenarios.Scenario, f *runFlags) (*report.Run, error) {
	if f.trace == "" {
		return a.Run(s)
	}
	var run *report.Run
	write := func(out io.Writer) (err error) {
		spool, err := os.CreateTemp("", "skinny-*")
		if err != nil {
			return err
		}
		defer os.Remove(spool.Name())
		defer spool.Close()
		w := trace.NewWriter(out, spool, s.Header())
		run, err = a.Run(s, w)
		return errors.Join(err, w.Close())
	}
	var err error
	switch out := isStdout(f.trace); {
	case out && f.quiet:
		err = write(os.Stdout)
	case out:
		err = report.Usage("skinny run: the trace and the story cannot both go to standard output; add --quiet")
	case !report.Begins(f.trace, traceStart):
		err = report.Usage("skinny run: %s is no trace and is left as it is; choose another name for --trace", f.trace)
	default:
		err = report.Replace(f.trace, write)
	}
	if _, is := errors.AsType[*report.Exit](err); err != nil && !is {
		err = report.Usage("skinny run: the trace %s cannot be written: %v", f.trace, err)
	}
	return run, err
}

// traceStart is how every trace begins.
const traceStart = `{"format":1,"title":`

// isStdout reports whether a name is one of the standard output.
func isStdout(name string) bool {
	info, _ := os.Stat(name) // of none it is not the same
	out, _ := os.Stdout.Stat()
	return os.SameFile(info, out)
}

// verdict turns an outcome into an exit code.
func (a *app) verdict(o *scenarios.Outcome) error {
	switch {
	case o.Ending == sim.NotEnded, o.Ending == sim.Failed && a.Interrupted.Load():
		return &report.Exit{Code: report.ExitInterrupted, Message: "skinny: interrupted; this is what had happened so far"}
	case o.Ending == sim.BudgetSpent:
		return &report.Exit{Code: report.ExitNoProgress, Message: fmt.Sprintf("skinny: the run was ended after %d events, at its budget of %d (`events` in the scenario)", o.Events, o.Scenario.File().Events.Or(sim.DefaultBudget))}
	case o.Ending == sim.Failed:
		return program.Exit("skinny run", o.World.Failure())
	case o.Failed():
		return &report.Exit{Code: report.ExitUnmet}
	}
	return nil
}
