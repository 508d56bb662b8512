package session

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"skinny/protocol"
	"skinny/scenarios"
	"skinny/sim/trace"
)

// said says some commands one after the other, and gives what the last one says.
func said(s *Session, commands ...string) (text string) {
	for _, c := range commands {
		text = s.Say(c).Said
	}
	return text
}

// The command line of a point before everything that was done by hand opens the
// branch all the same, and so do the lines that are printed at the end.
func TestReturnBeforeTheBranch(t *testing.T) {
	s := plainSession(t)
	said(s, "10", "drop 1", "9")
	const want = "skinny step two-winners --do '10 drop promise-response c -> b #1' --at 9"
	if got := s.Return(); got != want {
		t.Errorf("%s\nis not\n%s", got, want)
	}
	if got := s.Returns(); !strings.Contains(got, want) {
		t.Errorf("at the end there is\n%s", got)
	}
	if said(s, "branch 0"); strings.Contains(s.Return(), "--do") {
		t.Errorf("the run as it was written is %s", s.Return())
	}
}

// A majority is one of promises or of commits, or one of refusals.
func TestMajority(t *testing.T) {
	s := plainSession(t)
	for _, want := range []struct {
		command, said string
		at            int
	}{
		{"majority", "phase 1: a has 2 of 3 promises, a majority", 9},
		{"majority", "phase 1: b has 2 of 3 promises, a majority", 11},
		{"majority", "phase 2: b has 2 of 3 commits, a majority", 18},
		{"majority back", "phase 1: b has 2 of 3 promises, a majority", 11},
		{"end", "", 30},
		{"majority", "no majority after this event; the first of this run: g, then m", 30},
	} {
		if got := s.Say(want.command).Said; got != want.said || s.at != want.at {
			t.Errorf("%s leads to %d: %q, not to %d: %q", want.command, s.at, got, want.at, want.said)
		}
	}
}

// Most that say no are a majority, too.
func TestMajorityOfRefusals(t *testing.T) {
	for name, want := range map[string]string{
		"lab/commit": "phase 2: 2 of 3 say no to a, a majority", "lab/promise": "phase 1: 2 of 3 say no to b, a majority",
	} {
		s, got := NewSession(New(openNamed(t, name)), ""), ""
		for n := 0; n < 9 && !strings.Contains(got, " say no "); n++ {
			got = s.Say("majority").Said
		}
		if got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

// Violations come one after the other, each with its name; the worst is another
// matter.
func TestViolation(t *testing.T) {
	s := plainSession(t)
	for _, want := range []string{
		"✗ acknowledged broken here; v goes on to event 24: mutual-exclusion",
		"✗ mutual-exclusion, linearizability broken here; v goes back to event 20",
		"✗ acknowledged broken here; v goes on to event 24: mutual-exclusion",
	} {
		if got := s.Violation(); got != want {
			t.Errorf("%q is not %q", got, want)
		}
	}
	if s.Worst(); s.at != 24 {
		t.Errorf("the worst violation is at %d", s.at)
	}
}

// What the timeline brings is to come until it has come, whatever was done before.
func TestComing(t *testing.T) {
	for _, c := range []struct {
		commands []string
		want     string
	}{
		{nil, "acquire alice via a, acquire bob via b"},
		{[]string{"crash c"}, "acquire alice via a, acquire bob via b"},
		{[]string{"crash c", "2"}, "acquire bob via b"},
		{[]string{"2"}, "acquire bob via b"},
		{[]string{"2", "crash c", "2"}, "acquire bob via b"},
		{[]string{"3"}, ""},
	} {
		s := plainSession(t)
		said(s, c.commands...)
		var list []string
		for _, it := range s.Coming() {
			list = append(list, it.Text)
		}
		if strings.Join(list, ", ") != c.want {
			t.Errorf("after %q there come %q, not %q", c.commands, list, c.want)
		}
	}
	if got := plainSession(t).Say("drop 1").Said; got != "nothing is under way yet; to come: acquire alice via a (→)" {
		t.Errorf("to drop what is to come: %q", got)
	}
}

// What comes after the end of a run is not to come, and where something is cut off by it,
// that is said.
func TestComingUntilTheEnd(t *testing.T) {
	const calls = "instances: [a, b, c]\ntimeline: [{at: 0ms, acquire: alice, via: a}, {at: 1s, acquire: bob, via: b}, {at: 2s, acquire: carol, via: b}]\n"
	for until, want := range map[string]string{
		"":                      "acquire alice via a, acquire bob via b, acquire carol via b",
		"until: 3s\n":           "acquire alice via a, acquire bob via b, acquire carol via b",
		"until: 2s\n":           "acquire alice via a, acquire bob via b, acquire carol via b, the run ends (until)",
		"until: 1999ms\n":       "acquire alice via a, acquire bob via b, the run ends (until)",
		"until: 1999999999ns\n": "acquire alice via a, acquire bob via b, the run ends (until)",
		"until: 999ms\n":        "acquire alice via a, the run ends (until)",
	} {
		s := NewSession(New(compiledOf(t, calls+until)), "")
		var list []string
		for _, it := range s.Coming() {
			list = append(list, it.Text)
		}
		if strings.Join(list, ", ") != want {
			t.Errorf("with %q there come %q, not %q", until, list, want)
		}
	}
	s := NewSession(New(compiledOf(t, calls+"until: 35ms\n")), "") // in the middle of a round
	s.End()
	if list := s.Coming(); len(list) != 1 || list[0].Text != "the run ends (until)" || list[0].Due != 35*trace.Millisecond {
		t.Errorf("of what is under way at the end: %+v", list)
	}
	s = NewSession(New(compiledOf(t, "instances: [a, b, c]\ntimeline: [{at: 0ms, crash: a}, {at: 1s, crash: b}]\nuntil: 1ms\n")), "")
	if s.End(); s.Say("drop 1").Said != "nothing is under way here" {
		t.Errorf("after the end: %q", s.Say("drop 1").Said)
	}
}

// Where nobody gets the lock, nothing is said to hold.
func TestNobody(t *testing.T) {
	s := plainSession(t)
	said(s, "crash a", "crash b", "crash c")
	s.branch.Judge()
	if got := s.branch.Outcome().Text; got != "✓ nobody got the lock; no property is violated" {
		t.Error(got)
	}
	s = NewSession(New(openNamed(t, "typical")), "")
	if got := s.branch.Outcome().Text; got != "✓ the lock holds, and so does every property" {
		t.Error(got)
	}
}

// The votes of a majority are among its reasons.
func TestCauses(t *testing.T) {
	s := NewSession(New(openNamed(t, "typical")), "")
	s.Say("majority")
	s.Say("next") // the commit
	var from []string
	for _, n := range s.Causes() {
		if l := s.branch.Line(n); strings.HasPrefix(l.What.String(), "promised") {
			from = append(from, l.From.Name)
		}
	}
	if !slices.Equal(from, []string{"oregon", "spaulo"}) {
		t.Errorf("votes by %q", from)
	}
}

func plainSession(t *testing.T) *Session {
	t.Helper()
	return NewSession(New(openNamed(t, "two-winners")), "skinny step two-winners")
}

func openNamed(t *testing.T, name string) *scenarios.Scenario {
	t.Helper()
	file, err := scenarios.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	s, err := file.Compile(scenarios.Overrides{})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

var phrases = []string{
	"12", "45ms", "0", "999999", "next 3", "back 2", "end", "round", "violation", "majority", "refusal", "of a", "of b back", "search maj",
	"drop 1", "deliver 2", "duplicate 1", "refuse 1", "delay 1 20ms", "delay 30ms timeout a", "branch 1", "branch 0", "compare 1", "compare 7",
	"crash a", "crash b host up", "restart a", "partition a | b c", "heal all", "cut a <-> b", "acquire carol via a", "release alice via b",
	"status a", "drop promise-request a -> b", "@5ms crash a", "give-up alice", "here", "help", "why", "show", "branches", "nonsense", "", "rule adopt", "rule ack-majority=on", "rule",
}

// state is everything that a session shows, in words.
func (s *Session) state() string {
	var b strings.Builder
	fmt.Fprintln(&b, s.branch.Number, s.at, s.Items(), s.branch.Standing(s.at).Instances, s.Preview(), s.Causes())
	for p := range s.branch.Header().Instances {
		w := s.Now().World()
		fmt.Fprintln(&b, w.State(protocol.Position(p)), w.Up(protocol.Position(p)), w.Now())
	}
	if s.at > 0 {
		fmt.Fprintln(&b, s.branch.Line(s.at))
	}
	return b.String()
}

// Going forward k events and back k events comes back to the same, in every branch
// and from everywhere; and so does going there by number.
func TestForwardAndBack(t *testing.T) {
	cases := []string{"two-winners", "duel", "amnesia", "long-pause", "experiment-three", "blocked-proposers"}
	rapid.Check(t, func(r *rapid.T) {
		s := NewSession(New(openNamed(t, rapid.SampledFrom(cases).Draw(r, "scenario"))), "")
		for range rapid.IntRange(0, 3).Draw(r, "branches") {
			s.GoTo(rapid.IntRange(0, s.branch.Len()).Draw(r, "to"))
			s.Choose(rapid.IntRange(0, 5).Draw(r, "choice"))
			s.Say(rapid.SampledFrom(phrases).Draw(r, "words"))
		}
		at := rapid.IntRange(0, s.branch.Len()).Draw(r, "from")
		s.GoTo(at)
		before := s.state()
		k := rapid.IntRange(0, s.branch.Len()-at).Draw(r, "k")
		for range k {
			s.Go(1)
		}
		far := s.state()
		for range k {
			s.Go(-1)
		}
		if got := s.state(); got != before {
			r.Fatalf("from %d, %d forward and back:\n%s\nis not\n%s", at, k, got, before)
		}
		s.GoTo(at + k)
		if got := s.state(); got != far {
			r.Fatalf("event %d by number:\n%s\nis not\n%s", at+k, got, far)
		}
	})
}

// The command line that is printed comes back to the same point of the same branch.
func TestReturn(t *testing.T) {
	s := NewSession(New(openNamed(t, "two-winners")), "skinny step two-winners")
	for _, words := range []string{"10", "drop 1", "delay 1 20ms", "16", "crash a host up", "acquire carol via b", "22"} {
		s.Say(words)
	}
	command := s.Return()
	again := NewSession(New(openNamed(t, "two-winners")), "skinny step two-winners")
	for _, part := range strings.Split(command, " --do ")[1:] {
		act, _, _ := strings.Cut(strings.TrimPrefix(part, "'"), "'")
		if err := again.Redo(act); err != nil {
			t.Fatal(err)
		}
	}
	again.GoTo(s.at)
	number := func(text string) string { _, rest, _ := strings.Cut(text, " "); return rest }
	if got, want := number(again.state()), number(s.state()); got != want {
		t.Errorf("%s\ncomes to\n%s\nnot to\n%s", command, got, want)
	}
	if again.Return() != command {
		t.Errorf("the command of the same point is\n%s\nand\n%s", again.Return(), command)
	}
}

// What is saved is titled as what it is: the run as it was written, or what was changed in it;
// a limit of events is saved where there is one.
func TestSavedTitle(t *testing.T) {
	for words, want := range map[string]string{
		"":                       "Two winners, nothing lost, nobody down\nTwo clients ask ",
		"10, drop 1":             "Two winners, nothing lost, nobody down, changed by hand\nSaved from skinny step. By hand: after event 10, drop promise-response c -> b #1.",
		"rule adopt, crash a":    "Two winners, nothing lost, nobody down, changed by hand\nSaved from skinny step. By hand: adopt=off; after event 0, crash a.",
		"crash a, 9, rule adopt": "Two winners, nothing lost, nobody down, changed by hand\nSaved from skinny step. By hand: adopt=off; after event 0, crash a.",
	} {
		s := plainSession(t)
		said(s, strings.Split(words, ", ")...)
		f := s.File()
		if got := f.Title.Value + "\n" + f.About.Value; !strings.HasPrefix(got, want) || strings.HasPrefix(want, got) != strings.HasSuffix(want, ".") || f.Events.Given {
			t.Errorf("%s is saved as\n%s\nnot\n%s (events %v)", words, got, want, f.Events)
		}
		if !slices.ContainsFunc(f.Expect, func(e scenarios.Expectation) bool { return e.Instance.Given }) {
			t.Errorf("%s is saved with %+v", words, f.Expect)
		}
	}
}

// A rule is said to lead to no other run only where all of both is known, and is the same.
func TestNoOtherRun(t *testing.T) {
	met := map[bool]int{}
	for name, most := range map[string]int{"two-winners": 1000, "typical": 1000, "ghost-quorum": 1000, "duel": 15} {
		for _, r := range protocol.RuleTable() {
			s := NewSession(NewBounded(openNamed(t, name), most), "")
			said := s.Say("rule " + r.Name).Said
			no, root := strings.HasSuffix(said, ", which is no other"), s.tree.Root()
			same := root.Len() == s.branch.Len() && s.branch.Whole()
			for n := 1; n <= min(root.Len(), s.branch.Len()); n++ {
				same = same && reflect.DeepEqual(root.Event(n), s.branch.Event(n))
			}
			if met[same]++; same != no {
				t.Errorf("%s: %s", name, said)
			}
		}
	}
	if met[true] == 0 || met[false] == 0 {
		t.Error(met)
	}
}

// The rule that the sentence of an event names is the one to begin with among all of them.
func TestRulesPage(t *testing.T) {
	s, met := plainSession(t), 0
	for n := range s.branch.Len() + 1 {
		s.GoTo(n)
		var named protocol.Rules
		if n > 0 {
			named = s.branch.Line(n).Why.Rules()
		}
		p := s.Say("rule").Page
		if chosen := protocol.RuleTable()[p.Chosen]; named != 0 && !named.Has(chosen.Rule) || named == 0 && p.Chosen != 0 {
			t.Errorf("at event %d %s is chosen", n, chosen.Name)
		}
		if named != 0 {
			met++
		}
	}
	if met == 0 {
		t.Error("no sentence names a rule")
	}
}

// An act that comes back is a point and what was done there: one without the other is
// explained.
func TestRedoOfHalf(t *testing.T) {
	s := NewSession(New(openNamed(t, "two-winners")), "skinny step two-winners")
	for _, text := range []string{"", "14", "14 ", "drop 1", "-1 drop 1"} {
		if err := s.Redo(text); err == nil || !strings.Contains(err.Error(), "the number of an event and what is done after it") {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// Two branches are put side by side by time; what happens in both is in one row,
// whatever its number.
func TestCompare(t *testing.T) {
	s := NewSession(New(openNamed(t, "typical")), "")
	s.Say("2")
	s.Say("drop promise-request london -> oregon")
	root, branch := s.tree.Root(), s.branch
	from, rows := Compare(root, branch)
	if from != 2 || rows[0] != (Pair{0, 3}) || rows[1] != (Pair{3, 0}) || rows[2] != (Pair{4, 4}) {
		t.Errorf("they part after %d: %v", from, rows)
	}
	left, right := 0, 0
	for _, r := range rows {
		left, right = max(left, r.Left), max(right, r.Right)
		if r.Left > 0 && r.Right > 0 && !same(root.Event(r.Left), branch.Event(r.Right)) {
			t.Errorf("%v are two different things", r)
		}
	}
	if left != root.Len() || right != branch.Len() {
		t.Errorf("the last rows are %d of %d and %d of %d", left, root.Len(), right, branch.Len())
	}
	s.Say("branch 0")
	s.Say("3")
	s.Say("drop promise-request london -> taiwan")
	if from, rows := Compare(root, s.branch); from != 3 || rows[0] != (Pair{0, 4}) || rows[1] != (Pair{4, 5}) {
		t.Errorf("they part after %d within an instant: %v", from, rows)
	}
	if n := root.Len(); !later(root, n-1, root.Event(n)) {
		t.Error("the last event of all is not found")
	}
	if from, rows := Compare(root, root); from != root.Len() || len(rows) != 0 {
		t.Errorf("with itself: %d, %v", from, rows)
	}
}

// What comes later in one of them does not hide what comes at the same time in both.
func TestCompareDelayed(t *testing.T) {
	s := NewSession(New(openNamed(t, "typical")), "")
	said(s, "2", "delay 5ms promise-request london -> oregon")
	root, together := s.tree.Root(), 0
	_, rows := Compare(root, s.branch)
	for _, r := range rows {
		if r.Left > 0 && r.Right > 0 && root.Event(r.Left).Kind == trace.Promise {
			together++
		}
	}
	if together != 3 {
		t.Errorf("of the promises that are as they were %d are in one row: %v", together, rows)
	}
}

// Whoever chooses a message that is going to be lost sees where.
func TestExpectedLoss(t *testing.T) {
	s := plainSession(t)
	said(s, "10", "drop 1", "10")
	s.Choose(0)
	if n := s.Expected(); n != 11 || s.branch.Event(n).Kind != trace.Lose {
		t.Errorf("the first message is expected at event %d", n)
	}
}

// Of who is down, a second crash says so, whatever it were to lose.
func TestDownAlready(t *testing.T) {
	for _, key := range []string{"x", "X"} {
		s := plainSession(t)
		said(s, "10", "crash a", "mark a")
		if a, _ := s.Press(key); a.Said != "a is down already; r restarts it" || len(s.branch.Own()) != 1 {
			t.Errorf("%s: %q", key, a.Said)
		}
	}
}

// A delay makes no event, so none is said to be by hand.
func TestByHand(t *testing.T) {
	s := plainSession(t)
	said(s, "10", "crash c")
	if a, ok := s.branch.ByHand(11); !ok || s.branch.Text(a) != "crash c" {
		t.Errorf("event 11 is by hand: %v, %+v", ok, a)
	}
	s = plainSession(t)
	said(s, "10", "delay 40ms promise-response c -> b #1")
	if a, ok := s.branch.ByHand(11); ok {
		t.Errorf("event 11 is by hand: %+v", a)
	}
	said(s, "crash c", "14", "crash b")
	for n := 1; n <= s.branch.Len(); n++ {
		a, ok := s.branch.ByHand(n)
		if want := map[int]string{11: "crash c", 16: "crash b"}[n]; ok != (want != "") || ok && s.branch.Text(a) != want {
			t.Errorf("event %d is by hand: %v, %+v", n, ok, a)
		}
	}
}

// A branch parts from the one that it has everything before in common with: from one that
// only put something off at that point, too.
func TestPartsFrom(t *testing.T) {
	s := plainSession(t)
	for _, c := range []struct{ words, want string }{
		{"10, delay 1 20ms", "from 0 after event 10: delay 20ms promise-response c -> b #1"},
		{"12, 10, crash c", "from 1 after event 10: crash c"},
		{"12, 10, crash b", "from 1 after event 10: crash b"},
		{"11, 4, crash a", "from 0 after event 4: crash a"},
		{"branch 2, 11, crash a", "from 2 after event 11: crash a"},
		{"10, restart c", "from 1 after event 10: restart c"},
		{"branch 0, 10, crash c", "from 0 after event 10: crash c"},
		{"branch 1, 12, rule adopt", "1 under adopt=off; delay 20ms promise-response c -> b #1"},
		{"4, crash a", "from 8 after event 4: crash a"},
	} {
		said(s, strings.Split(c.words, ", ")...)
		if got := s.branch.Changes(); got != c.want {
			t.Errorf("after %s branch %d is %q, want %q", c.words, s.branch.Number, got, c.want)
		}
	}
}

// What was judged of a future that is no more is not taken for the one that is, even
// if that has as many events.
func TestJudgedTooLate(t *testing.T) {
	s := plainSession(t)
	said(s, "10", "drop 1")
	b, n := s.branch, s.branch.Len()
	b.Judge()
	said(s, "delay 1 1ms")
	if s.branch != b || b.Len() != n {
		t.Fatalf("branch %d has %d events, not %d", s.branch.Number, s.branch.Len(), n)
	}
	if b.Verdicts() != nil {
		t.Error("it is")
	}
	if b.Judge(); b.Verdicts() == nil {
		t.Error("what was judged then is not")
	}
}
