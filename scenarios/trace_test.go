package scenarios

import (
	"bytes"
	"reflect"
	"strings"
	"testing"

	"skinny/sim/trace"
)

// traced runs a scenario and returns its trace and its digest.
func traced(t *testing.T, s *Scenario) ([]byte, string) {
	t.Helper()
	var b bytes.Buffer
	w := trace.NewWriter(&b, &bytes.Buffer{}, s.Header())
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
	all := map[string][]byte{"far.yaml": []byte(far), "mixed.yaml": []byte(mixed)}
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
		if !trace.Is(text) || trace.Is(data) {
			t.Errorf("%s: what is a trace is not known", name)
		}
		found, err := FromTrace(name, text, nil)
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

// What happens too late to be seen in the events is in the header, and a trace may come
// in the encodings of other systems.
func TestFromTraceOfWhatWasNotSeen(t *testing.T) {
	for _, text := range []string{
		"instances: [a, b, c]\nnetwork: {client-latency: 3ms, latency: 5ms}\nuntil: 16ms\ntimeline:\n  - {at: 0ms, acquire: alice, via: a}\n",
		"instances: [{name: a}, {name: b, promise-delay: 20ms}, {name: c}]\nnetwork: {latency: 5ms}\ntimeline:\n" +
			"  - {at: 0ms, acquire: alice, via: a}\n  - {at: 8ms, crash: b}\n",
	} {
		file, err := Decode("x.yaml", []byte("format: 1\n"+text))
		if err != nil {
			t.Fatal(err)
		}
		s, err := file.Compile(Overrides{})
		if err != nil {
			t.Fatal(err)
		}
		data, digest := traced(t, s)
		utf16 := []byte{0xff, 0xfe}
		for _, c := range data {
			utf16 = append(utf16, c, 0)
		}
		for _, data := range [][]byte{data, utf16, append([]byte("\xef\xbb\xbf"), data...), bytes.ReplaceAll(data, []byte("\n"), []byte("\r\n"))} {
			found, err := FromTrace("x.jsonl", data, nil)
			if err != nil {
				t.Fatal(err)
			}
			again, err := found.Compile(Overrides{})
			if err != nil {
				t.Fatal(err)
			}
			if _, got := traced(t, again); got != digest {
				t.Errorf("%s: another run", text)
			}
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
		{strings.Replace(text, `"promised":2`, `"promised":3`, 1), "x.jsonl:5: its decisions do not give this event, but {"},
		{lines[0] + strings.Join(lines[3:], ""), "x.jsonl:2: it has number 3, and 1 comes here"},
		{strings.Replace(text, "@0ms acquire alice", "@0.1us acquire alice", 1), "x.jsonl:2: its decisions do not give this event"},
		{lines[0][:strings.LastIndex(lines[0], `,"@`)] + "]}\n" + strings.Join(lines[1:], ""), "x.jsonl:31: the trace has 30 events, and its decisions give 29"},
		{text + "{}\n", "it has number 0"},
		{lines[0] + "nonsense\n", "x.jsonl:2: it is no event"},
		{`{"format":1,"title":` + "\n", "x.jsonl:1: it is no head of a trace"},
		{strings.Replace(text, "via a", "via z", 1), `x.jsonl:1: `},
		{strings.Replace(text, "acquire alice", "aquire alice", 1), `x.jsonl:1: decision 1, "@0ms aquire alice via a": unknown decision`},
	} {
		if _, err := FromTrace("x.jsonl", []byte(c.text), nil); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("the error is %v, want %q", err, c.want)
		}
	}
}

// A trace that was cut off, in the middle of a step or of a line, gives its events
// again, and what else the last step made.
func TestFromTraceCutOff(t *testing.T) {
	s, err := Load("two-winners", Overrides{})
	if err != nil {
		t.Fatal(err)
	}
	data, _ := traced(t, s)
	lines := bytes.SplitAfter(data, []byte("\n"))
	within := 0
	for end := len(lines[0]); end < len(data); end++ {
		if end%17 > 0 && data[end-1] != '\n' && data[end] != '\n' {
			continue
		}
		cut := data[:end]
		whole := bytes.Count(cut, []byte("\n")) - 1 // events
		if data[end] == '\n' {
			whole++ // but for its end the line is there
		}
		file, err := FromTrace("x.jsonl", cut, nil)
		if err != nil {
			t.Fatalf("cut after %d bytes: %v", end, err)
		}
		again, err := file.Compile(Overrides{})
		if err != nil {
			t.Fatal(err)
		}
		text, _ := traced(t, again)
		got := bytes.SplitAfter(text, []byte("\n"))
		if events := len(got) - 2; events < whole || !bytes.Equal(bytes.Join(got[1:1+whole], nil), bytes.Join(lines[1:1+whole], nil)) {
			t.Fatalf("cut after event %d: it has %d events, or others", whole, events)
		}
		if len(got)-2 > whole {
			within++
		}
		if fewer := file.Schedule.Value; len(fewer) > 0 && whole > 0 {
			again.Schedule.Decisions = again.Schedule.Decisions[:len(fewer)-1]
			if o, err := again.Run(); err != nil || o.Events >= whole {
				t.Fatalf("cut after event %d: the last decision is not needed", whole)
			}
		}
	}
	if within == 0 {
		t.Error("no step was cut")
	}
}

// What instances have of their own is read from a trace as it was.
func TestFromTraceOfOwnSettings(t *testing.T) {
	s := compiled(t, "format: 1\ninstances:\n  - {name: a, timeout: 80ms, rules: {durable: on, backoff: off}}\n  - {name: b, increment: 9, promise-timeout: 70ms}\n"+
		"  - {name: c, promise-delay: 1ms..2ms, rules: {yield: on}}\nquorums: {promise: 2, commit: 3}\nnetwork: {client-latency: 1ms}\ntimeline: [{at: 0s, acquire: x, via: a}]\n")
	var text bytes.Buffer
	w := trace.NewWriter(&text, &bytes.Buffer{}, s.Header())
	if _, err := s.Run(w); err != nil || w.Close() != nil {
		t.Fatal(err)
	}
	f, err := FromTrace("x.jsonl", text.Bytes(), nil)
	if err != nil {
		t.Fatal(err)
	}
	again, err := f.Compile(Overrides{})
	if err != nil || !reflect.DeepEqual(again.Cluster.Instances, s.Cluster.Instances) || again.Cluster.Quorums != s.Cluster.Quorums || again.Cluster.ClientLatency != s.Cluster.ClientLatency {
		t.Errorf("%v:\n%s", err, f.Encode())
	}
}
