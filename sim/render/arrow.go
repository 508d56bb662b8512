package render

import (
	"skinny/protocol"
	"skinny/sim/trace"
)

// lookAhead is how many events behind a window are looked at for arrows that pass
// through it; longer ones are only found at their end.
const lookAhead = 1024

// Arrow is a message on its way, or a client's call or its answer. It goes from the
// lane From at the event Sent to the lane To at the event Arrived, either of which
// may be outside of the scene. Where the two events are the same it takes no time.
type Arrow struct {
	Sent, Arrived int
	From, To      int
	Label         string // what it says; "" where nobody knows yet
	Lost          bool   // it does not arrive
	Early         bool   // it is lost where it leaves, not where it would arrive
	Copy          bool   // the network made it
	Answer        bool   // of an instance, or to a client
	No            bool   // it answers no, or that something went wrong
}

// arrows are the messages that are under way within a window.
func (d *Diagram) arrows(first, last int) []Arrow {
	var list []Arrow
	for n := first; n <= min(last+lookAhead, d.Events.Len()); n++ {
		e := d.Events.Event(n)
		if n > last && (e.Cause == 0 || e.Cause > last) {
			continue // what ends there was not sent before
		}
		if a, ok := d.arrow(e); ok && a.Sent <= last {
			list = append(list, d.labelled(a, e))
		}
	}
	for _, f := range d.Open {
		if f.Sent <= last {
			list = append(list, Arrow{
				Sent: f.Sent, Arrived: d.Events.Len() + 1,
				From: d.lane(int8(f.From)), To: d.lane(int8(f.To)),
			})
		}
	}
	return list
}

func (d *Diagram) labelled(a Arrow, e *trace.Event) Arrow {
	switch {
	case d.Actors[a.From].Instance == trace.None:
		a.Label = e.Operation.Kind.String()
	case d.Actors[a.To].Instance == trace.None:
		a.Label, a.Answer = e.Outcome.String(), true
		a.No = e.Outcome != protocol.Acquired && e.Outcome != protocol.Released && e.Outcome != protocol.Answered
	default:
		a.Label = d.Says(e)
		// At these, the event is about the answer, and the arrow is the request.
		if e.Kind != trace.Promise && e.Kind != trace.Accept {
			a.Answer = !e.Message.Kind.IsRequest()
			a.No = a.Answer && !e.Message.Yes
		}
	}
	return a
}

// arrow is what ends with an event, if something does.
func (d *Diagram) arrow(e *trace.Event) (Arrow, bool) {
	switch e.Kind {
	case trace.Promise, trace.Accept, trace.Count, trace.Fail, trace.Refuse:
		return d.message(e)
	case trace.Ignore, trace.Wait, trace.Hold, trace.Lose, trace.Step:
		if e.Message.Kind != protocol.NoMessage {
			return d.message(e)
		}
	}
	return d.call(e)
}

func (d *Diagram) message(e *trace.Event) (Arrow, bool) {
	if e.Cause == 0 {
		return Arrow{}, false
	}
	a := Arrow{Sent: e.Cause, Arrived: e.Number, From: d.lane(e.Peer), To: d.lane(e.Instance), Copy: e.Copy}
	if e.Kind == trace.Lose {
		a.From, a.To, a.Lost = a.To, a.From, true
		a.Early = e.Reason == trace.DroppedByHand || e.Reason == trace.CutAtSending
	}
	// What waited, or failed at once, has not come from its sender just now.
	return a, d.lane(d.Events.Event(e.Cause).Instance) == a.From
}

// call is the arrow of a client's call or its answer. It takes time unless the two are close.
func (d *Diagram) call(e *trace.Event) (Arrow, bool) {
	a := Arrow{Sent: e.Number, Arrived: e.Number, From: d.clientLane(e.Operation), To: d.lane(e.Instance)}
	called, told := e.Kind == trace.Call, e.Kind == trace.Answer || e.Kind == trace.Receive
	if d.Header.ClientLatency == 0 {
		a.Lost = told && e.Reason == trace.ClientGone
	} else if a.Sent = e.Cause; a.Sent > 0 {
		called = d.Events.Event(a.Sent).Kind == trace.Call && e.Kind != trace.GiveUp && e.Kind != trace.Receive
		told = !called && (e.Kind == trace.Receive || e.Reason == trace.ClientGone)
		a.Lost = e.Kind == trace.Lose
	}
	ok := a.From >= 0 && a.Sent > 0 && (called || told)
	if told {
		a.From, a.To = a.To, a.From
	}
	return a, ok
}
