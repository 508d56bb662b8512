package scenarios

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"skinny/protocol"
	"skinny/sim"
	"skinny/sim/check"
	"skinny/sim/swarm"
	"skinny/sim/trace"
)

// compile is the scenario of a text.
func compile(t *testing.T, text string) *Scenario {
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

// stormy has everything that a network can do.
const stormy = `format: 1
title: Stormy
edition: sound
seed: 3
instances: [a, b, c, d]
network:
  latency: 5ms..20ms
  loss: 1%
  request-loss: 2%
  response-loss: 3%
  duplication: 4%
  tail: {share: 5%, latency: 200ms..1s}
  calm-from: 2s
  clogs:
    - {from: a, to: b, at: 100ms, for: 300ms}
    - {to: c, at: 200ms, for: 300ms}
  links:
    - {from: a, to: d, request-loss: 50%, tail: {share: 50%, latency: 100ms}}
timeline:
  - {at: 0ms, acquire: alice, via: a}
  - {at: 10ms, acquire: bob, via: b}
  - {at: 500ms, isolate: a}
  - {at: 900ms, release: alice, via: a}
  - {at: 2s, heal: all}
  - {at: 3s, acquire: carol, via: c}
progress: {from: 3s, within: 3s}
`

func TestCompileNetwork(t *testing.T) {
	s := compile(t, stormy)
	usual := sim.Link{
		Latency: sim.Range{Low: 5 * trace.Millisecond, High: 20 * trace.Millisecond},
		Loss:    10_000, RequestLoss: 20_000, ResponseLoss: 30_000, Duplication: 40_000,
		Tail: 50_000, TailLatency: sim.Range{Low: 200 * trace.Millisecond, High: trace.Second},
	}
	other := usual
	other.RequestLoss = 500_000
	other.Tail, other.TailLatency = 500_000, sim.Range{Low: 100 * trace.Millisecond, High: 100 * trace.Millisecond}
	for i, l := range s.Timetable.Links {
		if want := map[bool]sim.Link{true: other, false: usual}[i == 3]; l != want {
			t.Errorf("link %d: %+v, want %+v", i, l, want)
		}
	}
	clogs := []sim.Clog{
		{From: 0b0001, To: 0b0010, Begin: 100 * trace.Millisecond, End: 400 * trace.Millisecond},
		{From: 0b1111, To: 0b0100, Begin: 200 * trace.Millisecond, End: 500 * trace.Millisecond},
	}
	if !reflect.DeepEqual(s.Timetable.Clogs, clogs) || s.Timetable.Calm != 2*trace.Second {
		t.Errorf("%+v", s.Timetable)
	}
	if s.Progress != (check.Progress{From: 3 * trace.Second, Within: 3 * trace.Second}) {
		t.Errorf("%+v", s.Progress)
	}
}

// progressIn is the verdict of a run, or nil if progress was not judged.
func progressIn(o *Outcome) *check.Verdict {
	for i := range o.Verdicts {
		if o.Verdicts[i].Property == check.ProgressName {
			return &o.Verdicts[i]
		}
	}
	return nil
}

// A seed of a scenario is judged like a run of the scenario with that seed, where the
// time is up before the last client has its answer, too.
func TestSeedsAreJudgedLikeRuns(t *testing.T) {
	const text = "format: 1\nedition: sound\nseed: %d\ninstances: [a, b, c]\ntimeline:\n" +
		"  - {at: 0ms, acquire: bob, via: a}\n  - {at: 1s, crash: b}\n  - {at: 2s, acquire: alice, via: b, timeout: 60s}\n" +
		"until: 10s\nprogress: {from: 2s, within: 3s}\nfaults: {clogs: 0..1}\n"
	for seed := range uint64(20) {
		s := compile(t, fmt.Sprintf(text, seed))
		o, err := s.Run()
		if err != nil {
			t.Fatal(err)
		}
		set, _ := s.Variation("")
		if got := swarm.NewTrial(&set).Run(seed); !reflect.DeepEqual(got, o.Verdicts) || progressIn(o).State != check.Violated {
			t.Errorf("seed %d: a trial says %+v, a run %+v", seed, got, o.Verdicts)
		}
	}
}

func TestProgressIsJudged(t *testing.T) {
	const stuck = "format: 1\nedition: sound\nrules: {timeouts: off}\ninstances: [a, b, c]\ntimeline:\n  - {at: 0ms, acquire: alice, via: a}\n" +
		"messages:\n  - {drop: promise-request}\n"
	for _, test := range []struct {
		name, text string
		state      check.State
		why        string
	}{
		{"answered", strings.Replace(stuck, "messages:\n  - {drop: promise-request}\n", "progress: {from: 0ms, within: 100ms}\n", 1), check.Kept, ""},
		{"gives up too late", stuck + "progress: {from: 1s, within: 3s}\n", check.Violated, "is not answered by 4s"},
		{"gives up in time", stuck + "progress: {from: 1s, within: 4s}\n", check.Kept, ""},
		{"time is up after the bound", stuck + "progress: {from: 1s, within: 1s}\nuntil: 3s\n", check.Violated, "is not answered by 2s"},
		{"time is up before the bound", stuck + "progress: {from: 1s, within: 3s}\nuntil: 3s\n", check.Kept, ""},
	} {
		s := compile(t, test.text)
		o, err := s.Run()
		if err != nil {
			t.Fatal(err)
		}
		v := progressIn(o)
		if v == nil || v.State != test.state || !strings.Contains(v.Why.String(), test.why) {
			t.Errorf("%s: %+v", test.name, v)
		}
		if v.State == check.Violated && !o.Failed() {
			t.Errorf("%s: a surprise, and the run did not fail", test.name)
		}
		steps := 0
		o, err = s.RunUntil(func() bool { steps++; return steps > 3 })
		if v := progressIn(o); err != nil || v == nil || v.State != check.Kept {
			t.Errorf("%s: stopped on the way: %v %+v", test.name, err, v)
		}
	}
	o, err := compile(t, stuck).Run()
	if v := progressIn(o); err != nil || v != nil {
		t.Errorf("nothing is demanded: %v %+v", err, v)
	}
	s := compile(t, stuck+"progress: {from: 1s, within: 1s}\nexpect:\n  - {property: progress, is: violated}\n")
	if o, err := s.Run(); err != nil || o.Failed() {
		t.Errorf("as claimed, but failed: %v", err)
	}
	f := FromDecisions(s, nil)
	if len(f.Expect) != 0 {
		t.Errorf("a schedule claims %+v", f.Expect)
	}
}

const bare = "format: 1\nedition: sound\ninstances: [a, b, c]\nnetwork: {latency: 10ms, loss: 1%}\n" +
	"timeline:\n  - {at: 0ms, acquire: alice, via: a}\n  - {at: 1s, acquire: bob, via: b}\n"

func TestFaultsOfTheProfileNone(t *testing.T) {
	want := compile(t, bare)
	got := compile(t, bare+"faults: {profile: none}\n")
	if !reflect.DeepEqual(want.Timetable, got.Timetable) {
		t.Errorf("got %+v\nwant %+v", got.Timetable, want.Timetable)
	}
}

// What the file wants nothing drawn for is the same for `skinny run` as for a check of
// the file, too.
func TestNothingIsDrawn(t *testing.T) {
	const varied = "format: 1\nedition: sound\ninstances: [a, b, c]\nnetwork: {latency: 1ms..90ms, loss: 10%, tail: {share: 5%, latency: 300ms}}\n" +
		"timeline:\n  - {at: 0ms, acquire: alice, via: a}\n  - {at: 1s, acquire: bob, via: b}\nfaults: {profile: none}\n"
	for seed := range uint64(20) {
		f, err := Decode("test.yaml", []byte(varied))
		if err != nil {
			t.Fatal(err)
		}
		s, err := f.Compile(Overrides{Seed: &seed})
		if err != nil {
			t.Fatal(err)
		}
		set, _ := s.Variation("")
		p, _ := swarm.Record(&set, seed)
		if got, want := digestOf(t, s), digestOf(t, &Scenario{Cluster: &p.Cluster, Timetable: &p.Timetable, Seed: seed, Edition: "sound"}); got != want {
			t.Errorf("seed %d: a run of the file is not what a check makes of it", seed)
		}
	}
}

// What the file says is drawn: the same for `skinny run` as for a check of the file.
func TestFaultsAreDrawn(t *testing.T) {
	text := bare + "faults: {profile: network, crashes: 2, partitions: 0, loss: 5%..10%}\n"
	base := compile(t, bare)
	for seed := range uint64(50) {
		f, err := Decode("test.yaml", []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		s, err := f.Compile(Overrides{Seed: &seed})
		if err != nil {
			t.Fatal(err)
		}
		set, profile := s.Variation("")
		if profile != "network" || !reflect.DeepEqual(set.Base.Timetable.Links, base.Timetable.Links) {
			t.Fatalf("profile %s, base %+v", profile, set.Base.Timetable)
		}
		var p swarm.Plan
		p.Draw(&set, seed, nil)
		if got, want := digestOf(t, s), digestOf(t, &Scenario{Cluster: &p.Cluster, Timetable: &p.Timetable, Seed: seed, Edition: "sound"}); got != want {
			t.Errorf("seed %d: a run of the file is not what a check makes of it", seed)
		}
		crashes := 0
		for _, d := range s.Timetable.Timeline {
			if d.Kind == sim.RestartInstance {
				crashes++
			}
			if d.Kind == sim.SetPartition {
				t.Errorf("seed %d: a partition, which was turned off", seed)
			}
		}
		if loss := s.Timetable.Links[1].Loss; crashes != 2 || loss < 60_000 || loss > 110_000 {
			t.Errorf("seed %d: %d crashes, loss %d", seed, crashes, loss)
		}
	}
}

func TestFaultsOfAKnobAlone(t *testing.T) {
	s := compile(t, bare+"faults: {pauses: 3}\n")
	pauses := 0
	for _, d := range s.Timetable.Timeline {
		if d.Kind == sim.PauseInstance {
			pauses++
		}
	}
	if _, profile := s.Variation(""); profile != "none" || pauses != 3 {
		t.Errorf("profile %s, %d pauses", profile, pauses)
	}
	if want := compile(t, bare).Timetable.Links; !reflect.DeepEqual(s.Timetable.Links, want) {
		t.Errorf("the links are others: %+v", s.Timetable.Links)
	}
}

func TestVariation(t *testing.T) {
	usual := swarm.Profiles()[0].Name
	for _, test := range []struct {
		faults, asked, profile string
		stretch                bool
	}{
		{"", "", usual, true},
		{"", "crash", "crash", true},
		{"faults: {profile: none}\n", "", "none", false},
		{"faults: {profile: none}\n", "none", "none", true},
		{"faults: {profile: none, loss: 1%}\n", "", "none", true},
		{"faults: {profile: network}\n", "", "network", true},
		{"faults: {loss: 1%}\n", "", "none", false},
		{"faults: {profile: network, loss: 1%}\n", "calm", "calm", true},
	} {
		s := compile(t, bare+test.faults)
		set, profile := s.Variation(test.asked)
		p, _ := swarm.ProfileByName(test.profile)
		want := p.Knobs.OnBase()
		if strings.Contains(test.faults, "loss") {
			want[swarm.Loss] = swarm.Span{Low: 10_000, High: 10_000}
		}
		if profile != test.profile || set.Knobs != want || set.Base.Stretch != test.stretch || !set.Rules.Has(protocol.Timeouts) || set.Base.Timetable.Links[1].Loss != 10_000 {
			t.Errorf("%q, asked for %q: %s, %+v", test.faults, test.asked, profile, set)
		}
	}
}

func TestParseKnob(t *testing.T) {
	for _, test := range []struct {
		knob, text string
		want       swarm.Span
		written    string
	}{
		{"crashes", "2", swarm.Span{Low: 2, High: 2}, "2"},
		{"crashes", "0..3", swarm.Span{Low: 0, High: 3}, "0..3"},
		{"crashes", "3..3", swarm.Span{Low: 3, High: 3}, "3"},
		{"loss", "0%", swarm.Span{}, "0%"},
		{"loss", "0%..2.5%", swarm.Span{Low: 0, High: 25_000}, "0%..2.5%"},
		{"think", "1us..20ms", swarm.Span{Low: 1000, High: 20_000_000}, "1us..20ms"},
	} {
		info, ok := swarm.KnobByName(test.knob)
		if !ok {
			t.Fatal(test.knob)
		}
		span, err := ParseKnob(info, test.text)
		if err != nil || span != test.want || KnobText(info, span) != test.written {
			t.Errorf("%s %s: %+v %v, written %q", test.knob, test.text, span, err, KnobText(info, span))
		}
	}
	info, _ := swarm.KnobByName("crashes")
	if _, err := ParseKnob(info, "101"); err == nil || err.Error() != "101 is too large for `crashes`; from 0 to 100" {
		t.Errorf("%v", err)
	}
}
