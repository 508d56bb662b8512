package counterexample

import (
	"skinny/protocol"
	"skinny/scenarios"
	"skinny/sim"
	"skinny/sim/check"
	"skinny/sim/trace"
)

// Complete runs a file, and has it claim what its run comes to: see [Claims]. The
// outcome is that of the run.
func Complete(f *scenarios.File, exactly bool) (*scenarios.Outcome, error) {
	f.Expect = nil
	s, err := f.Compile(scenarios.Overrides{})
	if err != nil {
		return nil, err
	}
	return complete(f, s, exactly)
}

func complete(f *scenarios.File, s *scenarios.Scenario, exactly bool) (*scenarios.Outcome, error) {
	o, err := s.Run()
	if err == nil {
		f.Expect = Claims(o.World, o.Verdicts, exactly)
		o.Claim(f.Expect)
	}
	return o, err
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
