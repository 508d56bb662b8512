package protocol

// promise answers a phase 1 request. (Paxos Made Simple, phase 1 (b); published
// program: Instance.Promise.)
func (in *Instance) promise(c *Config, m *Message, e *Effects) {
	yes := m.ID > in.Promised
	if !c.Rules.Has(PromiseOnce) {
		yes = m.ID >= in.Promised
	}
	e.Verdict = Denies
	if yes {
		in.Promised = m.ID
		e.Verdict = Promises
	}
	// The last accepted proposal goes along with a refusal too: published
	// proposers learn from both.
	in.reply(c, m, yes, e)
	e.Reply.Proposal = in.Accepted
}

// commit answers a phase 2 request. (Paxos Made Simple, phase 2 (b); published
// program: Instance.Commit.)
func (in *Instance) commit(c *Config, m *Message, e *Effects) {
	stored, committed := in.accept(c, m.Proposal)
	switch {
	case stored:
		e.Verdict = Accepts
	case committed:
		e.Verdict = Pretends
	default:
		e.Verdict = Rejects
	}
	in.reply(c, m, committed, e)
}

// accept stores p if the rules allow it. Committed is what a caller is told.
func (in *Instance) accept(c *Config, p Proposal) (stored, committed bool) {
	if p.ID >= in.Promised || !c.Rules.Has(RefuseStale) {
		in.Accepted = p
		stored = true
	}
	if stored && c.Rules.Has(AcceptRaises) {
		// Never down: without refuse-stale p may be below the promise.
		in.Promised = max(in.Promised, p.ID)
	}
	if c.Rules.Has(AckAccepted) {
		return stored, stored
	}
	return stored, p.ID == in.Accepted.ID
}

func (in *Instance) reply(c *Config, m *Message, yes bool, e *Effects) {
	r := &e.Reply
	r.Kind, r.From, r.To = m.Kind.Response(), m.To, m.From
	r.ID, r.Yes = m.ID, yes
	if !yes && c.Rules.Has(TellPromised) {
		r.Told = in.Promised
	}
}
