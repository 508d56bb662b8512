package session

import (
	"fmt"
	"strings"
	"testing"

	"skinny/scenarios"
	"skinny/sim/check"
)

// compiledOf is a scenario of three instances that a test writes.
func compiledOf(t *testing.T, text string) *scenarios.Scenario {
	t.Helper()
	f, err := scenarios.Decode("own.yaml", []byte("format: 1\n"+text))
	if err != nil {
		t.Fatal(err)
	}
	s, err := f.Compile(scenarios.Overrides{})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// What is wrong with a command is said, with what to write, and nothing else comes of it.
func TestComplaints(t *testing.T) {
	const (
		number = "nothing under way here has the number %; there are\n1  a ─▶ b  promise 1?\n2  a ─▶ c  promise 1?\n3  timeout of a\n4  alice gives up\n5  bob gives up"
		span   = "\" is no span of time to delay something by\nwrite: delay 50ms KIND a -> c [#N], or: delay 50ms timeout a"
	)
	for _, c := range []struct{ name, words, want string }{
		{"two-winners", "save", "write: save FILE"},
		{"two-winners", "save  over", "write: save FILE"},
		{"two-winners", "search", "nothing was searched for yet"},
		{"two-winners", "search no such words", "no event says \"no such words\""},
		{"two-winners", "of zzz back", "instances: a, b, c"},
		{"two-winners", "mark zzz", "instances: a, b, c"},
		{"two-winners", "next x", "write: next [N]"},
		{"two-winners", "next -1", "write: next [N]"},
		{"two-winners", "back 3 4", "write: back [N]"},
		{"two-winners", "round forward", "write: round [back]"},
		{"two-winners", "majority forward", "write: majority [back]"},
		{"two-winners", "start now", "write: start"},
		{"two-winners", "goto", "write: goto N | TIME"},
		{"two-winners", "goto :", "write: goto N | TIME"},
		{"two-winners", "goto -5", "write: goto N | TIME"},
		{"two-winners", "goto 99999999999999999999", "no event has a number that long; the last is 30"},
		{"two-winners", "5 parsecs", "unknown unit in the duration \"5 parsecs\"; a duration is one number and one unit: h, m, s, ms, us or ns"},
		{"two-winners", "delay soon timeout a", "\"soon" + span},
		{"two-winners", "delay 0ms timeout a", "\"0ms" + span},
		{"two-winners", "delay 5ms crash a", "only what is pending can be delayed\nwrite: delay 50ms KIND a -> c [#N], or: delay 50ms timeout a"},
		{"two-winners", "delay 5ms crash zzz", "unknown instance \"zzz\"\ninstances: a, b, c"},
		{"two-winners", "delay 5ms acquire alice via a", "only what is pending can be delayed\nwrite: delay 50ms KIND a -> c [#N], or: delay 50ms timeout a"},
		{"two-winners", "delay 1 soon", "expected a duration, got \"soon\"; a duration is a number and a unit: 10ms, 1.5s"},
		{"exercises/network-1", "delay 5ms timeout a", "nothing has a time in this run, so nothing can be delayed\nlet something else happen first instead"},
		{"exercises/network-1", "delay 1", "nothing has a time in this run: let something else happen first instead (deliver)"},
		{"two-winners", "drop 0", strings.Replace(number, "%", "0", 1)},
		{"two-winners", "deliver 6", strings.Replace(number, "%", "6", 1)},
		{"two-winners", "drop", "write: drop N (`list` shows the numbers)"},
		{"two-winners", "drop 3", "only messages between instances can be lost, copied or refused; timeout of a can happen now (deliver) or later (delay)"},
		{"two-winners", "branch 1", "there are branches 0 to 0"},
		{"two-winners", "branch -1", "there are branches 0 to 0"},
		{"two-winners", "compare 0 0", "there are branches 0 to 0"},
		{"two-winners", "hint", "hints are for exercises: skinny learn lists them"},
		{"two-winners", "claim operation 1 outcome acquired", "nothing is to be predicted here"},
		{"two-winners", "answer 2", "nothing is asked here; `goto 2` goes to that event"},
		{"two-winners", "crash", "expected an instance, but the line ends\nwrite: crash a [host up|down]"},
		{"two-winners", "heal", "expected an instance, but the line ends\nwrite: heal a, or: heal partition, or: heal all"},
		{"two-winners", "down", unknown("down")},
		{"two-winners", "pgdown", unknown("pgdown")},
		{"two-winners", "delay", "write: delay N [TIME] (`list` shows the numbers)"},
		{"two-winners", "crash zzz", "unknown instance \"zzz\"\ninstances: a, b, c"},
		{"two-winners", "z 1", unknown("z")},
		{"two-winners", "-5", unknown("-5")},
		{"two-winners", "^", unknown("^")},
		{"two-winners", "help j", unknown("j")},
		{"two-winners", "next 0", ""},
		{"two-winners", "back 0", ""},
		{"two-winners", ":5", unknown(":5")},
		{"two-winners", "help zzz", unknown("zzz")},
	} {
		s := NewSession(New(openNamed(t, c.name)), "skinny step "+c.name)
		s.Words = true
		s.Say("3")
		if a := s.Say(c.words); a.Said != c.want || a.Page != nil || s.at != 3 || len(s.tree.branches) != 1 {
			t.Errorf("%s, %q: said %q, want %q; at %d of %d branches", c.name, c.words, a.Said, c.want, s.at, len(s.tree.branches))
		}
	}
	if got := plainSession(t).Say("n").Said; got != unknown("n") { // elsewhere it is no word
		t.Error(got)
	}
	if got := plainSession(t).Graded("x.yaml"); got != "" {
		t.Error(got)
	}
	if got := unknown("nexxt"); got != "'nexxt' is no command\ndid you mean \"next\"?\n`help` lists them all" {
		t.Error(got)
	}
}

// How many spaces stand between words, before and behind them, says nothing.
func TestSpaces(t *testing.T) {
	for _, words := range []string{"7", "10ms", "drop 1", "delay 1 20ms", "delay 20ms timeout a", "crash a", "crash b host up", "rule adopt=on", "of b back", "search a ─▶ b", "round back", "goto 7", "help drop", "save x over", "compare 0"} {
		var want string
		for _, as := range []string{words, " " + words + "  ", strings.ReplaceAll(words, " ", "   ")} {
			s := plainSession(t)
			s.Words = true
			s.Say("3")
			a := s.Say(as)
			got := fmt.Sprint(a.Said, a.Save, a.Over, s.at, s.branch.Changes())
			if a.Page != nil {
				got += a.Page.text()
			}
			if want == "" {
				want = got
			}
			if got != want {
				t.Errorf("%q does %s, not %s", as, got, want)
			}
		}
	}
}

// In lines a key of one letter does what it does elsewhere, and asks for what it asks for.
func TestKeysInLines(t *testing.T) {
	for _, c := range commands {
		for _, key := range strings.Fields(c.Keys) {
			if len(key) > 1 {
				continue
			}
			lines, keys := plainSession(t), plainSession(t)
			lines.Words = true
			lines.Say("9")
			keys.Say("9")
			said := lines.Say(key)
			pressed, known := keys.Press(key)
			keys.chosen = nothing // in lines nothing stays chosen
			lines.Words = false
			if got, want := lines.shown(Answer{Ask: said.Ask}), keys.shown(Answer{Ask: pressed.Ask}); !known || c.Word == "" && got != want || c.Word != "" && pressed.Ask == nil && got != want {
				t.Errorf("%s in lines shows\n%s\nnot\n%s", key, got, want)
			}
		}
	}
	for short, words := range map[string]string{"n 3": "next 3", "d 1": "drop 1", "/ bob": "search bob", "m back": "majority back", "] b": "of b", "t adopt": "rule adopt", "? drop": "help drop"} {
		a, b := plainSession(t), plainSession(t)
		a.Words, b.Words = true, true
		a.Say("9")
		b.Say("9")
		if got, want := a.shown(a.Say(short)), b.shown(b.Say(words)); got != want {
			t.Errorf("%s shows\n%s\nnot what %s does:\n%s", short, got, words, want)
		}
	}
	for _, key := range []string{"", "0", "12", "^", "ctrl+x"} {
		if a, known := plainSession(t).Press(key); known || a != (Answer{}) {
			t.Errorf("%q means %+v", key, a)
		}
	}
}

// A key that needs something chosen says so, or what there is to come; one that marks says
// which instances there are.
func TestKeysComplain(t *testing.T) {
	for _, c := range []struct{ keys, want string }{
		{"d", "nothing is under way yet; to come: acquire alice via a (→)"},
		{"down", "nothing is under way yet; to come: acquire alice via a (→)"},
		{"right right c", "nothing is chosen: ↑ ↓ choose a message or a timer"},
		{"left", "this is the beginning"},
		{"4", "there is no instance 4"},
		{"right right right down down down c", "only a message between instances has a link that can be cut; or in words: cut a -> b"},
		{"right right right down down down d", "only messages between instances can be lost, copied or refused; timeout of a can happen now (enter) or later (l)"},
		{"G right", "the run ends here: nothing is left to happen"},
	} {
		s := plainSession(t)
		if got := s.pressAll(t, c.keys); got != c.want {
			t.Errorf("%s: %q, want %q", c.keys, got, c.want)
		}
	}
	for p, want := range map[int]string{-1: "there is no instance 0", 3: "there is no instance 4"} {
		s := plainSession(t)
		if s.Mark(1); s.Mark(p) != want || s.Marked() != 1 {
			t.Errorf("%d: %q, and %d is marked", p, s.Mark(p), s.Marked())
		}
	}
	s := NewSession(New(compiledOf(t, "instances: [a, b, c]\ntimeline: [{at: 1ms, crash: a}]\n")), "")
	s.End()
	if got := s.pressAll(t, "down"); got != "nothing is under way here" || s.Choosable() != got {
		t.Error(got)
	}
}

// A fault that an instance already has is ended, or said to be so.
func TestFaultsAndTheirEnds(t *testing.T) {
	for _, c := range []struct{ keys, want string }{
		{"x x", "a is down already; r restarts it"},
		{"X X", "a is down already; r restarts it"},
		{"x X", "a is down already; r restarts it"},
		{"x z", "a is down; r restarts it"},
		{"z z", "resume a: this branch goes on by it"},
		{"i i", "heal a: this branch goes on by it"},
		{"x r", "restart a: this branch goes on by it"},
		{"right right right down c down c", "mend a -> b: this branch goes on by it"},
		{"tab x", "crash b: branch 1; the old future is kept (b)"},
		{"right x", "crash a: branch 1; the old future is kept (b); it comes after event 2, the end of this step"},
	} {
		s := plainSession(t)
		if got := s.pressAll(t, c.keys); got != c.want {
			t.Errorf("%s: %q, want %q", c.keys, got, c.want)
		}
	}
}

// A branch in a line: whether the lock holds, what else there is to say, and how far that is
// known.
func TestOutcome(t *testing.T) {
	of := func(states ...check.State) (list []check.Verdict) {
		for i, state := range states {
			list = append(list, check.Verdict{Property: []string{check.MutualExclusion, "agreement", "durability"}[i], State: state})
		}
		return list
	}
	for _, c := range []struct {
		verdicts []check.Verdict
		want     Span
	}{
		{of(check.Kept, check.Kept), Span{"✓ the lock holds, and so does every property", Good}},
		{of(check.Violated, check.Violated, check.Undecided), Span{"✗ the lock breaks: mutual-exclusion, agreement", Bad}},
		{of(check.Kept, check.Violated, check.Violated), Span{"✓ the lock holds, but ✗ agreement, durability", Good}},
		{of(check.Kept, check.Violated, check.Undecided), Span{"✓ the lock holds, but ✗ agreement", Good}},
		{of(check.Kept, check.Undecided, check.NotJudged), Span{"✓ the lock holds; undecided: agreement", Good}},
		{of(check.Kept, check.NotJudged, check.NotJudged), Span{"✓ the lock holds; not judged: agreement, durability", Good}},
	} {
		b := plainSession(t).branch
		b.verdicts = c.verdicts
		if got := b.Outcome(); got != c.want {
			t.Errorf("%v: %+v, want %+v", c.verdicts, got, c.want)
		}
	}
	b := newTree(openNamed(t, "typical"), small).Root()
	b.verdicts = of(check.Kept)
	if got := b.Outcome().Text; !strings.HasSuffix(got, " (up to event "+count(b.Len())+")") {
		t.Error(got)
	}
}

// A property is kept until the event by which it breaks, and from that on it is not.
func TestPropertyAt(t *testing.T) {
	for _, c := range []struct {
		state check.State
		at    int
		mark  Span
		text  string
	}{
		{check.Kept, 7, Span{"✓", Good}, ""},
		{check.Violated, 6, Span{"✓", Good}, "breaks at event 7"},
		{check.Violated, 7, Span{"✗", Bad}, "since event 7"},
		{check.Violated, 8, Span{"✗", Bad}, "since event 7"},
		{check.Undecided, 8, Span{"?", Strong}, "undecided"},
		{check.NotJudged, 8, Span{"?", Strong}, "not judged"},
	} {
		if mark, text := PropertyAt(check.Verdict{State: c.state, Event: 7}, c.at); mark != c.mark || text != c.text {
			t.Errorf("%v at %d: %v %q", c.state, c.at, mark, text)
		}
	}
}

// Each ending says why the run goes no further, and whether one can.
func TestEndings(t *testing.T) {
	const begins = "instances: [a, b, c]\n"
	for text, want := range map[string]string{
		begins + "timeline: [{at: 1ms, acquire: alice, via: a}]\n":                   "nothing is left to happen",
		begins + "timeline: [{at: 1ms, acquire: alice, via: a}]\nuntil: 5ms\n":       "its time is up (until)",
		begins + "timeline: [{at: 1ms, acquire: alice, via: a}]\nevents: 5\n":        "it has spent its budget of events",
		begins + "schedule: |\n  acquire alice via a\n":                              "its schedule has no more decisions; yours can go on",
		begins + "schedule: |\n  acquire alice via a\n  deliver failure a -> b #1\n": "the next decision of its schedule cannot be made; yours can go on",
	} {
		s := NewSession(New(compiledOf(t, text)), "")
		if s.End(); s.Visible() == nil {
			t.Errorf("%s: nothing is judged", text)
		}
		if got := s.Go(1); got != "the run ends here: "+want {
			t.Errorf("%q, not %q", got, want)
		}
	}
	s := NewSession(newTree(openNamed(t, "typical"), small), "")
	if got := s.End(); got != "event "+count(s.at)+" is the last that is known so far; → goes on" || s.at >= plainLen(t, "typical") {
		t.Errorf("at %d: %q", s.at, got)
	}
	s.branch.Judge()
	if s.Go(-1); s.Visible() == nil {
		t.Error("what was judged is not known any more")
	}
	s.Go(1)
	if at := s.at; s.Go(1) != "" || s.at != at+1 {
		t.Errorf("after %d comes %d", at, s.at)
	}
	whole, root := NewSession(New(openNamed(t, "typical")), ""), New(openNamed(t, "typical")).Root()
	for n := 1; n <= root.Len(); n++ { // a time is found also where it is not known yet
		s := NewSession(newTree(openNamed(t, "typical"), small), "")
		words := scenarios.FormatTime(root.Event(n).At)
		if s.Say(words); s.at != n && root.Event(s.at).At != root.Event(n).At {
			t.Errorf("%s leads to %d", words, s.at)
		}
		if whole.Say(words); s.at != whole.at {
			t.Errorf("%s leads to %d, not to %d", words, s.at, whole.at)
		}
	}
}

// plainLen is the number of events of a bundled run.
func plainLen(t *testing.T, name string) int { return New(openNamed(t, name)).Root().Len() }
