package explore

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"skinny/protocol"
	"skinny/sim"
	"skinny/sim/check"
	"skinny/sim/explore/search"
)

// newConfig is a cluster of instances a, b, c, ... with the rules of an
// edition, and clients alice, bob, carol, ... each of which acquires and releases at
// the instance of its letter. Nothing goes wrong in it.
func newConfig(edition string, instances, clients int) Config {
	e, ok := protocol.EditionByName(edition)
	if !ok {
		panic(edition)
	}
	c := Config{Cluster: &sim.Cluster{Rules: e.Rules}, HostsDown: true, Reductions: AllReductions()}
	for i := range instances {
		c.Cluster.Instances = append(c.Cluster.Instances, sim.Instance{
			Name: string(rune('a' + i)), Increment: protocol.ID(i + 1), Timeout: sim.DefaultTimeout,
		})
	}
	for i, name := range []string{"alice", "bob", "carol"}[:clients] {
		h, via := protocol.Holder(i+1), protocol.Position(i)
		c.Cluster.Holders = append(c.Cluster.Holders, name)
		c.Calls = append(c.Calls, Call{protocol.Acquire, h, via}, Call{protocol.Release, h, via})
	}
	return c
}

// acquiring leaves the releases out.
func acquiring(c Config) Config {
	c.Calls = slices.DeleteFunc(c.Calls, func(k Call) bool { return k.Kind == protocol.Release })
	return c
}

// at lets all clients call one instance.
func at(c Config, via protocol.Position) Config {
	for i := range c.Calls {
		c.Calls[i].Via = via
	}
	return c
}

func within(c Config, l Limits) Config {
	c.Limits = l
	return c
}

func explored(t *testing.T, c Config) *search.Result {
	t.Helper()
	m, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	r, err := search.BreadthFirst(m, search.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// Two models are counted by hand.
//
// Two instances, one client that acquires at a: nothing can happen in two orders.
// Nothing yet; the promise request to b is under way; its response; the commit
// request; its response; the client has its answer. Six states.
//
// Three instances: b and c each have a request or a response under way, four
// states. The first response that arrives is a majority with a's own vote, and the
// commit begins. The other peer may still have the promise request before it, as
// long as it has not accepted the commit, which promises as much; its promise
// response would not be counted and is forgotten. So either both peers have
// promised, and each has a commit request or a response under way, four states; or
// b has counted, with a request or a response, and c has both requests before it,
// two; or the other way round, two. The first response ends the operation, with
// three states for the other peer: both requests, the commit request, accepted. That
// is three for each who comes first, and the last is the same for both: five. With
// the state before the call, 1 + 4 + 8 + 5 = 18.
//
// If b and c are interchangeable: 1 + 3 + (3 + 2) + 3 = 12.
func TestCountedByHand(t *testing.T) {
	two := acquiring(newConfig("sound", 2, 1))
	if r := explored(t, two); r.Ending != search.Exhausted || r.Distinct != 6 || r.Total != 6 || r.Depth != 5 {
		t.Errorf("two instances: %+v", *r)
	}
	three := acquiring(newConfig("sound", 3, 1))
	if r := explored(t, three); r.Ending != search.Exhausted || r.Distinct != 12 {
		t.Errorf("three instances, interchangeable: %+v", *r)
	}
	three.Reductions.Instances = false
	if r := explored(t, three); r.Ending != search.Exhausted || r.Distinct != 18 {
		t.Errorf("three instances: %+v", *r)
	}
}

// Those that no client calls are taken for alike where nothing tells them apart.
func TestAlike(t *testing.T) {
	with := func(change func(c *Config)) Config {
		c := acquiring(newConfig("sound", 4, 2))
		change(&c)
		return c
	}
	for name, c := range map[string]struct {
		config Config
		alike  string
	}{
		"nothing":                {with(func(c *Config) {}), "c d"},
		"one is called":          {with(func(c *Config) { c.Calls[1].Via = 0 }), "b c d"},
		"only one is not called": {acquiring(newConfig("sound", 3, 2)), ""},
		"no merging":             {with(func(c *Config) { c.Reductions.Instances = false }), ""},
		"one after the other":    {with(func(c *Config) { c.Cluster.Rules &^= protocol.Concurrent }), ""},
		"a rule of its own":      {with(func(c *Config) { c.Cluster.Instances[2].RulesOn = protocol.Yield }), ""},
		"a rule it has not":      {with(func(c *Config) { c.Cluster.Instances[2].RulesOff = protocol.Durable }), ""},
		"its increment":          {with(func(c *Config) { c.Cluster.Instances[2].Increment = 9 }), "c d"}, // it proposes nothing
	} {
		m, err := New(c.config)
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(m.Alike(), " "); got != c.alike {
			t.Errorf("%s: %q are alike, want %q", name, got, c.alike)
		}
	}
}

// Counts of five small models. They change when the protocol, the world, what the
// properties keep or what is merged changes, and with nothing else.
func TestPinnedCounts(t *testing.T) {
	cases := []struct {
		name            string
		config          Config
		distinct, total uint64
		depth           int
	}{
		// One round after the other, and only one proposer: little more than the
		// product of where the messages of a round are, twice.
		{"one client", newConfig("sound", 3, 1), 39, 98, 11},
		// What a lost message, a deadline and a retry add to that.
		{"one client, a loss and a timeout", within(newConfig("sound", 3, 1), Limits{Losses: 1, Timeouts: 1, Retries: 1}), 875, 3_020, 14},
		// Two rounds that overlap: nearly the square of one client's states, less
		// what the mutex of published keeps apart, which the next model does not have.
		{"two clients, published", acquiring(newConfig("published", 3, 2)), 1_741, 4_756, 15},
		{"two clients, sound", acquiring(newConfig("sound", 3, 2)), 1_867, 6_283, 14},
		// Each instance may crash at any moment, and restart at any later one.
		{"one client, a crash", within(acquiring(newConfig("sound", 3, 1)), Limits{Crashes: 1, Restarts: 1}), 112, 273, 9},
	}
	for _, c := range cases {
		r := explored(t, c.config)
		if r.Ending == search.Running || r.Distinct != c.distinct || r.Total != c.total || r.Depth != c.depth {
			t.Errorf("%s: ending %d, %d states of %d, depth %d", c.name, r.Ending, r.Distinct, r.Total, r.Depth)
		}
	}
}

func ofQuorums(c Config, q protocol.Quorums) Config {
	c.Cluster.Quorums = q
	return c
}

// forgetful lets the last instance forget what it stored when it restarts.
func forgetful(c Config) Config {
	c.Cluster.Instances[c.Cluster.Size()-1].RulesOff = protocol.Durable
	return c
}

// reductions turns off one reduction at a time, and all.
var reductions = []struct {
	name string
	Reductions
}{
	{"stale", Reductions{false, true, true, true}},
	{"instances", Reductions{true, false, true, true}},
	{"clients", Reductions{true, true, false, true}},
	{"past", Reductions{true, true, true, false}},
	{"all", Reductions{}},
}

// With and without each reduction the same properties can be violated, and after as
// few decisions. Each leaves states out somewhere.
func TestReductions(t *testing.T) {
	fault := Limits{Timeouts: 1}
	crash := Limits{Crashes: 1, Restarts: 1}
	without := func(c Config, rules protocol.Rules) Config {
		c.Cluster.Rules &^= rules
		return c
	}
	cases := []struct {
		name   string
		config Config
	}{
		{"sound", acquiring(newConfig("sound", 3, 2))},
		{"published", within(acquiring(newConfig("published", 3, 2)), fault)},
		{"four instances", acquiring(newConfig("ack-majority", 4, 1))},
		{"all at a", within(at(acquiring(newConfig("published", 3, 2)), 0), fault)},
		{"all at a, sound", at(acquiring(newConfig("sound", 3, 2)), 0)},
		{"not durable", within(acquiring(without(newConfig("sound", 3, 2), protocol.Durable)), Limits{})},
		{"not durable, a crash", within(at(newConfig("durable", 3, 1), 0), crash)},
		{"amnesia", within(acquiring(without(newConfig("sound", 3, 1), protocol.Durable)), crash)},
		{"a disk lost", within(acquiring(newConfig("sound", 3, 1)), Limits{Wipes: 1, Restarts: 1})},
		{"a store lost, and no restart", within(acquiring(newConfig("sound", 3, 1)), Limits{Tears: 1, Wipes: 1})},
		{"stale commits", within(acquiring(without(newConfig("sound", 3, 2), protocol.RefuseStale)), Limits{})},
		{"no majority", acquiring(without(newConfig("sound", 3, 2), protocol.Majority))},
		{"quorums that do not meet", ofQuorums(acquiring(newConfig("sound", 3, 2)), protocol.Quorums{Promise: 2, Commit: 1})},
		{"one that forgets", within(forgetful(acquiring(newConfig("sound", 3, 2))), Limits{Crashes: 1, Restarts: 1})},
		{"no timeouts, a loss", within(acquiring(without(newConfig("sound", 3, 2), protocol.Timeouts)), Limits{Losses: 1})},
		{"no timeouts, a crash", within(acquiring(without(newConfig("concurrent", 3, 1), protocol.Timeouts)), Limits{Crashes: 1})},
	}
	fewer := map[string]bool{}
	for _, c := range cases {
		for _, properties := range [][]string{nil, {"mutual-exclusion"}, {"durability"}, {"progress"}} {
			if properties != nil && c.config.Cluster.Rules.Has(protocol.Timeouts) == (properties[0] == "progress") {
				continue // without timeouts it is progress that breaks, and only then
			}
			c.config.Properties, c.config.Reductions = properties, AllReductions()
			want := explored(t, c.config)
			for _, off := range reductions {
				c.config.Reductions = off.Reductions
				got := explored(t, c.config)
				if got.Ending != want.Ending || got.Reached != want.Reached && got.Violation == nil || steps(got) != steps(want) {
					t.Errorf("%s, %v: ending %d after %d, reached %b; without %s %d after %d, reached %b", c.name, properties,
						want.Ending, steps(want), want.Reached, off.name, got.Ending, steps(got), got.Reached)
				}
				if got.Ending == search.Exhausted && got.Distinct < want.Distinct {
					t.Errorf("%s, %v: %d states, without %s %d", c.name, properties, want.Distinct, off.name, got.Distinct)
				}
				fewer[off.name] = fewer[off.name] || got.Distinct > want.Distinct
			}
		}
	}
	for _, off := range reductions {
		if !fewer[off.name] {
			t.Errorf("%s leaves nothing out", off.name)
		}
	}
}

func steps(r *search.Result) int {
	if r.Violation == nil {
		return -1
	}
	return len(r.Violation.Path) - 1
}

// A counterexample is a schedule that breaks the property for the judge of traces,
// too, and not before its last decision.
func TestCounterexamples(t *testing.T) {
	found := map[string]bool{}
	for _, edition := range []string{"published", "ack-majority", "owner-release", "durable"} {
		for _, name := range PropertyNames() {
			p := check.Property{Name: name}
			c := within(newConfig(edition, 3, 2), Limits{Timeouts: 2, Crashes: 1, Restarts: 1})
			c.Properties = []string{p.Name}
			m, err := New(c)
			if err != nil {
				t.Fatal(err)
			}
			r, err := search.BreadthFirst(m, search.Options{Depth: 9})
			if err != nil {
				t.Fatal(err)
			}
			if r.Violation == nil {
				continue
			}
			decisions, err := m.Replay(r.Violation.Path)
			if err != nil {
				t.Fatal(err)
			}
			judges := check.NewJudges(m.Header())
			w := sim.NewWorld(m.Cluster())
			w.Observe(judges)
			for n := range decisions {
				if state(judges, p.Name) != check.Kept {
					t.Errorf("%s, %s: violated before decision %d of %d", edition, p.Name, n+1, len(decisions))
				}
				if !w.Take(&decisions[n]) {
					t.Fatalf("%s, %s: decision %d is impossible: %+v", edition, p.Name, n+1, decisions[n])
				}
			}
			if state(judges, p.Name) != check.Violated {
				t.Errorf("%s, %s: the judge says %s", edition, p.Name, state(judges, p.Name))
			}
			found[p.Name] = true
			checkPassing(t, m, decisions, p.Name)
		}
	}
	if len(found) < 4 {
		t.Errorf("only these were violated: %v", found)
	}
}

func state(judges *check.Judges, property string) check.State {
	for _, v := range judges.Verdicts() {
		if v.Property == property {
			return v.State
		}
	}
	panic(property)
}

// checkPassing checks that a passing run goes along with its run up to the difference, and
// keeps the property.
func checkPassing(t *testing.T, m *Model, decisions []sim.Decision, property string) {
	t.Helper()
	passing, ok := m.Nearest(decisions, property)
	if !ok {
		return
	}
	if !reflect.DeepEqual(passing.Decisions[:passing.At], decisions[:passing.At]) || reflect.DeepEqual(passing.Decisions[passing.At], decisions[passing.At]) {
		t.Errorf("%s: the passing run differs elsewhere than at %d", property, passing.At)
	}
	w, kept := m.keeps(passing.Decisions, property)
	if !kept {
		t.Errorf("%s: the passing run does not keep it", property)
	}
	for _, c := range passing.Changes {
		if c.Was == c.Is || c.Was == protocol.NoOutcome || w.Operation(int(c.Operation.Number)).Outcome != c.Is {
			t.Errorf("%s: a change that is none: %+v", property, c)
		}
	}
	count := func(list []sim.Decision) (losses int) {
		for i := range list {
			if list[i].Kind == sim.DropMessage {
				losses++
			}
		}
		return losses
	}
	if n := count(passing.Decisions); n > int(m.config.Limits[Losses]) {
		t.Errorf("%s: the passing run has %d losses", property, n)
	}
	if passing.Instead.Kind != sim.DropMessage {
		return
	}
	// A loss is the last resort.
	for at := range decisions {
		for _, d := range m.reordered(decisions, at) {
			if _, kept := m.keeps(m.passing(decisions, at, d).Decisions, property); kept {
				t.Errorf("%s: another order at %d keeps it, too, and the passing run loses a message", property, at)
			}
		}
	}
}

func calls(client protocol.Holder, via protocol.Position) sim.Decision {
	return sim.Decision{Kind: sim.InvokeOperation, Operation: protocol.Acquire, Holder: client, From: via, Timeout: sim.DefaultClientTimeout}
}

func arrives(kind protocol.MessageKind, from, to protocol.Position) sim.Decision {
	return sim.Decision{Kind: sim.DeliverMessage, Message: kind, From: from, To: to, Nth: 1}
}

// Where another order keeps a property, the passing run loses nothing, even if it might.
func TestPassingPrefersOrder(t *testing.T) {
	config := within(newConfig("published", 3, 2), Limits{Timeouts: 1, Losses: 1})
	config.Properties = []string{"mutual-exclusion"}
	m, err := New(config)
	if err != nil {
		t.Fatal(err)
	}
	const a, b, c = 0, 1, 2
	decisions := []sim.Decision{
		calls(1, a),
		arrives(protocol.PromiseRequest, a, b), arrives(protocol.PromiseResponse, b, a),
		calls(2, b),
		arrives(protocol.PromiseRequest, b, c), arrives(protocol.PromiseResponse, c, b),
		arrives(protocol.CommitRequest, a, b),
		{Kind: sim.FireDeadline, From: b, Holder: 2},
		arrives(protocol.CommitResponse, b, a),
		arrives(protocol.CommitRequest, a, c), arrives(protocol.CommitResponse, c, a),
	}
	checkPassing(t, m, decisions, "mutual-exclusion")
	passing, ok := m.Nearest(decisions, "mutual-exclusion")
	if len(passing.Decisions) < len(decisions)-1 {
		t.Errorf("of %d decisions it makes %d, and all but one are possible", len(decisions), len(passing.Decisions))
	}
	if !ok || passing.Instead.Kind != sim.DeliverMessage || len(passing.Changes) == 0 {
		t.Errorf("%v %+v", ok, passing)
	}
}

// Where no other order keeps a property, a message is lost, if one more may be.
func TestPassingLosesAMessage(t *testing.T) {
	for _, losses := range []uint8{0, 1} {
		config := within(newConfig("sound", 3, 2), Limits{Timeouts: 1, Losses: losses, Retries: 1})
		config.Cluster.Rules &^= protocol.Adopt
		config.Properties = []string{"durability"}
		m, err := New(config)
		if err != nil {
			t.Fatal(err)
		}
		const a, b, c = 0, 1, 2
		decisions := []sim.Decision{
			calls(2, b),
			arrives(protocol.PromiseRequest, b, c), arrives(protocol.PromiseResponse, c, b),
			arrives(protocol.CommitRequest, b, a),
			calls(1, a),
			arrives(protocol.PromiseRequest, a, b), arrives(protocol.PromiseResponse, b, a),
		}
		checkPassing(t, m, decisions, "durability")
		passing, ok := m.Nearest(decisions, "durability")
		if ok != (losses > 0) || ok && (passing.Instead.Kind != sim.DropMessage) {
			t.Errorf("%d losses: %v %+v", losses, ok, passing)
		}
	}
}

// What may be decided instead: anything else that is pending, the arrival of what was
// lost or copied, and a loss within the bound; but another call never.
func TestInstead(t *testing.T) {
	m, err := New(within(newConfig("sound", 3, 2), Limits{Losses: 1}))
	if err != nil {
		t.Fatal(err)
	}
	c := m.config.Calls[0]
	call := sim.Decision{Kind: sim.InvokeOperation, Operation: c.Kind, Holder: c.Holder, From: c.Via, Timeout: sim.DefaultClientTimeout}
	pending := slices.DeleteFunc(m.after([]sim.Decision{call}).Possible(), func(d sim.Decision) bool { return d.Kind != sim.DeliverMessage })
	if list := m.reordered([]sim.Decision{call}, 0); list != nil {
		t.Errorf("instead of a call: %+v", list)
	}
	arrives := pending[0]
	for kind, want := range map[sim.DecisionKind]int{sim.DeliverMessage: 1, sim.DropMessage: 2, sim.CopyMessage: 2} {
		d := arrives
		d.Kind = kind
		list := m.reordered([]sim.Decision{call, d}, 1)
		if len(list) != want {
			t.Errorf("instead of %v: %+v", kind, list)
		}
		for i, other := range list {
			if other.Kind != sim.DeliverMessage || reflect.DeepEqual(other, arrives) != (kind != sim.DeliverMessage && i == 0) {
				t.Errorf("instead of %v: %+v", kind, other)
			}
		}
	}
	drop := arrives
	drop.Kind = sim.DropMessage
	if list := m.lost([]sim.Decision{call, arrives}, 1); !reflect.DeepEqual(list, []sim.Decision{drop}) {
		t.Errorf("lost: %+v", list)
	}
	for _, decisions := range [][]sim.Decision{{call, drop, pending[1]}, {call, drop}} {
		if list := m.lost(decisions, len(decisions)-1); list != nil {
			t.Errorf("lost after %+v: %+v", decisions, list)
		}
	}
}

// The result is the same whatever the number of workers, down to the counterexample.
func TestWorkers(t *testing.T) {
	config := within(newConfig("published", 3, 2), Limits{Timeouts: 1, Losses: 1})
	config.Properties = []string{"mutual-exclusion"}
	m, err := New(config)
	if err != nil {
		t.Fatal(err)
	}
	var want *search.Result
	for _, workers := range []int{1, 2, 7} {
		got, err := search.BreadthFirst(m, search.Options{Workers: workers})
		if err != nil {
			t.Fatal(err)
		}
		got.Bytes = 0
		if want == nil {
			want = got
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%d workers: %+v, one: %+v", workers, *got, *want)
		}
	}
}

// Without timeouts a lost message lets its round wait for ever, and its client.
func TestDeadlock(t *testing.T) {
	r := explored(t, within(acquiring(newConfig("sequential", 3, 1)), Limits{Losses: 1}))
	if r.Ending != search.Violated || r.Violation.Property != answered || steps(r) != 2 {
		t.Errorf("%+v", *r)
	}
	// With timeouts it goes on, and it is no deadlock if only a bound forbids that.
	for _, timeouts := range []uint8{0, 1} {
		r = explored(t, within(acquiring(newConfig("timeouts", 3, 1)), Limits{Losses: 1, Timeouts: timeouts}))
		if r.Ending == search.Violated && r.Violation.Property == answered {
			t.Errorf("%d timeouts: %+v", timeouts, *r)
		}
	}
}

// Where nothing restarts, a client may wait for ever for one that is down; where
// something may, only the bound forbids it.
func TestDownForGood(t *testing.T) {
	for _, c := range []struct {
		restarts uint8
		rule     protocol.Rules // off
		steps    int
	}{
		{0, protocol.Timeouts, 3}, // the call, the crash of the peer, and the request that is lost at it
		{1, protocol.Timeouts, 4}, // its restart, too
		{0, 0, -1},
	} {
		config := within(acquiring(newConfig("sound", 2, 1)), Limits{Crashes: 1, Restarts: c.restarts})
		config.Cluster.Rules &^= c.rule
		config.Properties = []string{"progress"}
		if r := explored(t, config); steps(r) != c.steps {
			t.Errorf("%+v: %d %+v", c, steps(r), *r)
		}
	}
}

// Ways to search agree about Skinny, too.
func TestSearches(t *testing.T) {
	for _, edition := range []string{"sound", "published"} {
		c := within(acquiring(newConfig(edition, 3, 2)), Limits{Timeouts: 1})
		c.Properties = []string{"mutual-exclusion"}
		want := explored(t, c)
		m, _ := New(c)
		depth, err := search.DepthFirst(m, search.Options{})
		if err != nil {
			t.Fatal(err)
		}
		deepening, err := search.Deepening(m, search.Options{Depth: 12})
		if err != nil {
			t.Fatal(err)
		}
		if depth.Ending != want.Ending || edition == "sound" && depth.Distinct != want.Distinct {
			t.Errorf("%s: %+v, depth first %+v", edition, *want, *depth)
		}
		if want.Violation != nil && steps(deepening) != steps(want) {
			t.Errorf("%s: %d steps, deepening %d", edition, steps(want), steps(deepening))
		}
		if want.Violation != nil {
			if _, err := m.Replay(depth.Violation.Path); err != nil {
				t.Error(err)
			}
		}
	}
}

// A seventh property, wherever it stands in the register, is not judged until a search
// knows how, and neither that nor the others are mistaken for it.
func TestPlantedProperty(t *testing.T) {
	planted := check.Property{Name: "fairness"}
	for at := range check.Properties() {
		list := slices.Insert(check.Properties(), at, planted)
		if got := Unjudged(list); !slices.Contains(got, "fairness") || len(got) != 2 || !slices.Contains(got, check.ReadsName) {
			t.Errorf("not judged: %v", got)
		}
	}
	c := newConfig("sound", 3, 2)
	c.Properties = []string{check.Durability, "fairness"}
	want := "fairness is not judged in a search of every order; what is: mutual-exclusion, agreement, acknowledged, promise-kept, durability, linearizability, progress"
	if _, err := New(c); err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
	c.Properties = nil
	m, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	for i, p := range m.Properties() {
		if !m.Judged(i) {
			t.Errorf("%s is not judged, though all are", p.Name)
		}
	}
}

// What cannot be explored is said in a sentence.
func TestTooLarge(t *testing.T) {
	cases := []struct {
		config Config
		want   string
	}{
		{newConfig("sound", 17, 1), "a cluster of 17 is too large to be explored; 16 instances are the most"},
		{Config{Cluster: newConfig("sound", 3, 2).Cluster}, "there is nothing to explore: no client acquires or releases"},
	}
	for _, c := range cases {
		if _, err := New(c.config); err == nil || err.Error() != c.want {
			t.Errorf("%v, want %s", err, c.want)
		}
	}
}
