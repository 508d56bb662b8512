package swarm

import (
	"slices"
	"testing"

	"skinny/protocol"
	"skinny/sim"
	"skinny/sim/check"
	"skinny/sim/trace"
)

// Every profile meets what it is for.
func TestProfilesMeetTheirAims(t *testing.T) {
	const seeds = 100
	for _, profile := range Profiles() {
		for _, edition := range []string{"sound", "published"} {
			set := settingOf(t, edition, profile.Name)
			trial := NewTrial(set)
			for seed := uint64(0); seed < seeds; seed++ {
				trial.Run(seed)
				if missed, _ := trial.Met.Missed(&set.Knobs); len(missed) == 0 {
					break
				}
			}
			if missed, none := trial.Met.Missed(&set.Knobs); len(missed) > 0 || none {
				t.Errorf("%s, %s: nothing met of %v in %d seeds", edition, profile.Name, missed, seeds)
			}
		}
	}
}

// Everything that is counted is met by the usual profile with risky clients, but for
// runs that are cut short: the rounds of sound never jump, and those of published never answer unknown.
func TestEverythingIsMet(t *testing.T) {
	var met Met
	for _, edition := range []string{"sound", "published"} {
		set := settingOf(t, edition, "all")
		set.Knobs[Repeat], set.Knobs[ReleaseTwice] = Span{0, whole}, Span{0, whole}
		set.Knobs[Wipes], set.Knobs[Tears] = Span{0, 2}, Span{0, 2}
		trial := NewTrial(set)
		for seed := range uint64(200) {
			trial.Run(seed)
		}
		met.Add(&trial.Met)
	}
	for c, n := range met {
		if n == 0 && Counter(c) != CutShort {
			t.Errorf("no %s in 400 seeds", counterTable[c].About)
		}
	}
}

// What was not met is named, and a check that met nothing is vacuous.
func TestMissed(t *testing.T) {
	on := func(list ...Knob) Knobs {
		k := Knobs{Clients: {1, 1}}
		for _, knob := range list {
			k[knob] = Span{0, 2}
		}
		return k
	}
	cases := []struct {
		knobs  Knobs
		met    Met
		missed []Counter
		none   bool
	}{
		{on(), Met{}, []Counter{Rounds}, true},
		{on(), Met{Rounds: 1}, nil, false},
		{on(Clients), Met{Rounds: 5}, []Counter{Duels}, true},
		{on(Clients), Met{Rounds: 5, Duels: 1}, nil, false},
		{on(Clients, Loss), Met{Rounds: 5, Duels: 1}, []Counter{Losses}, false},
		{on(Loss), Met{Rounds: 5, Refusals: 7, Copies: 3}, []Counter{Losses}, true},
		{on(RequestLoss), Met{Rounds: 5}, []Counter{Losses}, true},
		{on(ResponseLoss), Met{Rounds: 5, Losses: 1}, nil, false},
		{on(Duplication), Met{Rounds: 5}, []Counter{Copies}, true},
		{on(Cuts), Met{Rounds: 5}, []Counter{CutLosses}, true},
		{on(Partitions), Met{Rounds: 5}, []Counter{CutLosses}, true},
		{on(Isolations), Met{Rounds: 5}, []Counter{CutLosses}, true},
		{on(Crashes), Met{Rounds: 5, Stops: 4}, []Counter{MidRoundStops}, false},
		{on(Crashes), Met{Rounds: 5}, []Counter{Stops, MidRoundStops}, true},
		{on(Pauses), Met{Rounds: 5}, []Counter{Held}, true},
		{on(Pauses, Crashes), Met{Rounds: 5, Held: 1}, []Counter{Stops, MidRoundStops}, false},
		{on(Pauses), Met{Held: 5}, []Counter{Rounds}, true},
		{Knobs{Pauses: {0, 2}}, Met{}, []Counter{Rounds, Held}, true},

		// Clients have to be answered, whatever else was met.
		{on(), Met{Rounds: 5, Acquires: 2}, []Counter{Acquired}, true},
		{on(), Met{Rounds: 5, Acquires: 2, Acquired: 1}, nil, false},
		{on(), Met{Rounds: 5, Acquires: 2, Releases: 1, Released: 1}, []Counter{Acquired}, true},
		{on(Clients), Met{Rounds: 5, Duels: 1, Acquires: 2, Acquired: 1}, []Counter{Refused}, true},
		{on(Clients), Met{Rounds: 5, Duels: 1, Acquires: 2, Acquired: 1, Refused: 1}, nil, false},
		{on(Loss), Met{Rounds: 5, Losses: 1, Acquires: 2, Acquired: 1, Releases: 1, Unknown: 4}, []Counter{Released}, true},
		{on(), Met{Rounds: 5, Releases: 1, NotReleased: 1}, nil, false},
		{on(), Met{Rounds: 5, Releases: 1, Released: 1}, nil, false},
	}
	for _, c := range cases {
		list, none := c.met.Missed(&c.knobs)
		var missed []Counter
		for _, info := range list {
			missed = append(missed, info.Counter)
		}
		if !slices.Equal(missed, c.missed) || none != c.none {
			t.Errorf("met %v with %v: missed %v, none %v; want %v, %v", c.met, c.knobs, missed, none, c.missed, c.none)
		}
	}
}

// A real check is vacuous where there is nobody, and misses what cannot happen.
func TestMissedByRuns(t *testing.T) {
	set := settingOf(t, "sound", "all")
	set.Knobs[Clients] = Span{}
	trial := NewTrial(set)
	for seed := range uint64(20) {
		trial.Run(seed)
	}
	if missed, none := trial.Met.Missed(&set.Knobs); trial.Met != (Met{}) || !none || len(missed) != 7 {
		t.Errorf("without clients: met %v, missed %v, none %v", trial.Met, missed, none)
	}

	// Nobody hears of a lost message where chance is calm from the start.
	set = settingOf(t, "sound", "none")
	set.Knobs[Loss] = Span{1, 1}
	trial = NewTrial(set)
	for seed := range uint64(20) {
		trial.Run(seed)
	}
	if missed, none := trial.Met.Missed(&set.Knobs); none || len(missed) != 1 || missed[0].Counter != Losses {
		t.Errorf("with one loss in a million: met %v, missed %v, none %v", trial.Met, missed, none)
	}
}

// The tables are in order.
func TestTables(t *testing.T) {
	for i, info := range KnobTable() {
		if int(info.Knob) != i || info.Name == "" || info.About == "" || info.Least > info.Most {
			t.Errorf("knob %d: %+v", i, info)
		}
		if found, ok := KnobByName(info.Name); !ok || found != info {
			t.Errorf("%s is found as %+v", info.Name, found)
		}
		for _, p := range Profiles() {
			if span := p.Knobs[i]; span.Is() && (span.Low < info.Least || span.High > info.Most || span.Low > span.High) {
				t.Errorf("profile %s: %s is %v", p.Name, info.Name, span)
			}
		}
	}
	names := map[string]bool{}
	for i, info := range CounterTable() {
		if int(info.Counter) != i || info.About == "" || names[info.Name] {
			t.Errorf("counter %d: %+v", i, info)
		}
		names[info.Name] = true
	}
	if _, ok := KnobByName("no such knob"); ok {
		t.Error("there is a knob called \"no such knob\"")
	}
	if _, ok := ProfileByName("no such profile"); ok {
		t.Error("there is a profile called \"no such profile\"")
	}
	risks := map[Knob]Risk{Repeat: OnNames, ReleaseTwice: OnNames, Wipes: OnDisks, Tears: OnDisks}
	for k, info := range knobTable {
		if info.Risk != risks[Knob(k)] {
			t.Errorf("%s: the risk is %q", info.Name, info.Risk)
		}
		for _, p := range Profiles() {
			if info.Risk != NoRisk && p.Knobs[k].Is() {
				t.Errorf("profile %s turns %s on", p.Name, info.Name)
			}
		}
	}
}

// hand is a run made by hand: three instances a, b, c (0, 1, 2), 10 ms between them,
// timeouts of 100 ms, and calls of alice (1) and bob (2).
type hand struct {
	name     string
	edition  string
	timeline []sim.Decision
	fates    []sim.Fate
	latency  trace.Time // of clients
	demand   check.Progress
	budget   int // of events; 0: none
	met      Met // without events, unless it says how many
}

const (
	alice protocol.Holder = iota + 1
	bob
)

func decide(at int, kind sim.DecisionKind, from, to protocol.Position) sim.Decision {
	return sim.Decision{At: trace.Time(at) * trace.Millisecond, Kind: kind, From: from, To: to}
}

// impatient is a call that waits for 50 ms.
func impatient(d sim.Decision) sim.Decision {
	d.Timeout = 50 * trace.Millisecond
	return d
}

func crash(at int, where protocol.Position, hostUp bool) sim.Decision {
	d := decide(at, sim.CrashInstance, where, 0)
	d.HostUp = hostUp
	return d
}

// fate is what happens to messages from an instance to another.
func fateOf(kind sim.FateKind, message protocol.MessageKind, from, to protocol.Position, by int) sim.Fate {
	return sim.Fate{
		Kind: kind, Message: message, From: protocol.Set(1) << from, To: protocol.Set(1) << to, By: trace.Time(by) * trace.Millisecond,
	}
}

var hands = []hand{
	{
		// Call; Propose; two Promises; the first response makes the majority, so:
		// Count, Commit, Ignore; two Accepts; likewise Count, Answer, Ignore.
		name: "one acquire", edition: "sound",
		timeline: []sim.Decision{invoke(0, protocol.Acquire, alice, 0)},
		met:      Met{Events: 12, Calls: 1, Rounds: 1, Acquired: 1},
	},
	{
		// Answer and Receive instead of Answer, and the call is an event as before.
		name: "with a latency of clients", edition: "sound",
		timeline: []sim.Decision{invoke(0, protocol.Acquire, alice, 0)},
		latency:  trace.Millisecond,
		demand:   check.Progress{From: 1, Within: trace.Second},
		met:      Met{Events: 13, Calls: 1, Rounds: 1, Acquired: 1, Demands: 1},
	},
	{
		name: "all answers", edition: "sound",
		timeline: []sim.Decision{
			invoke(0, protocol.Acquire, alice, 0),
			invoke(200, protocol.Acquire, bob, 1),
			invoke(400, protocol.Release, bob, 1),
			invoke(600, protocol.Release, alice, 2),
			invoke(800, protocol.Status, protocol.Free, 0), // no round and no outcome
		},
		met: Met{Calls: 5, Rounds: 4, Acquired: 1, Refused: 1, NotReleased: 1, Released: 1},
	},
	{
		// b promises its own ID 2 before it sees alice's 1, and refuses that; c has
		// promised 1 and then 2, and b and c refuse the commit of 1. That was told to
		// nobody who accepted it; a promised 2 and so did not even accept its own.
		name: "a duel", edition: "sound",
		timeline: []sim.Decision{invoke(0, protocol.Acquire, alice, 0), invoke(5, protocol.Acquire, bob, 1)},
		met: Met{
			Calls: 2, Rounds: 2, Duels: 1, Refusals: 1, CommitRefusals: 2, MinorityCommits: 1, Unknown: 1, Acquired: 1,
		},
	},
	{
		// Nothing reaches c, which then learns from the first response what a majority
		// accepted. The promise request is on the link when that is cut, the commit
		// request comes later.
		name: "learning", edition: "sound",
		timeline: []sim.Decision{
			invoke(0, protocol.Acquire, alice, 0), decide(5, sim.CutLink, 0, 2), decide(100, sim.MendLink, 0, 2),
			invoke(200, protocol.Acquire, bob, 2),
		},
		met: Met{Calls: 2, Rounds: 2, CutLosses: 2, Learned: 1, Acquired: 1, Refused: 1},
	},
	{
		// c commits 3 without a, whose missing answer ends the commit by its deadline.
		// Then a proposes 1 and is refused twice, learns 3 and jumps to it, and commits
		// 4 in its second round.
		name: "jumping", edition: "published",
		timeline: []sim.Decision{
			decide(0, sim.CutLink, 2, 0), invoke(1, protocol.Acquire, alice, 2), decide(250, sim.MendLink, 2, 0),
			invoke(300, protocol.Acquire, bob, 0),
		},
		met: Met{
			Calls: 2, Rounds: 3, CutLosses: 2, Expiries: 1, Refusals: 2, Learned: 1, Jumps: 1, Acquired: 1, Refused: 1,
		},
	},
	{
		// The commit request to c takes 100 ms longer; b's answer is enough.
		name: "a late commit", edition: "sound",
		timeline: []sim.Decision{invoke(0, protocol.Acquire, alice, 0)},
		fates:    []sim.Fate{fateOf(sim.DelayFate, protocol.CommitRequest, 0, 2, 100)},
		met:      Met{Calls: 1, Rounds: 1, LateCommits: 1, Acquired: 1},
	},
	{
		// The copy of the promise request asks for an ID that is promised.
		name: "copies and losses", edition: "sound",
		timeline: []sim.Decision{invoke(0, protocol.Acquire, alice, 0)},
		fates: []sim.Fate{
			fateOf(sim.DuplicateFate, protocol.PromiseRequest, 0, 1, 5), fateOf(sim.DropFate, protocol.CommitRequest, 0, 2, 0),
		},
		met: Met{Calls: 1, Rounds: 1, Copies: 1, Refusals: 1, Losses: 1, Acquired: 1},
	},
	{
		// A second crash of b while it is down is none; c restarts, which is one. The
		// status is answered while the round goes on.
		name: "crashes", edition: "sound",
		timeline: []sim.Decision{
			invoke(0, protocol.Acquire, alice, 0), invoke(3, protocol.Status, protocol.Free, 0), crash(5, 0, true), decide(50, sim.RestartInstance, 0, 0),
			crash(60, 1, true), crash(70, 1, false), crash(75, 1, false), decide(80, sim.RestartInstance, 1, 0),
			decide(90, sim.RestartInstance, 2, 0), crash(100, 1, false),
		},
		met: Met{Calls: 2, Rounds: 1, Stops: 4, MidRoundStops: 1, Failed: 1},
	},
	{
		// Both requests wait at b, and alice's commit is accepted when all is over.
		name: "a pause", edition: "sound",
		timeline: []sim.Decision{
			decide(0, sim.PauseInstance, 1, 0), invoke(1, protocol.Acquire, alice, 0), decide(200, sim.ResumeInstance, 1, 0),
		},
		met: Met{Calls: 1, Rounds: 1, Held: 2, LateCommits: 1, Acquired: 1},
	},
	{
		// Four rounds with two requests each meet nobody. Bob does not hear the answer.
		name: "isolation", edition: "sound",
		timeline: []sim.Decision{
			decide(0, sim.IsolateInstance, 0, 0), invoke(1, protocol.Acquire, alice, 0),
			impatient(invoke(1000, protocol.Acquire, bob, 0)),
		},
		met: Met{Calls: 2, Rounds: 8, CutLosses: 16, Expiries: 8, Unknown: 1, GiveUps: 1},
	},
	{
		// c has promised bob's 2 when alice's commit of 1 comes to it.
		name: "a commit that is too late", edition: "sound",
		timeline: []sim.Decision{invoke(0, protocol.Acquire, alice, 0), invoke(100, protocol.Acquire, bob, 1)},
		fates:    []sim.Fate{fateOf(sim.DelayFate, protocol.CommitRequest, 0, 2, 300)},
		met:      Met{Calls: 2, Rounds: 2, CommitRefusals: 1, Acquired: 1, Refused: 1},
	},
	{
		// a's first round ends at 100 ms, and it pauses for 2 ms at least; b's round
		// begins in the pause, and goes on when a's next one begins.
		name: "a round in another's pause", edition: "sound",
		timeline: []sim.Decision{
			decide(0, sim.IsolateInstance, 0, 0), invoke(0, protocol.Acquire, alice, 0), invoke(101, protocol.Acquire, bob, 1),
		},
		met: Met{Calls: 2, Rounds: 5, Duels: 1, CutLosses: 10, Expiries: 4, Unknown: 1, Acquired: 1},
	},
	{
		// With both commit requests lost, a alone accepts alice's commit.
		name: "a minority", edition: "sound",
		timeline: []sim.Decision{invoke(0, protocol.Acquire, alice, 0)},
		fates: []sim.Fate{
			fateOf(sim.DropFate, protocol.CommitRequest, 0, 1, 0), fateOf(sim.DropFate, protocol.CommitRequest, 0, 2, 0),
		},
		met: Met{Calls: 1, Rounds: 1, Losses: 2, Expiries: 1, MinorityCommits: 1, Unknown: 1},
	},
	{
		// a waits for b's promise, which is lost, and b for that of a, which waits.
		name: "two rounds that never end", edition: "sequential",
		timeline: []sim.Decision{invoke(0, protocol.Acquire, alice, 0), invoke(5, protocol.Acquire, bob, 1)},
		fates:    []sim.Fate{fateOf(sim.DropFate, protocol.PromiseRequest, 0, 1, 0)},
		met:      Met{Calls: 2, Rounds: 2, Duels: 1, Losses: 1, GiveUps: 2},
	},
	{
		// The second time there is nothing left to lose.
		name: "a disk and a store are lost", edition: "sound",
		timeline: []sim.Decision{
			invoke(0, protocol.Acquire, alice, 0),
			{At: trace.Second, Kind: sim.TearInstance, From: 1}, {At: trace.Second, Kind: sim.TearInstance, From: 1},
			{At: trace.Second, Kind: sim.WipeInstance, From: 2}, {At: trace.Second, Kind: sim.WipeInstance, From: 2},
			{At: trace.Second, Kind: sim.WipeInstance, From: 0},
		},
		met: Met{Calls: 1, Rounds: 1, Stops: 3, LostDisks: 2, LostStores: 1, Acquired: 1},
	},
	{
		name: "ended after the call and the proposal", edition: "sound",
		timeline: []sim.Decision{invoke(0, protocol.Acquire, alice, 0)},
		budget:   2,
		met:      Met{Events: 2, Calls: 1, Rounds: 1, CutShort: 1},
	},
}

// What runs meet is what one counts by hand.
func TestCountersByHand(t *testing.T) {
	counted := Met{}
	for _, h := range hands {
		c := &sim.Cluster{Holders: []string{"alice", "bob"}, ClientLatency: h.latency}
		table := &sim.Timetable{Links: make([]sim.Link, 9), Timeline: h.timeline, Fates: h.fates, Budget: h.budget}
		for i := range 3 {
			c.Instances = append(c.Instances, sim.Instance{Name: InstanceName(i), Increment: protocol.ID(i + 1), Timeout: 100 * trace.Millisecond})
		}
		for i := range table.Links {
			table.Links[i].Latency = sim.Range{Low: 10 * trace.Millisecond, High: 10 * trace.Millisecond}
		}
		trial := NewTrial(&Setting{Rules: rulesOf(t, h.edition), Base: &Base{Cluster: c, Timetable: table, Progress: h.demand}})
		trial.Run(0)
		if h.met[Events] == 0 {
			h.met[Events] = uint64(len(eventsOf(&trial.Plan)))
		}
		for _, d := range h.timeline {
			if d.Kind == sim.InvokeOperation && d.Operation == protocol.Acquire {
				h.met[Acquires]++
			}
			if d.Kind == sim.InvokeOperation && d.Operation == protocol.Release {
				h.met[Releases]++
			}
		}
		for k, want := range h.met {
			if got := trial.Met[k]; got != want {
				t.Errorf("%s: %d %s, want %d", h.name, got, counterTable[k].About, want)
			}
		}
		counted.Add(&h.met)

		once := trial.Met
		trial.Run(0) // in used memory, which must not show
		once.Add(&once)
		if trial.Met != once {
			t.Errorf("%s: twice makes %v, want %v", h.name, trial.Met, once)
		}
	}
	for k, n := range counted {
		if n == 0 {
			t.Errorf("no run made by hand meets %s", counterTable[k].About)
		}
	}
}
