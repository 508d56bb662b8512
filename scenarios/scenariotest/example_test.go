package scenariotest_test

import (
	"testing"

	"pgregory.net/rapid"

	"skinny/scenarios"
	"skinny/scenarios/scenariotest"
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
