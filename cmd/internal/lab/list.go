package lab

import (
	"fmt"

	"skinny/cmd/internal/report"
)

// List prints the stages, with a mark at those that are done, and by what.
func List(p *report.Page, done func(*Stage) (by string, done bool)) {
	for _, s := range Stages() {
		mark := " "
		by, done := done(s)
		if done {
			mark = report.Good.Sprint("✓")
		}
		p.Printf("%s %2d  %s  %s\n", mark, s.number, report.Bold.Sprint(report.Pad(s.Title, titleWidth)), report.Dim.Sprint("skinny run "+s.Scenarios[0]))
		p.Hang("      ", s.Task)
		if by != "" {
			p.Hang("      ", report.Dim.Sprint("passed last by ")+by)
		}
	}
	p.WriteString("\n")
	p.Hang("", fmt.Sprintf("begin: skinny lab new DIR --lang %s", "python|js|go"))
	p.Hang("judge: ", "skinny lab check DIR")
}
