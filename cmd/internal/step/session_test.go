package step

import (
	"slices"
	"strings"
	"testing"

	"skinny/cmd/internal/session"
	"skinny/scenarios"
)

// said says some commands one after the other, and gives what the last one says.
func said(s *Session, commands ...string) (text string) {
	for _, c := range commands {
		text = s.Say(c)
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
	if got := s.Farewell(); !strings.Contains(got, want) {
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
		if got := s.Say(want.command); got != want.said || s.at != want.at {
			t.Errorf("%s leads to %d: %q, not to %d: %q", want.command, s.at, got, want.at, want.said)
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
		if list, _ := s.Coming(); strings.Join(list, ", ") != c.want {
			t.Errorf("after %q there come %q, not %q", c.commands, list, c.want)
		}
	}
	if got := plainSession(t).Say("drop 1"); got != "nothing is under way yet; to come: acquire alice via a (→)" {
		t.Errorf("to drop what is to come: %q", got)
	}
}

// Where nobody gets the lock, nothing is said to hold.
func TestNobody(t *testing.T) {
	s := plainSession(t)
	said(s, "crash a", "crash b", "crash c")
	s.branch.Judge()
	if got, _ := outcome(s.branch); got != "✓ nobody got the lock; no property is violated" {
		t.Error(got)
	}
	s = NewSession(session.New(openNamed(t, "typical")), "")
	if got, _ := outcome(s.branch); got != "✓ the lock holds, and so does every property" {
		t.Error(got)
	}
}

// The votes of a majority are among its reasons.
func TestCauses(t *testing.T) {
	s := NewSession(session.New(openNamed(t, "typical")), "")
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
