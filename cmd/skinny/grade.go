package main

import (
	"encoding/csv"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"skinny/cmd/internal/report"
	"skinny/scenarios"
	"skinny/scenarios/exercise"
	"skinny/scenarios/form"
)

// gradeFormat is the version of what `skinny grade` writes for other programs.
const gradeFormat = 1

// gradeTime is how long one solution may take.
const gradeTime = 5 * time.Second

var exercises = &vocabulary{"exercise", "exercises", "", listed(exercise.Names, named)}

func (a *app) gradeCommand() *cobra.Command {
	format := "text"
	var instances labGrade
	c := &cobra.Command{
		Use:   "grade EXERCISE [FILE...]",
		Short: "judge solutions of exercises, or of the lab, one line each",
		Long: "Judges solutions of an exercise: everything as given but for what may be changed, no\n" +
			"decisions but those that are allowed, each demand, and the number of moves against\n" +
			"par. A demand that is met is a point, and so is a solution that meets par. Files are\n" +
			"judged in their order, and one that is no solution costs its own line only.\n\n" +
			"EXERCISE is a bundled one (`skinny scenarios` lists them) or a file of your own; see\n" +
			"`exercise` in docs/SCENARIOS.md. Without files it prints one to begin with.\n" +
			"A solution has at most 256 KiB; - is standard input.\n\n" +
			"With --lab, what is judged are directories with instances of the lab: `skinny lab check`\n" +
			"tells more of one. Each has its own time and memory.\n\n" +
			"Exit codes: 0 all are solved; 1 not all; 2 bad usage; 130 interrupted.",
		Example: "  skinny grade network-1 > mine.yaml\n" +
			"  skinny grade network-1 mine.yaml\n" +
			"  skinny grade network-1 class/*.yaml --format csv\n" +
			"  skinny grade --lab class/* --format csv",
		Args: arguments(1, -1, "an exercise and files with solutions, or --lab and directories"),
		ValidArgsFunction: func(c *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
			if len(args) > 0 || instances.lab {
				return nil, cobra.ShellCompDirectiveDefault
			}
			return exercises.complete(typed), cobra.ShellCompDirectiveDefault
		},
		PreRunE: func(c *cobra.Command, _ []string) error { return instances.check(c) },
		RunE: func(c *cobra.Command, args []string) error {
			if instances.lab {
				return instances.grade(a, args, format)
			}
			x, err := exercise.Load(args[0])
			switch {
			case err != nil:
				return report.Usage("%v", err)
			case len(args) == 1:
				return a.Print(string(x.Begin()))
			}
			return a.grade(x, args[0], args[1:], format)
		},
	}
	choiceValue(&format, "FORMAT", "text", "json", "csv").add(c, "format", "the marks as FORMAT: text, json or csv")
	instances.add(c)
	return c
}

// graded is the marks of a solution, for other programs.
type graded struct {
	File    string          `json:"file"`
	Solved  bool            `json:"solved"`
	Points  int             `json:"points"`
	Of      int             `json:"of"`
	Moves   *int            `json:"moves"` // null for what is no solution
	Wrong   string          `json:"wrong,omitempty"`
	Demands []gradedDemands `json:"demands"`
}

type gradedDemands struct {
	Demand string `json:"demand"`
	Met    *bool  `json:"met"` // null: not known
	Got    string `json:"got,omitempty"`
}

func (a *app) grade(x *exercise.Exercise, name string, files []string, format string) error {
	whole := form.Object{{Name: "format", Value: gradeFormat}, {Name: "exercise", Value: name}, {Name: "title", Value: x.Scenario.Title}}
	par := ""
	if x.Par.Given {
		par = strconv.Itoa(x.Par.Value)
		whole = append(whole, form.Member{Name: "par", Value: x.Par.Value})
	}
	head := []string{"file", "solved", "points", "of", "moves", "par", "why"}
	judge := func(file string) (mark, bool) {
		g := a.judged(x, file)
		moves, said := "", g.why()
		if g.Solved {
			said = "solved"
		}
		if g.Moves != nil {
			moves = strconv.Itoa(*g.Moves)
			if g.Solved && x.Par.Given {
				said += " in " + exercise.Counted(*g.Moves) + fmt.Sprintf(" (par %d)", x.Par.Value)
			}
		}
		return mark{
			passed: g.Solved, says: fmt.Sprintf("%d of %d  %s: %s", g.Points, g.Of, g.File, said), value: g,
			row: []string{g.File, strconv.FormatBool(g.Solved), strconv.Itoa(g.Points), strconv.Itoa(g.Of), moves, par, g.why()},
		}, a.Interrupted.Load() // then what is not known would be known later
	}
	return a.printMarks(format, "files", head, files, judge, whole, "solutions")
}

// mark is what something that was judged came to.
type mark struct {
	passed bool
	says   string   // in a line, for people
	row    []string // of CSV
	value  any      // for JSON
}

// printMarks judges things, and prints what each came to as soon as that is known, but for
// JSON: there all of it is the last member of a whole, by a name. Many is what they are
// called, and head that of CSV.
func (a *app) printMarks(format, many string, head, names []string, judge func(name string) (m mark, stopped bool), whole form.Object, as string) error {
	list, passed := []any{}, 0
	w := csv.NewWriter(a.Out)
	for _, name := range names {
		m, stopped := judge(name)
		if stopped {
			break
		}
		list = append(list, m.value)
		sign := report.Bad.Sprint("✗")
		if m.passed {
			passed++
			sign = report.Good.Sprint("✓")
		}
		var err error
		switch format {
		case "text":
			err = a.Print(sign + " " + m.says + "\n")
		case "csv":
			if len(list) == 1 {
				w.Write(head)
			}
			for i := range m.row {
				m.row[i] = cell(m.row[i])
			}
			w.Write(m.row)
			w.Flush()
			err = w.Error()
		}
		if err != nil {
			return err
		}
	}
	if format == "json" {
		if err := a.JSON("  ", append(whole, form.Member{Name: as, Value: list})); err != nil {
			return err
		}
	}
	switch {
	case len(list) < len(names):
		return &report.Exit{Code: report.ExitInterrupted, Message: fmt.Sprintf("skinny: interrupted after %d of %d %s", len(list), len(names), many)}
	case passed < len(names):
		return &report.Exit{Code: report.ExitUnmet}
	}
	return nil
}

func (a *app) judged(x *exercise.Exercise, file string) graded {
	g := graded{File: form.Printable(file), Of: x.Points(), Demands: []gradedDemands{}}
	a.reading.Store(file == scenarios.StandardInput)
	f, err := exercise.Read(file)
	a.reading.Store(false)
	if err != nil {
		g.Wrong = form.Printable(err.Error())
		return g
	}
	l := exercise.Usual()
	end := time.Now().Add(gradeTime)
	l.Stop = func() bool { return a.Interrupted.Load() || time.Now().After(end) }
	m := x.Judge(f, l)
	g.Solved, g.Points, g.Wrong = m.Solved, m.Points, form.Printable(m.Wrong)
	if m.Wrong == "" {
		g.Moves = &m.Moves
	}
	for _, d := range m.Demands {
		one := gradedDemands{Demand: d.Text, Got: form.Printable(d.Got)}
		if !d.Unknown {
			one.Met = &d.Met
		}
		g.Demands = append(g.Demands, one)
	}
	return g
}

// why is what a solution lacks, in a line; "" if it lacks nothing.
func (g *graded) why() string {
	if g.Wrong != "" {
		return g.Wrong
	}
	var list []string
	for _, d := range g.Demands {
		switch {
		case d.Met == nil:
			list = append(list, "not known: "+d.Demand+" ("+d.Got+")")
		case !*d.Met && d.Got != "":
			list = append(list, "not met: "+d.Demand+" (got "+d.Got+")")
		case !*d.Met:
			list = append(list, "not met: "+d.Demand)
		}
	}
	return strings.Join(list, "; ")
}

// cell is a text that no spreadsheet takes for a formula.
func cell(text string) string {
	if text != "" && strings.ContainsRune("=+-@", rune(text[0])) {
		return "'" + text
	}
	return text
}
