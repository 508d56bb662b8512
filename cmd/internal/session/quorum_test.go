package session

import (
	"testing"

	"skinny/scenarios"
)

// What is no majority is not called one.
func TestQuorum(t *testing.T) {
	file, err := scenarios.Decode("q.yaml", []byte("format: 1\nedition: sound\nquorums: {promise: 3, commit: 2}\ninstances: [a, b, c, d]\n"+
		"timeline:\n  - {at: 0s, acquire: alice, via: a}\n"))
	if err != nil {
		t.Fatal(err)
	}
	scenario, err := file.Compile(scenarios.Overrides{})
	if err != nil {
		t.Fatal(err)
	}
	s := NewSession(New(scenario), "skinny step q.yaml")
	for _, want := range []string{"phase 1: a has 3 of 4 promises, a quorum", "phase 2: a has 2 of 4 commits, a quorum",
		"no quorum after this event; the first of this run: g, then m"} {
		if got := s.Say("majority").Said; got != want {
			t.Errorf("%q, not %q", got, want)
		}
	}
}
