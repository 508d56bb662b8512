package trace

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"skinny/protocol"
)

// Names that JSON has to escape, or that are not even text.
var awkward = []string{"", "plain", `quo"te`, `back\slash`, "new\nline", "\x00\x1f", "\u2028\u2029", "Zürich", "日本", "🦫", "<&>", "\x7f", "bad\xffbytes"}

func header() *Header {
	return &Header{
		Title: "a \"title\"", Edition: "sound", Rules: protocol.Majority | protocol.Durable, Seed: 1<<64 - 1,
		Instances: []string{"a", `b"\`, "ç"},
		Settings:  []Setting{{Increment: 1, Timeout: 500 * Millisecond}, {Increment: 2, Timeout: Second}, {Increment: 1<<64 - 1, Timeout: 1}},
		Holders:   []string{"alice", "bob\n"},
	}
}

// full is an event of this kind with every field set.
func full(kind Kind) Event {
	return Event{
		Number: 7, Cause: 3, At: 12 * Millisecond, Kind: kind, Reason: CutAtArrival, Instance: 1, Peer: 2, Try: 2,
		Outcome: protocol.Refused, Stored: true, Learned: true, Jumped: true, Pause: true, Direct: true, HostUp: true,
		Won: true, Copy: true, Note: true, Text: "said",
		Operation: protocol.Operation{Kind: protocol.Release, Holder: 2, Number: 9}, Holder: 1,
		Message: protocol.Message{
			Kind: protocol.PromiseResponse, From: 2, To: 1, Yes: true, ID: 4, Proposal: protocol.Proposal{ID: 3, Holder: 2}, Told: 8,
		},
		Nth: 5, Proposal: protocol.Proposal{ID: 4, Holder: 1}, Base: protocol.Proposal{ID: 3, Holder: 2},
		Yea: 5, Nay: 2, Calls: 2, Asked: 6, Groups: []protocol.Set{1, 6, 0},
		State: protocol.State{Promised: 1<<64 - 1, Accepted: protocol.Proposal{ID: 3, Holder: 2}},
	}
}

// lineOf is an event's line, decoded.
func lineOf(t *testing.T, e *Event) map[string]any {
	t.Helper()
	line := header().AppendEvent(nil, e)
	if !json.Valid(line) || bytes.Count(line, []byte("\n")) != 1 || line[len(line)-1] != '\n' {
		t.Fatalf("not one line of JSON: %q", line)
	}
	var fields map[string]any
	decoder := json.NewDecoder(bytes.NewReader(line))
	decoder.UseNumber() // IDs do not fit into a float
	if err := decoder.Decode(&fields); err != nil {
		t.Fatalf("%v: %s", err, line)
	}
	return fields
}

// Every line is one JSON object, whatever kind of event and message it is about,
// with every field set and with none.
func TestLinesAreJSON(t *testing.T) {
	for kind := Call; kind < kinds; kind++ {
		for message := protocol.NoMessage; message <= protocol.Failure; message++ {
			e := full(kind)
			e.Message.Kind = message
			if message == protocol.Failure {
				e.Message.Call = protocol.CommitRequest
			}
			if fields := lineOf(t, &e); fields["kind"] != kind.String() || kind.String() == "" {
				t.Errorf("kind %d is written as %v", kind, fields["kind"])
			}
			empty := Event{Number: 1, Kind: kind, Instance: None, Peer: None}
			empty.Message.Kind = message
			lineOf(t, &empty)
		}
	}
	for reason := DroppedByHand; reason < reasons; reason++ {
		if reason.String() == "" {
			t.Errorf("reason %d has no name", reason)
		}
	}
}

// The meaning of each field.
func TestFields(t *testing.T) {
	n := func(s string) json.Number { return json.Number(s) }
	e := full(Commit)
	want := map[string]any{
		"number": n("7"), "time_ns": n("12000000"), "kind": "commit", "reason": "cut-at-arrival",
		"instance": `b"\`, "peer": "ç", "cause": n("3"),
		"operation": map[string]any{"n": n("9"), "op": "release", "holder": "bob\n"},
		"message": map[string]any{
			"kind": "promise-response", "id": n("4"), "yes": true, "proposal": map[string]any{"id": n("3"), "holder": "bob\n"},
			"told": n("8"), "nth": n("5"), "copy": true,
		},
		"proposal": map[string]any{"id": n("4"), "holder": "alice"},
		"base":     map[string]any{"id": n("3"), "holder": "bob\n"},
		"outcome":  "refused", "lock_holder": "alice", "try": n("2"),
		"stored": true, "learned": true, "jumped": true, "pause": true, "direct": true, "host_up": true, "won": true, "text": "said", "note": true,
		"yea": []any{"a", "ç"}, "nay": []any{`b"\`}, "calls": []any{`b"\`}, "asked": []any{`b"\`, "ç"},
		"state": map[string]any{"promised": n("18446744073709551615"), "id": n("3"), "holder": "bob\n"},
	}
	if got := lineOf(t, &e); !reflect.DeepEqual(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}

	accept := full(Accept)
	if got := lineOf(t, &accept); !reflect.DeepEqual(got["proposal"], want["proposal"]) || got["base"] != nil {
		t.Errorf("an accepted proposal is in %v", got)
	}
	for message, want := range map[protocol.Message]map[string]any{
		{Kind: protocol.PromiseRequest, ID: 4}: {"kind": "promise-request", "id": n("4")},
		{Kind: protocol.CommitRequest, ID: 4, Proposal: protocol.Proposal{ID: 4, Holder: 1}}: {
			"kind": "commit-request", "id": n("4"), "proposal": map[string]any{"id": n("4"), "holder": "alice"},
		},
		{Kind: protocol.CommitResponse, ID: 4}:                        {"kind": "commit-response", "id": n("4"), "yes": false},
		{Kind: protocol.Failure, ID: 4, Call: protocol.CommitRequest}: {"kind": "failure", "call": "commit-request", "id": n("4")},
	} {
		if got := lineOf(t, &Event{Kind: Count, Message: message})["message"]; !reflect.DeepEqual(got, want) {
			t.Errorf("got  %v\nwant %v", got, want)
		}
	}

	partition := Event{Number: 1, Kind: Partition, Instance: None, Peer: None, Groups: []protocol.Set{1, 6, 0}}
	want = map[string]any{
		"number": n("1"), "time_ns": n("0"), "kind": "partition",
		"groups": []any{[]any{"a"}, []any{`b"\`, "ç"}, []any{}},
	}
	if got := lineOf(t, &partition); !reflect.DeepEqual(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}

func TestNamesAreEscaped(t *testing.T) {
	if got := string(appendString([]byte("{"), "a b~")); got != `{"a b~"` {
		t.Errorf("plain words are written as %s", got)
	}
	for _, name := range awkward {
		var got string
		text := appendString(nil, name)
		if err := json.Unmarshal(text, &got); err != nil {
			t.Fatalf("%q is written as %s: %v", name, text, err)
		}
		// What is not UTF-8 becomes the replacement character.
		if want := strings.ToValidUTF8(name, "\uFFFD"); got != want {
			t.Errorf("%q is read back as %q", name, got)
		}
		h := header()
		h.Title, h.Edition, h.Instances[0], h.Holders[0] = name, name, name, name
		if line := h.appendLine(nil, nil); !json.Valid(line) {
			t.Errorf("header with %q: %s", name, line)
		}
	}
}

func TestHeader(t *testing.T) {
	var got struct {
		Format    int
		Title     string
		Edition   string
		Rules     []string
		Seed      uint64
		Instances []struct {
			Name      string
			Increment uint64
			Timeout   int64 `json:"timeout_ns"`
		}
	}
	if err := json.Unmarshal(header().appendLine(nil, nil), &got); err != nil {
		t.Fatal(err)
	}
	if got.Format != 1 || got.Seed != 1<<64-1 || len(got.Instances) != 3 || got.Instances[2].Increment != 1<<64-1 ||
		got.Instances[0].Timeout != 500_000_000 || !reflect.DeepEqual(got.Rules, []string{"majority", "durable"}) {
		t.Errorf("header %+v", got)
	}
	if line := string(header().appendLine(nil, nil)); strings.Contains(line, "promise_delay") {
		t.Errorf("what is not set is written: %s", line)
	}
	if h := header(); h.Needed(protocol.Committing) != 2 || h.Name(1) != `b"\` || h.HolderName(0) != "" || h.HolderName(2) != "bob\n" {
		t.Error("a header does not know its names")
	}
}

// The digest is over the event lines: another title leaves it as it is, another
// event does not, and what is written makes no difference.
func TestDigest(t *testing.T) {
	run := func(out io.Writer, title string, kinds ...Kind) *Writer {
		h := header()
		h.Title = title
		w := NewWriter(out, &bytes.Buffer{}, h)
		for _, k := range kinds {
			e := full(k)
			w.Observe(&e)
		}
		return w
	}
	var out bytes.Buffer
	w := run(&out, "one", Call, Answer)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if e := full(Call); !bytes.Equal(header().AppendEvent([]byte("before "), &e), append([]byte("before "), header().AppendEvent(nil, &e)...)) {
		t.Error("a line is not appended to what is there")
	}
	if w.Digest() != run(io.Discard, "two", Call, Answer).Digest() {
		t.Error("the title is part of the digest")
	}
	if w.Digest() == run(io.Discard, "one", Answer, Call).Digest() || w.Digest() == run(io.Discard, "one", Call).Digest() {
		t.Error("other events have the same digest")
	}
	if lines := strings.Split(out.String(), "\n"); len(lines) != 4 || !strings.Contains(lines[0], `"title":"one"`) {
		t.Errorf("a trace of two events has %d lines", len(lines)-1)
	}
	empty := "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
	if got := run(io.Discard, "one").Digest(); got != empty {
		t.Errorf("the digest of nothing is %s", got)
	}
}

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errors.New("disk full") }

// An error of writing is kept until Close, and the digest goes on.
func TestWriteError(t *testing.T) {
	w, good := NewWriter(broken{}, &bytes.Buffer{}, header()), NewWriter(io.Discard, &bytes.Buffer{}, header())
	for range 1000 {
		e := full(Commit)
		w.Observe(&e)
		good.Observe(&e)
	}
	if err := w.Close(); err == nil || err.Error() != "disk full" {
		t.Errorf("closed with %v", err)
	}
	if w.Digest() != good.Digest() {
		t.Error("the digest depends on where the trace goes")
	}
}

// failing is where nothing can be kept, read back or turned back.
type failing struct{ write, read, seek error }

func (f *failing) Write(b []byte) (int, error) { return len(b), f.write }

func (f *failing) Read([]byte) (int, error) { return 0, cmp.Or(f.read, io.EOF) }

func (f *failing) Seek(int64, int) (int64, error) { return 0, f.seek }

// What is kept until the end is read from its start if it is a file, and every error on the
// way is told.
func TestSpool(t *testing.T) {
	var want, got bytes.Buffer
	file, err := os.Create(filepath.Join(t.TempDir(), "spool"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for _, w := range []*Writer{NewWriter(&want, &bytes.Buffer{}, header()), NewWriter(&got, file, header())} {
		e := full(Commit)
		w.Observe(&e)
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if got.String() != want.String() || strings.Count(got.String(), "\n") != 2 {
		t.Errorf("by a file it is %q, not %q", &got, &want)
	}
	for _, f := range []failing{{write: errors.New("full")}, {read: errors.New("gone")}, {seek: errors.New("stuck")}} {
		w := NewWriter(io.Discard, &f, header())
		e := full(Commit)
		w.Observe(&e)
		if err, want := w.Close(), cmp.Or(f.write, f.read, f.seek); err != want {
			t.Errorf("closed with %v, not %v", err, want)
		}
	}
}

func TestLogAndTee(t *testing.T) {
	var first, second Log
	tee := Tee{&first, &second}
	e := full(Call)
	e.Number = 1
	tee.Observe(&e)
	e = full(Answer) // the caller uses its event again
	e.Number = 2
	tee.Observe(&e)
	if first.Len() != 2 || first.Event(1).Kind != Call || second.Event(2).Kind != Answer {
		t.Errorf("logs %v and %v", first, second)
	}
}

func TestReceived(t *testing.T) {
	for _, c := range []struct {
		e    Event
		want bool
	}{
		{Event{Kind: Receive}, true}, {Event{Kind: Answer, Direct: true}, true}, {Event{Kind: Answer}, false},
		{Event{Kind: Ignore}, false}, {Event{Kind: GiveUp}, false},
	} {
		if got := c.e.Received(); got != c.want {
			t.Errorf("%s, direct %v: received %v", c.e.Kind, c.e.Direct, got)
		}
	}
}
