package session

import (
	"fmt"

	"skinny/scenarios"
	"skinny/scenarios/exercise"
	"skinny/sim"
	"skinny/sim/trace"
)

// aMoment is how long after an event comes what is done by hand after it, where that is
// to be an entry of a timeline: those come before everything else at their instant.
const aMoment = trace.Microsecond

// Write lets what is done by hand from now on be what a solution can say, where that is a
// timeline, or fates of messages.
func (t *Tree) Write(x *exercise.Exercise) { t.writes = x.Scenario.Timed() }

// instant gives an act at a moment of b the instant at which a timeline can have it after
// all that has happened, and before all else, so that the run is that of the timeline. The
// error says where there is one, if there is none here.
func (b *Branch) instant(p *Moment, a *Act) error {
	if !b.tree.writes {
		return nil
	}
	w, d := p.World(), &a.Decision
	now, end := w.Now(), b.scenario.Timetable.End
	switch {
	case d.Kind == sim.RefuseMessage || d.Kind == sim.CopyMessage:
		if r, ok := w.Find(d); ok && b.Event(w.Item(r).Cause).At < now {
			return fmt.Errorf("a solution can have it refused or copied only as soon as it is sent, after event %d; go there first", w.Item(r).Cause)
		}
		return nil
	case !d.Kind.AnyTime():
		return nil
	}
	next := p.copy()
	next.Step()
	a.At, a.behind = now, b.written(p)
	if a.behind < 0 {
		a.At, a.behind = now+aMoment, 0
	}
	if due := next.World().Now(); a.At > now && due == now && next.Point() > p.Point() {
		at := next.Point()
		for next.Step() && next.World().Now() == now {
			at = next.Point()
		}
		return fmt.Errorf("a timeline comes before what happens at %s, or after all of it: go to event %d first, or to one before", scenarios.FormatTime(now), at)
	}
	if end > 0 && a.At >= end {
		return fmt.Errorf("the run is over at %s; go to an event before", scenarios.FormatTime(end-1))
	}
	return nil
}

// written is how many entries of a timeline have happened at the instant of a moment of b,
// those by hand included; -1 if something else has, too.
func (b *Branch) written(p *Moment) (n int) {
	now, others := p.World().Now(), 0
	again := newMoment(b.scenario)
	again.Record(func(d sim.Decision) {
		if d.At == now {
			others++
		}
	})
	again.play(b.acts[:p.acts], p.Point())
	for _, a := range b.acts[:p.acts] {
		if a.At == now && a.Decision.Kind.AnyTime() {
			n++
		}
	}
	timed, _ := p.Runner.(*sim.Timed)
	for _, d := range b.scenario.Timetable.Timeline[:timed.Next()] {
		if d.At == now {
			n++
		}
	}
	if others > n {
		return -1
	}
	return n
}
