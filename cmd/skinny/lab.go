package main

import (
	"cmp"
	"fmt"
	"math"
	"path/filepath"
	"strconv"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"skinny/cmd/internal/exploration"
	"skinny/cmd/internal/lab"
	"skinny/cmd/internal/learn"
	"skinny/cmd/internal/program"
	"skinny/cmd/internal/report"
	"skinny/cmd/internal/shell"
	"skinny/scenarios"
	"skinny/scenarios/form"
)

var labStages = &vocabulary{"stage", "stages", "", listed(lab.Stages, func(s *lab.Stage) string { return s.Name + "\t" + s.Title })}

func (a *app) labCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "lab",
		Short: "write your own instance, in any language, and have it judged",
		Long: "In the lab you write an instance of Skinny yourself, in any language, and the sandbox\n" +
			"plays it in scenarios and seeds beside its own. There are eleven stages, each with\n" +
			"something to watch it in; without a command they are listed.",
		Example: "  skinny lab new mine --lang python\n" +
			"  skinny lab check mine\n" +
			"  skinny lab check mine commit --step",
		Args: unknownCommand,
		RunE: func(*cobra.Command, []string) error {
			p, progress := a.Page(), learn.Load()
			lab.List(p, func(s *lab.Stage) (string, bool) {
				score, done := progress.Done(labName(s))
				return score.By, done
			})
			return p.Flush()
		},
	}
	c.AddCommand(a.labNewCommand(), a.labCheckCommand(),
		a.printing("schema", "the JSON Schema of questions and answers", func() string { return string(program.Schemas()) }))
	return c
}

func (a *app) labNewCommand() *cobra.Command {
	language := ""
	names := form.Each(lab.Languages(), func(l lab.Language) string { return l.Name })
	c := &cobra.Command{
		Use:     "new DIR --lang LANGUAGE",
		Short:   "write the files to begin with: a loop, an instance to fill in, a page to read",
		Example: "  skinny lab new mine --lang python",
		Args:    arguments(1, 1, "a directory"),
		RunE: func(_ *cobra.Command, args []string) error {
			if language == "" {
				return report.Usage("skinny lab new: --lang says in which language: python, js or go")
			}
			next, err := lab.New(args[0], language)
			if err != nil {
				return err
			}
			return a.Print(next)
		},
	}
	choiceValue(&language, "LANGUAGE", names...).add(c, "lang", "LANGUAGE is python, js or go")
	return c
}

// labName is what a stage is called where progress is kept.
func labName(s *lab.Stage) string { return "lab/" + s.Name }

// labGrade are the bounds of submissions that `skinny grade --lab` judges.
type labGrade struct {
	labFlags
	lab    bool
	time   time.Duration
	memory exploration.Size
}

// What a submission may take unless more is given.
const (
	labGradeTime   = 5 * time.Minute
	labGradeMemory = 1_000_000_000
	labGradeSeeds  = 2000
)

func (g *labGrade) add(c *cobra.Command) {
	g.memory = labGradeMemory
	c.Flags().BoolVar(&g.lab, "lab", false, "judge instances of the lab: directories, one line each")
	g.labFlags.add(c, "with --lab: ", labGradeSeeds)
	timeValue(&g.time, "TIME").add(c, "for", "with --lab: each may take a TIME (default 5m)")
	sizeValue(&g.memory).add(c, "memory", "with --lab: each process may have SIZE of data, on Linux")
}

// check looks at flags that are about the lab without it.
func (g *labGrade) check(c *cobra.Command) (err error) {
	for _, name := range []string{"program", "program-timeout", "seeds", "for", "memory"} {
		if !g.lab && c.Flags().Changed(name) {
			err = report.Usage("skinny grade: --%s is about instances of the lab; add --lab", name)
		}
	}
	return err
}

func (g *labGrade) grade(a *app, dirs []string, format string) error {
	brokenPipes() // what is built is removed
	b := lab.Bounds{
		Timeout: g.timeout, Time: cmp.Or(g.time, labGradeTime), Data: uint64(g.memory),
		Seeds: cmp.Or(g.seeds, labGradeSeeds), Stop: a.Interrupted.Load,
	}
	head := []string{"submission", "passed", "of", "stage", "why", "seconds"}
	judge := func(dir string) (mark, bool) {
		m, stopped := lab.Grade(dir, g.words, b)
		said := "all stages"
		if m.Passed < m.Of {
			said = m.Why
		}
		if m.Stage != "" {
			said = m.Stage + ": " + said
		}
		return mark{
			passed: m.Passed == m.Of, says: fmt.Sprintf("%d of %d  %s: %s", m.Passed, m.Of, m.Submission, said), value: m,
			row: []string{m.Submission, strconv.Itoa(m.Passed), strconv.Itoa(m.Of), m.Stage, m.Why, strconv.FormatFloat(m.Seconds, 'f', 1, 64)},
		}, stopped
	}
	return a.printMarks(format, "submissions", head, dirs, judge, form.Object{{Name: "format", Value: gradeFormat}}, "submissions")
}

// labFlags say how what lies in a directory is started and judged.
type labFlags struct {
	command string
	words   []string
	timeout time.Duration
	seeds   uint64
	flags   *pflag.FlagSet // all of the command
}

func (f *labFlags) add(c *cobra.Command, when string, seeds int) {
	f.flags = c.Flags()
	checkedValue(&f.command, "COMMAND", "a command, as in 'python3 mine.py'; {} in it is the directory", func(text string) bool {
		words, err := program.Words(text)
		f.words = words
		return err == nil
	}).add(c, "program", when+"COMMAND starts it; {} in it is the directory (default: by the file that lies there)")
	timeValue(&f.timeout, "TIME").add(c, "program-timeout", when+"it answers within a TIME (default 1s)")
	numberValue(&f.seeds, "N", 1, math.MaxInt32).add(c, "seeds", when+"the last stage runs N seeds, the others at most as many (default "+report.Grouped(uint64(seeds))+")")
}

// again repeats the flags on a command line.
func (f *labFlags) again() string { return repeated(f.flags, "program", "program-timeout", "seeds") }

func (a *app) labCheckCommand() *cobra.Command {
	var f labFlags
	check := lab.Check{Console: a.Console}
	c := &cobra.Command{
		Use:   "check DIR [STAGE]",
		Short: "judge an instance, stage after stage, up to the first that fails",
		Long: "Judges the instance that lies in a directory by scenarios and random seeds, and by asking\n" +
			"the same thing twice. A stage that fails shows the smallest run that was found, and what\n" +
			"the instance was asked and answered where it went wrong. STAGE is a name or a number.\n\n" +
			"Exit codes: 0 passed; 1 not passed; 2 bad usage, or the program could not go on;\n" +
			"5 it answered the same question in two ways; 130 interrupted.",
		Example: "  skinny lab check mine\n" +
			"  skinny lab check mine promise\n" +
			"  skinny lab check mine promise --step\n" +
			"  skinny lab check mine --program 'ruby mine/instance.rb'",
		Args: arguments(1, 2, "a directory, and a stage if only that is to be judged"),
		ValidArgsFunction: func(_ *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
			if len(args) == 1 {
				return labStages.complete(typed), cobra.ShellCompDirectiveNoFileComp
			}
			return nil, cobra.ShellCompDirectiveFilterDirs
		},
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) == 2 {
				stage, ok := lab.ByName(args[1])
				if !ok {
					return report.Usage("skinny lab check: there is no stage %q; they have the numbers 1 to %d, or names\n  %s", args[1], len(lab.Stages()), scenarios.Suggest(args[1], labStages.many, labStages.names()))
				}
				check.Stage = stage
			}
			check.Dir, check.Command, check.Timeout, check.Seeds = args[0], f.words, f.timeout, f.seeds
			check.Again = "skinny lab check " + shell.File(args[0]) + f.again()
			check.Done = func(s *lab.Stage) {
				by, _ := filepath.Abs(args[0])
				if err := learn.Load().Note(labName(s), learn.Score{Right: 1, Of: 1, By: by}); err != nil {
					fmt.Fprintf(a.Err, "skinny lab check: %v\n", err)
				}
			}
			return a.labCheck(&check)
		},
	}
	f.add(c, "", lab.LastSeeds)
	fileValue(&check.Save).add(c, "save", "save the run that fails as the scenario FILE")
	c.Flags().BoolVar(&check.Step, "step", false, "open the run that fails in the stepper")
	return c
}

// labCheck judges, and opens the run that fails if that is wanted.
func (a *app) labCheck(check *lab.Check) error {
	if check.Step && !(&stepFlags{}).fits(a) {
		return report.Usage("skinny lab check: this is no terminal, and --step fills one\n  without it the run is told, and --save FILE keeps it for `skinny step FILE --plain`")
	}
	brokenPipes() // what is built is removed
	failing, end, err := check.Run()
	if end != nil {
		defer end()
	}
	if failing == nil || !check.Step {
		return err
	}
	open := check.Reopen()
	if check.Save != "" {
		open = check.With("step", shell.File(check.Save))
	}
	replays := func(file string) string { return check.With("run", file) }
	return cmp.Or(a.step(failing, open, &stepFlags{violation: true, found: check.Save == "", replays: replays}), err)
}
