package swarm

import (
	"skinny/sim"
	"skinny/sim/check"
	"skinny/sim/trace"
)

// Trial runs seeds of a setting, one after the other in the same memory, with the
// judges.
type Trial struct {
	Plan Plan // of the last seed
	Met  Met  // by all seeds so far

	// Stop is asked often whether to leave a run before its end; it may be nil.
	Stop func() bool

	set     *Setting
	run     sim.Timed
	judges  check.Judges
	counter counter

	again   Plan // of the seed that is run for the second time
	twice   twice
	disturb func(*Plan) // for tests: changes that plan
}

// NewTrial makes a trial of a setting, which must not be changed while it is used.
func NewTrial(set *Setting) *Trial {
	t := &Trial{set: set}
	t.counter.met = &t.Met
	t.judges.Use(set.Judges...)
	return t
}

// Run runs the seed to its end. It returns what the judges say, in the order of
// check.Properties; progress is left out where it is not demanded.
func (t *Trial) Run(seed uint64) []check.Verdict { return t.judged(seed, t) }

// judged runs the seed, with what observes it.
func (t *Trial) judged(seed uint64, o trace.Observer) []check.Verdict {
	t.Plan.Draw(t.set, seed, nil)
	t.run.Reset(&t.Plan.Cluster, &t.Plan.Timetable)
	t.judges.Reset(&t.Plan.Header)
	t.judges.Demand(t.Plan.Progress)
	t.counter.reset(&t.Plan.Header, &t.judges)
	t.run.World().Observe(o)
	ending := t.finish()
	t.judges.End(t.run.Settled())
	t.Met[Events] += uint64(t.run.World().Events())
	t.Met[MinorityCommits] += uint64(t.judges.Unchosen())
	if t.Plan.Progress != (check.Progress{}) {
		t.Met[Demands]++
	}
	if ending == sim.BudgetSpent {
		t.Met[CutShort]++
	}
	return t.judges.Verdicts()
}

// finish goes on to the end of the run, unless it is to be left.
func (t *Trial) finish() sim.Ending {
	for (t.Stop == nil || !t.Stop()) && t.run.Step() {
	}
	return t.run.Ending()
}

// Stopped reports whether the last run was left before its end. What the judges say of it
// does not count.
func (t *Trial) Stopped() bool { return t.run.Ending() == sim.NotEnded }

// Failure is why a program could not go on in the last run, a *sim.ProgramError, or nil.
// What the judges say of such a run does not count.
func (t *Trial) Failure() error { return t.run.World().Failure() }

// Observe is told every event of the run.
func (t *Trial) Observe(e *trace.Event) {
	t.counter.Observe(e)
	t.judges.Observe(e)
}

// RunTwice is Run, and then draws and runs the seed once more. If the two runs are
// not the same, it returns the number of the first event that differs, otherwise 0.
func (t *Trial) RunTwice(seed uint64) (verdicts []check.Verdict, differs int) {
	t.twice = twice{first: trace.Log{Events: t.twice.first.Events[:0]}}
	verdicts = t.judged(seed, trace.Tee{t, &t.twice.first})
	if t.Failure() != nil || t.Stopped() {
		return verdicts, 0
	}
	t.again.Draw(t.set, seed, nil)
	if t.disturb != nil {
		t.disturb(&t.again)
	}
	t.run.Reset(&t.again.Cluster, &t.again.Timetable)
	t.run.World().Observe(&t.twice)
	if e := t.finish(); e == sim.Failed || e == sim.NotEnded {
		return verdicts, 0 // that is said of it instead
	}
	return verdicts, t.twice.end()
}

// Difference is the event that RunTwice has found to differ, as a line of a trace, in
// the first run and in the second; "" where a run had ended by then.
func (t *Trial) Difference() (was, is string) { return t.twice.texts(&t.Plan.Header) }

// Record draws and runs a seed in memory of its own, and returns its plan and the
// decisions that were made, with their times.
func Record(set *Setting, seed uint64) (*Plan, []sim.Decision) {
	p := &Plan{}
	p.Draw(set, seed, nil)
	return p, sim.RunRecorded(sim.NewTimed(&p.Cluster, &p.Timetable))
}
