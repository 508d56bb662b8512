package narrate

import (
	"reflect"
	"testing"

	"skinny/protocol"
	"skinny/sim/trace"
)

// What a clone is told changes nothing for the one that it was made of: they share
// nothing.
func TestClone(t *testing.T) {
	n := New(&trace.Header{Instances: []string{"a", "b"}, Holders: []string{"alice"}})
	n.ended[call{1, protocol.Proposing, 3}], n.waiting[1] = end{event: 7}, wait{event: 1}
	n.run.Instances[1].Paused = 5
	c := n.Clone()
	if !reflect.DeepEqual(n, c) {
		t.Errorf("the clone is %+v, not %+v", c, n)
	}
	for name, shared := range map[string]bool{
		"phases":    reflect.ValueOf(n.ended).Pointer() == reflect.ValueOf(c.ended).Pointer(),
		"waits":     reflect.ValueOf(n.waiting).Pointer() == reflect.ValueOf(c.waiting).Pointer(),
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
