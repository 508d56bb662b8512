package scenarios

import (
	"skinny/protocol"
	"skinny/sim"
	"skinny/sim/check"
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
