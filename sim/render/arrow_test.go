package render_test

import (
	"slices"
	"strconv"
	"testing"

	"skinny/protocol"
	"skinny/sim/render"
	"skinny/sim/trace"
)

const (
	acquire = protocol.Acquire
	alice   = protocol.Holder(1)
)

// An arrow goes from who sent to who received, and whoever waited, or was told at
// once, receives nothing.
func TestArrows(t *testing.T) {
	op := protocol.Operation{Number: 1, Kind: acquire, Holder: alice}
	request := protocol.Message{Kind: protocol.PromiseRequest, ID: 1}
	no := protocol.Message{Kind: protocol.PromiseResponse, ID: 1}
	call := trace.Event{Kind: trace.Call, Peer: trace.None, Operation: op}
	propose := trace.Event{Kind: trace.Propose, Peer: trace.None, Cause: 1, Operation: op, Message: request}
	// Lanes: a, b, alice and the operator.
	cases := []struct {
		name    string
		far     bool // clients' calls take time
		nobody  bool // clients have no lanes
		events  []trace.Event
		arrives render.Arrow // by the last event; the zero Arrow for none
	}{
		{"a call at once", false, false, []trace.Event{call}, render.Arrow{From: 2, To: 0, Label: "acquire"}},
		{"a call that takes time", true, false, []trace.Event{call, propose}, render.Arrow{Sent: 1, From: 2, To: 0, Label: "acquire"}},
		{"a call of nobody at once", false, true, []trace.Event{call}, render.Arrow{}},
		{"a call of nobody", true, true, []trace.Event{call, propose}, render.Arrow{}},
		{"what was called at once has arrived before", false, false, []trace.Event{call, propose}, render.Arrow{}},
		{"what a program says at a call", true, false, []trace.Event{call, {Kind: trace.Step, Cause: 1, Peer: trace.None, Text: "no"}}, render.Arrow{}},
		{"a client that gives up", true, false, []trace.Event{call, {Kind: trace.GiveUp, Cause: 1, Peer: trace.None, Operation: op}}, render.Arrow{}},
		{"a client that learns that nobody is there", true, false,
			[]trace.Event{call, {Kind: trace.Receive, Cause: 1, Peer: trace.None, Operation: op, Outcome: protocol.Failed}},
			render.Arrow{Sent: 1, From: 0, To: 2, Label: "failed", Answer: true, No: true}},
		{"a call that is lost", true, false, []trace.Event{call, {Kind: trace.Lose, Cause: 1, Peer: trace.None, Operation: op, Reason: trace.HostDown}},
			render.Arrow{Sent: 1, From: 2, To: 0, Label: "acquire", Lost: true}},
		{"an answer at once", false, false, []trace.Event{{Kind: trace.Answer, Peer: trace.None, Operation: op, Outcome: protocol.Acquired, Direct: true}},
			render.Arrow{From: 0, To: 2, Label: "acquired", Answer: true}},
		{"an answer for nobody any more", false, false,
			[]trace.Event{{Kind: trace.Answer, Peer: trace.None, Operation: op, Outcome: protocol.Acquired, Reason: trace.ClientGone}},
			render.Arrow{From: 0, To: 2, Label: "acquired", Answer: true, Lost: true}},
		{"an answer that comes too late", true, false,
			[]trace.Event{call, {Kind: trace.Ignore, Cause: 1, Peer: trace.None, Operation: op, Reason: trace.ClientGone}},
			render.Arrow{Sent: 1, From: 2, To: 0, Label: "acquire"}},
		{"an answer that comes too late, after it was given", true, false,
			[]trace.Event{{Kind: trace.Answer, Peer: trace.None, Operation: op, Outcome: protocol.Refused}, {Kind: trace.Ignore, Cause: 1, Peer: trace.None, Operation: op, Outcome: protocol.Refused, Reason: trace.ClientGone}},
			render.Arrow{Sent: 1, From: 0, To: 2, Label: "refused", Answer: true, No: true}},
		{"an operation that its crashed instance forgets", true, false,
			[]trace.Event{{Kind: trace.Wait, Peer: trace.None, Operation: op}, {Kind: trace.Ignore, Cause: 1, Peer: trace.None, Operation: op, Reason: trace.AskerRestart}},
			render.Arrow{}},
		{"a request", false, false, []trace.Event{propose, {Kind: trace.Promise, Cause: 1, Instance: 1, Message: no}},
			render.Arrow{Sent: 1, From: 0, To: 1, Label: "promise 1?"}},
		{"a request that waits", false, false, []trace.Event{propose, {Kind: trace.Wait, Cause: 1, Instance: 1, Message: request}},
			render.Arrow{Sent: 1, From: 0, To: 1, Label: "promise 1?"}},
		{"a request of nobody", false, false, []trace.Event{{Kind: trace.Hold, Instance: 1, Message: request}}, render.Arrow{}},
		{"a request that has waited", false, false,
			[]trace.Event{{Kind: trace.Wait, Instance: 1, Message: request}, {Kind: trace.Promise, Cause: 1, Instance: 1, Message: no}}, render.Arrow{}},
		{"an answer", false, false, []trace.Event{{Kind: trace.Promise, Instance: 1, Message: no}, {Kind: trace.Count, Cause: 1, Peer: 1, Message: no}},
			render.Arrow{Sent: 1, From: 1, To: 0, Label: "no 1", Answer: true, No: true}},
		{"what is cut where it leaves", false, false, []trace.Event{propose, {Kind: trace.Lose, Cause: 1, Peer: 1, Message: request, Reason: trace.CutAtSending}},
			render.Arrow{Sent: 1, From: 0, To: 1, Label: "promise 1?", Lost: true, Early: true}},
		{"what is dropped", false, false, []trace.Event{propose, {Kind: trace.Lose, Cause: 1, Peer: 1, Message: request, Reason: trace.DroppedByHand}},
			render.Arrow{Sent: 1, From: 0, To: 1, Label: "promise 1?", Lost: true, Early: true}},
		{"what is cut where it arrives", false, false, []trace.Event{propose, {Kind: trace.Lose, Cause: 1, Peer: 1, Message: request, Reason: trace.CutAtArrival}},
			render.Arrow{Sent: 1, From: 0, To: 1, Label: "promise 1?", Lost: true}},
		{"a copy", false, false, []trace.Event{{Kind: trace.Duplicate, Peer: 1, Message: request}, {Kind: trace.Promise, Cause: 1, Instance: 1, Message: no, Copy: true}},
			render.Arrow{Sent: 1, From: 0, To: 1, Label: "promise 1?", Copy: true}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			log := &trace.Log{}
			for i := range c.events {
				c.events[i].Number = i + 1
				log.Observe(&c.events[i])
			}
			d := render.Diagram{Header: &trace.Header{Instances: []string{"a", "b"}, Holders: []string{"alice"}}, Events: log}
			if c.far {
				d.Header.ClientLatency = 1
			}
			d.Actors = render.Actors(d.Header, []protocol.Holder{alice}, true)
			if c.nobody {
				d.Actors = d.Actors[:2]
			}
			last := len(c.events)
			s := d.Lay(render.Window{First: 1, Rows: last, Before: trace.NewFollower(d.Header)})
			var want []render.Arrow
			if c.arrives != (render.Arrow{}) {
				c.arrives.Arrived = last
				c.arrives.Sent = max(c.arrives.Sent, last*verdict(c.arrives.Sent == 0))
				want = append(want, c.arrives)
			}
			for _, m := range s.Marks {
				if m.Lane < 0 {
					t.Errorf("who has no lane has the mark %+v", m)
				}
			}
			got := slices.DeleteFunc(s.Arrows, func(a render.Arrow) bool { return 0 < a.Arrived && a.Arrived < last })
			if !slices.Equal(got, want) {
				t.Errorf("arrows %+v, not %+v", got, want)
			}
		})
	}
}

func verdict(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

// A window has the arrows that pass through it, and none that begin after it.
func TestArrowsOfAWindow(t *testing.T) {
	log := &trace.Log{}
	message := protocol.Message{Kind: protocol.PromiseRequest, ID: 1}
	add := func(kind trace.Kind, cause int, instance int8) {
		log.Observe(&trace.Event{Number: len(log.Events) + 1, Cause: cause, Kind: kind, Instance: instance, Peer: 1 - instance, Message: message})
	}
	add(trace.Propose, 0, 0)
	for range 2000 {
		add(trace.Reply, 0, 0)
	}
	add(trace.Promise, 1, 1) // after 2,000 events
	add(trace.Propose, 0, 1)
	add(trace.Promise, 2003, 0)
	d := render.Diagram{Header: &trace.Header{Instances: []string{"a", "b"}}, Events: log, Open: []render.Flight{{Sent: 2, From: 0, To: 1}, {Sent: 2003, From: 1, To: 0}}}
	d.Actors = render.Actors(d.Header, nil, false)
	for _, c := range []struct {
		first, rows int
		arrived     []int
		from        string // lanes
	}{{1, 10, []int{2005}, "0"}, {1500, 10, []int{2002, 2005}, "00"}, {2002, 1, []int{2002, 2005}, "00"},
		{2003, 1, []int{2004, 2005, 2005}, "101"}, {2004, 9, []int{2004, 2005, 2005}, "101"}} {
		s := d.Lay(render.Window{First: c.first, Rows: c.rows, Before: trace.NewFollower(d.Header)})
		var got []int
		from := ""
		for _, a := range s.Arrows {
			got = append(got, a.Arrived)
			from += strconv.Itoa(a.From)
			if a.To != 1-a.From {
				t.Errorf("an arrow goes from %d to %d", a.From, a.To)
			}
		}
		if !slices.Equal(got, c.arrived) || from != c.from {
			t.Errorf("events %d to %d: arrows that end at %v, from %s, not %v, from %s", c.first, s.Last(), got, from, c.arrived, c.from)
		}
	}
}
