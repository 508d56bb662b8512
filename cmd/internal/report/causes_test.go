package report

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"skinny/scenarios"
	"skinny/sim/check"
	"skinny/sim/narrate"
	"skinny/sim/prose"
)

// copiedScenario has a call that fails, and a request with a copy.
const copiedScenario = `
format: 1
edition: published
rules: {early-stop-promise: off}
instances: [a, b, c, d, e]
network: {latency: 10ms}
timeline:
  - {at: 0ms, acquire: alice, via: a}
messages:
  - {refuse: promise-request, from: a, to: b}
  - {duplicate: promise-request, from: a, to: c, after: 12ms}
  - {delay: promise-request, from: a, to: d, by: 20ms}
`

// What led to the end of a phase includes its votes, and what became of the calls
// that had no answer.
func TestChain(t *testing.T) {
	copied := filepath.Join(t.TempDir(), "copied.yaml")
	if err := os.WriteFile(copied, []byte(copiedScenario), 0o666); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name     string
		scenario string
		event    int
		want     []int
	}{
		{"a promise", "two-winners", 8, []int{3, 4, 6, 1, 2, 8}},
		{"a won phase 1", "two-winners", 10, []int{1, 2, 6, 9, 10, 3, 4, 5}}, // 5: b let it wait, for its own round
		// c said no by 14 and 17, since it had promised b by 8; b let it wait at 13,
		// for its own round since 12.
		{"an answer after a timeout", "two-winners", 20, []int{1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12, 13, 14, 17, 19, 20}},
		// c said yes by 16 and 18; a was late with 22.
		{"a yes that did not come in time", "two-winners", 24,
			[]int{3, 4, 6, 1, 2, 7, 8, 9, 10, 11, 12, 15, 16, 18, 19, 20, 21, 22, 23, 24}},
		// The timeout alone: a was never reached, and b's promise was lost.
		{"a timeout", "slow-catch-up", 8, []int{3, 4, 5, 6, 7, 8}},
		// And of a second round, the first.
		{"a retry", "slow-catch-up", 14, []int{3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14}},
		// At 23 b handles a request of the first round: that is no part of the second.
		{"a late request", "retries-in-step", 37, []int{3, 4, 5, 6, 7, 8, 9, 10, 15, 17, 18, 20, 21, 22, 24, 26, 28, 29, 37}},
		// b fails at 3. At 4 there is a copy of the request to c, which c handles at 9,
		// after its answer to the original was counted.
		{"failures and copies", copied, 13, []int{1, 2, 3, 5, 6, 7, 8, 10, 12, 13}},
	} {
		t.Run(c.name, func(t *testing.T) {
			file, err := scenarios.Open(c.scenario)
			if err != nil {
				t.Fatal(err)
			}
			s, err := file.Compile(scenarios.Overrides{})
			if err != nil {
				t.Fatal(err)
			}
			causes := &causes{narrator: narrate.New(s.Header())}
			if _, err := s.Run(causes); err != nil {
				t.Fatal(err)
			}
			slices.Sort(c.want)
			// As two-winners' judge of mutual exclusion says of its event 24.
			verdicts := []check.Verdict{{State: check.Violated, Event: 24, Why: prose.Of("alice has held the lock since ", prose.At(20))}}
			if got := causes.chain(c.event, verdicts); !slices.Equal(got, c.want) {
				t.Errorf("event %d: %v, want %v", c.event, got, c.want)
			}
		})
	}
}
