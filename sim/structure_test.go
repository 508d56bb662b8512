package sim

import (
	"testing"

	"pgregory.net/rapid"

	"skinny/protocol"
	"skinny/sim/trace"
)

// The same seed twice, and in used memory, makes the same run.
func TestDeterminism(t *testing.T) {
	used := NewTimed(&newPlay(t, "sound", 5).cluster, &newPlay(t, "sound", 5).timetable)
	rapid.Check(t, func(t *rapid.T) {
		p := anyPlay(t)
		first, want := p.start()
		first.Run()
		second, got := p.start()
		second.Run()
		again := p.digester()
		used.Reset(&p.cluster, &p.timetable)
		used.world.Observe(again)
		used.Run()
		if want.Digest() != got.Digest() || want.Digest() != again.Digest() {
			t.Fatalf("three runs: %s %s %s", want.Digest(), got.Digest(), again.Digest())
		}
		if first.Ending() == NotEnded || first.Ending() != used.Ending() {
			t.Fatalf("endings %d and %d", first.Ending(), used.Ending())
		}
	})
}

// A copy and its original go on independently, each as if there were no other.
func TestCopy(t *testing.T) {
	used := &Timed{}
	rapid.Check(t, func(t *rapid.T) {
		p := anyPlay(t)
		straight, want := p.start()
		steps := 0
		for straight.Step() {
			steps++
		}
		at := rapid.IntRange(0, steps).Draw(t, "copied after")

		original, first := p.start()
		second := p.digester()
		original.world.Observe(trace.Tee{first, second})
		for range at {
			original.Step()
		}
		fresh, third := &Timed{}, p.digester()
		fresh.CopyFrom(original)
		original.world.Observe(first)
		used.CopyFrom(fresh)
		used.world.Observe(second)
		for original.Step() {
			used.Step() // in turns, so that anything shared would show
		}
		used.Run()
		if first.Digest() != want.Digest() || second.Digest() != want.Digest() {
			t.Fatalf("copied after %d of %d steps: original %s, copy %s, straight %s", at, steps, first.Digest(), second.Digest(), want.Digest())
		}
		// The first copy was only looked at, and nothing has happened in it.
		fresh.world.Observe(third)
		before := fresh.world.Events()
		fresh.Run()
		if fresh.world.Events()-before != original.world.Events()-before || fresh.Ending() != original.Ending() {
			t.Fatalf("the copy that waited made %d events, the original %d", fresh.world.Events(), original.world.Events())
		}
	})
}

// A run's decisions, taken again from their names alone, make the same run.
func TestRecordAndReplay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := anyPlay(t)
		s, want := p.start()
		schedule := &Schedule{}
		s.Record(func(d Decision) { schedule.Decisions = append(schedule.Decisions, d) })
		s.Run()

		replay, got := NewScheduled(&p.cluster, schedule), p.digester()
		replay.world.Observe(got)
		if ending := replay.Run(); ending != Stopped {
			t.Fatalf("the replay ended with %d at decision %d: %+v", ending, replay.Next(), schedule.Decisions[replay.Next()])
		}
		if want.Digest() != got.Digest() {
			t.Fatalf("recorded %s, replayed %s", want.Digest(), got.Digest())
		}
		for n := 1; n <= s.world.Operations(); n++ {
			if s.world.Operation(n) != replay.world.Operation(n) {
				t.Fatalf("operation %d: %+v, replayed %+v", n, s.world.Operation(n), replay.world.Operation(n))
			}
		}
	})
}

// What every run is like, whatever happens in it.
func TestEveryRun(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := anyPlay(t)
		s := NewTimed(&p.cluster, &p.timetable)
		s.world.Observe(&p.log)
		s.Run()
		checkEvents(t, p, &s.world)
		checkAnswers(t, p)
		checkCalls(t, p)
		checkSlots(t, s)
	})
}

// checkEvents: numbers, causes and times are in order, and the last event at an
// instance shows the state that it has.
func checkEvents(t *rapid.T, p *play, w *World) {
	last := map[int8]protocol.State{}
	var now trace.Time
	for i := range p.log.Events {
		e := &p.log.Events[i]
		if e.Number != i+1 || e.Cause >= e.Number || e.Cause < 0 || e.At < now {
			t.Fatalf("event %d has number %d, cause %d, time %d after %d", i+1, e.Number, e.Cause, e.At, now)
		}
		now = e.At
		if e.Instance != trace.None {
			last[e.Instance] = e.State
		}
	}
	for at, state := range last {
		if got := w.Instance(protocol.Position(at)).State; got != state {
			t.Fatalf("instance %d ends with %+v, its last event says %+v", at, got, state)
		}
	}
}

// checkAnswers: an instance answers an operation once, and a client hears at most
// one answer, before its patience ends.
func checkAnswers(t *rapid.T, p *play) {
	answers, heard := map[uint32]int{}, map[uint32]int{}
	for i := range p.log.Events {
		e := &p.log.Events[i]
		n := e.Operation.Number
		if e.Kind == trace.Answer {
			answers[n]++
		}
		if e.Received() || e.Kind == trace.GiveUp {
			heard[n]++
		}
		if answers[n] > 1 || heard[n] > 1 {
			t.Fatalf("operation %d: answered %d times, its client heard %d times: %s", n, answers[n], heard[n], p.line(e))
		}
	}
}

// checkCalls: in one process, a round counts at most one answer of each peer in
// each phase, and phases begin in the order of their IDs.
func checkCalls(t *rapid.T, p *play) {
	type vote struct {
		at, from int8
		phase    protocol.Phase
		id       protocol.ID
	}
	voted := map[vote]bool{}
	for i := range p.log.Events {
		e := &p.log.Events[i]
		switch e.Kind {
		case trace.Restart:
			clear(voted)
		case trace.Count, trace.Fail:
			v := vote{e.Instance, e.Peer, e.Message.Phase(), e.Message.ID}
			if voted[v] {
				t.Fatalf("a second answer of one peer was counted: %s", p.line(e))
			}
			voted[v] = true
		}
	}
}

// checkSlots: when nothing is left to happen, every slot that is in use is in the
// queue of an instance that is paused or waits for ever.
func checkSlots(t *rapid.T, s *Timed) {
	w := &s.world
	queued := 0
	for at := range w.nodes {
		n := &w.nodes[at]
		for r := n.held.head; r != noRef; r = w.table.items[r].next {
			queued++
		}
		for r := n.waiting.head; r != noRef; r = w.table.items[r].next {
			queued++
		}
		stuck := n.paused || !n.config.Rules.Has(protocol.Timeouts)
		switch {
		case n.held.head != noRef && !n.paused:
			t.Fatalf("instance %d holds things and is not paused", at)
		case n.Down && (n.waiting.head != noRef || n.Round.Phase != protocol.Idle || n.Turn != 0 || n.work != noRef):
			t.Fatalf("instance %d is down and busy", at)
		case s.ending != NothingMore || stuck:
		case n.waiting.head != noRef || n.Round.Phase != protocol.Idle || n.Turn != 0 && n.config.Rules.Has(protocol.Yield):
			t.Fatalf("nothing is left to happen, and instance %d is busy: %+v", at, *n)
		case n.work != noRef || n.deadline != noRef:
			t.Fatalf("nothing is left to happen, and instance %d has timers: %+v", at, *n)
		}
	}
	if used := len(w.table.items) - countFree(w); s.ending == NothingMore && used != queued {
		t.Fatalf("%d slots in use, %d of them in queues", used, queued)
	}
}
