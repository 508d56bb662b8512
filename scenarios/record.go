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
	if s.file != nil {
		f.Events = s.file.Events
	}
	for i := range decisions {
		f.Schedule.Value = append(f.Schedule.Value, nameDecision(s.Cluster, &decisions[i]))
	}
	return f
}

// fileOf is a file with what timed and scheduled scenarios have in common.
func fileOf(s *Scenario) *File {
	f := &File{
		Format:  Some[uint32](Format),
		Title:   Some(s.Title),
		Edition: Some(s.Edition),
		Rules:   rulesBeyond(s.Edition, s.Cluster.Rules),
		Expect:  s.Expect,
	}
	if s.About != "" {
		f.About = Some(s.About)
	}
	for p, i := range s.Cluster.Instances {
		f.Instances = append(f.Instances, fromInstance(p, i))
	}
	if l := s.Cluster.ClientLatency; l > 0 {
		f.Network.ClientLatency = Some(l)
	}
	return f
}

// fromInstance leaves out what goes without saying.
func fromInstance(p int, i sim.Instance) Instance {
	instance := Instance{Name: Some(i.Name)}
	if i.Increment != protocol.ID(p+1) {
		instance.Increment = Some(uint64(i.Increment))
	}
	if i.Timeout != sim.DefaultTimeout {
		instance.Timeout = Some(i.Timeout)
	}
	if i.PromiseDelay != (sim.Range{}) {
		instance.PromiseDelay = Some(i.PromiseDelay)
	}
	return instance
}

// rulesBeyond is the settings that make the rules of an edition the given ones.
func rulesBeyond(edition string, rules protocol.Rules) []RuleSetting {
	e, _ := protocol.EditionByName(edition)
	var settings []RuleSetting
	for _, r := range protocol.RuleTable() {
		if on := rules.Has(r.Rule); on != e.Rules.Has(r.Rule) {
			settings = append(settings, RuleSetting{Rule: r.Name, On: on})
		}
	}
	return settings
}
