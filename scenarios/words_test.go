package scenarios

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"skinny/sim"
	"skinny/sim/trace"
)

// TestWords reads every line of a schedule that has all words, and writes it as it
// was, its comment and blanks aside.
func TestWords(t *testing.T) {
	f, err := Decode("words.yaml", []byte(scheduled))
	if err != nil {
		t.Fatal(err)
	}
	_, text, _ := strings.Cut(scheduled, "schedule: |\n")
	text, _, _ = strings.Cut(text, "then:")
	lines := strings.Split(strings.TrimSpace(text), "\n")
	if len(lines) != len(f.Schedule.Value) {
		t.Fatalf("%d decisions of %d lines", len(f.Schedule.Value), len(lines))
	}
	used := map[string]bool{}
	for i := range f.Schedule.Value {
		line, _, _ := strings.Cut(lines[i], "   #")
		if got := f.Schedule.Value[i].String(); got != strings.TrimSpace(line) {
			t.Errorf("got %q, want %q", got, strings.TrimSpace(line))
		}
		used[strings.Fields(f.Schedule.Value[i].phrase())[0]] = true
	}
	for _, r := range rows {
		if !slices.Contains(verbNames(), strings.Fields(r.words)[0]) {
			t.Errorf("no words say what %q does", r.words)
		}
	}
	for _, v := range Verbs() {
		if !used[v.Name] {
			t.Errorf("%s is not tried", v.Name)
		}
		if !strings.HasPrefix(v.Usage, v.Name) || v.About == "" {
			t.Errorf("%+v", v)
		}
	}
}

// Whatever is spelled as the help says is a decision, with and without what may be left out.
func TestUsages(t *testing.T) {
	s := compiled(t, "format: 1\ninstances: [a, b, c]\nschedule: |\n  acquire alice via a\n")
	run := s.Start()
	for run.Step() {
	}
	option, choice := regexp.MustCompile(`\[([^][]*)\]`), regexp.MustCompile(`([a-z]+)\|([a-z]+)`)
	var spelled func(usage string) []string
	spelled = func(usage string) []string {
		for _, either := range []*regexp.Regexp{option, choice} {
			if m := either.FindStringSubmatchIndex(usage); m != nil {
				before, after := usage[:m[0]], usage[m[1]:]
				other := ""
				if len(m) > 4 {
					other = usage[m[4]:m[5]]
				}
				return append(spelled(before+usage[m[2]:m[3]]+after), spelled(before+other+after)...)
			}
		}
		return []string{usage}
	}
	stands := strings.NewReplacer("KIND", "commit-request", "HOLDER", "alice", "#OP", "#1", "#N", "#2", "/W", "/3", ", or both ways: ", "\n", ", or: ", "\n")
	for _, v := range Verbs() {
		for _, usage := range strings.Split(stands.Replace(v.Usage), "\n") {
			for _, text := range spelled(usage) {
				if _, err := ParseDecision(run.World(), text); err != nil {
					t.Errorf("%s: %q: %v", v.Usage, text, err)
				}
			}
		}
	}
}

// TestScheduleTimes checks the clock of a schedule: what is said, or a step more
// than before.
func TestScheduleTimes(t *testing.T) {
	s := compiled(t, "format: 1\ninstances: [a, b]\nschedule: |\n  pause a\n  @5ms pause a\n  pause a\n  @5.001ms pause a\n")
	var log trace.Log
	outcomeOf(t, s, &log)
	want := []trace.Time{1_000, 5_000_000, 5_001_000, 5_001_000}
	for i, e := range log.Events {
		if e.At != want[i] {
			t.Errorf("event %d at %s", e.Number, FormatTime(e.At))
		}
	}
}

// TestParseDecision reads what somebody types while a world runs.
func TestParseDecision(t *testing.T) {
	s := compiled(t, "format: 1\ninstances: [a, b, c]\nschedule: |\n  @1ms acquire alice via a\n  status b\n")
	run := s.Start()
	for run.Step() {
	}
	w := run.World()
	for _, text := range []string{
		"deliver promise-request a -> b #1", "drop promise-request a -> c", "timeout a", "give-up alice #1",
		"crash b host up", "partition a | b c", "acquire alice via c", "@1.001ms heal all",
	} {
		d, err := ParseDecision(w, text)
		if err != nil || DecisionText(s.Cluster, d) != text {
			t.Errorf("%s: got %s, %v", text, DecisionText(s.Cluster, d), err)
		}
	}
	for text, want := range map[string]string{
		"give-up #1": "give-up alice #1", "give-up #2": "give-up #2", "give-up alice": "give-up alice", "  crash   b  host down # now": "crash b", "crash b #now": "crash b", "crash b #-1": "crash b", "crash b #": "crash b",
		"acquire alice via c timeout 5s": "acquire alice via c", "acquire alice via c timeout 5001ms": "acquire alice via c timeout 5.001s",
		"deliver promise-request a -> b #1/1": "deliver promise-request a -> b #1", "deliver promise-request a -> b #1/2": "deliver promise-request a -> b #1/2",
		"cut a <-> b": "cut a <-> b", "mend a -> b": "mend a -> b",
	} {
		if d, err := ParseDecision(w, text); err != nil || DecisionText(s.Cluster, d) != want {
			t.Errorf("%s: got %s, %v", text, DecisionText(s.Cluster, d), err)
		}
	}
	if d, _ := ParseDecision(w, "deliver promise-request a -> b"); !w.Take(&d) || d.Kind != sim.DeliverMessage {
		t.Error("what was parsed cannot be taken")
	}
	for text, want := range map[string]string{
		"":                      "nothing was said",
		"explode a":             "unknown decision",
		"crash x":               "unknown instance",
		"acquire bob via a":     "unknown client \"bob\"\nclients: alice",
		"give-up #3":            "there is no operation 3\nthere are operations 1 to 2",
		"give-up bob":           "no operation is called by",
		"@1ms heal all":         "time does not go back",
		"deliver x a -> b":      "kinds: promise-request",
		"cut a -> a":            "to itself",
		"partition a b | b":     "twice",
		"give-up alice #2":      "not called by",
		"refuse failure a -> b": "kinds: promise-request, commit-request",
	} {
		if _, err := ParseDecision(w, text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %s", text, err, want)
		}
	}
}

// Names may be as long as they may, in characters, and a cluster as large.
func TestNamesAtTheirBounds(t *testing.T) {
	const most = 64
	client, instance := strings.Repeat("ü", maxHolderName), strings.Repeat("n", maxInstanceName)
	text := "format: 1\ninstances: [" + instance + ", " + manyNames(most-1) + "]\ntimeline: [{at: 0s, acquire: " + client + ", via: " + instance + "}]\n"
	s := compiled(t, text)
	if h := s.Header(); len(h.Instances) != most || h.Instances[0] != instance || h.Holders[0] != client {
		t.Errorf("%d instances, %q", len(h.Instances), h.Holders)
	}
	for _, more := range []string{client + "ü", "", "a\u200bb", "\x01", "a b", "a\u00a0b", "a#", "@", "a,b", "->", "<->", "|", "*", "a\xff", "\u202e"} {
		if checkHolderName(more) == nil {
			t.Errorf("a client may be called %q", more)
		}
	}
	for _, name := range []string{instance + "n", "", "all", "partition", "_a", "a b", "ä"} {
		if checkInstanceName(name) == nil {
			t.Errorf("an instance may be called %q", name)
		}
	}
	for _, name := range []string{"a_", "A.1", "z-9", "Z", "heal"} {
		if m := checkInstanceName(name); m != nil {
			t.Errorf("an instance may not be called %q: %v", name, m)
		}
	}
}
