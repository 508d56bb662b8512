package main

import (
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"skinny/cmd/internal/program"
	"skinny/cmd/internal/report"
	"skinny/cmd/internal/shell"
	"skinny/cmd/internal/sweep"
	"skinny/scenarios"
	"skinny/scenarios/form"
	"skinny/sim/check"
	"skinny/sim/swarm"
)

type checkFlags struct {
	scenarioFlags
	sweep.Check
	profile string
	shard   string
	merge   bool
	format  string
	step    bool
	knobs   sweep.KnobTexts
}

// Without a budget this many seeds are run: about a second's.
const defaultSeeds = 10_000

// One seed in this many is run twice.
const defaultRecheck = 64

// profiles and properties are what a check can be told of.
var (
	profiles = &vocabulary{"profile", "profiles", "",
		listed(swarm.Profiles, func(p swarm.Profile) string { return p.Name + "\t" + p.About })}
	properties = &vocabulary{"property", "properties", "",
		listed(check.Properties, func(p check.Property) string { return p.Name + "\t" + p.About })}
)

func (a *app) checkCommand() *cobra.Command {
	f := checkFlags{format: "text"}
	f.Head.From, f.Head.Shards = 1, 1
	f.Recheck, f.Workers, f.Dir = defaultRecheck, runtime.GOMAXPROCS(0), "."
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
			"Exit codes: 0 nothing is violated; 1 a property is; 2 bad usage or bad input, or a\n" +
			"program that does wrong; 3 some operation made no progress, and nothing worse; 4 the\n" +
			"runs never met what the check is for; 5 two runs of one seed were not the same, or an\n" +
			"answer of a program depends on more than its question; 130 interrupted.",
		Example: "  skinny check --edition published --profile none --seeds 1000\n" +
			"  skinny check --edition sound --for 30s\n" +
			"  skinny check --edition sound --rule durable=off\n" +
			"  skinny check typical --profile crash --keep-going",
		Args: func(c *cobra.Command, args []string) error {
			if f.merge {
				return nil // all are files
			}
			return arguments(0, 1, "at most one scenario: a name, a file, or -")(c, args)
		},
		RunE: func(c *cobra.Command, args []string) error {
			f.Console, f.JSON = a.Console, f.format == "json"
			if f.merge {
				return f.mergeParts(args)
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
	const most = 1<<64 - 1
	f.scenarioFlags.add(c)
	f.addSeed(c, "run this SEED only: --from SEED --seeds 1")
	flags := c.Flags()
	wordValue(&f.profile, "PROFILE", profiles).add(c, "profile", "what varies: PROFILE is "+strings.Join(profiles.names(), ", ")+" (default all, or the scenario's)")
	numberValue(&f.Head.Seeds, "N", 1, most).add(c, "seeds", "run N seeds (default "+strconv.Itoa(defaultSeeds)+" if there is no --for)")
	timeValue(&f.For, "TIME").add(c, "for", "begin no new seed after a TIME such as 30s")
	numberValue(&f.Head.From, "SEED", 0, most).add(c, "from", "the first SEED")
	wordsValue(&f.Properties, "PROPERTY", properties).add(c, "property", "count violations of this PROPERTY only; may be repeated")
	flags.BoolVar(&f.KeepGoing, "keep-going", false, "collect the different ways to fail instead of stopping at the first")
	numberValue(&f.Recheck, "N", 0, most).add(c, "recheck", "run one seed in N twice and compare; 0: none")
	numberValue(&f.Workers, "N", 1, mostJobs).add(c, "jobs", "use N cores (default all)")
	flags.Lookup("jobs").DefValue = ""
	textValue(&f.shard, "I/N").add(c, "shard", "run part I/N of the seeds, I from 0; auto/N takes I from the job's environment")
	flags.BoolVar(&f.merge, "merge", false, "make one report of the results of shards: --merge FILE...")
	choiceValue(&f.format, "FORMAT", "text", "json").add(c, "format", "the result as FORMAT: text, or json (JSON Lines)")
	flags.BoolVar(&f.Quiet, "quiet", false, "no story and no counts: what is violated, and where it is saved")
	textValue(&f.Dir, "DIR").add(c, "dir", "save counterexamples in DIR")
	flags.BoolVar(&f.Whole, "no-shrink", false, "save the whole failing run instead of a small one")
	flags.BoolVar(&f.Shrinking, "show-shrinking", false, "tell what was left out, and why the rest is needed")
	flags.BoolVar(&f.step, "step", false, "open the counterexample in the stepper, where it breaks")
	for _, info := range swarm.KnobTable() {
		about := info.About
		if info.Risk != swarm.NoRisk {
			about += " (breaks the assumption on " + info.Risk.String() + ")"
		}
		v := textValue(&f.knobs[info.Knob], knobPlaceholders[info.Unit])
		v.add(c, info.Name, v.placeholder+": "+about)
	}
}

// mostJobs is more workers than there are cores anywhere.
const mostJobs = 1024

var knobPlaceholders = [...]string{swarm.Count: "N..M", swarm.Share: "N%..M%", swarm.Duration: "TIME..TIME"}

// check looks at flags that do not go together.
func (f *checkFlags) check() error {
	switch {
	case f.Seed != nil && slices.ContainsFunc([]string{"from", "seeds", "for", "shard"}, f.flags.Changed):
		return report.Usage("skinny check: --seed runs one seed; --from, --seeds, --for and --shard have no part in it")
	case f.Shrinking && (f.Whole || f.Quiet || f.JSON):
		return report.Usage("skinny check: --show-shrinking tells of a counterexample that is shrunk and told; --no-shrink,\n--quiet and --format json have none")
	case f.step && (f.KeepGoing || f.Quiet || f.JSON):
		return report.Usage("skinny check: --step opens the counterexample; with --keep-going, --quiet and --format json\nopen it yourself: skinny step FILE")
	}
	h := &f.Head
	switch {
	case f.Seed != nil:
		h.From, h.Seeds = *f.Seed, 1
	case h.Seeds > 0:
	case f.For > 0:
		h.Seeds = 1<<64 - 1 - max(h.From, 1) + 1 // all that there are, or all but one
	default:
		h.Seeds = defaultSeeds
	}
	if h.From+h.Seeds-1 < h.From {
		return report.Usage("skinny check: %d seeds from %d on are more than there are; the last seed is 18446744073709551615", h.Seeds, h.From)
	}
	return f.makeDir()
}

// makeDir makes the folder of --dir, before there is something to lose.
func (f *checkFlags) makeDir() error {
	if err := os.MkdirAll(f.Dir, 0o777); err != nil {
		return report.Usage("skinny check: --dir %s is no directory to save counterexamples in: %v", f.Dir, report.Cause(err))
	}
	return nil
}

// mergeParts makes one report of the results of shards.
func (f *checkFlags) mergeParts(files []string) error {
	if others := changed(f.flags, "merge", "format", "quiet", "dir", "color"); others != nil {
		return report.Usage("skinny check: --merge reads what shards have found; --%s has no part in it", others[len(others)-1])
	}
	if err := f.makeDir(); err != nil {
		return err
	}
	return f.Merge(files)
}

func (a *app) check(name string, f *checkFlags) error {
	if stepper := (&stepFlags{piped: name == scenarios.StandardInput}); f.step && !stepper.fits(a) {
		return noTerminal("check")
	}
	var err error
	if f.Players, err = a.players(&f.scenarioFlags, f.Workers); err != nil {
		return err
	}
	if f.Players != nil {
		f.Workers *= program.Together
	}
	if err := a.subject(name, f); err != nil {
		return err
	}
	if f.shard != "" {
		if err := f.SetShard(f.shard); err != nil {
			return err
		}
	}
	result, err := f.Run()
	if err != nil {
		return err
	}
	found, file := result.Counterexample()
	return a.ended(f.step, found, file, result.Exit())
}

// subject puts together what the flags and the scenario say.
func (a *app) subject(name string, f *checkFlags) error {
	if name == "" {
		if err := f.drawn(); err != nil {
			return err
		}
		f.Draw(f.Overrides, f.profile)
	} else {
		o := f.Overrides
		o.Seed = nil // it is the check's, not the scenario's
		s, err := a.load(name, o)
		if err != nil {
			return err
		}
		if err := f.Vary(name, s, f.profile); err != nil {
			return err
		}
	}
	f.Head.Arguments = f.repeat(name)
	return f.SetKnobs(&f.knobs)
}

// repeat is the arguments that say what is checked.
func (f *checkFlags) repeat(name string) string {
	names := []string{"edition", "rule", "program", "program-timeout", "pure", "profile"}
	names = append(names, form.Each(swarm.KnobTable(), func(k swarm.KnobInfo) string { return k.Name })...)
	if name != "" {
		name = " " + shell.File(name)
	}
	return name + repeated(f.flags, append(names, "property")...)
}
