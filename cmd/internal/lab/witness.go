package lab

import (
	"slices"

	"skinny/scenarios"
	"skinny/sim"
	"skinny/sim/trace"
)

// witness writes down what programs are asked in a run. It is an observer.
type witness struct {
	events int
	steps  []asked
}

// asked is a question to a program.
type asked struct {
	after    int // the number of events before it
	question *sim.Question
	program  sim.Program
}

// Observe is told an event.
func (w *witness) Observe(e *trace.Event) { w.events = e.Number }

// watched is a program with a witness.
type watched struct {
	sim.Program
	by *witness
}

// Step answers a question.
func (p *watched) Step(q *sim.Question) (sim.Answer, error) {
	p.by.steps = append(p.by.steps, asked{p.by.events, q, p.Program})
	return p.Program.Step(q)
}

// Unwrap is the program itself.
func (p *watched) Unwrap() sim.Program { return p.Program }

// stepBefore is what a program was asked last before an event happened in the run; with 0,
// last of all.
func stepBefore(s *scenarios.Scenario, event int) (step asked, ok bool) {
	w := &witness{}
	c := *s.Cluster
	c.Instances = slices.Clone(c.Instances)
	for i := range c.Instances {
		if in := &c.Instances[i]; in.Program != nil {
			in.Program = &watched{in.Program, w}
		}
	}
	again := *s
	again.Cluster = &c
	if _, err := again.Run(w); err != nil {
		return asked{}, false
	}
	for _, st := range w.steps {
		if event == 0 || st.after < event {
			step, ok = st, true
		}
	}
	return step, ok
}
