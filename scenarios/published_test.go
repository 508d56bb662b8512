package scenarios

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"testing"

	"skinny/protocol"
)

// publishedCase is a scenario and what the published program itself did in it. It
// was run in virtual time: its own source, with a mutex that is first come, first
// served, and a transport that loses, delays, repeats and refuses as the scenario
// says. What down instances know is not compared by it: they know nothing.
type publishedCase struct {
	Case       string
	Exact      bool // no round was retried, so no jitter was drawn: times are compared too
	Scenario   string
	Instances  [][]any // up, promised, id, holder
	Operations [][]any // outcome, answered_ns or -1, holder told to an acquire
}

// TestAsPublished compares the edition published with the published program.
func TestAsPublished(t *testing.T) {
	file, err := os.Open("testdata/published.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<20)
	count := 0
	for lines.Scan() {
		var c publishedCase
		if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
			t.Fatal(err)
		}
		count++
		t.Run(c.Case, func(t *testing.T) { c.compare(t) })
	}
	if err := lines.Err(); err != nil || count < 200 {
		t.Fatalf("%d cases, error %v; there are 200", count, err)
	}
}

func (c *publishedCase) compare(t *testing.T) {
	file, err := Decode(c.Case+ending, []byte(c.Scenario))
	if err != nil {
		t.Fatal(err)
	}
	s, err := file.Compile(Overrides{})
	if err != nil {
		t.Fatal(err)
	}
	o, err := s.Run()
	if err != nil {
		t.Fatal(err)
	}
	r := o.Result()
	for i, want := range c.Instances {
		in := r.Instances[i]
		same(t, "instance "+in.Name, want, []any{in.Up, in.Promised, in.ID, in.Holder})
	}
	if len(r.Operations) != len(c.Operations) {
		t.Fatalf("%d operations, want %d", len(r.Operations), len(c.Operations))
	}
	for i, want := range c.Operations {
		op := r.Operations[i]
		got := []any{op.Outcome, int64(-1), ""}
		if op.AnsweredNs != nil {
			got[1] = int64(*op.AnsweredNs)
		}
		if op.Op == protocol.Acquire.String() {
			got[2] = op.LockHolder
		}
		if !c.Exact {
			got[1] = want[1]
		}
		same(t, fmt.Sprintf("operation %d", i+1), want, got)
	}
}

// same compares what JSON says with what a run says.
func same(t *testing.T, what string, want, got []any) {
	t.Helper()
	a, _ := json.Marshal(want)
	b, _ := json.Marshal(got)
	var x, y any
	if json.Unmarshal(a, &x) != nil || json.Unmarshal(b, &y) != nil || fmt.Sprint(x) != fmt.Sprint(y) {
		t.Errorf("%s: the published program has %s, this run has %s", what, a, b)
	}
}
