package program

import (
	"errors"
	"strings"

	"skinny/sim"
)

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
	return append(list, lines(known.line)...)
}

// Failure is why a program could not go on.
func (Lines) Failure(err error) []string {
	var e *sim.ProgramError
	if !errors.As(err, &e) {
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
