package scenarios

import (
	"fmt"

	"skinny/sim/swarm"
)

// draws reports whether something is drawn on top of what the file says.
func (f *Faults) draws() bool {
	knobless := Faults{Profile: f.Profile}
	return *f != knobless || f.Profile.Or(noProfile) != noProfile
}

// Variation is what all seeds of a check of the scenario have in common, and the
// name of the profile that it follows. A profile that is given takes the place of
// the file's, whose single knobs stay on top; without one and without the file's it
// is the first of [swarm.Profiles].
//
// If the file says what is drawn, running it with a seed is the run that the check
// makes of that seed. The scenario must be timed, and the profile one that exists.
func (s *Scenario) Variation(profile string) (swarm.Setting, string) {
	base := swarm.Base{Cluster: s.Cluster, Timetable: s.Timetable, Progress: s.Progress}
	if s.base != nil {
		base = *s.base
	}
	faults := s.File().Faults
	// Single knobs without a profile leave the timing alone, and so does a file that
	// wants nothing drawn.
	base.Stretch = profile != "" || faults == (Faults{}) || faults.Profile.Given && faults.draws()
	if profile == "" {
		profile = faults.Profile.Or(noProfile)
		if faults == (Faults{}) {
			profile = swarm.Profiles()[0].Name
		}
	}
	p, ok := swarm.ProfileByName(profile)
	if !ok {
		panic(fmt.Sprintf("scenarios: no profile is called %q", profile))
	}
	knobs := p.Knobs.OnBase()
	for k, span := range faults.Knobs {
		if span.Given {
			knobs[k] = span.Value
		}
	}
	return swarm.Setting{Rules: s.Cluster.Rules, Knobs: knobs, Base: &base, Judges: s.Judges}, profile
}

// draw makes the scenario what its seed makes of it.
func (s *Scenario) draw() {
	s.base = &swarm.Base{Cluster: s.Cluster, Timetable: s.Timetable, Progress: s.Progress}
	set, _ := s.Variation("")
	var plan swarm.Plan
	plan.Draw(&set, s.Seed, nil)
	s.Cluster, s.Timetable, s.Progress = &plan.Cluster, &plan.Timetable, plan.Progress
}

// checkFaults reports knobs that can have no effect.
func (c *compiler) checkFaults() {
	f := &c.file.Faults
	for _, k := range swarm.KnobTable() {
		if given := f.Knobs[k.Knob]; given.Given && k.Base == swarm.Never {
			c.Report(given.Place, "leave it out", "`%s` is about clusters that are drawn, and a file brings its own", k.Name)
		}
	}
	clients, operations := f.Knobs[swarm.Clients], f.Knobs[swarm.Operations]
	switch {
	case clients.Value.Is() && !operations.Value.Is():
		c.Report(clients.Place, "give `operations`, too: operations: 4..20", "`clients` that call nothing")
	case operations.Value.Is() && !clients.Value.Is():
		c.Report(operations.Place, "give `clients`, too: clients: 1..3; the file's own clients call what the timeline says", "`operations` are those of clients that are drawn, and there are none")
	}
}
