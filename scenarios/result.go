package scenarios

import (
	"skinny/protocol"
	"skinny/sim"
	"skinny/sim/check"
	"skinny/sim/trace"
)

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
