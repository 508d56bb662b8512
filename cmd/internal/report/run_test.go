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
	for _, kept := range []bool{true, false} { // until there is enough of it
		if kept {
			r.seen, r.events = r.Events, trace.Log{}
			if _, err := s.Run(&r.events); err != nil {
				t.Fatal(err)
			}
		} else {
			r.seen, r.events = mostKept+1, trace.Log{}
		}
		told := &trace.Log{}
		r.again(func() bool { return told.Len() >= 4 }, told)
		if n := told.Len(); n < 4 || n > 6 { // a step may have some
			t.Errorf("kept %v: %d events are told, and 4 are enough", kept, n)
		}
	}
	steps := 0 // of one that is interrupted, no more than has been
	if r.Outcome, err = s.RunUntil(func() bool { steps++; return steps > 5 }); err != nil {
		t.Fatal(err)
	}
	if got := tell(); got != r.Digest {
		t.Errorf("as far as it came: digest %s, want %s", got, r.Digest)
	}
}

// Who is down or paused at the end is said, and since when.
func TestStatus(t *testing.T) {
	file, err := scenarios.Decode("status", []byte("format: 1\ninstances: [a, b, c]\ntimeline:\n  - {at: 1ms, crash: b}\n  - {at: 2ms, pause: c}\n"))
	if err != nil {
		t.Fatal(err)
	}
	s, err := file.Compile(scenarios.Overrides{})
	if err != nil {
		t.Fatal(err)
	}
	o, err := s.Run()
	if err != nil {
		t.Fatal(err)
	}
	want := "  NAME   INCREMENT   PROMISED   ID   HOLDER   LAST SEEN\n" +
		"  a      1           0          0\n" +
		"  b      2           0          0             at 1 ms, crashed\n" +
		"  c      3           0          0             paused\n"
	if got := print(DefaultWidth, func(p *Page) { p.Status(o) }); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}
