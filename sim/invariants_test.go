package sim

import (
	"testing"

	"pgregory.net/rapid"

	"skinny/protocol"
	"skinny/sim/trace"
)

// checkWorld is what is true of every world between two steps of a run.
func checkWorld(t tester, w *World) {
	t.Helper()
	queued := 0
	for at := range w.nodes {
		queued += checkNode(t, w, protocol.Position(at))
	}
	free := 0
	for r := w.table.free; r != noRef; r = w.table.items[r].next {
		if w.table.items[r].place != nowhere || free > len(w.table.items) {
			t.Fatalf("slot %d is in the list of free slots, and in use", r)
		}
		free++
	}
	ages := map[uint64]bool{}
	pendings := 0
	for r := range w.table.items {
		i := &w.table.items[r]
		if i.place == nowhere {
			continue
		}
		if i.place == pending {
			pendings++
		}
		if ages[i.Seq] || i.Seq > w.table.seq || i.Cause < 0 || i.Cause > w.events {
			t.Fatalf("item %d has the age %d of %d, and was created by event %d of %d", r, i.Seq, w.table.seq, i.Cause, w.events)
		}
		ages[i.Seq] = true
		if int(i.Instance) >= len(w.nodes) || int(i.Op) > len(w.ops) || i.Kind == NoItem || i.Kind == MessageItem && i.Instance != i.Message.To {
			t.Fatalf("item %d is about something else: %+v", r, *i)
		}
	}
	if free+pendings+queued != len(w.table.items) {
		t.Fatalf("of %d slots %d are free, %d pending and %d in queues", len(w.table.items), free, pendings, queued)
	}
	for n := range w.ops {
		o := &w.ops[n]
		if o.Number != uint32(n+1) || o.waits && o.outcome != protocol.NoOutcome {
			t.Fatalf("operation %d is %+v", n+1, *o)
		}
		if !o.waits {
			continue
		}
		if i := &w.table.items[o.giveUp]; i.Kind != GiveUpItem || i.Op != o.Number || i.place != pending {
			t.Fatalf("operation %d waits, and its client's patience does not end: %+v", n+1, *i)
		}
	}
}

// checkNode is what is true of an instance. It returns how many items are in its queues.
func checkNode(t tester, w *World, at protocol.Position) (queued int) {
	t.Helper()
	n := &w.nodes[at]
	passing := 0
	for _, q := range []struct {
		*queue
		place place
	}{{&n.waiting, waiting}, {&n.held, held}} {
		last := noRef
		for r := q.head; r != noRef; r = w.table.items[r].next {
			i := &w.table.items[r]
			if i.place != q.place && i.place != voided || i.Instance != at || queued > len(w.table.items) {
				t.Fatalf("instance %d has in a queue: %+v", at, *i)
			}
			if i.place == waiting && !w.isNew(i) {
				passing++
			}
			last = r
			queued++
		}
		if q.tail != last {
			t.Fatalf("instance %d has a queue that ends at %d, and its last item is %d", at, q.tail, last)
		}
	}
	if passing != n.passing {
		t.Fatalf("at instance %d wait %d that may pass, it counts %d", at, passing, n.passing)
	}
	if n.Down && (n.paused || queued > 0 || n.Round != (protocol.Round{}) || n.Turn != 0 || n.work != noRef || n.deadline != noRef) {
		t.Fatalf("instance %d is down and busy: %+v", at, *n)
	}
	if !n.paused && n.held.head != noRef {
		t.Fatalf("instance %d holds things and is not paused", at)
	}
	for _, timer := range []struct {
		Ref
		kind ItemKind
	}{{n.deadline, DeadlineItem}, {n.work, WorkItem}} {
		if timer.Ref == noRef {
			continue
		}
		if i := &w.table.items[timer.Ref]; i.Kind != timer.kind || i.Instance != at || i.place != pending && i.place != held {
			t.Fatalf("instance %d has a timer that is %+v", at, *i)
		}
	}
	running := n.Round.Phase != protocol.Idle
	if (n.deadline != noRef) != (running && n.config.Rules.Has(protocol.Timeouts)) {
		t.Fatalf("instance %d has a deadline: %v, and runs phase %v", at, n.deadline != noRef, n.Round.Phase)
	}
	if running && n.Turn != n.Round.Operation.Number {
		t.Fatalf("it is the turn of operation %d at instance %d, and %d runs", n.Turn, at, n.Round.Operation.Number)
	}
	return queued
}

func TestInvariants(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, _ := anyPlay(t).start()
		for s.Step() {
			checkWorld(t, &s.world)
		}
	})
}

// A response is counted if its asker awaits it, and ignored if not, whenever it comes:
// what awaits no answer never will. A request is awaited as the response to it is.
func TestAwaited(t *testing.T) {
	var counted, ignored, requests int
	rapid.Check(t, func(t *rapid.T) {
		s, _ := anyPlay(t).start()
		var w World
		unawaited := map[uint64]bool{}
		for s.Step() {
			for r := range Ref(s.world.Slots()) {
				i := s.world.Item(r)
				if i.Kind != MessageItem || !s.world.IsPending(r) {
					continue
				}
				awaited := s.world.Awaited(i)
				if awaited && unawaited[i.Seq] {
					t.Fatalf("it was not awaited, and is: %+v", i.Message)
				}
				unawaited[i.Seq] = !awaited
				if i.Message.Kind.IsRequest() {
					requests++
				}
				n := &s.world.nodes[i.Message.To]
				if s.world.events%5 != 0 || i.Message.Kind.IsRequest() || n.Down || n.paused || s.world.linkDown(i.Message.From, i.Message.To) {
					continue
				}
				var log trace.Log
				w.CopyFrom(&s.world)
				w.Observe(&log)
				w.Deliver(r)
				switch kind := log.Events[0].Kind; {
				case awaited && (kind == trace.Count || kind == trace.Fail):
					counted++
				case !awaited && kind == trace.Ignore:
					ignored++
				default:
					t.Fatalf("awaited is %v, and it makes the event %v: %+v", awaited, kind, i.Message)
				}
			}
		}
	})
	if counted < 10 || ignored < 10 || requests < 10 {
		t.Errorf("%d responses were counted, %d ignored, %d requests under way", counted, ignored, requests)
	}
}
