package check

import (
	"strconv"
	"strings"

	"skinny/protocol"
	"skinny/sim/prose"
	"skinny/sim/trace"
)

// why says which operation has no answer, and what it waits for.
func (p *progress) why() prose.Text {
	w := &p.scene.waiters[p.number-1]
	c := chain{progress: p, names: prose.NamesOf(p.header)}
	c.Say(c.the(w.Operation), " at ", c.names.Instance(w.via))
	called := "it was called at " + exactly(w.called) + ", when nothing went wrong any more"
	switch {
	case p.breach == unknownAnswer:
		c.Say(" is answered unknown, though ", called, ": ")
		c.votes(w)
		return c.Text()
	case p.breach == refusedConnection:
		c.Say(" is told that nobody is there, though ", called)
		return c.Text()
	case p.breach == forever && w.fresh:
		c.Say(" is never answered, though ", called)
	case p.breach == forever:
		c.Say(" is never answered, though nothing has gone wrong since ", exactly(p.demand.From))
	case w.fresh:
		c.Say(" is not answered within ", exactly(p.demand.Within), ", though ", called)
	default:
		c.Say(" is not answered by ", exactly(w.deadline), ", though nothing has gone wrong since ", exactly(p.demand.From))
	}
	c.Say(": ")
	c.from(w)
	return c.Text()
}

// exactly writes a time in the largest unit that it has one of, without a loss.
func exactly(t trace.Time) string {
	unit, name := trace.Second, "s"
	switch {
	case t >= trace.Second:
	case t >= trace.Millisecond || t == 0:
		unit, name = trace.Millisecond, "ms"
	case t >= trace.Microsecond:
		unit, name = trace.Microsecond, "us"
	default:
		unit, name = 1, "ns"
	}
	text := strconv.FormatInt(int64(t/unit), 10)
	if rest := t % unit; rest > 0 {
		text += "." + strings.TrimRight(strconv.FormatInt(int64(unit+rest), 10)[1:], "0")
	}
	return text + name
}

// chain says what waits for what, from one operation on: for every instance that it
// comes to, one clause.
type chain struct {
	*progress
	prose.Builder
	names *prose.Names
	told  protocol.Set // instances that have their clause
	next  protocol.Set // instances that are to get one
}

// the names an operation.
func (c *chain) the(op protocol.Operation) prose.Text {
	if op.Kind == protocol.Status {
		return prose.Of("the status (operation ", int(op.Number), ")")
	}
	return prose.Of(c.names.Client(op.Holder), "'s ", op.Kind, " (operation ", int(op.Number), ")")
}

// votes says why an operation came to no end that is known.
func (c *chain) votes(w *waiter) {
	n := &c.scene.proposers[w.via]
	switch {
	case n.op != w.Number || n.phase == protocol.Idle:
		c.Say("there is no higher ID left for its round")
		return
	case n.phase == protocol.Committing:
		c.Say("its commit of ID ", n.id, " was accepted by ")
	case c.answer.won:
		c.Say("its last round, retry ", int(n.try), " with ID ", n.id, ", learned of a higher ID")
		return
	default:
		c.Say("its last round, retry ", int(n.try), " with ID ", n.id, ", was promised by ")
	}
	c.Say(fewWords(c.names, c.answer.yea), ", and a majority is ", c.header.Majority(), " of ", len(c.header.Instances))
	// What those who refused had promised instead.
	for set := c.answer.nay; set != 0; set = set.Without(set.First()) {
		at := set.First()
		if r := c.scene.request(int(w.via), int(at)); r.response && r.promised > n.id {
			c.Say("; ", c.names.Instance(int8(at)), " had promised ID ", r.promised, " (", prose.At(r.event), ")")
			return
		}
	}
}

// longestChain is how many instances have a clause of their own.
const longestChain = 5

func (c *chain) from(w *waiter) {
	c.operation(w)
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
func (c *chain) operation(w *waiter) {
	name := c.names.Instance(w.via)
	n := &c.scene.proposers[w.via]
	switch w.stage {
	case calling:
		c.Say("the call is under way to ", name)
		return
	case answered:
		c.Say("the answer is under way (", prose.At(w.event), ")")
		return
	case vanished:
		c.Say("the call was lost, since ", name, " was down (", prose.At(w.event), ")")
		return
	case wiped:
		c.Say(name, " has crashed meanwhile (", prose.At(w.event), ")")
		return
	case working:
		c.Say("it waits for the end of ", name, "'s work on a promise request")
		return
	case queued:
		if n.op != 0 && n.op != w.Number && n.paused == 0 {
			c.next = c.next.With(protocol.Position(w.via))
			c.Say("it waits there behind ", c.owner(n))
			return
		}
	}
	c.told = c.told.With(protocol.Position(w.via))
	c.instance(w.via)
}

// owner is the operation whose round an instance runs.
func (c *chain) owner(n *proposer) prose.Text { return c.the(c.scene.waiters[n.op-1].Operation) }

// instance says what an instance waits for.
func (c *chain) instance(at int8) {
	n, name := &c.scene.proposers[at], c.names.Instance(at)
	switch {
	case n.down != 0:
		c.Say(name, " has been down since ", prose.At(n.down))
		return
	case n.paused != 0:
		c.Say(name, " has been paused since ", prose.At(n.paused))
		return
	case n.op == 0:
		c.Say(name, " has not begun with it")
		return
	case n.phase == protocol.Idle:
		c.Say(name, " waits for its next try")
		return
	case n.phase == protocol.Committing:
		c.Say(name, " waits for answers to its commit of ID ", n.id)
	default:
		c.Say(name, " waits for promises of ID ", n.id)
	}
	const most = 4 // requests that are told
	for told, set := 0, n.calls; set != 0; told, set = told+1, set.Without(set.First()) {
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

// request says where a request is.
func (c *chain) request(from, to int8) {
	r := c.scene.request(int(from), int(to))
	name := c.names.Instance(to)
	asked := &c.scene.proposers[to]
	if r.response {
		c.Say("the answer of ", name)
	} else {
		c.Say("the request to ", name)
	}
	switch {
	case r.left <= 0:
		c.Say(" was lost (", prose.At(r.event), ")")
	case r.kind == trace.Wait && r.reason == trace.MutexHeld && asked.op != 0 && asked.phase != protocol.Idle:
		c.next = c.next.With(protocol.Position(to))
		c.Say(" waits there behind ", c.owner(asked))
	case r.kind == trace.Wait:
		c.Say(" waits there for the end of other work")
	case r.kind == trace.Hold && !r.response:
		c.Say(" waits there, since ", name, " is paused (", prose.At(r.event), ")")
	default:
		c.Say(" is under way")
	}
}
