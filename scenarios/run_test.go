package scenarios

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"skinny/protocol"
	"skinny/sim"
	"skinny/sim/check"
	"skinny/sim/narrate"
	"skinny/sim/prose"
	"skinny/sim/trace"
)

// compiled is a scenario from its text.
func compiled(t *testing.T, text string) *Scenario {
	t.Helper()
	f, err := Decode("test.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	s, err := f.Compile(Overrides{})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// outcomeOf runs a scenario.
func outcomeOf(t *testing.T, s *Scenario, observers ...trace.Observer) *Outcome {
	t.Helper()
	o, err := s.Run(observers...)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// answer is what a client has been told, and when.
type answer struct {
	outcome protocol.Outcome
	holder  string
	at      trace.Time
}

// TestAnchors compares runs with what the published program itself did.
func TestAnchors(t *testing.T) {
	const ms = trace.Millisecond
	for _, c := range []struct {
		name    string
		answers []answer
		state   StateResult // of every instance
	}{
		{"two-winners", []answer{
			{protocol.Acquired, "alice", 520 * ms},
			{protocol.Acquired, "bob", 525 * ms},
		}, StateResult{2, 2, "bob"}},
		{"lost-release", []answer{
			{protocol.Acquired, "alice", 40 * ms},
			{protocol.Released, "", 1520 * ms},
			{protocol.Refused, "alice", 1525 * ms},
			{protocol.Refused, "alice", 3040 * ms},
		}, StateResult{6, 6, "alice"}},
	} {
		e, err := Find(c.name)
		if err != nil {
			t.Fatal(err)
		}
		s := compiled(t, string(e.Data))
		o := outcomeOf(t, s)
		if n := o.World.Operations(); n != len(c.answers) {
			t.Fatalf("%s: %d operations", c.name, n)
		}
		for i, want := range c.answers {
			op := o.World.Operation(i + 1)
			if got := (answer{op.Outcome, s.Cluster.HolderName(op.Holder), op.Answered}); got != want {
				t.Errorf("%s: operation %d: got %v, want %v", c.name, i+1, got, want)
			}
		}
		for _, i := range o.Result().Instances {
			if i.StateResult != c.state {
				t.Errorf("%s: instance %s: got %v, want %v", c.name, i.Name, i.StateResult, c.state)
			}
		}
	}
}

// TestLibrary runs every bundled scenario and the template: what they claim holds,
// and they break nothing that they do not name.
func TestLibrary(t *testing.T) {
	for _, e := range append(Library(), Entry{Name: "template", Data: Template()}) {
		s := compiled(t, string(e.Data))
		o := outcomeOf(t, s)
		for _, r := range o.Expectations {
			if !r.Met {
				t.Errorf("%s: expected %s, got %s", e.Name, r.Expect, r.Got)
			}
		}
		for _, v := range o.Surprises() {
			t.Errorf("%s: %s is violated: %s", e.Name, v.Property, v.Why)
		}
		if o.Failed() {
			t.Errorf("%s fails", e.Name)
		}
		if again := outcomeOf(t, s); again.Digest != o.Digest {
			t.Errorf("%s: two runs differ", e.Name)
		}
		if o.Ending == sim.BudgetSpent {
			t.Errorf("%s spends its budget", e.Name)
		}
	}
}

// TestLibraryIndex checks that the index names every file and no other.
func TestLibraryIndex(t *testing.T) {
	listed := map[string]bool{}
	for _, e := range Library() {
		if listed[e.Name] {
			t.Errorf("%s is listed twice", e.Name)
		}
		listed[e.Name] = true
		if e.Title() == "" {
			t.Errorf("%s has no title", e.Name)
		}
	}
	for _, path := range libraryFiles(t) {
		name := strings.TrimSuffix(strings.TrimPrefix(path, "library/"), ending)
		if name != "index" && !listed[name] {
			t.Errorf("%s is not in library/index.yaml", path)
		}
	}
}

// TestRecorded replays the decisions of every bundled scenario as a schedule: the
// events are the same to the byte, and so is what the file says after another
// round through text.
func TestRecorded(t *testing.T) {
	files := Library()
	files = append(files, Entry{Name: "template", Data: Template()}, Entry{Name: "rough", Data: []byte(rough)}, Entry{Name: "mixed", Data: []byte(mixed)})
	for _, e := range files {
		s := compiled(t, string(e.Data))
		original := outcomeOf(t, s)
		if !s.Timed() {
			continue
		}
		run := s.Start()
		decisions := sim.RunRecorded(run)
		text := FromDecisions(s, decisions).Encode()
		replay := outcomeOf(t, compiled(t, string(text)))
		if replay.Digest != original.Digest {
			t.Errorf("%s: the replay differs from the run:\n%s", e.Name, text)
		}
		if replay.Failed() != original.Failed() || len(replay.Expectations) != len(original.Expectations) {
			t.Errorf("%s: the replay claims something else", e.Name)
		}
	}
}

// A schedule has no time of its own, so it claims nothing of progress; what it was made of claims it still.
func TestRecordedProgress(t *testing.T) {
	s := compiled(t, "format: 1\ntitle: One\nabout: It is known.\nedition: sound\ninstances: [a, b, c]\ntimeline: [{at: 0s, acquire: x, via: a}]\nprogress: {from: 0s, within: 1s}\nevents: 500\n"+
		"expect:\n  - {property: progress, is: kept}\n  - {operation: 1, outcome: acquired}\n")
	f := FromDecisions(s, sim.RunRecorded(s.Start()))
	if len(f.Expect) != 1 || f.Events.Value != 500 || f.Title.Value != "One" || f.About.Value != "It is known." || !f.Expect[0].Operation.Given || len(s.Expect) != 2 || !s.Expect[0].Property.Given || !s.Expect[1].Operation.Given {
		t.Errorf("it claims %+v, and the schedule %+v", s.Expect, f.Expect)
	}
}

// rough is a run in which everything happens that a schedule has words for.
const rough = `
format: 1
title: Rough
rules: {yield: on}
seed: 7
instances:
  - {name: a, promise-delay: 0s..5ms}
  - {name: b, timeout: 30ms}
  - {name: c, increment: 4}
  - d
network:
  latency: 1ms..20ms
  loss: 20%
  duplication: 20%
  client-latency: 3ms
timeline:
  - {at: 0ms, acquire: alice, via: a}
  - {at: 1ms, acquire: bob, via: b, timeout: 20ms}
  - {at: 2ms, status: c, timeout: 4ms}
  - {at: 5ms, pause: c}
  - {at: 9ms, isolate: d}
  - {at: 15ms, resume: c}
  - {at: 30ms, crash: d, host: up}
  - {at: 30ms, heal: d}
  - {at: 60ms, restart: d}
  - {at: 70ms, release: alice, via: d}
  - {at: 80ms, partition: [[a, b], [c]]}
  - {at: 90ms, heal: partition}
  - {at: 90ms, cut: a <-> b}
  - {at: 99ms, mend: b -> a}
  - {at: 100ms, acquire: carol, via: c}
  - {at: 100ms, crash: a}
  - {at: 120ms, heal: all}
messages:
  - {refuse: promise-request, from: c, to: d, nth: 1}
  - {duplicate: commit-request, after: 2ms}
  - {delay: commit-response, to: c, by: 7ms}
  - {drop: promise-response, from: b, nth: 2}
until: 20s
`

// mixed is a cluster in which not all follow the same rules, and phases need unequal
// quorums.
const mixed = `
format: 1
title: Mixed
edition: sound
quorums: {promise: 2, commit: 3}
instances: [a, b, {name: c, rules: {durable: off, concurrent: off}}, d]
timeline:
  - {at: 0ms, acquire: alice, via: a}
  - {at: 1s, crash: c}
  - {at: 2s, restart: c}
  - {at: 3s, acquire: bob, via: c}
  - {at: 4s, torn: a, host: up}
  - {at: 5s, wipe: b}
expect:
  - {operation: 1, outcome: acquired}
  - {operation: 2, outcome: refused}
  - {property: durability, is: violated}
`

// What is said of one instance holds for that one only, and how many votes are enough is
// said by the quorums. A run of such a cluster is what its trace says.
func TestMixed(t *testing.T) {
	s := compiled(t, mixed)
	c := s.Cluster
	if c.RulesOf(2) != protocol.AllRules&^(protocol.Durable|protocol.Concurrent) || c.RulesOf(1) != protocol.AllRules {
		t.Errorf("the rules are %b and %b", c.RulesOf(1), c.RulesOf(2))
	}
	var log trace.Log
	if o, err := s.Run(&log); err != nil || o.Failed() {
		t.Fatalf("%v: %+v", err, o)
	}
	var text []string
	n := narrate.New(s.Header())
	for i := range log.Events {
		e := &log.Events[i]
		l := n.Tell(e)
		text = append(text, l.Why.String())
		if e.Kind == trace.Commit && e.Yea.Len() != 2 || e.Kind == trace.Answer && e.Yea.Len() != 3 {
			t.Errorf("event %d: it goes on with %b", e.Number, e.Yea)
		}
		if e.Kind == trace.Propose && e.Instance == 2 && e.Asked.Len() != 1 {
			t.Errorf("event %d: c asks %b", e.Number, e.Asked)
		}
		if e.Kind == trace.Restart && e.State != (protocol.State{}) {
			t.Errorf("event %d: c remembers %+v", e.Number, e.State)
		}
	}
	all := strings.Join(text, "\n")
	for _, want := range []string{"(durable is off at c)", "2 of 4 say yes, with its own, a quorum", "3 of 4 say yes, a quorum"} {
		if !strings.Contains(all, want) {
			t.Errorf("nothing says %q:\n%s", want, all)
		}
	}
}

// TestOverrides checks what wins: the edition on top of the file's, the file's
// rules on top of either, the caller's rules on top of all.
func TestOverrides(t *testing.T) {
	f, err := Decode("test.yaml", []byte("format: 1\nedition: sequential\nrules: {durable: on, yield: on}\nseed: 3\ninstances: [a, b]\n"))
	if err != nil {
		t.Fatal(err)
	}
	seed := uint64(9)
	s, err := f.Compile(Overrides{Edition: "sound", Rules: []RuleSetting{{Rule: "yield"}}, Seed: &seed})
	if err != nil {
		t.Fatal(err)
	}
	if want := protocol.AllRules &^ protocol.Yield; s.Cluster.Rules != want || s.Edition != "sound" || s.Timetable.Seed != 9 {
		t.Errorf("got %s, rules %b, seed %d", s.Edition, s.Cluster.Rules, s.Timetable.Seed)
	}
	s, _ = f.Compile(Overrides{})
	sequential, _ := protocol.EditionByName("sequential")
	if want := sequential.Rules | protocol.Durable | protocol.Yield; s.Cluster.Rules != want || s.Seed != 3 {
		t.Errorf("without overrides: rules %b, want %b", s.Cluster.Rules, want)
	}
	_, err = f.Compile(Overrides{Edition: "sund", Rules: []RuleSetting{{Rule: "durabel"}}})
	const want = "unknown edition \"sund\"\n  did you mean \"sound\"?\nunknown rule \"durabel\"\n  did you mean \"durable\"?"
	if err == nil || err.Error() != want {
		t.Errorf("got %v", err)
	}
}

// TestImpossible checks what is said of a decision that cannot be made.
func TestImpossible(t *testing.T) {
	const text = `format: 1
instances: [a, b, c]
schedule: |
  acquire alice via a

  deliver promise-request a -> c
  drop promise-request a -> c   # it is not there any more
`
	_, err := compiled(t, text).Run()
	const want = `test.yaml:7:3: decision 3 of the schedule is impossible at 0.002ms: drop promise-request a -> c
      drop promise-request a -> c   # it is not there any more
      ^
  possible at this point:
    give-up alice #1
    timeout a
    drop promise-request a -> b #1
    drop promise-response c -> a #1`
	var found Diagnostics
	if !errors.As(err, &found) || err.Error() != strings.Replace(want, "0.002ms", "2us", 1) {
		t.Errorf("got %v", err)
	}
	_, err = compiled(t, "format: 1\ninstances: [a, b]\nschedule: crash a\n").Run()
	if err != nil {
		t.Error(err)
	}
	_, err = compiled(t, "format: 1\ninstances: [a, b]\nschedule: timeout a\n").Run()
	if err == nil || !strings.Contains(err.Error(), "nothing is pending") {
		t.Errorf("got %v", err)
	}
}

// TestExpectations checks that claims that do not hold are found and say what was
// the case.
func TestExpectations(t *testing.T) {
	e, _ := Find("two-winners")
	head, _, _ := strings.Cut(string(e.Data), "expect:")
	s := compiled(t, head+`expect:
  - {operation: 1, outcome: refused, holder: bob, answered: 40ms}
  - {operation: 1, outcome: acquired}
  - {instance: a, promised: 1, id: 3, holder: null, up: false}
  - {instance: a, promised: 1, id: 2}
  - {holder: alice, on: 1}
  - {holder: bob, on: majority}
  - {holder: '', on: all}
  - {property: agreement, is: violated}
  - {property: mutual-exclusion, is: violated}
`)
	want := []ExpectationResult{
		{"operation 1: outcome refused, holder bob, answered 40ms", false, "outcome acquired, holder alice, answered 520ms"},
		{"operation 1: outcome acquired", true, "outcome acquired"},
		{"instance a: promised 1, id 3, holder nobody, up false", false, "promised 2, id 2, holder bob, up true"},
		{"instance a: promised 1, id 2", false, "promised 2, id 2"},
		{"holder alice on at least 1", false, "on 0 of 3"},
		{"holder bob on a majority", true, "on 3 of 3"},
		{"holder nobody on all", false, "on 0 of 3"},
		{"property agreement: violated", false, "kept"},
		{"property mutual-exclusion: violated", true, "violated"},
	}
	o := outcomeOf(t, s)
	for i, r := range o.Expectations {
		if r != want[i] {
			t.Errorf("got %+v, want %+v", r, want[i])
		}
	}
	if o.Unmet() != 6 || !o.Failed() {
		t.Errorf("%d unmet", o.Unmet())
	}
	if surprises := o.Surprises(); len(surprises) != 2 || surprises[0].Property != "acknowledged" {
		t.Errorf("surprises: %v", surprises)
	}
}

// TestNotCalled checks that a claim about an operation that the run ended before is
// unmet, however many were not called.
func TestNotCalled(t *testing.T) {
	o := outcomeOf(t, compiled(t, `format: 1
instances: [a, b]
until: 1ms
timeline:
  - {at: 0ms, status: a}
  - {at: 5ms, status: a}
  - {at: 5ms, status: b}
expect:
  - {operation: 2, outcome: answered}
  - {operation: 3, outcome: answered}
`))
	for i, r := range o.Expectations {
		if want := (ExpectationResult{fmt.Sprintf("operation %d: outcome answered", i+2), false, "it was not called"}); r != want {
			t.Errorf("got %+v, want %+v", r, want)
		}
	}
}

// TestHolderIsRunning checks that an instance that does not run holds no lock, and
// that a claim can be about one.
func TestHolderIsRunning(t *testing.T) {
	o := outcomeOf(t, compiled(t, `format: 1
rules: {durable: on}
instances: [a, b, c]
timeline:
  - {at: 0s, acquire: alice, via: a}
  - {at: 1s, crash: b}
expect:
  - {holder: alice, on: all}
  - {holder: alice, on: 2}
  - {instance: b, up: false, holder: alice}
`))
	if o.Expectations[0].Met || !o.Expectations[1].Met || !o.Expectations[2].Met {
		t.Errorf("got %+v", o.Expectations)
	}
}

// TestFailed checks that a violation fails a run only if no claim names it, and a claim that does
// not hold always.
func TestFailed(t *testing.T) {
	for claim, unmet := range map[string]int{"outcome: acquired": 0, "outcome: refused": 1} {
		o := outcomeOf(t, compiled(t, "format: 1\nedition: sound\ninstances: [a, b, c]\ntimeline: [{at: 0ms, acquire: alice, via: a}]\nexpect: [{operation: 1, "+claim+"}]\n"))
		if o.Failed() != (unmet > 0) || o.Unmet() != unmet || len(o.Surprises()) != 0 {
			t.Errorf("%s: failed %t, %d unmet, %v", claim, o.Failed(), o.Unmet(), o.Surprises())
		}
	}
	e, _ := Find("two-winners")
	head, _, _ := strings.Cut(string(e.Data), "expect:")
	if o := outcomeOf(t, compiled(t, head)); !o.Failed() || o.Unmet() != 0 || len(o.Surprises()) != 3 {
		t.Errorf("without claims: failed %t, %v", o.Failed(), o.Surprises())
	}
}

// TestResult compares the whole result of a run that has everything in it with
// testdata/result.golden.
func TestResult(t *testing.T) {
	o := outcomeOf(t, compiled(t, `format: 1
title: Results
seed: 5
instances: [a, b]
timeline:
  - {at: 0s, crash: b}
  - {at: 0s, acquire: alice, via: a, timeout: 1s}
  - {at: 1s, status: a}
  - {at: 5s, acquire: bob, via: b}
  - {at: 10s, status: a}
expect:
  - {operation: 1, outcome: none}
  - {operation: 2, outcome: acquired}
`))
	o.Verdicts[1].State = check.Undecided
	o.Verdicts[1].Why = prose.Of("made up here")
	o.Verdicts[2].State, o.Verdicts[2].Event, o.Verdicts[2].Why = check.Violated, 7, prose.Of("and here")
	o.Verdicts[3].State = check.NotJudged
	data, err := json.MarshalIndent(o.Result(), "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "result.golden", append(data, '\n'))
}

// TestBudget checks that a run ends at the number of events that the file gives.
func TestBudget(t *testing.T) {
	s := compiled(t, "format: 1\ninstances: [a, b]\nevents: 3\ntimeline:\n  - {at: 0s, acquire: x, via: a}\n")
	if o := outcomeOf(t, s); o.Ending != sim.BudgetSpent || o.Events < 3 || o.Events > 10 {
		t.Errorf("ending %d after %d events", o.Ending, o.Events)
	}
}

// A fate that meets no message is told, since it is probably misnumbered.
func TestNotes(t *testing.T) {
	s := compiled(t, `
format: 1
instances: [a, b, c]
timeline:
  - {at: 0ms, acquire: alice, via: a}
messages:
  - {delay: commit-request, from: a, to: c, nth: 1, by: 1ms}
  - {delay: commit-request, from: a, to: c, nth: 7, by: 1ms}
  - {drop: promise-response, to: b}
`)
	o := outcomeOf(t, s)
	want := []string{
		"messages, line 8: delay commit-request a -> c #7 never applied: no such message was sent",
		"messages, line 9: drop promise-response * -> b never applied: no such message was sent",
	}
	if !slices.Equal(o.Notes, want) {
		t.Errorf("got %q", o.Notes)
	}
	if o, err := s.RunUntil(func() bool { return true }); err != nil || o.Notes != nil { // what was not sent may still come
		t.Errorf("interrupted: %q, %v", o.Notes, err)
	}
}

// The rules of an instance are told where they are others, unless a program plays it.
func TestOwnRules(t *testing.T) {
	s := compiled(t, "format: 1\ninstances: [{name: a, rules: {durable: on}}, {name: b, rules: {durable: on, majority: off}}, c]\n")
	s.Cluster.Instances[0].Program = sim.BuiltIn(s.Cluster.Rules)
	for p, want := range []map[string]bool{nil, {"durable": true, "majority": false}, nil} {
		if got := s.OwnRules(protocol.Position(p)); !maps.Equal(got, want) {
			t.Errorf("%d: %v, want %v", p, got, want)
		}
	}
}

// Calls that ask for promises may take another time than those that ask for commits.
func TestPromiseTimeout(t *testing.T) {
	for _, test := range []struct {
		instance, drop string
		want           trace.Time
	}{
		{"{name: a, promise-timeout: 100ms, timeout: 30ms}", "promise-request", 100},
		{"{name: a, promise-timeout: 100ms, timeout: 30ms}", "commit-request", 20 + 30},
		{"{name: a, timeout: 30ms}", "promise-request", 30},
	} {
		s := compiled(t, "format: 1\ninstances: ["+test.instance+", b, c]\nnetwork: {latency: 10ms}\n"+
			"timeline:\n  - {at: 0s, acquire: x, via: a}\nmessages:\n  - {drop: "+test.drop+"}\nuntil: 120ms\n")
		var log trace.Log
		outcomeOf(t, s, &log)
		expired := slices.IndexFunc(log.Events, func(e trace.Event) bool { return e.Kind == trace.Expire })
		if expired < 0 || log.Events[expired].At != test.want*trace.Millisecond {
			t.Errorf("%s without any %s: it expires by event %d of %+v", test.instance, test.drop, expired+1, log.Events)
		}
	}
}

// Shares of loss that are more than everything together lose everything.
func TestLossOnTop(t *testing.T) {
	for _, shares := range []string{"network: {loss: 60%, request-loss: 60%}", "faults: {loss: 60%, request-loss: 60%}", "network: {loss: 60%}\nfaults: {request-loss: 60%}"} {
		s, err := decode("loss", []byte("format: 1\ninstances: [a, b]\ntimeline:\n  - {at: 0ms, acquire: alice, via: a}\n"+shares+"\n"), Overrides{})
		if err != nil {
			t.Fatal(err)
		}
		o, err := s.Run()
		if err != nil || o.World.State(1) != (protocol.State{}) {
			t.Errorf("%s: %v", shares, err)
		}
	}
}

// What is claimed is said beside what is the case, in the same words.
func TestClaimsInWords(t *testing.T) {
	o := outcomeOf(t, compiled(t, `format: 1
edition: sound
instances: [a, b, c, d]
timeline:
  - {at: 0ms, acquire: alice, via: a}
  - {at: 1s, crash: d}
  - {at: 1s, isolate: c}
  - {at: 2s, acquire: bob, via: c, timeout: 100ms}
expect:
  - {operation: 1, outcome: acquired, holder: alice}
  - {operation: 1, outcome: refused, holder: bob}
  - {operation: 1, holder: ''}
  - {operation: 2, outcome: none}
  - {operation: 2, outcome: acquired, answered: 5ms}
  - {instance: b, promised: 1, id: 1, holder: alice, up: true}
  - {instance: d, promised: 7, id: 0, holder: null, up: true}
  - {property: agreement, is: kept}
  - {property: agreement, is: violated}
  - {holder: alice, on: majority}
  - {holder: alice, on: 3}
  - {holder: alice, on: all}
  - {holder: '', on: 1}
`))
	want := []ExpectationResult{
		{"operation 1: outcome acquired, holder alice", true, "outcome acquired, holder alice"},
		{"operation 1: outcome refused, holder bob", false, "outcome acquired, holder alice"},
		{"operation 1: holder nobody", false, "holder alice"},
		{"operation 2: outcome none", true, "outcome none"},
		{"operation 2: outcome acquired, answered 5ms", false, "outcome none, answered never"},
		{"instance b: promised 1, id 1, holder alice, up true", true, "promised 1, id 1, holder alice, up true"},
		{"instance d: promised 7, id 0, holder nobody, up true", false, "promised 1, id 1, holder alice, up false"},
		{"property agreement: kept", true, "kept"},
		{"property agreement: violated", false, "kept"},
		{"holder alice on a majority", true, "on 3 of 4"},
		{"holder alice on at least 3", true, "on 3 of 4"},
		{"holder alice on all", false, "on 3 of 4"},
		{"holder nobody on at least 1", false, "on 0 of 4"},
	}
	for i, got := range o.Expectations {
		if got != want[i] {
			t.Errorf("%+v, not %+v", got, want[i])
		}
	}
	if o.Unmet() != 7 || !o.Failed() {
		t.Errorf("%d are unmet", o.Unmet())
	}
	// Others take their place, and leave those of the scenario as they are.
	before := len(o.Scenario.File().Expect)
	claim, err := ParseClaim("operation 2 outcome none")
	if err != nil {
		t.Fatal(err)
	}
	if o.Claim([]Expectation{claim}); o.Unmet() != 0 || len(o.Expectations) != 1 || len(o.Scenario.File().Expect) != before {
		t.Errorf("%+v", o.Expectations)
	}
}

// Whatever is said of an operation or an instance is a claim by itself.
func TestClaimsByThemselves(t *testing.T) {
	for _, claim := range []string{
		"operation: 1, outcome: acquired", "operation: 1, holder: x", "operation: 1, answered: 40ms",
		"instance: a, promised: 1", "instance: a, id: 1", "instance: a, holder: x", "instance: a, up: true",
	} {
		o := outcomeOf(t, compiled(t, "format: 1\nedition: sound\ninstances: [a, b, c]\ntimeline: [{at: 0ms, acquire: x, via: a}]\nexpect: [{"+claim+"}]\n"))
		if o.Unmet() != 0 || len(o.Expectations) != 1 {
			t.Errorf("%s: %+v", claim, o.Expectations)
		}
	}
}

// Of what was possible no more is listed than can be read, and it is said how much more there is.
func TestImpossibleListsSome(t *testing.T) {
	for text, want := range map[string][2]string{
		"  wake a\n":      {"decision 1 of the schedule is impossible at 0ms: wake a", "nothing is pending at this point"},
		"  @5ms wake a\n": {"decision 1 of the schedule is impossible at 0ms: wake a", "nothing is pending at this point"},
		"  acquire x via a\n  drop commit-request a -> b\n": {"decision 2 of the schedule is impossible at 1us: drop commit-request a -> b",
			"possible at this point:\n    give-up x #1\n    timeout a\n    drop promise-request a -> b #1\n"},
		"  acquire x via a\n  acquire y via b\n  wake c\n": {"decision 3 of the schedule is impossible at 2us: wake c", "    and 4 more"},
	} {
		s := compiled(t, "format: 1\ninstances: [a, b, c, d, e, f, g]\nschedule: |\n"+text)
		_, err := s.Run()
		var found Diagnostics
		if !errors.As(err, &found) || len(found) != 1 || found[0].Message != want[0] || !strings.Contains(found[0].Hint, want[1]) || strings.Count(found[0].Hint, "\n") > 13 {
			t.Errorf("%s: %v\nnot %s: %s", text, err, want[0], want[1])
		}
	}
}
