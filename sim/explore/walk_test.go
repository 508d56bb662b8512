package explore

import (
	"bytes"
	"math/rand/v2"
	"slices"
	"testing"

	"skinny/protocol"
	"skinny/sim/check"
	"skinny/sim/explore/search"
	"skinny/sim/trace"
)

// encoded lists the states that follow from the explorer's world, each once.
func (x *explorer) encoded() [][]byte {
	var list [][]byte
	moves, _ := x.moves()
	for i := range moves {
		x.take(&moves[i])
		if x.judge.used[Retries] <= x.model.config.Limits[Retries] {
			list = append(list, x.encoder.append(nil, &x.next, &x.judge))
		}
	}
	slices.SortFunc(list, bytes.Compare)
	return slices.CompactFunc(list, bytes.Equal)
}

// anyConfig is a model of all kinds: any rules, any number of clients.
func anyConfig(r *rand.Rand) Config {
	editions := protocol.Editions()
	c := newConfig(editions[r.IntN(len(editions))].Name, 2+r.IntN(4), 1+r.IntN(3))
	for range r.IntN(4) {
		c.Cluster.Rules ^= 1 << r.IntN(20)
	}
	c.Cluster.Rules |= protocol.Timeouts // most runs would end soon without it
	if r.IntN(4) == 0 {
		c.Cluster.Rules &^= protocol.Timeouts
	}
	if r.IntN(4) == 0 {
		in := &c.Cluster.Instances[r.IntN(c.Cluster.Size())]
		in.RulesOn, in.RulesOff = 1<<r.IntN(20), 1<<r.IntN(20)
	}
	if size := uint8(c.Cluster.Size()); r.IntN(4) == 0 {
		c.Cluster.Quorums = protocol.Quorums{Promise: 1 + uint8(r.IntN(int(size))), Commit: uint8(r.IntN(int(size) + 1))}
	}
	for i := range c.Calls {
		c.Calls[i].Via = protocol.Position(r.IntN(c.Cluster.Size()))
		switch r.IntN(6) {
		case 0:
			c.Calls[i].Kind = protocol.Release
		case 1:
			c.Calls[i].Kind = protocol.Acquire
		}
	}
	if r.IntN(4) == 0 {
		c.Cluster.ClientLatency = trace.Millisecond
	}
	c.HostsUp, c.HostsDown = r.IntN(2) == 0, r.IntN(3) > 0
	for b := range Wipes {
		c.Limits[b] = uint8(r.IntN(4))
	}
	if d := rand.New(rand.NewPCG(uint64(c.Cluster.Rules), uint64(c.Limits[Losses]))); d.IntN(3) == 0 {
		c.Limits[Wipes], c.Limits[Tears] = uint8(d.IntN(3)), uint8(d.IntN(3))
	}
	for _, name := range PropertyNames() {
		if r.IntN(3) > 0 {
			c.Properties = append(c.Properties, name)
		}
	}
	return c
}

// On a run at random, in a world that is never taken apart: the marks of the states
// are the verdicts of the judges, and what can follow from the state as it was
// written is what can follow from the world as it is.
func TestStatesAreWorlds(t *testing.T) {
	violated, steps := map[string]int{}, 0
	for seed := range uint64(3000) {
		r := rand.New(rand.NewPCG(seed, 1))
		c := anyConfig(r)
		if r.IntN(2) == 0 {
			c.Reductions = Reductions{Stale: r.IntN(2) == 0, Past: r.IntN(2) == 0}
		}
		m, err := New(c)
		if err != nil {
			t.Fatal(err)
		}
		judges := check.NewJudges(m.Header())
		x, decoded := newExplorer(m), newExplorer(m)
		x.begin()
		for x.past.used[Retries] <= c.Limits[Retries] {
			if x.past.violated == 0 { // what follows then is never looked at
				sameFuture(t, seed, x, decoded)
			}
			moves, _ := x.moves()
			if len(moves) == 0 {
				break
			}
			x.next.Observe(trace.Tee{&x.judge, judges})
			x.take(&moves[r.IntN(len(moves))])
			x.next.Observe(&x.judge)
			x.advance()
			steps++
			sameVerdicts(t, seed, x, judges, violated)
		}
	}
	t.Logf("%d steps, violations by property: %v", steps, violated)
	for _, p := range table {
		if violated[p.Name] == 0 && p.Kind == search.Always {
			t.Errorf("%s was never violated", p.Name)
		}
	}
}

// sameFuture compares what follows from the explorer's world with what follows from
// it as it was written.
func sameFuture(t *testing.T, seed uint64, x, decoded *explorer) {
	t.Helper()
	state := x.encoder.append(nil, &x.world, &x.past)
	decoded.decoder.decode(state, &decoded.world, &decoded.past)
	if again := decoded.encoder.append(nil, &decoded.world, &decoded.past); !bytes.Equal(again, state) {
		t.Fatalf("seed %d: written %x, and again %x", seed, state, again)
	}
	want, got := x.encoded(), decoded.encoded()
	same := slices.EqualFunc(want, got, bytes.Equal)
	if x.model.config.Reductions.Stale {
		// A message that was forgotten is missing in the one; in the other it can
		// still be delivered, which leads nowhere, or lost, which costs something.
		same = !slices.ContainsFunc(got, func(s []byte) bool {
			_, ok := slices.BinarySearchFunc(want, s, bytes.Compare)
			return !ok
		})
	}
	if !same {
		t.Fatalf("seed %d: after %x follow\n%x\nand from what was written\n%x\n%+v", seed, state, want, got, x.model.config)
	}
}

// sameVerdicts compares marks and verdicts, and counts violations.
func sameVerdicts(t *testing.T, seed uint64, x *explorer, judges *check.Judges, violated map[string]int) {
	var want search.Marks
	for _, v := range judges.Verdicts() {
		if v.State == check.Violated {
			mark := slices.IndexFunc(table[:], func(p search.Property) bool { return p.Name == v.Property })
			want |= search.Mark(mark) & x.model.judged
			violated[v.Property]++
		}
	}
	if want != x.past.violated {
		t.Fatalf("seed %d: marks %b, verdicts %b: %+v", seed, x.past.violated, want, judges.Verdicts())
	}
}

// Whatever way a search goes can be gone again in a world that was never taken apart, past
// moves that the bounds do not allow.
func TestReplayAnyPath(t *testing.T) {
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 2))
		m, err := New(anyConfig(r))
		if err != nil {
			t.Fatal(err)
		}
		x := newExplorer(m)
		x.begin()
		path := [][]byte{x.encoder.append(nil, &x.world, &x.past)}
		for x.past.violated == 0 {
			x.decoder.decode(path[len(path)-1], &x.world, &x.past)
			moves, _ := x.moves()
			if len(moves) == 0 || !x.take(&moves[r.IntN(len(moves))]) {
				break
			}
			x.past.violated = x.judge.violated
			path = append(path, x.encoder.append(nil, &x.next, &x.judge))
		}
		if decisions, err := m.Replay(path); err != nil || len(decisions) != len(path)-1 {
			t.Fatalf("seed %d: %d decisions for %d states: %v", seed, len(decisions), len(path), err)
		}
	}
}

// The largest clusters have room in a state for all their votes, whether peers are asked at once or
// one after the other.
func TestLargestClusters(t *testing.T) {
	most := 0
	for _, edition := range []string{"published", "sequential", "sound"} {
		c := acquiring(newConfig(edition, MaxInstances, 2))
		m, err := New(c)
		if err != nil {
			t.Fatal(err)
		}
		for seed := range uint64(3) {
			r := rand.New(rand.NewPCG(seed, 1))
			x, decoded := newExplorer(m), newExplorer(m)
			x.begin()
			for {
				sameFuture(t, seed, x, decoded)
				moves, _ := x.moves()
				if len(moves) == 0 || !x.take(&moves[r.IntN(len(moves))]) {
					break
				}
				x.advance()
				for p := range protocol.Position(MaxInstances) {
					most = max(most, x.world.Node(p).Round.Yea.Len())
				}
			}
		}
	}
	if most <= MaxInstances/2 {
		t.Errorf("there are %d yes votes at most", most)
	}
}
