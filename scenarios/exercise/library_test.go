package exercise

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"skinny/scenarios"
	"skinny/sim/check"
	"skinny/sim/explore"
	"skinny/sim/explore/search"
)

// shipped lists the bundled exercises by their names without the folder.
func shipped(t *testing.T) map[string]*Exercise {
	t.Helper()
	list := map[string]*Exercise{}
	for _, e := range scenarios.Library() {
		s, err := scenarios.Load(e.Name, scenarios.Overrides{})
		if err != nil {
			t.Fatal(err)
		}
		name, in := strings.CutPrefix(e.Name, "exercises/")
		if x := Of(s); x != nil {
			if !in || !slices.Contains(Names(), name) {
				t.Errorf("%s is an exercise in another place", e.Name)
			}
			list[name] = x
		} else if in {
			t.Errorf("%s is no exercise", e.Name)
		}
	}
	return list
}

// reference is the solution that is kept for an exercise.
func reference(t *testing.T, name string) *scenarios.File {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "solutions", name+".yaml"))
	if err != nil {
		t.Fatal(err)
	}
	return decoded(t, string(data))
}

// Every exercise has hints, a par where moves are counted, and a solution that is worth
// all points. What is a step away from it is not: a move less, a claim that is another.
func TestSolutions(t *testing.T) {
	for name, x := range shipped(t) {
		f := reference(t, name)
		m := x.Judge(f, Usual())
		if !m.Solved || m.Points != m.Of {
			t.Errorf("%s: the reference solution is %s: %s %+v", name, m, m.Wrong, m.Demands)
		}
		if len(x.Hints) == 0 || strings.TrimSpace(x.Task.Value) == "" {
			t.Errorf("%s has no hints, or no task", name)
		}
		if counts := !x.Predicts() && !strings.HasPrefix(name, "write"); counts != x.Par.Given {
			t.Errorf("%s: par is given: %t", name, x.Par.Given)
		}
		misses := nearMisses(x, f)
		if len(misses) < 2 {
			t.Errorf("%s has %d near misses", name, len(misses))
		}
		l := Usual()
		l.lazy = true
		for _, miss := range misses {
			if m := x.Judge(miss, l); m.Solved {
				t.Errorf("%s: this is accepted, too:\n%s", name, miss.Encode())
			}
		}
	}
}

// nearMisses is solutions with one thing less than one that is as short as can be, or with
// one thing other.
func nearMisses(x *Exercise, f *scenarios.File) (list []*scenarios.File) {
	miss := func(change func(f *scenarios.File)) {
		changed := *f
		change(&changed)
		list = append(list, &changed)
	}
	without := func(d []scenarios.Decision, i int) []scenarios.Decision {
		return slices.Delete(slices.Clone(d), i, i+1)
	}
	for i := range f.Schedule.Value {
		miss(func(f *scenarios.File) { f.Schedule.Value = without(f.Schedule.Value, i) })
	}
	for i := range f.Timeline {
		miss(func(f *scenarios.File) { f.Timeline = without(f.Timeline, i) })
	}
	for i := range f.Messages {
		miss(func(f *scenarios.File) { f.Messages = slices.Delete(slices.Clone(f.Messages), i, i+1) })
	}
	for i := range f.Expect {
		miss(func(f *scenarios.File) { f.Expect = slices.Delete(slices.Clone(f.Expect), i, i+1) })
		miss(func(f *scenarios.File) {
			f.Expect = slices.Clone(f.Expect)
			e := &f.Expect[i]
			e.Holder, e.Promised.Value, e.Outcome.Value, e.Is.Value = scenarios.Some(""), e.Promised.Value+1, e.Outcome.Value+1, e.Is.Value+1
		})
	}
	for i := range f.Rules {
		miss(func(f *scenarios.File) { f.Rules = slices.Delete(slices.Clone(f.Rules), i, i+1) })
		miss(func(f *scenarios.File) {
			f.Rules = slices.Clone(f.Rules)
			f.Rules[i].Rule = map[bool]string{true: "backoff", false: "tell-promised"}[f.Rules[i].On]
		})
	}
	return list
}

// No solution is shorter than par, and there is one of that length; where that cannot be
// searched, the exercise names no par.
func TestPars(t *testing.T) {
	for name, x := range shipped(t) {
		f := x.Shortest(x.Par.Or(1), Usual())
		switch {
		case strings.HasPrefix(name, "write"):
			if f.All || f.Why == "" {
				t.Errorf("%s: a search claims to be whole: %+v", name, f)
			}
		case f.Solution == nil || !f.All || f.Moves != x.Par.Value:
			t.Errorf("%s: found %d moves (whole: %t, %s), and par is %d", name, f.Moves, f.All, f.Why, x.Par.Value)
		default:
			if m := x.Judge(f.Solution, Usual()); !m.Solved || m.Points != m.Of {
				t.Errorf("%s: what was found is %s", name, m)
			}
		}
	}
}

// Lint is content with what is bundled, and says where it does not know.
func TestLintLibrary(t *testing.T) {
	for name, x := range shipped(t) {
		if x.Par.Given && !strings.HasPrefix(name, "rescue") {
			continue // TestPars has searched the same
		}
		found, said := x.Lint(Usual())
		want := "it can be solved"
		if strings.HasPrefix(name, "write") {
			want = "whether it can be solved is not known; not looked at: solutions that change timeline"
		}
		if found != nil || !strings.HasPrefix(said, want) {
			t.Errorf("%s: %v, %q", name, found, said)
		}
	}
}

// Lint says what is wrong with an exercise.
func TestLint(t *testing.T) {
	for _, c := range []struct{ name, exercise, want string }{
		{"par too large", strings.Replace(asRescue, "par: 1", "par: 2", 1), "there is a solution of 1 move"},
		{"par too small", strings.Replace(asNetwork, "par: 6", "par: 5", 1), "there is no solution of 5 moves"},
		{"a limit that cannot be met", strings.Replace(asNetwork, "par: 6", "", 1) + "", ""},
		{"no solution at all", strings.Replace(asNetwork, "[deliver, timeout]", "[wake]", 1), "there is no solution"},
		{"no solution under these rules", "edition: sound\n" + asRescue, "it is solved before anything is changed"},
		{"a timeline that is solved as given", rescue + "exercise: {task: x, change: [timeline], want: [{operation: 1, outcome: acquired}]}\n", "it is solved before anything is changed"},
		{"rules that nobody can tell", strings.Replace(asMystery, "adopt", "owner-release", 1), "nobody can tell which rule is meant"},
	} {
		found, said := prepared(t, c.exercise).Lint(Usual())
		got := ""
		if found != nil {
			got = found[0].String()
		}
		if !strings.Contains(got, c.want) || c.want == "" && (found != nil || !strings.Contains(said, "not known")) {
			t.Errorf("%s: %q, %q", c.name, got, said)
		}
	}
}

// What settles after the moves belongs to the run, and costs nothing.
func TestOrdersSettle(t *testing.T) {
	x := prepared(t, "format: 1\ninstances: [a, b, c]\nschedule: |\n  acquire alice via a\nthen: settle\n"+
		"exercise: {task: x, change: [schedule], allow: [deliver, drop], want: [{operation: 1, outcome: acquired}, {instance: b, id: 0}]}\n")
	f := x.Shortest(4, Usual())
	if f.Moves != 3 || !f.All || len(f.Solution.Schedule.Value) != 4 || f.Solution.Schedule.Value[3].String() != "drop commit-request a -> b #1" {
		t.Errorf("%+v", f)
	}
}

// The times of what is given do not bind a solution, which may put moves before any of it: the
// search finds what it finds without times, and its solution solves the exercise.
func TestOrdersOfWhatHasTimes(t *testing.T) {
	const want = "exercise: {task: x, change: [schedule], allow: [deliver, timeout], want: [{instance: a, promised: 4}]}\n"
	text := func(first, second string) string {
		return "format: 1\nedition: sound\ninstances: [a, b, c]\nschedule: |\n  " + first + "acquire bob via b\n  " + second + "acquire alice via a\n" + want
	}
	free := prepared(t, text("", "")).Shortest(3, Usual())
	if free.Solution == nil || !free.All || free.Moves != 1 {
		t.Fatalf("without times: %+v", free)
	}
	for _, times := range [][2]string{{"@0ms ", "@0ms "}, {"@0ms ", ""}, {"", "@1us "}, {"@0ms ", "@2us "}, {"@1s ", "@2s "}} {
		x := prepared(t, text(times[0], times[1]))
		f := x.Shortest(3, Usual())
		if f.Moves != free.Moves || !f.All || f.Solution == nil {
			t.Errorf("with the times %q: %+v, without %+v", times, f, free)
			continue
		}
		if m := x.Judge(f.Solution, Usual()); !m.Solved || m.Moves != free.Moves {
			t.Errorf("with the times %q: %s is %s", times, f.Solution.Encode(), said(m))
		}
	}
}

// The search agrees with the one of package explore, which is another one altogether.
func TestOrdersAgree(t *testing.T) {
	x := prepared(t, asNetwork)
	config, _ := x.Scenario.ExploreConfig()
	config.Limits[explore.Timeouts], config.Limits[explore.Losses] = 10, 0
	config.Properties = []string{check.MutualExclusion}
	model, err := explore.New(config)
	if err != nil {
		t.Fatal(err)
	}
	r, err := search.BreadthFirst(model, search.Options{})
	if err != nil || r.Violation == nil {
		t.Fatal(err, r)
	}
	const calls = 2 // which are decisions there
	if got, want := x.Shortest(8, Usual()).Moves, len(r.Violation.Path)-1-calls; got != want {
		t.Errorf("%d moves here, and %d there", got, want)
	}
}

// A hint is read in lines, on the screen and in the browser, so it names no key and is not
// written as a file is.
func TestHintsAreForEveryFace(t *testing.T) {
	for name, x := range shipped(t) {
		for _, hint := range x.Hints {
			if strings.ContainsAny(hint, "{}[]`") {
				t.Errorf("%s: %q is written as a file is", name, hint)
			}
			names := x.Scenario.Header().Instances
			words := strings.FieldsFunc(hint, func(r rune) bool { return strings.ContainsRune(" ,.?;()", r) })
			for i, word := range words {
				verb, colon := strings.CutSuffix(word, ":")
				if isVerb := func(v scenarios.Verb) bool { return v.Name == verb }; colon && slices.Contains(names, words[i+1]) && slices.ContainsFunc(scenarios.Verbs(), isVerb) {
					t.Errorf("%s: %q is written as a file is", name, hint)
				}
				if letter := word[0]; len(word) == 1 && letter >= 'a' && letter <= 'z' && !slices.Contains(names, word) {
					t.Errorf("%s: %q names the key %s", name, hint, word)
				}
			}
		}
	}
}
