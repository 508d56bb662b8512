package scenarios

import (
	"bytes"
	"strings"
	"testing"

	"skinny/sim/trace"
)

// traced runs a scenario and returns its trace and its digest.
func traced(t *testing.T, s *Scenario) ([]byte, string) {
	t.Helper()
	var b bytes.Buffer
	w := trace.NewWriter(&b, s.Header())
	o, err := s.Run(w)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes(), o.Digest
}

// The trace of every bundled scenario is turned into decisions that give the same
// trace.
func TestFromTrace(t *testing.T) {
	const far = "format: 1\ninstances: [a, b, c]\nnetwork: {client-latency: 3ms, latency: 5ms..9ms, loss: 20%, duplication: 20%}\n" +
		"timeline:\n  - {at: 0ms, acquire: alice, via: a, timeout: 7ms}\n  - {at: 1ms, pause: b}\n  - {at: 9ms, status: c}\n" +
		"  - {at: 40ms, resume: b}\n  - {at: 50ms, crash: c, host: up}\n  - {at: 51ms, cut: a <-> b}\n  - {at: 60ms, release: bob, via: c}\n" +
		"  - {at: 70ms, restart: c}\n  - {at: 71ms, restart: a}\n  - {at: 72ms, partition: [[a, b], [c]]}\n  - {at: 90ms, heal: all}\n  - {at: 91ms, acquire: eve, via: b}\n" +
		"messages:\n  - {refuse: promise-request, from: b, to: c}\n"
	all := map[string][]byte{"far.yaml": []byte(far)}
	for _, e := range Library() {
		all[e.Name] = e.Data
	}
	for name, data := range all {
		file, err := Decode(name, data)
		if err != nil {
			t.Fatal(err)
		}
		s, err := file.Compile(Overrides{})
		if err != nil {
			t.Fatal(err)
		}
		text, digest := traced(t, s)
		if !IsTrace(text) || IsTrace(data) {
			t.Errorf("%s: what is a trace is not known", name)
		}
		found, err := FromTrace(name, text)
		if err != nil {
			t.Errorf("%v", err)
			continue
		}
		again, err := found.Compile(Overrides{})
		if err != nil {
			t.Fatal(err)
		}
		if text2, got := traced(t, again); got != digest || !bytes.Equal(text, text2) {
			t.Errorf("%s: the digest is %s, want %s", name, got, digest)
		}
	}
}

func TestFromTraceErrors(t *testing.T) {
	e, err := Find("two-winners")
	if err != nil {
		t.Fatal(err)
	}
	file, err := e.Decode()
	if err != nil {
		t.Fatal(err)
	}
	s, err := file.Compile(Overrides{})
	if err != nil {
		t.Fatal(err)
	}
	data, _ := traced(t, s)
	text := string(data)
	lines := strings.SplitAfter(text, "\n")
	for _, c := range []struct{ text, want string }{
		{strings.Replace(text, `"promised":2`, `"promised":3`, 1), "x.jsonl:4: no decision makes this event"},
		{lines[0] + strings.Join(lines[3:], ""), "x.jsonl:2: no decision makes this event"},
		{lines[0] + "nonsense\n", "x.jsonl: line 2 is no event"},
		{`{"format":1,"title":` + "\n", "x.jsonl: the first line is no head of a trace"},
		{strings.Replace(text, `"published"`, `"publisht"`, 1), `did you mean "published"?`},
		{strings.Replace(text, `"backoff"`, `"backof"`, 1), `did you mean "backoff"?`},
		{`{"format":1,"title":"","edition":"sound"}`, "a cluster has 2 to 64 instances, not 0"},
	} {
		if _, err := FromTrace("x.jsonl", []byte(c.text)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("the error is %v, want %q", err, c.want)
		}
	}
}
