package protocol

// Config is what never changes about an instance.
type Config struct {
	Rules     Rules
	Quorums   Quorums
	Size      int      // instances in the cluster, 2 to MaxSize
	Self      Position // this instance
	Increment ID       // added to promised for the next ID, unless unique-ids is on; at least 1
}

// Peers is everybody but the instance itself.
func (c *Config) Peers() Set { return All(c.Size).Without(c.Self) }

// State is what Skinny's status shows of an instance, and what the rule durable
// keeps over a restart.
type State struct {
	Promised ID       // highest ID promised, own rounds included
	Accepted Proposal // last commit accepted (the published program: id and holder)
}

// Phase says what an instance's round is at.
type Phase uint8

// The phases of a round.
const (
	Idle       Phase = iota // no round
	Proposing               // phase 1: promises are asked for
	Committing              // phase 2: a commit is asked for
)

// Round is the round that an instance is running as a proposer.
type Round struct {
	Phase     Phase
	Operation Operation
	Try       uint8    // 0, or the number of the retry
	Next      Position // the first peer not asked yet, in display order
	Value     Holder   // phase 2: what is committed
	ID        ID       // the ID that the running phase asks for
	Base      Proposal // phase 1: highest proposal learned, under the rule learn-aside
	Told      ID       // highest promise that a refusal told
	Calls     Set      // peers that were asked and have not answered
	Yea, Nay  Set      // votes; a call that failed is a nay
}

// Instance is one server of the lock service. The zero Instance is one that has
// never run.
type Instance struct {
	State
	Round Round
}

// Retries is how often a failed phase 1 is tried again.
const Retries = 3

// InputKind tells what can happen to an instance.
type InputKind uint8

// What can happen to an instance.
const (
	Deliver InputKind = iota // Message arrives: a request to handle, a response or failure to count
	Start                    // Operation gets its turn, for the first time (Try 0) or again
	Expire                   // the deadline of the running phase, or of its one call, passes
)

// Input is one thing that happens to an instance.
type Input struct {
	Kind      InputKind
	Try       uint8
	Message   Message
	Operation Operation
}

// Verdict says what became of an input.
type Verdict uint8

// The verdicts.
const (
	NoVerdict Verdict = iota
	Promises          // phase 1 request: yes
	Denies            // phase 1 request: no, something as high was promised
	Accepts           // phase 2 request: stored, and answered committed
	Rejects           // phase 2 request: not stored
	Pretends          // phase 2 request: not stored, yet answered committed, since the IDs are equal
	CountsYea         // response of a call under way: yes
	CountsNay         // response of a call under way: no, or its failure
	Ignores           // response or failure that belongs to no call under way
	Expires           // calls failed by the deadline
)

// Effects is what has to happen after a step, in the order of the fields. Where
// a field is zero, nothing of that kind does.
type Effects struct {
	Verdict Verdict
	Learned bool    // the response counted carried a higher proposal than was known
	Expired Set     // the calls that the deadline failed
	Counted State   // the instance's state when votes were counted, before what follows from them
	Reply   Message // to be sent to the caller

	// A phase that ended, with its votes; its calls still under way (Cancelled)
	// are cancelled: they are delivered all the same, but their answers are
	// ignored. Won says that the phase had its majority; a won phase 1 is still
	// followed by a retry where own-id forbids to commit.
	Ended     Phase
	Won       bool
	Jumped    bool // phase 1 raised promised to a learned ID
	Yea, Nay  Set
	Cancelled Set

	// A phase that began.
	Began  Phase
	Base   Proposal // phase 2: what the value was computed from
	Stored bool     // phase 2: the own acceptor stored it

	// Request goes to every peer in Ask, in display order. With Deadline, the
	// calls fail when the instance's timeout has passed; the deadline of earlier
	// calls is void.
	Ask      Set
	Request  Message
	Deadline bool

	// Retry is the number of the retry that the operation is to make, after a
	// pause if Pause is set, or at once.
	Retry uint8
	Pause bool

	// Outcome ends the operation. Holder is who holds the lock, as far as the
	// answer says so.
	Outcome Outcome
	Holder  Holder

	Operation Operation // whose round this was about
}

// Step makes the instance do what it does when i happens to it. An operation is
// only started while no round is running, and a deadline only passes while calls
// are under way; anything may be delivered at any time.
func (in *Instance) Step(c *Config, i *Input, e *Effects) {
	*e = Effects{}
	switch i.Kind {
	case Start:
		in.propose(c, i.Operation, i.Try, e)
	case Expire:
		in.expire(c, e)
	case Deliver:
		switch i.Message.Kind {
		case PromiseRequest:
			in.promise(c, &i.Message, e)
		case CommitRequest:
			in.commit(c, &i.Message, e)
		default:
			in.count(c, &i.Message, e)
		}
	}
}

// Restart makes the instance what it is after a crash and a restart.
func (in *Instance) Restart(c *Config) {
	in.Round = Round{}
	if !c.Rules.Has(Durable) {
		// Published program: everything is in memory only.
		in.State = State{}
	}
}
