package counterexample

import (
	"fmt"

	"skinny/protocol"
	"skinny/scenarios"
	"skinny/sim"
	"skinny/sim/check"
	"skinny/sim/explore"
	"skinny/sim/explore/search"
	"skinny/sim/trace"
)

// Path is a run that a search of every order has found, as a scenario.
type Path struct {
	Property  string // that it violates, or keeps
	Decisions []sim.Decision
	File      *scenarios.File
	Scenario  *scenarios.Scenario // the file, compiled
	Outcome   *scenarios.Outcome  // of its run
	Passing   *explore.Passing    // the nearest run that keeps the property, or nil
}

// Found makes a scenario of the violation that a search of the model of a scenario has
// found. Shortest says that no way to it is shorter.
func Found(s *scenarios.Scenario, m *explore.Model, v *search.Violation, shortest bool) (*Path, error) {
	property := m.Properties()[v.Property]
	p := &Path{Property: property.Name}
	var err error
	if p.Decisions, err = m.Replay(v.Path); err != nil {
		return nil, err
	}
	what := property.Name + " is violated"
	if property.Kind == search.Progress {
		what = "a client waits, and nothing can happen any more"
	}
	about := fmt.Sprintf("Found by exploring every order of events of %q.\nAfter these %d decisions %s", s.Title, len(p.Decisions), what)
	if shortest {
		about += ", and after no fewer"
	}
	row, _ := check.PropertyByName(property.Name)
	if err := p.file(s, m, row.Broken, about+".\n", false); err != nil {
		return nil, err
	}
	if property.Kind == search.Progress {
		return p, nil // a run that goes on is not like one that stands still
	}
	if passing, ok := m.Nearest(p.Decisions, property.Name); ok {
		p.Passing = &passing
	}
	return p, nil
}

// Kept makes a scenario of the nearest passing run.
func (p *Path) Kept(s *scenarios.Scenario, m *explore.Model) (*scenarios.File, error) {
	text := func(d sim.Decision) string { return "`" + scenarios.DecisionText(m.Cluster(), d) + "`" }
	passing := Path{Decisions: p.Passing.Decisions}
	err := passing.file(s, m, p.Property+" is kept", fmt.Sprintf(
		"The run that goes like the one in which %s is violated, up to decision %d:\n%s instead of\n%s.\n",
		p.Property, p.Passing.At+1, text(p.Passing.Instead), text(p.Decisions[p.Passing.At])), true)
	return passing.File, err
}

// file writes the path's scenario. With settle what is pending in the end happens, too.
func (p *Path) file(s *scenarios.Scenario, m *explore.Model, title, about string, settle bool) error {
	// Time is abstracted away, and with it what takes its time.
	timeless := *s
	timeless.Cluster = m.Cluster()
	f := scenarios.FromDecisions(&timeless, Timed(m.Cluster(), p.Decisions))
	f.Title, f.About, f.Seed = scenarios.Some(title), scenarios.Some(about), scenarios.Opt[uint64]{}
	if settle {
		f.Then = scenarios.Some(true)
	}
	var err error
	p.File = f
	if p.Scenario, p.Outcome, err = claiming(f, nil, m.Cluster().Players()); err != nil {
		return fmt.Errorf("the schedule that was found cannot be run: %w", err)
	}
	return nil
}

// claiming is a file made ready to be run, with judges of one's own and programs, and the
// outcome of its run: the file and the scenario claim what that comes to.
func claiming(f *scenarios.File, own []check.Property, players sim.Players) (*scenarios.Scenario, *scenarios.Outcome, error) {
	f.Expect = nil
	s, err := f.Compile(scenarios.Overrides{Players: players})
	if err != nil {
		return nil, nil, err
	}
	s.Judges = own
	o, err := s.Run()
	if err != nil {
		return nil, nil, err
	}
	if err := o.World.Failure(); err != nil {
		return nil, nil, err
	}
	f.Expect = Claims(o.World, o.Verdicts, false)
	o.Claim(f.Expect)
	s.Expect = f.Expect
	return s, o, nil
}

// Claims is what a run came to: what clients were told, and how the properties of the
// register stand. Exactly adds when clients were told, and what the instances are like
// in the end.
func Claims(w *sim.World, verdicts []check.Verdict, exactly bool) []scenarios.Expectation {
	var list []scenarios.Expectation
	for n := 1; n <= w.Operations(); n++ {
		e := scenarios.OperationClaim(w, n)
		if e.Outcome.Value == protocol.NoOutcome || !exactly && e.Outcome.Value != protocol.Refused {
			e.Holder = scenarios.Opt[string]{}
		}
		if !exactly {
			e.Answered = scenarios.Opt[trace.Time]{}
		}
		list = append(list, e)
	}
	for p := range protocol.Position(w.Instances()) {
		if exactly {
			list = append(list, scenarios.InstanceClaim(w, p))
		}
	}
	for _, v := range verdicts {
		if _, known := check.PropertyByName(v.Property); known {
			list = append(list, scenarios.Expectation{Property: scenarios.Some(v.Property), Is: scenarios.Some(v.State)})
		}
	}
	return list
}

// clock gives the decisions of a schedule times that look natural: a message takes
// the usual latency, a phase ends with its timeout, a retry comes after its pause.
// What comes later in the schedule than it would by that comes when it can.
type clock struct {
	trace.Log
	world *sim.World
}

// Timed is the decisions of a schedule, each of which is possible in its turn, with
// times that look natural. The times change nothing but how it reads.
func Timed(cluster *sim.Cluster, decisions []sim.Decision) []sim.Decision {
	c := clock{world: sim.NewWorld(cluster)}
	c.world.Observe(&c)
	list := make([]sim.Decision, len(decisions))
	for i, d := range decisions {
		d.At, d.Timed = max(c.world.Now(), c.natural(&d)), true
		c.world.SetClock(d.At)
		c.world.Take(&d)
		list[i] = d
	}
	return list
}

// natural is when something pending would happen by itself; 0 for what always can.
func (c *clock) natural(d *sim.Decision) trace.Time {
	if d.Kind >= sim.InvokeOperation {
		return 0
	}
	r, _ := c.world.Find(d) // it is possible
	i := c.world.Item(r)
	began := c.Event(i.Cause).At
	switch cluster := c.world.Cluster(); d.Kind {
	case sim.DeliverMessage:
		return began + scenarios.DefaultLatency
	case sim.DeliverCall, sim.DeliverAnswer:
		return began + cluster.ClientLatency
	case sim.FireDeadline:
		return began + cluster.Instances[i.Instance].TimeoutOf(c.world.Instance(i.Instance).Round.Phase)
	case sim.FireGiveUp:
		return began + c.world.Patience(i.Op)
	case sim.FireWake:
		return began + 2*trace.Time(i.Try)*trace.Millisecond
	case sim.FireWork:
		return began + cluster.Instances[i.Instance].PromiseDelay.High
	}
	return began // lost, copied or refused when it was sent
}
