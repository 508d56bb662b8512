package main

import (
	"errors"
	"fmt"
	"os"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"skinny/cmd/internal/shell"
	"skinny/scenarios"
	"skinny/sim/explore"
	"skinny/sim/explore/search"
)

// Exit codes of searches, beside those of runs.
const ()

// exploreFlags is what `skinny explore` can be told.
type exploreFlags struct {
	scenarioFlags
	format     string
	quiet      bool
	limits     map[explore.Bound]*int // as given; those that were not are left to the scenario
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
}

// searches are the ways to search.
var searches = []string{"bfs", "dfs", "iterative"}

func (a *app) exploreCommand() *cobra.Command {
	f := exploreFlags{limits: map[explore.Bound]*int{}}
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
			f.changed = c.Flags().Changed
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
		f.limits[b] = flags.Int(b.String(), int(defaults[b]), "at most `N` "+b.String()+", instead of the scenario's")
	}
	flags.IntVar(&f.events, "events", 0, "at most `N` decisions one after the other; 0 for no limit")
	flags.StringVar(&f.host, "host", "", "hosts of crashed instances are `STATE`: up (calls fail), down (no answer) or both")
	flags.StringArrayVar(&f.properties, "property", nil, "judge only this `PROPERTY`; may be repeated")
	flags.StringVar(&f.search, "search", "bfs", "the `ORDER`: bfs (shortest counterexample), dfs, iterative")
	flags.IntVar(&f.workers, "workers", 0, "use `N` cores for bfs; 0 for all")
	flags.StringVar(&f.memory, "memory", "4GB", "use at most `SIZE`, as 500MB or 4GB")
	flags.StringVar(&f.save, "save", "", "keep a bfs that ends early in `FILE`")
	flags.StringVar(&f.resume, "resume", "", "go on with the bfs kept in `FILE`")
	flags.StringVar(&f.out, "out", "", "save the counterexample as `FILE`")
	flags.BoolVar(&f.step, "step", false, "open the counterexample in the stepper, where it breaks")
	flags.StringVar(&f.format, "format", "text", "the result as `FORMAT`: text or json")
	flags.BoolVar(&f.quiet, "quiet", false, "no report and no story: just the verdict")
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
	for _, b := range explore.Bounds() {
		if n := *f.limits[b]; n < 0 || n > explore.MaxLimit {
			return usage("skinny explore: --%s takes a number from 0 to %d, not %d", b, explore.MaxLimit, n)
		}
	}
	switch {
	case f.format != "text" && f.format != "json":
		return usage("skinny explore: --format is text or json, not %q", f.format)
	case !slices.Contains(searches, f.search):
		return usage("skinny explore: --search is bfs, dfs or iterative, not %q", f.search)
	case f.events < 0:
		return usage("skinny explore: --events takes a number from 0, not %d", f.events)
	case f.host != "" && f.host != "up" && f.host != "down" && f.host != "both":
		return usage("skinny explore: --host is up, down or both, not %q", f.host)
	case f.step && (f.quiet || f.format == "json"):
		return usage("skinny explore: --step opens the counterexample; with --quiet and --format json\nopen it yourself: skinny step FILE")
	case f.search != "bfs" && (f.save != "" || f.resume != ""):
		return usage("skinny explore: only a bfs can be kept and taken up again; leave out --search %s", f.search)
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

// bytes is the memory that may be used.
func (f *exploreFlags) bytes() (int64, error) {
	units := []struct {
		name string
		size int64
	}{{"GB", 1e9}, {"MB", 1e6}, {"KB", 1e3}}
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
	found    *finding
}

// explore searches a scenario and reports.
func (a *app) explore(name string, f *exploreFlags) error {
	stepper := &stepFlags{piped: true, violation: true}
	if f.step && !stepper.fits(a) {
		return noTerminal("explore")
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
	if err := x.search(); err != nil {
		return err
	}
	if x.result.Violation != nil {
		if err := x.tell(); err != nil {
			return err
		}
	}
	if f.format == "json" {
		err = x.printResult()
	} else {
		err = x.printReport()
	}
	if err == nil && f.step && x.found != nil {
		err = a.step(x.found.scenario, "skinny step "+shell.Word(x.found.file), stepper)
	}
	if err != nil {
		return err
	}
	return x.verdict()
}

// leastMemoryLimit keeps the collector from working without end for a tiny --memory.
const leastMemoryLimit = 64e6

// search searches.
func (x *exploration) search() error {
	f := x.flags
	memory, _ := f.bytes()
	// The rest is for what is not counted; garbage is collected before it is too much.
	debug.SetMemoryLimit(max(memory, leastMemoryLimit))
	x.meter = newSearchMeter(x.app, !f.quiet && f.format == "text")
	o := search.Options{
		Workers: f.workers, Depth: x.events, Memory: memory / 10 * 9,
		Stop: x.interrupted.Load, Progress: x.meter.show,
	}
	begin := time.Now()
	var err error
	switch f.search {
	case "dfs":
		x.result, err = search.DepthFirst(x.model, o)
	case "iterative":
		x.result, err = search.Deepening(x.model, o)
	default:
		err = x.breadth(o)
	}
	x.meter.clear()
	x.took = time.Since(begin)
	var e *exit
	if err != nil && !errors.As(err, &e) {
		err = &exit{exitUsage, "skinny explore: " + err.Error()}
	}
	return err
}

// breadth searches breadth first, from where another search has ended if that is
// wanted.
func (x *exploration) breadth(o search.Options) error {
	var s *search.Search
	if x.flags.resume == "" {
		s = search.New(x.model, o)
	} else {
		file, err := os.Open(x.flags.resume)
		if err != nil {
			return usage("skinny explore: %v", err)
		}
		defer file.Close()
		if s, err = search.Resume(x.model, o, file); err != nil {
			return usage("skinny explore: %s cannot be taken up: %v", x.flags.resume, err)
		}
		x.before = s.Result()
		x.meter.before = x.before.Expanded
	}
	var err error
	if x.result, err = s.Run(); err != nil {
		return err
	}
	if x.flags.save == "" || x.result.Ending != search.Interrupted && x.result.Ending != search.OutOfMemory {
		return nil
	}
	return keep(s, x.flags.save)
}

// keep writes a search to a file, whole or not at all.
func keep(s *search.Search, name string) error {
	file, err := os.CreateTemp(dirOf(name), ".skinny-*")
	if err == nil {
		err = errors.Join(s.Save(file), file.Close())
		if err == nil {
			err = os.Rename(file.Name(), name)
		}
		if err != nil {
			os.Remove(file.Name())
		}
	}
	if err != nil {
		return usage("skinny explore: the search cannot be kept: %v", err)
	}
	return nil
}

func dirOf(name string) string {
	if at := strings.LastIndexByte(name, os.PathSeparator); at >= 0 {
		return name[:at+1]
	}
	return "."
}

// verdict turns what was found into an exit code.
func (x *exploration) verdict() error {
	r := x.result
	switch {
	case r.Ending == search.Violated:
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
