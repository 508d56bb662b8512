package main

import (
	"os"
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"skinny/cmd/internal/campaign"
	"skinny/cmd/internal/shell"
	"skinny/scenarios"
	"skinny/scenarios/counterexample"
	"skinny/sim/check"
	"skinny/sim/swarm"
)

// checkFlags is what `skinny check` can be told.
type checkFlags struct {
	scenarioFlags
	profile    string
	seeds      uint64
	span       time.Duration
	from       uint64
	properties []string
	keepGoing  bool
	recheck    uint64
	jobs       int
	shard      string
	merge      bool
	format     string
	quiet      bool
	dir        string
	whole      bool
	shrinking  bool
	step       bool
	knobs      []*knobFlag
	changed    func(name string) bool    // whether a flag was given
	visit      func(func(f *pflag.Flag)) // every flag that was given
}

// knobFlag is the flag of one knob.
type knobFlag struct {
	info  swarm.KnobInfo
	value string
}

// Without a budget so many seeds are run: about a second's.
const defaultSeeds = 10_000

// One seed in so many is run twice.
const defaultRecheck = 64

func (a *app) checkCommand() *cobra.Command {
	var f checkFlags
	c := &cobra.Command{
		Use:   "check [SCENARIO]",
		Short: "judge many random seeds, and shrink what fails to a story",
		Long: "Runs many seeds with random clusters, clients, timing and faults, and judges\n" +
			"every run. The smallest failing seed is shrunk to a minimal scenario, which is\n" +
			"told and saved. With a SCENARIO, its cluster and its timeline are the base, and\n" +
			"what the profile adds comes on top; what it expects counts for nothing, and\n" +
			"progress is judged if it demands it.\n\n" +
			"A profile says what varies; every knob can be set to a value or a range, as in\n" +
			"--loss 5% or --crashes 0..3. A seed draws from the range; if it begins at 0,\n" +
			"half of the seeds have none. The result does not depend on the number of cores.\n\n" +
			"Exit codes: 0 nothing is violated; 1 a property is; 2 bad usage or bad input;\n" +
			"3 some operation made no progress, and nothing worse; 4 the runs never met what\n" +
			"the profile is for; 5 two runs of one seed were not the same; 130 interrupted.",
		Example: "  skinny check --edition published --profile none --seeds 1000\n" +
			"  skinny check --edition sound --for 30s\n" +
			"  skinny check --edition sound --rule durable=off\n" +
			"  skinny check typical --profile crash --keep-going",
		ValidArgsFunction: completeScenarios,
		RunE: func(c *cobra.Command, args []string) error {
			f.changed, f.visit = c.Flags().Changed, c.Flags().Visit
			f.seedSet = f.changed("seed")
			if f.merge {
				return a.mergeParts(args, &f)
			}
			if err := arguments(0, 1, "at most one scenario: a name, a file, or -")(c, args); err != nil {
				return err
			}
			if err := f.check(); err != nil {
				return err
			}
			return a.check(strings.Join(args, ""), &f)
		},
	}
	f.add(c)
	return c
}

func (f *checkFlags) add(c *cobra.Command) {
	f.scenarioFlags.add(c)
	flags := c.Flags()
	flags.Lookup("seed").Usage = "run this `SEED` only: --from SEED --seeds 1"
	flags.StringVar(&f.profile, "profile", "", "what varies: `PROFILE` is "+strings.Join(profileNames(), ", ")+" (default all, or the scenario's)")
	flags.Uint64Var(&f.seeds, "seeds", 0, "run `N` seeds (default "+strconv.Itoa(defaultSeeds)+" if there is no --for)")
	flags.DurationVar(&f.span, "for", 0, "begin no new seed after a `TIME` such as 30s")
	flags.Uint64Var(&f.from, "from", 1, "the first `SEED`")
	flags.StringArrayVar(&f.properties, "property", nil, "count violations of this `PROPERTY` only; may be repeated")
	flags.BoolVar(&f.keepGoing, "keep-going", false, "collect the different ways to fail instead of stopping at the first")
	flags.Uint64Var(&f.recheck, "recheck", defaultRecheck, "run one seed in `N` twice and compare; 0: none")
	flags.IntVar(&f.jobs, "jobs", 0, "use `N` cores (default all)")
	flags.StringVar(&f.shard, "shard", "", "run part `I/N` of the seeds, I from 0; auto/N takes I from the job's environment")
	flags.BoolVar(&f.merge, "merge", false, "make one report of the results of shards: --merge FILE...")
	flags.StringVar(&f.format, "format", "text", "the result as `FORMAT`: text, or json (JSON Lines)")
	flags.BoolVar(&f.quiet, "quiet", false, "no story and no counts: what is violated, and where it is saved")
	flags.StringVar(&f.dir, "dir", ".", "save counterexamples in `DIR`")
	flags.BoolVar(&f.whole, "no-shrink", false, "save the whole failing run instead of a small one")
	flags.BoolVar(&f.shrinking, "show-shrinking", false, "tell what was left out, and why the rest is needed")
	flags.BoolVar(&f.step, "step", false, "open the counterexample in the stepper, where it breaks")
	for _, info := range swarm.KnobTable() {
		k := &knobFlag{info: info}
		f.knobs = append(f.knobs, k)
		about := info.About
		if info.Risky {
			about += " (breaks the assumption on names)"
		}
		flags.StringVar(&k.value, info.Name, "", "`"+knobPlaceholders[info.Unit]+"`: "+about)
	}
	c.RegisterFlagCompletionFunc("profile", flagCompletion(words(profileNames()...)))
	c.RegisterFlagCompletionFunc("format", flagCompletion(words("text", "json")))
	c.RegisterFlagCompletionFunc("property", flagCompletion(words(propertyNames()...)))
}

var knobPlaceholders = [...]string{swarm.Count: "N..M", swarm.Share: "N%..M%", swarm.Duration: "TIME..TIME"}

func profileNames() []string {
	var list []string
	for _, p := range swarm.Profiles() {
		list = append(list, p.Name)
	}
	return list
}

func propertyNames() []string {
	var list []string
	for _, p := range check.Properties() {
		list = append(list, p.Name)
	}
	return list
}

// check looks at the flags that do not depend on the scenario.
func (f *checkFlags) check() error {
	if f.profile != "" {
		if _, ok := swarm.ProfileByName(f.profile); !ok {
			return usage("skinny check: there is no profile %q\n  %s", f.profile, scenarios.Suggest(f.profile, "profiles", profileNames()))
		}
	}
	for _, p := range f.properties {
		if _, ok := find(propertyNames(), p); !ok {
			return usage("skinny check: there is no property %q\n  %s", p, scenarios.Suggest(p, "properties", propertyNames()))
		}
	}
	switch {
	case f.format != "text" && f.format != "json":
		return usage("skinny check: --format is text or json, not %q", f.format)
	case f.seedSet && (f.changed("from") || f.changed("seeds") || f.span > 0 || f.shard != ""):
		return usage("skinny check: --seed runs one seed; --from, --seeds, --for and --shard have no part in it")
	case f.changed("seeds") && f.seeds == 0:
		return usage("skinny check: --seeds is at least 1")
	case f.span < 0 || f.changed("for") && f.span == 0:
		return usage("skinny check: --for takes a time above 0, such as 30s")
	case f.jobs < 0 || f.changed("jobs") && f.jobs == 0:
		return usage("skinny check: --jobs is at least 1")
	case f.shrinking && (f.whole || f.quiet || f.format == "json"):
		return usage("skinny check: --show-shrinking tells of a counterexample that is shrunk and told; --no-shrink,\n--quiet and --format json have none")
	case f.step && (f.keepGoing || f.quiet || f.format == "json"):
		return usage("skinny check: --step opens the counterexample; with --keep-going, --quiet and --format json\nopen it yourself: skinny step FILE")
	case f.changed("shard") && f.shard == "":
		return usage("skinny check: --shard is empty; it takes I/N or auto/N, as in --shard 0/8")
	case f.from+f.budget()-1 < f.from:
		return usage("skinny check: %d seeds from %d on are more than there are; the last seed is 18446744073709551615", f.budget(), f.from)
	}
	if info, err := os.Stat(f.dir); err != nil || !info.IsDir() {
		return usage("skinny check: --dir %s is no directory to save counterexamples in", f.dir)
	}
	return nil
}

// beside is a flag that was given and is none of these, "" if there is none.
func (f *checkFlags) beside(names ...string) string {
	found := ""
	f.visit(func(flag *pflag.Flag) {
		if _, ok := find(names, flag.Name); !ok {
			found = flag.Name
		}
	})
	return found
}

func find(list []string, word string) (int, bool) {
	for i, s := range list {
		if s == word {
			return i, true
		}
	}
	return 0, false
}

// budget is the number of seeds that may be run.
func (f *checkFlags) budget() uint64 {
	switch {
	case f.seedSet:
		return 1
	case f.seeds > 0:
		return f.seeds
	case f.span > 0:
		return 1<<64 - 1 - f.from
	}
	return defaultSeeds
}

// sequence is the seeds to run.
func (f *checkFlags) sequence() campaign.Seeds {
	first := f.from
	if f.seedSet {
		first = f.seed
	}
	return campaign.Seeds{First: first, Step: 1, Count: f.budget()}
}

func (f *checkFlags) workers() int {
	if f.jobs > 0 {
		return f.jobs
	}
	return runtime.GOMAXPROCS(0)
}

// check runs a campaign and reports it.
func (a *app) check(name string, f *checkFlags) error {
	if stepper := (&stepFlags{piped: name == scenarios.StandardInput}); f.step && !stepper.fits(a) {
		return noTerminal("check")
	}
	subject, err := a.subject(name, f)
	if err != nil {
		return err
	}
	shard, err := f.part()
	if err != nil {
		return err
	}
	seeds := f.sequence()
	result := newResult(subject, f, seeds, shard)
	meter := a.newMeter(seeds, shard, f)
	report := campaign.Run(campaign.Config{
		Setting:    &subject.setting,
		Seeds:      shard.of(seeds),
		For:        f.span,
		Workers:    f.workers(),
		Properties: f.properties,
		KeepGoing:  f.keepGoing,
		Recheck:    f.recheck,
		Stop:       a.interrupted.Load,
		Progress:   meter.show,
	})
	meter.clear()
	result.take(report)
	cases, err := a.cases(subject, result, f)
	if err != nil {
		return err
	}
	if err := a.report(result, cases, f); err != nil {
		return err
	}
	if f.step && len(cases) == 1 {
		if err := a.stepCase(cases[0], result.failures[0].File); err != nil {
			return err
		}
	}
	return result.exit()
}

// stepCase opens a counterexample where it breaks.
func (a *app) stepCase(c *counterexample.Case, file string) error {
	return a.step(c.Scenario, "skinny step "+shell.Word(file), &stepFlags{piped: true, violation: true})
}
