package main

import (
	"math"
	"runtime"
	"time"

	"github.com/spf13/cobra"

	"skinny/cmd/internal/lab"
	"skinny/cmd/internal/program"
	"skinny/cmd/internal/report"
	"skinny/cmd/internal/shell"
)

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
			p := a.Page()
			lab.List(p, func(*lab.Stage) bool { return false })
			return p.Flush()
		},
	}
	c.AddCommand(a.labNewCommand(), a.labCheckCommand(), &cobra.Command{
		Use:   "schema",
		Short: "the JSON Schema of questions and answers",
		Args:  arguments(0, 0, "no arguments"),
		RunE:  func(*cobra.Command, []string) error { return a.Print(string(program.Schemas())) },
	})
	return c
}

func (a *app) labNewCommand() *cobra.Command {
	language := ""
	var names []string
	for _, l := range lab.Languages() {
		names = append(names, l.Name)
	}
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

// labFlags say how what lies in a directory is started and judged.
type labFlags struct {
	command string
	words   []string
	timeout time.Duration
	seeds   uint64
}

func (f *labFlags) add(c *cobra.Command) {
	checkedValue(&f.command, "COMMAND", "a command, as in 'python3 mine.py'; {} in it is the directory", func(text string) bool {
		words, err := program.Words(text)
		f.words = words
		return err == nil
	}).add(c, "program", "COMMAND starts the instance; {} in it is the directory (default: by the file that lies there)")
	timeValue(&f.timeout, "TIME").add(c, "program-timeout", "it answers within a TIME (default 1s)")
	numberValue(&f.seeds, "N", 1, math.MaxInt32).add(c, "seeds", "the last stage runs N seeds, the others at most as many (default 20,000)")
}

func (a *app) labCheckCommand() *cobra.Command {
	var f labFlags
	check := lab.Check{Console: a.Console, Workers: runtime.GOMAXPROCS(0)}
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
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) == 2 {
				stage, ok := lab.ByName(args[1])
				if !ok {
					return report.Usage("skinny lab check: there is no stage %q; `skinny lab` lists them", args[1])
				}
				check.Stage = stage
			}
			check.Dir, check.Command, check.Timeout, check.Seeds = args[0], f.words, f.timeout, f.seeds
			check.Again = "skinny lab check " + shell.File(args[0])
			return a.labCheck(&check)
		},
	}
	f.add(c)
	fileValue(&check.Save).add(c, "save", "save the run that fails as the scenario FILE")
	c.Flags().BoolVar(&check.Step, "step", false, "open the run that fails in the stepper")
	return c
}

// labCheck judges, and opens the run that fails if that is wanted.
func (a *app) labCheck(check *lab.Check) error {
	failing, end, err := check.Run()
	if end != nil {
		defer end()
	}
	if failing == nil || !check.Step {
		return err
	}
	return a.step(failing, check.Again+" --step", &stepFlags{violation: true})
}
