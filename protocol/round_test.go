package protocol

import "testing"

// A response counts only in the phase, and under the ID, of its call.
func TestWhatCountsAsAnAnswer(t *testing.T) {
	request := func(s *server) ID { return s.Round.ID }
	cases := []struct {
		what string
		m    func(s *server) Message
		want string
	}{
		{"the answer to the call", func(s *server) Message {
			return Message{Kind: CommitResponse, From: c, ID: request(s), Yes: true}
		}, "yea"},
		{"a failure of the call", func(s *server) Message {
			return Message{Kind: Failure, Call: CommitRequest, From: c, ID: request(s)}
		}, "nay"},
		{"a promise, though phase 2 runs", func(s *server) Message {
			return Message{Kind: PromiseResponse, From: c, ID: request(s), Yes: true, Proposal: Proposal{9, bob}}
		}, "ignores"},
		{"the failure of a phase 1 call", func(s *server) Message {
			return Message{Kind: Failure, Call: PromiseRequest, From: c, ID: request(s)}
		}, "ignores"},
		{"another round's answer", func(s *server) Message {
			return Message{Kind: CommitResponse, From: c, ID: request(s) - 1, Yes: true}
		}, "ignores"},
	}
	for _, c := range cases {
		s := newServer(5, edition(t, "published"))
		s.State = State{4, Proposal{}}
		s.start(Acquire, alice)
		s.yes(b, Proposal{})
		s.yes(d, Proposal{})
		expect(t, c.what, s.deliver(c.m(s)).text(), c.want)
	}
	idle := newServer(3, edition(t, "published"))
	expect(t, "nothing runs", idle.deliver(Message{Kind: PromiseResponse, From: b, Yes: true}).text(), "ignores")
}

// The highest proposal is learned, from yeas and nays, whatever their order; an
// equal ID teaches nothing.
func TestLearning(t *testing.T) {
	for _, name := range []string{"published", "sound"} {
		s := newServer(7, edition(t, name))
		s.State = State{5, Proposal{2, alice}}
		playSteps(t, s, []step{
			{func(s *server) *Effects { s.start(Acquire, carol); return s.no(b, Proposal{2, bob}) }, "nay"},
			{func(s *server) *Effects { return s.no(c, Proposal{3, bob}) }, "nay learns"},
			{func(s *server) *Effects { return s.yes(d, Proposal{4, alice}) }, "yea learns"},
			{func(s *server) *Effects { return s.yes(e, Proposal{3, bob}) }, "yea"},
		})
		s.yes(5, Proposal{})
		expect(t, name+": the base", proposalText(s.did.Base), "(4 alice)")
	}
}

// learn-aside: the base starts as what was accepted here when phase 1 began. What
// the own acceptor accepts meanwhile is not part of it.
func TestBaseStartsWithTheOwnProposal(t *testing.T) {
	s := newServer(3, edition(t, "sound"))
	s.State = State{1, Proposal{1, bob}}
	s.start(Acquire, alice)
	s.askCommit(c, 6, carol)
	s.yes(b, Proposal{})
	expect(t, "base", proposalText(s.did.Base), "(1 bob)")
	expect(t, "its own acceptor has accepted something higher", setText(s.Round.Nay), "a")
}

// What refusals told waits for the end of the round: until then the proposer's own
// acceptor promises and accepts as if it had heard nothing.
func TestToldIsAppliedWhenTheRoundEnds(t *testing.T) {
	sound := edition(t, "sound")
	told := func(s *server, from Position, kind MessageKind, id ID) {
		s.deliver(Message{Kind: kind, From: from, ID: s.Round.ID, Told: id})
	}
	s := newServer(5, sound)
	s.start(Acquire, alice)
	told(s, b, PromiseResponse, 30)
	expect(t, "told 30 in phase 1", s.state(), "promised 1 accepted (0 free)")
	expect(t, "a promise of 7 in between", s.askPromise(c, 7).text(), "promises")
	s.yes(c, Proposal{})
	s.yes(d, Proposal{})
	expect(t, "phase 2 has begun", s.state(), "promised 7 accepted (0 free)")
	told(s, c, CommitResponse, 20)
	s.expire()
	expect(t, "the round is over", s.state(), "promised 30 accepted (0 free)")

	s = newServer(5, sound)
	s.start(Acquire, alice)
	s.yes(b, Proposal{})
	s.yes(c, Proposal{})
	told(s, b, CommitResponse, 40)
	s.committed(c, true)
	s.committed(d, true)
	expect(t, "told in phase 2 of a round that succeeds", s.state(), "promised 40 accepted (1 alice)")
}

// With the mutex not held, an acceptor can have promised more than its own round
// asks for. Jumping goes by the round's ID, not by what was promised to others.
func TestJumpWhileYielding(t *testing.T) {
	rules := edition(t, "sound") &^ (OwnID | SelfRules)
	s := newServer(3, rules)
	s.start(Acquire, alice)
	s.askPromise(b, 9)
	s.yes(c, Proposal{5, bob})
	expect(t, "commit", proposalText(s.did.Request.Proposal), "(5 bob)")
	if s.did.Jumped {
		t.Error("promised stood above the learned ID and was raised all the same")
	}
}

// A size of two without the rule majority: the proposer alone is enough, yet it
// waits for the first answer, since nothing is decided before one is counted.
func TestOneOfTwo(t *testing.T) {
	s := newServer(2, edition(t, "published")&^Majority)
	playSteps(t, s, []step{
		{func(s *server) *Effects { return s.start(Acquire, alice) }, "proposes 1 asks b"},
		{func(s *server) *Effects { return s.no(b, Proposal{}) }, "nay [a:b] commits (1 alice) asks b"},
		{(*server).expire, "expires [a:b] acquired alice"},
	})
}

// A quorum of its own decides its phase, and only that one: 2 of 5 in phase 1, 4 in phase 2,
// so that two nays lose a commit. Without one for phase 2 it is the majority.
func TestQuorums(t *testing.T) {
	sound := edition(t, "sound")
	flexible := newServer(5, sound)
	flexible.config.Quorums = Quorums{Promise: 2, Commit: 4}
	playSteps(t, flexible, []step{
		{func(s *server) *Effects { return s.start(Acquire, alice) }, "proposes 1 asks bcde"},
		{func(s *server) *Effects { return s.yes(b, Proposal{}) }, "yea [ab: cancels cde] commits (1 alice) asks bcde"},
		{func(s *server) *Effects { return s.committed(b, true) }, "yea"},
		{func(s *server) *Effects { return s.committed(c, true) }, "yea"},
		{func(s *server) *Effects { return s.committed(d, false) }, "nay"},
		{func(s *server) *Effects { return s.committed(e, false) }, "nay [abc:de] unknown free"},
	})
	half := newServer(5, sound)
	half.config.Quorums = Quorums{Promise: 2}
	playSteps(t, half, []step{
		{func(s *server) *Effects { return s.start(Acquire, alice) }, "proposes 1 asks bcde"},
		{func(s *server) *Effects { return s.yes(b, Proposal{}) }, "yea [ab: cancels cde] commits (1 alice) asks bcde"},
		{func(s *server) *Effects { return s.committed(c, true) }, "yea"},
		{func(s *server) *Effects { return s.committed(d, true) }, "yea [acd: cancels be] acquired alice"},
	})
}
