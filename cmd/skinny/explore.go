package main

import (
	"fmt"
	"math"
	"os"
	"runtime"

	"github.com/spf13/cobra"

	"skinny/cmd/internal/exploration"
	"skinny/cmd/internal/report"
	"skinny/cmd/internal/shell"
	"skinny/scenarios"
	"skinny/sim/explore"
	"skinny/sim/explore/search"
)

type exploreFlags struct {
	scenarioFlags
	exploration.Exploration
	format     string
	limits     [32]int // by explore.Bound, as given; those that were not are left to the scenario
	events     int
	host       string
	properties []string
	step       bool
	keep       struct{ stale, instances, clients, past bool }
}

// explored is what a search by states can judge.
var explored = &vocabulary{"property to search for", "properties", "\nOthers are judged by `skinny run` and `skinny check`, and by no search.", listed(explore.PropertyNames, named)}

func (a *app) exploreCommand() *cobra.Command {
	f := exploreFlags{format: "text"}
	f.Console, f.Exploration.Search, f.Memory = a.Console, exploration.Searches[0], 4e9
	c := &cobra.Command{
		Use:   "explore SCENARIO",
		Short: "every order of events, up to a bound: a proof or a counterexample",
		Long: "Goes through every order in which the events of a small scenario can happen, up to\n" +
			"bounds: which message arrives next, which is lost, whose deadline passes, who crashes.\n" +
			"Clients make the calls of the scenario in their own order; its times, latencies and\n" +
			"faults are put aside. SCENARIO is the name of a bundled scenario, a file, or - for\n" +
			"standard input. The bounds are those of its key `explore`, unless flags say otherwise.\n\n" +
			"Exit codes: 0 no violation within the bounds, exhaustive; 1 a property is violated;\n" +
			"2 bad usage or bad input; 4 exhaustive, but something that should happen never did;\n" +
			"6 the search ended before it was exhaustive; 130 interrupted.",
		Example: "  skinny explore two-winners\n" +
			"  skinny explore two-winners --property mutual-exclusion\n" +
			"  skinny explore two-winners --edition sound --losses 1 --crashes 0\n" +
			"  skinny explore my.yaml --memory 8GB --save search.bin",
		PreRunE: func(*cobra.Command, []string) error { return f.check() },
		RunE:    func(_ *cobra.Command, args []string) error { return a.explore(args[0], &f) },
	}
	f.scenarioFlags.add(c)
	f.define(c)
	return c
}

func (f *exploreFlags) define(c *cobra.Command) {
	defaults := explore.DefaultLimits()
	for _, b := range explore.Bounds() {
		f.limits[b] = int(defaults[b])
		numberValue(&f.limits[b], "N", 0, explore.MaxLimit).add(c, b.String(),
			fmt.Sprintf("at most N %s, 0 to %d, instead of the scenario's", b, explore.MaxLimit))
	}
	flags := c.Flags()
	numberValue(&f.events, "N", 0, math.MaxInt32).add(c, "events", "at most N decisions one after the other; 0 for no limit")
	choiceValue(&f.host, "STATE", "up", "down", "both").add(c, "host", "hosts of crashed instances are STATE: up (calls fail), down (no answer) or both")
	wordsValue(&f.properties, "PROPERTY", explored).add(c, "property", "judge only this PROPERTY; may be repeated")
	choiceValue(&f.Exploration.Search, "ORDER", exploration.Searches...).add(c, "search", "the ORDER: bfs (shortest counterexample), dfs, iterative")
	numberValue(&f.Workers, "N", 0, mostJobs).add(c, "workers", "use N cores for bfs; 0 for all")
	sizeValue(&f.Memory).add(c, "memory", "take at most about SIZE of memory, as 500MB or 4GB")
	fileValue(&f.Save).add(c, "save", "keep a bfs that ends early in FILE")
	fileValue(&f.Resume).add(c, "resume", "go on with the bfs kept in FILE")
	fileValue(&f.File).add(c, "out", "save the counterexample as FILE")
	flags.BoolVar(&f.step, "step", false, "open the counterexample in the stepper, where it breaks")
	choiceValue(&f.format, "FORMAT", "text", "json").add(c, "format", "the result as FORMAT: text or json")
	flags.BoolVar(&f.Quiet, "quiet", false, "no report and no story: the verdict, and where the counterexample is saved")
	flags.BoolVar(&f.keep.stale, "no-stale", false, "do not forget messages that can have no effect")
	flags.BoolVar(&f.keep.instances, "no-instances", false, "tell instances apart that nobody calls")
	flags.BoolVar(&f.keep.clients, "no-clients", false, "tell clients apart that make the same calls")
	flags.BoolVar(&f.keep.past, "no-past", false, "do not forget what is known of IDs out of use")
}

// check looks at flags that do not go together.
func (f *exploreFlags) check() error {
	f.JSON = f.format == "json"
	switch {
	case f.step && (f.Quiet || f.JSON):
		return report.Usage("skinny explore: --step opens the counterexample; with --quiet and --format json\nopen it yourself: skinny step FILE")
	case f.Exploration.Search != "bfs" && (f.Save != "" || f.Resume != ""):
		return report.Usage("skinny explore: only a bfs can be kept and taken up again; leave out --search %s", f.Exploration.Search)
	case f.Save != "" && f.Save == f.File:
		return report.Usage("skinny explore: --save and --out name the same file")
	case f.Save != f.Resume && report.Exists(f.Save):
		return report.Usage("skinny explore: %s is there already and is left as it is; choose another name for --save", f.Save)
	case report.Exists(f.File):
		return report.Usage("skinny explore: %s is there already and is left as it is; choose another name for --out", f.File)
	}
	return nil
}

// configure says what is to be explored of a scenario.
func (f *exploreFlags) configure(s *scenarios.Scenario) {
	f.Scenario = s
	f.Config, f.Events = s.ExploreConfig()
	for _, b := range explore.Bounds() {
		if f.flags.Changed(b.String()) {
			f.Config.Limits[b] = uint8(f.limits[b])
		}
	}
	if f.flags.Changed("events") {
		f.Events = f.events
	}
	if f.host != "" {
		f.Config.HostsUp, f.Config.HostsDown = f.host != "down", f.host != "up"
	}
	f.Config.Properties = f.properties
	f.Config.Reductions = explore.Reductions{
		Stale: !f.keep.stale, Instances: !f.keep.instances, Clients: !f.keep.clients, Past: !f.keep.past,
	}
}

func (a *app) explore(name string, f *exploreFlags) error {
	if stepper := (&stepFlags{piped: true}); f.step && !stepper.fits(a) {
		return noTerminal("explore")
	}
	if file, err := os.Open(name); err == nil {
		saved := search.IsSaved(file)
		file.Close()
		if saved {
			return report.Usage("skinny explore: %s is a saved search; go on with it by\n  skinny explore SCENARIO --resume %s", name, shell.File(name))
		}
	}
	s, err := a.open(&f.scenarioFlags, name, runtime.GOMAXPROCS(0))
	if err != nil {
		return err
	}
	f.Again = "skinny explore " + shell.File(name) + repeated(f.flags, changed(f.flags, "resume", "color", "memory")...)
	f.configure(s)
	if err := f.Run(); err != nil {
		return err
	}
	found, file := f.Counterexample()
	return a.ended(f.step, found, file, f.Verdict())
}

func sizeValue(to *exploration.Size) *value {
	return newValue(to, "SIZE", "a size such as 500MB or 4GB", exploration.ParseSize)
}
