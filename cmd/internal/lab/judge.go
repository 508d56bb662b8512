package lab

import (
	"cmp"
	"errors"
	"fmt"
	"runtime"
	"sync/atomic"
	"time"

	"skinny/cmd/internal/program"
	"skinny/cmd/internal/report"
	"skinny/cmd/internal/sweep"
	"skinny/scenarios"
	"skinny/scenarios/counterexample"
	"skinny/sim"
	"skinny/sim/check"
	"skinny/sim/explore"
	"skinny/sim/explore/search"
	"skinny/sim/prose"
	"skinny/sim/shrink"
	"skinny/sim/swarm"
	"skinny/sim/trace"
)

// Options say how a program is judged.
type Options struct {
	Seeds uint64 // of the last stage, and at most of the others; 0: LastSeeds
	Quick bool   // nothing is searched

	Pure sim.Program // the same program, asked in scenarios; nil: as in seeds

	Stop func() bool             // asked often: whether to end; may be nil
	Say  func(how func() string) // told how far it is; may be nil
}

// Result is what a stage came to.
type Result struct {
	Stage   *Stage
	Failure *Failure // nil: passed
	Cost    Cost     // of the first scenario
	BuiltIn Cost     // the same with the built-in instance
	Seeds   uint64   // that were run
	States  uint64   // that were searched

	Exhausted bool // these were all states
}

// Failure is why a stage is not passed: a run that shows it.
type Failure struct {
	Found    string              // by what: a scenario's name, or a seed
	Scenario *scenarios.Scenario // the run, as small as it could be made; nil if there is none
	Verdict  *check.Verdict      // what breaks in it, or
	Unmet    []string            // what the scenario claims and is not so, or
	Err      error               // why the program could not go on: a *sim.ProgramError
}

// ErrStopped says that judging was ended from outside.
var ErrStopped = errors.New("it was ended before it was judged")

// shrinking is how many smaller runs are tried, and for how long.
const (
	shrinkTries = 3000
	shrinkTime  = 10 * time.Second
)

// Judge judges a program by a stage. The error is ErrStopped, or says what went wrong with
// the judging itself.
func (s *Stage) Judge(p sim.Player, o Options) (*Result, error) {
	r := &Result{Stage: s}
	err := s.judge(p, o, r)
	if r.Failure != nil && o.stopped() {
		err = ErrStopped // programs that had to hurry have perhaps failed for that
	}
	return r, err
}

func (s *Stage) judge(p sim.Player, o Options, r *Result) (err error) {
	for i, name := range s.Scenarios {
		if o.stopped() {
			return ErrStopped
		}
		cost := &Cost{}
		if r.Failure, err = s.scenario(name, p, o, cost); r.Failure != nil || err != nil {
			return s.step(p, o, r, err)
		}
		if i == 0 {
			r.Cost = *cost
			builtIn, err := scenarios.Load(name, scenarios.Overrides{})
			if err == nil {
				_, err = builtIn.Run(&r.BuiltIn)
			}
			if err != nil {
				return err
			}
		}
	}
	r.Failure, r.Seeds, err = s.swarm(p, o)
	if s.searches && !o.Quick && r.Failure == nil && err == nil {
		err = s.search(s.Scenarios[0], p, o, r)
	}
	return err
}

// step looks in seeds for a run that names the step which is wrong, and is small, where a
// scenario has only come to another end than it claims.
func (s *Stage) step(p sim.Player, o Options, r *Result, err error) error {
	if err != nil || r.Failure.Unmet == nil {
		return err
	}
	found, seeds, err := s.swarm(p, o)
	if r.Seeds = seeds; err == nil && found != nil && found.Verdict != nil {
		r.Failure = found
	}
	return err
}

func (o *Options) stopped() bool { return o.Stop != nil && o.Stop() }

func (o *Options) say(s *Stage, how func() string) {
	if o.Say != nil {
		o.Say(func() string { return s.Title + ": " + how() })
	}
}

// scenario judges a program by what a bundled scenario claims.
func (s *Stage) scenario(name string, p sim.Player, o Options, cost *Cost) (*Failure, error) {
	if o.Pure != nil {
		p.Program = o.Pure
	}
	c, err := scenarios.Load(name, scenarios.Overrides{Players: s.players(p)})
	if err != nil {
		return nil, err
	}
	c.Judges = s.rows()
	out, err := c.RunUntil(o.stopped, cost)
	switch {
	case err != nil:
		return nil, err
	case out.Ending == sim.Failed:
		return &Failure{Found: name, Scenario: c, Err: out.World.Failure()}, nil
	case out.Ending == sim.NotEnded:
		return nil, ErrStopped
	}
	if v := first(out.Verdicts, append(s.judged(), claimed(c)...)...); v != nil {
		return s.small(o, &counterexample.Run{Scenario: c, Decisions: sim.RunRecorded(c.Start()), Property: v.Property, Found: "the scenario " + name}, name)
	}
	f := &Failure{Found: name, Scenario: c}
	for i, e := range out.Expectations {
		if !e.Met && !c.Expect[i].Property.Given { // what is not judged of a property is not held against anybody
			f.Unmet = append(f.Unmet, fmt.Sprintf("demanded: %s; but %s", e.Expect, e.Got))
		}
	}
	if f.Unmet == nil {
		return nil, nil
	}
	return f, nil
}

// claimed lists the properties that a scenario claims to be kept, and progress, which
// is judged if it demands it.
func claimed(s *scenarios.Scenario) []string {
	names := []string{check.ProgressName}
	for i := range s.Expect {
		if e := &s.Expect[i]; e.Property.Given && e.Is.Value == check.Kept {
			names = append(names, e.Property.Value)
		}
	}
	return names
}

// first is the violation that comes first, of the named properties or, if none is named,
// of all: what comes later follows from it. nil if there is none.
func first(verdicts []check.Verdict, names ...string) *check.Verdict {
	var found *check.Verdict
	for i := range verdicts {
		v := check.Worst(verdicts[i:i+1], names...)
		if v != nil && (found == nil || cmp.Or(cmp.Compare(v.Event, found.Event), cmp.Compare(v.Severity, found.Severity)) < 0) {
			found = v
		}
	}
	return found
}

// small makes a failing run as small as it can be in short time.
func (s *Stage) small(o Options, run *counterexample.Run, found string) (*Failure, error) {
	run.Exactly = true
	begin := time.Now()
	c, err := counterexample.Make(run, shrink.Options{Candidates: shrinkTries, Stop: func() bool { return o.stopped() || time.Since(begin) > shrinkTime }})
	if err != nil {
		return nil, err
	}
	return &Failure{Found: found, Scenario: c.Scenario, Verdict: &c.Verdict}, nil
}

// swarm judges a program by seeds. The failing one that counts is the smallest.
func (s *Stage) swarm(p sim.Player, o Options) (*Failure, uint64, error) {
	seeds := min(s.seeds, cmp.Or(o.Seeds, s.seeds))
	if s.number() == len(stages) {
		seeds = cmp.Or(o.Seeds, seeds)
	}
	set := s.setting(p)
	r := sweep.Run(sweep.Config{
		Setting: set, Seeds: sweep.Seeds{First: 1, Step: 1, Count: seeds}, Workers: program.Together * runtime.GOMAXPROCS(0),
		Properties: s.judged(), Stop: o.stopped,
		Progress: func(now sweep.Status) {
			o.say(s, func() string { return report.Grouped(now.Done) + " of " + report.Count(seeds, "seed") })
		},
	})
	found := func(seed uint64) string { return fmt.Sprintf("seed %d of profile %s", seed, s.profile) }
	switch {
	case o.stopped():
		return nil, r.Done, ErrStopped
	case r.Stuck != nil:
		return &Failure{Found: found(r.Stuck.Seed), Err: r.Stuck.Err}, r.Done, nil
	case len(r.Failures) == 0 && r.Met[swarm.CutShort] > 0:
		return &Failure{Found: "seeds", Unmet: []string{fmt.Sprintf("%s of %s do not come to an end: it goes on sending for ever", report.Grouped(r.Met[swarm.CutShort]), report.Count(r.Done, "seed"))}}, r.Done, nil
	case len(r.Failures) == 0:
		return nil, r.Done, nil
	}
	seed := r.Failures[0].Seed
	broken := first(swarm.NewTrial(set).Run(seed), s.judged()...)
	run := counterexample.OfSeed(set, "sound", seed, broken.Property, found(seed))
	run.Drawn = s.All
	f, err := s.small(o, run, found(seed))
	return f, r.Done, err
}

// Cost is what a run costs. It is an observer.
type Cost struct {
	Rounds   int
	Messages int        // requests and answers of instances
	Waited   trace.Time // by all clients together, for answers
	calls    map[uint32]trace.Time
}

// Observe counts an event.
func (c *Cost) Observe(e *trace.Event) {
	c.Messages += e.Asked.Len()
	switch e.Kind {
	case trace.Propose:
		c.Rounds++
	case trace.Promise, trace.Accept, trace.Reply:
		c.Messages++
	case trace.Call:
		if c.calls == nil {
			c.calls = map[uint32]trace.Time{}
		}
		c.calls[e.Operation.Number] = e.At
	}
	if at, ok := c.calls[e.Operation.Number]; ok && (e.Received() || e.Kind == trace.GiveUp) {
		c.Waited += e.At - at
		delete(c.calls, e.Operation.Number)
	}
}

// Same reports whether another run costs the same.
func (c *Cost) Same(o *Cost) bool {
	return c.Rounds == o.Rounds && c.Messages == o.Messages && c.Waited == o.Waited
}

// Words are what it costs.
func (c *Cost) Words() string {
	return fmt.Sprintf("%s, %s, %s", report.Count(c.Rounds, "round"), report.Count(c.Messages, "message"), prose.Duration(c.Waited))
}

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
		Depth: depth, Memory: searchMemory, Stop: func() bool { return many.Load() || o.stopped() },
		Progress: func(r *search.Result) {
			many.Store(r.Distinct > mostStates)
			o.say(s, func() string { return report.Count(r.Distinct, "state") })
		},
	}).Run()
	found := "every order of events of " + name
	failed, is := errors.AsType[*sim.ProgramError](err)
	switch {
	case o.stopped():
		return ErrStopped
	case is:
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
	result.Failure = &Failure{Found: found, Scenario: path.Scenario, Verdict: first(path.Outcome.Verdicts)}
	if result.Failure.Verdict == nil {
		result.Failure.Unmet = []string{"a client waits, and nothing can happen any more"}
	}
	return nil
}
