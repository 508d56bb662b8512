package exercise

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"skinny/protocol"
	"skinny/scenarios"
	"skinny/sim"
	"skinny/sim/trace"
)

// What cannot be read as a solution says why, in one line.
func TestRead(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	for path, want := range map[string]string{
		dir + "//":                  "this is a directory; write " + dir + "/*.yaml",
		os.DevNull:                  "this is no file",
		filepath.Join(dir, "none"):  "there is no such file",
		write("good.yaml", network): "",
		write("large.yaml", strings.Repeat("#", MaxSize+1)):           "the file is larger than 256 KiB",
		write("full.yaml", strings.Repeat("#", MaxSize)):              "the file is empty: it holds no scenario",
		write("bad.yaml", "format: 1\ninstances: [a, b]\nzzz: 1\n"):   "line 3: unknown key \"zzz\" in a scenario",
		write("two.yaml", "format: 2\ninstances: [a, b]\nzzz: [1]\n"): "line 1: ",
	} {
		f, err := Read(path)
		switch {
		case want == "" && (err != nil || f == nil):
			t.Errorf("%s: %v", path, err)
		case want != "" && (err == nil || !strings.HasPrefix(err.Error(), want) || strings.Contains(err.Error(), "\n")):
			t.Errorf("%s: %v, not %s", path, err, want)
		}
	}
}

func TestLoad(t *testing.T) {
	if x, err := Load("mend-1"); err != nil || x == nil {
		t.Errorf("%v", err)
	}
	for name, want := range map[string]string{
		"two-winners": "two-winners: this is a scenario, and no exercise\n  give it the section `exercise` (docs/SCENARIOS.md); bundled exercises: ",
		"mend-11":     "there is no bundled scenario \"mend-11\"\n  did you mean \"mend-1\"?",
	} {
		if _, err := Load(name); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A file to begin with has the task, what may be done, and what is given; judged as it is, it is
// an attempt that has changed nothing.
func TestBegin(t *testing.T) {
	for exercise, want := range map[string]string{
		asNetwork: "# x\n# You may change: schedule.\n# You may use: deliver, timeout.\nformat: 1\n",
		asMend:    "# x\n# You may change: rules.\nformat: 1\n",
		asMend + "lesson: {point: x, stops: [{at: 1, say: y}]}\n":            "# x\n# You may change: rules.\nformat: 1\n",
		strings.Replace(asMystery, "task: x", "task: x\n  hide: [rules]", 1): "# x\n# You may change: rules.\nformat: 1\n",
		asPredict: "# x\n# You may change: expect.\n# Predict in `expect`: outcome, holder of operation 1.\n# Predict in `expect`: promised of instance c.\n" +
			"# Predict in `expect`: is of property mutual-exclusion.\nformat: 1\n",
		strings.Replace(asMend, "task: x", `task: "one\ntwo\n"`, 1): "# one\n# two\n# You may change: rules.\nformat: 1\n",
	} {
		x := prepared(t, exercise)
		begin := string(x.Begin())
		if !strings.HasPrefix(begin, want) || strings.Contains(begin, "exercise:") || strings.Contains(begin, "lesson:") {
			t.Errorf("it begins\n%s\nnot\n%s", begin, want)
		}
		if x.guesses() != strings.Contains(exercise, "[rules]}") || x.guesses() && strings.Contains(begin, "adopt") {
			t.Errorf("the secret is told: %s", begin)
		}
		if m := x.Judge(decoded(t, begin), Usual()); m.Wrong != "" || m.Moves != 0 || m.Solved {
			t.Errorf("%s\nis judged as %s", begin, said(m))
		}
	}
}

// What was done by hand is written as a solution, which is judged as so many moves; what no
// solution can have is said.
func TestWritten(t *testing.T) {
	const wide = rescue + "messages: [{drop: commit-request, from: a, to: b, nth: 7}]\nexercise:\n  task: x\n  change: [messages, timeline]\n  want: [{property: mutual-exclusion, is: kept}]\n"
	x := prepared(t, wide)
	message := func(kind sim.DecisionKind, delay trace.Time) Move {
		return Move{Decision: sim.Decision{Kind: kind, Message: protocol.PromiseRequest, From: 0, To: 2, Nth: 1}, Delay: delay}
	}
	fault := func(at trace.Time, behind int) Move {
		return Move{Decision: sim.Decision{Kind: sim.CrashInstance, From: 1}, At: at, Behind: behind}
	}
	crash := func(line int, at string) string {
		list := []string{"  - {at: 0ms, acquire: alice, via: a}\n", "  - {at: 5ms, acquire: bob, via: b}\n"}
		return strings.Join(list[:line], "") + "  - {at: " + at + ", crash: b}\n" + strings.Join(list[line:], "")
	}
	const given = "  - {drop: commit-request, from: a, to: b, nth: 7}\n"
	for _, c := range []struct {
		move Move
		want string // a part of the file, or of what is said
	}{
		{message(sim.DropMessage, 0), given + "  - {drop: promise-request, from: a, to: c, nth: 1}\n"},
		{message(sim.RefuseMessage, 0), given + "  - {refuse: promise-request, from: a, to: c, nth: 1}\n"},
		{message(sim.CopyMessage, 0), given + "  - {duplicate: promise-request, from: a, to: c, nth: 1}\n"},
		{message(sim.DeliverMessage, 20*trace.Millisecond), given + "  - {delay: promise-request, from: a, to: c, nth: 1, by: 20ms}\n"},
		{message(sim.DeliverMessage, 0), "in a timeline nothing but messages can be put off, and nothing can be made to happen earlier"},
		{Move{Decision: sim.Decision{Kind: sim.FireDeadline, From: 1}, Delay: 5}, "in a timeline nothing but messages can be put off"},
		{fault(0, 0), crash(0, "0ms")}, {fault(0, 1), crash(1, "0ms")}, {fault(trace.Millisecond, 0), crash(1, "1ms")},
		{fault(5*trace.Millisecond, 0), crash(1, "5ms")}, {fault(5*trace.Millisecond, 1), crash(2, "5ms")}, {fault(trace.Second, 0), crash(2, "1s")},
	} {
		f, err := x.Written(&Work{Scenario: x.Scenario, Done: []Move{c.move}})
		if err != nil {
			if !strings.HasPrefix(err.Error(), c.want) || c.want == "" {
				t.Errorf("%+v: %v, not %s", c.move, err, c.want)
			}
			continue
		}
		text := string(f.Encode())
		if !strings.Contains(text, c.want) {
			t.Errorf("%+v is written as\n%s\nwithout\n%s", c.move, text, c.want)
		}
		if m := x.Judge(decoded(t, text), Usual()); m.Moves != 1 || m.Wrong != "" {
			t.Errorf("%s\nis judged as %s", text, said(m))
		}
	}
	if again := string(x.solution().Encode()); strings.Count(again, "nth") != 1 || strings.Contains(again, "crash") {
		t.Errorf("what is given has become\n%s", again)
	}

	// What is said, and rules that were turned or guessed, are written, too.
	claim, err := scenarios.ParseClaim("operation 1 outcome acquired")
	if err != nil {
		t.Fatal(err)
	}
	sound, _ := protocol.EditionByName("sound")
	for exercise, want := range map[string]string{
		asMystery: "rules: {refuse-stale: off}\n", asMend: "rules: {durable: on}\n", asRescue: "expect:\n  - {operation: 1, outcome: acquired}\n",
	} {
		x := prepared(t, exercise)
		f, err := x.Written(&Work{Scenario: x.Scenario.Under(x.Scenario.Cluster.Rules | protocol.Durable), Guess: sound.Rules &^ protocol.RefuseStale, Claims: []scenarios.Expectation{claim}})
		if err != nil {
			t.Fatal(err)
		}
		if text := string(f.Encode()); !strings.Contains(text, want) || strings.Contains(text, "rules:") != strings.HasPrefix(want, "rules") {
			t.Errorf("%s has no\n%s", text, want)
		}
	}
	x = prepared(t, asNetwork)
	all := append(x.Scenario.Decisions(), sim.Decision{Kind: sim.DeliverMessage, Message: protocol.PromiseRequest, From: 0, To: 2, Nth: 1, Timed: true, At: 5})
	f, err := x.Written(&Work{Scenario: x.Scenario, Decided: all})
	if err != nil {
		t.Fatal(err)
	}
	if text := string(f.Encode()); !strings.Contains(text, "  acquire alice via a\n  acquire bob via b\n  deliver promise-request a -> c") || strings.Contains(text, "@") {
		t.Errorf("a schedule is written as\n%s", text)
	}
}

// What is given has to stay, in its order, and an order that takes longer than a solution may is
// none.
func TestGiven(t *testing.T) {
	const fate = "{drop: promise-request, from: a, to: c, nth: 1}"
	exercise := strings.Replace(asRescue, "exercise:", "messages: ["+fate+"]\nexercise:", 1)
	for solution, want := range map[string]string{
		rescue: "what is given is missing, or comes in another order: drop promise-request",
		rescue + "messages: [{drop: promise-request, from: a, to: b, nth: 1}]\n":                 "what is given is missing, or comes in another order: drop promise-request",
		rescue + "messages: [" + fate + "]\n":                                                    "solved, 0 moves, 2 of 2",
		rescue + "messages: [" + fate + ", {drop: promise-request, from: a, to: b, nth: 1}]\n":   "solved, 1 move, 2 of 2",
		rescue + "messages: [{refuse: promise-request, from: a, to: b, nth: 1}, " + fate + "]\n": "not allowed: refuse promise-request",
	} {
		if got := said(prepared(t, exercise).Judge(decoded(t, solution), Usual())); got != want {
			t.Errorf("%s: %s, not %s", solution, got, want)
		}
	}
	for _, c := range []struct {
		bound string
		met   bool
	}{{"", false}, {"explore: {events: 3}\n", true}} {
		x := prepared(t, rescue+c.bound+"exercise: {task: x, change: [expect], want: [{every-order: mutual-exclusion}]}\n")
		m := x.Judge(decoded(t, rescue+c.bound), Usual())
		if d := m.Demands[0]; d.Met != c.met || d.Unknown || d.Text != "mutual-exclusion is kept in every order of events" || !c.met && d.Got != "it is violated in one" {
			t.Errorf("%s%+v", c.bound, d)
		}
	}
}

// What is not looked at for a shortest solution is said; demands that one run cannot show are
// that, and so are keys that are not searched.
func TestShortestSkips(t *testing.T) {
	l := Usual()
	l.States = 2000
	crowd := rescue + strings.Repeat("  - {at: 1s, acquire: CLIENT, via: a}\n", 99) // more than a search takes
	for n := range 99 {
		crowd = strings.Replace(crowd, "CLIENT", fmt.Sprint("c", n), 1)
	}
	for exercise, want := range map[string]string{
		crowd + "exercise: {task: x, change: [rules], want: [{every-order: mutual-exclusion}]}\n": "demands that take a longer search",
		asFlexible: "solutions that change quorums",
		rescue + "exercise: {task: x, change: [schedule], want: [{property: mutual-exclusion, is: violated}]}\n":                                                                  "solutions that change more than one key", // the timeline, too
		strings.Replace(asRescue, "[messages]", "[messages, rules]", 1):                                                                                                           "solutions that change more than one key",
		strings.Replace(asNetwork, "[schedule]", "[schedule, rules]", 1):                                                                                                          "solutions that change more than one key",
		rescue + "exercise: {task: x, change: [timeline], allow: [crash], want: [{property: mutual-exclusion, is: kept}]}\n":                                                      "solutions that change timeline",
		"format: 1\ninstances: [a, b, c]\nschedule: ''\nexercise: {task: x, change: [schedule], allow: [deliver, acquire], want: [{property: mutual-exclusion, is: violated}]}\n": "ways with more of: acquire",
	} {
		x := prepared(t, exercise)
		if f := x.Shortest(1, l); f.Solution != nil || f.All || f.Why != want {
			t.Errorf("%s: %+v, not %s", exercise, f, want)
		}
	}
	for exercise, want := range map[string]string{asNetwork: "longer ways", asMend: "sets of more rules", asRescue: "more fates of messages"} {
		stopped := Limits{Events: l.Events, States: l.States, Stop: func() bool { return true }}
		if f := prepared(t, exercise).Shortest(20, stopped); f.Solution != nil || f.All || f.Why != want || f.Least != 0 {
			t.Errorf("stopped at once: %+v", f)
		}
	}
	x := prepared(t, asRescue)
	if f := x.Shortest(2, l); f.Solution == nil || f.Moves != 1 || !f.All || f.Why != "" {
		t.Errorf("%+v", f)
	} else if m := x.Judge(f.Solution, Usual()); !m.Solved || m.Moves != 1 {
		t.Errorf("%s is %s", f.Solution.Encode(), said(m))
	}
	before := string(x.solution().Encode())
	x = prepared(t, asMend)
	given := string(x.solution().Encode())
	if f := x.Shortest(2, l); f.Solution == nil || f.Moves != 1 || string(f.Solution.Encode()) == given {
		t.Errorf("%+v", f)
	}
	if string(x.solution().Encode()) != given || string(prepared(t, asRescue).solution().Encode()) != before {
		t.Error("what is given is changed by the search")
	}
}

// A search takes every move that is allowed, and no other.
func TestMoves(t *testing.T) {
	for verb, want := range map[string]string{
		"deliver":        "deliver promise-request a -> b #1, deliver promise-request a -> c #1, deliver promise-request b -> a #1, deliver promise-request b -> c #1",
		"drop":           "drop promise-request a -> b #1, drop promise-request a -> c #1, drop promise-request b -> a #1, drop promise-request b -> c #1",
		"refuse":         "refuse promise-request a -> b #1, refuse promise-request a -> c #1, refuse promise-request b -> a #1, refuse promise-request b -> c #1",
		"duplicate":      "duplicate promise-request a -> b #1, duplicate promise-request a -> c #1, duplicate promise-request b -> a #1, duplicate promise-request b -> c #1",
		"timeout":        "timeout a, timeout b",
		"wake":           "",
		"acquire":        "",
		"release":        "",
		"status":         "",
		"partition":      "",
		"finish":         "",
		"crash":          "crash a, crash a host up, crash b, crash b host up, crash c, crash c host up",
		"give-up":        "give-up alice #1, give-up bob #2",
		"cut":            "cut a -> b, cut a -> c, cut b -> a, cut b -> c, cut c -> a, cut c -> b",
		"mend":           "mend a -> b, mend a -> c, mend b -> a, mend b -> c, mend c -> a, mend c -> b",
		"heal":           "heal a, heal b, heal c, heal partition, heal all",
		"restart":        "restart a, restart b, restart c",
		"pause":          "pause a, pause b, pause c",
		"resume":         "resume a, resume b, resume c",
		"isolate":        "isolate a, isolate b, isolate c",
		"wipe":           "wipe a, wipe b, wipe c",
		"torn":           "torn a, torn a host up, torn b, torn b host up, torn c, torn c host up",
		"pause, timeout": "timeout a, timeout b, pause a, pause b, pause c",
	} {
		x := prepared(t, strings.Replace(asNetwork, "[deliver, timeout]", "["+verb+"]", 1))
		o := &orders{x: x}
		run := x.Scenario.Start()
		for run.Step() {
		}
		var list []string
		for _, d := range o.moves(run.World()) {
			list = append(list, scenarios.DecisionText(x.Scenario.Cluster, d))
		}
		if got := strings.Join(list, ", "); got != want {
			t.Errorf("%s: %s, not %s", verb, got, want)
		}
	}
}

// A shortest way is found up to the end of its run, where what has to be kept is judged.
func TestShortestKept(t *testing.T) {
	const sound = "format: 1\nedition: sound\ninstances: [a, b, c]\nschedule: |\n  acquire alice via a\n"
	x := prepared(t, sound+"exercise: {task: x, change: [schedule], allow: [deliver, timeout], want: [{property: linearizability, is: kept}, {operation: 1, outcome: acquired}]}\n")
	f := x.Shortest(5, Usual())
	if f.Solution == nil || f.Moves != 4 || !f.All {
		t.Fatalf("%+v", f)
	}
	if m := x.Judge(f.Solution, Usual()); !m.Solved || m.Moves != 4 {
		t.Errorf("%s is %s", f.Solution.Encode(), said(m))
	}
}

// What is wrong with an exercise is said where it stands; what is known of the others, too.
func TestLintMessages(t *testing.T) {
	const sound = "format: 1\nedition: sound\ninstances: [a, b, c]\nschedule: |\n  acquire alice via a\nexercise: {task: x, change: [schedule], allow: [deliver], want: [{operation: 1, outcome: acquired}]"
	for _, c := range []struct{ exercise, found, said string }{
		{strings.Replace(asRescue, "{property: mutual-exclusion, is: kept}", "{operation: 1, outcome: acquired}", 1), "it is solved before anything is changed; want something else, or give something else", ""},
		{strings.Replace(asMend, "par: 1", "par: 2", 1), "there is a solution of 1 move; par: 1", ""},
		{asMend, "", "it can be solved in 1 move, and in no fewer"},
		{sound + ", par: 3}\n", "there is no solution of 3 moves; every solution has at least 4 moves", ""},
		{sound + ", par: 4}\n", "", "it can be solved in 4 moves, and in no fewer"},
		{sound + ", par: 5}\n", "there is a solution of 4 moves; par: 4", ""},
		{sound + "}\n", "", "whether it can be solved is not known; not looked at: longer ways"},
		{"format: 1\ninstances: [a, b, c]\ntimeline: [{at: 0ms, acquire: alice, via: a}]\nexercise: {task: x, change: [messages], allow: [refuse], want: [{instance: b, promised: 0, id: 0}], par: 2}\n",
			"", "it can be solved in 2 moves, and in no fewer"},
		{asFlexible, "", "whether it can be solved is not known; not looked at: solutions that change quorums"},
		{asPredict, "", "it can be solved"},
		{asMystery, "nobody can tell which rule is meant: with promise-once otherwise instead, the run is the same; let something happen in the run that only the right rule explains",
			"it can be solved"},
	} {
		found, said := prepared(t, c.exercise).Lint(Usual())
		text := ""
		for _, d := range found {
			text += d.Message + "; " + d.Hint
		}
		if text != c.found || said != c.said {
			t.Errorf("%s\nit is found %q and said %q, not %q and %q", c.exercise, text, said, c.found, c.said)
		}
	}
}
