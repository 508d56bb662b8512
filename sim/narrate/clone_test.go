package narrate

import (
	"reflect"
	"testing"

	"skinny/protocol"
	"skinny/sim/trace"
)

// What a clone is told changes nothing for the one that it was made of: they share
// no map.
func TestCloneSharesNothing(t *testing.T) {
	n := New(&trace.Header{Instances: []string{"a", "b"}})
	for i := range n.instances {
		n.instances[i].ended = map[call]end{{}: {event: 1}}
	}
	n.read[1], n.invoked[1], n.waiting[1] = protocol.State{Promised: 1}, 1, wait{event: 1}
	c := n.Clone()
	if !reflect.DeepEqual(n, c) {
		t.Errorf("the clone is %+v, not %+v", c, n)
	}
	maps := func(n *Narrator) []any {
		list := []any{n.read, n.invoked, n.waiting}
		for i := range n.instances {
			list = append(list, n.instances[i].ended)
		}
		return list
	}
	for i, m := range maps(n) {
		if reflect.ValueOf(m).Pointer() == reflect.ValueOf(maps(c)[i]).Pointer() {
			t.Errorf("map %d is shared", i)
		}
	}
	if &n.instances[0] == &c.instances[0] {
		t.Error("the instances are shared")
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
