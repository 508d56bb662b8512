package quiz

import (
	"math/bits"

	"skinny/protocol"
	"skinny/sim"
	"skinny/sim/prose"
	"skinny/sim/trace"
)

// alternative is what an event would be under one rule changed, or in another order.
type alternative struct {
	event  trace.Event
	rule   protocol.Rules // that is changed
	before int            // the event before which it would happen
	first  int            // the event by which a request was sent that comes first then
	what   prose.Text     // that request
}

// otherwise lists what an event would be otherwise. It is empty where that is not known: if
// the instance does not do what the protocol does, a program plays it.
func (r *Run) otherwise(e *trace.Event) (list []alternative) {
	if e.Instance == trace.None {
		return nil
	}
	rules := r.Header.RulesOf(e.Instance)
	if same, known := r.under(e, rules); !known || !alike(e, &same) {
		return nil
	}
	add := func(a alternative, known bool) {
		if known && !alike(e, &a.event) {
			list = append(list, a)
		}
	}
	m, ok := requestOf(e)
	for _, row := range protocol.RuleTable() {
		other, known := r.under(e, rules^row.Rule)
		add(alternative{event: other, rule: row.Rule}, known)
		if ok {
			other, known = r.since(e, &m, rules^row.Rule)
			add(alternative{event: other, rule: row.Rule}, known)
		}
	}
	if ok {
		other, before := r.earlier(e, &m, rules)
		add(alternative{event: other, before: before}, before != 0)
		r.overtaken(e, &m, rules, add)
	}
	return list
}

// since is what would become of a request if its instance had followed rules since the
// request or the restart before, by which it came to what it knows.
func (r *Run) since(e *trace.Event, m *protocol.Message, rules protocol.Rules) (trace.Event, bool) {
	before := r.before(e)
	in := &before.Instances[e.Instance]
	from := max(in.Promised.Event, in.Accepted.Event)
	if from == 0 {
		return trace.Event{}, false
	}
	b := r.Event(from)
	if b.Kind != trace.Promise && b.Kind != trace.Accept && b.Kind != trace.Restart {
		return trace.Event{}, false
	}
	other, known := r.under(b, rules)
	if !known || other.State == b.State {
		return trace.Event{}, false
	}
	f := standing{before.Clone(), before.point}
	f.Instances[e.Instance].State = other.State
	return r.handle(f, e, m, rules), true
}

// overtaken adds what would become of a request if another one that is under way came first.
func (r *Run) overtaken(e *trace.Event, m *protocol.Message, rules protocol.Rules, add func(a alternative, known bool)) {
	w := r.Moment(e.Number - 1).World()
	if w.Events() != e.Number-1 {
		return
	}
	before := r.before(e)
	for _, d := range w.Possible() {
		ref, _ := w.Find(&d)
		i := w.Item(ref)
		if i.Kind != sim.MessageItem || !i.Message.Kind.IsRequest() || int8(i.Message.To) != e.Instance || i.Message == *m {
			continue
		}
		f := standing{before.Clone(), before.point}
		came := r.handle(f, e, &i.Message, rules)
		f.Observe(&came)
		add(alternative{event: r.handle(f, e, m, rules), first: i.Cause, what: r.request(&i.Message)}, true)
	}
}

// alike reports whether two events are the same in what questions are about.
func alike(a, b *trace.Event) bool {
	return a.Kind == b.Kind && a.State == b.State && a.Message.Yes == b.Message.Yes && a.Stored == b.Stored &&
		a.Proposal == b.Proposal && a.Outcome == b.Outcome
}

// under is what an event would be under rules, in the same state and by the same cause.
func (r *Run) under(e *trace.Event, rules protocol.Rules) (other trace.Event, known bool) {
	cause, nth := e, 0
	if e.Cause > 0 && (e.Kind == trace.Commit || e.Kind == trace.Backoff || e.Kind == trace.Answer) {
		cause, nth = r.Event(e.Cause), 1 // what the end of a phase leads to
	}
	f := r.before(cause)
	item := sim.Item{Kind: sim.MessageItem, Message: cause.Message, Op: cause.Operation.Number, Try: cause.Try}
	switch request, ok := requestOf(cause); {
	case ok && nth == 0:
		item.Message = request
	case cause.Kind == trace.Count || cause.Kind == trace.Fail:
	case cause.Kind == trace.Expire:
		item.Kind = sim.DeadlineItem
	case cause.Kind == trace.Propose && f.Instances[e.Instance].Round.Phase == protocol.Idle:
		item.Kind = sim.WakeItem
	case cause.Kind == trace.Restart && r.torn(e, f.Instances[e.Instance].Down):
		return *e, rules == r.rulesAt(e) // what was lost is not known
	case cause.Kind == trace.Restart:
		item.Kind = sim.NoItem
	default:
		return other, false
	}
	return r.again(f, e, rules, &item, nth)
}

// torn reports whether an instance that restarts has lost a part of what it had stored since it
// went down. Of what is wiped it is known that nothing is left.
func (r *Run) torn(e *trace.Event, down int) bool {
	for n := max(down, 1); n < e.Number; n++ {
		if b := r.Event(n); b.Instance == e.Instance && b.Kind == trace.Tear {
			return true
		}
	}
	return false
}

// requestOf is the request that arrives by an event.
func requestOf(e *trace.Event) (protocol.Message, bool) {
	m := e.Message
	switch e.Kind {
	case trace.Promise, trace.Accept: // the message is the response
		m = protocol.Message{Kind: protocol.PromiseRequest, From: m.To, To: m.From, ID: m.ID}
		if e.Kind == trace.Accept {
			m.Kind, m.Proposal = protocol.CommitRequest, e.Proposal
		}
	case trace.Wait, trace.Hold:
		if !m.Kind.IsRequest() || int8(m.To) != e.Instance { // not an answer that is worked on
			return m, false
		}
	default:
		return m, false
	}
	return m, true
}

// handle is what becomes of a request at an instance, in place of an event.
func (r *Run) handle(f standing, e *trace.Event, m *protocol.Message, rules protocol.Rules) trace.Event {
	other, _ := r.again(f, e, rules, &sim.Item{Kind: sim.MessageItem, Message: *m}, 0)
	return other
}

// again lets an item happen at the instance of an event, as it stood, under rules, and is
// the nth event of that, from 0, in place of the other one. No item: the instance restarts.
func (r *Run) again(f standing, e *trace.Event, rules protocol.Rules, item *sim.Item, nth int) (other trace.Event, known bool) {
	h, at, in := r.Header, protocol.Position(e.Instance), &f.Instances[e.Instance]
	c, w := &r.cluster, &r.world
	*c = sim.Cluster{Rules: rules, Quorums: h.Quorums, ClientLatency: h.ClientLatency, Instances: trace.Cleared(c.Instances, len(h.Instances))}
	c.Instances[at].Increment, c.Instances[at].PromiseDelay = h.Settings[at].Increment, sim.Range(h.Settings[at].PromiseDelay)
	w.Observe(nil)
	w.Reset(c)
	for n := range item.Op {
		o := f.Operation(n + 1)
		w.PutOperation(o.Kind, o.Holder, protocol.Position(o.Via), o.Waits)
	}
	w.PutNode(at, &sim.Node{Instance: r.instance(f, e.Instance), Down: in.Down != 0})
	happen := func(item *sim.Item) {
		ref, i := w.Put(true)
		i.Kind, i.Instance, i.Op, i.Try, i.Message = item.Kind, at, item.Op, item.Try, item.Message
		w.Deliver(ref)
	}
	if in.Working { // on the answer to a request that changes nothing
		happen(&sim.Item{Kind: sim.MessageItem, Message: protocol.Message{Kind: protocol.PromiseRequest, To: at}})
	}
	if in.Paused != 0 {
		w.Pause(at)
	}
	r.log.Events = r.log.Events[:0]
	w.Observe(&r.log)
	if item.Kind == sim.NoItem {
		w.Restart(at)
	} else {
		happen(item)
	}
	if r.log.Len() <= nth {
		return other, false
	}
	other = *r.log.Event(nth + 1)
	other.Number, other.Cause, other.At = e.Number, e.Cause, e.At
	return other, true
}

// instance is an instance as it stands.
func (r *Run) instance(f standing, p int8) protocol.Instance {
	in, round := &f.Instances[p], &f.Instances[p].Round
	i := protocol.Instance{State: in.State}
	if round.Phase == protocol.Idle {
		return i
	}
	asked := (round.Calls | round.Yea | round.Noes()).Without(protocol.Position(p))
	i.Round = protocol.Round{
		Phase: round.Phase, Operation: round.Operation, Try: round.Try, Value: round.Value, ID: round.ID, Base: round.Base,
		Calls: round.Calls, Yea: round.Yea, Nay: round.Noes(), Next: protocol.Position(bits.Len64(uint64(asked))),
	}
	for n := round.Began; n <= f.point; n++ {
		if e := r.Event(n); e.Kind == trace.Count && e.Instance == p {
			i.Round.Told = max(i.Round.Told, e.Message.Told)
		}
	}
	return i
}

// earlier is what would have become of a request before the event that decided what
// becomes of it: before is that event, or 0 if the request was not under way by then.
func (r *Run) earlier(e *trace.Event, m *protocol.Message, rules protocol.Rules) (other trace.Event, before int) {
	in := &r.before(e).Instances[e.Instance]
	before = max(in.Promised.Event, in.Accepted.Event, in.Paused)
	if in.Round.Phase != protocol.Idle {
		before = max(before, in.Round.Began)
	}
	sent := e.Cause
	for waits(r.Event(sent)) || r.Event(sent).Kind == trace.Duplicate {
		sent = r.Event(sent).Cause
	}
	if before <= sent {
		return other, 0
	}
	return r.handle(r.at(before-1), e, m, rules), before
}
