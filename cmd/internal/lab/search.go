package lab

import (
	"errors"
	"sync/atomic"

	"skinny/scenarios"
	"skinny/scenarios/counterexample"
	"skinny/sim"
	"skinny/sim/explore"
	"skinny/sim/explore/search"
)

// What a search may take. The built-in instances come to about 150,000 states; whatever else
// a program remembers makes more of them.
const (
	searchMemory = 1 << 30 // bytes of its tables
	mostStates   = 500_000
)

// search judges a program by every order of the events of a scenario, within the bounds that
// it says: as many states as it may take, the nearest first. What it came to is in the result.
func (s *Stage) search(name string, p sim.Player, o Options, result *Result) error {
	c, err := scenarios.Load(name, scenarios.Overrides{Players: s.players(p)})
	if err != nil {
		return err
	}
	config, depth := c.ExploreConfig()
	m, err := explore.New(config)
	if err != nil {
		return err
	}
	var many atomic.Bool
	r, err := search.New(m, search.Options{
		Workers: o.Workers, Depth: depth, Memory: searchMemory, Stop: func() bool { return many.Load() || o.stopped() },
		Progress: func(r *search.Result) {
			many.Store(r.Distinct > mostStates)
			if o.Searched != nil {
				o.Searched(s, r.Distinct)
			}
		},
	}).Run()
	found := "every order of events of " + name
	var failed *sim.ProgramError
	switch {
	case o.stopped():
		return ErrStopped
	case errors.As(err, &failed):
		result.Failure = &Failure{Found: found, Err: failed}
		return nil
	case err != nil:
		return err
	}
	result.States, result.Exhausted = r.Distinct, r.Ending == search.Exhausted
	if r.Violation == nil {
		return nil
	}
	path, err := counterexample.Found(c, m, r.Violation, true)
	if err != nil {
		return err
	}
	out, err := path.Scenario.Run()
	if err != nil {
		return err
	}
	result.Failure = &Failure{Found: found, Scenario: path.Scenario, Verdict: first(out.Verdicts)}
	if result.Failure.Verdict == nil {
		result.Failure.Unmet = []string{"a client waits, and nothing can happen any more"}
	}
	return nil
}
