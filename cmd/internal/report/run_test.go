package report

import (
	"testing"

	"skinny/scenarios"
	"skinny/sim/trace"
)

// A run is told from the events that were kept, or by running it once more if there are
// too many: the same are told either way.
func TestAgain(t *testing.T) {
	s, err := scenarios.Load("two-winners", scenarios.Overrides{})
	if err != nil {
		t.Fatal(err)
	}
	r := &Run{}
	if r.Outcome, err = s.Run(r); err != nil {
		t.Fatal(err)
	}
	tell := func() (digest string) {
		w := trace.NewHash(s.Header())
		r.again(func() bool { return false }, w)
		return w.Digest()
	}
	if got := tell(); got != r.Digest {
		t.Errorf("from what was kept: digest %s, want %s", got, r.Digest)
	}
	r.seen, r.events = mostKept+1, trace.Log{}
	if got := tell(); got != r.Digest {
		t.Errorf("once more: digest %s, want %s", got, r.Digest)
	}
}
