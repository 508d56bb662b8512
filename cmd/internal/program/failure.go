package program

import (
	"errors"
	"fmt"
	"strings"
	"sync"

	"skinny/cmd/internal/report"
	"skinny/scenarios/form"
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

// Exit is the end of a command, or of a part of it, that cannot go on because of an error of
// a program; nil if it is none.
func Exit(command string, failure error) error {
	err, is := errors.AsType[*sim.ProgramError](failure)
	if !is {
		return nil
	}
	e := &report.Exit{Code: report.ExitUsage, Message: command + ": " + Explain(err)}
	if errors.Is(err, ErrImpure) {
		e.Code = report.ExitNotDeterministic
	}
	return e
}

// mostShown is how much of a line is shown, in bytes.
const mostShown = 4000

// Explain tells why a run cannot go on, in lines. What a program wrote is in it as it was
// written.
func Explain(err *sim.ProgramError) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%v\n", err)
	f := failureOf(err)
	for _, row := range [...]struct{ name, text string }{
		{"command", f.Command}, {"question", f.Question}, {"answer", f.Answer}, {"again", f.Again}, {"stderr", strings.TrimRight(f.Stderr, "\n")},
	} {
		if row.text != "" {
			shown := string(excerpt([]byte(row.text), mostShown))
			fmt.Fprintf(&b, "  %-9s %s\n", row.name, strings.ReplaceAll(shown, "\n", "\n            "))
		}
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// failureOf is what is known of an error: where the answer was read and then refused, that
// answer.
func failureOf(err *sim.ProgramError) *Failure {
	if f, is := errors.AsType[*Failure](err.Err); is {
		return f
	}
	f := &Failure{Question: string(appendQuestion(nil, err.Question))}
	if p := processOf(err.Question.Cluster.Instances[err.Question.Self].Program); p != nil {
		f.Command = p.String()
		if e := p.remembered([]byte(f.Question)); e != nil {
			f.Answer = e.line
		}
	}
	return f
}

// mostStderr is how much of standard error is kept, in bytes.
const mostStderr = 4 << 10

// tail keeps the end of what is written.
type tail struct {
	mutex sync.Mutex
	text  []byte
}

func (t *tail) Write(text []byte) (int, error) {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	t.text = append(t.text, text...)
	if more := len(t.text) - mostStderr; more > 0 {
		t.text = append(t.text[:0], t.text[more:]...)
	}
	return len(text), nil
}

func (t *tail) String() string {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	return string(t.text)
}

// roomy is how long a value may be, in bytes, that stands on one line.
const roomy = 60

// pretty writes JSON that is compact and valid for people: what is short stands on one
// line, what is long on several.
func pretty(b *strings.Builder, value []byte, indent string) {
	list := value[0] == '['
	if !list && value[0] != '{' {
		b.Write(value)
		return
	}
	open, between, shut := "\n"+indent+"  ", ",\n"+indent+"  ", "\n"+indent
	if len(value) <= roomy {
		open, between, shut = "", ", ", ""
	}
	b.WriteByte(value[0])
	for name, v := range inside(value) {
		b.WriteString(open)
		open = between
		if !list {
			b.Write(quote(nil, name))
			b.WriteString(": ")
		}
		pretty(b, v, indent+"  ")
	}
	b.WriteString(shut)
	b.WriteByte(value[len(value)-1])
}

// lines is a text of JSON for people, or as it is if it is none. What is very long is cut off.
func lines(text string) []string {
	var b strings.Builder
	if value, err := compact(nil, []byte(text)); err == nil {
		pretty(&b, value, "")
		text = b.String()
	}
	list := strings.Split(text, "\n")
	for i := range list {
		list[i] = string(excerpt([]byte(list[i]), mostShown))
	}
	return list
}

// Lines tells, in lines, what programs were asked and have answered. What a program wrote
// is in it as it was written.
type Lines struct{}

// Spoken is a question and its answer, which is asked for again if it is not remembered.
func (Lines) Spoken(p sim.Program, q *sim.Question) []string {
	list := append([]string{"question to " + q.Cluster.Instances[q.Self].Name}, lines(string(appendQuestion(nil, q)))...)
	list = append(list, "", "answer")
	process := processOf(p)
	if process == nil {
		return append(list, "is not known")
	}
	known, err := process.entryOf(q)
	if err != nil {
		return append(list, err.Error())
	}
	list = append(list, lines(known.line)...)
	if text := strings.TrimRight(process.printed(q), "\n"); text != "" {
		said := strings.Split(text, "\n")
		list = append(list, "", "on standard error")
		if more := len(said) - mostPrinted; more > 0 {
			list, said = append(list, "…"), said[more:]
		}
		list = append(list, form.Each(said, form.Printable)...)
	}
	return list
}

// mostPrinted is how many lines of standard error are shown with an answer.
const mostPrinted = 20

// printed is the end of what a process writes on standard error that is asked nothing else.
func (p *Process) printed(q *sim.Question) string {
	alone, err := Open(p.command, p.options)
	if err != nil {
		return ""
	}
	c := alone.idle[0]
	c.ask(append(appendQuestion(nil, q), '\n'), 1, p.options.Timeout, &alone.ending) // whatever comes of it
	alone.Close()
	return c.stderr.String()
}

// Failure is why a program could not go on.
func (Lines) Failure(err error) []string {
	e, is := errors.AsType[*sim.ProgramError](err)
	if !is {
		return []string{err.Error()}
	}
	f := failureOf(e)
	list := []string{e.Error()}
	for _, part := range []struct{ name, text string }{
		{"question", f.Question}, {"answer", f.Answer}, {"and asked again", f.Again}, {"the end of standard error", strings.TrimRight(f.Stderr, "\n")},
	} {
		if part.text != "" {
			list = append(append(list, "", part.name), lines(part.text)...)
		}
	}
	return list
}

// processOf is the process that a program is, or that it passes its questions to; nil if
// there is none.
func processOf(p sim.Program) *Process {
	for {
		switch program := p.(type) {
		case *Process:
			return program
		case interface{ Unwrap() sim.Program }:
			p = program.Unwrap()
		default:
			return nil
		}
	}
}
