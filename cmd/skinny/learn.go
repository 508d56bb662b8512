package main

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"skinny/cmd/internal/learn"
	"skinny/cmd/internal/report"
	"skinny/cmd/internal/session"
	"skinny/cmd/internal/shell"
	"skinny/scenarios"
	"skinny/scenarios/exercise"
)

func (a *app) learnCommand() *cobra.Command {
	var plain, reset bool
	c := &cobra.Command{
		Use:   "learn [NAME]",
		Short: "the course: lessons that ask, exercises that judge",
		Long: "Lists the course, with what is done and what comes next, or opens a lesson: a run that\n" +
			"halts where there is something to see, hides what comes later, and asks. On a terminal it\n" +
			"fills the screen, elsewhere and with --plain it is in lines: Enter goes on, a number\n" +
			"answers. Lessons read from a pipe stop at questions only. After the lessons come\n" +
			"exercises.\n\n" +
			"NAME is that of a lesson or an exercise, or a file that has one (docs/SCENARIOS.md).\n" +
			"What is done is kept in $XDG_STATE_HOME/skinny, or ~/.local/state/skinny; --reset forgets\n" +
			"it. Nothing else is written.",
		Example:           "  skinny learn\n  skinny learn majority\n  skinny learn majority --plain\n  skinny learn --reset",
		Args:              arguments(0, 1, "the name of a lesson or an exercise, or nothing"),
		ValidArgsFunction: once(completeLessons),
		RunE: func(_ *cobra.Command, args []string) error {
			switch {
			case reset && len(args) > 0:
				return report.Usage("skinny learn: --reset forgets everything that is done, and takes no name")
			case reset:
				return a.forget()
			case len(args) == 0:
				return a.course()
			}
			return a.learn(args[0], plain)
		},
	}
	c.Flags().BoolVar(&plain, "plain", false, "lines instead of a full screen")
	c.Flags().BoolVar(&reset, "reset", false, "forget what is done")
	return c
}

// completeLessons completes a lesson's name, and a file.
func completeLessons(_ *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
	if list := taught.complete(typed); len(list) > 0 {
		return list, cobra.ShellCompDirectiveNoFileComp
	}
	return nil, cobra.ShellCompDirectiveDefault
}

func (a *app) forget() error {
	was, err := learn.Reset()
	switch {
	case err != nil:
		return report.Usage("skinny learn: %v", err)
	case was:
		return a.Print("forgotten; the course begins with `skinny learn " + learn.Names()[0] + "`\n")
	}
	return a.Print("nothing is done yet, so there is nothing to forget\n")
}

func (a *app) course() error {
	p, done := a.Page(), learn.Load()
	if err := done.Wrong(); err != nil {
		fmt.Fprintf(a.Err, "skinny learn: %v\n", err)
	}
	next, more := done.Next()
	lists := []struct {
		title string
		items []scenarios.Entry
	}{{"The course", scenarios.Course()}, {"Exercises", scenarios.Exercises()}}
	width := 0
	for _, name := range learn.Names() {
		width = max(width, report.Width(name))
	}
	for i, list := range lists {
		if i > 0 {
			p.WriteString("\n")
		}
		count := 0
		for _, e := range list.items {
			if _, is := done.Done(e.Name); is {
				count++
			}
		}
		p.Printf("%s\n\n", report.Bold.Sprint(list.title)+report.Dim.Sprintf("  %d of %d done", count, len(list.items)))
		for _, e := range list.items {
			sign, how := " ", ""
			if score, is := done.Done(e.Name); is {
				sign, how = report.Good.Sprint("✓"), fmt.Sprintf("%d/%d", score.Right, score.Of)
			} else if more && e.Name == next.Name {
				sign = report.Bold.Sprint("▸")
			}
			p.Hang(fmt.Sprintf("  %s %s  %5s  ", sign, report.Pad(e.Short(), width), how), e.Title())
		}
	}
	p.WriteString("\n")
	if more {
		p.Hang("", "next: skinny learn "+next.Short())
	} else {
		p.Hang("", "All is done. next: skinny check")
	}
	return p.Flush()
}

func (a *app) learn(name string, plain bool) error {
	e, bundled := scenarios.FindTaught(name)
	open := name
	if bundled {
		open = e.Name
	} else if filepath.Ext(name) == "" && !strings.ContainsAny(name, `/\`) && name != scenarios.StandardInput && !report.Exists(name) {
		if _, err := scenarios.Find(name); err != nil {
			return report.Usage("skinny learn: there is no lesson %q\n  %s\n`skinny learn` lists the course.", name, scenarios.Suggest(name, "lessons", learn.Names()))
		}
	}
	s, err := a.load(open, scenarios.Overrides{})
	if err != nil {
		return err
	}
	f := stepFlags{name: name, piped: name == scenarios.StandardInput}
	f.plain = plain || !f.fits(a)
	switch {
	case s.Exercise() != nil:
	case s.Lesson() == nil:
		return report.Usage("skinny learn: %s is no lesson\n  `skinny step %s` opens it; `skinny learn` lists the course", name, shell.File(name))
	default:
		if err := s.LintLesson().Err(); err != nil {
			return report.Usage("%v", err)
		}
		f.course = &session.Course{Again: "skinny learn " + shell.File(name), Done: func(int, int) string { return "" }}
		if bundled {
			f.course = inCourse(e)
		}
	}
	return a.step(s, "skinny step "+shell.File(open), &f)
}

// solve makes a session one in which an exercise is solved, and keeps that it was.
func solve(place *session.Session, x *exercise.Exercise, name string) {
	e, bundled := scenarios.FindTaught(name)
	place.Solve(x, func(m *exercise.Mark) string {
		if !bundled {
			return ""
		}
		score := learn.Score{Right: len(x.Want), Of: len(x.Want)}
		if x.Par.Given {
			score = learn.Score{Right: m.Moves, Of: x.Par.Value}
		}
		next, _ := learn.After(e.Name)
		if err := learn.Load().Note(e.Name, score); err != nil {
			next += "; " + err.Error()
		}
		return "next: " + next
	})
}

// inCourse is what surrounds a lesson of the course.
func inCourse(e scenarios.Entry) *session.Course {
	next, _ := learn.After(e.Name)
	return &session.Course{
		Again: "skinny learn " + e.Short(),
		Next:  next,
		Done: func(right, asked int) string {
			if err := learn.Load().Note(e.Name, learn.Score{Right: right, Of: asked}); err != nil {
				return err.Error()
			}
			return ""
		},
	}
}
