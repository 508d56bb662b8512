// Skinny with every rule on: instances that agree on who holds a lock.
package main

import "slices"

const (
	retries = 3
	lastID  = 1<<53 - 1 // the highest number that every language reads exactly
)

// Disk is what survives a crash.
type Disk struct {
	Promised uint64 `json:"promised"`
	Proposal        // accepted last
}

// Memory is what the instance knows.
type Memory struct {
	Disk
	Round *Round `json:"round"`
}

// Round is what the instance is doing for a client.
type Round struct {
	Phase     string   `json:"phase"`
	ID        uint64   `json:"id"`
	Told      uint64   `json:"told"`
	Operation string   `json:"operation"`
	Client    string   `json:"client"`
	Try       int      `json:"try"`
	Base      Proposal `json:"base"`
	Value     string   `json:"value"`
	Yea       int      `json:"yea"`
	Nay       int      `json:"nay"`
	Waiting   []string `json:"waiting"`
}

// start is what is remembered at first, and after a crash.
func start(d *Disk) *Memory {
	if d == nil {
		d = &Disk{}
	}
	return &Memory{Disk: *d}
}

// State is what status shows.
func (m *Memory) State() State { return State(m.Disk) }

// store keeps promises and commits over a crash.
func (s *Step) store() {
	d := s.Memory.Disk
	s.Disk = &d
}

func (s *Step) react(e *Event) {
	switch e.Type {
	case "promise":
		s.promise(e)
	case "commit":
		s.commit(e)
	case "acquire", "release":
		s.propose(e)
	case "promised":
		s.promised(e)
	case "committed":
		s.vote("commit", e, e.Yes)
	case "failed":
		s.vote(e.Call, e, false)
	case "timeout":
		s.timeout()
	}
}

// promise: a peer asks for the promise to accept nothing below an ID.
func (s *Step) promise(e *Event) {
	m := s.Memory
	yes := e.ID > m.Promised
	if yes {
		m.Promised = e.ID
	}
	s.reply("promised", e, yes, Fields{"accepted": m.Proposal})
}

// commit: a peer asks to accept a holder under an ID.
func (s *Step) commit(e *Event) {
	yes := s.accept(Proposal{e.ID, e.Holder})
	s.reply("committed", e, yes, Fields{})
}

// reply answers a request; a refusal says what was promised.
func (s *Step) reply(kind string, e *Event, yes bool, fields Fields) {
	s.store()
	fields["id"], fields["yes"], fields["told"] = e.ID, yes, 0
	if !yes {
		fields["told"] = s.Memory.Promised
	}
	s.Send(kind, e.From, fields)
}

// accept accepts a proposal, unless something higher was promised.
func (s *Step) accept(p Proposal) bool {
	if p.ID < s.Memory.Promised {
		return false
	}
	s.Memory.Disk = Disk{p.ID, p}
	return true
}

// propose: an operation has its turn, and phase 1 begins.
func (s *Step) propose(e *Event) {
	m := s.Memory
	id := s.nextID()
	if id > lastID {
		s.Unknown()
		return
	}
	m.Promised = id
	m.Round = &Round{Phase: "promise", ID: id, Operation: e.Type, Client: e.Holder, Try: e.Try, Base: m.Proposal}
	s.ask(true)
}

// nextID is the next ID that is only this instance's: they take turns.
func (s *Step) nextID() uint64 {
	size := uint64(len(s.Instances))
	own := uint64(slices.Index(s.Instances, s.Name)) + 1
	return s.Memory.Promised + (own+size-s.Memory.Promised%size-1)%size + 1
}

// ask asks all peers at once. The instance itself has voted already.
func (s *Step) ask(own bool) {
	s.store()
	r := s.Memory.Round
	r.Yea, r.Nay, r.Waiting = 1, 0, s.Peers
	if !own {
		r.Yea, r.Nay = 0, 1
	}
	for _, peer := range s.Peers {
		fields := Fields{"id": r.ID}
		if r.Phase == "commit" {
			fields["holder"] = r.Value
		}
		s.Send(r.Phase, peer, fields)
	}
	s.Timer()
}

// promised: a peer answers phase 1.
func (s *Step) promised(e *Event) {
	if r := s.Memory.Round; r.awaits("promise", e) && e.Accepted.ID > r.Base.ID {
		r.Base = e.Accepted
	}
	s.vote("promise", e, e.Yes)
}

// timeout: whoever has not answered by now does not count.
func (s *Step) timeout() {
	r := s.Memory.Round
	r.Nay += len(r.Waiting)
	r.Waiting = []string{}
	s.advance()
}

// awaits reports whether an answer belongs to the calls under way.
func (r *Round) awaits(phase string, e *Event) bool {
	return r != nil && r.Phase == phase && r.ID == e.ID && slices.Contains(r.Waiting, e.From)
}

// vote counts a vote, if it belongs to the calls under way.
func (s *Step) vote(phase string, e *Event, yes bool) {
	r := s.Memory.Round
	if !r.awaits(phase, e) {
		return
	}
	r.Waiting = slices.DeleteFunc(r.Waiting, func(name string) bool { return name == e.From })
	if yes {
		r.Yea++
	} else {
		r.Nay++
	}
	r.Told = max(r.Told, e.Told)
	s.advance()
}

// advance goes on as soon as a majority is certain, or nobody is left to answer.
func (s *Step) advance() {
	r := s.Memory.Round
	majority := len(s.Instances)/2 + 1
	switch {
	case r.Yea < majority && r.Nay < majority && len(r.Waiting) > 0:
	case r.Phase == "promise":
		s.endPromise(r.Yea >= majority)
	default:
		s.endCommit(r.Yea >= majority)
	}
}

// endPromise: phase 1 is over, and phase 2 follows, another try, or the end.
func (s *Step) endPromise(won bool) {
	m := s.Memory
	r := m.Round
	m.Promised = max(m.Promised, r.Base.ID)
	if won && r.Base.ID <= r.ID {
		r.Phase, r.Value = "commit", r.change(r.Base.Holder)
		s.ask(s.accept(Proposal{r.ID, r.Value}))
		return
	}
	s.close()
	if r.Try < retries {
		s.Retry()
	} else {
		s.Unknown()
	}
}

// endCommit: phase 2 is over. The client is told what a majority has accepted, and nothing else.
func (s *Step) endCommit(won bool) {
	r := s.Memory.Round
	s.close()
	switch {
	case !won:
		s.Unknown()
	case r.Operation == "acquire" && r.Value == r.Client:
		s.Answer("acquired", r.Value)
	case r.Operation == "acquire":
		s.Answer("refused", r.Value)
	case r.Value == "":
		s.Answer("released", r.Value)
	default:
		s.Answer("not-released", r.Value)
	}
}

// change is what the round's operation makes of the holder that it finds.
func (r *Round) change(holder string) string {
	switch {
	case r.Operation == "acquire" && holder == "":
		return r.Client
	case r.Operation == "release" && holder == r.Client:
		return ""
	}
	return holder
}

// close ends the round; what refusals told is a promise from now on.
func (s *Step) close() {
	m := s.Memory
	m.Promised = max(m.Promised, m.Round.Told)
	m.Round = nil
	s.store()
}
