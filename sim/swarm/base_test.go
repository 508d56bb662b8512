package swarm

import (
	"slices"
	"testing"

	"skinny/protocol"
	"skinny/sim"
	"skinny/sim/check"
	"skinny/sim/trace"
)

// baseSetting varies a scenario of some instances with a timeline and losses, by
// the profile all and three clients.
func baseSetting(t testing.TB, size int) *Setting {
	const msec = trace.Millisecond
	c := &sim.Cluster{Holders: []string{"alice-2", "bob", "mallory"}, ClientLatency: msec}
	table := &sim.Timetable{
		Budget:   5000,
		Clogs:    []sim.Clog{{From: 1, To: 2, Begin: msec, End: 3 * msec}},
		Fates:    []sim.Fate{{Kind: sim.DropFate, Message: protocol.CommitResponse, From: 2, To: 1}},
		Timeline: []sim.Decision{invoke(0, protocol.Acquire, 1, 0), {At: 50 * msec, Kind: sim.CrashInstance, From: 1}, invoke(200, protocol.Release, 1, 2)},
	}
	for i := range size {
		c.Instances = append(c.Instances, sim.Instance{Name: InstanceName(i), Increment: protocol.ID(i + 1), Timeout: 200 * msec})
		for k := range size {
			table.Links = append(table.Links, sim.Link{
				Latency: sim.Range{Low: trace.Time(i+k+1) * msec, High: trace.Time(i+k+11) * msec},
				Loss:    10 * percent, RequestLoss: 3 * percent, ResponseLoss: 5 * percent, Duplication: 90 * percent,
			})
		}
	}
	set := &Setting{Rules: rulesOf(t, "sound"), Knobs: knobsOf(t, "all").OnBase(), Base: &Base{Cluster: c, Timetable: table}}
	set.Knobs[Clients], set.Knobs[Operations] = Span{3, 3}, Span{7, 7}
	return set
}

func invoke(at int, kind protocol.OperationKind, holder protocol.Holder, via protocol.Position) sim.Decision {
	return sim.Decision{
		At: trace.Time(at) * trace.Millisecond, Kind: sim.InvokeOperation, Operation: kind, Holder: holder, From: via, Timeout: 5 * trace.Second,
	}
}

// A base keeps what it says, and what is drawn comes on top.
func TestBaseStays(t *testing.T) {
	set := baseSetting(t, 4)
	base := set.Base
	base.Cluster.Quorums = protocol.Quorums{Promise: 2, Commit: 3}
	base.Cluster.Instances[1].RulesOff = protocol.Concurrent
	base.Timetable.Calm, base.Timetable.End = 7*trace.Second, 9*trace.Second
	for n := range protocol.Position(40) { // whose order at one instant stays, too
		base.Timetable.Timeline = append(base.Timetable.Timeline, invoke(250, protocol.Status, protocol.Free, n*n%11%4))
	}
	var p Plan
	faults, calls := 0, 0
	for seed := range uint64(300) {
		base.Stretch = seed%2 == 0
		draw(&p, set, seed)
		c, table := &p.Cluster, &p.Timetable
		if !slices.Equal(c.Instances, base.Cluster.Instances) || c.ClientLatency != base.Cluster.ClientLatency || c.Quorums != base.Cluster.Quorums || c.Rules != set.Rules {
			t.Fatalf("seed %d: the cluster is %+v", seed, *c)
		}
		if !slices.Equal(c.Holders[:3], base.Cluster.Holders) {
			t.Fatalf("seed %d: the clients are %v", seed, c.Holders)
		}
		names := slices.Clone(c.Holders)
		slices.Sort(names)
		if len(slices.Compact(names)) != 3+7 {
			t.Fatalf("seed %d: the clients are %v", seed, c.Holders)
		}
		for _, client := range table.Clients {
			if client.First <= 3 || int(client.Last) > len(c.Holders) {
				t.Errorf("seed %d: client %+v takes names of the base", seed, client)
			}
			calls += client.Operations
		}
		if table.Clogs[0] != base.Timetable.Clogs[0] || !slices.Equal(table.Fates, base.Timetable.Fates) || table.End != 9*trace.Second || table.Budget != 5000 || table.Calm != 7*trace.Second {
			t.Fatalf("seed %d: the timetable is %+v", seed, *table)
		}
		at := 0
		for i := range table.Timeline {
			if d, want := &table.Timeline[i], &base.Timetable.Timeline[at]; d.At == want.At && d.Kind == want.Kind && d.From == want.From && d.Holder == want.Holder {
				if at++; at == len(base.Timetable.Timeline) {
					break
				}
			}
		}
		if at != len(base.Timetable.Timeline) {
			t.Fatalf("seed %d: the timeline is %+v", seed, table.Timeline)
		}
		faults += len(table.Timeline) - at
		linksOfBase(t, seed, base, table)
	}
	if faults < 1000 || calls != 300*7 {
		t.Errorf("%d faults and %d calls were drawn", faults, calls)
	}
	for i := range base.Timetable.Links { // more than all cannot be lost
		l := &base.Timetable.Links[i]
		l.Loss, l.RequestLoss, l.ResponseLoss = 99*percent, 99*percent, 99*percent
	}
	for seed := range uint64(50) {
		draw(&p, set, seed)
		if l := p.Timetable.Links[1]; max(l.Loss, l.RequestLoss, l.ResponseLoss) > whole {
			t.Errorf("seed %d: the link is %+v", seed, l)
		}
	}
}

// linksOfBase expects the links to be the base's and what is drawn on top.
func linksOfBase(t *testing.T, seed uint64, base *Base, table *sim.Timetable) {
	t.Helper()
	loss := table.Links[1].Loss - base.Timetable.Links[1].Loss
	for i, l := range table.Links {
		b := base.Timetable.Links[i]
		if !base.Stretch && l.Latency != b.Latency {
			t.Fatalf("seed %d: latency %v of link %d, want %v", seed, l.Latency, i, b.Latency)
		}
		if l.Latency.Low > l.Latency.High || 100*l.Latency.Low < 49*b.Latency.Low || l.Latency.Low > b.Latency.Low ||
			100*l.Latency.High < 49*b.Latency.High || l.Latency.High > 2*b.Latency.High {
			t.Fatalf("seed %d: latency %v of link %d is not between half and double of %v", seed, l.Latency, i, b.Latency)
		}
		if l.Loss != b.Loss+loss || loss > 15*percent || l.RequestLoss < b.RequestLoss || l.ResponseLoss < b.ResponseLoss || l.Duplication < b.Duplication || l.Duplication > whole {
			t.Fatalf("seed %d: link %d is %+v, the base's is %+v", seed, i, l, b)
		}
	}
}

// The clients of a base stay what they are, beside those that are drawn.
func TestBaseClientsStay(t *testing.T) {
	set := baseSetting(t, 4)
	own := sim.Client{First: 1, Last: 2, Stop: 70, Operations: 2, Think: sim.Range{Low: 1, High: 1}, Hold: sim.Range{Low: 1, High: 1}, Patience: sim.Range{Low: 9, High: 9}}
	set.Base.Timetable.Clients = []sim.Client{own}
	p := draw(new(Plan), set, 1)
	if len(p.Timetable.Clients) != 4 || p.Timetable.Clients[0] != own {
		t.Errorf("the clients are %+v", p.Timetable.Clients)
	}
	for _, c := range p.Timetable.Clients[1:] {
		if c.Stop != p.end {
			t.Errorf("client %+v stops before %d", c, p.end)
		}
	}
}

// Clients that are drawn are called otherwise than those of the base, whatever base was there before.
func TestNamesOfAnotherBase(t *testing.T) {
	set, p := baseSetting(t, 3), new(Plan)
	draw(p, set, 1)
	set.Base = baseSetting(t, 3).Base
	set.Base.Cluster.Holders = []string{"alice", "bob", "carol"}
	want := draw(new(Plan), set, 1).Cluster.Holders
	if got := draw(p, set, 1).Cluster.Holders; !slices.Equal(got, want) || slices.Contains(got[3:], "alice") {
		t.Errorf("got %q, want %q", got, want)
	}
}

// Without knobs a base is run as it is.
func TestBaseAlone(t *testing.T) {
	set := baseSetting(t, 3)
	set.Knobs = knobsOf(t, "none").OnBase()
	set.Base.Progress = check.Progress{From: 500 * trace.Millisecond, Within: trace.Millisecond}
	set.Base.Cluster.Instances[1].Timeout = 20 * trace.Millisecond // too short for its latencies, but that is its own affair
	p := draw(new(Plan), set, 4)
	if p.Progress != set.Base.Progress || p.Timetable.Calm != 0 {
		t.Errorf("calm from %d, demand %+v", p.Timetable.Calm, p.Progress)
	}
	set.Base.Cluster.Rules = set.Rules
	as := *set.Base.Timetable
	as.Seed = 4
	want := eventsOf(&Plan{Cluster: *set.Base.Cluster, Timetable: as})
	compareEvents(t, want, eventsOf(p))
}

// Where a base demands progress, everything that is drawn is over in time, so that
// nothing that is drawn breaks it.
func TestBaseDemands(t *testing.T) {
	set := baseSetting(t, 3)
	set.Base.Timetable.Fates = nil
	set.Base.Timetable.Timeline = []sim.Decision{invoke(0, protocol.Acquire, 1, 0), invoke(3000, protocol.Release, 1, 2)}
	set.Base.Timetable.Budget = budget
	set.Base.Progress = check.Progress{From: 2 * trace.Second, Within: 90 * trace.Millisecond} // enough without faults
	trial := NewTrial(set)
	for seed := range uint64(300) {
		set.Base.Stretch = seed%2 == 0
		for _, v := range violated(trial.Run(seed)) {
			t.Errorf("seed %d: %+v", seed, v)
		}
		p := &trial.Plan
		if p.Progress.From != 2*trace.Second || p.Progress.Within < 5*200*trace.Millisecond || p.Timetable.Calm <= 0 || p.Timetable.Calm > p.Progress.From {
			t.Fatalf("seed %d: calm from %d, demand %+v", seed, p.Timetable.Calm, p.Progress)
		}
	}
	if trial.Met[Stops] == 0 || trial.Met[CutLosses] == 0 || trial.Met[Losses] == 0 || trial.Met[Demands] != 300 {
		t.Errorf("met %v", trial.Met)
	}
}

// A base can be given other latencies. Then progress is demanded where its timeouts
// suit them, within a bound that does.
func TestBaseWithLatencies(t *testing.T) {
	set := baseSetting(t, 3)
	set.Knobs = Knobs{Latency: {10 * ms, 160 * ms}}
	set.Base.Progress = check.Progress{From: trace.Second, Within: trace.Millisecond}
	var p Plan
	demanded := 0
	for seed := range uint64(200) {
		draw(&p, set, seed)
		for _, v := range valuesOf(&p, Latency) {
			if v < 10*ms || v > 160*ms {
				t.Errorf("seed %d: a latency of %d", seed, v)
			}
		}
		want := check.Progress{}
		if slices.Max(valuesOf(&p, Latency)) < 100*ms { // timeouts are 200 ms
			want = check.Progress{From: trace.Second, Within: (5*200 + 15 + 2) * trace.Millisecond}
			demanded++
		}
		if p.Progress != want {
			t.Errorf("seed %d: latencies up to %d, demand %+v", seed, p.far, p.Progress)
		}
	}
	if demanded < 20 || demanded > 180 {
		t.Errorf("progress is demanded in %d of 200 plans", demanded)
	}
}

// A drawn client has a name that nobody of the base has, however many are like it.
func TestFreeNames(t *testing.T) {
	n := names{base: &Base{Cluster: &sim.Cluster{Holders: []string{"alice", "alice-too", "alice-too-too", "bob"}}}}
	for name, want := range map[string]string{"alice": "alice-too-too-too", "bob": "bob-too", "carol": "carol"} {
		if got := n.free(name); got != want {
			t.Errorf("%s is called %s, want %s", name, got, want)
		}
	}
}
