package quiz_test

import (
	"crypto/sha256"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"skinny/scenarios"
	"skinny/sim/quiz"
	"skinny/sim/trace"
)

var update = flag.Bool("update", false, "write the golden files anew")

// said is every question about a run, with what is said of each choice.
func said(r *quiz.Run) string {
	var b strings.Builder
	for n := 1; n <= r.Len(); n++ {
		worth, _ := quiz.Worth(r, n)
		for _, kind := range quiz.Kinds() {
			e, at := r.Event(n).Kind, r.Event(n).Instance
			if kind == quiz.Breaks && e != trace.Answer && e != trace.Restart && e != trace.Accept {
				continue // to judge takes its time
			}
			for of := trace.None; int(of) < len(r.Header.Instances); of++ {
				if of != trace.None && (of == at || kind != quiz.State) {
					continue // it is about that already, or about the event's alone
				}
				q, err := quiz.Ask(r, kind, n, of)
				if err != nil {
					continue
				}
				fmt.Fprintf(&b, "%d %v", n, kind)
				if kind == worth {
					b.WriteString(", worth asking")
				}
				fmt.Fprintf(&b, ": %s\n", q.Text)
				for i, c := range q.Choices {
					right, said := q.Grade(i)
					fmt.Fprintf(&b, "  %s: %s\n", c.Text, said)
					if right != c.Right {
						fmt.Fprintf(&b, "  and it is graded %v\n", right)
					}
				}
			}
		}
	}
	return b.String()
}

// refused is why questions of each kind cannot be asked, with the events where it is first so.
func refused(r *quiz.Run) string {
	var b strings.Builder
	for _, kind := range quiz.Kinds() {
		known := map[string]bool{}
		for n := 0; n <= r.Len()+2; n++ {
			if _, err := quiz.Ask(r, kind, n, trace.None); err != nil {
				_, why, _ := strings.Cut(err.Error(), ": ")
				if !known[why] {
					fmt.Fprintf(&b, "%v\n", err)
				}
				known[why] = true
			}
		}
	}
	return b.String()
}

// What is asked about runs, and what is said about each answer: of three runs as it is,
// of the other bundled ones as a digest.
func TestGolden(t *testing.T) {
	var b strings.Builder
	for _, name := range []string{"amnesia", "testdata/odd.yaml", "testdata/far.yaml"} {
		fmt.Fprintf(&b, "=== %s\n%s", name, said(open(t, name)))
		fmt.Fprintf(&b, "=== not asked of %s\n%s", name, refused(open(t, name)))
	}
	b.WriteString("=== digests\n")
	for _, e := range scenarios.Library() {
		if strings.HasPrefix(e.Name, "exercises/") || strings.HasPrefix(e.Name, "lab/") {
			continue // much the same as the others
		}
		text := said(open(t, e.Name))
		fmt.Fprintf(&b, "%s: %d lines, %.8x\n", e.Name, strings.Count(text, "\n"), sha256.Sum256([]byte(text)))
	}
	const path = "testdata/questions.golden"
	if *update {
		if err := os.WriteFile(path, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	got := strings.Split(b.String(), "\n")
	for i, line := range strings.Split(string(want), "\n") {
		if i >= len(got) || got[i] != line {
			t.Fatalf("%s differs; go test -update writes it anew, then read the diff. Line %d, want:\n%s\ngot:\n%s",
				path, i+1, line, strings.Join(got[min(i, len(got)):min(i+20, len(got))], "\n"))
		}
	}
}
