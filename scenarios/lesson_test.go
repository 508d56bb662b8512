package scenarios

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// twoWinners is a run of which the events are known.
const twoWinners = `format: 1
instances: [a, b, c]
timeline:
  - {at: 0ms, acquire: alice, via: a}
  - {at: 5ms, acquire: bob, via: b}
lesson:
  point: One point.
  stops:
%s`

// Lint says of each stop whether its event is the one that is meant, and where that one is.
func TestLintLesson(t *testing.T) {
	for stops, want := range map[string]string{
		"    - {at: 6, means: promise c, say: x}\n    - {at: 14, means: accept c a, ask: answer}\n    - {at: 20, means: answer a alice, say: x}\n": "",
		"    - {at: 6, means: promise c b, say: x}\n":                      "lesson:9:22: event 6 is promise c a, not promise c b\n        - {at: 6, means: promise c b, say: x}\n                         ^\n  no event up to the last stop is that; if the number is right, write means: \"promise c a\"",
		"    - {at: 6, means: commit b, say: x}\n    - {at: 12, say: x}\n": "event 12 is commit b; if the number is right, write means: \"promise c a\"",
		"    - {at: 6, means: promise, say: x}\n":                          "event 6 is promise c a, not promise\n",
		"    - {at: 31, say: x}\n":                                         "lesson:9:12: the run has no event 31\n        - {at: 31, say: x}\n               ^\n  it has 30",
		"    - {at: 31, ask: answer}\n":                                    "lesson:9:12: the run has no event 31",
		"    - {at: 5, ask: majority}\n":                                   "lesson:9:20: no question \"majority\" at event 5",
		"    - {at: 6, say: x, try: {backoff: off}}\n":                     "lesson:9:7: the rules to try at event 6 change nothing",
		"    - {at: 6, say: x}\n  next: nowhere\n":                         "lesson:10:9: there is no lesson \"nowhere\"\n      next: nowhere\n            ^\n  lessons: majority, typical,",
		"    - {at: 2, means: call a alice, say: x}\n":                     "event 1 is call a alice; if the number is right, write means: \"propose a alice\"",
	} {
		s, err := decode("lesson", fmt.Appendf(nil, twoWinners, stops), Overrides{})
		if err != nil {
			t.Fatal(err)
		}
		switch err := s.LintLesson().Err(); {
		case want == "" && err != nil, want != "" && (err == nil || !strings.Contains(err.Error(), want) || strings.Count(err.Error(), "lesson:") != 1):
			t.Errorf("%s: got %v", stops, err)
		}
	}
}

// A decision that is impossible is what lint says of the stops behind it.
func TestLintImpossible(t *testing.T) {
	s, err := decode("lesson", []byte("format: 1\ninstances: [a, b]\nschedule: |\n  acquire alice via a\n  wake b\nlesson: {point: x, stops: [{at: 9, say: x}]}\n"), Overrides{})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.LintLesson().Err(); err == nil || !strings.Contains(err.Error(), "decision 2 of the schedule is impossible") {
		t.Errorf("got %v", err)
	}
}

// The bundled lessons are free of mistakes, and each of their stops names its event. They
// are short, ask at least as often as they only tell, and each leads to the next.
func TestCourse(t *testing.T) {
	names := LessonNames()
	for i, name := range names {
		e, ok := FindTaught(name)
		if !ok {
			t.Fatalf("there is no lesson %s", name)
		}
		s, err := Load(e.Name, Overrides{})
		if err != nil {
			t.Fatal(err)
		}
		if s.Lesson() == nil {
			t.Fatalf("%s is no lesson", e.Name)
		}
		if err := s.LintLesson().Err(); err != nil {
			t.Error(err)
		}
		stops, asks := s.Lesson().Stops, 0
		for _, stop := range stops {
			if stop.Means.Value.Instance == "" {
				t.Errorf("%s: the stop at event %d does not say which event it means", e.Name, stop.At.Value)
			}
			if stop.Ask.Given {
				asks++
			}
			for _, text := range []string{stop.Say.Value, stop.Before.Value, stop.After.Value} {
				if len(text) > 400 {
					t.Errorf("%s: the stop at event %d says %d bytes at once", e.Name, stop.At.Value, len(text))
				}
			}
		}
		if len(stops) < 4 || len(stops) > 8 || 2*asks < len(stops) {
			t.Errorf("%s: %d stops, %d of which ask", e.Name, len(stops), asks)
		}
		next := ""
		if i+1 < len(names) {
			next = names[i+1]
		}
		if got := s.Lesson().Next.Value; got != next {
			t.Errorf("after %s comes %q, not %q", name, got, next)
		}
	}
}

// Whatever a lesson asks, wherever in whichever run, what is wrong with it is said in its
// place.
func TestLintAnything(t *testing.T) {
	library := Library()
	rapid.Check(t, func(t *rapid.T) {
		f, err := rapid.SampledFrom(library).Draw(t, "scenario").Decode()
		if err != nil {
			t.Fatal(err)
		}
		d := drawing{t: t}
		for _, i := range f.Instances {
			d.instances = append(d.instances, i.Name.Value)
		}
		f.Lesson = Some(d.lesson())
		if f, err = Decode("lesson", f.Encode()); err != nil {
			t.Fatal(err)
		}
		s, err := f.Compile(Overrides{})
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range s.LintLesson() {
			if d.Line < 1 || d.Message == "" || d.Hint == "" {
				t.Errorf("%+v", d)
			}
		}
	})
}
