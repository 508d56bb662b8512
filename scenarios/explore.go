package scenarios

import (
	"errors"
	"fmt"

	"skinny/protocol"
	"skinny/sim"
	"skinny/sim/check"
	"skinny/sim/explore"
)

// Explore is how far every order of events is explored: so many of each.
type Explore struct {
	Losses       Opt[int]
	Duplications Opt[int]
	Timeouts     Opt[int]
	Crashes      Opt[int]
	Restarts     Opt[int]
	Retries      Opt[int]
	Events       Opt[int] // decisions one after the other; default: no limit
}

// limit is where a bound of the explorer stands in a file.
func (e *Explore) limit(b explore.Bound) *Opt[int] {
	return [...]*Opt[int]{
		explore.Losses: &e.Losses, explore.Duplications: &e.Duplications, explore.Timeouts: &e.Timeouts,
		explore.Crashes: &e.Crashes, explore.Restarts: &e.Restarts, explore.Retries: &e.Retries,
	}[b]
}

// exploreTable is the bounds within which a scenario is explored.
var exploreTable = mapping[Explore]{
	name: "`explore`",
	flow: true,
	fields: append(func() []field[Explore] {
		docs := [...]string{
			explore.Losses:       "Messages that may be lost.",
			explore.Duplications: "Messages that may be duplicated.",
			explore.Timeouts:     "Deadlines of phases that may pass.",
			explore.Crashes:      "Instances that may crash, one counted again each time.",
			explore.Restarts:     "Crashed instances that may restart.",
			explore.Retries:      "Rounds that may be tried again.",
		}
		limits := explore.DefaultLimits()
		var fields []field[Explore]
		for _, b := range explore.Bounds() {
			fields = append(fields, given(b.String(), docs[b], numeral[int]("the number of "+b.String(), 0, explore.MaxLimit),
				func(e *Explore) *Opt[int] { return e.limit(b) }).otherwise(limits[b]))
		}
		return fields
	}(), given("events", "Decisions that may follow each other; without it, as many as there are.", numeral[int]("the number of decisions", 1, maxCount),
		func(e *Explore) *Opt[int] { return &e.Events })),
}

// ExploreConfig is the scenario as the explorer takes it: its cluster, its clients'
// operations in their order, and the bounds that its file gives. How hosts crash
// follows from the crashes that the scenario tells of, if there are any. Events is
// the limit of events, or 0.
func (s *Scenario) ExploreConfig() (c explore.Config, events int) {
	c = explore.Config{Cluster: s.Cluster, Limits: explore.DefaultLimits(), Reductions: explore.AllReductions()}
	for _, d := range s.told() {
		switch d.Kind {
		case sim.InvokeOperation:
			if d.Operation != protocol.Status {
				c.Calls = append(c.Calls, explore.Call{Kind: d.Operation, Holder: d.Holder, Via: d.From})
			}
		case sim.CrashInstance:
			c.HostsUp = c.HostsUp || d.HostUp
			c.HostsDown = c.HostsDown || !d.HostUp
		}
	}
	c.HostsDown = c.HostsDown || !c.HostsUp
	if s.file == nil {
		return c, 0
	}
	for _, b := range explore.Bounds() {
		c.Limits[b] = uint8(s.file.Explore.limit(b).Or(int(c.Limits[b])))
	}
	return c, s.file.Explore.Events.Value
}

// told is the timeline or the decisions of the schedule.
func (s *Scenario) told() []sim.Decision {
	if s.Timed() {
		return s.Timetable.Timeline
	}
	return s.Schedule.Decisions
}

// ExploreLeavesOut lists what the scenario tells and the explorer does not follow,
// as in "1 crash"; latencies and instants, which it never follows, aside.
func (s *Scenario) ExploreLeavesOut() []string {
	words := [...]struct{ one, many string }{
		{"crash", "crashes"}, {"restart", "restarts"}, {"status", "statuses"},
		{"other fault", "other faults"}, {"decision of the schedule", "decisions of the schedule"},
	}
	var counts [len(words)]int
	for _, d := range s.told() {
		switch {
		case d.Kind == sim.InvokeOperation && d.Operation != protocol.Status:
		case d.Kind == sim.InvokeOperation:
			counts[2]++
		case d.Kind == sim.CrashInstance:
			counts[0]++
		case d.Kind == sim.RestartInstance:
			counts[1]++
		case s.Timed():
			counts[3]++
		default:
			counts[4]++
		}
	}
	var list []string
	for i, n := range counts {
		switch {
		case n == 1:
			list = append(list, "1 "+words[i].one)
		case n > 1:
			list = append(list, fmt.Sprintf("%d %s", n, words[i].many))
		}
	}
	return list
}

// FromPath is a scheduled scenario of decisions that the explorer of s has found.
// It claims what its run turns out to be: which properties are violated, and, for
// the clients whose numbers are given, that they had no answer. With settle
// everything that is pending after the decisions happens, too.
func FromPath(s *Scenario, m *explore.Model, title, about string, decisions []sim.Decision, settle bool, waiting []int) (*File, error) {
	// Time is abstracted away, and with it what takes its time.
	timeless := *s
	timeless.Cluster = m.Cluster()
	f := FromDecisions(&timeless, decisions)
	f.Title, f.About, f.Expect, f.Seed = Some(title), Some(about), nil, Opt[uint64]{}
	if settle {
		f.Then = Some(true)
	}
	compiled, err := f.Compile(Overrides{})
	if err != nil {
		return nil, err
	}
	outcome, err := compiled.Run()
	if err != nil {
		return nil, fmt.Errorf("the schedule that was found cannot be run: %w", err)
	}
	for _, n := range waiting {
		f.Expect = append(f.Expect, Expectation{Operation: Some(n), Outcome: Some(protocol.NoOutcome)})
	}
	for _, v := range outcome.Verdicts {
		if v.State == check.Undecided {
			return nil, errors.New("a judge cannot decide the schedule that was found: " + v.Why)
		}
		f.Expect = append(f.Expect, Expectation{Property: Some(v.Property), Is: Some(v.State)})
	}
	return f, nil
}
