package main

import (
	"time"

	"skinny/cmd/internal/campaign"
	"skinny/protocol"
	"skinny/scenarios"
	"skinny/sim/swarm"
)

// result is what a check came to, as it is reported, in text or as JSON Lines: a
// head, a line for each way to fail, and a summary. Field names are part of the
// contract; times are nanoseconds.
type result struct {
	head     resultHead
	failures []resultFailure
	summary  resultSummary
	missing  string // of a merged result: which parts are not there
}

// resultHead says what was checked. Parts of one check differ in Shard only.
type resultHead struct {
	Kind       string            `json:"kind"` // check
	Format     int               `json:"format"`
	Scenario   string            `json:"scenario,omitempty"`
	Edition    string            `json:"edition"`
	Rules      map[string]bool   `json:"rules"`
	Profile    string            `json:"profile"`
	Knobs      map[string]string `json:"knobs"` // those that are not 0
	From       uint64            `json:"from"`
	Seeds      uint64            `json:"seeds"` // of all shards together, at most
	ForNs      int64             `json:"for_ns,omitempty"`
	Shard      uint64            `json:"shard"`
	Shards     uint64            `json:"shards"`
	Properties []string          `json:"properties,omitempty"` // that count, if not all do
	KeepGoing  bool              `json:"keep_going,omitempty"`
	Words      string            `json:"words"`     // the same for people
	Arguments  string            `json:"arguments"` // the flags that repeat it
	Version    string            `json:"version"`
}

// resultFailure is one way to fail.
type resultFailure struct {
	Kind       string      `json:"kind"` // failure
	Seed       uint64      `json:"seed"` // the smallest
	Count      uint64      `json:"count"`
	Property   string      `json:"property"`        // that the counterexample breaks
	Found      string      `json:"found,omitempty"` // that the seed's own run breaks
	Why        string      `json:"why"`
	Broken     []string    `json:"broken"` // all properties that are
	Shape      string      `json:"shape"`
	Minimal    bool        `json:"minimal"`
	Tried      int         `json:"tried,omitempty"`
	Before     *resultSize `json:"before,omitempty"`
	After      *resultSize `json:"after,omitempty"`
	YAML       string      `json:"yaml,omitempty"` // the counterexample
	File       string      `json:"file,omitempty"` // where it was saved
	ShrinkTime int64       `json:"shrink_ns,omitempty"`
}

type resultSize struct {
	Decisions  int `json:"decisions"`
	Operations int `json:"operations"`
	Instances  int `json:"instances"`
}

// resultSummary ends a result.
type resultSummary struct {
	Kind      string            `json:"kind"` // summary
	Done      uint64            `json:"done"`
	Failing   uint64            `json:"failing"`
	Undecided uint64            `json:"undecided"`
	Twice     uint64            `json:"run_twice"`
	Met       map[string]uint64 `json:"met"`
	Missed    []string          `json:"missed"` // what the profile is for and was never met
	Vacuous   bool              `json:"vacuous"`
	Ended     string            `json:"ended"`
	ElapsedNs int64             `json:"elapsed_ns"`
	Different *resultDifferent  `json:"different,omitempty"`
}

type resultDifferent struct {
	Seed  uint64 `json:"seed"`
	Event int    `json:"event"`
	Was   string `json:"was"` // the event, as a line of a trace
	Is    string `json:"is"`  // and when the seed was run again
}

const resultFormat = 1

// Kinds of lines.
const (
	headKind    = "check"
	failureKind = "failure"
	summaryKind = "summary"
)

// How a check ended.
var endedNames = [...]string{
	campaign.AllRun:           "all-run",
	campaign.FailureFound:     "failure-found",
	campaign.TimeOver:         "time-over",
	campaign.Interrupted:      "interrupted",
	campaign.NotDeterministic: "not-deterministic",
}

func newResult(s *subject, f *checkFlags, seeds campaign.Seeds, part shard) *result {
	h := resultHead{
		Kind: headKind, Format: resultFormat,
		Scenario: s.name, Edition: s.edition, Profile: s.profile,
		Rules: map[string]bool{}, Knobs: map[string]string{},
		From: seeds.First, Seeds: seeds.Count, ForNs: int64(f.span),
		Shard: part.index, Shards: part.count,
		Properties: f.properties, KeepGoing: f.keepGoing,
		Words: s.words(), Arguments: s.arguments(f), Version: versionLine(),
	}
	for _, r := range protocol.RuleTable() {
		h.Rules[r.Name] = s.setting.Rules.Has(r.Rule)
	}
	for _, info := range swarm.KnobTable() {
		if span := s.setting.Knobs[info.Knob]; span.Is() {
			h.Knobs[info.Name] = scenarios.KnobText(info, span)
		}
	}
	return &result{head: h}
}

// take fills in what the campaign found.
func (r *result) take(report *campaign.Report) {
	r.summary = resultSummary{
		Kind: summaryKind,
		Done: report.Done, Failing: report.Failing, Undecided: report.Undecided, Twice: report.Twice,
		Met:       map[string]uint64{},
		Ended:     endedNames[report.Ended],
		ElapsedNs: int64(report.Elapsed),
	}
	for _, c := range swarm.CounterTable() {
		r.summary.Met[c.Name] = report.Met[c.Counter]
	}
	if d := report.Different; d != nil {
		r.summary.Different = &resultDifferent{d.Seed, d.Event, d.Was, d.Is}
	}
	for _, f := range report.Failures {
		failure := resultFailure{
			Kind: failureKind, Seed: f.Seed, Count: f.Count,
			Property: f.Verdict.Property, Why: f.Verdict.Why.String(), Shape: f.Shape,
		}
		for _, v := range f.Broken {
			failure.Broken = append(failure.Broken, v.Property)
		}
		r.failures = append(r.failures, failure)
	}
	r.judgeVacuity()
}

// judgeVacuity says what the knobs are turned on for and the runs never met. A check
// that found something was not in vain.
func (r *result) judgeVacuity() {
	var knobs swarm.Knobs
	for _, info := range swarm.KnobTable() {
		if text, ok := r.head.Knobs[info.Name]; ok {
			knobs[info.Knob], _ = scenarios.ParseKnob(info, text)
		}
	}
	var met swarm.Met
	for _, c := range swarm.CounterTable() {
		met[c.Counter] = r.summary.Met[c.Name]
	}
	missed, none := met.Missed(&knobs)
	r.summary.Missed = []string{}
	for _, m := range missed {
		r.summary.Missed = append(r.summary.Missed, m.Name)
	}
	// A single seed has many features turned off, and means to meet nothing.
	r.summary.Vacuous = none && len(r.failures) == 0 && r.head.Seeds > 1
}

func (r *result) elapsed() time.Duration { return time.Duration(r.summary.ElapsedNs) }

// exit turns the result into an exit code.
func (r *result) exit() error {
	s := &r.summary
	onlyProgress := true
	for i := range r.failures {
		onlyProgress = onlyProgress && r.failures[i].Property == progressProperty
	}
	switch {
	case s.Different != nil:
		return &exit{exitNotDeterministic, ""}
	case s.Ended == endedNames[campaign.Interrupted]:
		return &exit{exitInterrupted, "skinny: interrupted after " + countOf(s.Done, "seed") + "; this is what is known so far"}
	case len(r.failures) > 0 && onlyProgress:
		return &exit{exitNoProgress, ""}
	case len(r.failures) > 0:
		return &exit{exitUnmet, ""}
	case s.Vacuous:
		return &exit{exitVacuous, "skinny: this check says nothing: its runs never met what the profile is for"}
	}
	return nil
}
