package lab

import (
	"errors"
	"fmt"

	"skinny/scenarios"
	"skinny/scenarios/counterexample"
	"skinny/sim"
	"skinny/sim/explore"
	"skinny/sim/explore/search"
)

// searchMemory is what the tables of a search may take, in bytes.
const searchMemory = 1 << 30

// search judges a program by every order of the events of a scenario, within the bounds that
// it says. States is how many were distinct.
func (s *Stage) search(name string, p sim.Player, o Options) (f *Failure, states uint64, err error) {
	c, err := scenarios.Load(name, scenarios.Overrides{Players: s.players(p)})
	if err != nil {
		return nil, 0, err
	}
	config, depth := c.ExploreConfig()
	m, err := explore.New(config)
	if err != nil {
		return nil, 0, err
	}
	r, err := search.New(m, search.Options{
		Workers: o.Workers, Depth: depth, Memory: searchMemory, Stop: o.stopped,
		Progress: func(r *search.Result) {
			if o.Searched != nil {
				o.Searched(s, r.Distinct)
			}
		},
	}).Run()
	found := "every order of events of " + name
	var failed *sim.ProgramError
	switch {
	case o.stopped():
		return nil, 0, ErrStopped
	case errors.As(err, &failed):
		return &Failure{Found: found, Err: failed}, 0, nil
	case err != nil:
		return nil, 0, err
	case r.Violation == nil && r.Ending != search.Exhausted:
		return &Failure{Found: found, Unmet: []string{fmt.Sprintf("there are too many: %d states are not all. What it remembers for ever makes states differ that are not", r.Distinct)}}, r.Distinct, nil
	case r.Violation == nil:
		return nil, r.Distinct, nil
	}
	path, err := counterexample.Found(c, m, r.Violation, true)
	if err != nil {
		return nil, r.Distinct, err
	}
	out, err := path.Scenario.Run()
	if err != nil {
		return nil, r.Distinct, err
	}
	f = &Failure{Found: found, Scenario: path.Scenario, Verdict: first(out.Verdicts)}
	if f.Verdict == nil {
		f.Unmet = []string{"a client waits, and nothing can happen any more"}
	}
	return f, r.Distinct, nil
}
