package counterexample

import (
	"skinny/protocol"
	"skinny/scenarios"
	"skinny/sim"
	"skinny/sim/check"
	"skinny/sim/trace"
)

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
