package session

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"skinny/scenarios/exercise"
)

// solvingOwn is a session with an exercise that a test writes.
func solvingOwn(t *testing.T, text string) *Session {
	t.Helper()
	s := NewSession(New(compiledOf(t, text)), "skinny step own.yaml")
	s.Words = true
	s.Solve(exercise.Of(s.branch.scenario), func(*exercise.Mark) string { return "kept" })
	return s
}

const (
	oneCall    = "instances: [a, b, c]\ntimeline: [{at: 0ms, acquire: alice, via: a}]\n"
	byAnyMeans = "instances: [a, b, c]\nschedule: |\n  acquire alice via a\nthen: settle\n"
	aliceHolds = "want: [{holder: alice, on: all}]}\n"
)

// In an exercise is said what may not be done and why, and what comes of what may.
func TestOwnExercises(t *testing.T) {
	const noPutOff = "\nin a timeline nothing but messages can be put off, and nothing can be made to happen earlier"
	for _, c := range []struct{ text, words, want string }{
		{oneCall + "exercise: {task: x, change: [timeline, messages], " + aliceHolds, "2, deliver promise-request a -> c", "not in this exercise: deliver promise-request a -> c" + noPutOff},
		{oneCall + "exercise: {task: x, change: [timeline, messages], " + aliceHolds, "2, delay 5ms timeout a", "not in this exercise: delay 5ms timeout a" + noPutOff},
		{oneCall + "exercise: {task: x, change: [timeline, messages], " + aliceHolds, "hint", "this exercise has no hints"},
		{oneCall + "exercise: {task: x, change: [timeline, messages], " + aliceHolds, "2, delay 5ms promise-request a -> c", "delay 5ms promise-request a -> c: branch 1; the old future is kept (branches)\n✓ solved in 1 move\nkept"},
		{oneCall + "exercise: {task: x, change: [rules, seed], " + aliceHolds, "crash a", "in this exercise what happens stays as it is; it is about rules and seed"},
		{oneCall + "exercise: {task: x, change: [messages], " + aliceHolds, "3, refuse promise-request a -> c #9", "that is not pending at this point"},
		{oneCall + "until: 30ms\nexercise: {task: x, change: [timeline], want: [{instance: c, up: false}]}\n", "2, crash c", "crash c: branch 1; the old future is kept (branches)\n✓ solved in 1 move\nkept"},
		{oneCall + "until: 30ms\nexercise: {task: x, change: [timeline], " + aliceHolds, "end, crash c", "the run is over at 30ms; go to an event before"},
		{oneCall + "exercise: {task: x, change: [timeline], " + aliceHolds, "5, crash c", "a timeline comes before what happens at 20ms, or after all of it: go to event 7 first, or to one before"},
		{oneCall + "exercise: {task: x, change: [timeline], " + aliceHolds, "10, crash c", "a timeline comes before what happens at 40ms, or after all of it: go to event 12 first, or to one before"},
		{oneCall + "exercise: {task: x, change: [messages], " + aliceHolds, "3, refuse promise-request a -> c", "a solution can have it refused or copied only as soon as it is sent, after event 2; go there first"},
		{oneCall + "exercise: {task: x, change: [messages], " + aliceHolds, "5, drop promise-response c -> a", "drop promise-response c -> a: branch 1; the old future is kept (branches); it comes after event 6, the end of this step\n✓ solved in 1 move\nkept"},
		{oneCall + "exercise: {task: x, change: [messages], " + aliceHolds, "2, duplicate promise-request a -> c", "duplicate promise-request a -> c: branch 1; the old future is kept (branches)\n✓ solved in 1 move\nkept"},
		{byAnyMeans + "exercise: {task: x, change: [schedule], par: 1, " + aliceHolds, "2, deliver promise-request a -> c", "deliver promise-request a -> c: branch 1; the old future is kept (branches)\n✓ solved in 1 move, and none is shorter\nkept"},
		{byAnyMeans + "exercise: {task: x, change: [schedule], par: 1, want: [{instance: c, up: false}]}\n", "2, deliver promise-request a -> b, crash c", "crash c: this branch goes on by it\n✓ solved in 2 moves; the shortest solution has 1\nkept"},
	} {
		s, said := solvingOwn(t, c.text), ""
		for _, words := range strings.Split(c.words, ", ") {
			said = s.Say(words).Said
		}
		if said != c.want {
			t.Errorf("%s: after %s %q, want %q", c.text, c.words, said, c.want)
		}
	}
}

// A decision in words comes after those of the same instant that a timeline has, and after all
// that is no entry of it.
func TestWrittenAtItsInstant(t *testing.T) {
	for words, want := range map[string]string{
		"crash c, cut a -> b":                                                         "0ms, acquire: alice, via: a}\n  - {at: 0ms, crash: c}\n  - {at: 0ms, cut: a -> b}\n",
		"drop promise-request a -> b, crash c, cut a -> b":                            "0ms, acquire: alice, via: a}\n  - {at: 1us, crash: c}\n  - {at: 1us, cut: a -> b}\nmessages:\n",
		"crash c, goto 5, cut a -> b":                                                 "0ms, crash: c}\n  - {at: 10.001ms, cut: a -> b}\n",
		"0, isolate c, drop promise-request a -> b, delay 1ms promise-request a -> c": "0ms, isolate: c}\n",
	} {
		s := solvingOwn(t, oneCall+"exercise: {task: x, change: [timeline, messages], want: [{instance: b, promised: 77}]}\n")
		s.Say("2")
		for _, c := range strings.Split(words, ", ") {
			s.Say(c)
		}
		data, err := s.File().Save()
		if err != nil || !strings.Contains(string(data), want) {
			t.Errorf("%s: %v\n%s\nwant %s", words, err, data, want)
		}
	}
}

// Where the future is hidden, the timeline of an exercise is not: it is what is given.
func TestComingIsGiven(t *testing.T) {
	s := solvingOwn(t, oneCall+"until: 30ms\nexercise: {task: x, change: [timeline], hide: [future], "+aliceHolds)
	var list []string
	for _, it := range s.Coming() {
		list = append(list, fmt.Sprint(it.Text, " ", it.Due, " ", it.From, it.Timed))
	}
	if got := strings.Join(list, ", "); !s.Veiled() || got != "acquire alice via a 0 -1 true, the run ends (until) 30000000 -1 true" {
		t.Errorf("veiled %v, there come %s", s.Veiled(), got)
	}
}

// What has been done by hand is in what is saved, and nothing that only follows from it.
func TestSavedWithoutWhatSettles(t *testing.T) {
	s := solvingOwn(t, byAnyMeans+"exercise: {task: x, change: [schedule], want: [{promised: 0, instance: b}]}\n")
	for _, c := range []struct{ words, want string }{
		{"", "  acquire alice via a\n"},
		{"drop promise-request a -> b", "  acquire alice via a\n  drop promise-request a -> b #1\n"},
	} {
		s.GoTo(2)
		s.Say(c.words)
		data, err := s.File().Save()
		if err != nil || !strings.Contains(string(data), "schedule: |\n"+c.want+"then: settle\n") {
			t.Errorf("after %q: %v\n%s", c.words, err, data)
		}
	}
}

// Where a decision that is given cannot be made, what is saved ends before it.
func TestSavedUpToTheImpossible(t *testing.T) {
	s := solvingOwn(t, "instances: [a, b, c]\nschedule: |\n  acquire alice via a\n  deliver failure a -> b #1\n  crash c\nthen: settle\nexercise: {task: x, change: [schedule], "+aliceHolds)
	if data, err := s.File().Save(); err != nil || !strings.Contains(string(data), "schedule: |\n  acquire alice via a\nthen: settle\n") {
		t.Errorf("%v\n%s", err, data)
	}
}

// There is a word for everything that can be predicted, and a claim about a part, about all
// of it and about nothing that is asked stand apart.
func TestClaims(t *testing.T) {
	s := solvingOwn(t, oneCall+"exercise: {task: x, change: [expect], hide: [future], want: [{operation: 1, outcome: acquired}, "+
		"{operation: 1, predict: [outcome, holder, answered]}, {instance: a, predict: [promised, id, holder, up]}, {property: agreement, predict: [is]}]}\n")
	for _, c := range []struct{ words, want string }{
		{"claim", "write: claim operation 1 outcome OUTCOME holder NAME answered TIME\nor: claim instance a promised NUMBER id NUMBER holder NAME up true|false\nor: claim property agreement is VERDICT"},
		{"claim operation 1 outcome acquired holder alice", "noted; 1 of 4 are right\n✓ operation 1: outcome acquired\n○ claimed: operation 1 outcome acquired holder alice; answered is not said\n" +
			"○ wanted, not yet so: predict promised, id, holder, up of instance a\n○ wanted, not yet so: predict is of property agreement"},
		{"claim operation 1 outcome refused holder alice answered 1ms", "noted; 1 of 4 are right\n✓ operation 1: outcome acquired\n✗ claimed: operation 1 outcome refused holder alice answered 1ms; not so\n" +
			"○ wanted, not yet so: predict promised, id, holder, up of instance a\n○ wanted, not yet so: predict is of property agreement"},
		{"claim property agreement is kept", "noted; 2 of 4 are right\n✓ operation 1: outcome acquired\n✗ claimed: operation 1 outcome refused holder alice answered 1ms; not so\n" +
			"○ wanted, not yet so: predict promised, id, holder, up of instance a\n✓ predict is of property agreement"},
		{"claim operation 0 outcome acquired", "the number of the operation is out of range: 0\nfrom 1 to 1000000000"},
		{"claim operation", "a claim is keys and their values\nwrite: operation 2 outcome refused holder alice"},
	} {
		if got := s.Say(c.words).Said; got != c.want {
			t.Errorf("%s: %q, want %q", c.words, got, c.want)
		}
	}
	if got := s.Taken().Claims; !slices.Equal(got, []string{"operation 1 outcome refused holder alice answered 1ms", "property agreement is kept"}) {
		t.Errorf("claimed is %q", got)
	}
	for _, key := range []string{"welcome", "by keys"} {
		s.Words = key == "welcome"
		want := map[bool]string{true: "    claim   operation 1 outcome OUTCOME holder NAME answered TIME\n", false: "    E       predicts, as in: operation 1 outcome OUTCOME holder NAME answered TIME\n"}[s.Words]
		if got := s.Welcome().text(); !strings.Contains(got, want) {
			t.Errorf("%s: it begins with\n%s", key, got)
		}
	}
}

// A claim stands where it is asked for, not beside another demand about the same.
func TestClaimOfOneDemand(t *testing.T) {
	s := solvingOwn(t, oneCall+"exercise: {task: x, change: [expect], want: [{instance: a, promised: 9}, {instance: a, predict: [id]}]}\n")
	want := "noted; 0 of 2 are right\n○ wanted, not yet so: instance a: promised 9\n✗ claimed: instance a id 3; not so"
	if got := s.Say("claim instance a id 3").Said; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// A claim that is refused takes the place of none, whether it cannot be or the branch is no
// solution.
func TestRefusedClaim(t *testing.T) {
	s := solvingOwn(t, oneCall+"exercise: {task: x, change: [expect, timeline], allow: [cut], want: [{instance: a, predict: [id]}, {instance: b, predict: [up]}]}\n")
	for _, c := range []struct{ words, want string }{
		{"claim instance b up true", "noted; 1 of 2 are right\n○ wanted, not yet so: predict id of instance a\n✓ predict up of instance b"},
		{"claim instance a id 1", "noted; 2 of 2 are right\n✓ predict id of instance a\n✓ predict up of instance b\n✓ solved in 0 moves\nkept"},
		{"claim instance a holder zed", "no operation is called by \"zed\"\nclients: alice"},
		{"crash c", "crash c: branch 1; the old future is kept (branches)"},
		{"claim instance b up false", "not allowed: crash c at 0ms"},
	} {
		if got := s.Say(c.words).Said; got != c.want {
			t.Errorf("%s: %q, want %q", c.words, got, c.want)
		}
	}
	if got := s.Taken().Claims; !slices.Equal(got, []string{"instance b up true", "instance a id 1"}) {
		t.Errorf("claimed is %q", got)
	}
}

// A guess is a rule, turned off or, where the edition has it off, on; that it is as in the
// edition is none.
func TestGuesses(t *testing.T) {
	for words, want := range map[string]string{
		"claim adopt": "adopt it is\n✓ solved\nkept", "claim rule adopt=off": "adopt it is\n✓ solved\nkept", "claim adopt=on": "no, it is not adopt",
		"claim durable=off": "no, it is not durable", "claim": "write: claim RULE, the one that is otherwise than in sound",
	} {
		s := solvingOwn(t, "edition: sound\nrules: {adopt: off}\n"+oneCall+"exercise: {task: x, change: [rules], want: [{predict: [rules]}], hide: [rules]}\n")
		if got := s.Say(words).Said; got != want {
			t.Errorf("%s: %q, want %q", words, got, want)
		}
	}
	for words, want := range map[string]string{
		"claim durable": "durable it is\n✓ solved\nkept", "claim durable=on": "durable it is\n✓ solved\nkept", "claim durable=off": "no, it is not durable", "claim adopt=on": "no, it is not adopt", "claim adopt": "no, it is not adopt",
	} {
		s := solvingOwn(t, "edition: published\nrules: {durable: on}\n"+oneCall+"exercise: {task: x, change: [rules], want: [{predict: [rules]}], hide: [rules]}\n")
		if got := s.Say(words).Said; got != want {
			t.Errorf("of a rule that is on: %s: %q, want %q", words, got, want)
		}
	}
	s := solvingOwn(t, "edition: sound\nrules: {adopt: off}\n"+oneCall+"exercise: {task: x, change: [rules], want: [{predict: [rules]}], hide: [rules]}\n")
	for n, title := range []string{"exercise", "exercise: 1 tried", "exercise: 2 tried"} {
		if got := s.Aside().Title; got != title {
			t.Errorf("after %d guesses %q", n, got)
		}
		s.Say("claim durable")
	}
	if got := s.Taken().Claims; !slices.Equal(got, []string{"durable", "durable", "durable"}) {
		t.Errorf("claimed is %q", got)
	}
}

// A demand is met, missing, or claimed wrong; what cannot be known is neither.
func TestWanted(t *testing.T) {
	s := solvingOwn(t, oneCall+"exercise: {task: x, change: [expect, timeline], want: [{holder: alice, on: all}, {instance: a, predict: [id]}]}\n")
	s.Say("claim instance a id 3")
	for _, c := range []struct {
		number int
		demand exercise.Demand
		want   []Span
	}{
		{0, exercise.Demand{Text: "all hold", Met: true}, []Span{{"✓", Good}, {"all hold", Plain}}},
		{0, exercise.Demand{Text: "all hold", Unknown: true, Got: "not known after 7 states"}, []Span{{"?", Strong}, {"all hold: not known after 7 states", Plain}}},
		{0, exercise.Demand{Text: "all hold"}, []Span{{"○", Strong}, {"wanted, not yet so: all hold", Plain}}},
		{1, exercise.Demand{Text: "predict id", Met: true}, []Span{{"✓", Good}, {"predict id", Plain}}},
		{1, exercise.Demand{Text: "predict id"}, []Span{{"✗", Bad}, {"claimed: instance a id 3; not so", Plain}}},
		{1, exercise.Demand{Text: "predict id", Got: "up is not said"}, []Span{{"○", Strong}, {"claimed: instance a id 3; up is not said", Plain}}},
	} {
		if got := s.solving.wanted(c.number, &c.demand); !slices.Equal(got, c.want) {
			t.Errorf("%+v: %v, want %v", c.demand, got, c.want)
		}
	}
}

// The example of what may be done is one that may be: of a fault the last instance, else a
// call, else the first word that is allowed.
func TestExample(t *testing.T) {
	for allow, want := range map[string]string{
		"": "crash c", "allow: [wipe], ": "wipe c", "allow: [release], ": "release alice via a", "allow: [acquire, release], ": "acquire bob via a",
		"allow: [partition, give-up], ": "partition", "allow: [cut], ": "cut c -> a", "allow: [heal], ": "heal c", "allow: [mend], ": "mend c -> a", "allow: [status], ": "status",
	} {
		s := solvingOwn(t, oneCall+"exercise: {task: x, change: [timeline], "+allow+aliceHolds)
		if got := s.Welcome().text(); !strings.Contains(got, "\n    "+want+"   a decision in words, here and now; a number or a time goes there\n") {
			t.Errorf("%q: it begins with\n%s", allow, got)
		} else if strings.Contains(got, "hint") {
			t.Errorf("there are no hints, and it begins with\n%s", got)
		}
	}
}
