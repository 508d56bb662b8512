package scenarios

import (
	"errors"
	"fmt"

	"skinny/protocol"
	"skinny/sim"
	"skinny/sim/check"
	"skinny/sim/trace"
)

// FromDecisions is a file whose schedule is the decisions of a run of the
// scenario. With the times that [sim.RunRecorded] gives them, running the file
// gives the same events to the byte. It claims what the scenario claims, progress
// aside, which is not judged in a schedule.
func FromDecisions(s *Scenario, decisions []sim.Decision) *File {
	f := fileOf(s)
	f.Seed = Some(s.Seed)
	f.Schedule = Some([]Decision{})
	f.Expect = nil
	for _, e := range s.Expect {
		if e.Property.Value != check.ProgressName {
			f.Expect = append(f.Expect, e)
		}
	}
	f.Events = s.File().Events
	for i := range decisions {
		f.Schedule.Value = append(f.Schedule.Value, nameDecision(s.Cluster, &decisions[i]))
	}
	return f
}

// fileOf is a file with what timed and scheduled scenarios have in common.
func fileOf(s *Scenario) *File {
	e, _ := protocol.EditionByName(s.Edition)
	f := &File{
		Format:  Some[uint32](Format),
		Title:   Some(s.Title),
		About:   unless("", s.About),
		Edition: Some(s.Edition),
		Rules:   settingsOf(s.Cluster.Rules&^e.Rules, e.Rules&^s.Cluster.Rules),
		Quorums: Quorums{Promise: unless(0, uint32(s.Cluster.Quorums.Promise)), Commit: unless(0, uint32(s.Cluster.Quorums.Commit))},
		Program: playedOf(s.Cluster),
		Expect:  s.Expect,
	}
	for p, i := range s.Cluster.Instances {
		f.Instances = append(f.Instances, Instance{
			Name:           Some(i.Name),
			Increment:      unless(uint64(p+1), uint64(i.Increment)),
			Timeout:        unless(sim.DefaultTimeout, i.Timeout),
			PromiseTimeout: unless(0, i.PromiseTimeout),
			PromiseDelay:   unless(sim.Range{}, i.PromiseDelay),
			Rules:          settingsOf(i.RulesOn, i.RulesOff),
		})
	}
	f.Network.ClientLatency = unless(0, s.Cluster.ClientLatency)
	return f
}

// settingsOf is the settings that turn rules on and off.
func settingsOf(on, off protocol.Rules) (settings []RuleSetting) {
	for _, r := range protocol.RuleTable() {
		if (on | off).Has(r.Rule) {
			settings = append(settings, RuleSetting{Rule: r.Name, On: on.Has(r.Rule)})
		}
	}
	return settings
}

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
