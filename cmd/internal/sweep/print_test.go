package sweep

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"skinny/cmd/internal/program"
	"skinny/cmd/internal/report"
	"skinny/protocol"
	"skinny/scenarios"
	"skinny/scenarios/counterexample"
	"skinny/sim"
	"skinny/sim/check"
	"skinny/sim/shrink"
	"skinny/sim/swarm"
	"skinny/sim/trace"
)

// page is what is written, each paragraph in a line.
func page(write func(*report.Page)) string {
	var out bytes.Buffer
	p := report.NewPage(&out, 10_000)
	write(p)
	p.Flush()
	return out.String()
}

// What is not violated is said with what is known about it.
func TestAllKept(t *testing.T) {
	ran := func(change func(*Result)) Result {
		r := Result{Summary: Summary{Counts: Counts{Done: 3}}}
		change(&r)
		return r
	}
	for _, c := range []struct {
		result Result
		want   string
	}{
		{Result{Summary: Summary{Vacuous: true}}, "? no seed was run"},
		{ran(func(r *Result) { r.Missing, r.Vacuous = "of 3 shards these are missing: 1", true }), "? nothing is violated in the parts that are there; of 3 shards these are missing: 1"},
		{ran(func(r *Result) { r.Different, r.Vacuous = &Different{}, true }), "? no property is violated in the runs that were judged"},
		{ran(func(r *Result) { r.Stuck = &Stuck{} }), "? no property is violated in the runs that were judged"},
		{ran(func(r *Result) { r.Vacuous = true }), "? nothing is violated, and nothing was there that could be"},
		{ran(func(*Result) {}), "✓ nothing is violated"},
	} {
		if got := page(c.result.allKept); got != "  "+c.want+"\n\n" {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
}

// How much was run is said with what came of it, and nothing of what did not.
func TestExtent(t *testing.T) {
	const rate = ", in 2s: 500 seeds and 1,500 rounds a second."
	for _, c := range []struct {
		change func(*Result)
		want   string
	}{
		{func(*Result) {}, "1,000 seeds from 7 on" + rate},
		{func(r *Result) { r.Head.Shards = 1 }, "1,000 seeds from 7 on" + rate},
		{func(r *Result) { r.Head.Shard, r.Head.Shards = 1, 2 }, "1,000 seeds from 7 on, shard 1 of 2" + rate},
		{func(r *Result) { r.Failing = 1000 }, "1,000 seeds from 7 on" + rate + " 1,000 of them fail."},
		{func(r *Result) { r.Failing = 1 }, "1,000 seeds from 7 on" + rate + " 1 of them fails."},
		{func(r *Result) { r.Twice = 1 }, "1,000 seeds from 7 on" + rate + " 1 of them was run twice, and both runs were the same."},
		{func(r *Result) { r.Twice = 2 }, "1,000 seeds from 7 on" + rate + " 2 of them were run twice, and both runs were the same."},
		{func(r *Result) { r.Twice, r.Different = 1, &Different{} }, "1,000 seeds from 7 on" + rate},
		{func(r *Result) { r.Undecided = 2000 }, "1,000 seeds from 7 on" + rate + " In 2,000 a judge could not decide, since too many operations overlap."},
		{func(r *Result) { r.Unheard, r.Unspoken = 1, "it whispers" }, "1,000 seeds from 7 on" + rate + " In 1 what goes on within instances is not judged: it whispers."},
		{func(r *Result) { r.Ended = TimeOver }, "1,000 seeds from 7 on" + rate + " The time is over."},
		{func(r *Result) { r.Ended = Interrupted }, "1,000 seeds from 7 on" + rate},
	} {
		r := &Result{Head: Head{From: 7}, Summary: Summary{Counts: Counts{Done: 1000}, Elapsed: 2*time.Second - 400*time.Nanosecond}}
		r.Met[swarm.Rounds] = 3000
		c.change(r)
		if got := r.extent(); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
	r := &Result{Head: Head{From: 1}, Summary: Summary{Counts: Counts{Done: 1}}}
	r.Met[swarm.Rounds], r.Met[swarm.Duels] = 1234, 1
	text := page(r.counts)
	if strings.Count(text, "\n") != 5 || !strings.HasPrefix(text, "  1 seed from 1 on, in 0s: ") || !strings.Contains(text, "            1,234  rounds, retries included\n") {
		t.Errorf("got %s", text)
	}
}

// What was never met, or never judged, is said where it means something.
func TestVacuousWords(t *testing.T) {
	const never = "never met, though the check is for it: rounds, retries included; rounds that began while another instance had one running. "
	rounds := []string{"rounds", "duels"}
	for name, c := range map[string]struct {
		result Result
		want   string
	}{
		"nothing":              {Result{Head: Head{Seeds: 2}}, ""},
		"missed":               {Result{Head: Head{Seeds: 2}, Summary: Summary{Missed: rounds}}, never},
		"missed by one seed":   {Result{Head: Head{Seeds: 1}, Summary: Summary{Missed: rounds}}, ""},
		"no status":            {Result{Head: Head{Seeds: 1}, Summary: Summary{Unjudged: []string{check.ReadsName}}}, "No run was judged by linearizable-reads. Random clients ask for no status, a scenario can. "},
		"not judged":           {Result{Head: Head{Seeds: 1}, Summary: Summary{Unjudged: []string{"progress", "agreement"}}}, "No run was judged by progress and agreement. "},
		"vacuous":              {Result{Head: Head{Seeds: 2}, Summary: Summary{Missed: rounds, Unjudged: []string{"progress"}, Vacuous: true}}, never + "No run was judged by progress. This check says nothing. Run more seeds, or turn the knobs up."},
		"a failure":            {Result{Head: Head{Seeds: 2}, Failures: []Failure{{}}, Summary: Summary{Missed: rounds}}, ""},
		"a failure, and going": {Result{Head: Head{Seeds: 2, KeepGoing: true}, Failures: []Failure{{}}, Summary: Summary{Missed: rounds}}, never},
	} {
		want := c.want
		if want != "" {
			want = "\n  ! " + strings.TrimSpace(want) + "\n"
		}
		if got := page(c.result.vacuous); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
}

// Knobs that break what the protocol assumes say which of it; others say nothing.
func TestRisky(t *testing.T) {
	for _, info := range swarm.KnobTable() {
		r := &Result{Head: Head{Knobs: map[string]string{info.Name: "1"}}}
		want := ""
		if info.Risk != swarm.NoRisk {
			want = "\n  ! --" + info.Name + " breaks what the protocol assumes, that " + map[swarm.Risk]string{
				swarm.OnNames: "a name is used for one acquisition at a time:", swarm.OnDisks: "what an instance has stored is found again:",
			}[info.Risk]
		}
		if got := page(r.risky); !strings.HasPrefix(got, want) || want == "" && got != "" {
			t.Errorf("%s: %q, want %q", info.Name, got, want)
		}
	}
}

// A failure is told in a line, or in a few among others.
func TestFailureWords(t *testing.T) {
	f := Failure{Property: "agreement", Why: "it is so", Seed: 9, Count: 1}
	if got := f.line(); got != "agreement, seed 9: it is so" {
		t.Errorf("a line: %q", got)
	}
	if got := page(f.print); got != "  ✗ agreement\n    it is so\n    seed 9\n\n" {
		t.Errorf("among others: %q", got)
	}
	f.Count, f.File, f.After, f.Tried = 1235, "-my file.yaml", &counterexample.Size{Instances: 1, Decisions: 2}, 5
	if got := f.line(); got != "agreement, seed 9 and 1,234 more: it is so (-my file.yaml)" {
		t.Errorf("a line: %q", got)
	}
	const told = "  ✗ agreement\n    it is so\n    seed 9 and 1,234 more · 1 instance · 2 decisions"
	const run = "\n    skinny run './-my file.yaml'\n\n"
	if got := page(f.print); got != told+" · shrinking was ended early"+run {
		t.Errorf("among others: %q", got)
	}
	var narrow bytes.Buffer
	p := report.NewPage(&narrow, 40)
	f.print(p)
	p.Flush()
	if got := strings.Split(narrow.String(), "\n"); got[2] != "    seed 9 and 1,234 more · 1 instance ·" || got[3] != "    2 decisions · shrinking was ended" {
		t.Errorf("among others, narrow: %q", got)
	}
	f.Minimal = true
	if got := page(f.print); got != told+run {
		t.Errorf("a minimal one: %q", got)
	}
	f.Minimal, f.Tried = false, 0
	if got := page(f.print); got != told+run {
		t.Errorf("a whole one: %q", got)
	}
}

// How a counterexample came about is said: where it was found, and how much of it is left.
func TestSearchedAndShrunk(t *testing.T) {
	for _, c := range []struct {
		head Head
		done uint64
		want string
	}{
		{Head{}, 1, "It is the first seed. It took 2s."}, {Head{Shards: 1}, 2, "The 1 seed before it is fine. It took 2s."},
		{Head{}, 1001, "The 1,000 seeds before it are fine. It took 2s."}, {Head{Shard: 1, Shards: 3}, 1, "It is the first seed of shard 1 of 3. It took 2s."},
	} {
		r := &Result{Head: c.head, Summary: Summary{Counts: Counts{Done: c.done}, Elapsed: 2*time.Second + 400*time.Microsecond}}
		if got := r.searched(); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
	f := Failure{Property: "agreement", Found: "agreement", Before: &counterexample.Size{Instances: 5, Operations: 4, Decisions: 2000}, After: &counterexample.Size{Instances: 1, Operations: 1, Decisions: 1}, ShrinkTime: 3 * time.Millisecond}
	if got := f.shrunk(); got != "This is the whole run." {
		t.Errorf("got %q", got)
	}
	f.Tried, f.Minimal = 1000, true
	want := "Shrunk from 5 instances, 4 operations and 2,000 decisions to 1 instance, 1 operation and 1 decision: 1,000 runs in 3ms."
	if got := f.shrunk(); got != want {
		t.Errorf("got %q", got)
	}
	f.Tried = 1
	if got := f.shrunk(); !strings.HasSuffix(got, "1 decision: 1 run in 3ms.") {
		t.Errorf("got %q", got)
	}
	f.Tried, f.Found, f.Minimal = 1000, "durability", false
	if got := f.shrunk(); got != want+" The seed's own run breaks durability; what is left of it breaks agreement, which says more. It was ended early and may not be minimal." {
		t.Errorf("got %q", got)
	}
}

// What can be done with a counterexample depends on whether it is saved, and was shrunk.
func TestNext(t *testing.T) {
	s, err := scenarios.Load("two-winners", scenarios.Overrides{})
	if err != nil {
		t.Fatal(err)
	}
	r := &Result{Head: Head{Arguments: " --edition sound"}}
	f := &Failure{Seed: 7, File: "a b.yaml", Tried: 1, made: &counterexample.Case{Scenario: s, Verdict: check.Verdict{Event: 24}}}
	const again = "  again:  skinny check --edition sound --seed 7\n"
	const whole = "  whole:  skinny check --edition sound --seed 7 --no-shrink\n"
	told := func() string { return page(func(p *report.Page) { next(p, r, f) }) }
	if got := told(); got != "\n  saved:  a b.yaml\n  replay: skinny run 'a b.yaml'\n  why:    skinny run 'a b.yaml' --why 24\n  step:   skinny step 'a b.yaml'\n"+again+whole {
		t.Errorf("got %s", got)
	}
	f.File, f.Tried, f.YAML = "", 0, "format: 1\n"
	if got := told(); got != "\n  It is not saved. This is the scenario:\n\nformat: 1\n\n"+again {
		t.Errorf("got %s", got)
	}
}

// What a pass of shrinking did is said of everything that it may do.
func TestStepWords(t *testing.T) {
	for _, c := range []struct {
		step shrink.Step
		want string
	}{
		{shrink.Step{Removed: []int{3}, Decisions: 1, Tried: 1}, "left out 1 decision; 1 decision left, after 1 run"},
		{shrink.Step{Instances: []string{"a", "b"}, Decisions: 2, Tried: 2000}, "removed a, b; 2 decisions left, after 2,000 runs"},
		{shrink.Step{Replaced: []int{1, 2}, Settings: []string{"increments of a", "timeouts"}}, "made 2 decisions simpler; took the default for increments of a, timeouts; 0 decisions left, after 0 runs"},
		{shrink.Step{Removed: []int{1, 2}, Moved: 1}, "left out 2 decisions; moved 1 decision; 0 decisions left, after 0 runs"},
	} {
		if got := stepWords(&c.step); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
}

// Why a decision is needed is said of what clients are told, and of what can no longer happen.
func TestNeedWords(t *testing.T) {
	r := &shrink.Result{Cluster: &sim.Cluster{Holders: []string{"alice", "bob"}}, Decisions: []sim.Decision{
		{Operation: protocol.Acquire, Holder: 1}, {Kind: sim.DeliverMessage}, {Operation: protocol.Release, Holder: 2},
	}}
	for _, c := range []struct {
		need shrink.Need
		want string
	}{
		{shrink.Need{}, "clients are told the same, but the property is kept"},
		{shrink.Need{Operation: 2, Was: shrink.Told{Outcome: protocol.Released}}, "bob's release is not answered instead of released"},
		{shrink.Need{Operation: 1, Is: shrink.Told{Outcome: protocol.Acquired}, Impossible: []int{1}}, "alice's acquire is acquired instead of not answered, and 1 later decision can no longer happen"},
		{shrink.Need{Impossible: []int{1, 2}}, "2 later decisions can no longer happen"},
		{shrink.Need{Operation: 3}, "a client's operation is not answered instead of not answered"},
	} {
		if got := needWords(r, &c.need); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
	shown := func(c *counterexample.Case) string { return page(func(p *report.Page) { shrinking(p, c) }) }
	if got := shown(&counterexample.Case{}); !strings.HasPrefix(got, "\nWhat was left out\n\n  Its bound is in time, ") || strings.Contains(got, "Why the rest") {
		t.Errorf("in time: %s", got)
	}
	r.Steps = []shrink.Step{{Pass: "end", Removed: []int{1}, Decisions: 3, Tried: 2}}
	r.Decisions = r.Decisions[:1]
	r.Decisions[0].Kind, r.Decisions[0].Timeout = sim.InvokeOperation, 5*trace.Second
	r.Cluster.Instances = make([]sim.Instance, 1)
	r.Cluster.Instances[0].Name = "a"
	if got := shown(&counterexample.Case{Shrunk: r}); got != "\nWhat was left out\n\n  end        left out 1 decision; 3 decisions left, after 2 runs\n\nWhy the rest is needed\n\n  That is not known: it was ended early.\n" {
		t.Errorf("ended early: %s", got)
	}
	r.Minimal, r.Needs = true, []shrink.Need{{Impossible: []int{1}}}
	if got := shown(&counterexample.Case{Shrunk: r}); !strings.HasSuffix(got, "needed\n\n  without acquire alice via a\n    1 later decision can no longer happen\n") {
		t.Errorf("minimal: %s", got)
	}
}

// Of two runs that differ it is said whose fault that is.
func TestDifferentWords(t *testing.T) {
	r := &Result{Head: Head{Arguments: " --edition sound"}}
	if got := page(r.different); got != "" {
		t.Errorf("of none: %q", got)
	}
	r.Different = &Different{Seed: 7, Event: 12, Was: "{1}", Is: "{2}"}
	const head, tail = "  ✗ not deterministic: seed 7 was run twice, and event 12 is the first that differs. ", "\n    first  {1}\n    then   {2}\n\n    again: skinny check --edition sound --seed 7 --recheck 1\n\n"
	if got := page(r.different); got != head+"That is a defect of this program, and nothing else it says can be trusted."+tail {
		t.Errorf("got %q", got)
	}
	r.Head.Played = []string{"all played by x"}
	if got := page(r.different); got != head+"An answer of the program that plays depends on more than its question; --pure finds out which."+tail {
		t.Errorf("got %q", got)
	}
}

// Which part of a report there is depends on what was found.
func TestReport(t *testing.T) {
	var out bytes.Buffer
	c := &Check{Console: &report.Console{Out: &out, Width: report.DefaultWidth}}
	told := func(r *Result) string {
		out.Reset()
		r.Head.Words, r.Head.Seeds = "it", 2
		if err := c.report(r); err != nil {
			t.Fatal(err)
		}
		return out.String()
	}
	two := []Failure{{Property: "agreement", Seed: 3, Count: 2, Shape: "x"}, {Property: "durability", Seed: 4, Count: 1, Shape: "y"}, {Property: "durability", Seed: 5, Count: 1, Shape: "x"}}
	if got := told(&Result{}); got != "it\n\n  ? no seed was run\n\n" {
		t.Errorf("of nothing: %q", got)
	}
	r := &Result{Failures: two, Summary: Summary{Counts: Counts{Done: 9}}}
	got := told(r)
	for _, part := range []string{"it\n\n  ✗ agreement\n", "    seed 3 and 2 more\n\n  ✗ durability\n", "    seed 4\n\n  9 seeds from 0 on"} {
		if !strings.Contains(got, part) {
			t.Errorf("%q is missing in\n%s", part, got)
		}
	}
	if strings.Contains(got, "nothing is violated") {
		t.Errorf("got %s", got)
	}
	c.Quiet = true
	if got := told(r); got != "agreement, seed 3 and 2 more: \ndurability, seed 4: \n" {
		t.Errorf("quiet: %q", got)
	}
}

// What a program did, and what else ended a check, is its exit code and its message.
func TestExitMessages(t *testing.T) {
	other := Stuck{3, &sim.ProgramError{Err: &program.Failure{Err: io.EOF}}}
	stuck := &Stuck{3, &sim.ProgramError{Err: &program.Failure{Err: program.ErrImpure}}}
	for _, c := range []struct {
		result  Result
		code    int
		message string
	}{
		{Result{Stuck: stuck, Failures: []Failure{{Property: "agreement"}}}, report.ExitNotDeterministic, "skinny check: seed 3: " + program.Explain(stuck.Err)},
		{Result{Stuck: &other}, report.ExitUsage, "skinny check: seed 3: " + program.Explain(other.Err)},
		{Result{Summary: Summary{Different: &Different{}, Ended: Interrupted}}, report.ExitNotDeterministic, ""},
		{Result{Failures: []Failure{{Property: "agreement"}}, Summary: Summary{Ended: Interrupted, Counts: Counts{Done: 1}}}, report.ExitInterrupted, "skinny: interrupted after 1 seed; this is what is known so far"},
		{Result{Failures: []Failure{{Property: check.ProgressName}, {Property: "agreement"}}}, report.ExitUnmet, ""},
		{Result{Failures: []Failure{{Property: check.ProgressName}}, Summary: Summary{Vacuous: true}}, report.ExitNoProgress, ""},
		{Result{Summary: Summary{Vacuous: true}}, report.ExitVacuous, "skinny: this check says nothing: its runs never met what it is for"},
	} {
		e := &report.Exit{}
		if errors.As(c.result.Exit(), &e); e.Code != c.code || e.Message != c.message {
			t.Errorf("got %d, %q, want %d, %q", e.Code, e.Message, c.code, c.message)
		}
	}
}

// A check that finds nothing says which properties its runs were never judged by, and means
// something as long as others were asked for.
func TestVacuity(t *testing.T) {
	full := Summary{Counts: Counts{Done: 4}}
	for i := range full.Met {
		full.Met[i] = 1
	}
	for name, c := range map[string]struct {
		change   func(*Result)
		unjudged string
		vacuous  bool
	}{
		"all":                       {func(*Result) {}, "", false},
		"no demands":                {func(r *Result) { r.Met[swarm.Demands] = 0 }, "progress", false},
		"no demands, and asked for": {func(r *Result) { r.Met[swarm.Demands], r.Head.Properties = 0, []string{"agreement", "progress"} }, "progress", true},
		"undecided":                 {func(r *Result) { r.Undecided = 4 }, "linearizability", false},
		"reads without a status": {func(r *Result) {
			r.Head.Properties, r.Met[swarm.Calls] = []string{check.ReadsName}, 2
		}, check.ReadsName, true},
		"reads with a status": {func(r *Result) {
			r.Head.Properties, r.Met[swarm.Calls] = []string{check.ReadsName}, 3
		}, "", false},
		"some undecided":           {func(r *Result) { r.Undecided = 3 }, "", false},
		"undecided, and asked for": {func(r *Result) { r.Undecided, r.Head.Properties = 4, []string{"linearizability"} }, "linearizability", true},
		"undecided, and another":   {func(r *Result) { r.Undecided, r.Head.Properties = 4, []string{"agreement"} }, "linearizability", false},
		"not heard":                {func(r *Result) { r.Unheard = 4 }, "agreement acknowledged promise-kept durability", false},
		"some not heard":           {func(r *Result) { r.Unheard = 3 }, "", false},
		"asked for, and found": {func(r *Result) {
			r.Undecided, r.Head.Properties, r.Failures = 4, []string{"linearizability"}, []Failure{{}}
		}, "linearizability", false},
		"asked for of a single seed":    {func(r *Result) { r.Undecided, r.Head.Properties, r.Head.Seeds = 4, []string{"linearizability"}, 1 }, "linearizability", false},
		"interrupted before it started": {func(r *Result) { r.Done, r.Undecided = 0, 0 }, "", false},
	} {
		r := &Result{Head: Head{Seeds: 9}, Summary: full}
		c.change(r)
		r.judgeVacuity()
		if got := strings.Join(r.Unjudged, " "); got != c.unjudged || r.Vacuous != c.vacuous {
			t.Errorf("%s: unjudged %q, vacuous %v", name, got, r.Vacuous)
		}
	}
}

// A counterexample that cannot be saved is not lost, and says so.
func TestSaveFails(t *testing.T) {
	var errs bytes.Buffer
	c := &Check{Console: &report.Console{Out: io.Discard, Err: &errs}, Dir: t.TempDir() + "/none"}
	r := &Result{Failures: []Failure{{Property: "x", Seed: 4, Shape: "1", YAML: "a", File: "old"}, {Property: "y", Seed: 5, Shape: "2", File: "old"}}}
	c.save(r)
	if !strings.HasPrefix(errs.String(), "skinny check: the counterexample of seed 4 cannot be saved: ") || !strings.HasSuffix(errs.String(), "\n--dir says where to save it\n") || strings.Contains(errs.String(), "seed 5") {
		t.Errorf("it says %q", errs.String())
	}
	if r.Failures[0].File != "" || r.Failures[1].File != "" {
		t.Errorf("%+v", r.Failures)
	}
}
