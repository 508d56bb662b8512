package check

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"testing"

	"skinny/protocol"
	"skinny/sim"
	"skinny/sim/trace"
)

// Holders of all tests.
const (
	alice protocol.Holder = iota + 1
	bob
	carol
	dave
)

var (
	holderNames   = []string{"alice", "bob", "carol", "dave", "erin", "frank"}
	instanceNames = []string{"a", "b", "c", "d", "e", "f"}
)

// edition is the rules of an edition.
func edition(t testing.TB, name string) protocol.Rules {
	t.Helper()
	e, ok := protocol.EditionByName(name)
	if !ok {
		t.Fatalf("no edition %q", name)
	}
	return e.Rules
}

// header is that of a run of size instances.
func header(rules protocol.Rules, size int) *trace.Header {
	h := &trace.Header{Rules: rules, Instances: instanceNames[:size], Holders: holderNames}
	for i := range size {
		h.Settings = append(h.Settings, trace.Setting{Increment: protocol.ID(i + 1), Timeout: sim.DefaultTimeout})
	}
	return h
}

// setup is a timed run to be made.
type setup struct {
	rules     protocol.Rules
	size      int
	seed      uint64
	link      sim.Link
	timeline  []sim.Decision
	fates     []sim.Fate
	latency   trace.Time // of clients
	increment protocol.ID
	calm      trace.Time // from then on nothing is lost or copied
}

// run makes the run and tells its observer every event.
func (s *setup) run(o trace.Observer) {
	c := &sim.Cluster{Rules: s.rules, Holders: holderNames, ClientLatency: s.latency}
	for i := range s.size {
		increment := s.increment
		if increment == 0 {
			increment = protocol.ID(i + 1)
		}
		c.Instances = append(c.Instances, sim.Instance{
			Name: instanceNames[i], Increment: increment, Timeout: sim.DefaultTimeout,
		})
	}
	t := &sim.Timetable{Seed: s.seed, Timeline: s.timeline, Fates: s.fates, Calm: s.calm, Budget: 100_000}
	for range s.size * s.size {
		t.Links = append(t.Links, s.link)
	}
	timed := sim.NewTimed(c, t)
	timed.World().Observe(o)
	timed.Run()
}

// judge makes the run and judges it.
func (s *setup) judge() []Verdict {
	j := NewJudges(header(s.rules, s.size))
	s.run(j)
	return j.Verdicts()
}

// steady is a link of 10 ms that loses nothing.
var steady = sim.Link{Latency: sim.Range{Low: 10 * trace.Millisecond, High: 10 * trace.Millisecond}}

// rough is a link that loses, copies and reorders messages.
var rough = sim.Link{
	Latency:     sim.Range{Low: trace.Millisecond, High: 40 * trace.Millisecond},
	Loss:        100_000,
	Duplication: 100_000,
}

// call is a client's call at a time in milliseconds.
func call(at trace.Time, kind protocol.OperationKind, holder protocol.Holder, via protocol.Position) sim.Decision {
	return sim.Decision{
		At: at * trace.Millisecond, Kind: sim.InvokeOperation,
		Operation: kind, Holder: holder, From: via, Timeout: sim.DefaultClientTimeout,
	}
}

// fault is a decision about an instance at a time in milliseconds.
func fault(at trace.Time, kind sim.DecisionKind, instance protocol.Position) sim.Decision {
	return sim.Decision{At: at * trace.Millisecond, Kind: kind, From: instance}
}

// twoWinners is the published program's first defect.
func twoWinners(t testing.TB) *setup {
	return &setup{
		rules: edition(t, "published"), size: 3, link: steady,
		timeline: []sim.Decision{
			call(0, protocol.Acquire, alice, 0),
			call(5, protocol.Acquire, bob, 1),
		},
	}
}

// random is a run with calls, crashes, restarts and partitions at random, over
// rough links. Every client acquires once and releases when it has its answer or
// has given up, so that no name is used for two acquisitions. Odd seeds have
// clients at a distance.
func random(rules protocol.Rules, size int, seed uint64) *setup {
	r := rand.New(rand.NewPCG(seed, 99))
	s := &setup{rules: rules, size: size, seed: seed, link: rough}
	if seed%2 == 1 {
		s.latency = 3 * trace.Millisecond
	}
	const second = 1000
	via := func() protocol.Position { return protocol.Position(r.IntN(size)) }
	time := func(before int) trace.Time { return trace.Time(r.IntN(before)) }
	wave := [...]trace.Time{time(10 * second), time(10 * second), time(10 * second)}
	for client := range protocol.Holder(len(holderNames)) {
		at := wave[r.IntN(len(wave))] + time(200)
		s.timeline = append(s.timeline, call(at, protocol.Acquire, client+1, via()))
		if r.IntN(4) > 0 {
			at += 5*second + 1 + time(2*second)
			s.timeline = append(s.timeline, call(at, protocol.Release, client+1, via()))
		}
	}
	s.timeline = append(s.timeline, call(time(10*second), protocol.Status, protocol.Free, via()))
	kinds := [...]sim.DecisionKind{
		sim.IsolateInstance, sim.HealEverything, sim.CrashInstance,
		sim.RestartInstance, sim.RestartInstance, sim.RestartInstance,
	}
	for range r.IntN(10) {
		at := wave[r.IntN(len(wave))] + time(400)
		s.timeline = append(s.timeline, fault(at, kinds[r.IntN(len(kinds))], via()))
	}
	slices.SortStableFunc(s.timeline, func(a, b sim.Decision) int { return cmp.Compare(a.At, b.At) })
	return s
}
