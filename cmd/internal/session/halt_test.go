package session

import (
	"regexp"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"skinny/scenarios"
	"skinny/scenarios/exercise"
	"skinny/scenarios/form"
	"skinny/sim/check"
)

// sought is what moves, and says something of where it leads.
var sought = []string{
	"majority", "majority", "majority back", "violation", "refusal", "round", "round back", "of a", "of back", "search acquired", "search promised", "search ✗", "search",
	"next", "next 7", "next 0", "back", "back 5", "back 0", "goto 12", "goto 45ms", "goto 1h", "goto 99999999999999999999", "400", "start", "end", "on", "", "1", "2", "answer 1", "answer 2",
	"crash a", "drop 1", "deliver 1", "rule own-id=on", "rule", "branch 0", "branch 1", "predict", "present",
}

var (
	numbered = regexp.MustCompile(`(?:[^o]|[^n]o) event (\d+)`) // but for "there is no event 400"
	denies   = regexp.MustCompile(`^no (event says|event of|property|majority|quorum|refusal|round)|the last is|the run ends here`)
)

// begun is a session in a mode, of any bundled scenario.
func begun(t *testing.T, name, mode string) *Session {
	s := NewSession(New(openNamed(t, name)), "skinny step "+name)
	scenario := s.branch.scenario
	switch {
	case mode == "predict":
		s.Predict()
	case mode == "present":
		s.Present()
	case mode == "taught" && scenario.Lesson() != nil:
		if err := s.TakeLesson(Course{Done: func(int, int) string { return "" }}); err != nil {
			t.Fatal(err)
		}
	case mode == "taught":
		if x := exercise.Of(scenario); x != nil {
			s.Solve(x, func(*exercise.Mark) string { return "" })
		}
	}
	return s
}

// Where no more of a run is kept, nothing is denied of all of it.
func TestDeniesUpToWhatIsKept(t *testing.T) {
	s := NewSession(NewBounded(openNamed(t, "typical"), 15), "")
	last := count(s.branch.Len())
	for words, want := range map[string]string{
		"violation":                 "no property is violated up to event " + last,
		"search sydney ✗":           "no event says \"sydney ✗\" up to event " + last,
		"refusal":                   "no refusal after this event up to event " + last,
		"majority back":             "no majority before this event",
		"goto 99999999999999999999": "no event has a number that long",
	} {
		s.Say("start")
		if said := s.Say(words).Said; said != want {
			t.Errorf("%s: %q, want %q", words, said, want)
		}
	}
	if text := s.branch.Outcome().Text; !strings.HasSuffix(text, " (up to event "+last+")") {
		t.Error(text)
	}
	budget := NewSession(New(compiledOf(t, "instances: [a, b, c]\nevents: 12\ntimeline: [{at: 0ms, acquire: alice, via: a}, {at: 1s, acquire: bob, via: b}]\n")), "")
	if said := budget.Violation(); said != "no property is violated up to event "+count(budget.branch.Len()) {
		t.Errorf("with its budget spent: %q", said)
	}
}

// Nothing is said of what is not shown, whatever is sought: not where it is, and not that it
// is not there. Of what is said to be here, it is true.
func TestSaysOnlyWhatIsShown(t *testing.T) {
	library := form.Each(scenarios.Library(), func(e scenarios.Entry) string { return e.Name })
	rapid.Check(t, func(r *rapid.T) {
		s := begun(t, rapid.SampledFrom(library).Draw(r, "scenario"), rapid.SampledFrom([]string{"", "predict", "predict", "present", "taught", "taught"}).Draw(r, "mode"))
		s.Words = rapid.Bool().Draw(r, "words")
		for _, words := range rapid.SliceOfN(rapid.SampledFrom(sought), 1, 25).Draw(r, "words said") {
			said := s.Say(words).Said
			for _, m := range numbered.FindAllStringSubmatch(said, -1) {
				if n, err := strconv.Atoi(m[1]); err != nil || n > s.Limit() {
					r.Fatalf("%s: %q, and event %d is the last that is shown", words, said, s.Limit())
				}
			}
			if s.Veiled() && denies.MatchString(said) && !strings.Contains(said, "so far") && !strings.Contains(said, "before this event") {
				r.Fatalf("%s: %q, and what comes is hidden", words, said)
			}
			if strings.HasPrefix(said, "phase ") && (s.at == 0 || s.branch.Line(s.at).Majority.Votes == 0) {
				r.Fatalf("%s: %q, and event %d is no majority", words, said, s.at)
			}
			if strings.Contains(said, "broken here") && check.BrokenBy(s.at, s.branch.Judge()) == nil {
				r.Fatalf("%s: %q, and nothing breaks at event %d", words, said, s.at)
			}
		}
	})
}
