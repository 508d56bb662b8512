package narrate_test

import (
	"crypto/sha256"
	"flag"
	"fmt"
	"hash"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"skinny/protocol"
	"skinny/scenarios"
	"skinny/sim/narrate"
	"skinny/sim/prose"
	"skinny/sim/trace"
)

// reader reads a story as somebody would who does not know how it is made.
type reader struct {
	trace.Log
	header   *trace.Header
	narrator *narrate.Narrator
	problem  string
	told     hash.Hash // of all lines
}

var (
	reference = regexp.MustCompile(`\(event (-?\d+)\)`)
	nonsense  = regexp.MustCompile(`  |^ | $|[;:,]$|^[;:,]| [;:,)]|\( |[;:,]{2}|\bevent 0\b|%!|\bby [;,]|\bfrom [;,]|\bfor [;,]|\(\)|\bID 0\b`)
)

func (r *reader) Observe(e *trace.Event) {
	r.Log.Observe(e)
	l := r.narrator.Tell(e)
	fmt.Fprintf(r.told, "%v\n", l)
	for _, text := range []prose.Text{l.What, l.Why} {
		fmt.Fprintln(r.told, slices.Collect(text.Spans()))
	}
	sentence := fmt.Sprintf("event %d, %v %v: %s %s %s | %s | %s", e.Number, e.Kind, e.Reason, l.From.Name, l.Glyph, l.To.Name, l.What, l.Why)
	switch {
	case r.problem != "":
		return
	case l.Event != e.Number || l.At != e.At || l.Kind != e.Kind || l.Cause != e.Cause:
		r.problem = sentence + ": about another event"
	case l.From.Name == "" || l.What.Empty():
		r.problem = sentence + ": nobody, or nothing"
	case l.Glyph == narrate.Sent && l.To.Name == "":
		r.problem = sentence + ": sent to nobody"
	case nonsense.MatchString(l.What.String()):
		r.problem = sentence + ": what is done"
	case nonsense.MatchString(l.Why.String()):
		r.problem = sentence + ": " + strconv.Quote(nonsense.FindString(l.Why.String())) + " in the reason"
	}
	// Reasons are earlier events, and all of them have happened where this one does.
	for _, m := range reference.FindAllStringSubmatch(l.Why.String(), -1) {
		n, err := strconv.Atoi(m[1])
		if err != nil || n < 1 || n >= e.Number || r.Event(n).Instance != e.Instance {
			r.problem = sentence + ": " + m[0] + " cannot be the reason"
			return
		}
	}
	if words := r.disprove(r.header, l.Why.String(), e); words != "" {
		r.problem = sentence + ": " + words + " is not true"
	}
}

// read tells a run and returns the first sentence that is wrong.
func read(s *scenarios.Scenario) (*reader, error) {
	r := &reader{header: s.Header(), narrator: narrate.New(s.Header()), told: sha256.New()}
	_, err := s.Run(r)
	return r, err
}

var update = flag.Bool("update", false, "write the golden files anew")

// compareStories compares the digests of stories, a line each, with those of a golden file.
func compareStories(t *testing.T, name string, got []string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(strings.Join(got, "\n")+"\n"), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	want := strings.Split(strings.TrimSpace(string(data)), "\n")
	for _, line := range got {
		if !slices.Contains(want, line) {
			t.Errorf("%s is told otherwise; `go test ./sim/narrate -update` writes %s anew", line, path)
		}
	}
	if len(got) != len(want) {
		t.Errorf("%d stories, not %d; `go test ./sim/narrate -update` writes %s anew", len(got), len(want), path)
	}
}

// Every bundled scenario under every edition. No story has changed: `skinny run` tells which
// sentences of it have.
func TestLibrary(t *testing.T) {
	kinds := map[trace.Kind]bool{}
	var stories []string
	for _, entry := range scenarios.Library() {
		told := sha256.New()
		for _, edition := range protocol.Editions() {
			file, err := entry.Decode()
			if err != nil {
				t.Fatal(err)
			}
			s, err := file.Compile(scenarios.Overrides{Edition: edition.Name})
			if err != nil {
				t.Fatal(err)
			}
			r, err := read(s)
			if err != nil && s.Timed() {
				t.Fatal(err)
			}
			if r.problem != "" {
				t.Errorf("%s, %s: %s", entry.Name, edition.Name, r.problem)
			}
			told.Write(r.told.Sum(nil))
			for i := range r.Events {
				kinds[r.Events[i].Kind] = true
			}
		}
		stories = append(stories, fmt.Sprintf("%s %.8x", entry.Name, told.Sum(nil)))
	}
	compareStories(t, "stories.golden", stories)
	if len(kinds) < 20 {
		t.Errorf("the library has only %d kinds of events", len(kinds))
	}
}

// Any run can be told, whatever its rules and whatever goes wrong in it.
func TestAnything(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := anyScenario(t)
		file, err := scenarios.Decode("any.yaml", []byte(text))
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		s, err := file.Compile(scenarios.Overrides{})
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		r, err := read(s)
		if err != nil {
			t.Fatal(err)
		}
		if r.problem != "" {
			t.Fatalf("%s\n%s", r.problem, text)
		}
	})
}

// anyScenario writes a random scenario.
func anyScenario(t *rapid.T) string {
	pick := func(what string, list ...string) string { return rapid.SampledFrom(list).Draw(t, what) }
	below := func(what string, n int) int { return rapid.IntRange(0, n-1).Draw(t, what) }
	size := 2 + below("size", 4)
	names := []string{"a", "b", "c", "d", "e"}[:size]
	one := func() string { return pick("instance", names...) }
	link := func() (string, string) {
		from := below("from", size)
		return names[from], names[(from+1+below("to", size-1))%size]
	}

	var b strings.Builder
	fmt.Fprintf(&b, "format: 1\nseed: %d\nevents: 5000\nrules:\n", below("seed", 1000))
	for _, r := range protocol.RuleTable() {
		fmt.Fprintf(&b, "  %s: %s\n", r.Name, pick(r.Name, "on", "off"))
	}
	b.WriteString("instances:\n")
	for _, name := range names {
		fmt.Fprintf(&b, "  - {name: %s, increment: %d, timeout: %dms, promise-delay: 0ms..%dms}\n",
			name, 1+below("increment", 3), 15+below("timeout", 80), pickDelay(t))
	}
	fmt.Fprintf(&b, "network: {latency: %dms..%dms, loss: %s, duplication: %s, client-latency: %s}\ntimeline:\n",
		below("low", 5), 5+below("high", 30), pick("loss", "0%", "20%"), pick("duplication", "0%", "20%"), pick("client latency", "0ms", "7ms"))
	at := 0
	for range 3 + below("decisions", 20) {
		at += below("later", 25)
		from, to := link()
		fmt.Fprintf(&b, "  - {at: %dms, %s}\n", at, pick("decision",
			"acquire: alice, via: "+one(), "acquire: bob, via: "+one(), "release: alice, via: "+one(),
			"release: bob, timeout: 15ms, via: "+one(), "status: "+one(),
			"crash: "+one(), "crash: "+one()+", host: up", "restart: "+one(), "pause: "+one(), "resume: "+one(),
			"isolate: "+one(), "heal: "+one(), "heal: all", "heal: partition", "cut: "+from+" -> "+to, "mend: "+from+" <-> "+to,
			"partition: [["+strings.Join(names[:1], ", ")+"], ["+strings.Join(names[1:], ", ")+"]]"))
	}
	from, to := link()
	fmt.Fprintf(&b, "messages:\n  - {%s: %s, from: %s, to: %s, nth: 1}\n", pick("fate", "drop", "refuse"),
		pick("message", "promise-request", "commit-request"), from, to)
	return b.String()
}

// pickDelay is how long an answer may take, mostly no time.
func pickDelay(t *rapid.T) int { return rapid.SampledFrom([]int{0, 0, 20}).Draw(t, "promise delay") }
