package quiz

import (
	"skinny/sim"
	"skinny/sim/check"
	"skinny/sim/trace"
)

// Run is what questions are made from. A question about event n looks at the events up
// to n, and at how the run stood before. It remembers what it has gone through, so events
// must not change under it, nor two goroutines use it.
type Run struct {
	Source
	Header *trace.Header
	Own    []check.Property // judged beside those of the register

	// Standing is how the run stood after a number of events. It is only read.
	Standing func(point int) *trace.Follower

	// Moment is a copy of the run, the caller's own, at the end of the step that a point is in.
	Moment func(point int) sim.Runner

	met  met
	kept [4]standing // that were asked for last
	next int         // of kept

	cluster sim.Cluster // of the world
	world   sim.World   // for [Run.again], used again
	log     trace.Log   // likewise
}

// Source is the events of a run, as far as they are known, with numbers from 1 to Len.
type Source interface {
	Len() int
	Event(n int) *trace.Event
}

// Play lets a run go on to its end, or until it has about most events, and is that run. Start
// makes it anew each time, with nothing having happened yet.
func Play(h *trace.Header, start func() sim.Runner, most int) *Run {
	log := &trace.Log{}
	run := start()
	run.World().Observe(log)
	for log.Len() < most && run.Step() {
	}
	return &Run{
		Source: log, Header: h,
		Standing: func(point int) *trace.Follower {
			f := trace.NewFollower(h)
			for n := 1; n <= point; n++ {
				f.Observe(log.Event(n))
			}
			return f
		},
		Moment: func(point int) sim.Runner {
			run := start()
			for run.World().Events() < point && run.Step() {
			}
			return run
		},
	}
}

// standing is how a run stands at a point.
type standing struct {
	*trace.Follower
	point int
}

// at is how the run stood at a point. It is only read: who changes it makes a clone.
func (r *Run) at(point int) standing {
	for _, s := range r.kept {
		if s.Follower != nil && s.point == point {
			return s
		}
	}
	s := standing{r.Standing(point), point}
	r.kept[r.next], r.next = s, (r.next+1)%len(r.kept)
	return s
}

// before is how the run stood before an event.
func (r *Run) before(e *trace.Event) standing { return r.at(e.Number - 1) }
