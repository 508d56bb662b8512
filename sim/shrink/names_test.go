package shrink

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"testing"

	"skinny/protocol"
	"skinny/sim"
)

// A name is used again where it acquires although it does not know for certain what became of
// an operation of its own.
func TestReusesName(t *testing.T) {
	for _, c := range []struct {
		before []string
		next   string
		want   bool
	}{
		{nil, "acquire alice a", false},
		{[]string{"acquire alice a"}, "acquire alice b", true}, // it still waits
		{[]string{"acquire alice a"}, "acquire bob b", false},
		{[]string{"acquire alice a"}, "release alice b", false},
		{[]string{"acquire alice a", "crash a"}, "acquire alice b", true}, // it is told that nobody is there
		{[]string{"crash a", "release alice a"}, "acquire alice b", true},
		{[]string{"acquire alice a", "promise a b", "commit a b"}, "acquire alice a", false}, // acquired
		{[]string{"acquire bob b", "promise b a", "commit b a", "acquire alice a", "promise a b", "commit a b"}, "acquire alice a", false},
		{[]string{"acquire bob b", "acquire alice a", "promise a c", "commit a c"}, "acquire bob a", true},
		{[]string{"acquire alice a", "promise a b", "deadline a"}, "acquire alice b", true}, // unknown
	} {
		s := newScript(protocol.AllRules, "abc").say(c.before...)
		w := sim.NewWorld(s.cluster)
		for i := range s.list {
			w.ClearCreated()
			if !w.Take(&s.list[i]) {
				t.Fatalf("%v: decision %d is impossible", c.before, i)
			}
		}
		known := len(s.list)
		s.say(c.next)
		if got := ReusesName(w, &s.list[known]); got != c.want {
			t.Errorf("after %v, %s uses a name again: %v", c.before, c.next, got)
		}
		s.say("heal")
		if got := ReusesNames(s.cluster, s.list); got != c.want {
			t.Errorf("%v and %s use a name again: %v", c.before, c.next, got)
		}
	}
	if d := (&sim.Decision{Kind: sim.CrashInstance, Operation: protocol.Acquire}); ReusesName(sim.NewWorld(newScript(0, "ab").cluster), d) {
		t.Error("a crash uses a name again")
	}
}

// If it is asked for, calls that use a name again count for nothing.
func TestKeepNames(t *testing.T) {
	s := newScript(published(t), "abc").say("acquire alice a", "acquire alice b", "promise b c", "deadline b")
	if _, err := Shrink(s.cluster, s.list, "acknowledged", Options{}); err != nil {
		t.Error(err)
	}
	if _, err := Shrink(s.cluster, s.list, "acknowledged", Options{KeepNames: true}); err == nil {
		t.Error("a name is used again")
	}
}

var update = flag.Bool("update", false, "write the golden files anew")

// What some failures become, and how, is pinned. A smaller result is better.
func TestGolden(t *testing.T) {
	var text bytes.Buffer
	for _, off := range incomplete {
		rules := rulesWithout(t, off...)
		shrunk := 0
		for seed := uint64(0); seed < 400 && shrunk < 2; seed++ {
			f := tryRun(rules, seed, 4)
			if len(f.properties) == 0 {
				continue
			}
			shrunk++
			property := f.properties[len(f.properties)-1]
			r, err := Shrink(f.cluster, f.decisions, property, Options{})
			if err != nil {
				t.Fatal(err)
			}
			fmt.Fprintf(&text, "without %v, seed %d: %s, %d instances, %d runs\n", off, seed, property, r.Cluster.Size(), r.Tried)
			for _, s := range r.Steps {
				fmt.Fprintf(&text, "  %s in %d: %d gone, %d replaced, %d moved, %v, %v: %d\n", s.Pass, s.Tried, len(s.Removed), len(s.Replaced), s.Moved, s.Instances, s.Settings, s.Decisions)
			}
			for i, line := range story(r.Cluster, r.Decisions) {
				n := r.Needs[i]
				fmt.Fprintf(&text, "    %s (%v, %d: %v, %v)\n", line, n.Impossible, n.Operation, n.Was, n.Is)
			}
		}
	}
	const file = "testdata/shrunk.golden"
	if *update {
		if err := os.WriteFile(file, text.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	lines, wanted := bytes.Split(text.Bytes(), []byte("\n")), bytes.Split(want, []byte("\n"))
	for i := range min(len(lines), len(wanted)) {
		if !bytes.Equal(lines[i], wanted[i]) {
			t.Fatalf("line %d is\n%s, not\n%s", i+1, lines[i], wanted[i])
		}
	}
	if len(lines) != len(wanted) {
		t.Errorf("%d lines, not %d", len(lines), len(wanted))
	}
}
