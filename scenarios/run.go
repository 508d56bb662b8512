package scenarios

import (
	"fmt"
	"slices"

	"skinny/scenarios/form"
	"skinny/sim"
	"skinny/sim/check"
	"skinny/sim/trace"
)

// Run is a scenario being run, step by step.
type Run struct {
	Scenario *Scenario
	sim.Runner
}

// Start makes a run in which nothing has happened yet, and which nobody observes.
func (s *Scenario) Start() *Run {
	if s.Timed() {
		return &Run{s, sim.NewTimed(s.Cluster, s.Timetable)}
	}
	return &Run{s, sim.NewScheduled(s.Cluster, s.Schedule)}
}

// Problem is the Diagnostics of the decision by which a run ended as sim.Impossible, or nil.
func (r *Run) Problem() error {
	if r.Ending() != sim.Impossible {
		return nil
	}
	w := r.World()
	s := r.Scenario
	index := r.Runner.(*sim.Scheduled).Next()
	asked := s.Schedule.Decisions[index]
	asked.Timed = false
	var rep form.Reader
	var place Place
	if f := s.File(); f.source != nil {
		rep.Source, place = f.source, f.Schedule.Value[index].Place
	}
	hint := possibleText(w, asked.Kind)
	if s.file != nil {
		hint = s.othersPlay() + hint
	}
	rep.Report(place, hint, "decision %d of the schedule is impossible at %s: %s",
		index+1, FormatTime(w.Now()), DecisionText(s.Cluster, asked))
	return rep.Found
}

// possibleText lists what could be decided about what is pending.
func possibleText(w *sim.World, asked sim.DecisionKind) string {
	const most = 12
	possible := w.Possible()
	if len(possible) == 0 {
		return "nothing is pending at this point"
	}
	text := "possible at this point:"
	for _, d := range possible[:min(len(possible), most)] {
		if d.Kind == sim.DeliverMessage && asked.AllowsMessage(d.Message) {
			d.Kind = asked // whatever can be delivered can be lost, too
		}
		text += "\n    " + DecisionText(w.Cluster(), d)
	}
	if len(possible) > most {
		text += fmt.Sprintf("\n    and %d more", len(possible)-most)
	}
	return text
}

// Outcome is what became of a run.
type Outcome struct {
	Scenario     *Scenario
	World        *sim.World // at the end
	Ending       sim.Ending
	End          trace.Time // of the last event
	Events       int
	Digest       string // of the trace
	Verdicts     []check.Verdict
	Expectations []ExpectationResult
	Untold       string   // the client that holds the lock and was never told, "" for none: see [trace.Follower.Untold]
	Notes        []string // what somebody probably meant otherwise, a sentence each
}

// Run runs the scenario to its end, with the judges and the given observers. The
// error is Diagnostics: a decision of its schedule was impossible. After the ending
// sim.Failed the world says why a program could not go on.
func (s *Scenario) Run(observers ...trace.Observer) (*Outcome, error) {
	return s.RunUntil(func() bool { return false }, observers...)
}

// decider is an observer that is told decisions, too, in words: a trace.Writer is one.
type decider interface{ Decide(words string) }

// RunUntil is Run, but it asks before every step whether to stop. The outcome of
// a run that was stopped has the ending sim.NotEnded and tells how things stood.
func (s *Scenario) RunUntil(stop func() bool, observers ...trace.Observer) (*Outcome, error) {
	header := s.Header()
	judges := check.NewJudges(header, s.Judges...)
	judges.Demand(s.Progress)
	digest := trace.NewHash(header)
	standing := trace.NewFollower(header)
	run := s.Start()
	w := run.World()
	w.Observe(append(trace.Tee{digest, judges, standing}, observers...))
	for _, o := range observers {
		if o, ok := o.(decider); ok {
			run.Record(func(d sim.Decision) {
				words := nameDecision(s.Cluster, &d)
				o.Decide(words.String())
			})
		}
	}
	for !stop() && run.Step() {
	}
	if err := run.Problem(); err != nil {
		return nil, err
	}
	judges.End(run.Settled())
	o := &Outcome{
		Scenario: s,
		World:    w,
		Ending:   run.Ending(),
		End:      w.Now(),
		Events:   w.Events(),
		Digest:   digest.Digest(),
		Verdicts: judges.Verdicts(),
		Untold:   header.HolderName(standing.Untold()),
	}
	o.judge()
	if o.Ending != sim.NotEnded {
		o.Notes = run.notes()
	}
	return o, nil
}

// notes tells the fates that have met no message, which may be misnumbered.
func (r *Run) notes() (list []string) {
	timed, ok := r.Runner.(*sim.Timed)
	for i, f := range r.Scenario.File().Messages {
		if ok && !timed.Met(i) {
			list = append(list, f.words()+" never applied: no such message was sent")
		}
	}
	return list
}

// Claim judges claims by the outcome, in place of those that the scenario made.
func (o *Outcome) Claim(list []Expectation) {
	s := *o.Scenario
	s.Expect = list
	o.Scenario = &s
	o.judge()
}

func (o *Outcome) judge() {
	o.Expectations = nil
	for i := range o.Scenario.Expect {
		o.Expectations = append(o.Expectations, o.Judge(&o.Scenario.Expect[i]))
	}
}

// Unmet is the number of claims that did not hold.
func (o *Outcome) Unmet() int {
	n := 0
	for _, e := range o.Expectations {
		if !e.Met {
			n++
		}
	}
	return n
}

// Surprises are the violations of properties that the scenario claims nothing about.
func (o *Outcome) Surprises() []check.Verdict {
	var list []check.Verdict
	for _, v := range o.Verdicts {
		if v.State == check.Violated && !o.Scenario.claims(v.Property) {
			list = append(list, v)
		}
	}
	return list
}

func (s *Scenario) claims(property string) bool {
	return slices.ContainsFunc(s.Expect, func(e Expectation) bool { return e.Property.Given && e.Property.Value == property })
}

// Failed reports whether a claim did not hold, or there are surprises.
func (o *Outcome) Failed() bool { return o.Unmet() > 0 || len(o.Surprises()) > 0 }
