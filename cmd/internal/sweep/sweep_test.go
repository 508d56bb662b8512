package sweep

import (
	"errors"
	"reflect"
	"sync/atomic"
	"testing"
	"time"

	"skinny/protocol"
	"skinny/sim"
	"skinny/sim/check"
	"skinny/sim/prose"
	"skinny/sim/swarm"
	"skinny/sim/trace"
)

func rulesOf(t testing.TB, edition string) protocol.Rules {
	e, ok := protocol.EditionByName(edition)
	if !ok {
		t.Fatalf("there is no edition %q", edition)
	}
	return e.Rules
}

func knobsOf(t testing.TB, profile string) swarm.Knobs {
	p, ok := swarm.ProfileByName(profile)
	if !ok {
		t.Fatalf("there is no profile %q", profile)
	}
	return p.Knobs
}

func setting(t *testing.T, edition, profile string, off ...string) *swarm.Setting {
	set := &swarm.Setting{Rules: rulesOf(t, edition), Knobs: knobsOf(t, profile)}
	for _, name := range off {
		rule, ok := protocol.RuleByName(name)
		if !ok {
			t.Fatalf("there is no rule %q", name)
		}
		set.Rules &^= rule.Rule
	}
	return set
}

func seeds(n uint64) Seeds { return Seeds{First: 1, Step: 1, Count: n} }

// What a report says, without how long it took.
func timeless(r *Result) Result {
	r.Elapsed = 0
	return *r
}

// The number of workers changes nothing.
func TestWorkersDoNotMatter(t *testing.T) {
	for _, c := range []Config{
		{Setting: setting(t, "sound", "all"), Seeds: seeds(300), Recheck: 10},
		{Setting: setting(t, "sound", "all", "own-id"), Seeds: seeds(2000)},
		{Setting: setting(t, "published", "all"), Seeds: seeds(300), KeepGoing: true},
		{Setting: setting(t, "published", "all"), Seeds: Seeds{First: 5, Step: 7, Count: 200}, KeepGoing: true, Properties: []string{"durability"}},
	} {
		c.Workers = 1
		want := timeless(Run(c))
		for _, workers := range []int{2, 7} {
			c.Workers = workers
			if got := timeless(Run(c)); !reflect.DeepEqual(want, got) {
				t.Errorf("1 worker:\n%+v\n%d workers:\n%+v", want, workers, got)
			}
		}
	}
}

// unjudged is a judge that says of every run that it is not judged, or in another state, and
// which seed it had.
type unjudged struct {
	check.Judge
	state check.State
	seed  uint64
}

func (u *unjudged) Reset(h *trace.Header) { u.seed = h.Seed }
func (u *unjudged) Observe(*trace.Event)  {}
func (u *unjudged) End(trace.Time, bool)  {}
func (u *unjudged) Verdict() check.Verdict {
	return check.Verdict{State: u.state, Why: prose.Of("of seed ", int(u.seed))}
}

// Why runs are not judged is said of the first of them.
func TestFirstUnjudged(t *testing.T) {
	set := setting(t, "sound", "none")
	set.Judges = []check.Property{{Name: "mine", New: func() check.Judge { return &unjudged{state: check.NotJudged} }}}
	r := Run(Config{Setting: set, Seeds: Seeds{First: 3, Step: 1, Count: 67}})
	if r.Unheard != 67 || r.Unspoken != "of seed 3" {
		t.Errorf("%d are not judged: %q", r.Unheard, r.Unspoken)
	}
}

// Runs that a judge could not decide are counted, unless they fail.
func TestUndecided(t *testing.T) {
	for edition, failing := range map[string]bool{"sound": false, "published": true} {
		set := setting(t, edition, "none")
		set.Judges = []check.Property{{Name: "mine", New: func() check.Judge { return &unjudged{state: check.Undecided} }}}
		r := Run(Config{Setting: set, Seeds: seeds(20), KeepGoing: true})
		if r.Undecided != 20-r.Failing || (r.Failing > 0) != failing || r.Unheard != 0 {
			t.Errorf("%s: %d fail and %d are undecided", edition, r.Failing, r.Undecided)
		}
	}
}

// gone is a program that has ended.
type gone struct{}

func (gone) Step(*sim.Question) (sim.Answer, error) { return sim.Answer{}, errors.New("gone") }

// A program that cannot go on ends a sweep in its seed, which is not counted, unless
// everything is to end anyway.
func TestStuck(t *testing.T) {
	set := setting(t, "sound", "none")
	set.Players = sim.Players{"": {Name: "x", Program: gone{}}}
	r := Run(Config{Setting: set, Seeds: Seeds{First: 7, Step: 1, Count: 200}, KeepGoing: true, Workers: 2})
	if r.Stuck == nil || r.Stuck.Seed != 7 || r.Stuck.Err == nil || r.Ended != Interrupted || r.Done != 0 || r.Failing != 0 {
		t.Errorf("it is %+v, %+v", r.Stuck, r.Summary)
	}
	asked := 0
	r = Run(Config{Setting: set, Seeds: seeds(200), Workers: 1, Stop: func() bool { asked++; return asked > 2 }})
	if r.Stuck != nil || r.Ended != Interrupted || r.Done != 0 {
		t.Errorf("while all ends it is %+v, %+v", r.Stuck, r.Summary)
	}
}

// slow is a program that answers nothing until it is told how far the sweep is.
type slow struct{ told chan struct{} }

func (s slow) Step(*sim.Question) (sim.Answer, error) {
	select {
	case <-s.told:
	case <-time.After(20 * time.Second): // it is not told
	}
	return sim.Answer{}, errors.New("gone")
}

// How far a sweep is is told while its first seed is under way.
func TestToldByTheClock(t *testing.T) {
	set, told := setting(t, "sound", "none"), make(chan struct{})
	set.Players = sim.Players{"": {Name: "x", Program: slow{told}}}
	times := 0
	r := Run(Config{Setting: set, Seeds: seeds(200), Workers: 2, Progress: func(s Status) {
		if times++; times == 2 {
			close(told)
		}
		if times <= 2 && (s.Done != 0 || s.Elapsed < time.Duration(times)*progressPause) {
			t.Errorf("it tells of %+v", s)
		}
	}})
	if times < 2 || r.Elapsed < 2*progressPause {
		t.Errorf("it is told %d times in %v", times, r.Elapsed)
	}
}

// One seed in so many is run twice, by its number.
func TestRecheck(t *testing.T) {
	for recheck, twice := range map[uint64]uint64{0: 0, 1: 12, 5: 3, 64: 0} {
		r := Run(Config{Setting: setting(t, "sound", "none"), Seeds: Seeds{First: 4, Step: 1, Count: 12}, Recheck: recheck})
		if r.Twice != twice || r.Done != 12 || r.Different != nil {
			t.Errorf("of %d seeds %d are run twice, want %d, by %d", r.Done, r.Twice, twice, recheck)
		}
	}
}

// early fails with seed 1, for which others wait; they take their time, and are counted.
type early struct {
	check.Judge
	seed  uint64
	first chan struct{}
	later *atomic.Int64
}

func (j *early) Reset(h *trace.Header) { j.seed = h.Seed }
func (j *early) Observe(*trace.Event)  {}
func (j *early) End(trace.Time, bool)  {}
func (j *early) Verdict() check.Verdict {
	if j.seed == 1 {
		close(j.first)
		return check.Verdict{State: check.Violated}
	}
	<-j.first
	j.later.Add(1)
	time.Sleep(5 * time.Millisecond)
	return check.Verdict{State: check.Kept}
}

// Little of what comes after a failure is run.
func TestAfterAFailure(t *testing.T) {
	set, first, later := setting(t, "sound", "none"), make(chan struct{}), atomic.Int64{}
	set.Judges = []check.Property{{Name: "mine", New: func() check.Judge { return &early{first: first, later: &later} }}}
	r := Run(Config{Setting: set, Seeds: seeds(128), Workers: 2})
	if n := later.Load(); r.Done != 1 || n > 32 {
		t.Errorf("%d seeds count, and %d others were run", r.Done, n)
	}
}

// The first failure is that of the smallest seed, and everything before it was run.
func TestFirstFailure(t *testing.T) {
	c := Config{Setting: setting(t, "sound", "all", "own-id"), Seeds: seeds(5000), Workers: 3}
	first := Run(c)
	if first.Ended != FailureFound || len(first.Failures) != 1 || first.Done != first.Failures[0].Seed || first.Failing != 1 {
		t.Fatalf("got %+v", first)
	}
	trial := swarm.NewTrial(c.Setting)
	for seed := uint64(1); ; seed++ {
		if f := failure(trial.Run(seed), nil); f != nil {
			if seed != first.Failures[0].Seed || f.Property != first.Failures[0].Property || f.Why != first.Failures[0].Why {
				t.Errorf("seed %d fails first with %+v, reported is %+v", seed, f, first.Failures[0])
			}
			break
		}
	}
	if first.Met != Met(trial.Met) {
		t.Errorf("the report counts %v, seed by seed it is %v", first.Met, trial.Met)
	}
}

// Parts of a sweep together run the same seeds as the whole.
func TestShards(t *testing.T) {
	all := Seeds{First: 3, Step: 2, Count: 11}
	count := map[uint64]int{}
	for i := range uint64(4) {
		part := all.Shard(i, 4)
		for n := range part.Count {
			count[part.At(n)]++
		}
	}
	for n := range all.Count {
		if count[all.At(n)] != 1 {
			t.Errorf("seed %d is run %d times", all.At(n), count[all.At(n)])
		}
	}
	if len(count) != 11 {
		t.Errorf("%d different seeds, want 11", len(count))
	}

	c := Config{Setting: setting(t, "published", "all"), Seeds: seeds(200), KeepGoing: true, Workers: 1}
	whole := Run(c)
	var parts Counts
	for i := range uint64(3) {
		c.Seeds = seeds(200).Shard(i, 3)
		parts.add(&Run(c).Counts)
	}
	if parts != whole.Counts {
		t.Errorf("in parts %+v, as a whole %+v", parts, whole.Counts)
	}
}

// ender is a judge that wants everything to end with the first event of the second seed.
type ender struct {
	check.Judge
	seed uint64
	stop *atomic.Bool
}

func (j *ender) Reset(h *trace.Header) { j.seed = h.Seed }
func (j *ender) Observe(*trace.Event) {
	if j.seed == 2 {
		j.stop.Store(true)
	}
}
func (j *ender) End(trace.Time, bool) {}
func (j *ender) Verdict() check.Verdict {
	return check.Verdict{State: check.Kept}
}

// A sweep that has run all its seeds has done so, even if its time was over then; what was
// found counts for more.
func TestEnded(t *testing.T) {
	for _, c := range []struct {
		over   Ended
		change func(*Result)
		going  bool
		want   Ended
	}{
		{AllRun, func(*Result) {}, false, AllRun}, {TimeOver, func(*Result) {}, false, AllRun}, {Interrupted, func(*Result) {}, false, AllRun},
		{TimeOver, func(r *Result) { r.Done = 2 }, false, TimeOver}, {Interrupted, func(r *Result) { r.Done = 2 }, false, Interrupted},
		{TimeOver, func(r *Result) { r.Failures = make([]Failure, 1) }, false, FailureFound}, {AllRun, func(r *Result) { r.Failures = make([]Failure, 1) }, true, AllRun},
		{TimeOver, func(r *Result) { r.Done, r.Failures = 2, make([]Failure, 1) }, true, TimeOver},
		{AllRun, func(r *Result) { r.Stuck, r.Failures = &Stuck{}, make([]Failure, 1) }, false, Interrupted},
		{AllRun, func(r *Result) { r.Stuck, r.Different = &Stuck{}, &Different{} }, false, NotDeterministic},
	} {
		r := &run{Config: Config{Seeds: seeds(3), KeepGoing: c.going}, over: c.over}
		r.result.Done = 3
		c.change(&r.result)
		if result := r.close(); result.Ended != c.want {
			t.Errorf("ended by %d, after %d seeds it is %d, want %d", c.over, r.result.Done, r.result.Ended, c.want)
		}
	}
}

// A sweep that is stopped tells what it knows.
func TestStop(t *testing.T) {
	asked := 0
	c := Config{Setting: setting(t, "sound", "all"), Seeds: seeds(1<<64 - 2), Workers: 1, Stop: func() bool { asked++; return asked > 10_000 }}
	r := Run(c)
	if r.Ended != Interrupted || r.Done == 0 || r.Done > 1000 || r.Met[swarm.Rounds] == 0 {
		t.Errorf("got %+v", r)
	}
	var stop atomic.Bool
	c.Setting.Judges = []check.Property{{Name: "mine", New: func() check.Judge { return &ender{stop: &stop} }}}
	c.Stop = stop.Load
	for _, c.Recheck = range []uint64{0, 1} {
		for _, count := range []uint64{2, 1<<64 - 2} { // it is the last one, or not
			stop.Store(false)
			c.Seeds = seeds(count)
			if r := Run(c); r.Ended != Interrupted || r.Done != 1 || r.Different != nil {
				t.Errorf("in the middle of the second of %d seeds: %+v", count, r)
			}
		}
	}
	c.Stop, c.For, c.Workers = nil, time.Millisecond, 2
	if r := Run(c); r.Ended != TimeOver {
		t.Errorf("got %+v", r)
	}
	c.For, c.Seeds = time.Hour, seeds(9) // which it does not take
	if r := Run(c); r.Ended != AllRun || r.Done != 9 {
		t.Errorf("got %+v", r)
	}
}

// Failures are told apart by what broke and how, not by seed and names.
func TestShape(t *testing.T) {
	c := Config{Setting: setting(t, "published", "none"), Seeds: seeds(300), KeepGoing: true, Workers: 2}
	r := Run(c)
	if r.Ended != AllRun || len(r.Failures) < 2 || len(r.Failures) > 40 {
		t.Fatalf("%d ways to fail, by %d of %d seeds", len(r.Failures), r.Failing, r.Done)
	}
	count := uint64(0)
	for _, f := range r.Failures {
		count += f.Count
		if f.Seed == 0 || f.Property == "" {
			t.Errorf("got %+v", f)
		}
	}
	if count != r.Failing {
		t.Errorf("the ways add up to %d, %d seeds failed", count, r.Failing)
	}
}

// What matters most is what clients see.
func TestSeverity(t *testing.T) {
	broken := func(names ...string) (list []check.Verdict) {
		for _, n := range names {
			p, _ := check.PropertyByName(n)
			list = append(list, check.Verdict{Property: n, Severity: p.Severity, State: check.Violated})
		}
		return append(list, check.Verdict{Property: "agreement", State: check.Kept}, check.Verdict{Property: "progress", State: check.Undecided})
	}
	f := failure(broken("acknowledged", "mutual-exclusion", "durability"), nil)
	if f.Property != "mutual-exclusion" || len(f.Broken) != 3 {
		t.Errorf("got %+v", f)
	}
	if f := failure(broken("acknowledged", "durability"), []string{"acknowledged"}); f.Property != "acknowledged" || len(f.Broken) != 1 {
		t.Errorf("got %+v", f)
	}
	if f := failure(broken("durability"), []string{"acknowledged"}); f != nil {
		t.Errorf("got %+v", f)
	}
	for state, want := range map[check.State]string{check.Undecided: "progress", check.Kept: "agreement", check.Violated: ""} {
		if v := in(broken(), state); v == nil && want != "" || v != nil && v.Property != want {
			t.Errorf("%v: %+v", state, v)
		}
	}
}
