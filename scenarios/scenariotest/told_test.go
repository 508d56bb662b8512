package scenariotest

import (
	"testing"

	"skinny/scenarios"
)

// A story has a line for each event: its number, who acts, what is done and why, if there is a why.
func TestTold(t *testing.T) {
	f, err := scenarios.Decode("x.yaml", []byte("format: 1\nedition: sound\ninstances: [a, b]\nschedule: |\n  acquire alice via a\n  drop promise-request a -> b\n  crash b\n  cut a -> b\n"))
	if err != nil {
		t.Fatal(err)
	}
	s, err := f.Compile(scenarios.Overrides{})
	if err != nil {
		t.Fatal(err)
	}
	const want = `   1  alice ─▶ a: acquire
   2  a: proposes ID 1 (the next above 0 of its own IDs 1, 3, 5 …)
   3  a ─✗ b: promise 1? (lost on the way)
   4  ✝ b: crashes (its host is down too: calls to it time out)
   5  a ─✗ b: link cut`
	if got := told(s); got != want {
		t.Errorf("it is told\n%s\nnot\n%s", got, want)
	}
	f, _ = scenarios.Decode("x.yaml", []byte("format: 1\ninstances: [a, b]\nschedule: |\n  wake a\n"))
	if s, err = f.Compile(scenarios.Overrides{}); err != nil {
		t.Fatal(err)
	}
	if got := told(s); got == "" || got[:6] != "x.yaml" {
		t.Errorf("of what is impossible is told %q", got)
	}
}
