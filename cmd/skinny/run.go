package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"

	"github.com/spf13/cobra"

	"skinny/scenarios"
	"skinny/sim"
	"skinny/sim/narrate"
	"skinny/sim/trace"
)

// runFlags is what `skinny run` can be told.
type runFlags struct {
	scenarioFlags
	format string
	rounds bool
	only   string
	why    int
	whySet bool
	trace  string
	quiet  bool
	step   bool
}

func (a *app) runCommand() *cobra.Command {
	var f runFlags
	c := &cobra.Command{
		Use:   "run SCENARIO",
		Short: "replay a scenario: the story, the final table, the verdict",
		Long: "Replays a scenario and tells what happened and why. SCENARIO is the name of a\n" +
			"bundled scenario (`skinny scenarios` lists them), a file, or - for standard input.\n\n" +
			"Exit codes: 0 all as claimed; 1 an expectation is unmet, or a property that\n" +
			"`expect` does not name is violated; 2 bad usage or bad input; 3 the run was ended\n" +
			"at its event budget; 130 interrupted.",
		Example: "  skinny run two-winners\n" +
			"  skinny run two-winners --edition sound\n" +
			"  skinny run two-winners --rule ack-majority=on\n" +
			"  skinny run two-winners --why 24\n" +
			"  skinny run my.yaml --format json",
		Args:              arguments(1, 1, "one scenario: a name, a file, or -"),
		ValidArgsFunction: completeScenarios,
		RunE: func(c *cobra.Command, args []string) error {
			f.seedSet = c.Flags().Changed("seed")
			f.whySet = c.Flags().Changed("why")
			if err := f.check(); err != nil {
				return err
			}
			return a.run(args[0], &f)
		},
	}
	flags := c.Flags()
	f.scenarioFlags.add(c)
	flags.StringVar(&f.format, "format", "text", "the result as `FORMAT`: text or json")
	flags.BoolVar(&f.rounds, "rounds", false, "fold each round to a few lines")
	flags.StringVar(&f.only, "only", "", "follow one `INSTANCE`")
	flags.IntVar(&f.why, "why", 0, "tell the chain of causes that led to event `N`")
	flags.StringVar(&f.trace, "trace", "", "write every event to `FILE` as JSON Lines")
	flags.BoolVar(&f.step, "step", false, "open the run in the stepper, as skinny step does")
	flags.BoolVar(&f.quiet, "quiet", false, "no story: just the exit code, and what is not as claimed")
	c.RegisterFlagCompletionFunc("format", flagCompletion(words("text", "json")))
	c.RegisterFlagCompletionFunc("only", completeInstances)
	return c
}

// check looks at the flags that do not depend on the scenario.
func (f *runFlags) check() error {
	switch {
	case f.format != "text" && f.format != "json":
		return usage("skinny run: --format is text or json, not %q", f.format)
	case f.whySet && f.why < 1:
		return usage("skinny run: --why takes the number of an event, from 1, not %d", f.why)
	case f.why > 0 && (f.only != "" || f.rounds):
		return usage("skinny run: --why tells a chain of causes; --only and --rounds have no part in it")
	case (f.quiet || f.format == "json") && (f.why > 0 || f.only != "" || f.rounds):
		return usage("skinny run: --why, --only and --rounds choose from the story, which --quiet and --format json\nleave out")
	case f.step && (f.quiet || f.format == "json" || f.why > 0 || f.only != "" || f.rounds || f.trace != ""):
		return usage("skinny run: --step opens the stepper; of the other flags only --seed, --edition and --rule go with it")
	case f.trace == "-":
		return usage("skinny run: --trace takes a file; for standard output, say --quiet --trace /dev/stdout")
	}
	return nil
}

// load finds, decodes and compiles a scenario.
func (a *app) load(name string, f *scenarioFlags) (*scenarios.Scenario, error) {
	overrides, err := f.overrides()
	if err != nil {
		return nil, err
	}
	file, err := a.open(name)
	if err != nil {
		return nil, err
	}
	s, err := file.Compile(overrides)
	if err != nil {
		return nil, &exit{exitUsage, err.Error()}
	}
	return s, nil
}

// open finds and decodes a scenario: bundled, in a file, or on standard input.
func (a *app) open(name string) (*scenarios.File, error) {
	if name == scenarios.StandardInput {
		a.reading.Store(true)
		defer a.reading.Store(false)
		if isTerminal(os.Stdin) {
			fmt.Fprintln(a.err, "skinny: reading a scenario from the terminal; Ctrl-D ends it")
		}
	}
	file, err := scenarios.Open(name)
	if err != nil {
		return nil, &exit{exitUsage, err.Error()}
	}
	return file, nil
}

// run replays a scenario.
func (a *app) run(name string, f *runFlags) error {
	s, err := a.load(name, &f.scenarioFlags)
	if err != nil {
		return err
	}
	if f.step {
		return a.step(s, f.stepCommand(name, s.Seed), &stepFlags{piped: name == scenarios.StandardInput})
	}
	only, err := f.follow(s)
	if err != nil {
		return err
	}
	outcome, grain, err := a.replay(s, f)
	if err != nil {
		return err
	}
	if f.why > outcome.Events {
		return usage("skinny run: there is no event %d to explain: the run has %d events", f.why, outcome.Events)
	}
	whole := true
	switch {
	case f.format == "json":
		err = a.printResult(outcome)
	case f.quiet:
		err = a.printUnmet(outcome)
	default:
		whole, err = a.printStory(s, outcome, f, only, grain)
		if err == nil && f.why == 0 {
			err = a.printEnd(name, s, outcome, f)
		}
	}
	if err != nil {
		return err
	}
	if !whole {
		return &exit{exitInterrupted, "skinny: interrupted; the rest of the story is left out, the table and the verdicts\nare those of the whole run"}
	}
	return a.verdict(outcome)
}

// follow finds the instance that --only names.
func (f *runFlags) follow(s *scenarios.Scenario) (int8, error) {
	if f.only == "" {
		return trace.None, nil
	}
	names := s.Header().Instances
	for i, name := range names {
		if name == f.only {
			return int8(i), nil
		}
	}
	return trace.None, usage("skinny run: there is no instance %q to follow\n  %s",
		f.only, scenarios.Suggest(f.only, "instances", names))
}

// replay runs the scenario to its end, judged, and writes its trace if one is
// wanted. Grain divides the time of every event.
func (a *app) replay(s *scenarios.Scenario, f *runFlags) (*scenarios.Outcome, trace.Time, error) {
	var g grain
	observers := []trace.Observer{&g}
	var out io.WriteCloser
	var w *trace.Writer
	if f.trace != "" {
		var err error
		if err = a.guardTrace(f); err != nil {
			return nil, 0, err
		}
		if out, err = os.Create(f.trace); err != nil {
			return nil, 0, usage("skinny run: the trace cannot be written: %v", err)
		}
		w = trace.NewWriter(out, s.Header())
		observers = append(observers, w)
	}
	outcome, err := s.RunUntil(a.interrupted.Load, observers...)
	if w != nil {
		if failed := errors.Join(w.Close(), out.Close()); failed != nil && err == nil {
			err = &exit{exitUsage, "skinny run: the trace cannot be written: " + failed.Error()}
		}
	}
	if err != nil {
		var e *exit
		if !errors.As(err, &e) {
			err = &exit{exitUsage, err.Error()}
		}
		return nil, 0, err
	}
	return outcome, g.divisor, nil
}

// grain finds the greatest of 100 µs, 1 µs and 1 ns that divides all times.
type grain struct{ divisor trace.Time }

// Observe looks at one time.
func (g *grain) Observe(e *trace.Event) {
	if g.divisor == 0 {
		g.divisor = trace.Millisecond / 10
	}
	for e.At%g.divisor != 0 {
		if g.divisor = trace.Microsecond; e.At%g.divisor != 0 {
			g.divisor = 1
		}
	}
}

// printStory runs the scenario once more and tells it. It reports whether the
// story was told as far as the run went; Ctrl-C ends the telling, too.
func (a *app) printStory(s *scenarios.Scenario, o *scenarios.Outcome, f *runFlags, only int8, grain trace.Time) (bool, error) {
	h := s.Header()
	out := bufio.NewWriter(a.out)
	var chain map[int]bool
	if f.why > 0 {
		c := newCauses(h)
		if _, err := s.RunUntil(func() bool { return len(c.of) >= o.Events }, c); err != nil {
			return false, err
		}
		chain = c.chain(f.why, o.Verdicts)
	}
	a.printHead(out, s, o, f)
	story := &story{
		out:      out,
		narrator: narrate.New(h),
		layout:   newLayout(h, a.width, o.Events, o.End, grain),
		verdicts: o.Verdicts,
		only:     only,
		rounds:   f.rounds,
		chain:    chain,
	}
	// A run that was interrupted is told as far as it came.
	enough := func() bool {
		return story.seen >= o.Events || o.Ending != sim.NotEnded && a.interrupted.Load()
	}
	if _, err := s.RunUntil(enough, story); err != nil {
		return false, err
	}
	return story.seen >= o.Events, out.Flush()
}

// printResult prints the run for machines.
func (a *app) printResult(o *scenarios.Outcome) error {
	encoder := json.NewEncoder(a.out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(o.Result())
}

// verdict turns an outcome into an exit code.
func (a *app) verdict(o *scenarios.Outcome) error {
	switch {
	case o.Ending == sim.NotEnded:
		return &exit{exitInterrupted, "skinny: interrupted; this is what had happened so far"}
	case o.Ending == sim.BudgetSpent:
		return &exit{exitNoProgress, "skinny: the run was ended after " + strconv.Itoa(o.Events) +
			" events, its budget (`events` in the scenario)"}
	case o.Failed():
		return &exit{exitUnmet, ""}
	}
	return nil
}
