package sim

import (
	"bytes"
	"slices"
	"strings"

	"skinny/protocol"
	"skinny/sim/trace"
)

// programs is what a world keeps for instances with programs.
type programs struct {
	memory, disk []string     // by instance
	stored       []string     // what was on the disk before
	notes        []string     // of messages: see Item.note
	heard        []Item       // by link, as numbers: the last request that arrived
	question     Question     // that was asked last
	answer       Answer       // to it
	unanswered   bool         // there is none
	sent         []Sent       // memory for what it sends
	lent         [2][]byte    // memory for what it is asked with
	reply        int          // of the messages in it: what answers the request in question, or none
	others       protocol.Set // who is asked in it for what is no part of the phase
	noted        bool         // something in it has a note
	rest         bool         // it sends something beside the phase and the reply
	failure      error
}

// restart forgets what a process knew: its memory, and who waits for its answers.
func (p *programs) restart(at protocol.Position, size int) {
	p.memory[at], p.stored[at] = "", p.disk[at]
	for i := int(at); i < len(p.heard); i += size {
		p.heard[i] = Item{}
	}
}

func (w *World) resetPrograms() {
	w.programs = nil
	for p := range w.nodes {
		if w.cluster.Instances[p].Program == nil {
			continue
		}
		w.nodes[p].config.Rules |= protocol.Yield
		if size := len(w.nodes); w.programs == nil {
			w.programs = &programs{memory: make([]string, size), disk: make([]string, size), stored: make([]string, size), heard: make([]Item, 2*size*size)}
		}
	}
}

func (p *programs) copy() *programs {
	if p == nil {
		return nil
	}
	return &programs{
		memory: append([]string(nil), p.memory...),
		disk:   append([]string(nil), p.disk...),
		stored: append([]string(nil), p.stored...),
		notes:  p.notes[:len(p.notes):len(p.notes)],
		heard:  append([]Item(nil), p.heard...), failure: p.failure,
	}
}

// isPlayed reports whether a program plays an instance.
func (w *World) isPlayed(at protocol.Position) bool {
	return w.programs != nil && w.cluster.Instances[at].Program != nil
}

// loseDisk loses a disk, or what was stored last. It reports whether that changes nothing.
func (p *programs) loseDisk(at protocol.Position, kind trace.Kind) (same bool) {
	found := p.stored[at]
	if kind == trace.Wipe {
		found = ""
	}
	same = p.disk[at] == found
	p.disk[at] = found
	return same
}

// Failure is why a program cannot go on, a *ProgramError, or nil.
func (w *World) Failure() error {
	if w.programs == nil {
		return nil
	}
	return w.programs.failure
}

// play lets the program of an instance answer a question about an item, and puts what it
// answers into the world's effects. It reports false, and does nothing, if the program
// cannot go on.
func (w *World) play(at protocol.Position, kind QuestionKind, input *protocol.Input, i *Item) bool {
	p, n := w.programs, &w.nodes[at]
	if p.failure != nil {
		return false
	}
	if kind == AskOperation {
		n.Round = protocol.Round{Operation: input.Operation, Try: input.Try}
	}
	q, a := &p.question, &p.answer
	q.Kind, q.Cluster, q.Self, q.Note = kind, w.cluster, at, nil
	q.Operation, q.Try, q.Message = n.Round.Operation, n.Round.Try, input.Message
	q.Memory, q.Disk = lend(&p.lent[0], p.memory[at]), lend(&p.lent[1], p.disk[at])
	if i != nil && i.note > 0 {
		q.Note = []byte(p.notes[i.note-1])
	}
	if i != nil && i.Message.Kind.IsRequest() {
		p.heard[w.numberIndex(&i.Message)] = *i
	}
	var err error
	*a, err = w.cluster.Instances[at].Program.Step(q)
	if p.unanswered = err != nil; !p.unanswered {
		p.sent = append(p.sent[:0], a.Send...)
		a.Send = p.sent // which are the world's, to fill in who sends them
		err = w.checkAnswer(at, q, a)
	}
	if err != nil {
		p.failure = p.failed(w, err)
		return false
	}
	if string(a.Disk) != p.disk[at] {
		p.stored[at], n.Stored = p.disk[at], n.State
	}
	keep(&p.memory[at], a.Memory, "")
	keep(&p.disk[at], a.Disk, p.memory[at])
	w.effects = protocol.Effects{}
	w.effects.Operation, w.effects.Counted = n.Round.Operation, n.State
	n.State = a.State
	w.follow(n, q, a)
	return true
}

// failed is why the program that was asked last cannot go on.
func (p *programs) failed(w *World, err error) error {
	a := p.answer
	a.Memory, a.Disk, a.Send = bytes.Clone(a.Memory), bytes.Clone(a.Disk), slices.Clone(a.Send)
	e := &ProgramError{w.cluster.Instances[p.question.Self].Name, w.events, p.question.Clone(), &a, err}
	if p.unanswered {
		e.Answer = nil
	}
	return e
}

// lend is a copy of what the world keeps, in memory that is used again; nil for nothing.
// Nothing is behind its end.
func lend(memory *[]byte, kept string) []byte {
	if kept == "" {
		return nil
	}
	*memory = append((*memory)[:0], kept...)
	return (*memory)[:len(kept):len(kept)]
}

// keep keeps what a program gives, which is often the beginning of what is kept already.
func keep(at *string, given []byte, kept string) {
	switch {
	case string(given) == *at:
	case strings.HasPrefix(kept, string(given)):
		*at = kept[:len(given)]
	default:
		*at = string(given)
	}
}

// follow makes the effects of an answer, and keeps the round as far as it is seen from
// outside: what is asked, who has answered what, and what was heard of. Told and Value are, in
// phase 1, the highest proposal that came with a yes.
func (w *World) follow(n *node, q *Question, a *Answer) {
	f, r := &w.effects, &n.Round
	w.heed(n, q, a)
	w.gather(a)
	if phase := f.Request.Phase(); f.Ask != 0 && (q.Kind == AskOperation || r.Phase != phase || r.ID != f.Request.ID) {
		f.Began, f.Base, f.Yea, f.Nay, f.Won = phase, r.Base, r.Yea, r.Nay, w.isWon(r)
		r.Phase, r.ID, r.Calls, r.Yea, r.Nay = phase, f.Request.ID, 0, 0, 0
		if value := f.Request.Proposal.Holder; phase == protocol.Committing {
			f.Base = basis(r, f.Counted.Accepted, value)
			r.Told, r.Value = 0, value
		} else {
			r.Base = a.State.Accepted
			r.Told, r.Value = r.Base.ID, r.Base.Holder
		}
	}
	r.Calls |= f.Ask
	own := protocol.Proposal{ID: r.ID, Holder: r.Value}
	shows := r.Phase == protocol.Proposing && a.State.Promised >= r.ID || r.Phase == protocol.Committing && a.State.Accepted == own
	if shows { // its own vote
		r.Yea = r.Yea.With(n.config.Self)
	}
	f.Stored = f.Began == protocol.Committing && shows
	f.Deadline = a.Timer
	f.Outcome, f.Holder = a.Outcome, a.Holder
	if a.Retry {
		f.Retry, f.Pause = r.Try+1, true
	}
	switch ends := a.Retry || a.Outcome != protocol.NoOutcome; {
	case ends:
		f.Yea, f.Nay, f.Won = r.Yea, r.Nay, w.isWon(r)
		w.disarm(n)
		*r = protocol.Round{}
	case f.Began == protocol.Idle:
		f.Counted = a.State // no later event shows it
	}
}

// basis is what a commit of a value was made from, of what its proposer has heard of: the highest
// proposal, unless only one explains the value that it has accepted itself since phase 1 began, or
// the highest that came with a yes.
func basis(r *protocol.Round, own protocol.Proposal, value protocol.Holder) protocol.Proposal {
	promised := protocol.Proposal{ID: r.Told, Holder: r.Value}
	switch explains := r.Operation.Explains; {
	case explains(r.Base.Holder, value):
	case own.ID > r.Base.ID && explains(own.Holder, value):
		return own
	case explains(promised.Holder, value):
		return promised
	}
	return r.Base
}

// isWon reports whether enough have voted yes in a round, as it is seen from outside.
func (w *World) isWon(r *protocol.Round) bool {
	return r.Phase != protocol.Idle && r.Yea.Len() >= w.cluster.Quorums.Needed(r.Phase, len(w.nodes))
}

// heed says what becomes of what a question tells.
func (w *World) heed(n *node, q *Question, a *Answer) {
	f, r, m := &w.effects, &n.Round, &q.Message
	w.programs.reply = -1
	switch {
	case q.Kind == AskTimeout:
		f.Verdict, f.Expired = protocol.Expires, r.Calls
		r.Nay |= r.Calls
		r.Calls = 0
	case m.Kind.IsRequest():
		for k := range a.Send {
			if s := &a.Send[k]; s.To == m.From && s.Kind == m.Kind.Response() && s.ID == m.ID && w.programs.reply < 0 {
				w.programs.reply, f.Reply = k, s.Message
			}
		}
		before := &f.Counted
		again := before.Accepted == m.Proposal && before.Promised > m.ID // it says what was so already
		if m.Kind == protocol.CommitRequest && a.State.Accepted == m.Proposal && f.Reply.Yes && !again {
			f.Verdict = protocol.Accepts
		}
	case r.Phase == m.Phase() && r.ID == m.ID && r.Calls.Has(m.From):
		r.Calls = r.Calls.Without(m.From)
		if f.Verdict = protocol.CountsNay; m.Yes {
			f.Verdict = protocol.CountsYea
			r.Yea = r.Yea.With(m.From)
		} else {
			r.Nay = r.Nay.With(m.From)
		}
		if m.Kind == protocol.PromiseResponse && m.Proposal.ID > r.Base.ID {
			f.Learned, r.Base = true, m.Proposal
		}
		if m.Kind == protocol.PromiseResponse && m.Yes && m.Proposal.ID > r.Told {
			r.Told, r.Value = m.Proposal.ID, m.Proposal.Holder
		}
	case q.Kind == AskMessage:
		f.Verdict = protocol.Ignores
	}
}

// gather finds the requests of an answer that are a round's phase, and what else is sent.
func (w *World) gather(a *Answer) {
	f := &w.effects
	p := w.programs
	p.others, p.noted, p.rest = 0, false, false
	for k := range a.Send {
		s := &a.Send[k]
		p.noted = p.noted || len(s.Note) > 0
		switch {
		case !s.Kind.IsRequest():
			p.rest = p.rest || k != p.reply
		case f.Ask == 0:
			f.Ask, f.Request = f.Ask.With(s.To), s.Message
			f.Request.To = 0
		case !f.Ask.Has(s.To) && like(&s.Message, &f.Request):
			f.Ask = f.Ask.With(s.To)
		default:
			p.others, p.rest = p.others.With(s.To), true
		}
	}
}

// like reports whether two messages are the same but for their receivers.
func like(a, b *protocol.Message) bool {
	same := *a
	same.To = b.To
	return same == *b
}

// hasNotes reports whether there are notes in the last answer of an instance's program.
func (w *World) hasNotes(at protocol.Position) bool { return w.isPlayed(at) && w.programs.noted }

// noteOf is the note of a message that the last answer sends, as items keep it.
func (w *World) noteOf(m *protocol.Message) uint32 {
	if !w.programs.noted {
		return 0
	}
	for k := range w.programs.answer.Send {
		if s := &w.programs.answer.Send[k]; s.Message == *m {
			return w.keepNote(s)
		}
	}
	return 0
}

// keepNote is the note of a message as items keep it.
func (w *World) keepNote(s *Sent) uint32 {
	if len(s.Note) == 0 {
		return 0
	}
	w.programs.notes = append(w.programs.notes, string(s.Note))
	return uint32(len(w.programs.notes))
}

// tellStep tells what no other event tells of the last answer of a program: its line for
// those who watch, and that it asks aside from the phase. Told says that an event has told
// the step itself already. It returns the event, or the cause where there is none.
func (w *World) tellStep(at protocol.Position, i *Item, cause int, told bool) int {
	a := &w.programs.answer
	if a.Log == "" && told && w.programs.others == 0 {
		return cause
	}
	e := w.begin(trace.Step, cause, at)
	if i != nil && !told {
		w.describe(e, i)
	}
	e.Text, e.Note, e.Asked = a.Log, e.Note || w.hasNotes(at), w.programs.others
	return w.tell(e)
}

// sendRest sends what the last answer of a program sends beside the phase and the reply:
// other requests, and answers to requests that came before.
func (w *World) sendRest(at protocol.Position, cause int) {
	p := w.programs
	if !p.rest {
		return
	}
	asked := protocol.Set(0)
	for k := range p.answer.Send {
		s := &p.answer.Send[k]
		switch {
		case k == p.reply:
		case !s.Kind.IsRequest():
			answer := p.heard[w.numberIndex(&protocol.Message{Kind: s.Kind - 1, From: s.To, To: at})]
			answer.Message, answer.Cause = s.Message, cause
			answer.Copy, answer.copies = 0, 0
			answer.note = w.keepNote(s)
			w.finish(&answer)
		case !asked.Has(s.To) && like(&s.Message, &w.effects.Request):
			asked = asked.With(s.To) // with the phase
		default:
			i := w.nodes[at].request(&s.Message, cause)
			i.note = w.keepNote(s)
			w.sendRequest(&i)
		}
	}
}
