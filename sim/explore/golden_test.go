package explore

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"skinny/protocol"
	"skinny/sim"
	"skinny/sim/check"
	"skinny/sim/explore/search"
)

var update = flag.Bool("update", false, "write the golden files anew")

// What is said of bounds and models, and what small searches count, is pinned. Counts change
// when the protocol, the world, what the properties keep or what is merged changes, and with
// nothing else.
func TestGolden(t *testing.T) {
	var text bytes.Buffer
	usual := DefaultLimits()
	for _, b := range Bounds() {
		fmt.Fprintf(&text, "%s: %s %d\n", b, b.About(), usual[b])
	}
	fmt.Fprintf(&text, "violated can be: %s\n\n", strings.Join(PropertyNames(), ", "))

	full := within(newConfig("sound", 4, 2), Limits{1, 2, 3, 4, 5, 6, 7, 8})
	full.Cluster.Quorums, full.Cluster.ClientLatency, full.HostsUp = protocol.Quorums{Promise: 2, Commit: 3}, 5, true
	full.Cluster.Instances[1].RulesOn, full.Cluster.Instances[1].RulesOff = protocol.Durable, protocol.Yield|protocol.Adopt
	full.Reductions, full.Properties = Reductions{Clients: true, Past: true}, []string{check.Durability, check.ProgressName}
	for _, c := range []Config{newConfig("published", 3, 1), full} {
		m, err := New(c)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&text, "%s\n", strings.ReplaceAll(m.Identity(), "; ", "\n  "))
		for i, p := range m.Properties() {
			fmt.Fprintf(&text, "  judges %s, kind %d: %v\n", p.Name, p.Kind, m.Judged(i))
		}
		fmt.Fprintf(&text, "  bounds %v, alike %v, %d swaps\n\n", m.Bounds(), m.Alike(), m.Swaps())
	}

	for _, s := range smallSearches() {
		m, err := New(s.config)
		if err != nil {
			t.Fatalf("%s: %v", s.name, err)
		}
		r, err := search.BreadthFirst(m, search.Options{})
		if err != nil {
			t.Fatalf("%s: %v", s.name, err)
		}
		broken := ""
		if r.Violation != nil {
			broken = fmt.Sprintf(", %s after %d", m.Properties()[r.Violation.Property].Name, steps(r))
		}
		fmt.Fprintf(&text, "%s: ending %d, %d states, %d expanded of %d, %d deep, cut %v, reached %b, %d swaps, %d alike%s\n", s.name, r.Ending,
			r.Distinct, r.Expanded, r.Total, r.Depth, r.Cut, r.Reached, m.Swaps(), len(m.Alike()), broken)
	}

	const file = "testdata/explore.golden"
	if *update {
		if err := os.WriteFile(file, text.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	lines, wanted := bytes.Split(text.Bytes(), []byte("\n")), bytes.Split(want, []byte("\n"))
	for i := range min(len(lines), len(wanted)) {
		if !bytes.Equal(lines[i], wanted[i]) {
			t.Errorf("line %d is\n%s, not\n%s", i+1, lines[i], wanted[i])
		}
	}
	if len(lines) != len(wanted) {
		t.Errorf("%d lines, not %d", len(lines), len(wanted))
	}
}

type smallSearch struct {
	name   string
	config Config
}

// smallSearches has every bound and setting of a model, alone and some together, and each rule
// turned off.
func smallSearches() (list []smallSearch) {
	one := func() Config { return acquiring(newConfig("sound", 3, 1)) }
	add := func(name string, c Config, change func(*Config)) {
		change(&c)
		list = append(list, smallSearch{name, c})
	}
	for _, b := range Bounds() {
		add("with "+b.String(), one(), func(c *Config) {
			c.Limits[b] = 1
			if b >= Crashes {
				c.Limits[Restarts] = 1
			}
			if b == Restarts || b == Retries {
				c.Limits[Crashes], c.Limits[Timeouts] = 1, 1
			}
		})
		add("published with two "+b.String(), acquiring(newConfig("published", 2, 1)), func(c *Config) {
			c.Limits[b], c.Limits[Restarts] = 2, 1
		})
	}
	for i, r := range reductions {
		add("without merging of "+r.name, one(), func(c *Config) {
			c.Limits, c.Reductions = Limits{Losses: 1, Duplications: 1}, r.Reductions
		})
		add("two clients without merging of "+r.name, at(acquiring(newConfig("published", 3, 2)), 0), func(c *Config) {
			c.Limits[Timeouts], c.Reductions, c.Properties = uint8(i%2), r.Reductions, []string{check.MutualExclusion}
		})
	}
	for _, r := range protocol.RuleTable() {
		add("without "+r.Name, acquiring(newConfig("sound", 3, 2)), func(c *Config) {
			c.Cluster.Rules &^= r.Rule
		})
		add("published, a without "+r.Name, acquiring(newConfig("published", 2, 2)), func(c *Config) {
			c.Cluster.Instances[0].RulesOff, c.Properties = r.Rule, []string{check.Agreement}
			c.Limits = Limits{Timeouts: 1, Retries: 1}
		})
	}
	for _, hosts := range [][2]bool{{true, false}, {false, true}, {true, true}, {false, false}} {
		add(fmt.Sprintf("hosts up %v, down %v", hosts[0], hosts[1]), one(), func(c *Config) {
			c.HostsUp, c.HostsDown = hosts[0], hosts[1]
			c.Limits[Crashes], c.Limits[Tears], c.Limits[Restarts], c.Limits[Timeouts] = 1, 1, 1, 1
		})
	}
	for _, p := range PropertyNames() {
		add("only "+p, acquiring(newConfig("published", 3, 1)), func(c *Config) {
			c.Properties, c.Limits = []string{p}, Limits{Crashes: 1, Restarts: 1}
		})
	}
	for _, p := range []struct {
		name string
		off  protocol.Rules
	}{{check.Durability, protocol.Adopt}, {check.Acknowledged, protocol.AckMajority}, {check.Agreement, protocol.PromiseOnce | protocol.UniqueIDs}} {
		add("only "+p.name+", which breaks", acquiring(newConfig("sound", 3, 2)), func(c *Config) {
			c.Cluster.Rules &^= p.off
			c.Cluster.Instances[1].Increment, c.Properties, c.Limits = 1, []string{p.name}, Limits{Timeouts: 1}
		})
	}
	add("nothing judged", one(), func(c *Config) { c.Properties = []string{} })
	add("with a latency of clients", one(), func(c *Config) { c.Cluster.ClientLatency = 1 })
	add("with a latency of clients and a crash", acquiring(newConfig("sound", 2, 1)), func(c *Config) {
		c.Cluster.ClientLatency, c.HostsUp, c.Limits = 1, true, Limits{Crashes: 1, Restarts: 1, Timeouts: 1}
	})
	add("with quorums", one(), func(c *Config) { c.Cluster.Quorums = protocol.Quorums{Promise: 1, Commit: 3} })
	add("one after the other", newConfig("sequential", 3, 1), func(c *Config) { c.Limits[Losses] = 1 })
	add("all at one", at(acquiring(newConfig("sound", 3, 3)), 1), func(*Config) {})
	add("who only release", newConfig("sound", 3, 2), func(c *Config) { // nobody learns of a holder
		c.Calls = slices.DeleteFunc(c.Calls, func(k Call) bool { return k.Kind == protocol.Acquire })
	})
	add("of programs that restart", played(acquiring(newConfig("sound", 2, 1)), sim.BuiltIn(protocol.AllRules), 0, 1), func(c *Config) {
		c.Limits, c.HostsUp = Limits{Crashes: 1, Restarts: 1, Timeouts: 1, Duplications: 1}, true
	})
	add("of a program and two that are built in", played(acquiring(newConfig("sound", 3, 2)), sim.BuiltIn(protocol.AllRules), 2), func(*Config) {})
	add("of a program", played(acquiring(newConfig("sound", 2, 1)), sim.BuiltIn(protocol.AllRules), 0, 1), func(c *Config) {
		c.Limits = Limits{Losses: 1, Crashes: 1, Restarts: 1, Tears: 1}
	})
	return list
}

// What a model is not made of is said, and what is just possible is possible.
func TestMost(t *testing.T) {
	many := func(clients, calls int) Config {
		c := newConfig("sound", 3, 1)
		c.Cluster.Holders, c.Calls = nil, nil
		for i := range clients {
			c.Cluster.Holders = append(c.Cluster.Holders, fmt.Sprint("client", i))
		}
		for i := range calls {
			c.Calls = append(c.Calls, Call{protocol.Acquire, protocol.Holder(i%clients + 1), 0})
		}
		return c
	}
	increment := func(n protocol.ID, retries uint8) Config {
		c := newConfig("sound", 3, 1)
		c.Cluster.Instances[1].Increment, c.Limits[Retries] = n, retries
		return c
	}
	judged := func(names ...string) Config {
		c := newConfig("sound", 3, 1)
		c.Properties = names
		return c
	}
	status := newConfig("sound", 3, 1)
	status.Calls = []Call{{Kind: protocol.Status}}
	for _, c := range []struct {
		config Config
		want   string
	}{
		{newConfig("sound", MaxInstances, 1), ""},
		{newConfig("sound", MaxInstances+1, 1), fmt.Sprintf("a cluster of %d is too large to be explored; %d instances are the most", MaxInstances+1, MaxInstances)},
		{many(MaxClients, MaxClients), ""},
		{many(MaxClients+1, 1), fmt.Sprintf("%d clients are too many to be explored; %d are the most", MaxClients+1, MaxClients)},
		{many(1, MaxCalls), ""},
		{many(2, MaxCalls+1), fmt.Sprintf("%d operations are too many to be explored; %d are the most", MaxCalls+1, MaxCalls)},
		{increment(MaxID/2, 0), ""},
		{increment(MaxID/2+1, 0), fmt.Sprintf("an increment of %d is too large to be explored with 2 rounds; %d is the most", MaxID/2+1, MaxID/2)},
		{increment(MaxID/5+1, 3), fmt.Sprintf("an increment of %d is too large to be explored with 5 rounds; %d is the most", MaxID/5+1, MaxID/5)},
		{status, "there is nothing to explore: no client acquires or releases"},
		{judged(check.Agreement, check.ReadsName), "linearizable-reads is not judged in a search of every order; what is: mutual-exclusion, agreement, acknowledged, promise-kept, durability, linearizability, progress"},
	} {
		if _, err := New(c.config); (err == nil) != (c.want == "") || err != nil && err.Error() != c.want {
			t.Errorf("%v, want %s", err, c.want)
		}
	}
	if got := Unjudged([]check.Property{{Name: "mine"}, {Name: check.Agreement}, {Name: check.ReadsName}}); !slices.Equal(got, []string{"mine", check.ReadsName}) {
		t.Errorf("not judged are %v", got)
	}
	for _, c := range []struct {
		limits Limits
		stop   bool
	}{{Limits{}, false}, {Limits{Restarts: 1, Losses: 1}, false}, {Limits{Crashes: 1}, true}, {Limits{Wipes: 1}, true}, {Limits{Tears: 1}, true}} {
		if c.limits.Stop() != c.stop {
			t.Errorf("%v stops instances: %v", c.limits, !c.stop)
		}
	}
}

// A path that leads nowhere is not replayed, and where it ends is said.
func TestReplayOfNoPath(t *testing.T) {
	m, err := New(newConfig("published", 3, 2))
	if err != nil {
		t.Fatal(err)
	}
	r, err := search.BreadthFirst(m, search.Options{})
	if err != nil || r.Violation == nil {
		t.Fatal(err, r)
	}
	path := r.Violation.Path
	if d, err := m.Replay(path); err != nil || len(d) != len(path)-1 {
		t.Fatalf("%d decisions, %v", len(d), err)
	}
	torn := slices.Delete(slices.Clone(path), 2, 4)
	want := fmt.Sprintf("explore: nothing leads from state 2 of %d to the next", len(torn))
	if _, err := m.Replay(torn); err == nil || err.Error() != want {
		t.Errorf("the error is %v, want %s", err, want)
	}
}

// Of programs little is merged: they may tell apart what others cannot.
func TestReductionsOfPrograms(t *testing.T) {
	config := acquiring(newConfig("sound", 4, 2))
	m, err := New(played(config, sim.BuiltIn(protocol.AllRules), 2))
	if err != nil {
		t.Fatal(err)
	}
	if r := m.Reductions(); r != (Reductions{Stale: true}) || m.Swaps() != 1 || len(m.Alike()) > 0 {
		t.Errorf("merged are %+v, %v, %d swaps", r, m.Alike(), m.Swaps())
	}
	if m, err = New(config); err != nil || m.Reductions() != AllReductions() || !slices.Equal(m.Alike(), []string{"c", "d"}) {
		t.Errorf("%v: merged are %+v, %v", err, m.Reductions(), m.Alike())
	}
}
