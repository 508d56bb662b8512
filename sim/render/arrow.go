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
		a, ok := d.arrival(e)
		if !ok {
			a, ok = d.instant(e)
		}
		if ok && a.Sent <= last {
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

// labelled is an arrow with what it says.
func (d *Diagram) labelled(a Arrow, e *trace.Event) Arrow {
	outcome := e.Outcome
	if outcome == protocol.NoOutcome && e.Cause > 0 {
		outcome = d.Events.Event(e.Cause).Outcome
	}
	switch {
	case d.Actors[a.From].Instance == trace.None:
		a.Label = e.Operation.Kind.String()
	case d.Actors[a.To].Instance == trace.None:
		a.Label, a.Answer = outcome.String(), true
		a.No = outcome != protocol.Acquired && outcome != protocol.Released && outcome != protocol.Answered
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

// arrival is the arrow that ends with an event.
func (d *Diagram) arrival(e *trace.Event) (Arrow, bool) {
	if e.Cause == 0 {
		return Arrow{}, false
	}
	a := Arrow{Sent: e.Cause, Arrived: e.Number, From: d.lane(e.Peer), To: d.lane(e.Instance), Copy: e.Copy}
	cause := d.Events.Event(e.Cause)
	switch e.Kind {
	case trace.Promise, trace.Accept, trace.Count, trace.Fail, trace.Refuse:
	case trace.Ignore, trace.Wait, trace.Hold:
		if e.Message.Kind == protocol.NoMessage {
			return d.clientArrival(e, cause)
		}
	case trace.Lose:
		if e.Message.Kind == protocol.NoMessage {
			a, ok := d.clientArrival(e, cause)
			a.Lost = true
			return a, ok
		}
		a.From, a.To, a.Lost = a.To, a.From, true
		a.Early = e.Reason == trace.DroppedByHand || e.Reason == trace.CutAtSending
	default:
		return d.clientArrival(e, cause)
	}
	// What waited, or failed at once, has not come from its sender just now.
	return a, d.lane(cause.Instance) == a.From
}

// clientArrival is a client's call that reaches its instance, or the answer that
// reaches the client, where that takes time.
func (d *Diagram) clientArrival(e, cause *trace.Event) (Arrow, bool) {
	client := d.clientLane(e.Operation)
	if d.Direct || client < 0 {
		return Arrow{}, false
	}
	a := Arrow{Sent: cause.Number, Arrived: e.Number, From: client, To: d.lane(e.Instance)}
	switch {
	case cause.Kind == trace.Call && e.Kind != trace.GiveUp && e.Kind != trace.Receive:
		return a, true
	case e.Kind == trace.Receive, e.Kind == trace.Ignore && e.Reason == trace.ClientGone:
		a.From, a.To = a.To, a.From
		return a, true
	}
	return Arrow{}, false
}

// instant is the arrow of an event that takes no time: a client's call or its
// answer where the two are close, and the reply that leaves only now.
func (d *Diagram) instant(e *trace.Event) (Arrow, bool) {
	client := d.clientLane(e.Operation)
	if !d.Direct || client < 0 {
		return Arrow{}, false
	}
	a := Arrow{Sent: e.Number, Arrived: e.Number, From: client, To: d.lane(e.Instance)}
	switch e.Kind {
	case trace.Call:
		return a, true
	case trace.Answer, trace.Receive:
		a.From, a.To = a.To, a.From
		a.Lost = e.Reason == trace.ClientGone
		return a, true
	}
	return Arrow{}, false
}
