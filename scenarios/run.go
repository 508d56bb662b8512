package scenarios

import (
	"fmt"
	"slices"

	"skinny/protocol"
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
	return slices.DeleteFunc(slices.Clone(o.Verdicts), func(v check.Verdict) bool {
		claimed := func(e Expectation) bool { return e.Property.Value == v.Property }
		return v.State != check.Violated || slices.ContainsFunc(o.Scenario.Expect, claimed)
	})
}

// Failed reports whether a claim did not hold, or there are surprises.
func (o *Outcome) Failed() bool { return o.Unmet() > 0 || len(o.Surprises()) > 0 }

// Result is a run for other programs. Names and meanings are part of the format's
// contract; times are nanoseconds from the start.
type Result struct {
	Format       uint32              `json:"format"`
	Title        string              `json:"title"`
	Edition      string              `json:"edition"`
	Rules        map[string]bool     `json:"rules"` // every rule
	Quorums      *QuorumsResult      `json:"quorums,omitempty"`
	Seed         uint64              `json:"seed"`
	Events       int                 `json:"events"`
	EndNs        trace.Time          `json:"end_ns"`
	Ending       string              `json:"ending"` // why it ended; interrupted if it did not
	Digest       string              `json:"digest"`
	Instances    []InstanceResult    `json:"instances"`
	Untold       string              `json:"untold,omitempty"` // who holds the lock and was never told
	Operations   []OperationResult   `json:"operations"`
	Properties   []PropertyResult    `json:"properties"`
	Expectations []ExpectationResult `json:"expectations"`
}

// InstanceResult is an instance in the end.
type InstanceResult struct {
	Name      string          `json:"name"`
	Increment protocol.ID     `json:"increment"`
	Up        bool            `json:"up"`
	Rules     map[string]bool `json:"rules,omitempty"`   // that it follows otherwise than the rest
	Program   string          `json:"program,omitempty"` // what the program is called that plays it
	StateResult
}

// QuorumsResult is how many have to say yes in a phase, as far as the scenario gives it.
type QuorumsResult struct {
	Promise uint8 `json:"promise,omitempty"`
	Commit  uint8 `json:"commit,omitempty"`
}

// StateResult is what a status reads. Holder is "" for a free lock.
type StateResult struct {
	Promised protocol.ID `json:"promised"`
	ID       protocol.ID `json:"id"`
	Holder   string      `json:"holder"`
}

// OperationResult is a client's call.
type OperationResult struct {
	N          int          `json:"n"`
	Op         string       `json:"op"`
	Holder     string       `json:"holder"` // who calls; "" for a status
	Via        string       `json:"via"`
	InvokedNs  trace.Time   `json:"invoked_ns"`
	AnsweredNs *trace.Time  `json:"answered_ns"` // null without an answer in time
	Outcome    string       `json:"outcome"`
	LockHolder string       `json:"lock_holder"`    // as the answer says; "" for nobody, or without an answer
	Read       *StateResult `json:"read,omitempty"` // what a status has read
}

// PropertyResult is what a judge says.
type PropertyResult struct {
	Name  string `json:"name"`
	Kept  *bool  `json:"kept"`            // null: undecided, or not judged: Why says which
	Event int    `json:"event,omitempty"` // that broke it
	Why   string `json:"why,omitempty"`
}

var endings = [...]string{
	sim.NotEnded:    "interrupted",
	sim.NothingMore: "nothing-more",
	sim.TimeIsUp:    "time-is-up",
	sim.BudgetSpent: "budget-spent",
	sim.Stopped:     "schedule-over",
	sim.Failed:      "program-failed",
}

// Result is the outcome for other programs.
func (o *Outcome) Result() *Result {
	s := o.Scenario
	r := &Result{
		Format:       Format,
		Title:        s.Title,
		Edition:      s.Edition,
		Seed:         s.Seed,
		Events:       o.Events,
		EndNs:        o.End,
		Ending:       endings[o.Ending],
		Digest:       o.Digest,
		Untold:       o.Untold,
		Operations:   []OperationResult{}, // an empty list is no null
		Expectations: append([]ExpectationResult{}, o.Expectations...),
	}
	r.Rules, r.Quorums = s.RulesResult()
	h := s.Header()
	for p, i := range s.Cluster.Instances {
		at := protocol.Position(p)
		r.Instances = append(r.Instances, InstanceResult{
			Name: i.Name, Increment: i.Increment, Up: o.World.Up(at), Rules: s.OwnRules(at), Program: h.Settings[p].Program, StateResult: o.state(o.World.State(at)),
		})
	}
	for n := 1; n <= o.World.Operations(); n++ {
		r.Operations = append(r.Operations, o.operation(n))
	}
	for _, v := range o.Verdicts {
		p := PropertyResult{Name: v.Property, Event: v.Event, Why: v.Why.String()}
		if v.State == check.Kept || v.State == check.Violated {
			kept := v.State == check.Kept
			p.Kept = &kept
		}
		r.Properties = append(r.Properties, p)
	}
	return r
}

// RulesResult is every rule, and the quorums as far as the scenario gives them.
func (s *Scenario) RulesResult() (rules map[string]bool, quorums *QuorumsResult) {
	rules = map[string]bool{}
	for _, rule := range protocol.RuleTable() {
		rules[rule.Name] = s.Cluster.Rules.Has(rule.Rule)
	}
	if q := s.Cluster.Quorums; q != (protocol.Quorums{}) {
		quorums = &QuorumsResult{q.Promise, q.Commit}
	}
	return rules, quorums
}

// OwnRules is the rules that an instance follows otherwise than the cluster, or nil.
func (s *Scenario) OwnRules(at protocol.Position) map[string]bool {
	own := s.Cluster.RulesOf(at)
	if s.Cluster.Instances[at].Program != nil {
		own = s.Cluster.Rules // none concerns it
	}
	return Turned(s.Cluster.Rules, own)
}

// Turned is the rules that have to be turned on or off to come from some to others, nil
// if none has.
func Turned(from, to protocol.Rules) (list map[string]bool) {
	for _, name := range (from ^ to).Names() {
		if list == nil {
			list = map[string]bool{}
		}
		r, _ := protocol.RuleByName(name)
		list[name] = to.Has(r.Rule)
	}
	return list
}

func (o *Outcome) state(s protocol.State) StateResult {
	return StateResult{s.Promised, s.Accepted.ID, o.Scenario.Cluster.HolderName(s.Accepted.Holder)}
}

func (o *Outcome) operation(n int) OperationResult {
	op := o.World.Operation(n)
	c := o.Scenario.Cluster
	r := OperationResult{
		N:         n,
		Op:        op.Kind.String(),
		Holder:    c.HolderName(op.Operation.Holder),
		Via:       c.Instances[op.Via].Name,
		InvokedNs: op.Invoked,
		Outcome:   op.Outcome.String(),
	}
	if op.Outcome != protocol.NoOutcome {
		r.AnsweredNs = &op.Answered
		r.LockHolder = c.HolderName(op.Holder)
	}
	if op.Outcome == protocol.Answered {
		read := o.state(op.Read)
		r.Read = &read
	}
	return r
}
