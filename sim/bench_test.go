package sim_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"skinny/protocol"
	"skinny/sim"
	"skinny/sim/check"
	"skinny/sim/trace"
)

// workload is what the benchmarks run: links of 1 to 21 ms, 2 % loss, three
// clients and 20 operations a seed.
type workload struct {
	cluster    sim.Cluster
	header     trace.Header
	timetables []*sim.Timetable
}

func newWorkload(t testing.TB, edition string, size, seeds int) *workload {
	found, ok := protocol.EditionByName(edition)
	if !ok {
		t.Fatalf("there is no edition %q", edition)
	}
	holders := []string{"alice", "bob", "carol"}
	w := &workload{
		cluster: sim.Cluster{Rules: found.Rules, Holders: holders},
		header:  trace.Header{Rules: found.Rules, Holders: holders},
	}
	for i := range size {
		instance := sim.Instance{Name: fmt.Sprint("n", i), Increment: protocol.ID(i + 1), Timeout: sim.DefaultTimeout}
		w.cluster.Instances = append(w.cluster.Instances, instance)
		w.header.Instances = append(w.header.Instances, instance.Name)
		w.header.Settings = append(w.header.Settings, trace.Setting{Increment: instance.Increment, Timeout: instance.Timeout})
	}
	links := make([]sim.Link, size*size)
	for i := range links {
		links[i] = sim.Link{Latency: sim.Range{Low: trace.Millisecond, High: 21 * trace.Millisecond}, Loss: 20_000}
	}
	for seed := range uint64(seeds) {
		w.timetables = append(w.timetables, &sim.Timetable{
			Seed: seed, Links: links, Timeline: operations(seed, size), Budget: sim.DefaultBudget,
		})
	}
	return w
}

// operations is what the three clients do: each acquires and releases in turn,
// somewhere, with up to 200 ms in between.
func operations(seed uint64, size int) []sim.Decision {
	random := rand.New(rand.NewPCG(seed, 1))
	var list []sim.Decision
	at := trace.Time(0)
	for n := range 20 {
		kind := protocol.Acquire
		if n/3%2 == 1 {
			kind = protocol.Release
		}
		at += trace.Time(random.IntN(200)) * trace.Millisecond
		list = append(list, sim.Decision{
			At: at, Kind: sim.InvokeOperation, Operation: kind, Holder: protocol.Holder(n%3 + 1),
			From: protocol.Position(random.IntN(size)), Timeout: sim.DefaultClientTimeout,
		})
	}
	return list
}

// run runs one seed and returns the number of its events.
func (w *workload) run(s *sim.Timed, j *check.Judges, seed int) int {
	s.Reset(&w.cluster, w.timetables[seed%len(w.timetables)])
	if j != nil {
		j.Reset(&w.header)
	}
	s.Run()
	return s.World().Events()
}

var verdicts []check.Verdict // so that the verdicts are not optimised away

// measure runs seed after seed and reports by event. Judges watch if there are
// any, and say their verdicts after every seed if judged is set.
func (w *workload) measure(b *testing.B, j *check.Judges, judged bool) {
	s := sim.NewTimed(&w.cluster, w.timetables[0])
	if j != nil {
		s.World().Observe(j)
	}
	for seed := range w.timetables {
		w.run(s, j, seed)
	}
	b.ReportAllocs()
	events, seed := 0, 0
	for b.Loop() {
		events += w.run(s, j, seed)
		if judged {
			verdicts = j.Verdicts()
		}
		seed++
	}
	b.ReportMetric(float64(events)/b.Elapsed().Seconds(), "events/s")
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(events), "ns/event")
	b.ReportMetric(float64(events)/float64(seed), "events/seed")
}

// The event loop alone, with judges that watch every event, and with their verdicts
// after every seed too: linearizability is decided then.
func BenchmarkEventLoop(b *testing.B) {
	for _, edition := range []string{"published", "sound"} {
		w := newWorkload(b, edition, 5, 256)
		b.Run(edition+"/plain", func(b *testing.B) { w.measure(b, nil, false) })
		b.Run(edition+"/judges", func(b *testing.B) { w.measure(b, check.NewJudges(&w.header), false) })
		b.Run(edition+"/verdicts", func(b *testing.B) { w.measure(b, check.NewJudges(&w.header), true) })
	}
}

// The cost of an event may grow with the logarithm of what is pending, and with
// nothing else.
func BenchmarkClusterSize(b *testing.B) {
	for _, size := range []int{3, 5, 9, 17, 33, 64} {
		w := newWorkload(b, "sound", size, 64)
		b.Run(fmt.Sprint(size), func(b *testing.B) { w.measure(b, nil, false) })
	}
}

// A copy is what a search or a stepper takes at every event.
func BenchmarkCopy(b *testing.B) {
	for _, size := range []int{3, 5, 64} {
		w := newWorkload(b, "sound", size, 1)
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			s := sim.NewTimed(&w.cluster, w.timetables[0])
			for s.World().Events() < 100 {
				s.Step()
			}
			var world sim.World
			world.CopyFrom(s.World())
			b.ReportAllocs()
			for b.Loop() {
				world.CopyFrom(s.World())
			}
		})
	}
}

// Once its memory has grown, a run allocates nothing.
func TestWarmRunAllocatesNothing(t *testing.T) {
	for _, edition := range []string{"published", "sound"} {
		w := newWorkload(t, edition, 5, 8)
		s := sim.NewTimed(&w.cluster, w.timetables[0])
		j := check.NewJudges(&w.header)
		for _, judges := range []*check.Judges{nil, j} {
			if judges != nil {
				s.World().Observe(judges)
			}
			for seed := range w.timetables {
				w.run(s, judges, seed)
			}
			seed := 0
			allocs := testing.AllocsPerRun(3*len(w.timetables), func() {
				w.run(s, judges, seed)
				seed++
			})
			if allocs != 0 {
				t.Errorf("%s, judges %v: %v allocations in a run", edition, judges != nil, allocs)
			}
		}
	}
}
