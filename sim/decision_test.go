package sim

import (
	"reflect"
	"testing"

	"skinny/protocol"
	"skinny/sim/trace"
)

// Every kind has a row, and rows contradict neither themselves nor each other.
func TestDecisionKinds(t *testing.T) {
	names := map[string]DecisionKind{}
	byItem := map[ItemKind]DecisionKind{}
	for _, k := range AllDecisionKinds() {
		row := kindRows[k]
		if row.name == "" || names[row.name] != NoDecision {
			t.Errorf("kinds %d and %d are both called %q", k, names[row.name], row.name)
		}
		names[row.name] = k
		if (row.do == nil) == (row.take == nil) || (row.take == nil) != (row.pending == NoItem) {
			t.Errorf("%s is either possible at any time, or about something pending", k)
		}
		if k.AnyTime() != (k >= InvokeOperation) {
			t.Errorf("%s is in the wrong group of constants", k)
		}
		if k.IsFault() != (k > InvokeOperation || k == DropMessage || k == CopyMessage || k == RefuseMessage) {
			t.Errorf("%s is taken for what it is not", k)
		}
		if k.Has(WithMessage) != (row.pending == MessageItem) || k.Has(WithMessage) && !k.Has(WithInstance|WithPeer) {
			t.Errorf("%s: the operands are not those of a message", k)
		}
		if k.Pending() != NoItem && !k.IsFault() {
			if byItem[k.Pending()] != NoDecision {
				t.Errorf("%s and %s both let the same thing happen", k, byItem[k.Pending()])
			}
			byItem[k.Pending()] = k
		}
	}
	for item := MessageItem; item <= WorkItem; item++ {
		if byItem[item] == NoDecision {
			t.Errorf("nothing lets item %d happen", item)
		}
	}
}

// A call begins with the words of its operation, everything else with those of its kind.
func TestVerb(t *testing.T) {
	for _, k := range AllDecisionKinds() {
		d, want := Decision{Kind: k, Operation: protocol.Release}, k.String()
		if k == InvokeOperation {
			want = "release"
		}
		if got := d.Verb(); got != want {
			t.Errorf("kind %d begins with %q, want %q", k, got, want)
		}
	}
}

// Remap changes what the kind uses, and nothing else.
func TestRemap(t *testing.T) {
	m := Remap{
		Instance: func(p protocol.Position) (protocol.Position, bool) { return p + 10, p != 3 },
		Holder:   func(h protocol.Holder) (protocol.Holder, bool) { return h + 10, h != 3 },
	}
	for _, k := range AllDecisionKinds() {
		d := Decision{Kind: k, From: 1, To: 2, Holder: 1, Number: 1, Nth: 1, Groups: []protocol.Set{0b1010, 0b1000}}
		want := d
		for _, gone := range []struct {
			has Operands
			set func(*Decision)
		}{
			{WithInstance, func(d *Decision) { d.From = 3 }},
			{WithPeer, func(d *Decision) { d.To = 3 }},
			{WithClient, func(d *Decision) { d.Holder = 3 }},
		} {
			about := d
			gone.set(&about)
			if _, here := about.Remap(m); here == k.Has(gone.has) {
				t.Errorf("%s: here is %v though operand %b is gone", k, here, gone.has)
			}
		}
		if k.Has(WithInstance) {
			want.From = 11
		}
		if k.Has(WithPeer) {
			want.To = 12
		}
		if k.Has(WithClient) {
			want.Holder = 11
		}
		if k.Has(WithGroups) {
			want.Groups = []protocol.Set{1 << 11} // nobody is left of the second
		}
		if got, here := d.Remap(m); !here || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v, %v, want %+v", k, got, here, want)
		}
		if got, here := d.Remap(Remap{}); !here || !reflect.DeepEqual(got, d) {
			t.Errorf("%s: nothing is to change, and it becomes %+v, %v", k, got, here)
		}
	}
	lonely := Decision{Kind: SetPartition, Groups: []protocol.Set{0b1000, 0b1000}}
	if got, here := lonely.Remap(m); !here || !reflect.DeepEqual(got.Groups, []protocol.Set{1}) {
		t.Errorf("a partition that nobody is left in becomes %+v, %v", got, here)
	}
	free := Decision{Kind: FireGiveUp}
	if got, here := free.Remap(m); !here || !reflect.DeepEqual(got, free) {
		t.Errorf("no client becomes %+v", got)
	}
}

// Whatever is pending, Name gives a decision that finds it again, and a refusal that
// is possible only of requests.
func TestNamesAreFound(t *testing.T) {
	c := &Cluster{
		Rules:         protocol.AllRules,
		Instances:     []Instance{{Name: "a", Increment: 1, PromiseDelay: Range{High: 1}}, {Name: "b", Increment: 2}, {Name: "c", Increment: 3}},
		Holders:       []string{"alice", "bob"},
		ClientLatency: trace.Millisecond,
	}
	w := NewWorld(c)
	w.Invoke(protocol.Acquire, 1, 0, trace.Second)
	w.Invoke(protocol.Acquire, 2, 1, trace.Second)
	seen := map[ItemKind]bool{}
	for range 40 {
		for _, d := range w.Possible() {
			r, found := w.Find(&d)
			if again := w.Name(r, DeliverMessage); !found || !reflect.DeepEqual(again, d) || !w.Can(&d) {
				t.Fatalf("%+v is found: %v, as %+v", d, found, again)
			}
			seen[d.Kind.Pending()] = true
			if d.Kind == DeliverMessage {
				d.Which = uint32(len(w.Possible())) + 1
				for ; d.Which > 0; d.Which-- {
					if other, found := w.Find(&d); found && other == r {
						break // the last of them
					} else if found {
						t.Fatalf("the item that comes %d. is another one", d.Which)
					}
				}
				d.Which = 1
			}
			d.Kind = RefuseMessage
			if w.Can(&d) != (w.Item(r).Kind == MessageItem && d.Message.IsRequest()) {
				t.Fatalf("it can be refused: %+v", d)
			}
		}
		possible := w.Possible()
		if len(possible) == 0 {
			break
		}
		w.ClearCreated()
		w.Take(&possible[len(possible)/2])
	}
	if len(seen) < 6 {
		t.Errorf("only %d kinds of items were pending", len(seen))
	}
}
