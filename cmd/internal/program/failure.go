package program

import (
	"errors"
	"fmt"
	"strings"

	"skinny/cmd/internal/report"
	"skinny/sim"
)

// Failure is why a program has not answered a question as it should.
type Failure struct {
	Err      error
	Command  string
	Question string // as it was asked
	Answer   string // as far as it came
	Stderr   string // the end of what the program wrote there

	// Again is what it answered when it was asked again, if that is the failure.
	Again string
}

func (f *Failure) Error() string { return f.Err.Error() }

func (f *Failure) Unwrap() error { return f.Err }

// ExitCode is that of a command which cannot go on because of an error of a program.
func ExitCode(err error) int {
	if errors.Is(err, ErrImpure) {
		return report.ExitNotDeterministic
	}
	return report.ExitUsage
}

// mostShown is how much of a line is shown, in bytes.
const mostShown = 4000

// Explain tells why a run cannot go on, in lines. What a program wrote is in it as it was
// written.
func Explain(err *sim.ProgramError) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%v\n", err)
	f := failureOf(err)
	row := func(name, text string) {
		if text != "" {
			shown := string(excerpt([]byte(text), mostShown))
			fmt.Fprintf(&b, "  %-9s %s\n", name, strings.ReplaceAll(shown, "\n", "\n            "))
		}
	}
	row("command", f.Command)
	row("question", f.Question)
	row("answer", f.Answer)
	row("again", f.Again)
	row("stderr", strings.TrimRight(f.Stderr, "\n"))
	return strings.TrimSuffix(b.String(), "\n")
}

// failureOf is what is known of an error: where the answer was read and then refused, that
// answer.
func failureOf(err *sim.ProgramError) *Failure {
	var f *Failure
	if errors.As(err.Err, &f) {
		return f
	}
	f = &Failure{Question: string(appendQuestion(nil, err.Question))}
	if p := processOf(err.Question.Cluster.Instances[err.Question.Self].Program); p != nil {
		f.Command, f.Answer = p.String(), p.recall(f.Question)
	}
	return f
}

// recall is the answer to a question that was just asked, "" if it is not known any more.
func (p *Process) recall(question string) string {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if e := p.memo.get([]byte(question)); e != nil {
		return e.line
	}
	return ""
}
