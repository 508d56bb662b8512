package check

import (
	"reflect"
	"slices"
	"testing"

	"skinny/protocol"
	"skinny/sim/prose"
	"skinny/sim/trace"
)

func TestPropertiesAndVerdictsHaveOneOrder(t *testing.T) {
	want := []string{
		"mutual-exclusion", "agreement", "acknowledged", "promise-kept", "durability", "linearizability",
		"progress", "linearizable-reads",
	}
	j := NewJudges(header(0, 3))
	if n := len(j.Verdicts()); n != len(want)-2 {
		t.Errorf("%d verdicts, want %d where no progress is demanded", n, len(want)-1)
	}
	j = NewJudges(header(0, 3), WithNamed(nil, want...)...)
	j.Demand(Progress{From: 1, Within: 1})
	verdicts := j.Verdicts()
	ranked := map[int]bool{}
	for i, p := range Properties() {
		if p.Name != want[i] || p.About == "" {
			t.Errorf("property %d is %q (%q), want %q", i, p.Name, p.About, want[i])
		}
		if p.Broken == "" || ranked[p.Severity] {
			t.Errorf("%s: title %q, rank %d", p.Name, p.Broken, p.Severity)
		}
		ranked[p.Severity] = true
		if said(verdicts[i]) != (Verdict{Property: p.Name}) {
			t.Errorf("before any event: %+v", verdicts[i])
		}
	}
	if len(verdicts) != len(want) {
		t.Errorf("%d verdicts, want %d", len(verdicts), len(want))
	}
}

// What is judged on demand is added once, whatever else is there, and nothing else is.
func TestWithNamed(t *testing.T) {
	mine := Property{Name: "mine"}
	if list := WithNamed(nil, Agreement, ProgressName); len(list) != 0 {
		t.Errorf("nobody named them: %+v", list)
	}
	list := WithNamed([]Property{mine}, ReadsName, ReadsName, ProgressName, Agreement)
	list = WithNamed(list, ReadsName)
	if len(list) != 2 || list[0].Name != "mine" || list[1].Name != ReadsName {
		t.Errorf("%+v", list)
	}
}

// The verdict on one property is that of all of them.
func TestOneVerdict(t *testing.T) {
	s := twoWinners(t)
	j := NewJudges(header(s.rules, s.size))
	s.run(j)
	for _, v := range j.Verdicts() {
		if one := j.Verdict(v.Property); !reflect.DeepEqual(one, v) {
			t.Errorf("got %+v, want %+v", one, v)
		}
	}
	if v := j.Verdict("progress"); v.Property != "" {
		t.Errorf("progress is not demanded, and %+v", v)
	}
}

func TestTwoWinners(t *testing.T) {
	want := []Verdict{
		{Property: "mutual-exclusion", State: Violated, Event: 24, Why: prose.Of("bob is told acquired while alice has held the lock since event 20")},
		{Property: "agreement"},
		{Property: "acknowledged", State: Violated, Event: 20, Why: prose.Of("a answers alice acquired, but its commit (event 10) was accepted by a only, and a majority is 2 of 3")},
		{Property: "promise-kept"},
		// Only (2, bob) was ever chosen, and nothing was committed above it.
		{Property: "durability"},
		{Property: "linearizability", State: Violated, Event: 24, Why: prose.Of("no order of the operations explains that bob is told acquired: " +
			"alice has been told acquired (event 20) and nobody has released")},
	}
	for i, v := range twoWinners(t).judge() {
		if said(v) != want[i] {
			t.Errorf("got  %+v\nwant %+v", v, want[i])
		}
	}
}

// TestSoundIsKept is the other half of every judge's test: what is correct is
// accepted, with loss, duplication, reordering, crashes and partitions.
func TestSoundIsKept(t *testing.T) {
	seeds := uint64(2000)
	if testing.Short() {
		seeds = 200
	}
	sound := edition(t, "sound")
	acquired := 0
	j := NewJudges(header(sound, 3))
	for _, size := range []int{3, 4, 5} {
		for seed := range seeds {
			j.Reset(header(sound, size))
			s := random(sound, size, seed)
			s.run(trace.Tee{j, observer(func(e *trace.Event) {
				if e.Received() && e.Outcome == protocol.Acquired {
					acquired++
				}
			})})
			for _, v := range j.Verdicts() {
				if v.State != Kept {
					t.Errorf("%d instances, seed %d: %+v", size, seed, v)
				}
			}
		}
	}
	if acquired < int(seeds) {
		t.Errorf("the lock was acquired only %d times: the runs test nothing", acquired)
	}
}

// observer makes a function an Observer.
type observer func(e *trace.Event)

func (o observer) Observe(e *trace.Event) { o(e) }

// TestRulesOffAreCaught makes runs of the sound edition with rules off: each judge
// has to catch what then breaks, and may not call broken what does not.
func TestRulesOffAreCaught(t *testing.T) {
	for _, test := range []struct {
		name   string
		off    protocol.Rules
		seeds  uint64
		broken []string // by some seed
		kept   []string // by all seeds
	}{
		{"majority", protocol.Majority, 100,
			[]string{MutualExclusion, Acknowledged, Durability, Linearizability},
			[]string{Agreement, PromiseKept}},
		{"refuse-stale", protocol.RefuseStale, 100,
			[]string{MutualExclusion, PromiseKept, Durability, Linearizability},
			[]string{Agreement, Acknowledged}},
		{"accept-raises", protocol.AcceptRaises, 100,
			[]string{Durability}, []string{Agreement, Acknowledged, PromiseKept}},
		{"adopt", protocol.Adopt, 20,
			[]string{MutualExclusion, Durability, Linearizability},
			[]string{Agreement, Acknowledged, PromiseKept}},
		{"durable", protocol.Durable, 100,
			[]string{MutualExclusion, Agreement, PromiseKept, Durability, Linearizability},
			[]string{Acknowledged}},
		{"self-rules", protocol.SelfRules, 100,
			[]string{MutualExclusion, PromiseKept, Durability, Linearizability},
			[]string{Agreement, Acknowledged}},
		{"ack-majority", protocol.AckMajority, 200,
			[]string{MutualExclusion, Acknowledged, Linearizability},
			[]string{Agreement, PromiseKept, Durability}},
		// Anyone may release: that is what the register then does.
		{"owner-release", protocol.OwnerRelease, 200, []string{MutualExclusion},
			[]string{Agreement, Acknowledged, PromiseKept, Durability, Linearizability}},
		{"promise-once", protocol.PromiseOnce, 200, nil, []string{Agreement, Linearizability}},
		{"unique-ids", protocol.UniqueIDs, 200, nil, []string{Agreement, Linearizability}},
		{"promise-once and unique-ids", protocol.PromiseOnce | protocol.UniqueIDs, 500,
			[]string{MutualExclusion, Agreement, Linearizability},
			[]string{Acknowledged, PromiseKept}},
	} {
		t.Run(test.name, func(t *testing.T) {
			rules := edition(t, "sound") &^ test.off
			broken := map[string]int{}
			for seed := range test.seeds {
				for _, v := range random(rules, 3+2*int(seed%2), seed).judge() {
					if v.State != Kept {
						broken[v.Property]++
						if slices.Contains(test.kept, v.Property) {
							t.Errorf("seed %d: %+v", seed, v)
						}
					}
				}
			}
			for _, name := range test.broken {
				if broken[name] == 0 {
					t.Errorf("%s was never violated", name)
				}
			}
		})
	}
}

// TestResetForgets judges many runs with the same judges and with new ones.
func TestResetForgets(t *testing.T) {
	rules := edition(t, "published")
	used := NewJudges(header(rules, 5))
	for seed := range uint64(300) {
		size := 3 + int(seed%3)
		s := random(rules, size, seed)
		used.Reset(header(rules, size))
		s.run(used)
		if got, want := used.Verdicts(), s.judge(); !slices.Equal(got, want) {
			t.Errorf("seed %d:\ngot  %+v\nwant %+v", seed, got, want)
		}
	}
}

// TestVerdictsOnTheWay asks after every event: a verdict never changes once it is
// Violated, and is Violated from its own event on and not before.
func TestVerdictsOnTheWay(t *testing.T) {
	rules := edition(t, "published")
	for seed := range uint64(60) {
		s := random(rules, 3, seed)
		final := s.judge()
		j := NewJudges(header(rules, 3))
		s.run(observer(func(e *trace.Event) {
			j.Observe(e)
			for i, v := range j.Verdicts() {
				want := Verdict{Property: v.Property}
				if final[i].State == Violated && final[i].Event <= e.Number {
					want = final[i]
				}
				if said(v) != said(want) {
					t.Fatalf("seed %d, after event %d:\ngot  %+v\nwant %+v", seed, e.Number, v, want)
				}
			}
		}))
	}
}

func TestTallyFindsWhatItHas(t *testing.T) {
	var y tally
	for run := range 3 {
		y.reset(header(0, 3))
		for n := range 1000 {
			id := protocol.ID(n*64 + run)
			if run == 1 {
				id = protocol.ID((1000-n)*64 + 1)
			}
			for holder := range protocol.Holder(3) {
				p := protocol.Proposal{ID: id, Holder: holder}
				if at := y.find(p); int(at) != 3*n+int(holder) || y.find(p) != at {
					t.Fatalf("run %d: (%d, %d) is proposal %d", run, id, holder, at)
				}
			}
		}
		if _, known := y.place(7); known {
			t.Fatalf("run %d: an ID that nobody used is found", run)
		}
	}
}
