package sim

import (
	"slices"
	"testing"

	"skinny/protocol"
	"skinny/sim/trace"
)

// Each use of chance has its own stream. A chance of one in a million turns a
// stream on and, with this seed, changes nothing else: the run stays the same.
func TestStreamsAreIndependent(t *testing.T) {
	run := func(change func(*play)) string {
		p := newPlay(t, "published", 5)
		for i := range p.timetable.Links {
			p.timetable.Links[i].Latency = Range{5 * millisecond, 20 * millisecond}
		}
		p.fate(DropFate, "promise-request", "a", "bcd", 1, 0) // so that there is a retry with its jitter
		change(p)
		return p.timed("0ms acquire alice a\n 3ms acquire bob b\n 1s release alice a\n 1s acquire carol c").digest()
	}
	plain := run(func(*play) {})
	for what, change := range map[string]func(*play){
		"loss": func(p *play) {
			for i := range p.timetable.Links {
				p.timetable.Links[i].Loss = 1
			}
		},
		"duplication": func(p *play) {
			for i := range p.timetable.Links {
				p.timetable.Links[i].Duplication = 1
			}
		},
		"a fate that no message meets": func(p *play) { p.fate(DropFate, "commit-request", "e", "a", 99, 0) },
	} {
		if run(change) != plain {
			t.Errorf("turning %s on changed the run", what)
		}
	}
	// A message that is lost has drawn its latency all the same.
	latencies := func(loss uint32) []trace.Time {
		p := newPlay(t, "published", 5)
		for i := range p.timetable.Links {
			p.timetable.Links[i].Latency = Range{5 * millisecond, 20 * millisecond}
		}
		p.link("a", "c").Loss = loss
		p.timed("0ms acquire alice a")
		var times []trace.Time
		for i := range p.log.Events {
			if e := &p.log.Events[i]; e.Kind == trace.Promise && e.Instance != 2 {
				times = append(times, e.At)
			}
		}
		return times
	}
	with, without := latencies(1_000_000), latencies(0)
	if len(with) != 3 || len(without) != 3 || [3]trace.Time(with) != [3]trace.Time(without) {
		t.Errorf("requests took %v with a loss on another link, %v without", with, without)
	}
	// The same with losses on: whether there may be copies does not change them.
	losses := func(p *play) {
		for i := range p.timetable.Links {
			p.timetable.Links[i].Loss = 300_000
		}
	}
	if run(losses) != run(func(p *play) {
		losses(p)
		for i := range p.timetable.Links {
			p.timetable.Links[i].Duplication = 1
		}
	}) {
		t.Error("turning duplication on changed what is lost")
	}
	if other := run(func(p *play) { p.timetable.Seed = 2 }); other == plain {
		t.Error("another seed makes the same run")
	}
}

func TestStreamDraws(t *testing.T) {
	for _, n := range []uint64{1, 2, 3, 10, 1 << 33, 1<<63 + 1} {
		s := newStream(7, 1)
		seen := map[uint64]int{}
		for range 1000 {
			v := s.below(n)
			if v >= n {
				t.Fatalf("below(%d) = %d", n, v)
			}
			seen[v]++
		}
		if n <= 10 && uint64(len(seen)) != n {
			t.Errorf("below(%d) drew only %d numbers", n, len(seen))
		}
	}
	s := newStream(7, 1)
	ends := map[int64]bool{}
	for range 100 {
		ends[s.from(Range{5, 7})] = true
	}
	if len(ends) != 3 || !ends[5] || !ends[7] {
		t.Errorf("a range of 5 to 7 drew %v", ends)
	}
	// Nothing is drawn where there is nothing to choose.
	before := s
	if s.from(Range{5, 5}) != 5 || s.chance(0) || s != before {
		t.Error("a draw without a choice used the stream")
	}
	for range 1000 {
		if !s.chance(1_000_000) {
			t.Fatal("a certain thing did not happen")
		}
	}
}

// Two numbers of a stream, pinned: a change of generator changes every run.
func TestStreamIsPinned(t *testing.T) {
	s := newStream(1, latencyStream)
	if got, want := [2]uint64{s.Uint64(), s.Uint64()}, [2]uint64{18395765901794496440, 1890700816702069259}; got != want {
		t.Errorf("seed 1, stream 1: %v, want %v", got, want)
	}
}

// The agenda gives back what it was given, by time and then by key.
func TestAgenda(t *testing.T) {
	s := newStream(3, 9)
	var a agenda
	var last entry
	size := 0
	for round := range 20_000 {
		if size == 0 || round < 10_000 && s.below(3) > 0 {
			e := entry{due: trace.Time(s.below(50)), key: uint64(round), ref: Ref(round)}
			if e.before(&last) {
				e.due = last.due // time does not run backwards
			}
			a.push(e)
			size++
			continue
		}
		first := a.pop()
		size--
		if round%100 == 0 && size > 0 {
			var c, same agenda
			c.copyFrom(&a)
			same.copyFrom(&c)
			if len(c.list)+len(c.heap) != size || c.pop() != *same.first() {
				t.Fatalf("a copy has %d entries, not %d", len(c.list)+len(c.heap), size)
			}
		}
		for _, e := range slices.Concat(a.list, a.heap) {
			if e.before(&first) {
				t.Fatalf("%v came before %v", first, e)
			}
		}
		if first.before(&last) {
			t.Fatalf("%v came after %v", first, last)
		}
		last = first
	}
}

func TestLaterDoesNotRunOver(t *testing.T) {
	const end = 1<<63 - 1
	if later(end-5, 5) != end || later(end-5, 6) != end || later(1, 2) != 3 {
		t.Error("later")
	}
}

func TestClusterSizes(t *testing.T) {
	for _, size := range []int{0, 1, 65} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("a cluster of %d was made", size)
				}
			}()
			NewWorld(&Cluster{Instances: make([]Instance, size)})
		}()
	}
	p := newPlay(t, "sound", 64).timed("0ms acquire alice a")
	p.expect("64 instances", p.outcomes(), "acquire alice: acquired alice 40ms")
	if got := p.world.Instance(63).Accepted; got != (protocol.Proposal{ID: 1, Holder: 1}) {
		t.Errorf("the last instance accepted %v", got)
	}
}
