package session_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"skinny/cmd/internal/session"
	"skinny/protocol"
	"skinny/scenarios"
	"skinny/sim"
	"skinny/sim/trace"
)

// failing plays by the built-in protocol, and fails at a question about an ID.
type failing struct {
	sim.Program
	id uint64
}

func (f *failing) Step(q *sim.Question) (sim.Answer, error) {
	if f.id > 0 && uint64(q.Message.ID) >= f.id {
		return sim.Answer{}, errors.New("it has had enough")
	}
	return f.Program.Step(q)
}

// spoken tells questions as tests look at them.
type spoken struct{}

func (spoken) Spoken(p sim.Program, q *sim.Question) []string {
	_, own := p.(*failing)
	return []string{fmt.Sprintf("%s was asked about %s %d: %v", q.Cluster.Instances[q.Self].Name, q.Message.Kind, q.Message.ID, own)}
}

func (spoken) Failure(err error) []string { return []string{"because " + err.Error()} }

// played is a session of two-winners in which a program plays c.
func played(t *testing.T, fails uint64) *session.Session {
	t.Helper()
	s, err := scenarios.Load("two-winners", scenarios.Overrides{Edition: "sound", Players: sim.Players{
		"c": {Name: "mine", Program: &failing{sim.BuiltIn(0), fails}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	place := session.NewSession(session.New(s), "skinny step two-winners")
	place.Programs = spoken{}
	return place
}

func page(a session.Answer) string {
	if a.Page == nil {
		return a.Said
	}
	var text []string
	for i := range a.Page.Len {
		for _, s := range a.Page.Row(i).Text {
			text = append(text, s.Text)
		}
	}
	return a.Page.Title + ": " + strings.Join(text, " ")
}

// Of every event that an instance's program makes, its question is known; of others none
// is, nor before anything has happened. Forward and back is the same, and in branches.
func TestAsked(t *testing.T) {
	s := played(t, 0)
	var all []string
	for at := 0; at <= s.Branch().Len(); at++ {
		s.GoTo(at)
		all = append(all, page(s.Say("question")))
	}
	if all[0] != "nothing has happened yet" {
		t.Errorf("at first: %s", all[0])
	}
	at := slices.IndexFunc(all, func(text string) bool { return strings.HasSuffix(text, "c was asked about promise-request 1: true") })
	if at < 0 || all[at] != fmt.Sprintf("what led to event %d: c was asked about promise-request 1: true", at) {
		t.Fatalf("event %d, of\n%s", at, strings.Join(all, "\n"))
	}
	for n := len(all) - 1; n >= 0; n-- {
		s.GoTo(n)
		if got := page(s.Say("question")); got != all[n] {
			t.Errorf("event %d, gone back to: %s, not %s", n, got, all[n])
		}
		if n == 0 {
			continue
		}
		want := "no program was asked about event " + fmt.Sprint(n)
		if e := s.Branch().Event(n); e.Instance == 2 && (e.Kind == trace.Promise || e.Kind == trace.Accept) {
			asked := map[trace.Kind]protocol.MessageKind{trace.Promise: protocol.PromiseRequest, trace.Accept: protocol.CommitRequest}[e.Kind]
			want = fmt.Sprintf("what led to event %d: c was asked about %s %d: true", n, asked, e.Message.ID)
		}
		if all[n] != want {
			t.Errorf("event %d: %s, want %s", n, all[n], want)
		}
	}
	s.GoTo(at - 1)
	s.Say("crash a")
	s.GoTo(at + 1)
	if got := page(s.Say("question")); !strings.HasSuffix(got, "c was asked about promise-request 1: true") {
		t.Errorf("in a branch: %s\n%s", got, strings.Join(all, "\n"))
	}
	s.GoTo(at + 2)
	s.Say("crash b")
	for s.GoTo(0); s.At() < s.Branch().Len(); s.Go(1) {
		if n := s.Now().World().Events(); n < s.At() || n > s.At() && s.Branch().Event(n).At != s.Branch().Event(s.At()+1).At {
			t.Errorf("after two acts the world of event %d has %d", s.At(), n)
		}
	}
}

// moody plays by the built-in protocol until it has changed its mind.
type moody struct {
	sim.Program
	changed bool
}

func (m *moody) Step(q *sim.Question) (sim.Answer, error) {
	if m.changed {
		return sim.Answer{}, nil
	}
	return m.Program.Step(q)
}

// A program that answers otherwise when a run is gone through again leads to another moment,
// or to one before; the scenario keeps its own program.
func TestProgramThatChanges(t *testing.T) {
	m := &moody{Program: sim.BuiltIn(0)}
	scenario, err := scenarios.Load("two-winners", scenarios.Overrides{Edition: "sound", Players: sim.Players{"c": {Name: "mine", Program: m}}})
	if err != nil {
		t.Fatal(err)
	}
	s := session.NewSession(session.NewSmall(scenario), "")
	if scenario.Cluster.Instances[2].Program != sim.Program(m) {
		t.Error("the scenario has another program")
	}
	s.Say("cut b -> a")
	said := ""
	for n := 1; n < 20 && !strings.HasPrefix(said, "drop promise-response c -> b: "); n++ {
		s.GoTo(n)
		said = s.Say("drop promise-response c -> b").Said
	}
	s.End()
	if len(s.Branch().Acts()) != 2 {
		t.Fatal(said)
	}
	for s.GoTo(0); s.At() < s.Branch().Len(); s.Go(1) {
		if n := s.Now().World().Events(); n < s.At() {
			t.Errorf("the world of event %d has %d", s.At(), n)
		}
	}
	m.changed = true
	for n := range s.Branch().Len() {
		if s.GoTo(n); s.Now().World().Events() > s.Branch().Len() {
			t.Errorf("at event %d the world has %d", n, s.Now().World().Events())
		}
	}
}

// A run that ends because its program fails ends like others, and says why; where
// something else is done, it goes on.
func TestFailingProgram(t *testing.T) {
	s := played(t, 2)
	s.End()
	if said := s.Go(1); !strings.Contains(said, "the run ends here: the program of c, after event ") || !strings.Contains(said, "it has had enough") {
		t.Errorf("it says %s", said)
	}
	if got := page(s.Say("question")); !strings.HasPrefix(got, "why the run ends after event") || !strings.Contains(got, "because the program of c") {
		t.Errorf("it says %s", got)
	}
	if s.Branch().Failure() == nil {
		t.Error("nothing has failed")
	}
	for s.GoTo(1); s.At() < s.Branch().Len(); s.Go(1) { // before the end it is that of the event
		if got := page(s.Say("question")); !strings.HasPrefix(got, fmt.Sprintf("what led to event %d: c was asked", s.At())) && got != fmt.Sprintf("no program was asked about event %d", s.At()) {
			t.Errorf("at event %d it says %s", s.At(), got)
		}
	}
	s.GoTo(1)
	s.Say("crash c")
	if s.End(); s.Branch().Failure() != nil {
		t.Errorf("without c: %v", s.Branch().Failure())
	}
}

func TestNobodyPlays(t *testing.T) {
	s := session.NewSession(session.New(open(t, "two-winners")), "")
	if got := page(s.Say("question")); got != "no program plays here" {
		t.Errorf("it says %s", got)
	}
}

// A run that was found is not promised again to the point: a file is, with its programs.
func TestFoundRun(t *testing.T) {
	s := played(t, 0)
	s.GoTo(3)
	if got := s.Returns(); !strings.Contains(got, "skinny step two-winners --at 3") {
		t.Errorf("%q", got)
	}
	s.Found, s.Replays = true, func(file string) string { return "skinny run " + file + " --program c=mine" }
	if got := s.Returns(); got != "a run like this again: skinny step two-winners\n" {
		t.Errorf("%q", got)
	}
	if got := s.Replay("x.yaml"); got != "skinny run x.yaml --program c=mine" {
		t.Errorf("%q", got)
	}
}
