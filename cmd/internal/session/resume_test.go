package session

import (
	"fmt"
	"strings"
	"testing"

	"skinny/scenarios/exercise"
	"skinny/sim/check"
	"skinny/sim/prose"
)

// What was taken elsewhere shows no more than is to be seen here, and is refused where it
// cannot be.
func TestResumeOfOther(t *testing.T) {
	const stops = "    - {at: 3, ask: answer}\n    - {at: 5, say: Five.}\n    - {at: 8, ask: answer}\n"
	for _, c := range []struct {
		taken Taken
		at    int // wanted
		want  string
	}{
		{Taken{}, 9, "at 0 of 0"},
		{Taken{Seen: 2}, 9, "at 2 of 2"},
		{Taken{Seen: 1000}, 9, "at 2 of 2"},
		{Taken{Asking: true}, 2, "at 2 of 2, asks"},
		{Taken{Stops: 1, Answers: [][3]int{{3, 1, 0}}}, 9, "at 3 of 3"},
		{Taken{Stops: 1, Answers: [][3]int{{3, 9, 0}}}, 9, "the question about event 3 has no such answer"},
		{Taken{Stops: 1}, 9, "the question about event 3 has no such answer"},
		{Taken{Stops: 2, Answers: [][3]int{{3, 1, 0}}}, 9, "at 5 of 5"},
		{Taken{Stops: 2, Answers: [][3]int{{3, 1, 0}}, Asking: true}, 9, "at 7 of 7, asks"},
		{Taken{Stops: 2, Answers: [][3]int{{3, 1, 0}}, Over: true}, 9, "at 5 of 5"},
		{Taken{Stops: 3, Answers: [][3]int{{3, 1, 0}, {8, 1, 0}}}, 9, "at 9 of 12"},
		{Taken{Stops: 3, Answers: [][3]int{{3, 1, 0}, {8, 1, 0}}, Over: true, Asking: true}, 9, "at 9 of 12, over"},
		{Taken{Stops: 3, Answers: [][3]int{{3, 1, 0}}}, 9, "the question about event 8 has no such answer"},
		{Taken{Stops: 4}, 9, "the lesson has 3 stops"},
		{Taken{Stops: -1}, 9, "the lesson has 3 stops"},
	} {
		s, err := takingOwn(t, stops)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		if err := s.Resume(c.taken, s.branch, c.at); err != nil {
			got = err.Error()
		} else {
			got = fmt.Sprintf("at %d of %d", s.at, s.Limit())
			if s.Question() != nil {
				got += ", asks"
			}
			if _, over := s.InLesson(); over {
				got += ", over"
			}
		}
		if got != c.want {
			t.Errorf("%+v: %s, want %s", c.taken, got, c.want)
		}
	}
	x, err := exercise.Load("predict-1")
	if err != nil {
		t.Fatal(err)
	}
	for hints, want := range map[int]string{-1: "the exercise has %d hints", 0: "", len(x.Hints): "", len(x.Hints) + 1: "the exercise has %d hints"} {
		s := NewSession(New(x.Scenario), "")
		s.Solve(x, nil)
		want = strings.ReplaceAll(want, "%d", count(len(x.Hints)))
		if err := s.Resume(Taken{Hints: hints}, s.branch, 5); (want == "") != (err == nil) || err != nil && err.Error() != want || s.at != 0 {
			t.Errorf("%d hints: %v, at %d", hints, err, s.at)
		}
	}
	s := NewSession(NewSmall(openNamed(t, "typical")), "")
	if err := s.Resume(Taken{}, s.branch, 20); err != nil || s.at != 20 {
		t.Errorf("beyond what is known: %v, at %d", err, s.at)
	}
}

// A verdict tells nothing of what comes later: not that something breaks, nor what it rests on.
func TestVisible(t *testing.T) {
	whole := []check.Verdict{
		{Property: "a", Severity: 1, State: check.Kept},
		{Property: "b", Severity: 2, State: check.Violated, Event: 6, Why: prose.Of("b breaks, and on to ", prose.At(7))},
		{Property: "c", Severity: 3, State: check.Violated, Event: 7, Why: prose.Words("c breaks")},
		{Property: "d", Severity: 4, State: check.Undecided, Why: prose.Words("who knows")},
		{Property: "e", Severity: 5, State: check.NotJudged, Why: prose.Of("as of ", prose.At(6))},
		{Property: "f", Severity: 6, State: check.NotJudged, Why: prose.Of("as of ", prose.At(2), " and ", prose.At(7))},
		{Property: "g", Severity: 7, State: check.NotJudged, Why: prose.Words("not at all")},
	}
	s := plainSession(t)
	s.branch.verdicts = whole
	for _, hidden := range []bool{false, true} {
		if hidden {
			s.Present()
		}
		s.GoTo(6)
		want := append([]check.Verdict(nil), whole...)
		for i := range want {
			if hidden && strings.Contains("cdf", want[i].Property) {
				want[i] = check.Verdict{Property: want[i].Property, Severity: want[i].Severity}
			}
		}
		if got := s.Visible(); fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("hidden %v: %v, want %v", hidden, got, want)
		}
	}
	if s.End(); fmt.Sprint(s.Visible()) != fmt.Sprint(whole) || fmt.Sprint(s.branch.verdicts) != fmt.Sprint(whole) {
		t.Errorf("at the end: %v", s.Visible())
	}
}
