package protocol

import (
	"fmt"
	"strings"
	"testing"
)

// Clients and instances that the tests speak of.
const (
	alice Holder = 1 + iota
	bob
	carol
)

const (
	a Position = iota
	b
	c
	d
	e
)

// edition is the rules of an edition.
func edition(t testing.TB, name string) Rules {
	t.Helper()
	found, ok := EditionByName(name)
	if !ok {
		t.Fatalf("there is no edition %q", name)
	}
	return found.Rules
}

// server is an instance with its configuration, and the effects of its last step.
type server struct {
	Instance
	config Config
	did    Effects
}

// newServer is instance a of a cluster of this size, with increment 1.
func newServer(size int, rules Rules) *server {
	return &server{config: Config{Rules: rules, Size: size, Self: a, Increment: 1}}
}

func (s *server) step(i Input) *Effects {
	s.Step(&s.config, &i, &s.did)
	return &s.did
}

func (s *server) start(kind OperationKind, h Holder) *Effects { return s.try(kind, h, 0) }

func (s *server) try(kind OperationKind, h Holder, try uint8) *Effects {
	return s.step(Input{Kind: Start, Operation: Operation{kind, h, 1}, Try: try})
}

// retry makes the retry that the last step asked for.
func (s *server) retry() *Effects {
	return s.try(s.did.Operation.Kind, s.did.Operation.Holder, s.did.Retry)
}

func (s *server) expire() *Effects { return s.step(Input{Kind: Expire}) }

func (s *server) deliver(m Message) *Effects {
	m.To = s.config.Self
	return s.step(Input{Kind: Deliver, Message: m})
}

func (s *server) askPromise(from Position, id ID) *Effects {
	return s.deliver(Message{Kind: PromiseRequest, From: from, ID: id})
}

func (s *server) askCommit(from Position, id ID, h Holder) *Effects {
	return s.deliver(Message{Kind: CommitRequest, From: from, ID: id, Proposal: Proposal{id, h}})
}

// yes is from's promise in the running phase 1, which carries what it accepted.
func (s *server) yes(from Position, accepted Proposal) *Effects {
	return s.deliver(Message{Kind: PromiseResponse, From: from, ID: s.Round.ID, Yes: true, Proposal: accepted})
}

// no is from's refusal in the running phase 1.
func (s *server) no(from Position, accepted Proposal) *Effects {
	return s.deliver(Message{Kind: PromiseResponse, From: from, ID: s.Round.ID, Proposal: accepted})
}

// committed is from's answer in the running phase 2.
func (s *server) committed(from Position, yes bool) *Effects {
	return s.deliver(Message{Kind: CommitResponse, From: from, ID: s.Round.ID, Yes: yes})
}

// failed says that from was not there for the running phase's call.
func (s *server) failed(from Position) *Effects {
	call := PromiseRequest
	if s.Round.Phase == Committing {
		call = CommitRequest
	}
	return s.deliver(Message{Kind: Failure, Call: call, From: from, ID: s.Round.ID})
}

// state is what status shows.
func (s *server) state() string { return stateText(s.State) }

func stateText(s State) string {
	return fmt.Sprintf("promised %d accepted %s", s.Promised, proposalText(s.Accepted))
}

func proposalText(p Proposal) string { return fmt.Sprintf("(%d %s)", p.ID, holderText(p.Holder)) }

func holderText(h Holder) string {
	return [...]string{"free", "alice", "bob", "carol"}[h]
}

func setText(s Set) string {
	var names strings.Builder
	for ; s != 0; s = s.Without(s.First()) {
		names.WriteByte("abcdefgh"[s.First()])
	}
	return names.String()
}

// text says what a step made the world do.
func (e *Effects) text() string {
	var words []string
	say := func(format string, values ...any) { words = append(words, fmt.Sprintf(format, values...)) }
	if e.Verdict != NoVerdict {
		say("%s", [...]string{
			"", "promises", "denies", "accepts", "rejects", "pretends", "yea", "nay", "ignores", "expires",
		}[e.Verdict])
	}
	if e.Learned {
		say("learns")
	}
	if e.Reply.Told != 0 {
		say("tells %d", e.Reply.Told)
	}
	if e.Ended != Idle {
		say("[%s:%s", setText(e.Yea), setText(e.Nay))
		if e.Cancelled != 0 {
			say("cancels %s", setText(e.Cancelled))
		}
		words[len(words)-1] += "]"
	}
	switch e.Began {
	case Proposing:
		say("proposes %d", e.Request.ID)
	case Committing:
		say("commits %s", proposalText(e.Request.Proposal))
	}
	if e.Ask != 0 {
		say("asks %s", setText(e.Ask))
	}
	if e.Retry != 0 {
		say("retry %d", e.Retry)
	}
	if e.Pause {
		say("paused")
	}
	if e.Outcome != NoOutcome {
		say("%s %s", e.Outcome, holderText(e.Holder))
	}
	return strings.Join(words, " ")
}

func expect(t testing.TB, what, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("%s\n got: %s\nwant: %s", what, got, want)
	}
}
