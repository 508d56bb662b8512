package sim

import "skinny/sim/trace"

// Runner is a run that goes on step by step, whatever decides what comes next. Timed
// and Scheduled are the two that there are.
//
// Between two steps a Runner takes decisions from outside: Act and Delay. What is
// pending keeps its moment, what follows gets one, and the run goes on from there by
// itself.
type Runner interface {
	// World is where it happens. It is observed by [World.Observe], and changed only
	// by the Runner.
	World() *World

	// Step lets the next thing happen, which may be several events at one instant. It
	// reports false when the run has ended.
	Step() bool

	// Ending says whether and why the run has ended.
	Ending() Ending

	// Settled is the last instant up to which nothing more can happen than what has, and
	// whether nothing ever can. Judges are told so when a run ends.
	Settled() (until trace.Time, forever bool)

	// Act carries out a decision at the present instant. It reports false, and does
	// nothing, if what the decision names is not pending. A run that had ended because
	// nothing was left to happen goes on.
	Act(d *Decision) bool

	// Delay puts off what a decision names by a span of time; everything else keeps
	// its moment. It reports false, and does nothing, if that is not pending, if the
	// span is negative, or if the run is scheduled, where nothing has a moment.
	Delay(d *Decision, span trace.Time) bool

	// Due is when what a decision names is to happen, and whether it is to be lost
	// then instead. It reports false where that is not pending or has no moment.
	Due(d *Decision) (due trace.Time, lost, found bool)

	// Copy is an equal run that goes on independently, with neither observer nor
	// recorder.
	Copy() Runner

	// Record makes f be told every decision before it is carried out, with its time;
	// nil tells nobody. The decisions as a schedule give the same run again.
	Record(f func(Decision))
}

var _, _ Runner = (*Timed)(nil), (*Scheduled)(nil)

// Ending says why a run has come to its end.
type Ending uint8

// The endings.
const (
	NotEnded    Ending = iota
	NothingMore        // nothing is left to happen
	TimeIsUp           // the time that the scenario gives is over
	BudgetSpent        // too many events
	Stopped            // the schedule has no more decisions
	Impossible         // the next decision of the schedule cannot be made
	Failed             // a program cannot go on: see World.Failure
)

// run is what every Runner has.
type run struct {
	world    World
	ending   Ending
	recorder func(d Decision)
}

// World is where it happens.
func (r *run) World() *World { return &r.world }

// Ending says whether and why the run has ended.
func (r *run) Ending() Ending { return r.ending }

// Settled says up to when nothing more can happen: see [Runner].
func (r *run) Settled() (until trace.Time, forever bool) {
	if r.ending == NothingMore {
		return r.world.now, true
	}
	return r.world.now - 1, false // what is due now may still be to come
}

// Record makes f be told every decision before it is carried out; nil tells nobody.
func (r *run) Record(f func(Decision)) { r.recorder = f }

// record tells a decision that is carried out at the present instant.
func (r *run) record(d *Decision) {
	if r.recorder != nil {
		timed := *d
		timed.At, timed.Timed = r.world.now, true
		r.recorder(timed)
	}
}

func (r *run) copyFrom(other *run) {
	r.world.CopyFrom(&other.world)
	r.ending = other.ending
}

// act carries out a decision from outside, if that is possible.
func (r *run) act(d *Decision) bool {
	w := &r.world
	ref, ok := w.needed(d)
	if !ok {
		return false
	}
	r.record(d)
	w.ClearCreated()
	w.take(d, ref)
	if r.ending != BudgetSpent && r.ending != TimeIsUp {
		r.ending = NotEnded // there may be more now
	}
	r.fail()
	return true
}

// fail ends the run if a program cannot go on.
func (r *run) fail() {
	if r.world.Failure() != nil {
		r.ending = Failed
	}
}

// RunRecorded lets a run go on to its end and returns the decisions that were made, with
// their times. As a schedule they give the same run again.
func RunRecorded(r Runner) []Decision {
	var list []Decision
	r.Record(func(d Decision) { list = append(list, d) })
	for r.Step() {
	}
	r.Record(nil)
	return list
}
