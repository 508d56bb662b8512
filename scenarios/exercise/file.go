package exercise

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"

	"skinny/protocol"
	"skinny/scenarios"
	"skinny/scenarios/form"
	"skinny/sim"
	"skinny/sim/trace"
)

// Names lists the bundled exercises by their short names, in their order.
func Names() []string { return form.Each(scenarios.Exercises(), scenarios.Entry.Short) }

// Load is the exercise that somebody names: a bundled one, or a file. The error is Diagnostics.
func Load(name string) (*Exercise, error) {
	s, err := scenarios.Load(name, scenarios.Overrides{})
	if err != nil {
		return nil, err
	}
	if x := Of(s); x != nil {
		return x, nil
	}
	return nil, scenarios.Diagnostics{{
		File: name, Message: "this is a scenario, and no exercise",
		Hint: "give it the section `exercise` (docs/SCENARIOS.md); " + scenarios.Suggest(name, "bundled exercises", Names()),
	}}
}

// MaxSize is the size of the largest solution that is read, in bytes: a schedule of some
// thousand decisions.
const MaxSize = 256 << 10

// Read reads a solution from a file, or from standard input. It takes neither longer nor more memory than for a
// file of MaxSize, whatever the file is. The error is one line.
func Read(name string) (*scenarios.File, error) {
	// What is no file may never begin to say something.
	from := os.Stdin
	var err error
	if name != scenarios.StandardInput {
		switch info, missing := os.Stat(name); {
		case missing != nil:
			// So it cannot be opened, either.
		case info.IsDir():
			return nil, fmt.Errorf("this is a directory; write %s/*.yaml", strings.TrimRight(name, "/"))
		case !info.Mode().IsRegular():
			return nil, errors.New("this is no file")
		}
		if from, err = os.Open(name); err == nil {
			defer from.Close()
		}
	}
	var data []byte
	if err == nil {
		data, err = io.ReadAll(io.LimitReader(from, MaxSize+1))
	}
	var cause *fs.PathError
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, errors.New("there is no such file")
	case errors.As(err, &cause):
		return nil, fmt.Errorf("the file cannot be read: %w", cause.Err)
	case err != nil:
		return nil, fmt.Errorf("the file cannot be read: %w", err)
	case len(data) > MaxSize:
		return nil, fmt.Errorf("the file is larger than %d KiB", MaxSize>>10)
	}
	f, err := scenarios.Decode(name, data)
	var found scenarios.Diagnostics
	if errors.As(err, &found) {
		err = errors.New(strings.Join(strings.Fields(found[0].Message), " "))
		if line := found[0].Line; line > 0 {
			err = fmt.Errorf("line %d: %w", line, err)
		}
	}
	return f, err
}

// Begin is a file to begin a solution with: the task, and what is given and not hidden.
func (x *Exercise) Begin() []byte {
	var b bytes.Buffer
	for _, line := range strings.Split(strings.TrimSpace(x.Task.Value), "\n") {
		fmt.Fprintf(&b, "# %s\n", line)
	}
	fmt.Fprintf(&b, "# You may change: %s.\n", strings.Join(x.Change, ", "))
	if len(x.Allow) > 0 {
		fmt.Fprintf(&b, "# You may use: %s.\n", strings.Join(x.Allow, ", "))
	}
	for i := range x.Want {
		if d := &x.Want[i]; len(d.Predict) > 0 && !guessed(*d) {
			fmt.Fprintf(&b, "# Predict in `expect`: %s of %s.\n", strings.Join(d.Predict, ", "), subject(d))
		}
	}
	b.Write(x.solution().Encode())
	return b.Bytes()
}

// Work is what somebody has done by hand to solve an exercise.
type Work struct {
	Scenario *scenarios.Scenario // that was run, perhaps under other rules and with more clients
	Decided  []sim.Decision      // of a schedule: all decisions, those that are given included
	Done     []Move              // of a timeline: what was done by hand
	Claims   []scenarios.Expectation
	Guess    protocol.Rules // where the rules are to be guessed
}

// Move is something done by hand, between two events.
type Move struct {
	Decision sim.Decision // of messages with their number
	At       trace.Time   // of what a timeline says
	Behind   int          // entries of the timeline at that instant that come before
	Delay    trace.Time   // if positive, what the decision names is put off by it
}

// Written is the work as a solution. The error says which of it no solution can have.
func (x *Exercise) Written(w *Work) (*scenarios.File, error) {
	f := x.solution()
	f.Expect = w.Claims
	switch {
	case x.guesses():
		f.Rules = scenarios.RuleSettings(x.Scenario.Edition, w.Guess)
	case x.Changes("rules"):
		f.Rules = scenarios.RuleSettings(x.Scenario.Edition, w.Scenario.Cluster.Rules)
	}
	if !x.Scenario.Timed() {
		f.Schedule.Value = named(w.Scenario, w.Decided)
		return f, nil
	}
	f.Messages, f.Timeline = slices.Clone(f.Messages), slices.Clone(f.Timeline)
	for i := range w.Done {
		if err := x.add(f, w.Scenario, &w.Done[i]); err != nil {
			return nil, err
		}
	}
	return f, nil
}

// named is decisions with names, without times.
func named(s *scenarios.Scenario, decisions []sim.Decision) []scenarios.Decision {
	decisions = slices.Clone(decisions)
	for i := range decisions {
		decisions[i].Timed = false
	}
	return scenarios.FromDecisions(s, decisions).Schedule.Value
}

// add adds a move to a timed solution: as the fate of a message, or to the timeline.
func (x *Exercise) add(f *scenarios.File, s *scenarios.Scenario, m *Move) error {
	d := m.Decision
	name := named(s, []sim.Decision{d})[0]
	fate := scenarios.Fate{Message: scenarios.Some(d.Message), From: name.Instance, To: name.To, Nth: scenarios.Some(d.Nth)}
	switch {
	case d.Kind == sim.DropMessage:
		fate.Kind = sim.DropFate
	case d.Kind == sim.RefuseMessage:
		fate.Kind = sim.RefuseFate
	case d.Kind == sim.CopyMessage:
		fate.Kind = sim.DuplicateFate
	case d.Kind == sim.DeliverMessage && m.Delay > 0:
		fate.Kind, fate.By = sim.DelayFate, scenarios.Some(m.Delay)
	case d.Kind.AnyTime():
		name.At = scenarios.Some(m.At)
		f.Timeline = slices.Insert(f.Timeline, place(f.Timeline, m), name)
		return nil
	default:
		return errors.New("in a timeline nothing but messages can be put off, and nothing can be made to happen earlier")
	}
	f.Messages = append(f.Messages, fate)
	return nil
}

// place is where in a timeline a move belongs.
func place(timeline []scenarios.Decision, m *Move) (at int) {
	before := 0
	for i := range timeline {
		switch t := timeline[i].At.Value; {
		case t == m.At && before == m.Behind:
			return i
		case t == m.At:
			before++
			at = i + 1
		case t < m.At:
			at = i + 1
		}
	}
	return at
}
