package main

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"skinny/cmd/internal/shell"
	"skinny/scenarios"
	"skinny/sim/explore"
	"skinny/sim/explore/search"
)

// exploreFlags is what `skinny explore` can be told.
type exploreFlags struct {
	scenarioFlags
	format     string
	quiet      bool
	limits     map[explore.Bound]*limit // as given; those that were not are left to the scenario
	events     int
	host       string
	properties []string
	step       bool
	search     string
	workers    int
	memory     string
	save       string
	resume     string
	out        string
	keep       struct{ stale, instances, clients, past bool }

	changed func(flag string) bool
	visit   func(func(*pflag.Flag)) // every flag that was given
}

// searches are the ways to search.
var searches = []string{"bfs", "dfs", "iterative"}

func (a *app) exploreCommand() *cobra.Command {
	f := exploreFlags{limits: map[explore.Bound]*limit{}}
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
		Args:              arguments(1, 1, "one scenario: a name, a file, or -"),
		ValidArgsFunction: completeScenarios,
		RunE: func(c *cobra.Command, args []string) error {
			f.seedSet = c.Flags().Changed("seed")
			f.changed, f.visit = c.Flags().Changed, c.Flags().Visit
			if err := f.check(); err != nil {
				return err
			}
			return a.explore(args[0], &f)
		},
	}
	f.scenarioFlags.add(c)
	f.define(c)
	return c
}

// define defines the flags.
func (f *exploreFlags) define(c *cobra.Command) {
	flags := c.Flags()
	defaults := explore.DefaultLimits()
	for _, b := range explore.Bounds() {
		n := limit(defaults[b])
		f.limits[b] = &n
		flags.Var(&n, b.String(), fmt.Sprintf("at most `N` %s, 0 to %d, instead of the scenario's", b, explore.MaxLimit))
	}
	flags.IntVar(&f.events, "events", 0, "at most `N` decisions one after the other; 0 for no limit")
	flags.StringVar(&f.host, "host", "", "hosts of crashed instances are `STATE`: up (calls fail), down (no answer) or both")
	flags.StringArrayVar(&f.properties, "property", nil, "judge only this `PROPERTY`; may be repeated")
	flags.StringVar(&f.search, "search", "bfs", "the `ORDER`: bfs (shortest counterexample), dfs, iterative")
	flags.IntVar(&f.workers, "workers", 0, "use `N` cores for bfs; 0 for all")
	flags.StringVar(&f.memory, "memory", "4GB", "tables and frontier take at most `SIZE`, as 500MB or 4GB; the process takes about a third more")
	flags.StringVar(&f.save, "save", "", "keep a bfs that ends early in `FILE`")
	flags.StringVar(&f.resume, "resume", "", "go on with the bfs kept in `FILE`")
	flags.StringVar(&f.out, "out", "", "save the counterexample as `FILE`")
	flags.BoolVar(&f.step, "step", false, "open the counterexample in the stepper, where it breaks")
	flags.StringVar(&f.format, "format", "text", "the result as `FORMAT`: text or json")
	flags.BoolVar(&f.quiet, "quiet", false, "no report and no story: the verdict, and where the counterexample is saved")
	flags.BoolVar(&f.keep.stale, "no-stale", false, "do not forget messages that can have no effect")
	flags.BoolVar(&f.keep.instances, "no-instances", false, "tell instances apart that nobody calls")
	flags.BoolVar(&f.keep.clients, "no-clients", false, "tell clients apart that make the same calls")
	flags.BoolVar(&f.keep.past, "no-past", false, "do not forget what is known of IDs out of use")
	c.RegisterFlagCompletionFunc("format", flagCompletion(words("text", "json")))
	c.RegisterFlagCompletionFunc("search", flagCompletion(words(searches...)))
	c.RegisterFlagCompletionFunc("host", flagCompletion(words("up", "down", "both")))
	c.RegisterFlagCompletionFunc("property", flagCompletion(words(explore.PropertyNames()...)))
}

// check looks at the flags that do not depend on the scenario.
func (f *exploreFlags) check() error {
	for _, p := range f.properties {
		if !slices.Contains(explore.PropertyNames(), p) {
			return usage("skinny explore: there is no property %q\n  %s", p, scenarios.Suggest(p, "properties", explore.PropertyNames()))
		}
	}
	switch {
	case f.format != "text" && f.format != "json":
		return usage("skinny explore: --format is text or json, not %q", f.format)
	case !slices.Contains(searches, f.search):
		return usage("skinny explore: --search is bfs, dfs or iterative, not %q", f.search)
	case f.events < 0:
		return usage("skinny explore: --events takes a number from 0, not %d", f.events)
	case f.workers < 0:
		return usage("skinny explore: --workers takes a number of cores, or 0 for all, not %d", f.workers)
	case f.host != "" && f.host != "up" && f.host != "down" && f.host != "both":
		return usage("skinny explore: --host is up, down or both, not %q", f.host)
	case f.step && (f.quiet || f.format == "json"):
		return usage("skinny explore: --step opens the counterexample; with --quiet and --format json\nopen it yourself: skinny step FILE")
	case f.search != "bfs" && (f.save != "" || f.resume != ""):
		return usage("skinny explore: only a bfs can be kept and taken up again; leave out --search %s", f.search)
	case f.save != "" && f.save == f.out:
		return usage("skinny explore: --save and --out name the same file")
	case f.save != "" && f.save != f.resume && exists(f.save):
		return usage("skinny explore: %s is there already and is left as it is; choose another name for --save", f.save)
	case f.out != "" && exists(f.out):
		return usage("skinny explore: %s is there already and is left as it is; choose another name for --out", f.out)
	}
	_, err := f.bytes()
	return err
}

func exists(name string) bool {
	_, err := os.Lstat(name)
	return err == nil
}

// units are those in which memory is given.
var units = []struct {
	name string
	size int64
}{{"GB", 1e9}, {"MB", 1e6}, {"KB", 1e3}}

// bytes is the memory that may be used.
func (f *exploreFlags) bytes() (int64, error) {
	for _, u := range units {
		if digits, ok := strings.CutSuffix(strings.ToUpper(f.memory), u.name); ok {
			n, err := strconv.ParseInt(digits, 10, 32)
			if err == nil && n > 0 {
				return n * u.size, nil
			}
		}
	}
	return 0, usage("skinny explore: --memory takes a size such as 500MB or 4GB, not %q", f.memory)
}

// sizeFlag writes a size as bytes reads it; it is a multiple of the smallest unit.
func sizeFlag(n int64) string {
	u := units[0]
	for i := 1; n%u.size != 0; i++ {
		u = units[i]
	}
	return strconv.FormatInt(n/u.size, 10) + u.name
}

// config is what is to be explored of a scenario.
func (f *exploreFlags) config(s *scenarios.Scenario) (explore.Config, int) {
	c, events := s.ExploreConfig()
	for _, b := range explore.Bounds() {
		if f.changed(b.String()) {
			c.Limits[b] = uint8(*f.limits[b])
		}
	}
	if f.changed("events") {
		events = f.events
	}
	switch f.host {
	case "up":
		c.HostsUp, c.HostsDown = true, false
	case "down":
		c.HostsUp, c.HostsDown = false, true
	case "both":
		c.HostsUp, c.HostsDown = true, true
	}
	c.Properties = f.properties
	c.Reductions = explore.Reductions{
		Stale: !f.keep.stale, Instances: !f.keep.instances, Clients: !f.keep.clients, Past: !f.keep.past,
	}
	return c, events
}

// exploration is a search with what it was told and what it has found.
type exploration struct {
	*app
	name     string
	flags    *exploreFlags
	scenario *scenarios.Scenario
	model    *explore.Model
	config   explore.Config
	events   int
	result   *search.Result
	meter    *searchMeter
	before   search.Result // of a search that was taken up again
	took     time.Duration
	kept     bool // in --save
	found    *finding
}

// explore searches a scenario and reports.
func (a *app) explore(name string, f *exploreFlags) error {
	stepper := &stepFlags{piped: true, violation: true}
	if f.step && !stepper.fits(a) {
		return noTerminal("explore")
	}
	if file, err := os.Open(name); err == nil {
		saved := search.IsSaved(file)
		file.Close()
		if saved {
			return usage("skinny explore: %s is a saved search; go on with it by\n  skinny explore SCENARIO --resume %s", name, shell.Word(name))
		}
	}
	s, err := a.load(name, &f.scenarioFlags)
	if err != nil {
		return err
	}
	x := &exploration{app: a, name: name, flags: f, scenario: s}
	x.config, x.events = f.config(s)
	if x.model, err = explore.New(x.config); err != nil {
		return usage("skinny explore: %v", err)
	}
	if err := errors.Join(tryFile("save", f.save), tryFile("out", f.out)); err != nil {
		return err
	}
	if err := x.search(); err != nil {
		return err
	}
	return x.report(stepper)
}

// report tells what was found.
func (x *exploration) report(stepper *stepFlags) error {
	// All of it, even after Ctrl-C; a second one ends the process.
	x.interrupted.Store(false)
	if x.result.Violation != nil {
		if err := x.tell(); err != nil {
			return err
		}
	}
	var err error
	if x.flags.format == "json" {
		err = x.printResult()
	} else {
		err = x.printReport()
	}
	if err == nil && x.flags.step && x.found != nil {
		err = x.step(x.found.Scenario, "skinny step "+shell.Word(x.found.file), stepper)
	}
	if err != nil {
		return err
	}
	return x.verdict()
}

// verdict turns what was found into an exit code.
func (x *exploration) verdict() error {
	r := x.result
	switch {
	case r.Violation != nil && r.Ending == search.Interrupted:
		return &exit{exitUnmet, "skinny: interrupted after a violation was found"}
	case r.Violation != nil:
		return &exit{exitUnmet, ""}
	case r.Ending == search.Interrupted:
		return &exit{exitInterrupted, "skinny: interrupted; this is what was found so far"}
	case r.Ending == search.OutOfMemory:
		return &exit{exitNotExhaustive, fmt.Sprintf("skinny: the memory (--memory %s) was used up before all states were expanded", x.flags.memory)}
	case len(x.unreached()) > 0:
		return &exit{exitVacuous, "skinny: never: " + strings.Join(x.unreached(), ", ") +
			"; a proof about a scenario in which\nthat cannot happen says little (more clients or larger bounds may help)"}
	}
	return nil
}

// unreached names what should have happened in some state and did not.
func (x *exploration) unreached() []string {
	var list []string
	for i, p := range x.model.Properties() {
		if p.Kind == search.Sometimes && !x.result.Reached.Has(i) {
			list = append(list, p.Name)
		}
	}
	return list
}
