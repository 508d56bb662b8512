// Package trace is what happened in a run: one [Event] after the other, each
// with the number of the event that caused it, and their form as JSON Lines.
//
// It is a leaf: judges, narrators and diagrams read traces and need to know
// nothing of the simulator that wrote them.
package trace

import "skinny/protocol"

// Time is a moment of simulated time, or a span of it, in nanoseconds. Runs
// start at 0.
type Time int64

// Units of Time.
const (
	Microsecond Time = 1_000
	Millisecond Time = 1_000 * Microsecond
	Second      Time = 1_000 * Millisecond
)

// Kind tells events apart.
type Kind uint8

// The kinds of events. Unless it says otherwise, Instance is where the event
// happens and Peer is the other end.
const (
	NoKind Kind = iota

	// Clients. Operation is set.
	Call    // the client calls Instance
	Answer  // Instance answers; Outcome, Holder. Direct: the client has it at once
	Receive // the client receives the answer, or learns that nobody was there (Failed)
	GiveUp  // the client stops waiting; the operation goes on

	// An instance's own rounds. Operation is set.
	Propose // phase 1 begins: ID, Try
	Commit  // phase 2 begins: Proposal, Base, Stored; Yea and Nay are phase 1's
	Backoff // a phase 1 ended without a commit; Try is the retry to come, Pause if it waits before
	Expire  // the deadline passes: Calls are those that fail

	// Messages.
	Promise   // a promise request is handled; Message is the response
	Accept    // a commit request is handled; Message is the response, Proposal what was asked, Stored
	Reply     // an answer that took its time (promise-delay) leaves
	Count     // a response counts; Message. Learned says that it taught something
	Ignore    // a response or failure comes too late; Reason
	Fail      // a call fails, connection refused; Message
	Wait      // a request or an operation waits for the mutex or its turn
	Hold      // what arrives or falls due at a paused instance waits
	Lose      // a message is lost; Reason. Instance is its sender (the one called, for a client's call), Peer its receiver
	Duplicate // the network makes a copy of a message. Instance is its sender
	Refuse    // a request finds nobody at Instance, but the host is up

	// Faults. Peer or Groups say what else is concerned.
	Crash
	Restart
	Pause
	Resume
	Cut
	Mend
	Isolate
	Rejoin // an isolation ends
	Partition
	Unite   // a partition ends
	HealAll // every cut, isolation and partition ends
	Wipe    // an instance that is down has lost all that it had stored
	Tear    // an instance that is down has lost what it had stored last

	Step // an instance's program says something (Text), asks aside from a round (Asked), or makes nothing of what another kind would tell

	kinds
)

// Kinds lists all kinds, in their order.
func Kinds() (list []Kind) {
	for k := NoKind + 1; k < kinds; k++ {
		list = append(list, k)
	}
	return list
}

// Reason says more precisely why an event is what it is.
type Reason uint8

// The reasons.
const (
	NoReason Reason = iota

	// Lose
	DroppedByHand  // the scenario, the network's chance or the user says so
	CutAtSending   // the link was down when the message left
	CutAtArrival   // the link was down when the message would have arrived
	HostDown       // nobody is there and nobody says so
	ReceiverDown   // the answer finds its asker crashed
	ForgottenCrash // it waited in an instance that crashed with its host

	// Ignore
	PhaseOver    // the phase that asked has ended, by majority or deadline
	CallOver     // the phase still runs, but this call has its answer or has failed
	AskerRestart // the process that asked is gone
	ClientGone   // also Answer: the client has stopped waiting

	// Wait
	MutexHeld // the instance runs a round and holds its mutex over it
	MutexWork // the instance is at work on an answer
	TurnTaken // another operation has its turn

	// Hold: it is no message or call, but
	DeadlineDue // the deadline of the running phase
	RetryDue    // the end of a pause before a retry
	WorkDue     // the end of the work on an answer

	// Fail, Receive
	RefusedByHand // the scenario or the user says so
	CrashedPeer   // nobody is there, the host is up

	// Crash, Restart, Pause, ...: nothing changed
	AlreadySo

	reasons
)

// None stands for no instance in Event.Instance and Event.Peer.
const None int8 = -1

// Event is one thing that happened. Which fields mean something depends on the
// kind; the others are zero (Instance and Peer: None).
type Event struct {
	Number int  // from 1
	Cause  int  // the number of the event that caused it; 0 for what the scenario or the user does
	At     Time // when
	Kind   Kind
	Reason Reason

	Instance int8
	Peer     int8

	Try     uint8
	Outcome protocol.Outcome
	Stored  bool // a commit was stored by the acceptor
	Learned bool // the response taught a higher proposal
	Jumped  bool // phase 1 raised promised to a learned ID
	Pause   bool // Backoff: it waits before it tries again
	Direct  bool // Answer: the client has it at once
	HostUp  bool // Crash: the host stays up, so calls fail at once
	Won     bool // Commit, Backoff, Answer: the phase that ended had its majority
	Copy    bool // the message is a copy made by the network
	Note    bool // what the event is about, or what is sent by it, carries a note from one program to another

	Operation protocol.Operation
	Holder    protocol.Holder // Answer, Receive: who holds the lock, as far as the answer says

	// Message is the message that the event is about. At Promise and Accept it
	// is the response, which repeats the request's ID.
	Message protocol.Message
	Nth     uint32 // Message's number among those of its kind on its link

	Proposal protocol.Proposal // Commit, Accept: what is to be accepted
	Base     protocol.Proposal // Commit: what the value was computed from
	Yea, Nay protocol.Set      // Commit, Backoff, Answer: votes of the phase that ended
	Calls    protocol.Set      // Expire: the calls that failed
	Asked    protocol.Set      // the peers that are asked in consequence
	Groups   []protocol.Set    // Partition
	Text     string            // Step: what the program says

	// State is Instance's state after the event.
	State protocol.State
}

// Observer is told every event as it happens. The event is only valid during the
// call, and is not to be changed.
type Observer interface{ Observe(e *Event) }

// Received reports whether a client receives an answer by this event.
func (e *Event) Received() bool { return e.Kind == Receive || e.Direct }

// Log keeps all events of a run. It is an Observer.
type Log struct{ Events []Event }

// Observe keeps a copy of the event.
func (l *Log) Observe(e *Event) { l.Events = append(l.Events, *e) }

// Len is the number of events.
func (l *Log) Len() int { return len(l.Events) }

// Event is the event of this number, which must be in the log.
func (l *Log) Event(number int) *Event { return &l.Events[number-1] }

// Tee tells several observers the same events, in order.
type Tee []Observer

// Observe passes the event on.
func (t Tee) Observe(e *Event) {
	for _, o := range t {
		o.Observe(e)
	}
}
