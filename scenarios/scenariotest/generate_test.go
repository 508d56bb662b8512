package scenariotest

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"skinny/protocol"
	"skinny/scenarios"
	"skinny/sim"
	"skinny/sim/swarm"
	"skinny/sim/trace"
)

func TestClusters(t *testing.T) {
	g := Clusters(Options{Edition: "published"})
	rapid.Check(t, func(t *rapid.T) {
		s := g.Draw(t, "cluster")
		tt := s.Timetable
		if s.Title != "A drawn cluster" || s.Edition != "published" {
			t.Fatalf("it is called %s, of edition %s", s.Title, s.Edition)
		}
		if len(s.Cluster.Holders)+len(tt.Clients)+len(tt.Timeline)+len(tt.Clogs)+len(tt.Fates) > 0 {
			t.Fatalf("something happens: %+v", tt)
		}
		for _, l := range tt.Links {
			if l != (sim.Link{Latency: l.Latency}) {
				t.Fatalf("a link does more than to take its time: %+v", l)
			}
		}
		if o := Check(t, s); o.Events != 0 {
			t.Fatalf("there are %d events", o.Events)
		}
	})
	sizes := map[int]bool{}
	for seed := range 100 {
		sizes[g.Example(seed).Cluster.Size()] = true
	}
	if len(sizes) != 5 { // 3 to 7
		t.Errorf("clusters have only the sizes %v", sizes)
	}
}

// Clients and faults come on top of a cluster, and of each other.
func TestComposition(t *testing.T) {
	runs, calls, faults := 0, 0, 0
	rapid.Check(t, func(t *rapid.T) {
		o := Options{Profile: "all"}
		cluster := Clusters(o).Draw(t, "cluster")
		clients := Workloads(o, cluster).Draw(t, "clients")
		keeps(t, cluster, clients)
		if len(clients.Timetable.Timeline) > 0 || len(clients.Timetable.Clients) == 0 {
			t.Fatalf("the workload is %+v", clients.Timetable)
		}
		more := Workloads(o, clients).Draw(t, "more clients")
		keeps(t, clients, more)
		all := Faults(o, more).Draw(t, "faults")
		keeps(t, more, all)
		if len(all.Timetable.Clients) != len(more.Timetable.Clients) {
			t.Fatal("faults add clients")
		}
		outcome := Check(t, all)
		runs++
		calls += outcome.World.Operations()
		faults += len(all.Timetable.Timeline) + len(all.Timetable.Clogs)
	})
	if calls < 4*runs || faults < runs {
		t.Errorf("in %d runs there were only %d calls and %d faults", runs, calls, faults)
	}
}

// keeps fails the test if anything in the base is not in what was drawn on top of it.
func keeps(t *rapid.T, base, s *scenarios.Scenario) {
	if !reflect.DeepEqual(base.Cluster.Instances, s.Cluster.Instances) || base.Cluster.Rules != s.Cluster.Rules ||
		base.Cluster.ClientLatency != s.Cluster.ClientLatency || base.Edition != s.Edition || base.Title != s.Title {
		t.Fatal("the cluster is another one")
	}
	if n := len(base.Cluster.Holders); !slices.Equal(base.Cluster.Holders, s.Cluster.Holders[:n]) {
		t.Fatal("clients have other names")
	}
	names := slices.Clone(s.Cluster.Holders)
	slices.Sort(names)
	if len(slices.Compact(names)) != len(s.Cluster.Holders) {
		t.Fatalf("two clients have the same name: %v", names)
	}
	was, is := base.Timetable, s.Timetable
	if !slices.Equal(was.Clients, is.Clients[:len(was.Clients)]) || !slices.Equal(was.Clogs, is.Clogs[:len(was.Clogs)]) ||
		!slices.Equal(was.Fates, is.Fates) || was.End != is.End || was.Budget != is.Budget {
		t.Fatalf("the timetable was\n%+v and is\n%+v", was, is)
	}
	for i := range was.Links {
		if was.Links[i].Latency != is.Links[i].Latency || was.Links[i].Loss > is.Links[i].Loss {
			t.Fatalf("a link was %+v and is %+v", was.Links[i], is.Links[i])
		}
	}
	at := 0
	for i := range is.Timeline {
		if i > 0 && is.Timeline[i].At < is.Timeline[i-1].At {
			t.Fatal("the timeline is out of order")
		}
		if at < len(was.Timeline) && reflect.DeepEqual(was.Timeline[at], is.Timeline[i]) {
			at++
		}
	}
	if at < len(was.Timeline) {
		t.Fatalf("entry %d of the timeline is lost", at+1)
	}
}

// own says one of everything.
const own = `
format: 1
title: Our cluster
edition: ack-majority
rules: {durable: on}
instances: [{name: x, increment: 5, timeout: 100ms}, y, {name: z, promise-delay: 1ms..2ms}]
network:
  latency: 1ms
  loss: 1%
  client-latency: 3ms
  calm-from: 900ms
  clogs: [{from: x, at: 1ms, for: 1s}]
  links: [{from: x, to: y, latency: 7ms..9ms}]
timeline:
  - {at: 1ms, acquire: alice, via: x}
  - {at: 2ms, crash: y}
  - {at: 500ms, restart: y}
  - {at: 600ms, acquire: bob, via: z}
messages: [{drop: commit-request, nth: 2}]
progress: {from: 1s, within: 4s}
until: 30s
events: 70000
expect: [{operation: 1, outcome: acquired}]
`

// On top of a file, nothing of it is lost either, and nothing in it is changed. What it
// claims is not claimed of what was drawn.
func TestOnTopOfAFile(t *testing.T) {
	base, untouched := compiled(t, []byte(own)), compiled(t, []byte(own))
	rapid.Check(t, func(t *rapid.T) {
		o := Options{Edition: "sound", Profile: "all"} // another edition changes nothing
		clients := Workloads(o, base).Draw(t, "clients")
		keeps(t, base, clients)
		all := Faults(o, clients).Draw(t, "faults")
		keeps(t, clients, all)
		if all.Progress.From != base.Progress.From || all.Progress.Within < base.Progress.Within {
			t.Fatalf("progress is demanded as %+v", all.Progress)
		}
		if len(all.Expect) > 0 || !all.Timed() {
			t.Fatalf("it claims %+v", all.Expect)
		}
		outcomeOf(t, all)
	})
	if !reflect.DeepEqual(base.Cluster, untouched.Cluster) || !reflect.DeepEqual(base.Timetable, untouched.Timetable) {
		t.Error("the file's scenario is another one now")
	}
}

func TestOptions(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := Scenarios(Options{
			Edition: "published",
			Rules:   []scenarios.RuleSetting{{Rule: "durable", On: true}, {Rule: "majority", On: false}},
			Profile: "none",
			Knobs:   map[string]string{"instances": "4", "latency": "3ms", "crashes": "2..3", "clients": "2"},
		}).Draw(t, "scenario")
		published, _ := protocol.EditionByName("published")
		if want := (published.Rules | protocol.Durable) &^ protocol.Majority; s.Cluster.Rules != want || s.Edition != "published" {
			t.Fatalf("rules %v of %s", s.Cluster.Rules, s.Edition)
		}
		if s.Cluster.Size() != 4 || len(s.Timetable.Clients) != 2 {
			t.Fatalf("%d instances, %d clients", s.Cluster.Size(), len(s.Timetable.Clients))
		}
		crashes := 0
		for _, d := range s.Timetable.Timeline {
			switch d.Kind {
			case sim.RestartInstance:
				crashes++ // each crash ends with one
			case sim.CrashInstance, sim.InvokeOperation:
			default:
				t.Fatalf("there is %s", scenarios.DecisionText(s.Cluster, d))
			}
		}
		if crashes < 2 || crashes > 3 {
			t.Fatalf("%d crashes", crashes)
		}
	})
	usual := Scenarios(Options{}).Example(1)
	if sound, _ := protocol.EditionByName("sound"); usual.Edition != "sound" || usual.Title != "A drawn run" || usual.Cluster.Rules != sound.Rules {
		t.Errorf("without options the edition is %s", usual.Edition)
	}
}

// Whoever asks for what there is not is told.
func TestWrongOptions(t *testing.T) {
	for want, o := range map[string]Options{
		`no edition "loud"`:          {Edition: "loud"},
		`no rule "golden"`:           {Rules: []scenarios.RuleSetting{{Rule: "golden"}}},
		`no profile "weather"`:       {Profile: "weather"},
		`no knob "volume"`:           {Knobs: map[string]string{"volume": "11"}},
		`knob crashes: `:             {Knobs: map[string]string{"crashes": "many"}},
		`scenario with a schedule, `: {},
	} {
		panics(t, want, func() {
			if want[0] == 's' {
				Faults(o, compiled(t, []byte(twoDown)))
			}
			Scenarios(o)
		})
	}
	panics(t, "scenario with a schedule, ", func() { Workloads(Options{}, compiled(t, []byte(twoDown))) })
}

func panics(t *testing.T, want string, f func()) {
	t.Helper()
	defer func() {
		t.Helper()
		got, _ := recover().(string)
		if !strings.HasPrefix(got, "scenariotest: ") || !strings.Contains(got, want) {
			t.Errorf("got the panic %q, want one about %q", got, want)
		}
	}()
	f()
}

// Smaller choices make smaller runs: with the smallest, hardly anything happens.
func TestSmallestChoices(t *testing.T) {
	var p swarm.Plan
	_, set := Options{}.setting()
	p.Draw(&set, 0, zero{})
	if p.Cluster.Size() != 3 || len(p.Timetable.Clients) != 1 || p.Timetable.Clients[0].Operations != 4 || len(p.Timetable.Clogs) > 0 {
		t.Errorf("%d instances, %+v", p.Cluster.Size(), p.Timetable)
	}
	for _, d := range p.Timetable.Timeline {
		if d.Kind != sim.InvokeOperation {
			t.Errorf("there is %s", scenarios.DecisionText(&p.Cluster, d))
		}
	}
}

type zero struct{}

func (zero) Below(uint64) uint64 { return 0 }

// What is drawn reaches from the beginning of a range to its end, and is not always
// near its beginning.
func TestChoicesReachFar(t *testing.T) {
	const draws = 500
	for _, n := range []uint64{1, 2, 999, 1000, 1001, 5000, uint64(3600 * trace.Second), 1<<64 - 1} {
		choice := rapid.Custom(func(t *rapid.T) uint64 { return source{t}.Below(n) })
		low, high, far := n, uint64(0), 0
		different := map[uint64]bool{}
		for seed := range draws {
			v := choice.Example(seed)
			low, high = min(low, v), max(high, v)
			different[v] = true
			if v >= n/10 {
				far++
			}
		}
		if high >= n || low > 0 || high < n-n/100-1 || far < draws/5 || len(different) < int(min(n, 999))/10 {
			t.Errorf("below %d: from %d to %d, %d different ones, %d of them far", n, low, high, len(different), far)
		}
	}
}
