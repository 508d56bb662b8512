package scenarios

import (
	"reflect"
	"strings"
	"testing"

	"skinny/protocol"
	"skinny/sim"
	"skinny/sim/check"
	"skinny/sim/swarm"
	"skinny/sim/trace"
)

// digestOf runs a scenario.
func digestOf(t *testing.T, s *Scenario) string {
	t.Helper()
	o, err := s.Run()
	if err != nil {
		t.Fatal(err)
	}
	return o.Digest
}

// written is the scenario that the file of another one's timetable makes, after it
// was written and read again.
func written(t *testing.T, s *Scenario) (*Scenario, string) {
	t.Helper()
	f := FromTimetable(s)
	roundTrip(t, f)
	text := f.Encode()
	f, err := Decode("written.yaml", text)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	again, err := f.Compile(Overrides{})
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return again, string(text)
}

func TestFromTimetableOfTheLibrary(t *testing.T) {
	timed := 0
	for _, e := range append(Library(), Entry{Name: "template", Data: Template()}, Entry{Name: "rough", Data: []byte(rough)}, Entry{Name: "stormy", Data: []byte(stormy)}) {
		f, err := e.Decode()
		if err != nil {
			t.Fatal(err)
		}
		s, err := f.Compile(Overrides{})
		if err != nil {
			t.Fatal(err)
		}
		if !s.Timed() {
			continue
		}
		timed++
		again, text := written(t, s)
		if digestOf(t, s) != digestOf(t, again) {
			t.Errorf("%s: another run\n%s", e.Name, text)
		}
		if !reflect.DeepEqual(s.Cluster, again.Cluster) || s.Progress != again.Progress || len(s.Expect) != len(again.Expect) {
			t.Errorf("%s: another scenario\n%s", e.Name, text)
		}
	}
	if timed < 20 {
		t.Errorf("only %d of them are timed", timed)
	}
}

// frozen is a plan as a scenario, with the calls of its clients in the timeline.
func frozen(p *swarm.Plan) *Scenario {
	t := p.Timetable
	t.Clients, t.Timeline = nil, nil
	run := sim.NewTimed(&p.Cluster, &p.Timetable)
	run.Record(func(d sim.Decision) {
		if d.Kind >= sim.InvokeOperation {
			t.Timeline = append(t.Timeline, d)
		}
	})
	run.Run()
	return &Scenario{Title: "Drawn", Edition: "sound", Seed: t.Seed, Cluster: &p.Cluster, Timetable: &t, Progress: p.Progress}
}

func TestFromTimetableOfPlans(t *testing.T) {
	seeds := uint64(80)
	if testing.Short() {
		seeds = 10
	}
	found, _ := protocol.EditionByName("sound")
	seen := map[string]int{}
	for _, profile := range swarm.Profiles() {
		for seed := range seeds {
			var p swarm.Plan
			p.Draw(&swarm.Setting{Rules: found.Rules, Knobs: profile.Knobs}, seed, nil)
			s := frozen(&p)
			want := digestOf(t, &Scenario{Title: "Drawn", Edition: "sound", Seed: seed, Cluster: &p.Cluster, Timetable: &p.Timetable})
			again, text := written(t, s)
			if got := digestOf(t, again); got != want {
				t.Fatalf("profile %s, seed %d: another run\n%s", profile.Name, seed, text)
			}
			if again.Progress != p.Progress {
				t.Errorf("profile %s, seed %d: progress %+v, want %+v", profile.Name, seed, again.Progress, p.Progress)
			}
			for _, word := range []string{"links:", "clogs:", "tail:", "request-loss:", "response-loss:", "calm-from:", "progress:", "partition:", "crash:", "pause:"} {
				if strings.Contains(text, word) {
					seen[word]++
				}
			}
		}
	}
	for word, n := range seen {
		if n < 5 {
			t.Errorf("only %d files had %s", n, word)
		}
	}
	if len(seen) < 10 {
		t.Errorf("the files had only %v", seen)
	}
}

// What is common is said once, and what differs as shortly as that goes.
func TestFromTimetableIsShort(t *testing.T) {
	s := compile(t, `format: 1
instances: [london, oregon, spaulo, sydney, taiwan]
network:
  latency: 5ms
  loss: 1%
  tail: {share: 2%, latency: 1s}
  calm-from: 3s
  clogs:
    - {at: 0ms, for: 1s}
    - {from: london, at: 1s, for: 1s}
    - {to: london, at: 2s, for: 1s}
    - {from: london, to: oregon, at: 3s, for: 1s}
  links:
    - {from: london, latency: 50ms..60ms}
    - {to: london, latency: 50ms..60ms, request-loss: 2%}
    - {from: oregon, to: spaulo, tail: {share: 0%, latency: 1s}}
messages:
  - {drop: commit-request}
  - {drop: commit-request, to: london}
  - {delay: commit-request, from: london, to: oregon, nth: 3, by: 1s}
progress: {from: 4s, within: 1s}
until: 10s
events: 500
`)
	want := `network:
  latency: 5ms
  loss: 1%
  tail: {share: 2%, latency: 1s}
  calm-from: 3s
  clogs:
    - {at: 0ms, for: 1s}
    - {from: london, at: 1s, for: 1s}
    - {to: london, at: 2s, for: 1s}
    - {from: london, to: oregon, at: 3s, for: 1s}
  links:
    - {from: london, latency: 50ms..60ms}
    - {to: london, latency: 50ms..60ms, request-loss: 2%}
    - {from: oregon, to: spaulo, tail: {share: 0%, latency: 0ms}}
messages:
  - {drop: commit-request}
  - {drop: commit-request, to: london}
  - {delay: commit-request, from: london, to: oregon, nth: 3, by: 1s}
until: 10s
progress: {from: 4s, within: 1s}
events: 500
`
	again, text := written(t, s)
	if _, got, _ := strings.Cut(text, "seed: 0\n"); !strings.HasSuffix(got, want) {
		t.Errorf("got\n%s\nwant\n%s", text, want)
	}
	if again.Timetable.Calm != 3*trace.Second || again.Progress != (check.Progress{From: 4 * trace.Second, Within: trace.Second}) {
		t.Errorf("%+v", again)
	}
}

// What is common is so on more than half of the links between instances; there are none to oneself.
func TestFromTimetableOfLinksToOneself(t *testing.T) {
	s := compile(t, "format: 1\ninstances: [a, b, c]\nnetwork: {latency: 5ms, links: [{from: c, latency: 9ms}]}\n")
	if text := string(FromTimetable(compile(t, "format: 1\ninstances: [a, b]\nnetwork: {latency: 10ms}\n")).Encode()); strings.Contains(text, "network") {
		t.Errorf("what is usual is written:\n%s", text)
	}
	for i := range 3 {
		s.Timetable.Links[4*i] = s.Timetable.Links[6]
	}
	if text := string(FromTimetable(s).Encode()); !strings.Contains(text, "network:\n  latency: 5ms\n  links:\n    - {from: c, latency: 9ms}\n") {
		t.Errorf("it is written as\n%s", text)
	}
}

// A set of links that no pair of names says is written as several pairs.
func TestFromTimetableOfSets(t *testing.T) {
	s := compile(t, "format: 1\ninstances: [a, b, c, d]\n")
	s.Timetable.Fates = []sim.Fate{{Kind: sim.DropFate, Message: protocol.CommitRequest, From: 0b0011, To: 0b0101}}
	s.Timetable.Clogs = []sim.Clog{
		{From: 0b0111, To: 0b1000, Begin: 1, End: 2},
		{From: 0b0001, To: 0b1110, Begin: 1, End: 2},
		{From: ^protocol.Set(0), To: 0b1000, Begin: 3, End: 5},
		{From: 0b0001, To: ^protocol.Set(0), Begin: 3, End: 5},
		{From: 0b1000, To: 0b1000, Begin: 1, End: 2},
		{From: 0b1111, To: 0b1111, Begin: 2, End: 2},
	}
	s.Timetable.Budget = 0 // which is no bound
	again, text := written(t, s)
	if !strings.Contains(text, "\nevents: 1000000000\n") {
		t.Errorf("the events are bounded:\n%s", text)
	}
	var fates, clogs []string
	for _, line := range strings.Split(text, "\n") {
		if strings.Contains(line, "drop:") {
			fates = append(fates, strings.TrimSpace(line))
		}
		if strings.Contains(line, "for:") {
			clogs = append(clogs, strings.TrimSpace(line))
		}
	}
	if want := []string{
		"- {drop: commit-request, from: a, to: c}",
		"- {drop: commit-request, from: b, to: a}",
		"- {drop: commit-request, from: b, to: c}",
	}; !reflect.DeepEqual(fates, want) {
		t.Errorf("got %q, want %q", fates, want)
	}
	if want := []string{"- {to: d, at: 1ns, for: 1ns}", "- {from: a, at: 1ns, for: 1ns}", "- {to: d, at: 3ns, for: 2ns}", "- {from: a, at: 3ns, for: 2ns}"}; !reflect.DeepEqual(clogs, want) {
		t.Errorf("got %q, want %q", clogs, want)
	}
	if len(again.Timetable.Fates) != 3 || len(again.Timetable.Clogs) != 4 {
		t.Errorf("%+v", again.Timetable)
	}
}

func TestFromTimetableWithClientsPanics(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("clients were written")
		}
	}()
	s := compile(t, cluster)
	s.Timetable.Clients = make([]sim.Client, 1)
	FromTimetable(s)
}
