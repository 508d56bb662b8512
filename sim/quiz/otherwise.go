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
func (r *Run) under(e *trace.Event, rules protocol.Rules) (trace.Event, bool) {
	switch e.Kind {
	case trace.Promise, trace.Accept, trace.Wait, trace.Hold:
		request, ok := requestOf(e)
		return r.handle(r.before(e), e, &request, rules), ok
	case trace.Count, trace.Fail, trace.Expire:
		return r.vote(e, e, rules)
	case trace.Commit, trace.Backoff, trace.Answer:
		if e.Cause < 1 {
			return trace.Event{}, false
		}
		return r.vote(r.Event(e.Cause), e, rules)
	case trace.Propose:
		return r.propose(e, rules)
	case trace.Restart:
		return r.restart(e, rules)
	}
	return trace.Event{}, false
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

// like is the event that happens in place of another one.
func like(e *trace.Event, kind trace.Kind, state protocol.State) trace.Event {
	return trace.Event{
		Number: e.Number, Cause: e.Cause, At: e.At, Kind: kind, Instance: e.Instance, Peer: e.Peer,
		Operation: e.Operation, Nth: e.Nth, Copy: e.Copy, State: state,
	}
}

// handle is what becomes of a request at an instance.
func (r *Run) handle(f standing, e *trace.Event, m *protocol.Message, rules protocol.Rules) trace.Event {
	in := &f.Instances[e.Instance]
	waiting := like(e, trace.Wait, in.State)
	waiting.Message = *m
	switch {
	case in.Paused != 0:
		waiting.Kind = trace.Hold
		return waiting
	case in.MutexHeld(rules):
		waiting.Reason = trace.MutexHeld
		if in.Working {
			waiting.Reason = trace.MutexWork
		}
		return waiting
	}
	effects, after := r.step(f, e.Instance, rules, &protocol.Input{Kind: protocol.Deliver, Message: *m})
	kind := trace.Promise
	if m.Kind == protocol.CommitRequest {
		kind = trace.Accept
	}
	other := like(e, kind, after)
	other.Message, other.Proposal, other.Stored = effects.Reply, m.Proposal, effects.Verdict == protocol.Accepts
	return other
}

// step lets an instance take a step from where it stands, and says in which state it is then.
func (r *Run) step(f standing, p int8, rules protocol.Rules, input *protocol.Input) (e protocol.Effects, after protocol.State) {
	in, config := r.instance(f, p), r.config(p, rules)
	in.Step(&config, input, &e)
	return e, in.State
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

// vote is what follows from a vote, or from a deadline, in place of an event: the vote
// itself, or what the phase's end leads to.
func (r *Run) vote(cause, e *trace.Event, rules protocol.Rules) (trace.Event, bool) {
	input := protocol.Input{Kind: protocol.Deliver, Message: cause.Message}
	switch cause.Kind {
	case trace.Count, trace.Fail:
	case trace.Expire:
		input.Kind = protocol.Expire
	default:
		return trace.Event{}, false
	}
	f := r.before(cause)
	if f.Instances[e.Instance].Round.Phase == protocol.Idle {
		return trace.Event{}, false
	}
	s, after := r.step(f, e.Instance, rules, &input)
	if e == cause {
		other := like(e, e.Kind, s.Counted)
		other.Message, other.Calls, other.Learned, other.Proposal = e.Message, e.Calls, s.Learned, e.Proposal
		return other, true
	}
	other := like(e, trace.NoKind, after)
	other.Won, other.Yea, other.Nay, other.Jumped = s.Won, s.Yea, s.Nay, s.Jumped
	switch {
	case s.Outcome != protocol.NoOutcome:
		other.Kind, other.Outcome, other.Holder = trace.Answer, s.Outcome, s.Holder
		other.Direct = r.Header.ClientLatency == 0 && f.Operation(e.Operation.Number).Waits
	case s.Began == protocol.Committing:
		other.Kind, other.Proposal, other.Base, other.Stored = trace.Commit, s.Request.Proposal, s.Base, s.Stored
	case s.Retry != 0:
		other.Kind, other.Try, other.Pause = trace.Backoff, s.Retry, s.Pause
	default:
		return other, false // the phase goes on
	}
	return other, true
}

// propose is the round that an operation begins.
func (r *Run) propose(e *trace.Event, rules protocol.Rules) (trace.Event, bool) {
	f := r.before(e)
	if f.Instances[e.Instance].Round.Phase != protocol.Idle {
		return trace.Event{}, false
	}
	s, after := r.step(f, e.Instance, rules, &protocol.Input{Kind: protocol.Start, Operation: e.Operation, Try: e.Try})
	other := like(e, trace.Propose, after)
	other.Message, other.Try = s.Request, e.Try
	return other, s.Began == protocol.Proposing
}

// restart is what an instance knows after a restart.
func (r *Run) restart(e *trace.Event, rules protocol.Rules) (trace.Event, bool) {
	f := r.before(e)
	down := f.Instances[e.Instance].Down
	for n := max(down, 1); n < e.Number; n++ {
		if b := r.Event(n); b.Instance == e.Instance && (b.Kind == trace.Wipe || b.Kind == trace.Tear) {
			return *e, rules == r.Header.RulesOf(e.Instance) // what was lost is not known
		}
	}
	in := protocol.Instance{State: f.Instances[e.Instance].State}
	in.Restart(&protocol.Config{Rules: rules})
	return like(e, trace.Restart, in.State), true
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
	for sent > 0 && (r.Event(sent).Kind == trace.Wait || r.Event(sent).Kind == trace.Hold || r.Event(sent).Kind == trace.Duplicate) {
		sent = r.Event(sent).Cause
	}
	if before <= sent {
		return other, 0
	}
	return r.handle(r.at(before-1), e, m, rules), before
}
