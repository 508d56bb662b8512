package scenarios

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// TestDigests compares the digest of every bundled scenario's trace with the
// pinned one. It runs on every architecture: the same events, to the byte.
func TestDigests(t *testing.T) {
	var b strings.Builder
	for _, e := range Library() {
		f, err := e.Decode()
		if err != nil {
			t.Fatal(err)
		}
		s, err := f.Compile(Overrides{})
		if err != nil {
			t.Fatal(err)
		}
		o, err := s.Run()
		if err != nil {
			t.Fatal(err)
		}
		if o.Failed() {
			t.Errorf("%s does not keep its claims", e.Name)
		}
		fmt.Fprintf(&b, "%s %d %s\n", e.Name, o.Events, o.Digest)
	}
	golden(t, "digests.golden", []byte(b.String()))
}

// TestDocumentedScenarios decodes and runs the scenarios in the documentation.
func TestDocumentedScenarios(t *testing.T) {
	text, err := os.ReadFile("../docs/SCENARIOS.md")
	if err != nil {
		t.Fatal(err)
	}
	blocks := strings.Split(string(text), "```yaml\n")[1:]
	if len(blocks) == 0 {
		t.Fatal("there is no scenario in it")
	}
	for i, block := range blocks {
		block, _, _ = strings.Cut(block, "```")
		f, err := Decode(fmt.Sprintf("SCENARIOS.md, block %d", i+1), []byte(block))
		if err != nil {
			t.Fatal(err)
		}
		s, err := f.Compile(Overrides{})
		if err != nil {
			t.Fatal(err)
		}
		if err := s.LintLesson().Err(); err != nil {
			t.Error(err)
		}
		if o, err := s.Run(); err != nil || o.Failed() {
			t.Errorf("block %d: %v, claims kept: %v", i+1, err, err == nil && !o.Failed())
		}
	}
}
