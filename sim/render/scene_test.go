package render_test

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"skinny/protocol"
	"skinny/sim/render"
	"skinny/sim/trace"
)

// handmade is a run of two instances and the clients alice and bob, made by hand.
type handmade struct {
	trace.Log
	operations uint32
}

func (h *handmade) Len() int { return len(h.Events) }

// call lets a client call an instance, and returns its operation.
func (h *handmade) call(kind protocol.OperationKind, client protocol.Holder, via int8) protocol.Operation {
	h.operations++
	op := protocol.Operation{Number: h.operations, Kind: kind, Holder: client}
	h.Observe(&trace.Event{Number: h.Len() + 1, Kind: trace.Call, Instance: via, Peer: trace.None, Operation: op})
	return op
}

// told lets a client receive an answer.
func (h *handmade) told(op protocol.Operation, o protocol.Outcome) {
	h.Observe(&trace.Event{Number: h.Len() + 1, Kind: trace.Receive, Peer: trace.None, Operation: op, Outcome: o})
}

func (h *handmade) diagram() *render.Diagram {
	header := &trace.Header{Instances: []string{"a", "b"}, Holders: []string{"alice", "bob"}}
	return &render.Diagram{Header: header, Events: h, Actors: render.Actors(header, []protocol.Holder{1, 2}, false)}
}

// lay lays out the events from one on, as a painter of a window does.
func (h *handmade) lay(first int) *render.Scene {
	r := run{Diagram: *h.diagram()}
	return r.Lay(r.before(render.Window{First: first, Rows: h.Len()}))
}

// A client holds the lock from the moment in which it is told so until it calls
// release; where two do, both bars say so.
func TestHolds(t *testing.T) {
	var h handmade
	const alice, bob = protocol.Holder(1), protocol.Holder(2)
	first := h.call(protocol.Acquire, alice, 0)                      // 1
	h.told(first, protocol.Acquired)                                 // 2
	h.told(h.call(protocol.Acquire, alice, 0), protocol.Acquired)    // 3, 4: still
	second := h.call(protocol.Acquire, bob, 1)                       // 5
	h.told(second, protocol.Acquired)                                // 6: both
	h.told(second, protocol.Acquired)                                // 7: a copy
	h.told(h.call(protocol.Release, alice, 0), protocol.Released)    // 8, 9: only bob
	h.told(h.call(protocol.Release, alice, 0), protocol.NotReleased) // 10, 11: nothing changes
	late := h.call(protocol.Acquire, alice, 0)                       // 12
	h.call(protocol.Release, alice, 0)                               // 13
	h.told(late, protocol.Acquired)                                  // 14: it does not want it any more
	h.told(h.call(protocol.Acquire, alice, 0), protocol.Refused)     // 15, 16
	h.call(protocol.Release, bob, 1)                                 // 17
	want := []render.Span{
		{Lane: 2, Kind: render.Holding, From: 2, To: 6},
		{Lane: 2, Kind: render.Conflict, From: 6, To: 8},
		{Lane: 3, Kind: render.Conflict, From: 6, To: 8},
		{Lane: 3, Kind: render.Holding, From: 8, To: 17},
	}
	if got := h.lay(1).Spans; !slices.Equal(got, want) {
		t.Errorf("the spans are %v, not %v", got, want)
	}
	// A window knows what went on before it, and says only of what begins in it that
	// it does.
	want[1].From, want[2].From = 6, 6
	s := h.lay(7)
	if !slices.Equal(s.Spans, want[1:]) {
		t.Errorf("from event 7 on the spans are %v, not %v", s.Spans, want[1:])
	}
	var labels []string
	for _, scene := range []*render.Scene{h.lay(1), s} {
		for _, m := range scene.Marks {
			if m.Label != "" {
				labels = append(labels, m.Label)
			}
		}
	}
	if want := []string{"holds the lock", "holds it, too"}; !slices.Equal(labels, want) {
		t.Errorf("the labels are %q, not %q", labels, want)
	}
}

// Clients stand on the side of the instance that they call first, the earlier the
// nearer; those of an instance in the middle where there is more room.
func TestSides(t *testing.T) {
	var log trace.Log
	header := &trace.Header{Instances: []string{"a", "b", "c"}, Holders: []string{"p", "q", "r", "s", "t"}}
	for i, call := range []struct {
		client protocol.Holder
		via    int8
	}{{3, 0}, {2, 2}, {3, 2}, {1, 1}, {4, 1}, {5, 0}, {0, 2}} {
		op := protocol.Operation{Number: uint32(i + 1), Kind: protocol.Acquire, Holder: call.client}
		if call.client == 0 {
			op.Kind = protocol.Status
		}
		log.Observe(&trace.Event{Number: i + 1, Kind: trace.Call, Instance: call.via, Operation: op})
	}
	var got []string
	for _, a := range render.ActorsOf(header, &log) {
		got = append(got, a.Name)
	}
	if want := []string{"t", "p", "r", "a", "b", "c", "q", "s", "operator"}; !slices.Equal(got, want) {
		t.Errorf("the lanes are %q, not %q", got, want)
	}
}

// What waits reaches into the row in which it is handled.
func TestWaits(t *testing.T) {
	var h handmade
	op := h.call(protocol.Acquire, 1, 0)
	add := func(e trace.Event) {
		e.Number = h.Len() + 1
		h.Observe(&e)
	}
	request := protocol.Message{Kind: protocol.PromiseRequest, ID: 1}
	add(trace.Event{Kind: trace.Wait, Cause: 1, Instance: 0, Peer: trace.None, Operation: op}) // 2: its turn
	add(trace.Event{Kind: trace.Hold, Instance: 1, Peer: 0, Message: request})                 // 3: a pause
	add(trace.Event{Kind: trace.Propose, Cause: 2, Instance: 0, Peer: trace.None, Operation: op})
	add(trace.Event{Kind: trace.Wait, Cause: 3, Instance: 1, Peer: 0, Message: request})
	add(trace.Event{Kind: trace.Promise, Cause: 5, Instance: 1, Peer: 0, Message: request})
	add(trace.Event{Kind: trace.Count, Cause: 6, Instance: 0, Peer: 1, Message: request})
	add(trace.Event{Kind: trace.Wait, Cause: 5, Instance: 0, Peer: 1, Message: request}) // elsewhere
	want := []render.Wait{{Lane: 0, Peer: 2, From: 2, To: 4}, {Lane: 1, Peer: 0, From: 3, To: 5}, {Lane: 1, Peer: 0, From: 5, To: 6, Label: "promise 1?"}}
	if got := h.lay(1).Waits; !slices.Equal(got, want) {
		t.Errorf("what waits is %v, not %v", got, want)
	}
	// Where one ends as the next one begins, they go down in the same channel. What began
	// before the first row and ends there is not drawn.
	for first, count := range map[int]int{1: 3, 4: 2, 6: 0} {
		var b bytes.Buffer
		if err := (&render.Sheet{Scene: h.lay(first)}).WriteSVG(&b); err != nil {
			t.Fatal(err)
		}
		bends := regexp.MustCompile(`w o" d="M(\d+) \d+L(\d+) `).FindAllStringSubmatch(b.String(), -1)
		for _, m := range bends {
			from, _ := strconv.Atoi(m[1])
			if to, _ := strconv.Atoi(m[2]); to != from+10 && to != from-10 {
				t.Errorf("what waits goes down at %d, beside a lane at %d", to, from)
			}
		}
		if len(bends) != count {
			t.Errorf("from event %d on, %d are drawn, not %d", first, len(bends), count)
		}
	}
}

// Where a majority forms the mark says so, but a timeout says enough. What is none is not
// called one.
func TestMarksOfMajorities(t *testing.T) {
	failed := protocol.Message{Kind: protocol.Failure, ID: 1}
	promised := protocol.Message{Kind: protocol.PromiseResponse, ID: 1, Yes: true}
	for _, c := range []struct {
		kind    trace.Kind
		message protocol.Message
		rules   protocol.Rules
		quorums protocol.Quorums
		want    string
	}{
		{trace.Expire, failed, 0, protocol.Quorums{}, "timeout"},
		{trace.Fail, failed, 0, protocol.Quorums{}, "enough: no"},
		{trace.Fail, failed, protocol.Majority, protocol.Quorums{}, ""},
		{trace.Count, promised, protocol.Majority, protocol.Quorums{}, "majority"},
		{trace.Count, promised, protocol.Majority, protocol.Quorums{Promise: 2}, "quorum"},
		{trace.Fail, failed, protocol.Majority, protocol.Quorums{Promise: 2}, "no quorum"},
	} {
		var h handmade
		op := h.call(protocol.Acquire, 1, 0)
		h.Observe(&trace.Event{Number: 2, Kind: trace.Propose, Peer: trace.None, Operation: op, Asked: 2, Message: protocol.Message{ID: 1}})
		h.Observe(&trace.Event{Number: 3, Kind: c.kind, Peer: 1, Calls: 2, Message: c.message})
		r := run{Diagram: *h.diagram()}
		r.Header.Rules, r.Header.Quorums = c.rules, c.quorums
		got := ""
		for _, m := range r.Lay(r.before(render.Window{First: 1, Rows: h.Len()})).Marks {
			if m.Event == 3 {
				got = m.Label
			}
		}
		if got != c.want {
			t.Errorf("%v, quorums %v: %q, not %q", c.kind, c.quorums, got, c.want)
		}
	}
}

// What a program says stands at a mark of its own; what it makes of a message in silence
// has an arrow, too.
func TestMarksOfPrograms(t *testing.T) {
	var h handmade
	op := h.call(protocol.Acquire, 1, 0)
	request := protocol.Message{Kind: protocol.PromiseRequest, ID: 1, To: 1}
	for _, e := range []trace.Event{
		{Kind: trace.Propose, Cause: 1, Instance: 0, Peer: trace.None, Operation: op, Message: request, Asked: 2},
		{Kind: trace.Step, Cause: 2, Instance: 0, Peer: trace.None, Text: "begins"},
		{Kind: trace.Step, Cause: 2, Instance: 1, Peer: 0, Message: request, Text: "waits"},
	} {
		e.Number = h.Len() + 1
		h.Observe(&e)
	}
	scene := h.lay(1)
	want := []render.Mark{{Event: 3, Lane: 0, Sign: '»', Label: "begins"}, {Event: 4, Lane: 1, Sign: '»', Label: "waits"}}
	if n := len(scene.Marks); n < 2 || !slices.Equal(scene.Marks[n-2:], want) {
		t.Errorf("the marks are %+v", scene.Marks)
	}
	if n := len(scene.Arrows); n != 2 || scene.Arrows[1] != (render.Arrow{Sent: 2, Arrived: 4, From: 0, To: 1, Label: "promise 1?"}) {
		t.Errorf("the arrows are %+v", scene.Arrows)
	}
}

// However many instances there are, each colour is there once.
func TestManyInstances(t *testing.T) {
	r := open(t, "many", []byte("format: 1\nedition: sound\ninstances: [a, b, c, d, e, f, g, h, i, j, k, l]\ntimeline:\n  - {at: 0ms, acquire: alice, via: g}\n  - {at: 300ms, acquire: bob, via: l}\n"))
	var b bytes.Buffer
	if err := r.sheet(r.whole()).WriteSVG(&b); err != nil {
		t.Fatal(err)
	}
	checkXML(t, b.String(), r.Events.Len())
	for i := range render.Colors {
		if n := strings.Count(b.String(), fmt.Sprintf(`<marker id="h%d"`, i)); n != 1 {
			t.Errorf("colour %d has %d heads of arrows", i, n)
		}
	}
}

// A client that is called free is not taken for nobody.
func TestNamedFree(t *testing.T) {
	d := new(handmade).diagram()
	d.Header.Holders[0] = "free"
	for holder, want := range map[protocol.Holder]string{0: "commit 3 free?", 1: `commit 3 "free"?`, 2: "commit 3 bob?"} {
		e := &trace.Event{Kind: trace.Accept, Message: protocol.Message{ID: 3}, Proposal: protocol.Proposal{ID: 3, Holder: holder}}
		if got := d.Says(e); got != want {
			t.Errorf("it says %s, want %s", got, want)
		}
	}
}
