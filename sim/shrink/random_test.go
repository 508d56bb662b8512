package shrink

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"skinny/protocol"
	"skinny/sim"
	"skinny/sim/check"
	"skinny/sim/trace"
)

// failure is a run in which properties break.
type failure struct {
	cluster    *sim.Cluster
	decisions  []sim.Decision
	properties []string
	seed       uint64
}

// rulesWithout is every rule but these.
func rulesWithout(t testing.TB, off ...string) protocol.Rules {
	t.Helper()
	rules := protocol.AllRules
	for _, name := range off {
		r, ok := protocol.RuleByName(name)
		if !ok {
			t.Fatalf("no rule is called %s", name)
		}
		rules &^= r.Rule
	}
	return rules
}

func published(t testing.TB) protocol.Rules {
	t.Helper()
	e, ok := protocol.EditionByName("published")
	if !ok {
		t.Fatal("no edition is called published")
	}
	return e.Rules
}

// world is the cluster and the timetable of a seed: random latencies, losses,
// duplicates, restarts, isolations and operations.
func world(rules protocol.Rules, seed uint64, operations int) (*sim.Cluster, *sim.Timetable) {
	r := rand.New(rand.NewPCG(seed, 99))
	size := 3 + r.IntN(3)
	c := &sim.Cluster{Rules: rules}
	if r.IntN(4) == 0 {
		c.ClientLatency = trace.Millisecond
	}
	for p := range size {
		i := sim.Instance{Name: string(rune('a' + p)), Increment: protocol.ID(1 + r.IntN(size)), Timeout: 60 * trace.Millisecond}
		if r.IntN(10) == 0 {
			i.PromiseDelay = sim.Range{Low: trace.Millisecond, High: 5 * trace.Millisecond}
		}
		c.Instances = append(c.Instances, i)
	}
	t := &sim.Timetable{Seed: seed, Links: make([]sim.Link, size*size), Budget: 20_000}
	loss := uint32(r.IntN(4)) * 60_000
	for i := range t.Links {
		t.Links[i] = sim.Link{
			Latency:     sim.Range{Low: trace.Millisecond, High: trace.Time(1+r.IntN(60)) * trace.Millisecond},
			Loss:        loss,
			Duplication: uint32(r.IntN(2)) * 100_000,
		}
	}
	at := trace.Time(0)
	say := func(d sim.Decision) {
		d.At = at
		t.Timeline = append(t.Timeline, d)
	}
	var holding []protocol.Holder
	for range operations {
		at += trace.Time(r.IntN(120)) * trace.Millisecond
		d := sim.Decision{
			Kind: sim.InvokeOperation, From: protocol.Position(r.IntN(size)), Timeout: trace.Second,
		}
		if len(holding) > 0 && r.IntN(2) == 0 {
			d.Operation, d.Holder = protocol.Release, holding[0]
			holding = holding[1:]
		} else {
			c.Holders = append(c.Holders, fmt.Sprint("h", len(c.Holders)+1))
			d.Operation, d.Holder = protocol.Acquire, protocol.Holder(len(c.Holders))
			holding = append(holding, d.Holder)
		}
		say(d)
		fault(r, size, &at, say)
	}
	return c, t
}

// fault says one fault, or none.
func fault(r *rand.Rand, size int, at *trace.Time, say func(sim.Decision)) {
	x := protocol.Position(r.IntN(size))
	later := func() { *at += trace.Time(r.IntN(30)) * trace.Millisecond }
	switch r.IntN(9) {
	case 0:
		later()
		say(sim.Decision{Kind: sim.RestartInstance, From: x})
	case 1:
		say(sim.Decision{Kind: sim.IsolateInstance, From: x})
	case 2:
		say(sim.Decision{Kind: sim.HealEverything})
	case 3:
		say(sim.Decision{Kind: sim.CrashInstance, From: x, HostUp: r.IntN(2) == 0})
		later()
		say(sim.Decision{Kind: sim.RestartInstance, From: x})
	case 4:
		say(sim.Decision{Kind: sim.PauseInstance, From: x})
		later()
		say(sim.Decision{Kind: sim.ResumeInstance, From: x})
	case 5:
		say(sim.Decision{Kind: sim.SetPartition, Groups: []protocol.Set{protocol.Set(r.Uint32()) & protocol.All(size)}})
		later()
		say(sim.Decision{Kind: sim.EndPartition})
	}
}

// tryRun is the run of a seed.
func tryRun(rules protocol.Rules, seed uint64, operations int) *failure {
	c, t := world(rules, seed, operations)
	f := &failure{cluster: c, seed: seed}
	run := sim.NewTimed(c, t)
	run.Record(func(d sim.Decision) { f.decisions = append(f.decisions, d) })
	judges := check.NewJudges(newSetup(c).header)
	run.World().Observe(judges)
	run.Run()
	f.properties = violated(judges)
	return f
}

func violated(j *check.Judges) []string {
	var list []string
	for _, v := range j.Verdicts() {
		if v.State == check.Violated {
			list = append(list, v.Property)
		}
	}
	return list
}
