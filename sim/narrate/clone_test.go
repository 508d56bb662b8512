package narrate

import (
	"reflect"
	"testing"

	"skinny/protocol"
	"skinny/sim/prose"
	"skinny/sim/trace"
)

// What a clone is told changes nothing for the one that it was made of: they share
// nothing.
func TestClone(t *testing.T) {
	n := New(&trace.Header{Instances: []string{"a", "b"}, Holders: []string{"alice"}})
	n.ended[call{1, protocol.Proposing, 3}], n.waiting[1] = end{event: 7}, wait{event: 1}
	n.lost[0] = loss{3, trace.Wipe}
	n.run.Instances[1].Paused = 5
	c := n.Clone()
	if !reflect.DeepEqual(n, c) {
		t.Errorf("the clone is %+v, not %+v", c, n)
	}
	for name, shared := range map[string]bool{
		"phases":    reflect.ValueOf(n.ended).Pointer() == reflect.ValueOf(c.ended).Pointer(),
		"waits":     reflect.ValueOf(n.waiting).Pointer() == reflect.ValueOf(c.waiting).Pointer(),
		"losses":    reflect.ValueOf(n.lost).Pointer() == reflect.ValueOf(c.lost).Pointer(),
		"instances": n.run == c.run || &n.run.Instances[0] == &c.run.Instances[0],
	} {
		if shared {
			t.Errorf("the %s are shared", name)
		}
	}
}

func TestMessage(t *testing.T) {
	n := New(&trace.Header{Instances: []string{"a", "b"}, Holders: []string{"alice"}})
	for _, c := range []struct {
		m    protocol.Message
		want string
	}{
		{protocol.Message{Kind: protocol.PromiseRequest, ID: 2}, "promise 2?"},
		{protocol.Message{Kind: protocol.PromiseResponse, ID: 2, Yes: true}, "promised 2"},
		{protocol.Message{Kind: protocol.CommitRequest, ID: 3, Proposal: protocol.Proposal{ID: 3, Holder: 1}}, "commit 3 alice?"},
		{protocol.Message{Kind: protocol.CommitResponse, ID: 3}, "no commit 3"},
		{protocol.Message{Kind: protocol.Failure, ID: 3}, "no connection"},
	} {
		if got := n.Message(&c.m).String(); got != c.want {
			t.Errorf("%+v is %q, want %q", c.m, got, c.want)
		}
	}
}

// Who acts in a line: the one who does something, or two with a glyph between them.
func TestWho(t *testing.T) {
	in := func(a Actor) string { return "[" + a.Name + "]" }
	a, b := Actor{"a", 0}, Actor{"b", 1}
	for _, c := range []struct {
		l     Line
		glyph string
		want  string
	}{
		{Line{From: a, Glyph: Sent, To: b}, Sent, "[a] ─▶ [b]"},
		{Line{From: a, Glyph: Sent, To: b}, "to", "[a] to [b]"},
		{Line{From: a, Glyph: Crashed}, Crashed, "✝ [a]"},
		{Line{From: a}, "", "[a]"},
	} {
		if got := c.l.Who(c.glyph, in); got != c.want {
			t.Errorf("%+v: %q, not %q", c.l, got, c.want)
		}
	}
}

// What would happen is said of the one to whom it would: the receiver, or who acts alone.
func TestWould(t *testing.T) {
	a, b := Actor{"a", 0}, Actor{"b", 1}
	what, why := prose.Words("promise 3?"), prose.Words("no: below 4")
	for _, c := range []struct {
		l    Line
		want string
	}{
		{Line{Kind: trace.Promise, From: a, To: b, What: what, Why: why}, "b would say no: below 4"},
		{Line{Kind: trace.Accept, From: a, To: b, What: what, Why: why}, "b would say no: below 4"},
		{Line{Kind: trace.Count, From: a, To: b, What: what, Why: why}, "b would count it: no: below 4"},
		{Line{Kind: trace.Expire, From: a, What: what, Why: why}, "a would give up waiting: no: below 4"},
		{Line{Kind: trace.GiveUp, From: a, What: what, Why: why}, "a would give up waiting: no: below 4"},
		{Line{Kind: trace.Wait, From: a, To: b, What: what, Why: why}, "it no: below 4"},
		{Line{Kind: trace.Hold, From: a, To: b, What: what, Why: why}, "it no: below 4"},
		{Line{Kind: trace.Ignore, From: a, To: b, What: what, Why: why}, "b would ignore it: no: below 4"},
		{Line{Kind: trace.Lose, From: a, To: b, What: what, Why: why}, "it would be: promise 3?, no: below 4"},
		{Line{Kind: trace.Call, From: a, To: b, What: what}, "it would be: promise 3?"},
	} {
		if got := c.l.Would().String(); got != c.want {
			t.Errorf("%v: %q, not %q", c.l.Kind, got, c.want)
		}
	}
}
