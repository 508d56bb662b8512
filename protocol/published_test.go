package protocol

import (
	"fmt"
	"math"
	"testing"
)

// A step is something that happens to a server, and what it should do.
type step struct {
	do   func(s *server) *Effects
	want string
}

func playSteps(t *testing.T, s *server, steps []step) {
	t.Helper()
	for n, step := range steps {
		expect(t, fmt.Sprintf("step %d", n+1), step.do(s).text(), step.want)
	}
}

// The acceptor's two answers, as the published program gives them.
func TestPublishedAcceptor(t *testing.T) {
	cases := []struct {
		what  string
		state State
		do    func(s *server) *Effects
		want  string
		after string
		reply Message
	}{
		{
			"a promise carries nothing when nothing was accepted", State{},
			func(s *server) *Effects { return s.askPromise(b, 2) }, "promises", "promised 2 accepted (0 free)",
			Message{Kind: PromiseResponse, From: a, To: b, ID: 2, Yes: true},
		}, {
			"a promise carries the last accepted commit", State{1, Proposal{1, bob}},
			func(s *server) *Effects { return s.askPromise(b, 2) }, "promises", "promised 2 accepted (1 bob)",
			Message{Kind: PromiseResponse, From: a, To: b, ID: 2, Yes: true, Proposal: Proposal{1, bob}},
		}, {
			"a refusal carries it too, and not what was promised", State{5, Proposal{1, bob}},
			func(s *server) *Effects { return s.askPromise(b, 5) }, "denies", "promised 5 accepted (1 bob)",
			Message{Kind: PromiseResponse, From: a, To: b, ID: 5, Proposal: Proposal{1, bob}},
		}, {
			"the very ID that was promised may be committed", State{5, Proposal{1, bob}},
			func(s *server) *Effects { return s.askCommit(b, 5, alice) }, "accepts", "promised 5 accepted (5 alice)",
			Message{Kind: CommitResponse, From: a, To: b, ID: 5, Yes: true},
		}, {
			"accepting a higher ID leaves the promise where it was", State{5, Proposal{1, bob}},
			func(s *server) *Effects { return s.askCommit(b, 7, alice) }, "accepts", "promised 5 accepted (7 alice)",
			Message{Kind: CommitResponse, From: a, To: b, ID: 7, Yes: true},
		}, {
			"a stale commit is refused", State{5, Proposal{1, bob}},
			func(s *server) *Effects { return s.askCommit(b, 4, alice) }, "rejects", "promised 5 accepted (1 bob)",
			Message{Kind: CommitResponse, From: a, To: b, ID: 4},
		}, {
			"a free lock can be committed", State{5, Proposal{1, bob}},
			func(s *server) *Effects { return s.askCommit(b, 6, Free) }, "accepts", "promised 5 accepted (6 free)",
			Message{Kind: CommitResponse, From: a, To: b, ID: 6, Yes: true},
		},
	}
	for _, c := range cases {
		s := newServer(3, edition(t, "published"))
		s.State = c.state
		expect(t, c.what, c.do(s).text(), c.want)
		expect(t, c.what, s.state(), c.after)
		if s.did.Reply != c.reply {
			t.Errorf("%s: reply %+v, want %+v", c.what, s.did.Reply, c.reply)
		}
	}
}

// Which holder a round commits, by what it learned and by what was accepted here.
func TestWhatIsCommitted(t *testing.T) {
	cases := []struct {
		what    string
		kind    OperationKind
		local   Proposal
		learned Proposal
		want    string // published
		sound   string
	}{
		{"acquire, nothing known", Acquire, Proposal{}, Proposal{}, "(6 alice)", "(7 alice)"},
		{"acquire, bob learned", Acquire, Proposal{}, Proposal{2, bob}, "(6 bob)", "(7 bob)"},
		{"acquire, free learned", Acquire, Proposal{1, bob}, Proposal{2, Free}, "(6 alice)", "(7 alice)"},
		{"acquire, bob known here", Acquire, Proposal{2, bob}, Proposal{1, Free}, "(6 bob)", "(7 bob)"},
		{"acquire again", Acquire, Proposal{2, alice}, Proposal{}, "(6 alice)", "(7 alice)"},
		{"release, nothing known", Release, Proposal{}, Proposal{}, "(6 free)", "(7 free)"},
		{"release of the own lock", Release, Proposal{2, alice}, Proposal{}, "(6 free)", "(7 free)"},
		{"release of another's", Release, Proposal{2, bob}, Proposal{}, "(6 free)", "(7 bob)"},
		{"release of another's, learned", Release, Proposal{1, alice}, Proposal{2, bob}, "(6 free)", "(7 bob)"},
	}
	for _, c := range cases {
		for _, name := range []string{"published", "sound"} {
			want := c.want
			if name == "sound" {
				want = c.sound
			}
			s := newServer(3, edition(t, name))
			s.State = State{5, c.local}
			s.start(c.kind, alice)
			s.yes(b, c.learned)
			expect(t, name+": "+c.what, proposalText(s.did.Request.Proposal), want)
		}
	}
}

// Phase 1 ends with the deciding answer, yea or nay. Later ones are too late: they
// are neither counted nor learned from.
func TestPhaseOneEndsWithTheDecidingAnswer(t *testing.T) {
	published := edition(t, "published")
	s := newServer(5, published)
	late := Message{Kind: PromiseResponse, From: d, ID: 1, Yes: true, Proposal: Proposal{9, bob}}
	playSteps(t, s, []step{
		{func(s *server) *Effects { return s.start(Acquire, alice) }, "proposes 1 asks bcde"},
		{func(s *server) *Effects { return s.yes(b, Proposal{}) }, "yea"},
		{func(s *server) *Effects { return s.yes(b, Proposal{9, bob}) }, "ignores"}, // its second answer
		{func(s *server) *Effects { return s.no(c, Proposal{}) }, "nay"},
		{func(s *server) *Effects { return s.yes(e, Proposal{}) }, "yea [abe:c cancels d] commits (1 alice) asks bcde"},
		{func(s *server) *Effects { return s.deliver(late) }, "ignores"},
	})
	expect(t, "after a late answer", s.state(), "promised 1 accepted (1 alice)")

	s = newServer(5, published)
	playSteps(t, s, []step{
		{func(s *server) *Effects { return s.start(Acquire, alice) }, "proposes 1 asks bcde"},
		{func(s *server) *Effects { return s.no(b, Proposal{}) }, "nay"},
		{func(s *server) *Effects { return s.failed(c) }, "nay"},
		{func(s *server) *Effects { return s.no(d, Proposal{4, bob}) }, "nay learns [a:bcd cancels e] retry 1 paused"},
	})
	expect(t, "after a failed round, learned and jumped", s.state(), "promised 4 accepted (4 bob)")
	expect(t, "the retry adds its increment after the jump", s.retry().text(), "proposes 5 asks bcde")
}

// The deadline makes a nay of every call that is not answered.
func TestExpire(t *testing.T) {
	s := newServer(5, edition(t, "published"))
	s.start(Acquire, alice)
	s.yes(b, Proposal{})
	expect(t, "phase 1", s.expire().text(), "expires [ab:cde] retry 1 paused")
	expect(t, "the failed calls", setText(s.did.Expired), "cde")
	s.retry()
	s.yes(b, Proposal{})
	s.yes(c, Proposal{})
	s.committed(d, true)
	expect(t, "phase 2 fails, and the answer does not care", s.expire().text(), "expires [ad:bce] acquired alice")
}

// Nay needs as many as yea, so at an even size half of the nays decide nothing.
func TestNayAtEvenSizes(t *testing.T) {
	for _, c := range []struct{ size, needed int }{{2, 2}, {3, 2}, {4, 3}, {5, 3}, {6, 4}, {64, 33}} {
		s := newServer(c.size, edition(t, "published"))
		s.start(Acquire, alice)
		for n := 1; n < c.size; n++ {
			s.no(Position(n), Proposal{})
			// At size 2 there is no second peer: the phase ends with the last answer.
			if ended, want := s.did.Ended != Idle, n >= min(c.needed, c.size-1); ended != want {
				t.Errorf("size %d, %d nays: ended %v, want %v", c.size, n, ended, want)
			}
			if s.did.Ended != Idle {
				break
			}
		}
		s.start(Acquire, alice)
		for n := 1; n < c.needed; n++ {
			s.yes(Position(n), Proposal{})
			if began, want := s.did.Began == Committing, n+1 == c.needed; began != want {
				t.Errorf("size %d, %d yeas and the own: won %v, want %v", c.size, n, began, want)
			}
		}
	}
}

// A commit waits for every peer: the published program has no early stop there.
func TestCommitWaitsForEveryPeer(t *testing.T) {
	s := newServer(5, edition(t, "published"))
	playSteps(t, s, []step{
		{func(s *server) *Effects { return s.start(Release, alice) }, "proposes 1 asks bcde"},
		{func(s *server) *Effects { return s.yes(b, Proposal{}) }, "yea"},
		{func(s *server) *Effects { return s.yes(c, Proposal{}) }, "yea [abc: cancels de] commits (1 free) asks bcde"},
		{func(s *server) *Effects { return s.committed(b, true) }, "yea"},
		{func(s *server) *Effects { return s.committed(c, true) }, "yea"},
		{func(s *server) *Effects { return s.committed(d, false) }, "nay"},
		{func(s *server) *Effects { return s.committed(e, true) }, "yea [abce:d] released free"},
	})
}

// Three retries after the first round, then the answer is read from local state.
func TestFourRounds(t *testing.T) {
	for _, c := range []struct {
		kind OperationKind
		kept Proposal
		want string
	}{
		{Acquire, Proposal{}, "refused free"},
		{Acquire, Proposal{1, alice}, "acquired alice"},
		{Acquire, Proposal{1, bob}, "refused bob"},
		{Release, Proposal{}, "released free"},
		{Release, Proposal{1, alice}, "not-released alice"},
	} {
		s := newServer(3, edition(t, "published"))
		s.State = State{1, c.kept}
		s.start(c.kind, alice)
		for retry := 1; retry <= 3; retry++ {
			expect(t, "round", s.expire().text(), fmt.Sprintf("expires [a:bc] retry %d paused", retry))
			expect(t, "retry", s.retry().text(), fmt.Sprintf("proposes %d asks bc", 2+retry))
		}
		expect(t, "end", s.expire().text(), "expires [a:bc] "+c.want)
		if s.Round != (Round{}) {
			t.Errorf("after the answer there is still a round: %+v", s.Round)
		}
	}
}

// own-id: the round above what was learned is a retry, so there are three of them.
func TestOwnIDRetries(t *testing.T) {
	s := newServer(3, edition(t, "sound"))
	s.start(Acquire, alice)
	for retry := 1; retry <= 3; retry++ {
		learned := Proposal{s.Round.ID + 1, bob}
		want := fmt.Sprintf("yea learns [ab: cancels c] retry %d paused", retry)
		expect(t, "learned a higher ID", s.yes(b, learned).text(), want)
		if s.retry(); s.Round.ID <= learned.ID {
			t.Errorf("retry %d asks for %d, not above the learned %d", retry, s.Round.ID, learned.ID)
		}
	}
	expect(t, "the fourth", s.yes(b, Proposal{s.Round.ID + 1, bob}).text(), "yea learns [ab: cancels c] unknown free")
}

// One after the other: in display order, each call with a deadline of its own, and
// with no early stop to the last one.
func TestSequential(t *testing.T) {
	s := newServer(4, edition(t, "sequential"))
	s.config.Self = b
	playSteps(t, s, []step{
		{func(s *server) *Effects { return s.start(Acquire, alice) }, "proposes 1 asks a"},
		{func(s *server) *Effects { return s.yes(a, Proposal{}) }, "yea asks c"},
		{func(s *server) *Effects { return s.yes(c, Proposal{}) }, "yea asks d"},
		{func(s *server) *Effects { return s.no(d, Proposal{}) }, "nay [abc:d] commits (1 alice) asks a"},
		{func(s *server) *Effects { return s.committed(a, true) }, "yea asks c"},
		{func(s *server) *Effects { return s.failed(c) }, "nay asks d"},
		{func(s *server) *Effects { return s.committed(d, true) }, "yea [abd:c] acquired alice"},
	})
	if s.did.Deadline {
		t.Error("the edition without timeouts set a deadline")
	}

	s = newServer(4, edition(t, "timeouts"))
	playSteps(t, s, []step{
		{func(s *server) *Effects { return s.start(Acquire, alice) }, "proposes 1 asks b"},
		{(*server).expire, "expires asks c"},
		{func(s *server) *Effects { return s.yes(c, Proposal{}) }, "yea asks d"},
	})
	if !s.did.Deadline {
		t.Error("the third call has no deadline of its own")
	}
	expect(t, "the last call's deadline ends the phase", s.expire().text(), "expires [ac:bd] retry 1 paused")

	// With an early stop the peers that are not needed are not even asked.
	s = newServer(5, edition(t, "sequential")|EarlyStopPromise)
	playSteps(t, s, []step{
		{func(s *server) *Effects { return s.start(Acquire, alice) }, "proposes 1 asks b"},
		{func(s *server) *Effects { return s.yes(b, Proposal{}) }, "yea asks c"},
		{func(s *server) *Effects { return s.yes(c, Proposal{}) }, "yea [abc:] commits (1 alice) asks b"},
	})
}

// Where the numbers end, an operation answers unknown and changes nothing.
func TestOverflow(t *testing.T) {
	const top = math.MaxUint64
	for _, c := range []struct {
		rules     string
		promised  ID
		increment ID
		want      string
	}{
		{"published", top - 3, 3, fmt.Sprintf("proposes %d asks bc", uint64(top))},
		{"published", top - 2, 3, "unknown free"},
		{"published", top, 1, "unknown free"},
		{"published", 1, top, "unknown free"},
		{"sound", top - 3, 1, fmt.Sprintf("proposes %d asks bc", uint64(top-2))}, // 2^64-3 leaves 1
		{"sound", top - 2, 1, "unknown free"},
	} {
		s := newServer(3, edition(t, c.rules))
		s.config.Increment = c.increment
		s.State = State{c.promised, Proposal{1, bob}}
		before := s.Instance
		expect(t, fmt.Sprintf("%s at %d + %d", c.rules, c.promised, c.increment), s.start(Acquire, alice).text(), c.want)
		if s.did.Outcome == Unknown && s.Instance != before {
			t.Errorf("overflow changed the state from %+v to %+v", before, s.Instance)
		}
	}
}
