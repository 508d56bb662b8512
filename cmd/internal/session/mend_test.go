package session_test

import (
	"fmt"
	"strings"
	"testing"

	"skinny/cmd/internal/session"
	"skinny/protocol"
	"skinny/scenarios"
)

func compiled(t testing.TB, text string) *scenarios.Scenario {
	t.Helper()
	file, err := scenarios.Decode("x.yaml", []byte("format: 1\ntitle: x\nedition: published\ninstances: [a, b, c]\n"+text))
	if err != nil {
		t.Fatal(err)
	}
	s, err := file.Compile(scenarios.Overrides{})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// A branch that goes on past the budget of its scenario, or past the longest time that
// a file may give, is saved as what it is.
func TestSavedAtTheLimits(t *testing.T) {
	for _, c := range []struct {
		text string
		acts []string
	}{
		{"events: 8\ntimeline:\n  - {at: 0ms, acquire: alice, via: a}\n  - {at: 5ms, acquire: bob, via: b}\n", []string{"crash c", "crash b", "restart c"}},
		{"timeline:\n  - {at: 10000h, acquire: alice, via: a}\n", []string{"crash c"}},
	} {
		b := session.New(compiled(t, c.text)).Root()
		at := b.Len()
		for _, text := range c.acts {
			b, at = act(t, nil, b, at, text)
		}
		if o := replayed(t, b); o.Digest != b.Digest() || o.Failed() {
			t.Errorf("after %q the saved branch is another run, or not as claimed: %+v", c.acts, o.Expectations)
		}
	}
}

// Whatever can be done is named in words that are read again, whatever is delayed.
func TestEveryActIsReadAgain(t *testing.T) {
	s := compiled(t, "network: {client-latency: 5ms}\ntimeline:\n  - {at: 0ms, acquire: alice, via: a}\n  - {at: 1ms, status: b}\n")
	root := session.New(s).Root()
	calls := 0
	for point := range root.Len() {
		m := root.Moment(point)
		for _, d := range m.Possible(point) {
			for _, a := range []session.Act{{Decision: d}, {Decision: d, Delay: 5e6}} {
				text := root.Text(a)
				if strings.Contains(text, "delay 5ms call") {
					calls++
				}
				again, err := m.Parse(text)
				if err != nil {
					t.Errorf("after event %d: %v", point, err)
				} else if got := root.Text(again); got != text {
					t.Errorf("after event %d %q is read as %q", point, text, got)
				}
			}
		}
	}
	if calls == 0 {
		t.Error("no call was under way")
	}
}

// A run is kept up to a bound. Whoever wants to go beyond is told.
func TestBound(t *testing.T) {
	for _, most := range []int{20, 22} { // a step is kept whole
		s := session.NewSession(session.NewBounded(open(t, "two-winners"), most), "")
		const full = "no more than 22 events of a run are kept here; skinny run goes to its end"
		for _, words := range []string{"3000000", "end", "goto 22"} {
			want := full
			if words == "goto 22" {
				want = ""
			}
			if said := s.Say(words).Said; said != want || s.At() != 22 {
				t.Errorf("%s leads to %d: %s", words, s.At(), said)
			}
		}
		if said := s.Say("next").Said; said != "the run ends here: "+full {
			t.Error(said)
		}
		if s.Say("1h"); s.At() != 22 {
			t.Errorf("an hour later it is event %d", s.At())
		}
	}
}

// What is searched for is what is shown, with who acts and how.
func TestSearch(t *testing.T) {
	s := session.NewSession(session.New(open(t, "two-winners")), "")
	for _, c := range []struct {
		text string
		at   int
	}{{"a ─▶ alice acquired", 20}, {"A ─▶ ALICE ACQUIRED: only a itself", 20}, {"⏱ b timeout", 23}, {"commit 2 bob? yes", 16}, {"bob  acquired", 24}} {
		s.Say("start")
		if said := s.Say("search " + c.text).Said; said != "" || s.At() != c.at {
			t.Errorf("%q is found at %d, not %d: %s", c.text, s.At(), c.at, said)
		}
	}
}

// Nothing is chosen until it is chosen. Enter is the next event then, and after
// letting go; what is chosen happens, and everything else asks for a choice.
func TestEnter(t *testing.T) {
	s := session.NewSession(session.New(open(t, "two-winners")), "")
	press := func(keys ...string) (said string) {
		for _, key := range keys {
			a, known := s.Press(key)
			if !known {
				t.Fatalf("%s means nothing", key)
			}
			said = a.Said
		}
		return said
	}
	press("enter", "enter", "enter")
	if s.At() != 3 || len(s.Tree().Branches()) != 1 {
		t.Fatalf("enter leads to event %d of %d branches", s.At(), len(s.Tree().Branches()))
	}
	if said := press("d"); said != "nothing is chosen: ↑ ↓ choose a message or a timer" || s.At() != 3 {
		t.Errorf("d without a choice: %s", said)
	}
	if press("down", "esc", "enter"); s.At() != 4 || len(s.Tree().Branches()) != 1 {
		t.Errorf("after letting go enter leads to event %d of %d branches", s.At(), len(s.Tree().Branches()))
	}
	if press("down", "down", "enter"); s.At() != 5 || len(s.Tree().Branches()) != 2 {
		t.Errorf("with a choice enter leads to event %d of %d branches", s.At(), len(s.Tree().Branches()))
	}
	if s.Chosen() != -1 {
		t.Error("somewhere else something is chosen from the start")
	}
	if press("up"); s.Chosen() != 0 {
		t.Errorf("up chooses %d", s.Chosen())
	}
	for _, c := range []struct {
		key  string
		want int
	}{{"down", len(s.Items()) - 1}, {"up", 0}} {
		for range len(s.Items()) + 3 {
			press(c.key)
		}
		if s.Chosen() != c.want {
			t.Errorf("%s again and again chooses %d, not %d", c.key, s.Chosen(), c.want)
		}
	}
}

// A rule is turned on: the same run under it, as a branch of its own, which is saved as
// what it is, and to which a command line comes back.
func TestRule(t *testing.T) {
	s := session.NewSession(session.New(open(t, "two-winners")), "skinny step two-winners")
	root := s.Branch()
	s.Say("20")
	said := s.Say("rule ack-majority=on").Said
	b := s.Branch()
	if want := "ack-majority=on: branch 1, the same run under it"; said != want || b == root || b.Parent != root || s.At() != 20 {
		t.Fatalf("%q leads to event %d of branch %d", said, s.At(), b.Number)
	}
	want, err := open(t, "two-winners").Run()
	if err != nil {
		t.Fatal(err)
	}
	if b.Digest() == want.Digest || b.Header().Rules&^protocol.AckMajority != root.Header().Rules {
		t.Error("it is the same run")
	}
	b.Judge()
	if got := b.Outcome().Text; !strings.HasPrefix(got, "✓ the lock holds") {
		t.Errorf("under it %s", got)
	}
	if got := b.Changes(); got != "0 under ack-majority=on" {
		t.Error(got)
	}
	if got := s.Return(); got != "skinny step two-winners --rule ack-majority=on --at 20" {
		t.Error(got)
	}
	if o := replayed(t, b); o.Digest != b.Digest() || o.Failed() {
		t.Errorf("what is saved is another run: %+v", o.Expectations)
	}
	if root.Digest() != want.Digest {
		t.Error("the old future has changed")
	}
	for words, want := range map[string]string{
		"rule ack-majority=on": "ack-majority is on already", "rule ack-majorty": `did you mean "ack-majority"?`, "rule adopt=maybe": "a rule is on or off: rule adopt=on",
	} {
		if got := s.Say(words).Said; got != want {
			t.Errorf("%s: %s", words, got)
		}
	}
	if p := s.Say("rule").Page; p == nil || p.Len != len(protocol.RuleTable()) {
		t.Error("no list of rules")
	}
}

// What was done by hand is done under the other rule, too, at its place; what cannot be
// done is said. From there one can go on.
func TestRuleAndHand(t *testing.T) {
	s := session.NewSession(session.New(open(t, "two-winners")), "")
	for _, words := range []string{"14", "drop commit-response c -> a", "18", "crash c", "rule ack-majority=on"} {
		s.Say(words)
	}
	b := s.Branch()
	var acts []string
	for _, a := range b.Acts() {
		acts = append(acts, fmt.Sprint(a.After, " ", b.Text(a)))
	}
	if got := strings.Join(acts, ", "); got != "14 drop commit-response c -> a, 18 crash c" || b.Header().Rules&protocol.AckMajority == 0 {
		t.Errorf("by hand: %s", got)
	}
	s.Say("end")
	s.Say("restart c")
	if s.Branch() != b || len(b.Acts()) != 3 {
		t.Errorf("after its end branch %d goes on with %d acts", s.Branch().Number, len(b.Acts()))
	}
	s.Say("5")
	s.Say("crash a")
	if c := s.Branch(); c.Parent != b || c.Header().Rules != b.Header().Rules {
		t.Errorf("a branch of branch %d has rules %b", c.Parent.Number, c.Header().Rules)
	}
	for _, words := range []string{"branch 2", "start", "pause b"} { // before its first event, too
		s.Say(words)
	}
	if c := s.Branch(); c.Parent != b || c.Header().Rules != b.Header().Rules {
		t.Errorf("a branch at the start has parent %d and rules %b", c.Parent.Number, c.Header().Rules)
	}
	for _, b := range s.Tree().Branches() {
		if o := replayed(t, b); o.Digest != b.Digest() || o.Failed() {
			t.Errorf("branch %d is saved as another run", b.Number)
		}
	}
	// A message that is not sent under the other rule cannot be lost.
	s = session.NewSession(session.New(open(t, "two-winners")), "")
	for _, words := range []string{"10", "drop promise-response c -> b", "25", "drop promise-response a -> b #2", "rule majority=off"} {
		if said := s.Say(words).Said; strings.Contains(words, "rule") && !strings.Contains(said, "1 of what was done by hand cannot be done in it") {
			t.Errorf("%s: %s", words, said)
		}
	}
}
