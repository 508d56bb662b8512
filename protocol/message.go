package protocol

import "math/bits"

// ID is the number of a round (Paxos: ballot). 0 means: none yet.
type ID uint64

// Holder is the number of a client that may hold the lock; names are kept
// elsewhere.
type Holder uint32

// Free is the holder of a lock that nobody holds (published program: "").
const Free Holder = 0

// Proposal is a value under an ID: what a commit asks for and what an acceptor
// last accepted. The zero Proposal means that nothing was accepted yet.
type Proposal struct {
	ID     ID
	Holder Holder
}

// MaxSize is the highest number of instances in a cluster: the bits of a [Set].
const MaxSize = 64

// Position is an instance's place in the cluster in display order, from 0.
type Position uint8

// Set is a set of positions.
type Set uint64

// All is the set of the first size positions.
func All(size int) Set { return Set(1)<<size - 1 }

// Has reports whether p is in the set.
func (s Set) Has(p Position) bool { return s>>p&1 != 0 }

// With is the set and p.
func (s Set) With(p Position) Set { return s | 1<<p }

// Without is the set without p.
func (s Set) Without(p Position) Set { return s &^ (1 << p) }

// Len is the number of positions in the set.
func (s Set) Len() int { return bits.OnesCount64(uint64(s)) }

// First is the lowest position of the set, which must not be empty.
func (s Set) First() Position { return Position(bits.TrailingZeros64(uint64(s))) }

// MessageKind tells the messages between instances apart.
type MessageKind uint8

// The messages between instances. A Failure stands for a call that met nobody
// ("connection refused"); no instance sends it, the network does.
const (
	NoMessage MessageKind = iota
	PromiseRequest
	PromiseResponse
	CommitRequest
	CommitResponse
	Failure
)

// IsRequest reports whether the message asks for an answer.
func (k MessageKind) IsRequest() bool { return k == PromiseRequest || k == CommitRequest }

// Phase is the phase of a round that the message belongs to; a Failure belongs to that
// of the call that failed.
func (m *Message) Phase() Phase {
	kind := m.Kind
	if kind == Failure {
		kind = m.Call
	}
	switch kind {
	case PromiseRequest, PromiseResponse:
		return Proposing
	case CommitRequest, CommitResponse:
		return Committing
	}
	return Idle
}

// Response is the kind of message that answers this kind of request.
func (k MessageKind) Response() MessageKind {
	if k.IsRequest() {
		return k + 1
	}
	return NoMessage
}

// Message is one message between two instances.
type Message struct {
	Kind MessageKind
	From Position
	To   Position

	// Call is, in a Failure, the kind of the request that failed.
	Call MessageKind

	// Yes says in a response: promised, or committed.
	Yes bool

	// ID is the round's ID. Responses and failures repeat it, so that a call
	// can be told from an earlier one.
	ID ID

	// Proposal is the last accepted proposal in a promise response, yes or no,
	// and what is to be accepted in a commit request.
	Proposal Proposal

	// Told is what the acceptor has promised, in a refusal under the rule
	// tell-promised; otherwise 0.
	Told ID
}

// Ends is who makes the call that the message belongs to, and whom.
func (m *Message) Ends() (asker, asked Position) {
	if m.Kind.IsRequest() {
		return m.From, m.To
	}
	return m.To, m.From
}

// OperationKind is what a client wants from the lock.
type OperationKind uint8

// What clients call. Status only reads one instance and starts no round.
const (
	NoOperation OperationKind = iota
	Acquire
	Release
	Status
)

// Operation is one call of a client.
type Operation struct {
	Kind   OperationKind
	Holder Holder // who calls; a release names its holder, whether that is checked or not
	Number uint32 // the operation's number in its run, from 1
}

// Outcome is how an operation ended for its client.
type Outcome uint8

// The outcomes. The instance says the first six; Failed (connection refused)
// and no answer at all, NoOutcome, are what the network makes of it.
const (
	NoOutcome   Outcome = iota
	Acquired            // the lock is the client's
	Refused             // somebody else holds the lock
	Released            // the lock is free
	NotReleased         // the lock is somebody else's, nothing was changed
	Unknown             // the instance does not know, and says so
	Answered            // a status was read
	Failed              // nobody was there to answer
)
