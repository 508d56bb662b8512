package explore

import (
	"testing"

	"skinny/protocol"
	"skinny/sim"
	"skinny/sim/check"
)

// No order of events in which instances only crash breaks the edition sound. One disk that
// is lost is enough, and so is one store: what a majority remembers is then remembered by
// a minority. The decisions that were found do it in a world.
func TestDisks(t *testing.T) {
	for _, c := range []struct {
		name   string
		limits Limits
		kind   sim.DecisionKind // that is needed; 0: nothing breaks
	}{
		{"crashes", Limits{Crashes: 1, Restarts: 1}, sim.NoDecision},
		{"wipes", Limits{Wipes: 1, Restarts: 1}, sim.WipeInstance},
		{"tears", Limits{Tears: 1, Restarts: 1}, sim.TearInstance},
		{"wipes without restarts", Limits{Wipes: 1}, sim.NoDecision},
	} {
		config := within(acquiring(newConfig("sound", 3, 2)), c.limits)
		config.Properties = []string{check.MutualExclusion}
		r := explored(t, config)
		if (r.Violation != nil) != (c.kind != sim.NoDecision) {
			t.Errorf("%s: broken is %v", c.name, r.Violation != nil)
		}
		if r.Violation == nil {
			continue
		}
		every := config // the other reductions leave nothing out of this model
		every.Reductions.Stale = false
		if got := explored(t, every); got.Distinct <= r.Distinct || steps(got) != steps(r) {
			t.Errorf("%s, with stale messages: a violation takes %d steps, not %d", c.name, steps(got), steps(r))
		}
		m, _ := New(config)
		decisions, err := m.Replay(r.Violation.Path)
		if err != nil {
			t.Fatal(err)
		}
		judges, lost := check.NewJudges(m.Header()), 0
		run := sim.NewScheduled(m.Cluster(), &sim.Schedule{Decisions: decisions})
		run.World().Observe(judges)
		run.Run()
		for i := range decisions {
			if decisions[i].Kind == c.kind {
				lost++
			}
		}
		if judges.Verdicts()[0].State != check.Violated || lost != 1 {
			t.Errorf("%s: %d disks are lost, and %+v", c.name, lost, judges.Verdicts()[0])
		}
	}
}

// A search may only leave out what an instance will refuse for ever, if it will not forget
// why.
func TestRemembers(t *testing.T) {
	for _, c := range []struct {
		limits        Limits
		durable, down bool
		want          bool
	}{
		{Limits{Crashes: 1, Restarts: 1}, true, false, true},
		{Limits{Crashes: 1, Restarts: 1}, false, false, false},
		{Limits{Restarts: 1}, false, false, true},
		{Limits{Restarts: 1}, false, true, false},
		{Limits{Crashes: 1}, false, true, true}, // it never restarts
		{Limits{Restarts: 1, Wipes: 1}, true, false, false},
		{Limits{Restarts: 1, Wipes: 1}, true, true, false},
		{Limits{Restarts: 1, Tears: 1}, true, false, false},
		{Limits{Restarts: 1, Tears: 1}, true, true, true}, // what it has stored stays
		{Limits{Restarts: 1, Tears: 1}, false, false, false},
		{Limits{Wipes: 1, Tears: 1}, true, false, true},
	} {
		config := within(newConfig("sound", 3, 1), c.limits)
		if !c.durable {
			config.Cluster.Rules &^= protocol.Durable
		}
		m, err := New(config)
		if err != nil {
			t.Fatal(err)
		}
		if got := m.remembers(0, &sim.Node{Down: c.down}, &[NumBounds]uint8{}); got != c.want {
			t.Errorf("%+v: it remembers: %v", c, got)
		}
	}
}
