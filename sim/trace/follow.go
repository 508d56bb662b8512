package trace

import (
	"slices"

	"skinny/protocol"
)

// Follower is how a run stands after the events that it was told, as far as events
// tell: what every instance does and knows, how far every operation has come, where
// the requests of the running phases are, and who holds the lock. It is an Observer,
// and the one place where this is followed: narrators, judges and pictures read it.
//
// It allocates nothing once its memory has grown.
type Follower struct {
	Instances []Instance // by position

	// Formed is the majority that formed by the last event, or none.
	Formed Majority

	// Holding is how many clients hold the lock, as they see it. More than 1 is a
	// violation.
	Holding int

	header     *Header
	operations []Operation // by number; nobody has number 0
	requests   []Request   // by who asks and who is asked; none: they are not followed
	clients    []client    // by holder number
}

type client struct {
	since    int // the event by which it was told that it holds the lock, or 0
	released int // the event by which it last called a release
}

// NewFollower is how the run with this header stands before its first event.
func NewFollower(h *Header) *Follower {
	f := &Follower{}
	f.Reset(h)
	return f
}

// Reset makes f what NewFollower returns, with its memory used again.
func (f *Follower) Reset(h *Header) {
	*f = Follower{
		header:     h,
		Instances:  Cleared(f.Instances, len(h.Instances)),
		requests:   f.requests[:0],
		operations: Cleared(f.operations, 1),
		clients:    Cleared(f.clients, 1),
	}
}

// FollowRequests makes f know where requests are, too. It comes before the first event.
func (f *Follower) FollowRequests() {
	f.requests = Cleared(f.requests, len(f.Instances)*len(f.Instances))
}

// Cleared is n zero elements, in the memory of s if they fit.
func Cleared[T any](s []T, n int) []T {
	s = slices.Grow(s[:0], n)[:n]
	clear(s)
	return s
}

// Grown is s with at least n elements, the new ones zero.
func Grown[T any](s []T, n int) []T { return append(s, make([]T, max(n-len(s), 0))...) }

// Clone is an equal follower that goes on independently.
func (f *Follower) Clone() *Follower {
	c := &Follower{}
	c.Set(f)
	return c
}

// Set makes f what Clone of o returns, with its memory used again.
func (f *Follower) Set(o *Follower) {
	own := *f
	*f = *o
	f.Instances = append(own.Instances[:0], o.Instances...)
	f.requests = append(own.requests[:0], o.requests...)
	f.operations = append(own.operations[:0], o.operations...)
	f.clients = append(own.clients[:0], o.clients...)
}

// Operations is the number of operations that were called.
func (f *Follower) Operations() int { return len(f.operations) - 1 }

// Operation is the operation with this number, from 1.
func (f *Follower) Operation(number uint32) *Operation { return &f.operations[number] }

// Request is that of one instance to another, if they are followed.
func (f *Follower) Request(from, to int8) *Request {
	return &f.requests[int(from)*len(f.Instances)+int(to)]
}

// Holds reports whether a client holds the lock, as it sees it: from being told
// acquired to calling its release. An answer to a call that a release has overtaken
// begins no hold.
func (f *Follower) Holds(h protocol.Holder) bool {
	return int(h) < len(f.clients) && f.clients[h].since != 0
}

// Chosen is the proposal that enough instances have accepted to decide a round, the
// highest if there are several, and whether there is one.
func (f *Follower) Chosen() (p protocol.Proposal, ok bool) {
	enough, _ := f.header.Quorums.Enough(f.header.Rules, protocol.Committing, len(f.Instances))
	for i := range f.Instances {
		this := f.Instances[i].State.Accepted
		have := 0
		for j := range f.Instances {
			if f.Instances[j].State.Accepted == this {
				have++
			}
		}
		if have >= enough && this.ID > p.ID {
			p, ok = this, true
		}
	}
	return p, ok
}

// Untold is the client that holds the lock, since enough instances have accepted so,
// but was never told acquired and waits for no answer any more; Free if there is none.
// Nobody will release it then.
func (f *Follower) Untold() protocol.Holder {
	p, _ := f.Chosen()
	for i := range f.operations {
		o := &f.operations[i]
		if o.Holder == p.Holder && (o.Waits || o.Told == protocol.Acquired) {
			return protocol.Free
		}
	}
	return p.Holder
}

// Observe takes note of the next event.
func (f *Follower) Observe(e *Event) {
	f.Formed = Majority{}
	if e.Instance == None {
		if e.Kind == HealAll {
			for i := range f.Instances {
				f.Instances[i].Isolated = false
			}
		}
		return
	}
	in := &f.Instances[e.Instance]
	f.learn(in, e)
	switch e.Kind {
	case Call, GiveUp, Answer, Receive:
		f.client(in, e)
	case Propose, Commit, Backoff:
		f.phase(in, e)
	case Count, Fail, Expire:
		f.count(in, e)
	case Promise, Accept:
		f.handle(in, e)
		f.message(e)
	case Reply:
		in.Working = false
		f.message(e)
	case Refuse, Duplicate:
		f.message(e)
	case Wait, Hold, Lose:
		if e.Message.Kind != protocol.NoMessage {
			f.message(e)
		} else {
			f.stop(e)
		}
	case Isolate, Rejoin:
		in.Isolated = e.Kind == Isolate
	case Pause, Resume, Crash, Restart:
		f.fault(in, e)
	}
}

// learn takes over an instance's state, and where it comes from.
func (f *Follower) learn(in *Instance, e *Event) {
	again := e.Kind == Promise && e.Message.Yes // an equal ID, with promise-once off
	if e.State.Promised != in.State.Promised || again {
		in.Promised = Source{e.Number, e.Kind, e.Peer, e.Jumped}
	}
	if e.State.Accepted != in.State.Accepted || e.Stored {
		in.Accepted = Source{e.Number, e.Kind, e.Peer, e.Learned}
	}
	in.State = e.State
}

// client follows what a client does and is told, and what an instance answers.
func (f *Follower) client(in *Instance, e *Event) {
	f.operations = Grown(f.operations, int(e.Operation.Number)+1)
	f.clients = Grown(f.clients, int(e.Operation.Holder)+1)
	o, c := &f.operations[e.Operation.Number], &f.clients[e.Operation.Holder]
	switch e.Kind {
	case Call:
		*o = Operation{Operation: e.Operation, Via: e.Instance, Waits: true, Event: e.Number, Call: e.Number, Called: e.At}
		if e.Operation.Kind == protocol.Release {
			c.released = e.Number
			f.hold(c, 0)
		}
	case GiveUp:
		o.Waits = false
	case Answer:
		o.Stage, o.Event, o.Read = Answered, e.Number, e.State
		if in.Round.Operation.Number == e.Operation.Number {
			in.Round = Round{}
		}
	}
	if e.Received() {
		o.Waits, o.Stage, o.Told = false, Answered, e.Outcome
		if e.Outcome == protocol.Acquired && c.released <= o.Call {
			f.hold(c, e.Number)
		}
	}
}

func (f *Follower) hold(c *client, since int) {
	switch {
	case since != 0 && c.since == 0:
		f.Holding++
	case since == 0 && c.since != 0:
		f.Holding--
	}
	c.since = since
}

// phase begins a phase, or ends one without an answer.
func (f *Follower) phase(in *Instance, e *Event) {
	self := protocol.Set(0).With(protocol.Position(e.Instance))
	r := &in.Round
	*r = Round{Operation: e.Operation, Try: e.Try, Began: e.Number, Asked: e.At, Yea: self, Calls: e.Asked}
	stage := Running
	switch {
	case e.Kind == Propose:
		r.Phase, r.ID, r.Base = protocol.Proposing, e.Message.ID, e.State.Accepted
	case e.Kind == Commit:
		r.Phase, r.ID, r.Value = protocol.Committing, e.Proposal.ID, e.Proposal.Holder
		if f.header.RefusesItself(e) {
			r.Yea, r.Nay = 0, self
		}
	case e.Pause:
		stage = Pausing
	default:
		stage = Queued
	}
	if f.header.IsPlayed(e.Instance) {
		r.Yea, r.Nay = 0, 0
		r.ownVote(e)
	}
	f.operations = Grown(f.operations, int(e.Operation.Number)+1)
	o := &f.operations[e.Operation.Number]
	o.Stage, o.Event = stage, e.Number
	if e.Kind == Commit {
		o.Commit = e.Number
	}
	f.ask(e)
}

func (f *Follower) count(in *Instance, e *Event) {
	r, peer := &in.Round, protocol.Position(e.Peer)
	if f.header.IsPlayed(e.Instance) {
		r.ownVote(e)
	}
	yea, noes := r.Yea.Len(), r.Noes().Len()
	switch {
	case e.Kind == Expire:
		in.Expired = e.Number
		r.Silent |= e.Calls
		r.Calls &^= e.Calls
	case e.Kind == Fail:
		r.Failed = r.Failed.With(peer)
	case e.Message.Yes:
		r.Yea = r.Yea.With(peer)
	default:
		r.Nay = r.Nay.With(peer)
	}
	if e.Kind != Expire {
		r.Calls = r.Calls.Without(peer)
	}
	if e.Learned {
		r.Base = e.Message.Proposal
	}
	enough, tooMany := f.header.Enough(e.Instance, r.Phase)
	if yea < enough && r.Yea.Len() >= enough {
		f.Formed = Majority{r.Phase, true, r.Yea}
	} else if noes < tooMany && r.Noes().Len() >= tooMany {
		f.Formed = Majority{r.Phase, false, r.Noes()}
	}
	if e.Asked != 0 {
		r.Calls |= e.Asked
		r.Asked = e.At
	}
	f.ask(e)
}

func (f *Follower) ask(e *Event) {
	if len(f.requests) == 0 {
		return
	}
	for set := e.Asked; set != 0; set = set.Without(set.First()) {
		*f.Request(e.Instance, int8(set.First())) = Request{Left: 1, Kind: e.Kind, Event: e.Number}
	}
}

func (f *Follower) handle(in *Instance, e *Event) {
	if e.Kind == Promise {
		in.Working, in.Handled = f.header.Slow(e.Instance), e.At
	}
	if !e.Message.Yes || e.Peer == None {
		return
	}
	if r := &f.Instances[e.Peer].Round; r.Is(&e.Message) {
		r.Agreed = r.Agreed.With(protocol.Position(e.Instance))
	}
}

// message follows a message of a call that has not ended.
func (f *Follower) message(e *Event) {
	if len(f.requests) == 0 {
		return
	}
	m := &e.Message
	asker, asked := m.Ends()
	r := &f.Instances[asker].Round
	if !r.Calls.Has(asked) || !r.Is(m) {
		return
	}
	q := f.Request(int8(asker), int8(asked))
	switch e.Kind {
	case Duplicate:
		q.Left++
		return
	case Lose:
		if q.Left--; q.Left > 0 {
			return // another one is still to come
		}
	case Promise, Accept:
		q.Promised = e.State.Promised
	}
	q.Kind, q.Reason, q.Event = e.Kind, e.Reason, e.Number
	q.Response = !m.Kind.IsRequest()
}

// stop follows an operation that does not get on.
func (f *Follower) stop(e *Event) {
	f.operations = Grown(f.operations, int(e.Operation.Number)+1)
	o := &f.operations[e.Operation.Number]
	switch {
	case e.Kind == Lose:
		o.Stage = Vanished
	case e.Kind == Hold && e.Reason == NoReason:
		o.Stage = Arrived
	case e.Kind == Hold:
		return // a timer of its round; that its instance is paused says enough
	case e.Reason == MutexWork:
		o.Stage = Delayed
	default:
		o.Stage = Queued
	}
	o.Event = e.Number
}

func (f *Follower) fault(in *Instance, e *Event) {
	switch {
	case e.Reason == AlreadySo:
		// Nothing changes by it.
	case e.Kind == Pause:
		in.Paused = e.Number
	case e.Kind == Resume:
		in.Paused = 0
	case e.Kind == Restart:
		in.Down = 0
	default:
		in.Down, in.Paused, in.Working, in.Round = e.Number, 0, false, Round{}
		f.wipe(e)
	}
}
