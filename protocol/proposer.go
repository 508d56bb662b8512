package protocol

import "math/bits"

// propose begins phase 1 for an operation. (Paxos Made Simple, phase 1 (a);
// published program: Instance.propose.)
func (in *Instance) propose(c *Config, op Operation, try uint8, e *Effects) {
	e.Operation = op
	id, ok := in.nextID(c)
	if !ok {
		// There is no higher ID. Nothing was done, and nothing can be.
		e.Outcome = Unknown
		return
	}
	in.Promised = id // a proposer promises its own ID; nothing as high was promised before
	in.Round = Round{
		Operation: op,
		Try:       try,
		ID:        id,
		Base:      in.Accepted,
		Yea:       Set(0).With(c.Self),
	}
	in.begin(c, Proposing, e)
}

// nextID is the ID of the next round, and false where the numbers end.
func (in *Instance) nextID(c *Config) (ID, bool) {
	step := uint64(c.Increment)
	if c.Rules.Has(UniqueIDs) {
		// The smallest ID above promised that leaves the same remainder as the
		// position, counted from 1, when divided by the size.
		size := uint64(c.Size)
		own := (uint64(c.Self) + 1) % size
		last := uint64(in.Promised) % size
		step = (own+size-last-1)%size + 1
	}
	id, carry := bits.Add64(uint64(in.Promised), step, 0)
	return ID(id), carry == 0
}

func (in *Instance) begin(c *Config, p Phase, e *Effects) {
	in.Round.Phase = p
	e.Began = p
	in.ask(c, e)
}

// ask makes the phase's next calls: all of them, or the one that comes next.
func (in *Instance) ask(c *Config, e *Effects) {
	r, m := &in.Round, &e.Request
	m.Kind, m.From, m.ID = PromiseRequest, c.Self, r.ID
	if r.Phase == Committing {
		m.Kind, m.Proposal = CommitRequest, Proposal{r.ID, r.Value}
	}
	e.Ask = in.unasked(c)
	if !c.Rules.Has(Concurrent) {
		e.Ask = Set(0).With(e.Ask.First())
	}
	r.Calls |= e.Ask
	r.Next = Position(bits.Len64(uint64(e.Ask)))
	e.Deadline = c.Rules.Has(Timeouts)
}

// unasked is the peers that the running phase has not asked yet.
func (in *Instance) unasked(c *Config) Set { return c.Peers() &^ All(int(in.Round.Next)) }

// count takes a response, or the failure of a call, to the running phase.
func (in *Instance) count(c *Config, m *Message, e *Effects) {
	r := &in.Round
	e.Operation = r.Operation
	if r.Phase == Idle || r.Phase != m.Phase() || r.ID != m.ID || !r.Calls.Has(m.From) {
		e.Verdict = Ignores
		e.Counted = in.State
		return
	}
	r.Calls = r.Calls.Without(m.From)
	e.Verdict = CountsNay
	if m.Yes {
		e.Verdict = CountsYea
		r.Yea = r.Yea.With(m.From)
	} else {
		r.Nay = r.Nay.With(m.From)
	}
	if known := in.learned(c); m.Kind == PromiseResponse && m.Proposal.ID > known.ID {
		*known, e.Learned = m.Proposal, true
	}
	r.Told = max(r.Told, m.Told)
	e.Counted = in.State
	in.advance(c, e)
}

func (in *Instance) expire(c *Config, e *Effects) {
	r := &in.Round
	e.Operation = r.Operation
	e.Verdict = Expires
	e.Expired = r.Calls
	r.Nay |= r.Calls
	r.Calls = 0
	e.Counted = in.State
	in.advance(c, e)
}

// learned is where the highest known proposal is kept.
func (in *Instance) learned(c *Config) *Proposal {
	if c.Rules.Has(LearnAside) {
		return &in.Round.Base
	}
	// Published program: what is heard of replaces what was accepted.
	return &in.Accepted
}

// advance ends the phase if it is decided, or goes on with the next peer.
func (in *Instance) advance(c *Config, e *Effects) {
	r := &in.Round
	yea, nay := c.Quorums.Enough(c.Rules, r.Phase, c.Size)
	certain := r.Yea.Len() >= yea || r.Nay.Len() >= nay
	switch {
	case certain && c.Rules.Has(r.Phase.EarlyStop()):
		in.end(c, e)
	case r.Calls != 0:
		// Answers are still to come.
	case in.unasked(c) != 0:
		in.ask(c, e)
	default:
		in.end(c, e)
	}
}

// end closes the running phase and does what follows from its votes: phase 2, a retry, or
// an answer.
func (in *Instance) end(c *Config, e *Effects) {
	r := &in.Round
	e.Ended = r.Phase
	e.Yea, e.Nay, e.Cancelled = r.Yea, r.Nay, r.Calls
	yea, _ := c.Quorums.Enough(c.Rules, r.Phase, c.Size)
	e.Won = r.Yea.Len() >= yea
	if r.Phase == Proposing {
		base := *in.learned(c)
		if base.ID > in.Promised {
			in.Promised = base.ID
			e.Jumped = true
		}
		// Nobody promised this proposer anything above r.ID.
		foreign := base.ID > r.ID && c.Rules.Has(OwnID)
		if e.Won && !foreign {
			in.proposeCommit(c, base, e)
			return
		}
	}
	in.Promised = max(in.Promised, r.Told) // from now on the acceptor beside it knows it, too
	if r.Phase == Proposing && r.Try < Retries {
		e.Retry, e.Pause = r.Try+1, c.Rules.Has(Backoff)
	} else {
		in.answer(c, r.Operation, e.Won && r.Phase == Committing, r.Value, e)
	}
	in.Round = Round{}
}

// proposeCommit begins phase 2. (Paxos Made Simple, phase 2 (a); published
// program: Instance.commit.)
func (in *Instance) proposeCommit(c *Config, base Proposal, e *Effects) {
	r := &in.Round
	r.ID = max(r.ID, base.ID) // higher only without own-id: the published jump
	if !c.Rules.Has(Adopt) {
		base = Proposal{}
	}
	r.Value = r.Operation.Change(c.Rules, base.Holder)
	r.Calls, r.Yea, r.Nay, r.Next = 0, 0, 0, 0
	e.Base = base

	own, committed := Proposal{r.ID, r.Value}, true
	if c.Rules.Has(SelfRules) {
		e.Stored, committed = in.accept(c, own)
	} else {
		in.Accepted, e.Stored = own, true
	}
	if committed {
		r.Yea = r.Yea.With(c.Self)
	} else {
		r.Nay = r.Nay.With(c.Self)
	}
	in.begin(c, Committing, e)
}

// Change is the holder that the operation makes of the holder that it finds:
// the lock register's function. (CASPaxos, section 2.2.)
func (op Operation) Change(rules Rules, holder Holder) Holder {
	switch {
	case op.Kind == Acquire && holder == Free:
		return op.Holder
	case op.Kind == Release && (holder == op.Holder || !rules.Has(OwnerRelease)):
		return Free
	}
	return holder
}

// Explains reports whether a commit's value may have been made from a holder for the
// operation, whether the rule owner-release is on or off.
func (op Operation) Explains(base, value Holder) bool {
	return op.Change(OwnerRelease, base) == value || op.Change(0, base) == value
}

// answer ends the operation. Committed says whether a majority accepted value.
func (in *Instance) answer(c *Config, op Operation, committed bool, value Holder, e *Effects) {
	if !c.Rules.Has(AckMajority) {
		// Published program: local state is believed, whatever happened before.
		value = in.Accepted.Holder
	} else if !committed {
		e.Outcome = Unknown
		return
	}
	e.Holder = value
	switch {
	case op.Kind == Acquire && value == op.Holder:
		e.Outcome = Acquired
	case op.Kind == Acquire:
		e.Outcome = Refused
	case value == Free:
		e.Outcome = Released
	default:
		e.Outcome = NotReleased
	}
}
