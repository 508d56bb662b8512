package swarm

import (
	"errors"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"skinny/protocol"
	"skinny/sim"
	"skinny/sim/check"
	"skinny/sim/trace"
)

// sound is safe and makes progress whatever the profile.
func TestSoundUnderEveryProfile(t *testing.T) {
	for _, profile := range Profiles() {
		seeds := uint64(1500)
		if profile.Name == "calm" {
			seeds = 100
		}
		trial := NewTrial(settingOf(t, "sound", profile.Name))
		for seed := range seeds {
			verdicts := trial.Run(seed)
			for _, v := range violated(verdicts) {
				t.Errorf("%s, seed %d: %+v", profile.Name, seed, v)
			}
			if demanded := len(verdicts) == len(check.Properties())-1; demanded != (trial.Plan.Progress.Within > 0) {
				t.Fatalf("%s, seed %d: judged %v", profile.Name, seed, verdicts)
			}
			if trial.run.Ending() != sim.NothingMore {
				t.Errorf("%s, seed %d: ended by %v", profile.Name, seed, trial.run.Ending())
			}
		}
		if trial.Met[Demands] < seeds/2 {
			t.Errorf("%s: progress is demanded of %d runs in %d", profile.Name, trial.Met[Demands], seeds)
		}
	}
}

// No protocol that trusts its disks survives that they lose something, and sound does not.
func TestSoundNeedsItsDisks(t *testing.T) {
	for _, k := range []Knob{Wipes, Tears} {
		set := settingOf(t, "sound", "none")
		set.Knobs[k] = Span{1, 4}
		trial := NewTrial(set)
		broken := map[string]bool{}
		for seed := range uint64(3000) {
			for _, v := range violated(trial.Run(seed)) {
				broken[v.Property] = true
			}
		}
		if !broken[check.MutualExclusion] || !broken[check.Durability] || !broken[check.PromiseKept] {
			t.Errorf("%s: only these break: %v", knobTable[k].Name, broken)
		}
	}
}

// It is at both ends of every knob that does not break what it assumes.
func TestSoundAtTheEndsOfEveryKnob(t *testing.T) {
	const seeds, events = 200, 150_000
	for k, info := range knobTable {
		for _, value := range []uint64{info.Least, info.Most} {
			if info.Risk != NoRisk && value > 0 {
				continue
			}
			set := settingOf(t, "sound", "none")
			set.Knobs[Operations] = Span{4, 8}
			set.Knobs[k] = Span{value, value}
			trial := NewTrial(set)
			for seed := uint64(0); seed < seeds && trial.Met[Events] < events; seed++ {
				for _, v := range violated(trial.Run(seed)) {
					t.Errorf("%s %d, seed %d: %+v", info.Name, value, seed, v)
				}
			}
		}
	}
}

// Every judge is broken within some seeds by an edition that does not keep its
// property, and soon.
func TestEveryJudgeCanBeBroken(t *testing.T) {
	cases := []struct {
		edition, profile string
		seeds            uint64
		properties       []string
	}{
		{"published", "none", 50, []string{"acknowledged", "linearizability", "mutual-exclusion"}},
		{"published", "crash", 50, []string{"durability", "promise-kept"}},
		{"published", "all", 500, []string{
			"acknowledged", "agreement", "durability", "linearizability", "mutual-exclusion", "promise-kept",
		}},
		{"sequential", "network", 50, []string{check.ProgressName}},
	}
	broken := map[string]bool{}
	for _, c := range cases {
		trial := NewTrial(settingOf(t, c.edition, c.profile))
		missing := slices.Clone(c.properties)
		for seed := uint64(0); seed < c.seeds && len(missing) > 0; seed++ {
			for _, v := range violated(trial.Run(seed)) {
				broken[v.Property] = true
				missing = slices.DeleteFunc(missing, func(name string) bool { return name == v.Property })
			}
		}
		if len(missing) > 0 {
			t.Errorf("%s, %s: %v is not broken in %d seeds", c.edition, c.profile, missing, c.seeds)
		}
	}
	for _, p := range check.Properties() {
		if !broken[p.Name] && p.Name != check.ReadsName { // drawn clients read nothing
			t.Errorf("nothing breaks %s", p.Name)
		}
	}
}

// calm watches what goes wrong from a moment on.
type calm struct {
	t      *testing.T
	calm   trace.Time // chance is, from then on
	from   trace.Time
	far    trace.Time // the longest latency from then on
	at     []trace.Time
	faults int // before
	late   int // messages that arrive after it
}

func (c *calm) Observe(e *trace.Event) {
	c.at = append(c.at, e.At)
	wrong := e.Kind >= trace.Crash || e.Kind == trace.Duplicate || e.Kind == trace.Hold || e.Kind == trace.Lose || e.Kind == trace.Refuse
	if e.At < c.from {
		if wrong {
			c.faults++
		}
		return
	}
	if wrong {
		c.t.Errorf("event %d: a %v (reason %v) at %d, when all has come right since %d", e.Number, e.Kind, e.Reason, e.At, c.from)
	}
	switch e.Kind {
	case trace.Promise, trace.Accept, trace.Count:
		c.late++
		sent := c.at[e.Cause-1]
		if took := e.At - sent; sent >= c.calm && took > c.far || sent < c.calm && e.At > c.from {
			c.t.Errorf("event %d: a message took from %d to %d, longer than %d", e.Number, sent, e.At, c.far)
		}
	}
}

// When progress is demanded everything has come right.
func TestAllComesRight(t *testing.T) {
	set := settingOf(t, "sound", "all")
	set.Knobs[TailLatency] = Span{5 * s, 60 * s} // longer than most runs
	var p Plan
	faults, late := 0, 0
	for seed := range uint64(400) {
		draw(&p, set, seed)
		if p.Progress.Within == 0 {
			continue
		}
		if p.Timetable.Calm <= 0 || p.Timetable.Calm > p.Progress.From {
			t.Fatalf("seed %d: calm from %d, progress from %d", seed, p.Timetable.Calm, p.Progress.From)
		}
		watch := &calm{t: t, calm: p.Timetable.Calm, from: p.Progress.From, far: p.far}
		run := sim.NewTimed(&p.Cluster, &p.Timetable)
		run.World().Observe(watch)
		run.Run()
		for at := range protocol.Position(run.World().Instances()) {
			if !run.World().Up(at) || run.World().Paused(at) {
				t.Errorf("seed %d: instance %d is not running", seed, at)
			}
		}
		if probe := run.World().Operation(run.World().Operations()); probe.Invoked < p.Progress.From || probe.Outcome == protocol.NoOutcome {
			t.Errorf("seed %d: the last operation is %+v", seed, probe)
		}
		faults += watch.faults
		late += watch.late
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
	if faults < 1000 || late < 1000 {
		t.Errorf("%d faults before, %d messages after", faults, late)
	}
}

// A run whose calls are written down is the same run.
func TestFrozenRunsAreTheSame(t *testing.T) {
	for _, profile := range Profiles() {
		for _, edition := range []string{"sound", "published"} {
			set := settingOf(t, edition, profile.Name)
			seeds := uint64(40)
			if profile.Name == "calm" {
				seeds = 3
			}
			calls := 0
			for seed := range seeds {
				p, decisions := Record(set, seed)
				frozen := p.Timetable.Frozen(decisions)
				if len(frozen.Clients) > 0 {
					t.Fatalf("seed %d: %d clients are left", seed, len(frozen.Clients))
				}
				calls += len(frozen.Timeline) - len(p.Timetable.Timeline)
				want := eventsOf(draw(new(Plan), set, seed))
				compareEvents(t, want, eventsOf(p))
				compareEvents(t, want, eventsOf(&Plan{Cluster: p.Cluster, Timetable: *frozen}))
			}
			if calls < int(seeds) {
				t.Errorf("%s, %s: only %d calls were put into timelines", edition, profile.Name, calls)
			}
		}
	}
}

// In warm memory plans are drawn without new memory, and runs leave nothing but the
// list of their verdicts.
func TestWarmTrialsNeedNoMemory(t *testing.T) {
	const seeds = 100
	for _, profile := range Profiles()[:4] {
		set := settingOf(t, "sound", profile.Name)
		trial := NewTrial(set)
		all := func(run func(seed uint64)) func() {
			return func() {
				for seed := range uint64(seeds) {
					run(seed)
				}
			}
		}
		run := func(seed uint64) { trial.Run(seed) }
		all(run)()
		if got := testing.AllocsPerRun(1, all(func(seed uint64) {
			trial.Plan.Draw(set, seed, nil)
		})); got > 0 {
			t.Errorf("%s: %d plans allocate %v times", profile.Name, seeds, got)
		}
		if got := testing.AllocsPerRun(1, all(run)) / seeds; got > 2 {
			t.Errorf("%s: a run allocates %v times", profile.Name, got)
		}
	}
}

// Whatever the knobs are, plans can be run to an end and judged, and run twice the
// same.
func TestAnyKnobsCanBeRun(t *testing.T) {
	var p Plan
	var run sim.Timed
	var judges check.Judges
	rapid.Check(t, func(t *rapid.T) {
		set := Setting{Rules: protocol.Rules(rapid.Uint32Range(0, uint32(protocol.AllRules)).Draw(t, "rules")), Knobs: anyKnobs(t)}
		var source Source // the seed
		seed := rapid.Uint64().Draw(t, "seed")
		if rapid.Bool().Draw(t, "as chosen") {
			source = chosen{t}
			set.Knobs[Clients].Low, set.Knobs[Clients].High = 0, min(set.Knobs[Clients].High, 3)
			set.Knobs[Clogs], set.Knobs[Cuts], set.Knobs[Crashes] = Span{0, 3}, Span{0, 3}, Span{0, 3}
		}
		p.Draw(&set, seed, source)
		p.Timetable.Budget = 5000
		var both twice
		for _, o := range []trace.Observer{&both.first, &both} {
			run.Reset(&p.Cluster, &p.Timetable)
			judges.Reset(&p.Header)
			judges.Demand(p.Progress)
			run.World().Observe(trace.Tee{&judges, o})
			ending := run.Run()
			judges.End(run.Settled())
			judges.Verdicts()
			if ending != sim.NothingMore && ending != sim.BudgetSpent {
				t.Errorf("ended by %v", ending)
			}
		}
		if differs := both.end(); differs != 0 {
			t.Errorf("event %d differs", differs)
		}
	})
}

// lazy is a program that says nothing, until it fails.
type lazy struct{ steps, fails int }

func (l *lazy) Step(*sim.Question) (sim.Answer, error) {
	if l.steps++; l.steps == l.fails {
		return sim.Answer{}, errors.New("it has failed")
	}
	return sim.Answer{}, nil
}

// Whoever is asked to stop leaves the run, and says so.
func TestStop(t *testing.T) {
	trial := NewTrial(settingOf(t, "sound", "network"))
	asked := 0
	trial.Stop = func() bool { asked++; return asked > 3 }
	if _, differs := trial.RunTwice(1); differs != 0 || !trial.Stopped() || asked != 4 {
		t.Errorf("stopped %v after it was asked %d times; event %d differs", trial.Stopped(), asked, differs)
	}
}

// A property that is asked for is judged, too.
func TestJudgesOfASetting(t *testing.T) {
	set := settingOf(t, "sound", "none")
	set.Judges = check.WithNamed(nil, check.ReadsName)
	if v := NewTrial(set).Run(1); v[len(v)-1].Property != check.ReadsName {
		t.Errorf("the last verdict is on %s", v[len(v)-1].Property)
	}
}

// Programs play the instances of drawn clusters, and why one cannot go on is known.
func TestPlayers(t *testing.T) {
	profile, _ := ProfileByName("none")
	first := &lazy{}
	NewTrial(&Setting{Knobs: profile.Knobs, Players: sim.Players{"": {Name: "lazy", Program: first}}}).Run(1)
	for _, fails := range []int{0, 2, first.steps + 2} { // not at all, and in the first and the second run
		p := &lazy{fails: fails}
		trial := NewTrial(&Setting{Knobs: profile.Knobs, Players: sim.Players{"": {Name: "lazy", Program: p}}})
		if _, differs := trial.RunTwice(1); differs != 0 { // what has failed is not compared
			t.Errorf("event %d differs", differs)
		}
		if trial.Plan.Timetable.Budget != playedBudget {
			t.Errorf("it may have %d events", trial.Plan.Timetable.Budget)
		}
		if err := trial.Failure(); (err != nil) != (fails > 0) || p.steps < 2 || trial.Plan.Header.Played().Len() != trial.Plan.Cluster.Size() {
			t.Errorf("after %d steps: %v, %v", p.steps, err, trial.Plan.Header.Settings)
		}
	}
}
