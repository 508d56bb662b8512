package sim

import (
	"cmp"
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"skinny/protocol"
	"skinny/sim/trace"
)

// rebuilt is a world put together again from what decides the future of another one, in
// which no link is down and nobody is paused.
func rebuilt(t *rapid.T, w *World) *World {
	v := NewWorld(w.cluster)
	for n := range w.ops {
		o := &w.ops[n]
		v.PutOperation(o.Kind, o.Holder, o.via, w.Waits(o.Number))
	}
	waits := map[Ref]bool{}
	for at := range protocol.Position(len(w.nodes)) {
		v.PutNode(at, w.Node(at))
		if w.isPlayed(at) {
			v.PutPlayed(at, w.Played(at))
		}
		for r, ok := w.FirstWaiting(at); ok; r, ok = w.NextWaiting(r) {
			v.PutWaiting(carry(v, w, r))
			waits[r] = true
		}
	}
	for r := range Ref(w.Slots()) {
		if w.IsUsed(r) != (w.IsPending(r) || waits[r]) {
			t.Fatalf("slot %d is in use: %v", r, w.IsUsed(r))
		}
	}
	for _, r := range w.pending(func(i *Item) bool { return i.Kind != GiveUpItem && i.Kind != DeadlineItem }) {
		carry(v, w, r)
	}
	return v
}

// carry puts an item of a world into another one.
func carry(to, from *World, r Ref) Ref {
	old := from.Item(r)
	n, i := to.Put(from.IsCurrent(old))
	put := *i
	*i = *old
	i.process, i.place, i.next, i.Seq = put.process, put.place, put.next, put.Seq
	i.Cause, i.note = 0, 0 // which are of another run
	if old.note > 0 {
		to.PutNote(i, from.Note(old))
	}
	return n
}

// anyMove lets something happen in all the worlds, which stand alike: what was sent and is
// woken by age, timers by whose they are.
func anyMove(t *rapid.T, worlds ...*World) {
	size := len(worlds[0].nodes)
	if rapid.IntRange(0, 3).Draw(t, "act") == 0 {
		d := anyDecision(t, size)
		switch d.Kind {
		case InvokeOperation, CrashInstance, RestartInstance, WipeInstance, TearInstance:
			for _, w := range worlds {
				w.Do(&d)
			}
		}
		return
	}
	which := rapid.IntRange(0, 1000).Draw(t, "which")
	how := rapid.SampledFrom([]DecisionKind{DeliverMessage, DeliverMessage, DeliverMessage, DropMessage, CopyMessage, RefuseMessage}).Draw(t, "how")
	for _, w := range worlds {
		list := w.pending(func(*Item) bool { return true })
		order := func(r Ref) int {
			switch i := w.Item(r); i.Kind {
			case DeadlineItem:
				return 1000 + int(i.Instance)
			case GiveUpItem:
				return 2000 + int(i.Op)
			}
			return 0
		}
		slices.SortStableFunc(list, func(a, b Ref) int { return cmp.Compare(order(a), order(b)) })
		if len(list) == 0 {
			continue
		}
		r := list[which%len(list)]
		if i := w.Item(r); i.Kind == MessageItem && how.AllowsMessage(i.Message.Kind) {
			w.DoWith(r, how)
		} else {
			w.Deliver(r)
		}
	}
}

// noting puts a note on all that the built-in protocol sends, and says what it is told.
type noting struct{ Program }

func (n *noting) Step(q *Question) (Answer, error) {
	a, err := n.Program.Step(q)
	for k := range a.Send {
		a.Send[k].Note = fmt.Appendf(nil, "%d for %d", a.Send[k].ID, q.Operation.Number)
	}
	a.Log = string(q.Note)
	return a, err
}

// A world that is put together again goes on as the other one does: but for the numbers of
// events and messages, and times, its events are the same.
func TestRebuilt(t *testing.T) {
	events := map[trace.Kind]int{}
	rapid.Check(t, func(t *rapid.T) {
		p := anyPlay(t)
		played := anySet(t, p.cluster.Size())
		played &= anySet(t, p.cluster.Size()) // few, mostly
		for at := range p.cluster.Instances {
			in := &p.cluster.Instances[at]
			if in.PromiseDelay = (Range{}); played.Has(protocol.Position(at)) {
				in.Program = &noting{BuiltIn(p.cluster.Rules)}
			}
		}
		w := NewWorld(&p.cluster)
		for range rapid.IntRange(0, 60).Draw(t, "moves before") {
			anyMove(t, w)
		}
		v := rebuilt(t, w)
		var was, is trace.Log
		w.Observe(&was)
		v.Observe(&is)
		for range 40 {
			anyMove(t, w, v)
		}
		if w.Failure() != nil {
			t.Fatal(w.Failure())
		}
		for n := range max(len(was.Events), len(is.Events)) {
			if n == len(was.Events) || n == len(is.Events) {
				t.Fatalf("%d events, and %d", len(was.Events), len(is.Events))
			}
			for _, log := range []*trace.Log{&was, &is} {
				e := &log.Events[n]
				e.Number, e.Cause, e.At, e.Nth = 0, 0, 0, 0
			}
			if a, b := fmt.Sprintf("%+v", was.Events[n]), fmt.Sprintf("%+v", is.Events[n]); a != b {
				t.Fatalf("event %d after that is\n%s, not\n%s", n+1, b, a)
			}
			events[was.Events[n].Kind]++
		}
		if played == 0 { // programs have deadlines when they want
			checkWorld(t, v)
		}
	})
	for _, k := range []trace.Kind{trace.Commit, trace.Accept, trace.Wait, trace.Expire, trace.Step, trace.Tear, trace.GiveUp, trace.Fail} {
		if events[k] == 0 {
			t.Errorf("no event of the kind %s", k)
		}
	}
}
