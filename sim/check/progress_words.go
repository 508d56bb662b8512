package check

import (
	"strconv"
	"strings"

	"skinny/protocol"
	"skinny/sim/trace"
)

// why says which operation has no answer, and what it waits for.
func (p *progress) why() string {
	w := &p.scene.waiters[p.number-1]
	var b strings.Builder
	b.WriteString(operationWords(p.header, w.Operation) + " at " + p.header.Instances[w.via])
	called := "it was called at " + timeWords(w.called) + ", when nothing went wrong any more"
	switch {
	case p.breach == unknownAnswer:
		b.WriteString(" is answered unknown, though " + called + ": " + p.votesWords(w))
		return b.String()
	case p.breach == refusedConnection:
		b.WriteString(" is told that nobody is there, though " + called)
		return b.String()
	case p.breach == forever && w.fresh:
		b.WriteString(" is never answered, though " + called)
	case p.breach == forever:
		b.WriteString(" is never answered, though nothing has gone wrong since " + timeWords(p.demand.From))
	case w.fresh:
		b.WriteString(" is not answered within " + timeWords(p.demand.Within) + ", though " + called)
	default:
		b.WriteString(" is not answered by " + timeWords(w.deadline) +
			", though nothing has gone wrong since " + timeWords(p.demand.From))
	}
	b.WriteString(": ")
	c := chain{header: p.header, scene: &p.scene}
	b.WriteString(c.from(w))
	return b.String()
}

// operationWords names an operation.
func operationWords(h *trace.Header, op protocol.Operation) string {
	who := "the "
	if op.Kind != protocol.Status {
		who = h.HolderName(op.Holder) + "'s "
	}
	return who + op.Kind.String() + " (operation " + strconv.Itoa(int(op.Number)) + ")"
}

// timeWords writes a time in the largest unit that it has one of, without a loss.
func timeWords(t trace.Time) string {
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

// votesWords says why an operation came to no end that is known.
func (p *progress) votesWords(w *waiter) string {
	h, n := p.header, &p.scene.proposers[w.via]
	majority := ", and a majority is " + strconv.Itoa(h.Majority()) + " of " + strconv.Itoa(len(h.Instances))
	switch {
	case n.op != w.Number || n.phase == protocol.Idle:
		return "there is no higher ID left for its round"
	case n.phase == protocol.Committing:
		return "its commit of " + idWords(n.id) + " was accepted by " + someWords(h, p.answer.yea) + " only" + majority + p.refusals(w, n)
	case p.answer.won:
		return "its last round, retry " + strconv.Itoa(int(n.try)) + " with " + idWords(n.id) + ", learned of a higher ID"
	}
	return "its last round, retry " + strconv.Itoa(int(n.try)) + " with " + idWords(n.id) + ", was promised by " +
		someWords(h, p.answer.yea) + " only" + majority + p.refusals(w, n)
}

// refusals says what those who refused had promised instead.
func (p *progress) refusals(w *waiter, n *proposer) string {
	for set := p.answer.nay; set != 0; set = set.Without(set.First()) {
		at := set.First()
		if r := p.scene.request(int(w.via), int(at)); r.response && r.promised > n.id {
			return "; " + p.header.Name(at) + " had promised " + idWords(r.promised) + " (" + eventWords(r.event) + ")"
		}
	}
	return ""
}

// someWords is setWords with a word for nobody.
func someWords(h *trace.Header, s protocol.Set) string {
	if s == 0 {
		return "nobody"
	}
	return setWords(h, s)
}

// chain says what waits for what, from one operation on: for every instance that it
// comes to, one clause.
type chain struct {
	header *trace.Header
	scene  *scene
	told   protocol.Set // instances that have their clause
	next   protocol.Set // instances that are to get one
}

// longestChain is how many instances have a clause of their own.
const longestChain = 5

func (c *chain) from(w *waiter) string {
	clauses := []string{c.operation(w)}
	for c.next &^= c.told; c.next != 0 && len(clauses) < longestChain; c.next &^= c.told {
		at := c.next.First()
		c.told = c.told.With(at)
		clauses = append(clauses, c.instance(int8(at)))
	}
	return strings.Join(clauses, "; ")
}

// operation says what an operation waits for. If that is the phase which its
// instance runs, the instance's clause says it.
func (c *chain) operation(w *waiter) string {
	name := c.header.Instances[w.via]
	n := &c.scene.proposers[w.via]
	switch w.stage {
	case calling:
		return "the call is under way to " + name
	case answered:
		return "the answer is under way (" + eventWords(w.event) + ")"
	case vanished:
		return "the call was lost, since " + name + " was down (" + eventWords(w.event) + ")"
	case wiped:
		return name + " has crashed meanwhile (" + eventWords(w.event) + ")"
	case working:
		return "it waits for the end of " + name + "'s work on a promise request"
	case queued:
		if n.op != 0 && n.op != w.Number && n.paused == 0 {
			c.next = c.next.With(protocol.Position(w.via))
			return "it waits there behind " + c.owner(n)
		}
	}
	c.told = c.told.With(protocol.Position(w.via))
	return c.instance(w.via)
}

// owner is the operation whose round an instance runs.
func (c *chain) owner(n *proposer) string {
	return operationWords(c.header, c.scene.waiters[n.op-1].Operation)
}

// instance says what an instance waits for.
func (c *chain) instance(at int8) string {
	n, name := &c.scene.proposers[at], c.header.Instances[at]
	switch {
	case n.down != 0:
		return name + " has been down since " + eventWords(n.down)
	case n.paused != 0:
		return name + " has been paused since " + eventWords(n.paused)
	case n.op == 0:
		return name + " has not begun with it"
	case n.phase == protocol.Idle:
		return name + " waits for its next try"
	}
	text := name + " waits for promises of " + idWords(n.id)
	if n.phase == protocol.Committing {
		text = name + " waits for answers to its commit of " + idWords(n.id)
	}
	const most = 4 // requests that are told
	for told, set := 0, n.calls; set != 0; told, set = told+1, set.Without(set.First()) {
		switch {
		case told == 0:
			text += ", but "
		case told == most:
			return text + " and so on"
		case set.Len() == 1:
			text += " and "
		default:
			text += ", "
		}
		text += c.request(at, int8(set.First()))
	}
	return text
}

// request says where a request is.
func (c *chain) request(from, to int8) string {
	r := c.scene.request(int(from), int(to))
	name := c.header.Instances[to]
	asked := &c.scene.proposers[to]
	what := "the request to " + name
	if r.response {
		what = "the answer of " + name
	}
	switch {
	case r.left <= 0:
		return what + " was lost (" + eventWords(r.event) + ")"
	case r.kind == trace.Wait && r.reason == trace.MutexHeld && asked.op != 0 && asked.phase != protocol.Idle:
		c.next = c.next.With(protocol.Position(to))
		return what + " waits there behind " + c.owner(asked)
	case r.kind == trace.Wait:
		return what + " waits there for the end of other work"
	case r.kind == trace.Hold && !r.response:
		return what + " waits there, since " + name + " is paused (" + eventWords(r.event) + ")"
	}
	return what + " is under way"
}
