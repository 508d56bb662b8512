package explore

import (
	"errors"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"skinny/protocol"
	"skinny/sim"
	"skinny/sim/check"
	"skinny/sim/explore/search"
	"skinny/sim/trace"
)

// played lets a program play some instances.
func played(c Config, p sim.Program, at ...protocol.Position) Config {
	cluster := *c.Cluster
	cluster.Instances = append([]sim.Instance(nil), cluster.Instances...)
	for _, i := range at {
		cluster.Instances[i].Program, cluster.Instances[i].ProgramName = p, "mine"
	}
	c.Cluster = &cluster
	return c
}

// The built-in protocol as a program gives the same verdicts after as many decisions as
// without, whoever is played, and the same counterexamples are told of it by the judges.
func TestBuiltInAsProgram(t *testing.T) {
	for _, c := range []struct {
		name   string
		config Config
		off    protocol.Rules
	}{
		{"sound", newConfig("sound", 2, 2), 0},
		{"a loss and a timeout", within(acquiring(newConfig("sound", 3, 1)), Limits{Losses: 1, Timeouts: 1, Retries: 1}), 0},
		{"a crash", within(acquiring(newConfig("sound", 3, 1)), Limits{Timeouts: 1, Crashes: 1, Restarts: 1}), 0},
		{"a tear", within(acquiring(newConfig("sound", 2, 2)), Limits{Tears: 1, Restarts: 1}), 0},
		{"a wipe", within(acquiring(newConfig("sound", 2, 2)), Limits{Wipes: 1, Restarts: 1}), 0},
		{"without adopt", acquiring(newConfig("sound", 3, 2)), protocol.Adopt},
		{"without refuse-stale", acquiring(newConfig("sound", 3, 2)), protocol.RefuseStale},
		{"without majority", acquiring(newConfig("sound", 3, 2)), protocol.Majority},
		{"without durable", within(newConfig("sound", 3, 1), Limits{Crashes: 1, Restarts: 1}), protocol.Durable},
	} {
		for _, clients := range []bool{false, true} {
			config := c.config
			cluster := *config.Cluster
			cluster.Rules &^= c.off
			config.Cluster = &cluster
			if clients { // what they see only
				config.Properties = []string{check.MutualExclusion, check.Linearizability, check.ProgressName}
			}
			config.Reductions = Reductions{Stale: true}
			want := explored(t, config)
			all := []protocol.Position{0, 1, 2}[:cluster.Size()]
			for _, at := range [][]protocol.Position{{0}, {1}, all} {
				config := played(config, sim.BuiltIn(cluster.Rules), at...)
				m, err := New(config)
				if err != nil {
					t.Fatal(err)
				}
				got, err := search.BreadthFirst(m, search.Options{Workers: 2})
				if err != nil {
					t.Fatalf("%s, %v played: %v", c.name, at, err)
				}
				if got.Ending != want.Ending || steps(got) != steps(want) || got.Reached.Has(foreign) {
					t.Errorf("%s, %v played: ending %d, %d steps, %d states, reached %b; built in %d, %d, %d", c.name, at, got.Ending, steps(got), got.Distinct, got.Reached, want.Ending, steps(want), want.Distinct)
					continue
				}
				if got.Violation == nil {
					continue
				}
				decisions, err := m.Replay(got.Violation.Path)
				if err != nil {
					t.Fatal(err)
				}
				judges := check.NewJudges(m.Header())
				run := sim.NewScheduled(m.Cluster(), &sim.Schedule{Decisions: decisions})
				run.World().Observe(judges)
				run.Run()
				if name := table[got.Violation.Property].Name; judges.Verdict(name).State != check.Violated && name != check.ProgressName {
					t.Errorf("%s, %v played: %s is %+v", c.name, at, name, judges.Verdict(name))
				}
			}
		}
	}
}

// a program from a function.
type answering struct {
	answer func(*sim.Question) (sim.Answer, error)
}

func (p *answering) Step(q *sim.Question) (sim.Answer, error) { return p.answer(q) }

// An error of a program ends the search, whatever way it is done.
func TestProgramFails(t *testing.T) {
	broken := &answering{func(q *sim.Question) (sim.Answer, error) {
		if q.Kind == sim.AskTimeout {
			return sim.Answer{}, errors.New("it has exited")
		}
		return sim.Answer{Timer: true}, nil
	}}
	large := &answering{func(q *sim.Question) (sim.Answer, error) {
		return sim.Answer{State: protocol.State{Promised: 1 << 40}}, nil
	}}
	never := &answering{func(*sim.Question) (sim.Answer, error) { return sim.Answer{}, errors.New("it does not begin") }}
	for want, program := range map[string]sim.Program{"it has exited": broken, "it does not begin": never, "shows ID 1099511627776, which is too large": large} {
		m, err := New(played(within(newConfig("sound", 3, 1), Limits{Timeouts: 1}), program, 0))
		if err != nil {
			t.Fatal(err)
		}
		for _, way := range []func(search.Model, search.Options) (*search.Result, error){search.BreadthFirst, search.DepthFirst, search.Deepening} {
			if _, err := way(m, search.Options{}); err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "after event") { // of which run?
				t.Errorf("the error is %v, want %s", err, want)
			}
		}
	}
}

// odd is the built-in protocol with habits of its own: notes on some messages, on whose
// receipt everything is forgotten, a promise that is forgotten at once, a state that is not shown.
type odd struct {
	sim.Program
	habit int
}

func (p odd) Step(q *sim.Question) (sim.Answer, error) {
	a, err := p.Program.Step(q)
	rare := (int(q.Message.ID)+int(q.Self)+int(q.Try))%5 == 3
	switch {
	case p.habit == 5 && len(q.Note) > 0:
		a.Memory = nil
	case !rare:
	case p.habit == 1:
		for i := range a.Send {
			a.Send[i].Note = []byte{byte(q.Self), byte(q.Message.ID)}
		}
	case p.habit == 2:
		a.Memory = nil
	case p.habit == 3:
		a.State = protocol.State{}
	case p.habit == 4:
		a.Disk = nil
	}
	return a, err
}

// On a run at random with programs: marks are verdicts, and what was written goes on like
// the world.
func TestPlayedStatesAreWorlds(t *testing.T) {
	violated, foreigners := map[string]int{}, 0
	for seed := range uint64(600) {
		r := rand.New(rand.NewPCG(seed, 2))
		c := anyConfig(r)
		rules := c.Cluster.Rules | protocol.Yield | protocol.Timeouts | protocol.Backoff
		c.Cluster.Rules = rules
		for i := range c.Cluster.Instances {
			in := &c.Cluster.Instances[i]
			in.RulesOn, in.RulesOff = 0, 0
			if r.IntN(2) == 0 {
				in.Program = odd{sim.BuiltIn(rules), r.IntN(8)}
			}
		}
		c.Reductions = Reductions{Stale: r.IntN(2) == 0}
		m, err := New(c)
		if err != nil {
			t.Fatal(err)
		}
		judges := check.NewJudges(m.Header())
		x, decoded := newExplorer(m), newExplorer(m)
		x.begin()
		for x.past.used[Retries] <= c.Limits[Retries] {
			if x.past.violated == 0 {
				sameFuture(t, seed, x, decoded)
			}
			moves, _ := x.moves()
			if len(moves) == 0 {
				break
			}
			x.next.Observe(trace.Tee{&x.judge, judges})
			x.take(&moves[r.IntN(len(moves))])
			x.next.Observe(&x.judge)
			if x.next.Failure() != nil {
				break
			}
			x.advance()
			sameVerdicts(t, seed, x, judges, violated)
		}
		if x.past.foreign {
			foreigners++
		}
	}
	t.Logf("violations by property: %v; %d runs with another protocol", violated, foreigners)
	if len(violated) < 5 || foreigners < 30 {
		t.Errorf("violations by property: %v; %d runs with another protocol", violated, foreigners)
	}
}

// asking nobody, every instance is a lock of its own: clients see that. What goes on within
// is judged as far as it speaks Skinny's protocol.
func TestAnotherProtocol(t *testing.T) {
	alone := &answering{func(q *sim.Question) (sim.Answer, error) {
		a := sim.Answer{Memory: q.Memory}
		if q.Kind == sim.AskOperation {
			a.Memory, a.Outcome, a.Holder = []byte{1}, protocol.Acquired, q.Operation.Holder
		}
		return a, nil
	}}
	c := played(acquiring(newConfig("sound", 3, 2)), alone, 0, 1, 2)
	r := explored(t, c)
	if r.Violation == nil || table[r.Violation.Property].Name != check.MutualExclusion || steps(r) != 2 {
		t.Errorf("it ends with %+v", *r)
	}
	c.Properties = []string{check.Acknowledged, check.Durability}
	m, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	if r := explored(t, c); r.Ending != search.Exhausted || !m.NotJudged(acknowledged, r.Reached) || m.NotJudged(mutualExclusion, r.Reached) {
		t.Errorf("inner properties: %+v", *r)
	}
}

// With programs, too, the result is the same whatever the number of workers, down to the
// counterexample, and there is a nearest run that keeps the property.
func TestPlayedByWorkers(t *testing.T) {
	config := acquiring(newConfig("sound", 3, 2))
	config.Properties = []string{check.MutualExclusion}
	config.Limits = Limits{Losses: 1}
	program := sim.BuiltIn(config.Cluster.Rules &^ protocol.Adopt)
	var want *search.Result
	for _, workers := range []int{1, 2, 5} {
		m, err := New(played(config, program, 0, 1, 2))
		if err != nil {
			t.Fatal(err)
		}
		got, err := search.BreadthFirst(m, search.Options{Workers: workers})
		if err != nil || got.Violation == nil {
			t.Fatal(err, got)
		}
		if got.Bytes = 0; want == nil {
			want = got
			decisions, err := m.Replay(got.Violation.Path)
			if err != nil {
				t.Fatal(err)
			}
			if _, ok := m.Nearest(decisions, check.MutualExclusion); !ok {
				t.Error("there is no passing run")
			}
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%d workers: %+v, one: %+v", workers, *got, *want)
		}
	}
}
