package scenariotest_test

import (
	"testing"

	"pgregory.net/rapid"

	"skinny/protocol"
	"skinny/scenarios"
	"skinny/scenarios/scenariotest"
	"skinny/sim/check"
	"skinny/sim/prose"
	"skinny/sim/trace"
)

// Whatever crashes, the lock holds.
func TestLock(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := scenariotest.Scenarios(scenariotest.Options{Profile: "crash"}).Draw(t, "scenario")
		scenariotest.Check(t, s)
	})
}

// A cluster of your own, with the clients and the faults of a profile. The rules are
// those of the file.
const cluster = `
format: 1
edition: sound
rules: {yield: off}
instances: [london, oregon, spaulo, sydney, taiwan]
network:
  latency: 5ms
  links:
    - {from: sydney, latency: 80ms..150ms}
    - {to: sydney, latency: 80ms..150ms}
`

func TestOwnCluster(t *testing.T) {
	f, err := scenarios.Decode("cluster.yaml", []byte(cluster))
	if err != nil {
		t.Fatal(err)
	}
	base, err := f.Compile(scenarios.Overrides{})
	if err != nil {
		t.Fatal(err)
	}
	o := scenariotest.Options{Profile: "network", Knobs: map[string]string{"clients": "2..3"}}
	rapid.Check(t, func(t *rapid.T) {
		s := scenariotest.Workloads(o, base).Draw(t, "clients")
		s = scenariotest.Faults(o, s).Draw(t, "faults")
		scenariotest.Check(t, s, "mutual-exclusion", "agreement")
	})
}

// A property of your own: who is refused is told of a client that has asked for the
// lock. Its judge reads the events of a run, and nothing else.
type knownHolder struct {
	check.NoEnd // the end of a run tells it nothing
	header      *trace.Header
	asked       map[protocol.Holder]bool
	verdict     check.Verdict
}

func (k *knownHolder) Reset(h *trace.Header) {
	*k = knownHolder{header: h, asked: map[protocol.Holder]bool{}}
}

func (k *knownHolder) Observe(e *trace.Event) {
	switch {
	case e.Kind == trace.Call && e.Operation.Kind == protocol.Acquire:
		k.asked[e.Operation.Holder] = true
	case k.verdict.State == check.Kept && e.Received() && e.Outcome == protocol.Refused && !k.asked[e.Holder]:
		client, holder := k.header.HolderName(e.Operation.Holder), k.header.HolderName(e.Holder)
		k.verdict = check.Verdict{State: check.Violated, Event: e.Number, Why: prose.Of(client, " is refused because of ", holder)}
	}
}

func (k *knownHolder) Verdict() check.Verdict { return k.verdict }

func TestOwnProperty(t *testing.T) {
	o := scenariotest.Options{Judges: []check.Property{{
		Name:   "known-holder",
		About:  "Who is refused is told of a client that has asked for the lock.",
		Broken: "Refused because of a client that has not asked",
		New:    func() check.Judge { return &knownHolder{} },
	}}}
	rapid.Check(t, func(t *rapid.T) {
		scenariotest.Check(t, scenariotest.Scenarios(o).Draw(t, "scenario"), "known-holder")
	})
}
