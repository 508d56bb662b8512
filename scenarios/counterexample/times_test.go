package counterexample

import (
	"testing"

	"skinny/protocol"
	"skinny/scenarios"
	"skinny/sim"
	"skinny/sim/trace"
)

// checkTimes: time never goes back, and what was pending happens when it would by
// itself, or when the decision before it was made, if that is later.
func checkTimes(t *testing.T, s *scenarios.Scenario) {
	t.Helper()
	var log trace.Log
	run := s.Start()
	run.World().Observe(&log)
	began := map[int8]trace.Time{} // by instance: its running phase, or call if it asks one after the other
	sequential := !s.Cluster.Rules.Has(protocol.Concurrent)
	var before trace.Time
	for i := range s.Schedule.Decisions {
		d := &s.Schedule.Decisions[i]
		first := len(log.Events)
		if !d.Timed || d.At < before || !run.Step() {
			t.Fatalf("decision %d at %v, after %v", i+1, d.At, before)
		}
		e := &log.Events[first]
		natural := before
		switch d.Kind {
		case sim.DeliverMessage:
			natural = log.Event(e.Cause).At + scenarios.DefaultLatency
		case sim.FireDeadline:
			natural = began[e.Instance] + s.Cluster.Instances[d.From].Timeout
		case sim.FireWake:
			natural = log.Event(e.Cause).At + 2*trace.Time(e.Try)*trace.Millisecond
		}
		if want := max(before, natural); e.At != want {
			t.Errorf("%s at %s, want %s", scenarios.DecisionText(s.Cluster, *d), scenarios.FormatTime(e.At), scenarios.FormatTime(want))
		}
		for _, e := range log.Events[first:] {
			if e.Kind == trace.Propose || e.Kind == trace.Commit || sequential && (e.Kind == trace.Count || e.Kind == trace.Expire) {
				began[e.Instance] = e.At
			}
		}
		before = d.At
	}
	if run.Step() {
		t.Error("more happens than the schedule says")
	}
}

// What the times of a schedule are by hand, where nothing has its default.
func TestTimesByHand(t *testing.T) {
	s := read(t, []byte(`format: 1
edition: concurrent
instances:
  - {name: a, timeout: 80ms}
  - {name: b, timeout: 300ms, promise-delay: 2ms..4ms}
  - {name: c, increment: 9}
network: {client-latency: 3ms}
schedule: |
  acquire alice via a
  deliver call alice
  deliver promise-request a -> b #1
  drop promise-request a -> c #1
  finish b
  timeout a
  wake a
  acquire bob via b
  deliver call bob
  deliver promise-request a -> c #2
  duplicate promise-response c -> a #2
  deliver promise-response c -> a #2
  timeout a
  give-up alice
  timeout b
`))
	if _, err := s.Run(); err != nil {
		t.Fatal(err)
	}
	want := []trace.Time{ // in milliseconds
		0,       // the first one
		3,       // its call
		3 + 10,  // the usual latency
		13,      // it was lost when it was sent, and the file says it later
		13 + 4,  // at the most
		3 + 80,  // the timeout of a, from its proposal on
		83 + 2,  // the first pause
		85,      // a call comes when it may
		85 + 3,  // its way
		85 + 10, // sent by the retry
		95,      // copied when it was sent
		95 + 10, // one of the two
		85 + 80, // the second timeout
		5000,    // alice's patience
		5000,    // b's timeout is long over
	}
	for i, d := range Timed(s.Cluster, s.Schedule.Decisions) {
		if !d.Timed || d.At != want[i]*trace.Millisecond {
			t.Errorf("%s, want it at %d ms", scenarios.DecisionText(s.Cluster, d), want[i])
		}
	}
}
