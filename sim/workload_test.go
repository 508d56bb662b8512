package sim

import (
	"testing"

	"pgregory.net/rapid"

	"skinny/protocol"
	"skinny/sim/trace"
)

// What clients did, put into the timeline in their place, makes the same run.
func TestCallsOfClientsAsTimeline(t *testing.T) {
	called := 0
	rapid.Check(t, func(t *rapid.T) {
		p := anyPlay(t)
		var decisions []Decision
		s, want := p.start()
		s.Record(func(d Decision) { decisions = append(decisions, d) })
		s.Run()
		frozen := p.timetable.Frozen(decisions)
		called += len(frozen.Timeline) - len(p.timetable.Timeline)

		p.timetable = *frozen
		again, got := p.start()
		again.Run()
		if s.Ending() == NothingMore && want.Digest() != got.Digest() {
			t.Fatalf("with clients %s, with their calls in the timeline %s", want.Digest(), got.Digest())
		}
	})
	if called <= 0 {
		t.Errorf("no client called anything")
	}
}

// conduct checks, call by call, that a client does what Client promises.
type conduct struct {
	last   Operation // of its calls; the first call has none before it
	called int
	spent  bool // the name had an answer that is not certain, or none
}

func (c *conduct) next(t *testing.T, plan *Client, o Operation) {
	sameName := o.Operation.Holder == c.last.Operation.Holder
	switch last := c.last; {
	case c.called == 0:
		if o.Kind != protocol.Acquire || o.Operation.Holder != plan.First || o.Invoked != plan.Start {
			t.Fatalf("it begins with %+v", o)
		}
	case last.Outcome == protocol.Unknown:
		if o.Kind != protocol.Release || !sameName {
			t.Fatalf("after an unknown %+v it goes on with %+v", last, o)
		}
		c.spent = true
	case last.Outcome == protocol.NoOutcome || last.Outcome == protocol.Failed:
		if o.Kind != protocol.Acquire || o.Operation.Holder != last.Operation.Holder+1 {
			t.Fatalf("after %+v without an answer it goes on with %+v", last, o)
		}
		c.spent = false
	case last.Outcome == protocol.Acquired:
		if pause := o.Invoked - last.Answered; o.Kind != protocol.Release || !sameName || pause < plan.Hold.Low || pause > plan.Hold.High {
			t.Fatalf("after %+v it goes on with %+v", last, o)
		}
	default:
		if pause := o.Invoked - last.Answered; o.Kind != protocol.Acquire || sameName == c.spent || pause < plan.Think.Low || pause > plan.Think.High {
			t.Fatalf("after %+v it goes on with %+v; the name is spent: %v", last, o, c.spent)
		}
		c.spent = false
	}
	c.last = o
	if c.called++; c.called > plan.Operations || o.Invoked > plan.Stop || o.Operation.Holder > plan.Last {
		t.Fatalf("call %d of a client with %+v: %+v", c.called, plan, o)
	}
}

func TestClients(t *testing.T) {
	seen := map[protocol.Outcome]int{}
	for example := range 1000 {
		p := anyPlays.Example(example)
		p.cluster.Rules |= protocol.AckMajority // so that unknown is an answer
		for n := range p.timetable.Clients {
			p.timetable.Clients[n].Repeat, p.timetable.Clients[n].ReleaseTwice = 0, 0
		}
		s := NewTimed(&p.cluster, &p.timetable)
		s.Run()
		clients := make([]conduct, len(p.timetable.Clients))
		for n := 1; n <= s.world.Operations(); n++ {
			o := s.world.Operation(n)
			for c := range clients {
				if plan := &p.timetable.Clients[c]; plan.First <= o.Operation.Holder && o.Operation.Holder <= plan.Last {
					clients[c].next(t, plan, o)
					seen[o.Outcome]++
				}
			}
		}
	}
	for _, o := range []protocol.Outcome{protocol.NoOutcome, protocol.Acquired, protocol.Refused, protocol.Released, protocol.Unknown} {
		if seen[o] == 0 {
			t.Errorf("no client met the outcome %v", o)
		}
	}
}

// A call may fall on the very instant of Stop, and none comes after it.
func TestClientStops(t *testing.T) {
	for stop, want := range map[trace.Time]int{5*millisecond - 1: 0, 5 * millisecond: 1} {
		p := newPlay(t, "sound", 3)
		span := Range{trace.Second, trace.Second}
		p.timetable.Clients = []Client{{First: 1, Last: 4, Start: 5 * millisecond, Stop: stop, Operations: 9, Think: span, Hold: span, Patience: span}}
		s := NewTimed(&p.cluster, &p.timetable)
		if s.Run(); s.world.Operations() != want {
			t.Errorf("%d calls up to %d ns, want %d", s.world.Operations(), stop, want)
		}
	}
}

// The knobs that break the assumption on names do what they say.
func TestClientsThatRepeat(t *testing.T) {
	run := func(change func(*Client)) (repeated, twice, released int) {
		p := newPlay(t, "sound", 3)
		p.cluster.Holders = append(p.cluster.Holders, "eve", "eve-2", "eve-3", "eve-4", "eve-5", "eve-6", "eve-7", "eve-8")
		for i := range p.timetable.Links {
			p.timetable.Links[i] = Link{Latency: Range{millisecond, 30 * millisecond}, Loss: 150_000}
		}
		p.timetable.Clients = []Client{{
			First: 5, Last: 12, Stop: 100 * trace.Second, Operations: 50,
			Think: Range{1, millisecond}, Hold: Range{1, millisecond}, Patience: Range{600 * millisecond, 600 * millisecond},
		}}
		change(&p.timetable.Clients[0])
		s := NewTimed(&p.cluster, &p.timetable)
		s.Run()
		for n := 2; n <= s.world.Operations(); n++ {
			last, o := s.world.Operation(n-1), s.world.Operation(n)
			told := o.Outcome == protocol.Released || o.Outcome == protocol.NotReleased
			if told && last.Kind == protocol.Acquire && n < s.world.Operations() {
				released++
			}
			if o.Kind != last.Kind || o.Operation.Holder != last.Operation.Holder {
				continue
			}
			if last.Outcome == protocol.Released || last.Outcome == protocol.NotReleased {
				twice++
			} else if last.Outcome == protocol.NoOutcome {
				repeated++
			}
		}
		return repeated, twice, released
	}
	if repeated, twice, _ := run(func(*Client) {}); repeated != 0 || twice != 0 {
		t.Errorf("without the knobs: %d repeated, %d released twice", repeated, twice)
	}
	if repeated, _, _ := run(func(c *Client) { c.Repeat = 1_000_000 }); repeated == 0 {
		t.Error("nothing was repeated")
	}
	// Each release that was answered is made once more, not only the first, and no more
	// often than that.
	if _, twice, released := run(func(c *Client) { c.ReleaseTwice = 1_000_000 }); twice < 2 || twice != released {
		t.Errorf("%d of %d releases were made twice", twice, released)
	}
}
