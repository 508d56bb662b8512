package check

import (
	"skinny/protocol"
	"skinny/sim/prose"
	"skinny/sim/trace"
)

// reason says which operation has no answer, and what it waits for.
func (p *progress) reason() prose.Text {
	o, w := p.run.Operation(uint32(p.number)), p.waiting[p.number]
	c := chain{progress: p, names: prose.NamesOf(p.header)}
	c.Say(c.the(o.Operation), " at ", c.names.Instance(o.Via))
	called := "it was called at " + prose.Exactly(o.Called) + ", when nothing went wrong any more"
	switch {
	case p.breach == unknownAnswer:
		c.Say(" is answered unknown, though ", called, ": ")
		c.votes(o)
		return c.Text()
	case p.breach == refusedConnection:
		c.Say(" is told that nobody is there, though ", called)
		return c.Text()
	case p.breach == forever && w.fresh:
		c.Say(" is never answered, though ", called)
	case p.breach == forever:
		c.Say(" is never answered, though nothing has gone wrong since ", prose.Exactly(p.demand.From))
	case w.fresh:
		c.Say(" is not answered within ", prose.Exactly(p.demand.Within), ", though ", called)
	default:
		c.Say(" is not answered by ", prose.Exactly(w.deadline), ", though nothing has gone wrong since ", prose.Exactly(p.demand.From))
	}
	c.Say(": ")
	c.from(o)
	return c.Text()
}

// chain says what waits for what, from one operation on: a clause for every instance.
type chain struct {
	*progress
	prose.Builder
	names *prose.Names
	told  protocol.Set // instances that have their clause
	next  protocol.Set // instances that are to get one
}

func (c *chain) the(op protocol.Operation) prose.Text {
	if op.Kind == protocol.Status {
		return prose.Of("the status (operation ", int(op.Number), ")")
	}
	return prose.Of(c.names.Client(op.Holder), "'s ", op.Kind, " (operation ", int(op.Number), ")")
}

// votes says why an operation came to no end that is known.
func (c *chain) votes(o *trace.Operation) {
	r := &c.run.Instances[o.Via].Round
	switch {
	case r.Operation.Number != o.Number || r.Phase == protocol.Idle:
		c.Say("there is no higher ID left for its round")
		return
	case r.Phase == protocol.Committing:
		c.Say("its commit of ID ", r.ID, " was accepted by ")
	case c.answer.Won:
		c.Say("its last round, retry ", int(r.Try), " with ID ", r.ID, ", learned of a higher ID")
		return
	default:
		c.Say("its last round, retry ", int(r.Try), " with ID ", r.ID, ", was promised by ")
	}
	c.Say(fewWords(c.names, c.answer.Yea), ", and a ", c.header.Quorums.Word(r.Phase), " is ", c.header.Needed(r.Phase), " of ", len(c.header.Instances))
	// What those who refused had promised instead.
	for set := c.answer.Nay; set != 0; set = set.Without(set.First()) {
		at := set.First()
		if q := c.run.Request(o.Via, int8(at)); q.Response && q.Promised > r.ID {
			c.Say("; ", c.names.Instance(int8(at)), " had promised ID ", q.Promised, " (", prose.At(q.Event), ")")
			return
		}
	}
}

// longestChain is how many instances have a clause of their own.
const longestChain = 5

func (c *chain) from(o *trace.Operation) {
	c.operation(o)
	for range longestChain - 1 {
		if c.next &^= c.told; c.next == 0 {
			return
		}
		at := c.next.First()
		c.told = c.told.With(at)
		c.Say("; ")
		c.instance(int8(at))
	}
}

// operation says what an operation waits for. If that is the phase which its
// instance runs, the instance's clause says it.
func (c *chain) operation(o *trace.Operation) {
	name, in := c.names.Instance(o.Via), &c.run.Instances[o.Via]
	switch running := in.Round.Operation.Number; {
	case o.Stage == trace.Calling:
		c.Say("the call is under way to ", name)
	case o.Stage == trace.Answered:
		c.Say("the answer is under way (", prose.At(o.Event), ")")
	case o.Stage == trace.Vanished:
		c.Say("the call was lost, since ", name, " was down (", prose.At(o.Event), ")")
	case o.Stage == trace.Wiped:
		c.Say(name, " has crashed meanwhile (", prose.At(o.Event), ")")
	case o.Stage == trace.Delayed:
		c.Say("it waits for the end of ", name, "'s work on a promise request")
	case o.Stage == trace.Queued && running != 0 && running != o.Number && in.Paused == 0:
		c.next = c.next.With(protocol.Position(o.Via))
		c.Say("it waits there behind ", c.the(in.Round.Operation))
	default:
		c.told = c.told.With(protocol.Position(o.Via))
		c.instance(o.Via)
	}
}

func (c *chain) instance(at int8) {
	in, name := &c.run.Instances[at], c.names.Instance(at)
	switch {
	case in.Down != 0:
		c.Say(name, " has been down since ", prose.At(in.Down))
		return
	case in.Paused != 0:
		c.Say(name, " has been paused since ", prose.At(in.Paused))
		return
	case in.Round.Operation.Number == 0:
		c.Say(name, " has not begun with it")
		return
	case in.Round.Phase == protocol.Idle:
		c.Say(name, " waits for its next try")
		return
	case in.Round.Phase == protocol.Committing:
		c.Say(name, " waits for answers to its commit of ID ", in.Round.ID)
	default:
		c.Say(name, " waits for promises of ID ", in.Round.ID)
	}
	const most = 4 // requests that are told
	for told, set := 0, in.Round.Calls; set != 0; told, set = told+1, set.Without(set.First()) {
		switch {
		case told == 0:
			c.Say(", but ")
		case told == most:
			c.Say(" and so on")
			return
		case set.Len() == 1:
			c.Say(" and ")
		default:
			c.Say(", ")
		}
		c.request(at, int8(set.First()))
	}
}

func (c *chain) request(from, to int8) {
	q, name, busy := c.run.Request(from, to), c.names.Instance(to), &c.run.Instances[to].Round
	what := "the request to "
	if q.Response {
		what = "the answer of "
	}
	c.Say(what, name)
	switch {
	case q.Left <= 0:
		c.Say(" was lost (", prose.At(q.Event), ")")
	case q.Kind == trace.Wait && q.Reason == trace.MutexHeld && busy.Phase != protocol.Idle:
		c.next = c.next.With(protocol.Position(to))
		c.Say(" waits there behind ", c.the(busy.Operation))
	case q.Kind == trace.Wait:
		c.Say(" waits there for the end of other work")
	case q.Kind == trace.Hold && !q.Response:
		c.Say(" waits there, since ", name, " is paused (", prose.At(q.Event), ")")
	default:
		c.Say(" is under way")
	}
}
