package quiz_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"skinny/protocol"
	"skinny/scenarios"
	"skinny/sim"
	"skinny/sim/check"
	"skinny/sim/quiz"
	"skinny/sim/trace"
)

func open(t testing.TB, name string) *quiz.Run {
	t.Helper()
	file, err := scenarios.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	s, err := file.Compile(scenarios.Overrides{})
	if err != nil {
		t.Fatal(err)
	}
	return quiz.Play(s.Header(), func() sim.Runner { return s.Start().Runner }, 100_000)
}

// What is right at events of bundled scenarios, and under which rules, or before which
// event, the others would be.
func TestAsk(t *testing.T) {
	for _, test := range []struct {
		scenario string
		event    int
		kind     quiz.Kind
		right    string
		rules    map[string]protocol.Rules // by choice
		before   map[string]int
		first    map[string]int
	}{
		// b runs a round of its own, and holds its mutex over it.
		{"two-winners", 5, quiz.Answer, "nothing yet: it has to wait", map[string]protocol.Rules{"no": protocol.Yield}, map[string]int{"yes": 4}, nil},
		// Had b's request, which is under way, come first, a's ID would be below its promise.
		{"two-winners", 6, quiz.Answer, "yes", nil, nil, map[string]int{"no": 4}},
		{"two-winners", 8, quiz.Answer, "yes", nil, nil, nil},
		{"two-winners", 14, quiz.Answer, "no", map[string]protocol.Rules{"yes": protocol.RefuseStale}, nil, nil},
		// a runs its round until the deadline, and then what waited is handled: the promise
		// first.
		{"two-winners", 15, quiz.Answer, "nothing yet: it has to wait", map[string]protocol.Rules{"yes": protocol.Yield}, nil, nil},
		{"two-winners", 22, quiz.Answer, "yes", nil, nil, nil},
		{"two-winners", 17, quiz.Majority, "not yet", map[string]protocol.Rules{"yes": protocol.Majority}, nil, nil},
		{"two-winners", 18, quiz.Majority, "yes", nil, nil, nil},
		{"two-winners", 19, quiz.Majority, "no, and it cannot get one any more", map[string]protocol.Rules{"yes": protocol.Majority}, nil, nil},
		// Two no of four leave too few for three yes, though three no are what ends a phase.
		{"even-cluster", 23, quiz.Majority, "no, and it cannot get one any more", map[string]protocol.Rules{"yes": protocol.Majority}, nil, nil},
		{"two-winners", 20, quiz.Told, "acquired", map[string]protocol.Rules{"unknown": protocol.AckMajority}, nil, nil},
		{"foreign-release", 42, quiz.Value, "nobody's: the lock is free", map[string]protocol.Rules{"bob's": protocol.OwnerRelease}, nil, nil},
		{"second-client", 29, quiz.Value, "alice's", map[string]protocol.Rules{"bob's": protocol.Adopt}, nil, nil},
		{"amnesia", 14, quiz.State, "promised nothing, accepted nothing", map[string]protocol.Rules{"promised 1, accepted ID 1 (alice)": protocol.Durable}, nil, nil},
		// b has promised 2 to itself, so a's commit would be stale there.
		{"two-winners", 4, quiz.State, "promised 2, accepted nothing", nil, nil, nil},
		// Accepting 3 does not raise the promise of an instance that has not promised 3.
		{"rules/accept-raises", 11, quiz.State, "promised nothing, accepted ID 2 (bob)", map[string]protocol.Rules{"promised 2, accepted ID 2 (bob)": protocol.AcceptRaises}, nil,
			map[string]int{"promised 1, accepted ID 2 (bob)": 2, "promised 2, accepted ID 2 (bob)": 7}}, // their requests for promises are late
		{"rules/accept-raises", 14, quiz.Answer, "yes", map[string]protocol.Rules{"no": protocol.AcceptRaises}, nil, map[string]int{"no": 7}},
	} {
		q, err := quiz.Ask(open(t, test.scenario), test.kind, test.event, trace.None)
		if err != nil {
			t.Error(err)
			continue
		}
		if got := q.Choices[q.Right].Text.String(); got != test.right {
			t.Errorf("%s, event %d: right is %q, not %q", test.scenario, test.event, got, test.right)
		}
		for i, c := range q.Choices {
			text := c.Text.String()
			if c.Rules != test.rules[text] || c.Before != test.before[text] || c.First != test.first[text] {
				t.Errorf("%s, event %d: %q would be right under %b, before %d, and after %d", test.scenario, test.event, text, c.Rules, c.Before, c.First)
			}
			if c.Why.Rules() != c.Rules {
				t.Errorf("%s, event %d: %q says %q", test.scenario, test.event, text, c.Why)
			}
			if right, said := q.Grade(i); right != (text == test.right) || !right && !strings.HasPrefix(said.String(), fmt.Sprintf("wrong: it is %q", test.right)) {
				t.Errorf("%s, event %d: %q is graded %v, %q", test.scenario, test.event, text, right, said)
			}
		}
	}
}

// The rule that is missing is the one that is off and would have made another event of it;
// the others are no less likely at first sight.
func TestRule(t *testing.T) {
	for _, test := range []struct {
		scenario string
		event    int
		want     string // the rule, or what is wrong with the event
	}{
		{"rules/refuse-stale", 14, "refuse-stale: "},
		{"rules/adopt", 13, "adopt: "},
		{"rules/self-rules", 13, "self-rules: "},
		{"rules/durable", 10, "durable: "},
		{"rules/own-id", 13, "own-id: "},
		{"rules/accept-raises", 11, "accept-raises: "},
		{"rules/ack-majority", 7, "ack-majority: "},
		{"two-winners", 5, "yield: "},
		{"rules/promise-once-and-unique-ids", 9, "promise-once: "},
		{"two-winners", 1, "no rule that is off"},
		{"testdata/two-missing.yaml", 14, "several rules"},
	} {
		q, err := quiz.Ask(open(t, test.scenario), quiz.Rule, test.event, trace.None)
		got := ""
		if err != nil {
			got = err.Error()
		} else if got = q.Choices[q.Right].Text.String(); len(q.Choices) != quiz.MaxChoices {
			t.Errorf("%s, event %d: %d choices", test.scenario, test.event, len(q.Choices))
		}
		if !strings.Contains(got, test.want) {
			t.Errorf("%s, event %d: got %q, not %q", test.scenario, test.event, got, test.want)
		}
	}
}

// What breaks, and what would break it if it happened now.
func TestBreaks(t *testing.T) {
	for _, test := range []struct {
		scenario string
		event    int
		kind     quiz.Kind
		right    []string // the best first
		rules    map[string]protocol.Rules
	}{
		// With ack-majority alice would be told unknown.
		{"two-winners", 20, quiz.Breaks, []string{"acknowledged"}, map[string]protocol.Rules{"none": protocol.AckMajority}},
		{"two-winners", 24, quiz.Breaks, []string{"mutual-exclusion", "linearizability"}, nil},
		{"two-winners", 17, quiz.Breaks, []string{"none"}, nil},
		{"amnesia", 14, quiz.Breaks, []string{"durability"}, map[string]protocol.Rules{"none": protocol.Durable}},
		{"foreign-release", 2, quiz.Breaks, []string{"none"}, nil},
		// Whoever's deadline passes before its commit has a majority answers acquired all the same.
		{"two-winners", 17, quiz.Next, []string{"the deadline of a passes"}, nil},
		{"two-winners", 13, quiz.Next, []string{"the deadline of a passes", "the deadline of b passes"}, nil},
	} {
		q, err := quiz.Ask(open(t, test.scenario), test.kind, test.event, trace.None)
		if err != nil {
			t.Error(err)
			continue
		}
		var right []string
		for i, c := range q.Choices {
			name, _, _ := strings.Cut(c.Text.String(), ":")
			if c.Right && i == q.Right {
				right = append([]string{name}, right...)
			} else if c.Right {
				right = append(right, name)
			}
			if c.Rules != test.rules[name] {
				t.Errorf("%s, event %d: %s would be right under %b", test.scenario, test.event, name, c.Rules)
			}
			want := "right: that breaks acknowledged"
			if !c.Right {
				want = fmt.Sprintf("wrong: acknowledged breaks by %q", q.Choices[q.Right].Text)
			}
			if _, said := q.Grade(i); test.kind == quiz.Next && said.String() != want {
				t.Errorf("%s, event %d: it says %q", test.scenario, test.event, said)
			}
		}
		if !slices.Equal(right, test.right) {
			t.Errorf("%s, event %d: right is %q, not %q", test.scenario, test.event, right, test.right)
		}
	}
}

// Where something cannot be asked, it is said why, and where it can be.
func TestNoPlace(t *testing.T) {
	r := open(t, "two-winners")
	for _, test := range []struct {
		kind  quiz.Kind
		event int
		of    int8
		want  string
	}{
		{quiz.Answer, 1, trace.None, `no question "answer" at event 1: no request arrives there; ask where an instance handles one`},
		{quiz.Answer, 14, 0, "it is about c, not about a"},
		{quiz.Answer, 14, 3, "there is no such instance"},
		{quiz.Answer, 31, trace.None, "the run has events 1 to 30"},
		{quiz.Answer, 0, trace.None, "the run has events 1 to 30"},
		{quiz.Majority, 14, trace.None, "no vote counts there; ask where an answer counts"},
		{quiz.Value, 9, trace.None, "nothing is committed there; ask where phase 2 begins"},
		{quiz.Told, 19, trace.None, "no acquire or release is answered there; ask where an instance answers"},
		{quiz.State, 1, trace.None, "nothing that a could know otherwise is in play there"},
		{quiz.Next, 10, trace.None, "it is in the middle of a step; ask at event 11"},
		{quiz.Next, 2, trace.None, "it is in the middle of a step"},
		{quiz.Next, 5, trace.None, "nothing that is pending would break a property"},
		{quiz.NoKind, 5, trace.None, "there is no such kind"},
		{99, 5, trace.None, "there is no such kind"},
	} {
		if _, err := quiz.Ask(r, test.kind, test.event, test.of); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%v at event %d of %d: %v, not %q", test.kind, test.event, test.of, err, test.want)
		}
	}
}

// upTo is the first events of a run.
type upTo struct {
	quiz.Source
	limit int
}

func (u upTo) Len() int { return u.limit }

// A question is the same every time, and depends on nothing that comes after its event.
func TestNothingLater(t *testing.T) {
	for _, name := range []string{"two-winners", "amnesia", "duel", "old-commit", "rules/owner-release"} {
		whole := open(t, name)
		for n := 1; n <= whole.Len(); n++ {
			part := *open(t, name)
			part.Source = upTo{part.Source, n}
			for _, kind := range quiz.Kinds() {
				q, err := quiz.Ask(whole, kind, n, trace.None)
				p, missing := quiz.Ask(&part, kind, n, trace.None)
				if (err == nil) != (missing == nil) || !reflect.DeepEqual(q, p) {
					t.Fatalf("%s, event %d, %v: %+v, %v\nand without what comes later %+v, %v", name, n, kind, q, err, p, missing)
				}
				if err == nil && (len(q.Choices) < 2 || len(q.Choices) > quiz.MaxChoices || q.Event != n || q.Kind != kind || !q.Choices[q.Right].Right) {
					t.Errorf("%s, event %d: %+v", name, n, q)
				}
			}
			if k, worth := quiz.Worth(whole, n); worth {
				if again, _ := quiz.Worth(&part, n); again != k {
					t.Errorf("%s: event %d is worth %v, and then %v", name, n, k, again)
				}
				if _, err := quiz.Ask(whole, k, n, trace.None); err != nil {
					t.Errorf("%s: event %d is worth asking %v: %v", name, n, k, err)
				}
			}
		}
	}
}

// What is worth asking about: not the same thing over and over, and nothing that is plain.
func TestWorth(t *testing.T) {
	worth := func(name string) (text string) {
		r := open(t, name)
		for n := 1; n <= r.Len(); n++ {
			if k, ok := quiz.Worth(r, n); ok {
				text += fmt.Sprintf(" %v %d", k, n)
			}
		}
		return strings.TrimSpace(text)
	}
	// One of four promises that nothing stands against, the votes that decide and the ones
	// before them, whose name, one of four commits as promised, and what the client is told.
	const round = "answer 3 majority 7 majority 8 value 9 answer 12 majority 16 majority 17 told 20"
	if got := worth("typical"); got != round {
		t.Errorf("typical: %s", got)
	}
	if got := worth("second-client"); !strings.HasPrefix(got, round+" answer 23 ") || !strings.HasSuffix(got, " value 29 answer 32 majority 36 majority 37 told 40") {
		t.Errorf("second-client: %s", got)
	}
	if got := worth("amnesia"); !strings.Contains(got, " state 14 ") {
		t.Errorf("amnesia: %s", got)
	}
	r := open(t, "two-winners")
	for _, n := range []int{-1, 0, 31} {
		if _, ok := quiz.Worth(r, n); ok {
			t.Errorf("event %d is worth asking about", n)
		}
	}
}

// Each kind has a name of its own.
func TestKinds(t *testing.T) {
	names := map[string]bool{"": true}
	for _, k := range quiz.Kinds() {
		if names[k.String()] {
			t.Errorf("%q is the name of another kind, or none", k)
		}
		names[k.String()] = true
	}
}

// Of an instance that does not do what the protocol does, as a program may, nobody knows
// what it would do otherwise: what happens is right, and no reason is invented.
func TestNotTheProtocol(t *testing.T) {
	r := *open(t, "two-winners")
	other := *r.Header
	other.Rules ^= protocol.RefuseStale // by which c would say yes
	r.Header = &other
	q, err := quiz.Ask(&r, quiz.Answer, 14, trace.None)
	if err != nil {
		t.Fatal(err)
	}
	if right := q.Choices[q.Right].Text.String(); right != "no" {
		t.Errorf("right is %q", right)
	}
	for _, c := range q.Choices {
		if !c.Why.Empty() || c.Rules != 0 || c.Before != 0 || c.First != 0 {
			t.Errorf("%q %s", c.Text, c.Why)
		}
	}
}

// Where an event breaks two properties the question says so, each of them is right, and one
// that broke before is explained.
func TestBreaksTwo(t *testing.T) {
	q, err := quiz.Ask(open(t, "amnesia"), quiz.Breaks, 27, trace.None)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(q.Text.String(), "More than one property breaks by that. Name one of them.") {
		t.Errorf("it asks %q", q.Text)
	}
	for choice, want := range map[int]string{
		0: "right; and linearizability: answers that no single lock would give",
		5: "right; and mutual-exclusion: two clients hold the lock at once",
		4: "wrong: it is \"mutual-exclusion: two clients hold the lock at once\"; and linearizability: answers that no single lock would give; \"durability: something that was accepted is lost\" broke before, by event 14",
	} {
		if _, said := q.Grade(choice); said.String() != want {
			t.Errorf("choice %d is told %q, want %q", choice, said, want)
		}
	}
}

// A property that is judged on demand is a choice where it breaks, and only once: it is
// in the register and among the run's own.
func TestBreaksOnDemand(t *testing.T) {
	r := open(t, "learn/read")
	r.Own = check.WithNamed(nil, check.ReadsName)
	for event, want := range map[int]string{14: "none", 15: "linearizable-reads: answers that no single lock would give, statuses included"} {
		q, err := quiz.Ask(r, quiz.Breaks, event, trace.None)
		if err != nil {
			t.Fatal(err)
		}
		if got := q.Choices[q.Right].Text.String(); got != want {
			t.Errorf("event %d breaks %q, not %q", event, got, want)
		}
		reads := 0
		for _, c := range q.Choices {
			if strings.HasPrefix(c.Text.String(), check.ReadsName) {
				reads++
			}
		}
		if breaks := event == 15; reads != map[bool]int{true: 1}[breaks] {
			t.Errorf("event %d: %d choices are %s", event, reads, check.ReadsName)
		}
	}
}

// What waits for the work on another answer would be answered before that began; and of what
// an instance has lost by a torn write it is not said what it would know under another rule.
func TestWorkAndLoss(t *testing.T) {
	const cluster = "format: 1\nedition: sound\ninstances: [{name: a, promise-delay: 100ms}, {name: b, promise-delay: 100ms}, {name: c, promise-delay: 100ms}]\n"
	for name, test := range map[string]struct {
		timeline string
		kind     trace.Kind // of the event at c that is asked about
		ask      quiz.Kind
		before   bool // a choice would be right before another event
	}{
		"work": {"timeline: [{at: 0ms, acquire: alice, via: a}, {at: 5ms, acquire: bob, via: b}]\n", trace.Wait, quiz.Answer, true},
		"loss": {"timeline: [{at: 0ms, acquire: alice, via: a}, {at: 1s, torn: c}, {at: 2s, restart: c}]\n", trace.Restart, quiz.State, false},
	} {
		f, err := scenarios.Decode(name, []byte(cluster+test.timeline))
		if err != nil {
			t.Fatal(err)
		}
		s, err := f.Compile(scenarios.Overrides{})
		if err != nil {
			t.Fatal(err)
		}
		r := quiz.Play(s.Header(), func() sim.Runner { return s.Start().Runner }, 1000)
		asked, before := 0, false
		for n := 1; n <= r.Len(); n++ {
			if e := r.Event(n); e.Kind != test.kind || e.Instance != 2 {
				continue
			}
			q, err := quiz.Ask(r, test.ask, n, trace.None)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			asked++
			for _, c := range q.Choices {
				before = before || c.Before != 0
				if c.Rules != 0 {
					t.Errorf("%s: event %d: %q would be right under %b", name, n, c.Text, c.Rules)
				}
			}
		}
		if asked == 0 || before != test.before {
			t.Errorf("%s: %d questions, and a choice that would be right before another event: %v", name, asked, before)
		}
	}
}
