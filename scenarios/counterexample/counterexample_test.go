package counterexample

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"skinny/protocol"
	"skinny/scenarios"
	"skinny/sim"
	"skinny/sim/check"
	"skinny/sim/shrink"
	"skinny/sim/swarm"
)

func TestMake(t *testing.T) {
	seen := map[string]int{}
	test := func(t *testing.T, r *Run) {
		c := makeOf(t, r)
		seen[r.Property]++
		if c.Verdict.Property != r.Property {
			seen["another"]++
		}
		text := c.File.Encode()
		s := read(t, text)
		checkOutcome(t, c, s)
		checkWords(t, c, r)
		checkSize(t, c, r)
		if s.Timed() {
			checkProgress(t, c, s)
		} else {
			checkMinimal(t, s, c.Verdict.Property)
			checkTimes(t, s)
		}
		if t.Failed() {
			t.Logf("\n%s", text)
		}
	}
	failing(t, test)
	for _, via := range []string{"a", "b"} { // drawn clients read nothing
		t.Run("status-after-"+via, func(t *testing.T) { test(t, staleStatus(t, via)) })
	}
	for _, p := range append(check.Properties(), check.Property{Name: "another"}) {
		if seen[p.Name] < 2 {
			t.Errorf("only %d cases of %s", seen[p.Name], p.Name)
		}
	}
}

// checkOutcome: the file that was read again runs as it claims, to the same end as
// the case, and what it is about is the worst that happens.
func checkOutcome(t *testing.T, c *Case, s *scenarios.Scenario) {
	t.Helper()
	o, err := s.Run()
	if err != nil {
		t.Fatal(err)
	}
	if o.Failed() || len(o.Surprises()) > 0 {
		t.Errorf("it does not run as claimed: %+v", o.Expectations)
	}
	if want := o.World.Operations() + len(o.Verdicts); len(s.Expect) != want {
		t.Errorf("%d claims, want one for each operation and property: %d", len(s.Expect), want)
	}
	if got := verdictOf(o.Verdicts, c.Verdict.Property); got.State != check.Violated || got != c.Verdict {
		t.Errorf("the verdict is %+v, the case says %+v", got, c.Verdict)
	}
	for _, v := range o.Verdicts {
		if v.State == check.Violated && v.Severity < c.Verdict.Severity {
			t.Errorf("it is about %s, and %s breaks", c.Verdict.Property, v.Property)
		}
	}
	if o.Digest != c.Outcome.Digest || o.Ending != c.Outcome.Ending {
		t.Error("read again it is another run")
	}
	if !s.Timed() && (o.Ending != sim.Stopped || c.Verdict.Event > o.Events) {
		t.Errorf("the schedule ended with %v", o.Ending)
	}
}

// checkWords: what the file says about itself.
func checkWords(t *testing.T, c *Case, r *Run) {
	t.Helper()
	about := c.Scenario.About
	if c.Scenario.Title != title(c.Verdict.Property) {
		t.Errorf("the title is %q", c.Scenario.Title)
	}
	for _, line := range strings.Split(about, "\n") {
		if utf8.RuneCountInString(line) > 78 || line != strings.TrimSpace(line) {
			t.Errorf("a line of %d characters: %q", utf8.RuneCountInString(line), line)
		}
	}
	words := strings.Join(strings.Fields(about), " ")
	for _, part := range []string{c.Verdict.Property + " is violated: " + c.Verdict.Why.String() + ".", "Found by " + r.Found, "None of them can be left out."} {
		if !strings.Contains(words, part) {
			t.Errorf("it does not say %q: %s", part, words)
		}
	}
	faulty := slices.ContainsFunc(c.File.Schedule.Value, func(d scenarios.Decision) bool {
		verb, _, _ := strings.Cut(d.String(), " ")
		if strings.HasPrefix(verb, "@") {
			verb = strings.Fields(d.String())[1]
		}
		return !slices.Contains([]string{"acquire", "release", "status", "deliver", "timeout", "wake", "give-up"}, verb)
	})
	if harmless := !c.Scenario.Timed() && !faulty; harmless != strings.Contains(words, "Nothing is lost and nobody is down") {
		t.Errorf("without faults: %v, and it says: %s", harmless, words)
	}
}

// checkSize: what the case says of its size, and names as usual.
func checkSize(t *testing.T, c *Case, r *Run) {
	t.Helper()
	if want := sizeOf(c.Scenario); c.After != want || c.After.Operations != c.Outcome.World.Operations() {
		t.Errorf("the size is %+v, want %+v", c.After, want)
	}
	if c.After.Decisions > c.Before.Decisions || c.After.Operations > c.Before.Operations || c.Before.Instances != r.Scenario.Cluster.Size() {
		t.Errorf("from %+v to %+v", c.Before, c.After)
	}
	if c.Shrunk != nil {
		removed := 0
		for _, s := range c.Shrunk.Steps {
			removed += len(s.Removed)
		}
		const between = 3 // searches, where one may go that no step removed
		if n := c.Before.Decisions - c.After.Decisions; removed > n || removed < n-between {
			t.Errorf("%d decisions are gone, and the steps removed %d", n, removed)
		}
	}
	if !c.Minimal || c.Tried == 0 || (c.Shrunk == nil) != c.Scenario.Timed() {
		t.Errorf("minimal %v after %d candidates", c.Minimal, c.Tried)
	}
	for p, in := range c.Scenario.Cluster.Instances {
		if in.Name != swarm.InstanceName(p) {
			t.Errorf("instance %d is called %s", p, in.Name)
		}
	}
	for n, name := range c.Scenario.Cluster.Holders {
		if name != swarm.ClientName(n) {
			t.Errorf("client %d is called %s", n, name)
		}
	}
}

// checkMinimal: without any one of its decisions, as the file says them, the failure
// goes away.
func checkMinimal(t *testing.T, s *scenarios.Scenario, property string) {
	t.Helper()
	decisions := s.Schedule.Decisions
	if shrink.ReusesNames(s.Cluster, decisions) {
		t.Error("a name is used again, which was not so in the run")
	}
	if leniently(s, decisions, property) != check.Violated {
		t.Fatal("the schedule itself does not fail")
	}
	for i := range decisions {
		if leniently(s, without(decisions, i), property) == check.Violated {
			t.Errorf("%s is not needed", scenarios.DecisionText(s.Cluster, decisions[i]))
		}
	}
}

// checkProgress: everything has healed when progress is demanded, and no entry can be
// left out of that.
func checkProgress(t *testing.T, c *Case, s *scenarios.Scenario) {
	t.Helper()
	if !healed(s, s.Timetable.Timeline) {
		t.Error("not everything has healed when progress is demanded")
	}
	if s.Timetable.Budget != sim.DefaultBudget {
		t.Errorf("the run may have %d events", s.Timetable.Budget)
	}
	for i := range s.Timetable.Timeline {
		left := *s
		table := *s.Timetable
		table.Timeline = without(table.Timeline, i)
		left.Timetable, left.Expect = &table, nil
		if !healed(s, table.Timeline) {
			continue
		}
		o, err := left.Run()
		if err != nil {
			t.Fatal(err)
		}
		if verdictOf(o.Verdicts, check.ProgressName).State == check.Violated {
			t.Errorf("entry %d is not needed", i+1)
		}
	}
}

// healed reports whether the faults of a timeline are over when progress is demanded.
func healed(s *scenarios.Scenario, timeline []sim.Decision) bool {
	w := sim.NewWorld(s.Cluster)
	for i := range timeline {
		if timeline[i].Kind == sim.InvokeOperation {
			continue
		}
		if timeline[i].At > s.Progress.From {
			return false
		}
		w.Do(&timeline[i])
	}
	return w.Healed()
}

// Make changes nothing that it is given.
func TestMakeLeavesTheRunAlone(t *testing.T) {
	for _, c := range []struct {
		edition, profile, property string
		seed                       uint64
	}{
		{"published", "none", "linearizability", 5},
		{"sequential", "all", check.ProgressName, 1},
	} {
		set := settingOf(t, c.edition, "", c.profile)
		r, untouched := recorded(set, c.edition, c.seed, c.property), recorded(set, c.edition, c.seed, c.property)
		makeOf(t, r)
		if !reflect.DeepEqual(r.Decisions, untouched.Decisions) ||
			!reflect.DeepEqual(r.Scenario.Cluster.Instances, untouched.Scenario.Cluster.Instances) ||
			!reflect.DeepEqual(r.Scenario.Cluster.Holders, untouched.Scenario.Cluster.Holders) ||
			!reflect.DeepEqual(r.Scenario.Timetable, untouched.Scenario.Timetable) {
			t.Errorf("%+v: the run is another one now", c)
		}
	}
}

// What is left of a run that breaks linearizability breaks mutual exclusion, too, and
// that says more, unless somebody wants exactly linearizability.
func TestExactly(t *testing.T) {
	r := recorded(settingOf(t, "published", "", "none"), "published", 5, "linearizability")
	more := makeOf(t, r)
	if more.Verdict.Property != "mutual-exclusion" || more.Before.Decisions != len(r.Decisions) {
		t.Errorf("it is about %s, from %+v", more.Verdict.Property, more.Before)
	}
	r.Exactly = true
	exact := makeOf(t, r)
	if exact.Verdict.Property != "linearizability" || exact.Scenario.Title != title("linearizability") {
		t.Errorf("it is about %s: %s", exact.Verdict.Property, exact.Scenario.Title)
	}
	checkMinimal(t, exact.Scenario, "linearizability")
	if n := len(exact.Shrunk.Steps); n == 0 || len(more.Shrunk.Steps) < n || !reflect.DeepEqual(more.Shrunk.Steps[:n], exact.Shrunk.Steps) {
		t.Error("the steps do not begin with those to linearizability")
	}
	if more.Tried <= exact.Tried {
		t.Errorf("%d candidates, no more than the %d to linearizability", more.Tried, exact.Tried)
	}
}

// Names that mean something stay.
func TestNamesStay(t *testing.T) {
	r := recorded(settingOf(t, "published", "", "none"), "published", 7, "mutual-exclusion")
	cluster := *r.Scenario.Cluster
	cluster.Instances = slices.Clone(cluster.Instances)
	for p := range cluster.Instances {
		cluster.Instances[p].Name = []string{"london", "oregon", "spaulo", "sydney", "taiwan", "mumbai", "dublin"}[p]
	}
	r.Scenario.Cluster, r.Drawn = &cluster, false
	for _, in := range makeOf(t, r).Scenario.Cluster.Instances {
		if len(in.Name) < 2 {
			t.Errorf("an instance is called %s", in.Name)
		}
	}
}

func TestWhole(t *testing.T) {
	failing(t, func(t *testing.T, r *Run) {
		c, err := Whole(r, shrink.Options{})
		if err != nil {
			t.Fatal(err)
		}
		s := read(t, c.File.Encode())
		o, err := s.Run()
		if err != nil {
			t.Fatal(err)
		}
		drawn := r.outcome(t)
		if o.Digest != drawn.Digest || c.Outcome.Digest != drawn.Digest {
			t.Error("it is another run")
		}
		if o.Failed() {
			t.Errorf("it does not run as claimed: %+v", o.Expectations)
		}
		if s.Timed() != (r.Property == check.ProgressName) || c.Verdict != verdictOf(drawn.Verdicts, r.Property) {
			t.Errorf("timed %v, verdict %+v", s.Timed(), c.Verdict)
		}
		if c.Before != c.After || c.Minimal || c.Tried != 0 || !strings.Contains(s.About, "Found by") || strings.Contains(s.About, "shrunk") {
			t.Errorf("%+v\n%s", c, s.About)
		}
	})
}

// What was found is not lost when the search is ended at once.
func TestEnded(t *testing.T) {
	for _, o := range []shrink.Options{{Stop: func() bool { return true }}, {Candidates: 1}} {
		for _, r := range []*Run{
			recorded(settingOf(t, "published", "", "none"), "published", 5, "linearizability"),
			recorded(settingOf(t, "sequential", "", "none"), "sequential", 5, check.ProgressName),
		} {
			c, err := Make(r, o)
			if err != nil {
				t.Fatal(err)
			}
			s := read(t, c.File.Encode())
			checkOutcome(t, c, s)
			if c.Minimal || strings.Contains(s.About, "left out") {
				t.Errorf("it is said to be minimal: %s", s.About)
			}
			if c.Tried == 0 {
				t.Errorf("%s: nothing says that a smaller one was looked for", r.Property)
			}
		}
	}
}

func TestNothingBreaks(t *testing.T) {
	for _, property := range []string{"mutual-exclusion", check.ProgressName, "no such property"} {
		r := recorded(settingOf(t, "sound", "", "all"), "sound", 1, property)
		for _, make := range []func(*Run, shrink.Options) (*Case, error){Make, Whole} {
			c, err := make(r, shrink.Options{})
			if err == nil || c != nil || !strings.HasPrefix(err.Error(), property+" does not break") {
				t.Errorf("%s: got %v and the error %v", property, c, err)
			}
		}
	}
}

func TestHarmless(t *testing.T) {
	for k := sim.DeliverMessage; k <= sim.HealEverything; k++ {
		want := false
		switch k {
		case sim.DeliverMessage, sim.DeliverCall, sim.DeliverAnswer, sim.FireGiveUp, sim.FireDeadline, sim.FireWake, sim.FireWork, sim.InvokeOperation:
			want = true
		}
		if got := !k.IsFault(); got != want {
			t.Errorf("decision %d is harmless: %v", k, got)
		}
	}
}

func TestWrapped(t *testing.T) {
	long := strings.Repeat("x", 100)
	ten := strings.Repeat("nine char ", 20) // 78 characters hold seven times ten, and eight
	for text, want := range map[string]string{
		"One.\n":             "One.\n",
		" One\ntwo. \n\nB. ": "One two.\n\nB.\n",
		"a " + long + " b":   "a\n" + long + "\nb\n",
		long + " b":          long + "\nb\n",
		"ä " + ten: "ä " + strings.TrimSpace(strings.Repeat("nine char ", 7)) + " nine\n" +
			"char " + strings.TrimSpace(strings.Repeat("nine char ", 7)) + "\n" +
			"nine char nine char nine char nine char nine char\n",
	} {
		if got := wrapped(text); got != want {
			t.Errorf("%q: got\n%swant\n%s", text, got, want)
		}
	}
}

// A client that nobody names any more has no name.
func TestRenamedCounts(t *testing.T) {
	c := renamed(&sim.Cluster{
		Instances: []sim.Instance{{Name: "x"}, {Name: "b"}, {Name: "a"}},
		Holders:   []string{"tom", "ben", "jim"},
	}, []sim.Decision{
		{Kind: sim.InvokeOperation, Operation: protocol.Status},
		{Kind: sim.InvokeOperation, Operation: protocol.Acquire, Holder: 3},
		{Kind: sim.DeliverCall, Holder: 2},
		{Kind: sim.InvokeOperation, Operation: protocol.Acquire, Holder: 1},
		{Kind: sim.InvokeOperation, Operation: protocol.Release, Holder: 3},
	})
	if want := []string{"bob", "", "alice"}; !slices.Equal(c.Holders, want) {
		t.Errorf("clients are called %q, want %q", c.Holders, want)
	}
	if c.Instances[0].Name != "a" || c.Instances[2].Name != "c" {
		t.Errorf("%+v", c.Instances)
	}
}

// What the protocol assumes of its clients in the run, it may assume of those in the
// counterexample.
func TestNamesAreUsedForOneAcquisition(t *testing.T) {
	set := settingOf(t, "sound", "accept-raises", "all")
	trial := swarm.NewTrial(set)
	cases := 0
	for seed := uint64(1); seed <= 300; seed++ {
		if verdictOf(trial.Run(seed), "durability").State != check.Violated {
			continue
		}
		r := recorded(set, "sound", seed, "durability")
		if shrink.ReusesNames(r.Scenario.Cluster, r.Decisions) {
			t.Fatalf("seed %d reuses a name by itself", seed)
		}
		c := makeOf(t, r)
		cases++
		if shrink.ReusesNames(c.Scenario.Cluster, c.Scenario.Schedule.Decisions) {
			t.Errorf("seed %d: a name is used again\n%s", seed, c.File.Encode())
		}
	}
	if cases < 5 {
		t.Errorf("only %d cases", cases)
	}
}

func title(property string) string {
	p, _ := check.PropertyByName(property)
	return p.Broken
}
