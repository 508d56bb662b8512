package scenarios

import (
	"fmt"

	"skinny/protocol"
	"skinny/scenarios/form"
	"skinny/sim"
	"skinny/sim/explore"
)

// Explore is how far every order of events is explored: how many of each fault.
type Explore struct {
	Limits [explore.NumBounds]Opt[int]
	Events Opt[int] // decisions one after the other; default: no limit
}

func (e *Explore) form() form.Form {
	f := form.Form{Name: "`explore`", Flow: true}
	limits := explore.DefaultLimits()
	for _, b := range explore.Bounds() {
		f.Fields = append(f.Fields, form.Key(b.String(), b.About(), &e.Limits[b],
			form.Numeral[int]("the number of "+b.String(), 0, explore.MaxLimit)).Default(limits[b]))
	}
	f.Fields = append(f.Fields, form.Key("events", "Decisions that may follow each other; without it, as many as there are.", &e.Events,
		form.Numeral[int]("the number of decisions", 1, maxCount)))
	return f
}

// ExploreConfig is the scenario as the explorer takes it: its cluster, its clients'
// operations in their order, and the bounds that its file gives. How hosts crash
// follows from the crashes that the scenario tells of, if there are any. Events is
// the limit of events, or 0.
func (s *Scenario) ExploreConfig() (c explore.Config, events int) {
	c = explore.Config{Cluster: s.Cluster, Limits: explore.DefaultLimits(), Reductions: explore.AllReductions()}
	for _, d := range s.Decisions() {
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
	given := &s.File().Explore
	for _, b := range explore.Bounds() {
		c.Limits[b] = uint8(given.Limits[b].Or(int(c.Limits[b])))
	}
	return c, given.Events.Value
}

// Decisions is what the scenario tells: its timeline or the decisions of its schedule.
func (s *Scenario) Decisions() []sim.Decision {
	if s.Timed() {
		return s.Timetable.Timeline
	}
	return s.Schedule.Decisions
}

// ExploreLeavesOut lists what the scenario tells and the explorer does not follow,
// as in "1 crash"; latencies and instants, which it never follows, aside.
func (s *Scenario) ExploreLeavesOut() (list []string) {
	counts := map[string]int{}
	for _, d := range s.Decisions() {
		switch verb := d.Verb(); {
		case verb == "crash" || verb == "restart" || verb == "status":
			counts[verb]++
		case d.Kind == sim.InvokeOperation:
			// It is followed.
		case s.Timed():
			counts["other fault"]++
		default:
			counts["decision of the schedule"]++
		}
	}
	for i := range s.Cluster.Instances {
		if s.Cluster.Instances[i].PromiseDelay != (sim.Range{}) {
			counts["promise-delay"]++
		}
	}
	for _, word := range [...][2]string{
		{"crash", "crashes"}, {"restart", "restarts"}, {"status", "statuses"},
		{"other fault", "other faults"}, {"decision of the schedule", "decisions of the schedule"},
		{"promise-delay", "promise-delays"},
	} {
		if n := counts[word[0]]; n > 0 {
			list = append(list, fmt.Sprint(n, " ", word[min(n-1, 1)]))
		}
	}
	return list
}
