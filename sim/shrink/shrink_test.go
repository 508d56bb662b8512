package shrink

import (
	"fmt"
	"reflect"
	"slices"
	"testing"

	"skinny/protocol"
	"skinny/sim"
	"skinny/sim/check"
	"skinny/sim/trace"
)

// incomplete are the rules that are left out of the edition sound to make it break.
var incomplete = [][]string{
	{"majority"}, {"ack-majority"}, {"refuse-stale"}, {"adopt"}, {"self-rules"}, {"durable"}, {"own-id"},
	{"accept-raises"}, {"owner-release"}, {"promise-once", "unique-ids"}, {"ack-accepted", "learn-aside"},
	{"durable", "concurrent", "early-stop-promise"}, {"adopt", "backoff", "yield"},
}

// Whatever breaks, under whatever rules, what comes out is a strict schedule in which
// the same property breaks with its last decision, and not without any one of them.
func TestAnyFailure(t *testing.T) {
	type subject struct {
		name  string
		rules protocol.Rules
	}
	var subjects []subject
	for _, e := range protocol.Editions() {
		subjects = append(subjects, subject{e.Name, e.Rules})
	}
	for _, off := range incomplete {
		subjects = append(subjects, subject{fmt.Sprint("sound without ", off), rulesWithout(t, off...)})
	}
	total := map[string]int{}
	for _, it := range subjects {
		seen := map[string]int{}
		for seed := range uint64(400) {
			f := tryRun(it.rules, seed, 3+int(seed%8))
			checkTranslation(t, f)
			for _, property := range f.properties {
				if seen[property]++; seen[property] > 4 {
					continue
				}
				total[property]++
				r := shrinkWell(t, f, property)
				if t.Failed() {
					t.Fatalf("%s, seed %d, %s:\n%v", it.name, seed, property, story(r.Cluster, r.Decisions))
				}
			}
		}
	}
	for _, v := range check.NewJudges(&trace.Header{}).Verdicts() {
		if total[v.Property] < 10 {
			t.Errorf("only %d failures of %s were shrunk", total[v.Property], v.Property)
		}
	}
	t.Log("shrunk:", total)
}

// checkTranslation checks that the acts of a run are the run.
func checkTranslation(t *testing.T, f *failure) {
	t.Helper()
	var r replay
	acts := r.translate(newSetup(f.cluster), f.decisions)
	if len(acts) != len(f.decisions) || !slices.Equal(violated(&r.judges), f.properties) {
		t.Fatalf("seed %d: %d of %d decisions break %v instead of %v",
			f.seed, len(acts), len(f.decisions), violated(&r.judges), f.properties)
	}
	r.run(r.setup, acts)
	if !slices.Equal(violated(&r.judges), f.properties) {
		t.Fatalf("seed %d: the acts break %v instead of %v", f.seed, violated(&r.judges), f.properties)
	}
}

// shrinkWell shrinks a failure and checks everything that is promised of the result.
func shrinkWell(t *testing.T, f *failure, property string) *Result {
	t.Helper()
	r := shrinkOnce(t, f.cluster, f.decisions, property)
	if !r.Minimal || r.Tried > DefaultCandidates {
		t.Errorf("minimal is %v after %d candidates", r.Minimal, r.Tried)
	}
	checkStrict(t, r, property)
	for i := range r.Decisions {
		if breaksWithout(r.Cluster, r.Decisions, property, i) {
			t.Errorf("decision %d is not needed: %s", i, words(r.Cluster, &r.Decisions[i]))
		}
	}
	if again := shrinkOnce(t, f.cluster, f.decisions, property); !reflect.DeepEqual(r, again) {
		t.Error("shrinking again gives another result")
	}
	again := shrinkOnce(t, r.Cluster, r.Decisions, property)
	if !reflect.DeepEqual(again.Decisions, r.Decisions) || !reflect.DeepEqual(again.Cluster, r.Cluster) {
		t.Errorf("shrinking the result changes it to %v", story(again.Cluster, again.Decisions))
	}
	checkSteps(t, f, r)
	checkNeeds(t, r)
	return r
}

// shrinkOnce shrinks and checks that what was given stays as it was.
func shrinkOnce(t *testing.T, c *sim.Cluster, decisions []sim.Decision, property string) *Result {
	t.Helper()
	cluster := *c
	cluster.Instances, cluster.Holders = slices.Clone(c.Instances), slices.Clone(c.Holders)
	given := slices.Clone(decisions)
	r, err := Shrink(c, decisions, property, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(*c, cluster) || !reflect.DeepEqual(decisions, given) {
		t.Error("what was given was changed")
	}
	return r
}

// checkStrict runs the result as a schedule.
func checkStrict(t *testing.T, r *Result, property string) {
	t.Helper()
	s := sim.NewScheduled(r.Cluster, &sim.Schedule{Decisions: r.Decisions})
	judges := check.NewJudges(newSetup(r.Cluster).header)
	s.World().Observe(judges)
	before := 0
	for s.Next() < len(r.Decisions) && s.Ending() == sim.NotEnded {
		before = s.World().Events()
		s.Step()
	}
	if end := s.Run(); end != sim.Stopped {
		t.Errorf("decision %d of the schedule is impossible (ending %d)", s.Next(), end)
	}
	for _, v := range judges.Verdicts() {
		if v.Property == property && (v.State != check.Violated || v.Event <= before) {
			t.Errorf("%s is %v at event %d, the last decision begins with event %d", property, v.State, v.Event, before+1)
		}
	}
	for _, d := range r.Decisions {
		if d.Timed || d.At != 0 {
			t.Errorf("a decision has a time: %+v", d)
		}
	}
	checkClients(t, r)
}

// checkClients checks that the clients are numbered in the order in which they come.
func checkClients(t *testing.T, r *Result) {
	t.Helper()
	known := protocol.Free
	for _, d := range r.Decisions {
		if d.Kind == sim.InvokeOperation && d.Holder > known {
			known++
			if d.Holder != known {
				t.Errorf("client %d comes before client %d", d.Holder, known)
			}
		}
	}
	if int(known) != len(r.Cluster.Holders) {
		t.Errorf("%d clients call, but there are names for %d", known, len(r.Cluster.Holders))
	}
}

// checkSteps checks that the log adds up: what was given and not removed remains.
func checkSteps(t *testing.T, f *failure, r *Result) {
	t.Helper()
	gone := map[int]bool{}
	tried, size := 0, f.cluster.Size()
	for _, s := range r.Steps {
		for _, i := range s.Removed {
			if gone[i] {
				t.Errorf("decision %d is removed twice", i)
			}
			gone[i] = true
		}
		for _, i := range s.Replaced {
			if gone[i] {
				t.Errorf("decision %d is replaced after it was removed", i)
			}
		}
		if left := len(f.decisions) - len(gone); s.Decisions != left {
			t.Errorf("after pass %s there are %d decisions, and %d were not removed", s.Pass, s.Decisions, left)
		}
		if s.Pass != "end" && len(s.Removed)+len(s.Replaced)+len(s.Instances)+len(s.Settings)+s.Moved == 0 {
			t.Errorf("pass %s changed the run, and does not say what", s.Pass)
		}
		tried += s.Tried
		size -= len(s.Instances)
	}
	if len(f.decisions)-len(gone) != len(r.Decisions) || tried > r.Tried || size != r.Cluster.Size() {
		t.Errorf("the steps end with %d decisions, %d instances after %d candidates", len(f.decisions)-len(gone), size, tried)
	}
}

// checkNeeds checks what is said of each decision.
func checkNeeds(t *testing.T, r *Result) {
	t.Helper()
	if len(r.Needs) != len(r.Decisions) {
		t.Fatalf("%d needs of %d decisions", len(r.Needs), len(r.Decisions))
	}
	for i, n := range r.Needs {
		if !n.Kept {
			t.Errorf("decision %d is not needed, says its need", i)
		}
		if (n.Operation == 0) != (n.Was == n.Is) {
			t.Errorf("operation %d is told %v instead of %v without decision %d", n.Operation, n.Is, n.Was, i)
		}
		if !slices.IsSorted(n.Impossible) || len(n.Impossible) > 0 && n.Impossible[0] <= i {
			t.Errorf("without decision %d these are impossible: %v", i, n.Impossible)
		}
	}
}

// twoWinners is the published program with 10 ms links, where two clients ask within
// one round trip, before the noise of others.
func twoWinners(t *testing.T, size int) *failure {
	c := &sim.Cluster{Rules: published(t), Holders: []string{"alice", "bob", "carol"}}
	for p := range size {
		c.Instances = append(c.Instances, sim.Instance{
			Name: string(rune('a' + p)), Increment: protocol.ID(p + 1), Timeout: sim.DefaultTimeout,
		})
	}
	table := &sim.Timetable{Links: make([]sim.Link, size*size)}
	for i := range table.Links {
		table.Links[i].Latency = sim.Range{Low: 10 * trace.Millisecond, High: 10 * trace.Millisecond}
	}
	for _, call := range []struct {
		at     trace.Time
		kind   protocol.OperationKind
		holder protocol.Holder
		via    int
	}{
		{0, protocol.Status, 0, 2},
		{1 * trace.Millisecond, protocol.Acquire, 1, 0},
		{6 * trace.Millisecond, protocol.Acquire, 2, 1},
		{900 * trace.Millisecond, protocol.Acquire, 3, size - 1},
		{1500 * trace.Millisecond, protocol.Release, 2, 1},
	} {
		table.Timeline = append(table.Timeline, sim.Decision{
			At: call.at, Kind: sim.InvokeOperation, Operation: call.kind, Holder: call.holder,
			From: protocol.Position(call.via), Timeout: sim.DefaultClientTimeout,
		})
	}
	f := &failure{cluster: c}
	run := sim.NewTimed(c, table)
	run.Record(func(d sim.Decision) { f.decisions = append(f.decisions, d) })
	run.Run()
	return f
}

// The shortest way to two winners in the published program: each asks one other
// instance for its promise, and then nobody for the commit, since the outcome of
// phase 2 is ignored.
func TestTwoWinners(t *testing.T) {
	for _, size := range []int{3, 4, 5, 7} {
		r := shrinkWell(t, twoWinners(t, size), "mutual-exclusion")
		if r.Cluster.Size() != 3 || operationsOf(r.Decisions) != 2 || len(r.Decisions) != 8 {
			t.Errorf("%d instances are shrunk to %d: %v", size, r.Cluster.Size(), story(r.Cluster, r.Decisions))
		}
	}
	r := shrinkWell(t, twoWinners(t, 3), "mutual-exclusion")
	want := []string{
		"alice acquire a",
		"deliver promise-request a c #1",
		"deliver promise-response c a #1",
		"deadline a",
		"bob acquire b",
		"deliver promise-request b c #1",
		"deliver promise-response c b #1",
		"deadline b",
	}
	if got := story(r.Cluster, r.Decisions); !slices.Equal(got, want) {
		t.Errorf("got\n%v\nwant\n%v", got, want)
	}
	acquired := func(h protocol.Holder) Told { return Told{protocol.Acquired, h} }
	for i, n := range r.Needs {
		first := i / 4
		if n.Operation != first+1 || n.Was != acquired(protocol.Holder(first+1)) || n.Is != (Told{}) {
			t.Errorf("without decision %d operation %d is told %v instead of %v", i, n.Operation, n.Is, n.Was)
		}
	}
}

// A run in which the property is kept cannot be shrunk.
func TestNothingToShrink(t *testing.T) {
	f := twoWinners(t, 3)
	_, err := Shrink(f.cluster, f.decisions[:3], "mutual-exclusion", Options{})
	want := "mutual-exclusion does not break in these 3 decisions, so there is nothing to shrink"
	if err == nil || err.Error() != want {
		t.Errorf("the error is %v, want %s", err, want)
	}
	if _, err := Shrink(f.cluster, f.decisions, "harmony", Options{}); err == nil {
		t.Error("nobody knows harmony, but it breaks")
	}
}

// A search that is ended has the best so far, and does not say that it is minimal.
func TestEnded(t *testing.T) {
	f := twoWinners(t, 5)
	full := shrinkWell(t, f, "mutual-exclusion")
	least := len(f.decisions) + 1
	minimal := map[bool]int{}
	for limit := 1; limit <= full.Tried; limit++ {
		asked := 0
		for _, o := range []Options{
			{Candidates: limit},
			{Stop: func() bool { asked++; return asked > limit }},
		} {
			r, err := Shrink(f.cluster, f.decisions, "mutual-exclusion", o)
			if err != nil {
				t.Fatal(err)
			}
			checkStrict(t, r, "mutual-exclusion")
			if (r.Needs != nil) != r.Minimal {
				t.Errorf("limit %d: minimal is %v, and %d decisions are accounted for", limit, r.Minimal, len(r.Needs))
			}
			if r.Tried > limit {
				t.Errorf("limit %d: %d candidates", limit, r.Tried)
			}
			for i := range r.Decisions {
				if r.Minimal && breaksWithout(r.Cluster, r.Decisions, "mutual-exclusion", i) {
					t.Errorf("limit %d: decision %d is not needed", limit, i)
				}
			}
			minimal[r.Minimal]++
			if o.Candidates > 0 {
				if len(r.Decisions) > least {
					t.Errorf("limit %d: %d decisions, and there were %d", limit, len(r.Decisions), least)
				}
				least = len(r.Decisions)
			}
		}
		if t.Failed() {
			return
		}
	}
	if minimal[false] < 10 || minimal[true] < 10 {
		t.Errorf("minimal or not: %v", minimal)
	}
}

// The shortest counterexamples that several failures of a kind shrink to.
func TestShortest(t *testing.T) {
	cases := []struct {
		off                   []string // rules of the edition sound; none: the edition published
		property              string
		decisions, operations int
	}{
		{nil, "acknowledged", 4, 1},
		{nil, "mutual-exclusion", 8, 2},
		{[]string{"majority"}, "mutual-exclusion", 6, 2},
		{[]string{"ack-majority"}, "mutual-exclusion", 8, 2},
		{[]string{"refuse-stale"}, "mutual-exclusion", 10, 2},
		{[]string{"adopt"}, "mutual-exclusion", 10, 2},
		{[]string{"self-rules"}, "durability", 7, 2},
		{[]string{"durable"}, "promise-kept", 4, 2},
		{[]string{"accept-raises"}, "durability", 8, 2},
		{[]string{"owner-release"}, "mutual-exclusion", 13, 3},
		{[]string{"promise-once", "unique-ids"}, "agreement", 6, 2},
		{[]string{"ack-accepted", "learn-aside"}, "acknowledged", 12, 2},
	}
	for _, c := range cases {
		rules := published(t)
		if c.off != nil {
			rules = rulesWithout(t, c.off...)
		}
		var least *Result
		for seed, found := uint64(0), 0; found < 12 && seed < 4000; seed++ {
			f := tryRun(rules, seed, 6)
			if !slices.Contains(f.properties, c.property) {
				continue
			}
			found++
			r, err := Shrink(f.cluster, f.decisions, c.property, Options{})
			if err != nil {
				t.Fatal(err)
			}
			if least == nil || len(r.Decisions) < len(least.Decisions) {
				least = r
			}
		}
		if least == nil {
			t.Errorf("without %v nothing breaks %s", c.off, c.property)
			continue
		}
		operations := operationsOf(least.Decisions)
		if len(least.Decisions) != c.decisions || operations != c.operations {
			t.Errorf("without %v %s breaks in %d decisions with %d operations, want %d with %d:\n%v", c.off, c.property,
				len(least.Decisions), operations, c.decisions, c.operations, story(least.Cluster, least.Decisions))
		}
	}
}

// operationsOf is the number of operations that decisions invoke.
func operationsOf(decisions []sim.Decision) int {
	n := 0
	for i := range decisions {
		if decisions[i].Kind == sim.InvokeOperation {
			n++
		}
	}
	return n
}
