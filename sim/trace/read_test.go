package trace

import (
	"bytes"
	"reflect"
	"strings"
	"testing"

	"skinny/protocol"
)

// written is a trace of two events.
func written(t *testing.T) string {
	t.Helper()
	h := header()
	h.ClientLatency, h.Settings[1].PromiseDelay, h.Settings[1].PromiseTimeout = 3*Millisecond, Delay{1, 2}, 7
	var out bytes.Buffer
	w := NewWriter(&out, &bytes.Buffer{}, h)
	for n := range 2 {
		e := full(Commit)
		e.Number = n + 1
		w.Observe(&e)
	}
	w.Decide("@0ms acquire alice via a")
	w.Decide(`say "so"`)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// A header is read by people, too: arrows and names stand in it as they are.
func TestHeaderIsReadable(t *testing.T) {
	h := header()
	h.Title = "<a & b>"
	for _, want := range []string{`"title":"<a & b>"`, `"decisions":["cut a -> b","mend a <-> b"]`} {
		if got := string(h.appendLine(nil, []string{"cut a -> b", "mend a <-> b"})); !strings.Contains(got, want) {
			t.Errorf("no %s in %s", want, got)
		}
	}
}

// Any number of instances may have rules of their own.
func TestReadOwnRules(t *testing.T) {
	h := header()
	h.Settings[0].RulesOff, h.Settings[2].RulesOff, h.Settings[2].RulesOn = protocol.Durable, protocol.Majority, protocol.Yield
	got, err := readHeader(h.appendLine(nil, nil))
	if err != nil || !reflect.DeepEqual(got.Settings, h.Settings) {
		t.Errorf("the settings of each are %v, not %v: %v", got.Settings, h.Settings, err)
	}
}

// Whatever the settings are, they are read as they were written.
func TestReadSettings(t *testing.T) {
	for _, change := range []func(*Header){
		func(h *Header) { h.Quorums = protocol.Quorums{Promise: 3, Commit: 1} },
		func(h *Header) { h.Quorums.Commit = 3 },
		func(h *Header) { h.Settings[0].Program, h.Settings[2].Program = "mine", `"<yours>"` },
		func(h *Header) { h.Settings[0].PromiseTimeout = 1 },
		func(h *Header) { h.Settings[2].PromiseDelay = Delay{0, 1} },
		func(h *Header) { h.Settings[2].PromiseDelay = Delay{5, 5} },
		func(h *Header) { h.Rules, h.Settings[1].RulesOn = 0, protocol.Adopt },
		func(h *Header) { h.ClientLatency, h.Seed, h.Title, h.Edition = 1, 0, "", "published" },
	} {
		h := header()
		change(h)
		h.Holders = nil
		got, err := readHeader(h.appendLine(nil, nil))
		if h.Decisions = []string{}; err != nil || !reflect.DeepEqual(got, h) {
			t.Errorf("read as %+v, not %+v: %v", got, h, err)
		}
	}
	two := header()
	two.Instances, two.Settings = two.Instances[:2], two.Settings[:2]
	if _, err := readHeader(two.appendLine(nil, nil)); err != nil {
		t.Errorf("a smallest cluster: %v", err)
	}
	many := header()
	many.Instances, many.Settings = nil, nil
	for n := range protocol.MaxSize {
		many.Instances, many.Settings = append(many.Instances, strings.Repeat("i", n+1)), append(many.Settings, Setting{Increment: 1, Timeout: 1})
	}
	if _, err := readHeader(many.appendLine(nil, nil)); err != nil {
		t.Errorf("a largest cluster: %v", err)
	}
	many.Instances, many.Settings = append(many.Instances, "more"), append(many.Settings, many.Settings[0])
	if _, err := readHeader(many.appendLine(nil, nil)); err == nil || err.Error() != "a cluster has 2 to 64 instances, not 65" {
		t.Errorf("one more: %v", err)
	}
}

// A text in UTF-16 is one in UTF-8, in either order of bytes, also beyond 16 bits.
func TestPlain(t *testing.T) {
	want := "aç🦫\n"
	for _, text := range []string{
		want, "\xef\xbb\xbf" + want, "\xfe\xff\x00a\x00\xe7\xd8\x3e\xdd\xab\x00\n", "\xff\xfea\x00\xe7\x00\x3e\xd8\xab\xdd\n\x00", "\xff\xfea\x00\xe7\x00\x3e\xd8\xab\xdd\n\x00x",
	} {
		if got := string(Plain([]byte(text))); got != want {
			t.Errorf("%q is %q", text, got)
		}
	}
}

// What is written is read: all of the header, and the lines.
func TestRead(t *testing.T) {
	text := written(t)
	got, err := Read([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	want := header()
	want.Holders = nil // the events and decisions name them
	want.ClientLatency, want.Settings[1].PromiseDelay, want.Settings[1].PromiseTimeout = 3*Millisecond, Delay{1, 2}, 7
	want.Decisions = []string{"@0ms acquire alice via a", `say "so"`}
	if !reflect.DeepEqual(got.Header, want) {
		t.Errorf("got  %+v\nwant %+v", got.Header, want)
	}
	if lines := strings.SplitAfter(text, "\n"); len(got.Lines) != 2 || string(got.Lines[1]) != lines[2] {
		t.Errorf("the lines are %q", got.Lines)
	}
	spaced := strings.ReplaceAll(strings.ReplaceAll(text, `":`, `" : `), "}\n", "} \r\n") // as other programs write it
	again, err := Read([]byte(spaced))
	if err != nil || !reflect.DeepEqual(again, got) || !Is([]byte(spaced)) {
		t.Errorf("with other white space: %v", err)
	}
}

func TestIs(t *testing.T) {
	text := written(t)
	wide := []byte{0xfe, 0xff}
	for _, c := range []byte(text) {
		wide = append(wide, 0, c)
	}
	for _, yes := range []string{text, "\xef\xbb\xbf" + text, string(wide), `{"seed":1,"rules":["yield"],"format":1,` + text[1:]} {
		if got, err := Read([]byte(yes)); !Is([]byte(yes)) || err != nil || len(got.Lines) != 2 {
			t.Errorf("%.30q is no trace: %v", yes, err)
		}
	}
	for _, beginning := range []string{text[:len(text)/4], `{"rules":["yield"],"format":1,"ti`, `{"format":1,"seed":1,"rules":[],"ti`} {
		if !Is([]byte(beginning)) {
			t.Errorf("%q, the beginning of a trace, is none", beginning)
		}
	}
	for _, no := range []string{"", "format: 1\ninstances: [a, b]\n", "[]", "null", `{"format":1}`, `{"format":1,"rules":{"yield":"off"},"instances":["a","b"]}`, `{"format":1,"rules":`, "\xff\xfe", `{"rules":["yield"]}`, `["format",1,"rules",["yield"]]`} {
		if Is([]byte(no)) {
			t.Errorf("%q is a trace", no)
		}
	}
}

// Everything that is read is checked, and what is wrong is said with its line and
// without a word of Go.
func TestReadErrors(t *testing.T) {
	text := written(t)
	lines := strings.SplitAfter(text, "\n")
	in := func(old, new string) string {
		if !strings.Contains(text, old) {
			t.Fatalf("there is no %s in %s", old, text)
		}
		return strings.Replace(text, old, new, 1)
	}
	for _, c := range []struct{ text, want string }{
		{"", "line 1: it is no head of a trace: unexpected end of JSON input"},
		{"[]", "line 1: it is no head of a trace: it has to be an object, not array"},
		{in(`"format":1`, `"format":2`), "line 1: it is no head of a trace: its format is 2, and this program knows 1"},
		{in(`"sound"`, `"sownd"`), `unknown edition "sownd"`},
		{in(`"sound"`, `"so\u001b[2Jnd"`), `unknown edition "so\x1b[2Jnd"`},
		{in(`"sound"`, `7`), "edition has to be text, not number"},
		{in(`"durable"`, `"durabel"`), `unknown rule "durabel"`},
		{in(`"seed":18446744073709551615`, `"seed":-1`), "seed has to be a whole number that fits, not number -1"},
		{in(`"timeout_ns":500000000`, `"timeout_ns":-5`), `instance "a" has timeout_ns -5, and 1 is the least`},
		{in(`"timeout_ns":500000000`, `"timeout_ns":1.5`), "timeout_ns has to be a whole number that fits, not number 1.5"},
		{in(`"promise_timeout_ns":7`, `"promise_timeout_ns":-7`), "has promise_timeout_ns -7"},
		{in(`"increment":2`, `"increment":0`), "has the increment 0"},
		{in(`[1,2]`, `[2,1]`), "has promise_delay_ns [2 1]"},
		{in(`[1,2]`, `[1]`), "has promise_delay_ns [1]"},
		{in(`[1,2]`, `[1,2,3]`), "has promise_delay_ns [1 2 3]"},
		{in(`[1,2]`, `[-1,2]`), "has promise_delay_ns [-1 2]"},
		{in(`"client_latency_ns":3000000`, `"client_latency_ns":-1`), "client_latency_ns is -1"},
		{in(`"ç"`, `"a"`), `two instances are called "a"`},
		{in(`"ç"`, `" "`), "instance 3 has no name"},
		{in(`"increment":2`, `"rules":["durabel"],"increment":2`), `unknown rule "durabel"`},
		{in(`"increment":2`, `"rules":7,"increment":2`), "rules has to be a list, not number"},
		{in(`"seed":`, `"quorums":{"promise":4,"commit":2},"seed":`), "there are no quorums of 4 and 2 in a cluster of 3"},
		{in(`"seed":`, `"quorums":{"promise":1,"commit":4},"seed":`), "there are no quorums of 1 and 4 in a cluster of 3"},
		{in(`"seed":`, `"quorums":[],"seed":`), "quorums has to be an object, not array"},
		{in(`"seed":`, `"quorums":{"promise":256},"seed":`), "quorums.promise has to be a whole number that fits, not number 256"},
		{in(`"timeout_ns":500000000`, `"timeout_ns":0`), `instance "a" has timeout_ns 0, and 1 is the least`},
		{`{"format":1,"edition":"sound","rules":[],"decisions":[],"instances":[{"name":"a"}]}`, "a cluster has 2 to 64 instances, not 1"},
		{in(`"instances":[`, `"instances":[],"more":[`), "a cluster has 2 to 64 instances, not 0"},
		{in(`,"decisions":`, `,"more":`), "it has no decisions"},
		{lines[0] + lines[2], "line 2: it has number 2, and 1 comes here"},
		{lines[0] + lines[1] + lines[1], "line 3: it has number 1, and 2 comes here"},
		{lines[0] + lines[1] + "\n" + lines[2], "line 3: it is no event: unexpected end of JSON input"},
		{lines[0] + lines[1] + lines[2][:40] + "\n", "line 3: it is no event"},
		{lines[0] + lines[1][:40] + "\n" + strings.TrimSpace(lines[2]), "line 2: it is no event"},
		{lines[0] + lines[1] + "3", "line 3: it is no event: it has to be an object, not number"},
		{lines[0] + `{"number":"one"}`, "line 2: it is no event: number has to be a whole number that fits, not string"},
	} {
		_, err := Read([]byte(c.text))
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "Go ") || strings.Contains(err.Error(), "\x1b") {
			t.Errorf("the error is %v, want %s", err, c.want)
		}
	}
}

// What was cut off within a line has the lines before.
func TestReadCutOff(t *testing.T) {
	lines := strings.SplitAfter(written(t), "\n")
	got, err := Read([]byte(lines[0] + lines[1] + lines[2][:40]))
	if err != nil || len(got.Lines) != 1 || string(got.Lines[0]) != lines[1] {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestCompare(t *testing.T) {
	read, err := Read([]byte(written(t)))
	if err != nil {
		t.Fatal(err)
	}
	compare := func(events int, change func(*Event)) string {
		c := Compare(read, header())
		for n := range events {
			e := full(Commit)
			e.Number = n + 1
			change(&e)
			c.Observe(&e)
		}
		if err := c.Err(); err != nil {
			return err.Error()
		}
		return ""
	}
	same := func(*Event) {}
	for _, c := range []struct{ got, want string }{
		{compare(2, same), ""},
		{compare(1, same), "line 3: the trace has 2 events, and its decisions give 1"},
		{compare(3, same), ""}, // the trace was cut off
		{compare(1, func(e *Event) { e.State = protocol.State{} }), "line 2: its decisions do not give this event, but {\"number\":1,"},
		{compare(2, func(e *Event) { e.Try += uint8(e.Number / 2) }), "line 3: its decisions do not give this event, but {\"number\":2,"},
		{compare(2, func(e *Event) { e.State = protocol.State{} }), "line 2: its decisions do not give this event, but {\"number\":1,"},
	} {
		if !strings.HasPrefix(c.got, c.want) || c.want == "" && c.got != "" {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}
