package sim

import (
	"bytes"
	"fmt"

	"skinny/protocol"
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
	// Step answers a question, and depends on nothing else. The question is used again for
	// the next one: who wants to keep it keeps a clone. An error ends the run, as an answer does that is not
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

// Clone is an equal question, to be kept.
func (q *Question) Clone() *Question {
	c := *q
	c.Memory, c.Disk, c.Note = bytes.Clone(q.Memory), bytes.Clone(q.Disk), bytes.Clone(q.Note)
	return &c
}

// Answer is what a program makes of a question. Disk is stored before anything is sent.
type Answer struct {
	Memory []byte // nil for nothing
	Disk   []byte
	State  protocol.State // what status shows

	// Send is messages to peers. The world fills in who sends them. Requests are made for
	// the operation that has its turn. The first of an answer, and those that are like it
	// but for receiver and note, are the phase of a round. What else is asked besides is
	// sent like it, and its answers come like others; but in the story it is no part of the
	// round, and no timeout is told of it.
	Send []Sent

	// Timer starts the instance's timeout in place of an earlier one. It ends with the
	// operation's turn.
	Timer bool

	Retry   bool             // the operation's turn ends, and begins again after a pause; at most protocol.Retries times
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
	Events   int // had happened; 0 where no single run is told of
	Question *Question
	Answer   *Answer // nil if there is none
	Err      error
}

func (e *ProgramError) Error() string {
	if e.Events == 0 {
		return fmt.Sprintf("the program of %s: %v", e.Instance, e.Err)
	}
	return fmt.Sprintf("the program of %s, after event %d: %v", e.Instance, e.Events, e.Err)
}

func (e *ProgramError) Unwrap() error { return e.Err }

// checkAnswer says what of an answer is not allowed.
func (w *World) checkAnswer(at protocol.Position, q *Question, a *Answer) error {
	if len(a.Memory) > MaxMemory || len(a.Disk) > MaxMemory {
		return fmt.Errorf("it remembers %d bytes and stores %d: at most %d each", len(a.Memory), len(a.Disk), MaxMemory)
	}
	asks, named := false, max(a.Holder, a.State.Accepted.Holder)
	for k := range a.Send {
		s := &a.Send[k]
		s.From = at
		named = max(named, s.Proposal.Holder)
		if int(s.To) >= len(w.nodes) || s.To == at {
			return fmt.Errorf("it sends a %s to instance %d, which is no peer", s.Kind, s.To)
		}
		if len(s.Note) > MaxNote {
			return fmt.Errorf("it sends a note of %d bytes: at most %d", len(s.Note), MaxNote)
		}
		switch asked := (protocol.Message{Kind: s.Kind - 1, From: s.To, To: at}); {
		case s.Kind.IsRequest():
			asks = true
		case asked.Kind.Response() != s.Kind:
			return fmt.Errorf("it sends a message of kind %d, which there is not", s.Kind)
		case w.programs.heard[w.numberIndex(&asked)].Kind == NoItem:
			return fmt.Errorf("it sends a %s to %s, which has asked nothing of it", s.Kind, w.cluster.Instances[s.To].Name)
		}
	}
	ends := a.Retry || a.Outcome != protocol.NoOutcome
	switch kind := q.Operation.Kind; {
	case int(named) > len(w.cluster.Holders):
		return fmt.Errorf("it names client %d, and there are %d", named, len(w.cluster.Holders))
	case kind == protocol.NoOperation && (asks || a.Timer || ends):
		return fmt.Errorf("it asks, sets a timer, retries or answers while no operation has its turn")
	case a.Retry && q.Try >= protocol.Retries:
		return fmt.Errorf("it retries an operation once more, and %d times are the most", protocol.Retries)
	case a.Retry && a.Outcome != protocol.NoOutcome, ends && (asks || a.Timer):
		return fmt.Errorf("it ends the turn of an operation, and goes on with it")
	case a.Outcome > protocol.Unknown,
		kind != protocol.Acquire && (a.Outcome == protocol.Acquired || a.Outcome == protocol.Refused),
		kind != protocol.Release && (a.Outcome == protocol.Released || a.Outcome == protocol.NotReleased):
		return fmt.Errorf("it answers %s with %s", kind, a.Outcome)
	}
	return nil
}
