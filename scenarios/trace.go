package scenarios

import (
	"errors"
	"fmt"

	"skinny/sim"
	"skinny/sim/trace"
)

// FromTrace is a file whose schedule is what was decided in the run of a trace, so
// that it gives the same run. It is run once, to make sure of that. Of a trace that was
// cut off, it is the run up to the end of the step that makes its last event. Instances
// that programs played need players. The error names the line that is wrong.
func FromTrace(name string, data []byte, players sim.Players) (*File, error) {
	t, err := trace.Read(data)
	if err != nil {
		return nil, inTrace(name, err)
	}
	h := t.Header
	c := &sim.Cluster{Rules: h.Rules, Quorums: h.Quorums, ClientLatency: h.ClientLatency}
	for p, i := range h.Instances {
		s := &h.Settings[p]
		c.Instances = append(c.Instances, sim.Instance{
			RulesOn: s.RulesOn, RulesOff: s.RulesOff,
			Name: i, Increment: s.Increment, Timeout: s.Timeout, PromiseTimeout: s.PromiseTimeout, PromiseDelay: sim.Range(s.PromiseDelay),
		})
	}
	f := fileOf(&Scenario{Title: h.Title, Edition: h.Edition, Cluster: c})
	for p := range h.Settings {
		if called := h.Settings[p].Program; called != "" {
			f.Program = append(f.Program, Played{Some(h.Instances[p]), Label(called)})
		}
	}
	f.Seed, f.Schedule = Some(h.Seed), Some([]Decision{})
	for i, text := range h.Decisions {
		d, said, m := parseDecision(text, func(int) Place { return Place{} })
		if m != nil {
			return nil, fmt.Errorf("%s:1: decision %d, %q: %s", name, i+1, text, m.What)
		}
		if said {
			f.Schedule.Value = append(f.Schedule.Value, d)
		}
	}
	s, err := f.Compile(Overrides{Players: players})
	if err != nil {
		return nil, fmt.Errorf("%s:1: %w", name, err)
	}
	same := trace.Compare(t, s.Header())
	run := s.Start()
	w := run.World()
	w.Observe(same)
	for w.Events() < len(t.Lines) && run.Step() {
	}
	if err := run.Problem(); err != nil {
		return nil, fmt.Errorf("%s:1: %w", name, err)
	}
	if w.Events() > sim.DefaultBudget {
		f.Events = Some(w.Events())
	}
	f.Schedule.Value = f.Schedule.Value[:run.Runner.(*sim.Scheduled).Next()]
	if err := same.Err(); err != nil {
		return nil, fmt.Errorf("%w\n  the trace was changed, or is of another version of Skinny", inTrace(name, err))
	}
	return f, nil
}

// inTrace says of a line that is wrong which file it is in.
func inTrace(name string, err error) error {
	var l *trace.LineError
	if errors.As(err, &l) {
		return fmt.Errorf("%s:%d: %s", name, l.Line, l.What)
	}
	return fmt.Errorf("%s: %w", name, err)
}
