package check

import (
	"skinny/protocol"
	"skinny/sim/trace"
)

// scene is what everybody waits for at one moment, as far as events tell.
type scene struct {
	waiters   []waiter   // by operation number, from 1
	proposers []proposer // by instance
	requests  []request  // of the running phases, by who asks and who is asked
}

// waiter is an operation with its client.
type waiter struct {
	protocol.Operation
	via      int8
	waits    bool // the client does
	fresh    bool // called when nothing went wrong any more
	stage    stage
	event    int // by which it came to its stage
	called   trace.Time
	deadline trace.Time
}

// stage is how far an operation has come.
type stage uint8

const (
	calling  stage = iota // the call is under way
	arrived               // a paused instance holds it
	queued                // it waits for its turn, or for the mutex
	working               // likewise, for the end of the work on a promise request
	running               // its round is
	pausing               // until its retry
	answered              // or failed; the client may not know yet
	vanished              // the call is lost
	wiped                 // by a crash
)

var stageNames = [...]string{"calling", "arrived", "queued", "working", "running", "pausing", "answered", "vanished", "wiped"}

// open reports whether others may have to wait for an operation.
func (w *waiter) open() bool {
	return w.stage < answered || w.stage == answered && w.waits
}

// excused reports whether the operation was called before nothing went wrong any
// more, and nobody is left who could answer it.
func (w *waiter) excused() bool { return !w.fresh && w.stage > answered }

// proposer is an instance and the phase that it runs.
type proposer struct {
	op     uint32 // the operation whose round it runs, or that pauses; 0: none
	phase  protocol.Phase
	try    uint8
	id     protocol.ID
	calls  protocol.Set // the peers that have not answered
	paused int          // the event by which it was, or 0
	down   int          // likewise
}

// request is what became of a request of a running phase.
type request struct {
	left     int8       // its messages and their answers that are not lost
	kind     trace.Kind // of the last event about them
	reason   trace.Reason
	response bool // that event was about the answer
	event    int
	promised protocol.ID // what the one asked had promised when it answered
}

func (s *scene) reset(size int) {
	s.waiters = s.waiters[:0]
	s.proposers = resize(s.proposers, size)
	s.requests = resize(s.requests, size*size)
}

// waiter is the operation that an event is about.
func (s *scene) waiter(e *trace.Event) *waiter { return &s.waiters[e.Operation.Number-1] }

// request is that of one instance to another.
func (s *scene) request(from, to int) *request { return &s.requests[from*len(s.proposers)+to] }

// observe brings the scene up to date.
func (s *scene) observe(e *trace.Event) {
	switch e.Kind {
	case trace.Call:
		s.waiters = append(s.waiters, waiter{
			Operation: e.Operation, via: e.Instance, waits: true, event: e.Number, called: e.At, deadline: never,
		})
	case trace.GiveUp:
		s.waiter(e).waits = false
	case trace.Answer:
		s.answer(e)
	case trace.Receive:
		w := s.waiter(e)
		w.waits, w.stage = false, answered
	case trace.Propose, trace.Commit, trace.Backoff:
		s.round(e)
	case trace.Count, trace.Fail, trace.Expire:
		s.count(e)
	case trace.Promise, trace.Accept, trace.Reply, trace.Refuse, trace.Duplicate:
		s.message(e)
	case trace.Wait, trace.Hold, trace.Lose:
		if e.Message.Kind != protocol.NoMessage {
			s.message(e)
		} else {
			s.operation(e)
		}
	case trace.Pause, trace.Resume, trace.Crash, trace.Restart:
		s.fault(e)
	}
}

// answer ends an operation at its instance.
func (s *scene) answer(e *trace.Event) {
	w := s.waiter(e)
	w.stage, w.event = answered, e.Number
	if e.Direct {
		w.waits = false
	}
	if n := &s.proposers[e.Instance]; n.op == e.Operation.Number {
		n.op, n.phase = 0, protocol.Idle
	}
}

// round begins a phase, or ends one without an answer.
func (s *scene) round(e *trace.Event) {
	w, n := s.waiter(e), &s.proposers[e.Instance]
	w.stage, w.event = running, e.Number
	n.op, n.try, n.calls = e.Operation.Number, e.Try, 0
	n.id = e.Message.ID
	switch {
	case e.Kind == trace.Propose:
		n.phase = protocol.Proposing
	case e.Kind == trace.Commit:
		n.phase = protocol.Committing
	case e.Pause:
		n.phase, w.stage = protocol.Idle, pausing
	default:
		n.phase, w.stage = protocol.Idle, queued
	}
	s.ask(e)
}

// count ends calls, and may make the next one.
func (s *scene) count(e *trace.Event) {
	n := &s.proposers[e.Instance]
	if e.Kind == trace.Expire {
		n.calls &^= e.Calls
	} else {
		n.calls = n.calls.Without(protocol.Position(e.Peer))
	}
	s.ask(e)
}

// ask makes the calls that follow from an event.
func (s *scene) ask(e *trace.Event) {
	s.proposers[e.Instance].calls |= e.Asked
	for set := e.Asked; set != 0; set = set.Without(set.First()) {
		*s.request(int(e.Instance), int(set.First())) = request{left: 1, kind: e.Kind, event: e.Number}
	}
}

// message follows a message that belongs to a phase that runs.
func (s *scene) message(e *trace.Event) {
	m := &e.Message
	asker, asked, phase := m.To, m.From, m.Kind.Phase()
	if m.Kind.IsRequest() {
		asker, asked = asked, asker
	} else if m.Kind == protocol.Failure {
		phase = m.Call.Phase()
	}
	n := &s.proposers[asker]
	if n.phase != phase || n.id != m.ID || !n.calls.Has(asked) {
		return
	}
	r := s.request(int(asker), int(asked))
	switch e.Kind {
	case trace.Duplicate:
		r.left++
		return
	case trace.Lose:
		if r.left--; r.left > 0 {
			return // another one is still to come
		}
	case trace.Promise, trace.Accept:
		r.promised = e.State.Promised
	}
	r.kind, r.reason, r.event = e.Kind, e.Reason, e.Number
	r.response = !m.Kind.IsRequest()
}

// operation follows an operation that does not get on.
func (s *scene) operation(e *trace.Event) {
	w := s.waiter(e)
	switch {
	case e.Kind == trace.Lose:
		w.stage = vanished
	case e.Kind == trace.Hold && e.Reason == trace.NoReason:
		w.stage = arrived
	case e.Kind == trace.Hold:
		return // a timer of its round; that its instance is paused says enough
	case e.Reason == trace.MutexWork:
		w.stage = working
	default:
		w.stage = queued
	}
	w.event = e.Number
}

// fault follows what happens to an instance's process.
func (s *scene) fault(e *trace.Event) {
	n := &s.proposers[e.Instance]
	switch {
	case e.Reason == trace.AlreadySo:
		// Nothing changes by it.
	case e.Kind == trace.Pause:
		n.paused = e.Number
	case e.Kind == trace.Resume:
		n.paused = 0
	case e.Kind == trace.Restart:
		n.down = 0
	default:
		*n = proposer{down: e.Number}
		s.wipe(e)
	}
}

// wipe ends what was at an instance that has crashed. With its host up, the clients
// are told.
func (s *scene) wipe(e *trace.Event) {
	for i := range s.waiters {
		w := &s.waiters[i]
		if w.via != e.Instance || w.stage == calling || w.stage >= answered {
			continue
		}
		w.stage, w.event = wiped, e.Number
		if e.HostUp {
			w.stage = answered
		}
	}
}
