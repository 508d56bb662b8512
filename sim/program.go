package sim

import (
	"fmt"

	"skinny/protocol"
	"skinny/sim/trace"
)

// Program plays an instance in place of the built-in protocol: see [Instance]. A step is
// a function. What the instance remembers comes with the question and leaves with the
// answer, and the world keeps it; so worlds are copied, compared and gone back in without
// asking anybody, and one Program may serve many instances, worlds and goroutines. It has
// to be comparable, as pointers are.
//
// Operations run one at a time, first come, first served, through their retries. Requests
// of peers are delivered at once. What is sent to a peer travels like every message.
type Program interface {
	// Step answers a question, and depends on nothing else. It neither keeps nor changes
	// what is in the question. An error ends the run, as an answer does that is not
	// allowed.
	Step(q *Question) (Answer, error)
}

// QuestionKind tells what happens to an instance that a program plays.
type QuestionKind uint8

// What is asked.
const (
	AskOperation QuestionKind = iota // Operation has its turn, for the first time (Try 0) or again
	AskMessage                       // Message arrives from its sender: a request, a response, or the Failure of a request
	AskTimeout                       // the timer that was asked for has run down
	AskRestart                       // the process has started again after a crash: Memory is gone
)

// Question is one thing that happens to an instance.
type Question struct {
	Kind    QuestionKind
	Cluster *Cluster // whose names, increments and timeouts everybody knows
	Self    protocol.Position
	Memory  []byte // as the last answer left it; nil at the start and after a crash
	Disk    []byte // as the last answer left it; nil at the start

	Operation protocol.Operation // that has its turn; zero if none has
	Try       uint8
	Message   protocol.Message
	Note      []byte // that the sender put on the message
}

// Answer is what a program makes of a question. Disk is stored before anything is sent.
type Answer struct {
	Memory []byte // nil for nothing
	Disk   []byte
	State  protocol.State // what status shows

	// Send is messages to peers. Requests are made for the operation that has its turn;
	// those of one answer differ in nothing but receiver and note. The world fills in who
	// sends them.
	Send []Sent

	// Timer starts the instance's timeout in place of an earlier one. It ends with the
	// operation's turn.
	Timer bool

	Retry   bool             // the operation's turn ends, and begins again after a pause
	Outcome protocol.Outcome // unless NoOutcome, the operation is answered with it
	Holder  protocol.Holder  // who holds the lock, as far as the outcome says so

	Log string // a line for those who watch
}

// Sent is a message that a program sends.
type Sent struct {
	protocol.Message
	Note []byte // for the receiver's program alone; at most MaxNote bytes
}

// What a program may say at most.
const (
	MaxNote   = 4 << 10
	MaxMemory = 1 << 20 // Memory and Disk each
)

// ProgramError is why a program cannot go on.
type ProgramError struct {
	Instance string
	Events   int // had happened
	Question *Question
	Answer   *Answer // nil if there is none
	Err      error
}

func (e *ProgramError) Error() string {
	return fmt.Sprintf("the program of %s, after event %d: %v", e.Instance, e.Events, e.Err)
}

func (e *ProgramError) Unwrap() error { return e.Err }

// programs is what a world keeps for instances with programs.
type programs struct {
	memory, disk []string // by instance
	stored       []string // what was on the disk before
	notes        []string // of messages: see Item.note
	heard        []Item   // by link, as numbers: the last request that arrived
	answer       Answer   // to the last question
	reply        int      // of the messages in it: what answers the request in question, or none
	failure      error
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

// copy is an equal value that goes on independently.
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

// loseDisk loses all that is on an instance's disk, or what was stored last. It reports
// whether that changes nothing.
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
	q := &Question{
		Kind: kind, Cluster: w.cluster, Self: at, Memory: copied(p.memory[at]), Disk: copied(p.disk[at]),
		Operation: n.Round.Operation, Try: n.Round.Try, Message: input.Message,
	}
	if i != nil && i.note > 0 {
		q.Note = copied(p.notes[i.note-1])
	}
	if i != nil && i.Message.Kind.IsRequest() {
		p.heard[w.numberIndex(&i.Message)] = *i
	}
	a, err := w.cluster.Instances[at].Program.Step(q)
	said := &a
	if err != nil {
		said = nil
	} else {
		err = w.checkAnswer(at, q, &a)
	}
	if err != nil {
		p.failure = &ProgramError{w.cluster.Instances[at].Name, w.events, q, said, err}
		return false
	}
	p.answer = a
	if string(a.Disk) != p.disk[at] {
		p.stored[at], n.stored = p.disk[at], n.State
	}
	p.memory[at], p.disk[at] = string(a.Memory), string(a.Disk)
	w.effects = protocol.Effects{Operation: n.Round.Operation, Counted: n.State}
	n.State = a.State
	w.follow(n, q, &a)
	return true
}

// copied is a copy of what the world keeps, nil for nothing.
func copied(s string) []byte {
	if s == "" {
		return nil
	}
	return []byte(s)
}

// follow makes the effects of an answer, and keeps the round as far as it is seen from
// outside: what is asked, and who has not answered.
func (w *World) follow(n *node, q *Question, a *Answer) {
	f, r := &w.effects, &n.Round
	w.programs.reply = -1
	m := &q.Message
	switch {
	case q.Kind == AskTimeout:
		f.Verdict, f.Expired = protocol.Expires, r.Calls
		r.Calls = 0
	case q.Kind == AskMessage && m.Kind.IsRequest():
		for k := range a.Send {
			if s := &a.Send[k]; s.To == m.From && s.Kind == m.Kind.Response() && s.ID == m.ID && w.programs.reply < 0 {
				w.programs.reply, f.Reply = k, s.Message
			}
		}
		if m.Kind == protocol.CommitRequest && a.State.Accepted == m.Proposal && f.Reply.Yes {
			f.Verdict = protocol.Accepts
		}
	case q.Kind == AskMessage && r.Phase == callPhase(m) && r.ID == m.ID && r.Calls.Has(m.From):
		r.Calls = r.Calls.Without(m.From)
		f.Verdict = protocol.CountsNay
		if m.Yes {
			f.Verdict = protocol.CountsYea
		}
	case q.Kind == AskMessage:
		f.Verdict = protocol.Ignores
	}
	for k := range a.Send {
		if s := &a.Send[k]; s.Kind.IsRequest() {
			f.Ask, f.Request = f.Ask.With(s.To), s.Message
			f.Request.To = 0
		}
	}
	if phase := f.Request.Kind.Phase(); f.Ask != 0 && (q.Kind == AskOperation || r.Phase != phase || r.ID != f.Request.ID) {
		f.Began = phase
		f.Stored = phase == protocol.Committing && a.State.Accepted == f.Request.Proposal
		r.Phase, r.ID, r.Value, r.Calls = phase, f.Request.ID, f.Request.Proposal.Holder, 0
	}
	r.Calls |= f.Ask
	f.Deadline = a.Timer
	f.Outcome, f.Holder = a.Outcome, a.Holder
	if a.Retry {
		f.Retry, f.Pause = r.Try+1, true
	}
	switch ends := a.Retry || a.Outcome != protocol.NoOutcome; {
	case ends:
		w.disarm(n)
		*r = protocol.Round{}
	case f.Began == protocol.Idle:
		f.Counted = a.State // no later event shows it
	}
}

// checkAnswer says what of an answer is not allowed.
func (w *World) checkAnswer(at protocol.Position, q *Question, a *Answer) error {
	if len(a.Memory) > MaxMemory || len(a.Disk) > MaxMemory {
		return fmt.Errorf("it remembers %d bytes and stores %d: at most %d each", len(a.Memory), len(a.Disk), MaxMemory)
	}
	var request *protocol.Message
	for k := range a.Send {
		s := &a.Send[k]
		s.From = at
		if int(s.To) >= len(w.nodes) || s.To == at {
			return fmt.Errorf("it sends a %s to instance %d, which is no peer", s.Kind, s.To)
		}
		if len(s.Note) > MaxNote {
			return fmt.Errorf("it sends a note of %d bytes: at most %d", len(s.Note), MaxNote)
		}
		switch asked := (protocol.Message{Kind: s.Kind - 1, From: s.To, To: at}); {
		case s.Kind.IsRequest():
			same := s.Message
			if request == nil {
				request = &s.Message
			}
			if same.To = request.To; same != *request {
				return fmt.Errorf("it makes requests of more than one kind, ID or proposal at once")
			}
		case asked.Kind.Response() != s.Kind:
			return fmt.Errorf("it sends a message of kind %d, which there is not", s.Kind)
		case w.programs.heard[w.numberIndex(&asked)].Kind == NoItem:
			return fmt.Errorf("it sends a %s to %s, which has asked nothing of it", s.Kind, w.cluster.Instances[s.To].Name)
		}
	}
	ends := a.Retry || a.Outcome != protocol.NoOutcome
	switch kind := q.Operation.Kind; {
	case kind == protocol.NoOperation && (request != nil || a.Timer || ends):
		return fmt.Errorf("it asks, sets a timer, retries or answers while no operation has its turn")
	case a.Retry && (a.Outcome != protocol.NoOutcome || q.Try == 255), ends && (request != nil || a.Timer):
		return fmt.Errorf("it ends the turn of an operation, and goes on with it")
	case a.Outcome > protocol.Unknown,
		kind != protocol.Acquire && (a.Outcome == protocol.Acquired || a.Outcome == protocol.Refused),
		kind != protocol.Release && (a.Outcome == protocol.Released || a.Outcome == protocol.NotReleased):
		return fmt.Errorf("it answers %s with %s", kind, a.Outcome)
	}
	return nil
}

// noteFor is the note of a message that the last answer sends, as items keep it.
func (w *World) noteFor(kind protocol.MessageKind, to protocol.Position) uint32 {
	p := w.programs
	for k := range p.answer.Send {
		if s := &p.answer.Send[k]; s.Kind == kind && s.To == to && len(s.Note) > 0 {
			p.notes = append(p.notes, string(s.Note))
			return uint32(len(p.notes))
		}
	}
	return 0
}

// rest does what else is in the last answer of a program: its line for those who watch, and
// answers to requests that came before. Told says that the step has been told already.
func (w *World) rest(at protocol.Position, i *Item, cause int, told bool) {
	a := &w.programs.answer
	if a.Log != "" || !told {
		e := w.begin(trace.Step, cause, at)
		e.Text = a.Log
		if i != nil {
			w.describe(e, i)
		}
		cause = w.tell(e)
	}
	for k := range a.Send {
		s := &a.Send[k]
		if s.Kind.IsRequest() || k == w.programs.reply {
			continue
		}
		answer := w.programs.heard[w.numberIndex(&protocol.Message{Kind: s.Kind - 1, From: s.To, To: at})]
		answer.Message, answer.Cause = s.Message, cause
		answer.Copy, answer.copies = 0, 0
		answer.note = w.noteFor(s.Kind, s.To)
		w.finish(&answer)
	}
}
