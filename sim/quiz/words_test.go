package quiz_test

import (
	"slices"
	"strings"
	"testing"

	"skinny/scenarios"
	"skinny/sim"
	"skinny/sim/quiz"
	"skinny/sim/trace"
)

// What is pending is named by who it comes from, what it says, and whom it reaches.
func TestPending(t *testing.T) {
	r := open(t, "testdata/far.yaml")
	seen := map[string]int{} // by what is pending, the event before which, or in whose step, it is for the first time
	for n := 1; n <= r.Len(); n++ {
		now := r.Moment(n - 1)
		for _, d := range now.World().Possible() {
			if text := r.Pending(now.World(), d); seen[text] == 0 {
				seen[text] = n
			}
		}
	}
	for text, first := range map[string]int{
		"alice's acquire reaches a": 2, "the operator's status reaches c": 3, "the operator gives up waiting": 3,
		"a's request to promise ID 1 reaches b": 4, "the deadline of a passes": 4,
		"c's answer reaches the operator: answered": 5, "b finishes its answer": 8, "b's yes to ID 1 reaches a": 11,
		"a's commit of ID 1 (alice) reaches c": 12, "c's no to ID 1 reaches a": 19, "a's answer reaches alice: unknown": 24,
		"a hears that nobody is at c": 38, "a's commit of ID 4 (free) reaches b": 41, "a's answer reaches alice: released": 45,
		"c tries again for carol": 61,
	} {
		if seen[text] != first {
			t.Errorf("%q is pending before event %d, not %d", text, seen[text], first)
		}
	}
	if len(seen) != 46 {
		t.Errorf("%d things are pending in all: %v", len(seen), seen)
	}
}

// A question says no more of an event than what may be known before it.
func TestHappening(t *testing.T) {
	r := open(t, "testdata/far.yaml")
	for event, want := range map[int]string{
		1: "The next event, event 1, happens.", 3: "a begins a round for alice's acquire.", 4: "The next event, event 4, happens.",
		5: "The next event, event 5, happens.", 11: "c's answer counts at a.", 12: "a has its promises, and goes on to phase 2 for alice's acquire.",
		13: "c's request to promise ID 3 reaches a, which has promised 1, accepted ID 1 (alice), and runs its own round under ID 1.",
		19: "a's answer, with ID 1 (alice) accepted, counts at c.", 24: "alice's acquire at a ends: unknown.", 27: "alice's acquire at a ends: unknown.",
		32: "The next event, event 32, happens.", 48: "The network changes (event 48).", 50: "c, which has promised 3, accepted ID 3 (alice), restarts.",
		55: "c's request to promise ID 3 reaches b, which has promised 4, accepted ID 4 (free), and is paused.",
		57: "c's request to promise ID 3, which waited at b (event 55), is handled now; b has promised 4, accepted ID 4 (free).",
	} {
		if got := r.Happening(event); got != want {
			t.Errorf("event %d: %s\nwant %s", event, got, want)
		}
	}
	for _, c := range []struct {
		kind  quiz.Kind
		event int
		of    int8
		want  string
	}{
		{quiz.State, 48, trace.None, "it happens at no instance; name the one that the question is about (of)"},
		{quiz.Answer, 7, 0, "it is about b, not about a"},
		{quiz.Next, 0, trace.None, "the run has events 1 to 74"},
		{quiz.Next, 76, trace.None, "the run has events 1 to 74"},
		{quiz.Next, 75, trace.None, "fewer than two things are pending"},
		{quiz.Told, 4, trace.None, "no acquire or release is answered there"},
		{quiz.State, 48, -2, "there is no such instance"},
	} {
		if q, err := quiz.Ask(r, c.kind, c.event, c.of); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v at event %d of %d: %v, %v", c.kind, c.event, c.of, q.Text, err)
		}
	}
}

// Of too many choices those go first that matter least: clients that give up, and then the last
// ones; what is right stays as long as there is room for it.
func TestFewer(t *testing.T) {
	for _, c := range []struct {
		name, from, want string // choices: r and g are right and a client that gives up; R the best
	}{
		{"room for all", "wgwRgrwww", "wgwRgrwww"},
		{"givers up first", "gwwgRwwwgrw", "gwwRwwwrw"},
		{"then the last ones", "gwwRwwwwrwwg", "wwRwwwwrw"},
		{"a giver up that is best", "gwwwwwwwwGg", "wwwwwwwwG"},
		{"all right", "rrrrrrrrrR", "Rrrrrrrrr"},
		{"the best one in front", "Rrrrrrrrrrr", "Rrrrrrrrr"},
	} {
		if got := quiz.Fewer(c.from); got != c.want {
			t.Errorf("%s: of %s, %s is left, not %s", c.name, c.from, got, c.want)
		}
	}
}

// Why a choice would be right lists rules to leave out, rules to add, and another order.
func TestWhy(t *testing.T) {
	for want, c := range map[string][2]string{
		"would be right without adopt":                                     {"adopt", ""},
		"would be right with durable":                                      {"", "durable"},
		"would be right without adopt or yield, or with durable":           {"adopt yield", "durable"},
		"would be right with promise-once, durable or yield":               {"", "durable yield promise-once"},
		"would be right before event 3":                                    {"", "before"},
		"would be right if it (event 4) had come first":                    {"", "first"},
		"would be right with durable, or before event 3":                   {"", "durable before"},
		"would be right before event 3, or if it (event 4) had come first": {"", "before first"},
		"would be right without adopt, or if it (event 4) had come first":  {"adopt", "first"},
	} {
		if got := quiz.Why(strings.Fields(c[0]), strings.Fields(c[1])); got != want {
			t.Errorf("%q, not %q", got, want)
		}
	}
}

// A run is played up to the step in which it has so many events, and no further.
func TestPlayEnds(t *testing.T) {
	file, err := scenarios.Open("testdata/far.yaml")
	if err != nil {
		t.Fatal(err)
	}
	s, err := file.Compile(scenarios.Overrides{})
	if err != nil {
		t.Fatal(err)
	}
	start := func() sim.Runner { return s.Start().Runner }
	run, ends := start(), []int{0}
	for run.Step() {
		ends = append(ends, run.World().Events())
	}
	for most := range 30 {
		want := slices.IndexFunc(ends, func(n int) bool { return n >= most })
		if got := quiz.Play(s.Header(), start, most).Len(); got != ends[want] {
			t.Errorf("played up to %d events, it has %d, not %d", most, got, ends[want])
		}
	}
}
