package shrink

import (
	"fmt"
	"slices"

	"skinny/sim"
	"skinny/sim/check"
	"skinny/sim/trace"
)

// Timed is a timed run that breaks a property whose bound is in time, and so cannot
// be told by its decisions alone.
type Timed struct {
	Cluster   *sim.Cluster
	Timetable *sim.Timetable // without clients: their calls stand in the timeline
	Progress  check.Progress
}

// TimedResult is the smallest timed run that was found.
type TimedResult struct {
	Timed
	Minimal bool // no entry of the timeline can be left out
	Tried   int  // candidates
}

// ShrinkTimed minimises a timed run in which a property breaks: it leaves out
// instances, entries of the timeline, clogs and fates, and turns off what chance
// does. What progress takes for granted stays: when it is demanded, everything has
// healed. Neither the cluster nor the timetable is changed. The error says that the
// run does not break the property.
func ShrinkTimed(run Timed, property string, o Options) (*TimedResult, error) {
	s := &timedShrinker{Timed: run, property: property, effort: effort{options: o}}
	s.judges.Use(o.Judges...)
	if !s.fails(run) {
		return nil, fmt.Errorf("%s does not break in this run, so there is nothing to shrink", property)
	}
	s.whileItHelps(func() {
		s.fewerInstances()
		s.fewerEntries()
		s.simplerLinks()
		s.simplerCalls()
	})
	return &TimedResult{Timed: s.Timed, Minimal: !s.stopped, Tried: s.tried}, nil
}

type timedShrinker struct {
	Timed
	property string
	run      sim.Timed
	judges   check.Judges
	faults   sim.World // what is wrong in it
	effort
}

// try runs a candidate. If it breaks the property it becomes the smallest run.
func (s *timedShrinker) try(candidate Timed) bool {
	if s.halted() || !s.fails(candidate) {
		return false
	}
	s.Timed = candidate
	s.improved++
	return true
}

func (s *timedShrinker) fails(candidate Timed) bool {
	s.tried++
	if candidate.Progress != (check.Progress{}) && !s.heals(&candidate) {
		return false
	}
	s.run.Reset(candidate.Cluster, candidate.Timetable)
	s.judges.Reset(candidate.Cluster.Header())
	s.judges.Demand(candidate.Progress)
	s.run.World().Observe(&s.judges)
	if s.run.Run() == sim.Failed {
		return false
	}
	s.judges.End(s.run.Settled())
	return s.judges.Verdict(s.property).State == check.Violated
}

// heals reports whether everything has come right when progress is demanded, and stays so.
func (s *timedShrinker) heals(candidate *Timed) bool {
	s.faults.Reset(candidate.Cluster)
	for i := range candidate.Timetable.Timeline {
		d := &candidate.Timetable.Timeline[i]
		if d.Kind == sim.InvokeOperation {
			continue
		}
		if d.At > candidate.Progress.From {
			return false
		}
		s.faults.Do(d)
	}
	return s.faults.Healed()
}

// with is the smallest run with another timetable.
func (s *timedShrinker) with(change func(*sim.Timetable)) Timed {
	t := *s.Timetable
	change(&t)
	return Timed{s.Cluster, &t, s.Progress}
}

func (s *timedShrinker) fewerEntries() {
	minimiseIn(s, func(t *sim.Timetable) *[]sim.Decision { return &t.Timeline })
	s.fewerFaults()
	minimiseIn(s, func(t *sim.Timetable) *[]sim.Clog { return &t.Clogs })
	minimiseIn(s, func(t *sim.Timetable) *[]sim.Fate { return &t.Fates })
}

// fewerFaults leaves out faults together with what ends them.
func (s *timedShrinker) fewerFaults() {
	for begin := len(s.Timetable.Timeline) - 2; begin >= 0; begin-- {
		for end := begin + 1; end < len(s.Timetable.Timeline); end++ {
			if s.isCall(begin) || s.isCall(end) {
				continue
			}
			if s.try(s.with(func(t *sim.Timetable) {
				t.Timeline = slices.Delete(slices.Delete(slices.Clone(t.Timeline), end, end+1), begin, begin+1)
			})) {
				break
			}
		}
	}
}

func (s *timedShrinker) isCall(entry int) bool {
	return s.Timetable.Timeline[entry].Kind == sim.InvokeOperation
}

// simplerCalls lets calls that are made long after all has healed be made sooner,
// clients have the usual patience, and times be whole milliseconds.
func (s *timedShrinker) simplerCalls() {
	for i := range s.Timetable.Timeline {
		for _, simpler := range [...]func(*sim.Decision){
			func(d *sim.Decision) {
				if soon := s.Progress.From + s.Progress.Within; d.At > soon {
					d.At = soon
				}
			},
			func(d *sim.Decision) { d.At -= d.At % trace.Millisecond },
			func(d *sim.Decision) { d.Timeout = sim.DefaultClientTimeout },
		} {
			before := s.Timetable.Timeline[i]
			d := before
			simpler(&d)
			inOrder := i == 0 || s.Timetable.Timeline[i-1].At <= d.At
			if s.isCall(i) && inOrder && (d.At != before.At || d.Timeout != before.Timeout) {
				s.try(s.with(func(t *sim.Timetable) {
					t.Timeline = slices.Clone(t.Timeline)
					t.Timeline[i] = d
				}))
			}
		}
	}
}

func minimiseIn[T any](s *timedShrinker, list func(*sim.Timetable) *[]T) {
	minimise(func() int { return len(*list(s.Timetable)) }, func(from, to int) bool {
		return s.try(s.with(func(t *sim.Timetable) { *list(t) = slices.Delete(slices.Clone(*list(t)), from, to) }))
	})
}

// simplerLinks turns off what chance does to messages, and makes all latencies the same.
func (s *timedShrinker) simplerLinks() {
	var longest trace.Time
	for i := range s.Timetable.Links {
		longest = max(longest, s.Timetable.Links[i].Latency.High)
	}
	for _, simpler := range [...]func(*sim.Link){
		func(l *sim.Link) { l.Loss = 0 },
		func(l *sim.Link) { l.RequestLoss = 0 },
		func(l *sim.Link) { l.ResponseLoss = 0 },
		func(l *sim.Link) { l.Duplication = 0 },
		func(l *sim.Link) { l.Tail, l.TailLatency = 0, sim.Range{} },
		func(l *sim.Link) { l.Latency.Low = l.Latency.High },
		func(l *sim.Link) { l.Latency = sim.Range{Low: longest, High: longest} },
	} {
		candidate := s.with(func(t *sim.Timetable) {
			t.Links = slices.Clone(t.Links)
			for i := range t.Links {
				simpler(&t.Links[i])
			}
		})
		if !slices.Equal(candidate.Timetable.Links, s.Timetable.Links) {
			s.try(candidate)
		}
	}
}

// fewerInstances leaves out instances, from the last on.
func (s *timedShrinker) fewerInstances() {
	for p := len(s.Cluster.Instances) - 1; p >= 0; p-- {
		if q := s.Cluster.Quorums; len(s.Cluster.Instances) > int(max(q.Promise, q.Commit, 2)) {
			s.try(s.withoutInstance(p))
		}
	}
}

// withoutInstance is the smallest run without an instance and all that is about it.
func (s *timedShrinker) withoutInstance(gone int) Timed {
	to := newSetup(s.Cluster).without(gone)
	return Timed{to.cluster, s.with(func(t *sim.Timetable) {
		size := len(s.Cluster.Instances)
		t.Links = nil
		for i, l := range s.Timetable.Links {
			if i/size != gone && i%size != gone {
				t.Links = append(t.Links, l)
			}
		}
		t.Timeline = nil
		for _, d := range s.Timetable.Timeline {
			if d, ok := d.Remap(sim.Remap{Instance: to.at}); ok {
				t.Timeline = append(t.Timeline, d)
			}
		}
		t.Clogs = slices.Clone(t.Clogs)
		for i := range t.Clogs {
			c := &t.Clogs[i]
			c.From, c.To = sim.RemapSet(c.From, to.at), sim.RemapSet(c.To, to.at)
		}
		t.Fates = slices.Clone(t.Fates)
		for i := range t.Fates {
			f := &t.Fates[i]
			f.From, f.To = sim.RemapSet(f.From, to.at), sim.RemapSet(f.To, to.at)
		}
	}).Timetable, s.Progress}
}
