package sim

import (
	"fmt"
	"reflect"
	"slices"
	"testing"

	"skinny/protocol"
	"skinny/sim/trace"
)

// Each setting of an instance is its own: the others go by what is said of all.
func TestSettingsOfOneInstance(t *testing.T) {
	expired := func(p *play) []string { return p.events(trace.Expire)[:1] }
	for _, c := range []struct {
		what, timeline string
		change         func(p *play)
		of             func(p *play) []string
		want           string
	}{
		{"a promise timeout ends phase 1", "0ms acquire alice a", func(p *play) {
			p.cluster.Instances[0].PromiseTimeout = 70 * millisecond
			p.fate(DropFate, "promise-request", "a", "bc", 0, 0)
		}, expired, "70ms expire a acquire alice"},
		{"and not phase 2", "0ms acquire alice a", func(p *play) {
			p.cluster.Instances[0].PromiseTimeout = 70 * millisecond
			p.fate(DropFate, "commit-request", "a", "bc", 0, 0)
		}, expired, "520ms expire a acquire alice"},
		{"nor that of others", "0ms acquire bob b", func(p *play) {
			p.cluster.Instances[0].PromiseTimeout = 70 * millisecond
			p.fate(DropFate, "promise-request", "b", "ac", 0, 0)
		}, expired, "500ms expire b acquire bob"},
		{"without one the timeout ends both", "0ms acquire alice a", func(p *play) {
			p.cluster.Instances[0].Timeout = 60 * millisecond
			p.fate(DropFate, "promise-request", "a", "bc", 0, 0)
		}, expired, "60ms expire a acquire alice"},
		{"a rule that is on here", "0ms acquire alice a\n 1s restart a", func(p *play) {
			p.cluster.Instances[0].RulesOn = protocol.Durable
		}, (*play).states, "a 1 (1 alice)"},
		{"and off elsewhere", "0ms acquire alice b\n 1s restart a", func(p *play) {
			p.cluster.Instances[1].RulesOn = protocol.Durable
		}, (*play).states, "a 0 (0 )"},
		{"a rule that is on wins over off", "0ms acquire alice a\n 1s restart a", func(p *play) {
			p.cluster.Instances[0].RulesOn, p.cluster.Instances[0].RulesOff = protocol.Durable, protocol.Durable
		}, (*play).states, "a 1 (1 alice)"},
		{"a rule that is off here", "0ms acquire alice a\n 1s restart a", func(p *play) {
			p.cluster.Rules |= protocol.Durable
			p.cluster.Instances[0].RulesOff = protocol.Durable
		}, (*play).states, "a 0 (0 )"},
		{"a quorum of the cluster", "0ms acquire alice a", func(p *play) {
			p.cluster.Quorums.Promise = 3
			p.fate(DelayFate, "promise-request", "a", "c", 0, 100*millisecond)
		}, func(p *play) []string { return p.events(trace.Commit) }, "120ms commit a acquire alice commit-request 1"},
	} {
		p := newPlay(t, "published", 3)
		c.change(p)
		p.timed(c.timeline)
		p.expect(c.what, c.of(p)[:1], c.want)
	}
}

// The kinds of messages that go to an asked instance, and those that go back.
var requests, responses = []protocol.MessageKind{protocol.PromiseRequest, protocol.CommitRequest},
	[]protocol.MessageKind{protocol.PromiseResponse, protocol.CommitResponse, protocol.Failure}

// The loss of requests is that of requests, the loss of responses that of responses and
// failures, and that of all is on top of both, up to the whole. From the calm on there is none.
func TestLossOfKinds(t *testing.T) {
	for _, c := range []struct {
		link          Link
		some, nothing []protocol.MessageKind // some are lost; nothing arrives
	}{
		{Link{RequestLoss: 300_000}, requests, nil},
		{Link{ResponseLoss: 300_000}, responses, nil},
		{Link{Loss: 300_000}, slices.Concat(requests, responses), nil},
		{Link{Loss: 500_000, RequestLoss: 500_000}, nil, requests},
		{Link{Loss: 500_000, ResponseLoss: 500_000}, nil, responses},
		{Link{Loss: 600_000, RequestLoss: 600_000}, nil, requests},
		{Link{Loss: 600_000, ResponseLoss: 600_000}, nil, responses},
	} {
		for _, calm := range []trace.Time{0, 1} {
			lost, arrived := map[protocol.MessageKind]int{}, map[protocol.MessageKind]int{}
			for seed := range uint64(20) {
				p := newPlay(t, "sound", 3)
				p.timetable.Seed, p.timetable.Calm = seed, calm
				for i := range p.timetable.Links {
					p.timetable.Links[i].Loss, p.timetable.Links[i].RequestLoss, p.timetable.Links[i].ResponseLoss = c.link.Loss, c.link.RequestLoss, c.link.ResponseLoss
				}
				p.timed("1ms crash c host-up\n 1ms acquire alice a\n 5ms acquire bob b\n 3s release alice b\n 6s acquire carol a")
				for i := range p.log.Events {
					switch e := &p.log.Events[i]; e.Kind {
					case trace.Lose:
						lost[e.Message.Kind]++
					case trace.Count, trace.Fail, trace.Ignore, trace.Refuse:
						arrived[e.Message.Kind]++
					case trace.Promise, trace.Accept: // which tell the answer
						arrived[e.Message.Kind-1]++
					}
				}
			}
			for _, k := range slices.Concat(requests, responses) {
				isLost := calm == 0 && slices.Contains(c.some, k)
				if c.some != nil && (lost[k] > 0) != isLost {
					t.Errorf("%+v, calm at %d: %d messages of the kind %s are lost", c.link, calm, lost[k], k)
				}
				if slices.Contains(c.nothing, k) && (arrived[k] > 0) != (calm > 0) {
					t.Errorf("%+v, calm at %d: %d messages of the kind %s arrive", c.link, calm, arrived[k], k)
				}
			}
		}
	}
}

// A message of the tail takes the tail's latency instead of the link's, until the calm.
func TestTail(t *testing.T) {
	for calm, want := range map[trace.Time]string{
		0:                "acquire alice: acquired alice 280ms",
		70 * millisecond: "acquire alice: acquired alice 100ms", 70*millisecond + 1: "acquire alice: acquired alice 160ms",
	} {
		p := newPlay(t, "published", 2)
		for i := range p.timetable.Links {
			p.timetable.Links[i].Tail, p.timetable.Links[i].TailLatency = million, Range{70 * millisecond, 70 * millisecond}
		}
		p.timetable.Calm = calm
		p.expect(fmt.Sprint("calm at ", calm), p.timed("0ms acquire alice a").outcomes(), want)
	}
}

// A clog holds what is sent between its ends, from some to some, and nothing else.
func TestClogHolds(t *testing.T) {
	for _, c := range []struct {
		clog Clog
		want trace.Time // when b has the request of a that is sent at 1 ms
	}{
		{Clog{From: 1, To: 2, Begin: millisecond, End: 50 * millisecond}, 60 * millisecond},
		{Clog{From: 1, To: 2, Begin: millisecond + 1, End: 50 * millisecond}, 11 * millisecond},
		{Clog{From: 1, To: 2, End: 1}, 11 * millisecond}, // it is over
		{Clog{From: 1, To: 2, End: millisecond}, 11 * millisecond},
		{Clog{From: 1, To: 2, End: millisecond + 1}, 11*millisecond + 1},
		{Clog{From: 2, To: 2, End: 50 * millisecond}, 11 * millisecond},
		{Clog{From: 1, To: 1, End: 50 * millisecond}, 11 * millisecond},
	} {
		p := newPlay(t, "published", 2)
		p.timetable.Clogs = []Clog{c.clog, {End: trace.Second}}
		p.timed("1ms acquire alice a")
		p.expect(fmt.Sprintf("%+v", c.clog), p.events(trace.Promise), milliseconds(c.want)+" promise b-a promise-response 1 #1 yes")
		// The longest of several holds.
		p = newPlay(t, "published", 2)
		p.timetable.Clogs = []Clog{{From: 1, To: 2, End: 90 * millisecond}, c.clog}
		p.timed("1ms acquire alice a")
		p.expect("with a longer one", p.events(trace.Promise), "100ms promise b-a promise-response 1 #1 yes")
	}
}

// A client that roams calls any instance, one that does not calls its home.
func TestRoam(t *testing.T) {
	for roam, want := range map[uint32]protocol.Set{0: 0b100, 1_000_000: 0b111} {
		p := newPlay(t, "sound", 3)
		span := Range{millisecond, millisecond}
		p.timetable.Clients = []Client{{First: 1, Last: 4, Home: 2, Roam: roam, Stop: trace.Second, Operations: 20, Think: span, Hold: span, Patience: Range{High: trace.Second, Low: trace.Second}}}
		p.timed("")
		called := protocol.Set(0)
		for n := 1; n <= p.world.Operations(); n++ {
			called = called.With(p.world.Operation(n).Via)
		}
		if called != want || p.world.Operations() != 20 {
			t.Errorf("with %d millionths %b are called, in %d operations", roam, called, p.world.Operations())
		}
	}
}

// What is wrong with a world is told by each of its faults, until that is mended.
func TestHealed(t *testing.T) {
	for _, c := range []struct{ fault, mend string }{
		{"crash c", "restart c"}, {"pause c", "resume c"}, {"cut a c", "mend a c"}, {"isolate c", "rejoin c"}, {"partition ab c", "unite"}, {"cut c a", "heal"},
	} {
		w := NewWorld(&newPlay(t, "sound", 3).cluster)
		do := func(words string) {
			for line := range lines(words) {
				d := newPlay(t, "sound", 3).decision(line)
				w.Do(&d)
			}
		}
		if do("crash b\n restart b"); !w.Healed() {
			t.Errorf("before %s it is not healed", c.fault)
		}
		if do(c.fault); w.Healed() {
			t.Errorf("after %s it is healed", c.fault)
		}
		if w.Paused(2) != (c.fault == "pause c") || w.Isolated(2) != (c.fault == "isolate c") || w.Paused(1) || w.Isolated(1) ||
			w.CutOff(0).Has(2) != (c.fault == "cut a c") || w.CutOff(2).Has(0) != (c.fault == "cut c a") {
			t.Errorf("after %s: paused %v, isolated %v, cut off %b", c.fault, w.Paused(2), w.Isolated(2), w.CutOff(0))
		}
		if do(c.mend); !w.Healed() {
			t.Errorf("after %s it is not healed", c.mend)
		}
	}
}

// When a run has ended it is known up to when nothing more happens, and whether ever.
func TestSettled(t *testing.T) {
	for _, c := range []struct {
		what    string
		change  func(*Timetable)
		until   trace.Time
		forever bool
	}{
		{"nothing more", func(*Timetable) {}, 40 * millisecond, true},
		{"the time is up", func(t *Timetable) { t.End = 25 * millisecond }, 25*millisecond - 1, false},
		{"the budget is spent", func(t *Timetable) { t.Budget = 5 }, 20*millisecond - 1, false},
	} {
		p := newPlay(t, "published", 3)
		c.change(&p.timetable)
		s := p.byHand("0ms acquire alice a", 1<<30)
		if until, forever := s.Settled(); until != c.until || forever != c.forever {
			t.Errorf("%s: until %d, for ever %v", c.what, until, forever)
		}
	}
	p := newPlay(t, "published", 3)
	s := NewScheduled(&p.cluster, &Schedule{Decisions: []Decision{*p.named("acquire", "alice", "a")}, Settle: true})
	s.Step()
	if until, forever := s.Settled(); until != ScheduleStep-1 || forever {
		t.Errorf("a schedule that goes on: until %d, for ever %v", until, forever)
	}
	s.Run()
	if until, forever := s.Settled(); until != s.World().Now() || !forever {
		t.Errorf("a schedule: until %d, for ever %v", until, forever)
	}
	d := p.named("deliver", "promise-request", "a", "b")
	if _, _, found := s.Due(d); found || s.Delay(d, millisecond) {
		t.Error("in a schedule something has a moment")
	}
}

// A fate has met a message when one is as it says, on whatever it does.
func TestMet(t *testing.T) {
	p := newPlay(t, "published", 3)
	p.fate(DelayFate, "promise-request", "a", "b", 1, 0).fate(DelayFate, "promise-request", "b", "a", 1, 0)
	s := p.byHand("0ms acquire alice a\n 1s acquire bob b", 5)
	if !s.Met(0) || s.Met(1) {
		t.Errorf("in the beginning: %v, %v", s.Met(0), s.Met(1))
	}
	if s.Run(); !s.Met(0) || !s.Met(1) {
		t.Errorf("in the end: %v, %v", s.Met(0), s.Met(1))
	}
	if w := s.World(); w.Patience(2) != DefaultClientTimeout {
		t.Errorf("bob waits for %d", w.Patience(2))
	}
}

// A header says all that a cluster says, and nothing of the cluster before it.
func TestHeader(t *testing.T) {
	p := newPlay(t, "published", 2)
	p.cluster.Quorums, p.cluster.ClientLatency = protocol.Quorums{Promise: 1, Commit: 2}, 3
	full := Instance{
		Name: "x", Increment: 7, Timeout: 8, PromiseTimeout: 9, PromiseDelay: Range{10, 11}, RulesOn: 12, RulesOff: 13, Program: BuiltIn(0), ProgramName: "y",
	}
	plain := full
	plain.ProgramName = ""
	p.cluster.Instances = append(p.cluster.Instances, full, plain)
	b := trace.Setting{Increment: 7, Timeout: 8, PromiseTimeout: 9, PromiseDelay: trace.Delay{Low: 10, High: 11}, RulesOn: 12, RulesOff: 13}
	y, unnamed := b, b
	y.Program, unnamed.Program = "y", "a program"
	want := &trace.Header{
		Rules: p.cluster.Rules, Quorums: p.cluster.Quorums, ClientLatency: 3, Holders: p.cluster.Holders, Instances: []string{"a", "b", "x", "x"},
		Settings: []trace.Setting{{Increment: 1, Timeout: DefaultTimeout}, {Increment: 2, Timeout: DefaultTimeout}, y, unnamed},
	}
	used := newPlay(t, "sound", 5).cluster.Header()
	used.Title, used.Seed, used.Edition, used.Decisions = "t", 1, "e", []string{"d"}
	p.cluster.Describe(used)
	for _, h := range []*trace.Header{p.cluster.Header(), used} {
		if !reflect.DeepEqual(h, want) {
			t.Errorf("the header is %+v, not %+v", h, want)
		}
	}
}

// Who is named plays its own instance, who is not named plays the others, and a cluster
// says who plays it.
func TestPlayers(t *testing.T) {
	one, other := Player{"one", BuiltIn(0)}, Player{"other", BuiltIn(protocol.AllRules)}
	for _, c := range []struct{ players, want Players }{
		{nil, nil},
		{Players{"b": one}, Players{"b": one}},
		{Players{"": other}, Players{"a": other, "b": other, "c": other}},
		{Players{"": other, "b": one}, Players{"a": other, "b": one, "c": other}},
		{Players{"z": one}, nil},
	} {
		p := newPlay(t, "sound", 3)
		c.players.Play(p.cluster.Instances)
		if got := p.cluster.Players(); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%v play %v", c.players, got)
		}
	}
}
