package counterexample

import (
	"skinny/protocol"
	"skinny/scenarios"
	"skinny/sim"
	"skinny/sim/check"
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
	c := w.Cluster()
	for n := 1; n <= w.Operations(); n++ {
		op := w.Operation(n)
		e := scenarios.Expectation{Operation: scenarios.Some(n), Outcome: scenarios.Some(op.Outcome)}
		if op.Outcome == protocol.Refused || exactly && op.Outcome != protocol.NoOutcome {
			e.Holder = scenarios.Some(c.HolderName(op.Holder))
		}
		if exactly && op.Outcome != protocol.NoOutcome {
			e.Answered = scenarios.Some(op.Answered)
		}
		list = append(list, e)
	}
	for i := range c.Instances {
		p := protocol.Position(i)
		if state := w.State(p); exactly {
			list = append(list, scenarios.Expectation{
				Instance: scenarios.Some(c.Instances[i].Name),
				Promised: scenarios.Some(uint64(state.Promised)),
				ID:       scenarios.Some(uint64(state.Accepted.ID)),
				Holder:   scenarios.Some(c.HolderName(state.Accepted.Holder)),
				Up:       scenarios.Some(w.Up(p)),
			})
		}
	}
	for _, v := range verdicts {
		if _, known := check.PropertyByName(v.Property); known {
			list = append(list, scenarios.Expectation{Property: scenarios.Some(v.Property), Is: scenarios.Some(v.State)})
		}
	}
	return list
}
