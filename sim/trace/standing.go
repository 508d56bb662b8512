package trace

import "skinny/protocol"

// Majority is the votes that decide a phase. The zero Majority is none.
type Majority struct {
	Phase protocol.Phase
	Yes   bool
	Votes protocol.Set
}

// Instance is how an instance stands.
type Instance struct {
	State    protocol.State
	Promised Source // of State.Promised
	Accepted Source // of State.Accepted

	Down     int  // the event by which it went down, or 0
	Paused   int  // the event by which it was paused, or 0
	Isolated bool // cut from its peers
	Working  bool // on an answer (promise-delay), its mutex held
	Handled  Time // when it handled its last promise request
	Expired  int  // the event by which a deadline of its rounds passed last, or 0

	Round Round
}

// Source is the event by which something came to be known.
type Source struct {
	Event   int // 0: none
	Kind    Kind
	Peer    int8
	Learned bool // in a response, or by a jump; not by storing it
}

// Round is the round that an instance runs, and how the votes of its phase stand.
type Round struct {
	Operation protocol.Operation // whose round it is, also before a retry; none: nobody's
	Phase     protocol.Phase     // Idle: it waits for its next try
	Try       uint8
	ID        protocol.ID
	Value     protocol.Holder   // phase 2: what is committed
	Base      protocol.Proposal // phase 1: the highest proposal known, under the rule learn-aside
	Began     int               // the event by which the phase began
	Asked     Time              // when its last calls were made

	Yea, Nay protocol.Set // who answered, and what; the proposer itself included
	Failed   protocol.Set // whose call failed
	Silent   protocol.Set // who did not answer in time
	Agreed   protocol.Set // who handled the request with yes, whether that was heard or not
	Calls    protocol.Set // the peers that have been asked and have not answered
}

// ownVote takes the own vote of a proposer that a program plays: it is given once its state
// shows it.
func (r *Round) ownVote(e *Event) {
	self := protocol.Position(e.Instance)
	own := protocol.Proposal{ID: r.ID, Holder: r.Value}
	if r.Phase == protocol.Proposing && e.State.Promised >= r.ID || r.Phase == protocol.Committing && e.State.Accepted == own {
		r.Yea = r.Yea.With(self)
	}
}

// Noes is who counts as a no.
func (r *Round) Noes() protocol.Set { return r.Nay | r.Failed | r.Silent }

// Is reports whether a phase runs that a message belongs to.
func (r *Round) Is(m *protocol.Message) bool { return r.Phase == m.Phase() && r.ID == m.ID }

// MutexHeld reports whether an instance lets nobody else in.
func (in *Instance) MutexHeld(rules protocol.Rules) bool {
	return in.Working || in.Round.Phase != protocol.Idle && !rules.Has(protocol.Yield)
}

// Stage is how far an operation has come.
type Stage uint8

// The stages.
const (
	Calling  Stage = iota // the call is under way
	Arrived               // a paused instance holds it
	Queued                // it waits for its turn, or for the mutex
	Delayed               // likewise, for the end of the work on a promise request
	Running               // its round is
	Pausing               // until its retry
	Answered              // or failed; the client may not know yet
	Vanished              // the call is lost
	Wiped                 // by a crash
)

// Operation is how an operation stands.
type Operation struct {
	protocol.Operation
	Via    int8
	Waits  bool // its client does
	Stage  Stage
	Event  int // by which it came to its stage
	Call   int // the event by which it was called
	Called Time
	Commit int              // the event of its last commit, 0 before
	Told   protocol.Outcome // what its client was told
	Read   protocol.State   // what a status has read
}

// Request is what became of a request of a running phase.
type Request struct {
	Left     int8 // its messages and their answers that are not lost
	Kind     Kind // of the last event about them
	Reason   Reason
	Response bool // that event was about the answer
	Event    int
	Promised protocol.ID // what the one asked had promised when it answered
}

// wipe ends what was at an instance that has crashed. With its host up, clients are told.
func (f *Follower) wipe(e *Event) {
	for i := range f.operations[1:] {
		o := &f.operations[i+1]
		if o.Via != e.Instance || o.Stage == Calling || o.Stage >= Answered {
			continue
		}
		o.Stage, o.Event = Wiped, e.Number
		if e.HostUp {
			o.Stage = Answered
		}
	}
}
