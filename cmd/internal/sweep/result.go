package sweep

import (
	"cmp"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"skinny/cmd/internal/program"
	"skinny/cmd/internal/report"
	"skinny/protocol"
	"skinny/scenarios"
	"skinny/scenarios/counterexample"
	"skinny/scenarios/form"
	"skinny/sim"
	"skinny/sim/check"
	"skinny/sim/swarm"
)

// Result is what a check came to, as it is reported, in text or as JSON Lines: a
// head, a line for each way to fail, and a summary. Field names are part of the
// contract; times are nanoseconds.
type Result struct {
	Head     Head
	Failures []Failure // in the order of their seeds
	Stuck    *Stuck    // what has ended the check before its end
	Summary
}

// Stuck is the first seed in which a program could not go on.
type Stuck struct {
	Seed uint64
	Err  *sim.ProgramError
}

// Head says what was checked. Parts of one check differ in Shard only.
type Head struct {
	Line       string            `json:"kind"` // check
	Format     int               `json:"format"`
	Scenario   string            `json:"scenario,omitempty"`
	Edition    string            `json:"edition"`
	Rules      map[string]bool   `json:"rules"`
	Profile    string            `json:"profile"`
	Played     []string          `json:"played,omitempty"` // who plays instances, in words
	Knobs      map[string]string `json:"knobs"`            // those that are not 0
	From       uint64            `json:"from"`
	Seeds      uint64            `json:"seeds"` // of all shards together, at most
	For        time.Duration     `json:"for_ns,omitempty"`
	Shard      uint64            `json:"shard"`
	Shards     uint64            `json:"shards"`
	Properties []string          `json:"properties,omitempty"` // that count, if not all do
	KeepGoing  bool              `json:"keep_going,omitempty"`
	Words      string            `json:"words"`     // the same for people
	Arguments  string            `json:"arguments"` // the flags that repeat it
	Version    string            `json:"version"`
	Hash       string            `json:"hash"` // of the scenario and of all settings
}

// Summary ends a result.
type Summary struct {
	Line string `json:"kind"` // summary
	Counts
	Missed    []string      `json:"missed"`                   // what the check is for and was never met
	Unjudged  []string      `json:"unjudged"`                 // properties by which no run was judged
	Unspoken  string        `json:"not_judged_why,omitempty"` // in the first of the runs that are not judged
	Vacuous   bool          `json:"vacuous"`
	Ended     Ended         `json:"ended"`
	Elapsed   time.Duration `json:"elapsed_ns"`
	Missing   string        `json:"missing,omitempty"`   // which shards are, after a merge
	Different *Different    `json:"different,omitempty"` // two runs of one seed were not the same
	Checksum  string        `json:"checksum"`            // of all lines, as if it was empty
}

// add adds what other seeds have come to. Failures that are alike are still to be put
// together.
func (r *Result) add(o *Result) {
	r.Counts.add(&o.Counts)
	r.Unspoken = cmp.Or(r.Unspoken, o.Unspoken)
	r.Stuck = cmp.Or(r.Stuck, o.Stuck)
	if r.Different == nil || o.Different != nil && o.Different.Seed < r.Different.Seed {
		r.Different = o.Different
	}
	r.Failures = append(r.Failures, o.Failures...)
}

// Counts add up over seeds.
type Counts struct {
	Done      uint64 `json:"done"`                 // seeds, from the first on
	Failing   uint64 `json:"failing"`              // of those
	Undecided uint64 `json:"undecided"`            // of those, runs of which a judge could not decide something
	Unheard   uint64 `json:"not_judged,omitempty"` // of those, runs in which a program spoke a protocol of its own
	Twice     uint64 `json:"run_twice"`            // of those, that were run twice
	Met       Met    `json:"met"`
}

func (c *Counts) add(o *Counts) {
	c.Done += o.Done
	c.Failing += o.Failing
	c.Undecided += o.Undecided
	c.Unheard += o.Unheard
	c.Twice += o.Twice
	(*swarm.Met)(&c.Met).Add((*swarm.Met)(&o.Met))
}

// Met is what runs have met, in JSON by name.
type Met swarm.Met

// MarshalJSON writes every counter.
func (m Met) MarshalJSON() ([]byte, error) {
	names := map[string]uint64{}
	for _, c := range swarm.CounterTable() {
		names[c.Name] = m[c.Counter]
	}
	return json.Marshal(names)
}

// UnmarshalJSON reads every counter, and nothing else.
func (m *Met) UnmarshalJSON(data []byte) error {
	names := map[string]uint64{}
	if err := json.Unmarshal(data, &names); err != nil {
		return err
	}
	for _, c := range swarm.CounterTable() {
		n, ok := names[c.Name]
		if !ok {
			return fmt.Errorf("%q is not counted", c.Name)
		}
		m[c.Counter] = n
	}
	if len(names) > len(m) {
		return errors.New("something is counted that this program does not know")
	}
	return nil
}

// Different is a seed whose two runs differ.
type Different struct {
	Seed  uint64 `json:"seed"`
	Event int    `json:"event"` // the first that differs
	Was   string `json:"was"`   // it, as a line of a trace
	Is    string `json:"is"`    // and when the seed was run again
}

const resultFormat = 1

// lines are the values that are printed.
func (r *Result) lines() []any {
	lines := []any{r.Head}
	for i := range r.Failures {
		lines = append(lines, &r.Failures[i])
	}
	return append(lines, &r.Summary)
}

func (r *Result) checksum() string {
	whole := *r
	whole.Checksum = ""
	sum := sha256.New()
	encoder := json.NewEncoder(sum)
	for _, line := range whole.lines() {
		encoder.Encode(line)
	}
	return fmt.Sprintf("%x", sum.Sum(nil))
}

// Kinds of lines.
const (
	headLine    = "check"
	failureLine = "failure"
	summaryLine = "summary"
)

var endedNames = [...]string{
	AllRun:           "all-run",
	FailureFound:     "failure-found",
	TimeOver:         "time-over",
	Interrupted:      "interrupted",
	NotDeterministic: "not-deterministic",
	Incomplete:       "incomplete",
}

// MarshalText is the ending's name.
func (e Ended) MarshalText() ([]byte, error) { return []byte(endedNames[e]), nil }

// UnmarshalText finds the ending of a name.
func (e *Ended) UnmarshalText(text []byte) error {
	i := slices.Index(endedNames[:], string(text))
	if i < 0 {
		return fmt.Errorf("there is no ending %q", text)
	}
	*e = Ended(i)
	return nil
}

// describe says of the check what follows from the rest of it.
func (c *Check) describe() {
	h, set := &c.Head, c.Setting
	if h.Played = scenarios.PlayedBy(set.Players); c.base != nil {
		h.Played = c.base.PlayedBy()
	}
	h.Line, h.Format, h.Version, h.Hash = headLine, resultFormat, strings.TrimSpace(report.Version()), hash(set)
	h.For, h.Properties, h.KeepGoing = c.For, c.Properties, c.KeepGoing
	h.Words = words(h.Scenario, h.Edition, h.Profile, set.Rules, h.Played)
	h.Rules, h.Knobs = map[string]bool{}, map[string]string{}
	for _, r := range protocol.RuleTable() {
		h.Rules[r.Name] = set.Rules.Has(r.Rule)
	}
	for _, info := range swarm.KnobTable() {
		if span := set.Knobs[info.Knob]; span.Is() {
			h.Knobs[info.Name] = scenarios.KnobText(info, span)
		}
	}
}

// judgeVacuity says what the check is for and the runs never met, and which properties
// they were never judged by. A check that found something is not vacuous.
func (r *Result) judgeVacuity() {
	var knobs swarm.Knobs
	for name, text := range r.Head.Knobs {
		info, _ := swarm.KnobByName(name)
		knobs[info.Knob], _ = scenarios.ParseKnob(info, text)
	}
	missed, vacuous := (*swarm.Met)(&r.Met).Missed(&knobs)
	r.Missed, r.Unjudged = form.Each(missed, func(m swarm.CounterInfo) string { return m.Name }), []string{}
	if r.Met[swarm.Demands] == 0 {
		r.Unjudged = append(r.Unjudged, check.ProgressName)
	}
	if r.Done > 0 && r.Undecided == r.Done {
		r.Unjudged = append(r.Unjudged, "linearizability")
	}
	if reads := check.ReadsName; slices.Contains(r.Head.Properties, reads) && r.Met[swarm.Calls] == r.Met[swarm.Acquires]+r.Met[swarm.Releases] {
		r.Unjudged = append(r.Unjudged, reads) // nobody asks for a status
	}
	for _, p := range check.Properties() {
		if r.Done > 0 && r.Unheard == r.Done && p.Inner {
			r.Unjudged = append(r.Unjudged, p.Name)
		}
	}
	for _, p := range r.Unjudged {
		vacuous = vacuous || slices.Contains(r.Head.Properties, p)
	}
	// A single seed has many features turned off, and means to meet nothing.
	r.Vacuous = vacuous && len(r.Failures) == 0 && r.Head.Seeds > 1
}

// Exit turns the result into an exit code.
func (r *Result) Exit() error {
	worse := func(f Failure) bool { return f.Property != check.ProgressName }
	switch {
	case r.Stuck != nil:
		return program.Exit(fmt.Sprintf("skinny check: seed %d", r.Stuck.Seed), r.Stuck.Err)
	case r.Different != nil:
		return &report.Exit{Code: report.ExitNotDeterministic}
	case r.Ended == Interrupted:
		return &report.Exit{Code: report.ExitInterrupted, Message: "skinny: interrupted after " + report.Count(r.Done, "seed") + "; this is what is known so far"}
	case slices.ContainsFunc(r.Failures, worse):
		return &report.Exit{Code: report.ExitUnmet}
	case len(r.Failures) > 0:
		return &report.Exit{Code: report.ExitNoProgress}
	case r.Vacuous:
		return &report.Exit{Code: report.ExitVacuous, Message: "skinny: this check says nothing: its runs never met what it is for"}
	}
	return nil
}

// Failure is one way in which runs fail, as it is reported.
type Failure struct {
	Line       string               `json:"kind"` // failure
	Seed       uint64               `json:"seed"` // the smallest
	Count      uint64               `json:"count"`
	Property   string               `json:"property"`        // that the counterexample breaks
	Found      string               `json:"found,omitempty"` // that the seed's own run breaks
	Why        string               `json:"why"`
	Broken     []string             `json:"broken"` // all properties that are
	Way        string               `json:"way"`    // the same for seeds whose runs break alike
	Shape      string               `json:"shape"`  // the same for counterexamples that are alike
	Minimal    bool                 `json:"minimal"`
	Tried      int                  `json:"tried,omitempty"`
	Before     *counterexample.Size `json:"before,omitempty"`
	After      *counterexample.Size `json:"after,omitempty"`
	YAML       string               `json:"yaml,omitempty"` // the counterexample
	File       string               `json:"file,omitempty"` // where it was saved
	ShrinkTime time.Duration        `json:"shrink_ns,omitempty"`

	made *counterexample.Case // by this process
}

// failure is what verdicts come to: nil if no property that counts is violated.
func failure(verdicts []check.Verdict, count []string) *Failure {
	worst := check.Worst(verdicts, count...)
	if worst == nil {
		return nil
	}
	f := &Failure{Line: failureLine, Property: worst.Property, Why: worst.Why.String()}
	for _, v := range verdicts {
		if v.State == check.Violated && (len(count) == 0 || slices.Contains(count, v.Property)) {
			f.Broken = append(f.Broken, v.Property)
		}
	}
	f.Way = strings.Join(append(slices.Clone(f.Broken), worst.Kind), " ")
	return f
}

// in is a verdict of a state, nil if there is none.
func in(verdicts []check.Verdict, state check.State) *check.Verdict {
	if at := slices.IndexFunc(verdicts, func(v check.Verdict) bool { return v.State == state }); at >= 0 {
		return &verdicts[at]
	}
	return nil
}

// mostWays is how many ways to fail are told apart. Those that come later are counted
// with the last of them.
const mostWays = 64

// ways is failures in the order of their seeds, of each way to fail the first.
func ways(list []Failure) []Failure {
	slices.SortFunc(list, func(a, b Failure) int { return cmp.Compare(a.Seed, b.Seed) })
	return firsts(list, mostWays, func(f *Failure) string { return f.Way })
}

// alike is failures by what their counterexamples are like, of each kind the first.
func alike(list []Failure) []Failure {
	return firsts(list, len(list), func(f *Failure) string { return f.Shape })
}

// firsts is the first failures of each kind, up to a number of kinds, counting all.
func firsts(list []Failure, most int, kind func(*Failure) string) (kinds []Failure) {
	for _, f := range list {
		switch at := slices.IndexFunc(kinds, func(k Failure) bool { return kind(&k) == kind(&f) }); {
		case at >= 0:
			kinds[at].Count += f.Count
		case len(kinds) < most:
			kinds = append(kinds, f)
		default:
			kinds[most-1].Count += f.Count
		}
	}
	return kinds
}

// Counterexample is the scenario that this process has made of the one failure, and its
// file; nil if it has made none, or more.
func (r *Result) Counterexample() (*scenarios.Scenario, string) {
	if len(r.Failures) != 1 || r.Failures[0].made == nil {
		return nil, ""
	}
	return r.Failures[0].made.Scenario, r.Failures[0].File
}
