package main

import (
	"cmp"
	"math"
	"os"

	"github.com/spf13/cobra"

	"skinny/cmd/internal/program"
	"skinny/cmd/internal/report"
	"skinny/cmd/internal/session"
	"skinny/cmd/internal/shell"
	"skinny/cmd/internal/step"
	"skinny/scenarios"
	"skinny/scenarios/exercise"
	"skinny/sim/trace"
)

type stepFlags struct {
	scenarioFlags
	at    int
	do    []string
	plain bool

	predict, present bool

	name      string // of the scenario
	piped     bool   // the scenario itself came from standard input
	violation bool   // begin where the property breaks whose violation says most
	found     bool   // see session.Session.Found

	course *session.Course // where the scenario is a lesson that is taken

	replays func(file string) string // see session.Session.Replays
}

// fits reports whether there is a terminal to fill. The stepper finds its keyboard
// by itself where standard input was the scenario.
func (f *stepFlags) fits(a *app) bool {
	return hasFullScreen && a.Terminal && !report.Dumb() && (f.piped || report.IsTerminal(os.Stdin))
}

func (a *app) stepCommand() *cobra.Command {
	var f stepFlags
	c := &cobra.Command{
		Use:   "step SCENARIO",
		Short: "a run, forward and back, with your hand on every message",
		Long: "Opens a run: one event after the other, forward and back, with what every instance\n" +
			"knows, a diagram of the messages, and the reason of each event. At any point you choose\n" +
			"what happens next, lose a message, crash an instance: the run goes on from there as a\n" +
			"branch, and the old future stays. A rule turned on or off shows the same run under it.\n" +
			"A branch is saved as a scenario.\n\n" +
			"SCENARIO is the name of a bundled scenario (`skinny scenarios` lists them), a file, - for\n" +
			"standard input, or a trace (`skinny run --trace FILE`). ? lists the keys. --plain is the\n" +
			"same in lines, for screen readers and pipes: Enter is the next event, `help` lists the\n" +
			"commands. --predict hides what comes, and asks before it happens; --present hides it for\n" +
			"an audience.",
		Example: "  skinny step two-winners\n" +
			"  skinny step two-winners --at 18\n" +
			"  skinny step two-winners --rule ack-majority=on\n" +
			"  skinny step two-winners --predict\n" +
			"  echo violation | skinny step two-winners --plain",
		RunE: func(_ *cobra.Command, args []string) error {
			f.name, f.piped = args[0], args[0] == scenarios.StandardInput
			var err error
			if f.Players, err = a.players(&f.scenarioFlags, 1); err != nil {
				return err
			}
			s, err := a.loadOrRetrace(args[0], f.Overrides)
			if err != nil {
				return err
			}
			return a.step(s, f.stepCommand(args[0], s.Seed), &f)
		},
	}
	f.scenarioFlags.add(c)
	f.addSeed(c, "take this SEED instead of the scenario's")
	numberValue(&f.at, "N", 0, math.MaxInt32).add(c, "at", "begin at event N")
	listValue(&f.do, "'N DECISION'", nil, func(string) error { return nil }).add(c, "do", "do something by hand first: 'N DECISION' takes a decision after event N; may be repeated")
	c.Flags().BoolVar(&f.plain, "plain", false, "lines instead of a full screen")
	c.Flags().BoolVar(&f.predict, "predict", false, "hide what comes, ask before every event worth it, and keep the score")
	c.Flags().BoolVar(&f.present, "present", false, "hide what comes, with more room, for a projector and a clicker")
	return c
}

// loadOrRetrace finds a scenario as load does, or makes one of a trace. A pipe can be read
// only once, so it is not looked into.
func (a *app) loadOrRetrace(name string, o scenarios.Overrides) (*scenarios.Scenario, error) {
	var data []byte
	if info, err := os.Stat(name); err == nil && info.Mode().IsRegular() {
		data, _ = os.ReadFile(name) // load says why it cannot be
	}
	if !trace.Is(data) {
		return a.load(name, o)
	}
	file, err := scenarios.FromTrace(name, data, o.Players)
	if err != nil {
		return nil, report.Usage("skinny step: %v", err)
	}
	s, err := file.Compile(o)
	if err != nil {
		return nil, report.Usage("%v", err)
	}
	return s, nil
}

// stepCommand is the command line that opens a scenario in the stepper.
func (f *scenarioFlags) stepCommand(name string, seed uint64) string {
	return "skinny step " + shell.File(name) + f.arguments(seed)
}

// noTerminal says what there is instead of the stepper.
func noTerminal(command string) error {
	what := "this is no terminal, and the stepper fills one"
	if report.Dumb() {
		what = "this terminal cannot be filled (TERM=dumb)"
	}
	return report.Usage("skinny %s: %s\n"+
		"  `skinny run` tells the same story in lines; `skinny step --plain` steps through it in lines", command, what)
}

// step opens a scenario in the stepper. Command is the command line that opens it
// again.
func (a *app) step(s *scenarios.Scenario, command string, f *stepFlags) error {
	if !f.plain && !f.fits(a) {
		return noTerminal("step")
	}
	place := session.NewSession(session.New(s), command)
	if x := exercise.Of(s); x != nil && f.Edition == "" && f.Rules == nil && f.Seed == nil && !f.predict && !f.present {
		solve(place, x, f.name)
	}
	if f.course != nil {
		if err := place.TakeLesson(*f.course); err != nil {
			return report.Usage("skinny learn: %v", err)
		}
	}
	place.Found = f.found
	if s.Cluster.Players() != nil {
		place.Programs, place.Replays = program.Lines{}, f.replays
		if f.replays == nil {
			place.Replays = func(file string) string { return "skinny run " + file + program.Arguments(s.Cluster) }
		}
	}
	for _, act := range f.do {
		if err := place.Redo(act); err != nil {
			return report.Usage("skinny step: %v", err)
		}
	}
	if f.at > 0 {
		if said := place.GoTo(f.at); said != "" {
			return report.Usage("skinny step: --at %d: %s", f.at, said)
		}
	}
	if f.violation {
		place.Worst()
	}
	if f.predict {
		place.Predict()
	}
	if f.present {
		place.Present()
	}
	show := a.fullScreen
	if f.plain {
		show = a.plain
	}
	return cmp.Or(show(place), program.Exit("skinny step", place.Branch().Failure()))
}

// ended ends a search for counterexamples with its verdict, once the one that was found has
// been opened where it breaks, if that is wanted.
func (a *app) ended(step bool, found *scenarios.Scenario, file string, verdict error) error {
	if !step || found == nil {
		return verdict
	}
	again := "skinny step " + shell.File(file) + program.Arguments(found.Cluster)
	if file == "" { // it could not be saved
		again = "skinny " + shell.Line(os.Args[1:])
	}
	return cmp.Or(a.step(found, again, &stepFlags{piped: true, violation: true, found: file == ""}), verdict)
}

// plain runs the line mode, and on a terminal says how to come back.
func (a *app) plain(s *session.Session) error {
	p := step.Plain{Session: s, In: a.In, Out: a.Out, Width: a.Width, Interactive: a.Terminal && report.IsTerminal(os.Stdin)}
	err := p.Run(a.signal)
	switch {
	case a.Interrupted.Load():
		return &report.Exit{Code: report.ExitInterrupted, Message: "\n" + s.Returns()}
	case err != nil || !p.Interactive:
		return err
	}
	return a.Print(s.Returns())
}
