package protocol

import (
	"fmt"
	"testing"
)

// Every rule is shown on and off, in the same situation. What follows differs as
// the table of rules says, and in nothing else.
func TestEachRuleOnAndOff(t *testing.T) {
	shown := Rules(0)
	for _, row := range ruleRows {
		row.play(t)
		shown |= row.rule
	}
	for _, row := range proposerRuleRows {
		row.play(t)
		shown |= row.rule
	}
	// The protocol leaves waiting to the world, so yield has nothing to show here.
	if left := AllRules &^ Yield &^ shown; left != 0 {
		t.Errorf("rules without a row: %b", left)
	}
}

type ruleRow struct {
	rule      Rules
	what      string
	base      string // edition
	size      int
	situation func(s *server) string
	on, off   string
}

func (row *ruleRow) play(t *testing.T) {
	t.Helper()
	for _, with := range []bool{true, false} {
		rules, want := edition(t, row.base)|row.rule, row.on
		if !with {
			rules, want = rules&^row.rule, row.off
		}
		s := newServer(row.size, rules)
		expect(t, fmt.Sprintf("%s, rule on: %v", row.what, with), row.situation(s), want)
	}
}

var ruleRows = []ruleRow{
	{
		rule: Majority, what: "two of four promise", base: "sound", size: 4,
		situation: func(s *server) string {
			s.start(Acquire, alice)
			return s.yes(b, Proposal{}).text()
		},
		on:  "yea",
		off: "yea [ab: cancels cd] commits (1 alice) asks bcd",
	}, {
		rule: Majority, what: "one of three is half, rounded down", base: "sound", size: 3,
		situation: func(s *server) string {
			s.start(Acquire, alice)
			return s.no(b, Proposal{}).text()
		},
		on:  "nay",
		off: "nay [a:b cancels c] commits (1 alice) asks bc",
	}, {
		rule: PromiseOnce, what: "an equal ID", base: "sound", size: 3,
		situation: func(s *server) string {
			s.Promised = 5
			return s.askPromise(b, 5).text() + ", " + s.state()
		},
		on:  "denies tells 5, promised 5 accepted (0 free)",
		off: "promises, promised 5 accepted (0 free)",
	}, {
		rule: PromiseOnce, what: "a lower ID is denied either way", base: "sound", size: 3,
		situation: func(s *server) string {
			s.Promised = 5
			return s.askPromise(b, 4).text()
		},
		on:  "denies tells 5",
		off: "denies tells 5",
	}, {
		rule: RefuseStale, what: "a commit below what was promised", base: "sound", size: 3,
		situation: func(s *server) string {
			s.Promised = 5
			return s.askCommit(b, 3, alice).text() + ", " + s.state()
		},
		on:  "rejects tells 5, promised 5 accepted (0 free)",
		off: "accepts, promised 5 accepted (3 alice)",
	}, {
		rule: AcceptRaises, what: "commit 3 and then the older commit 1", base: "sound", size: 3,
		situation: func(s *server) string {
			s.askCommit(b, 3, alice)
			first := s.state()
			return first + ", " + s.askCommit(c, 1, bob).text() + ", " + s.state()
		},
		on:  "promised 3 accepted (3 alice), rejects tells 3, promised 3 accepted (3 alice)",
		off: "promised 0 accepted (3 alice), accepts, promised 0 accepted (1 bob)",
	}, {
		rule: Durable, what: "a restart", base: "sound", size: 3,
		situation: func(s *server) string {
			s.State = State{5, Proposal{4, alice}}
			s.start(Acquire, bob)
			s.Restart(&s.config)
			if s.Round != (Round{}) {
				return "the round goes on"
			}
			return s.state()
		},
		on:  "promised 7 accepted (4 alice)",
		off: "promised 0 accepted (0 free)",
	}, {
		rule: AckAccepted, what: "a stale commit under the ID that was learned", base: "published", size: 3,
		situation: func(s *server) string {
			s.State = State{5, Proposal{3, bob}}
			return s.askCommit(b, 3, alice).text() + fmt.Sprint(" ", s.did.Reply.Yes, ", ") + s.state()
		},
		on:  "rejects false, promised 5 accepted (3 bob)",
		off: "pretends true, promised 5 accepted (3 bob)",
	}, {
		rule: TellPromised, what: "refusals", base: "sound", size: 3,
		situation: func(s *server) string {
			s.Promised = 9
			promise := s.askPromise(b, 4).text()
			commit := s.askCommit(b, 4, alice).text()
			// Who is promised something has nothing to be told.
			return promise + ", " + commit + ", " + s.askPromise(b, 11).text()
		},
		on:  "denies tells 9, rejects tells 9, promises",
		off: "denies, rejects, promises",
	},
}

var proposerRuleRows = []ruleRow{
	{
		rule: Adopt, what: "acquire, having learned of bob", base: "sound", size: 3,
		situation: func(s *server) string {
			s.Promised = 1
			s.start(Acquire, alice)
			s.yes(b, Proposal{1, bob})
			return fmt.Sprint(s.did.text(), ", base ", proposalText(s.did.Base))
		},
		on:  "yea learns [ab: cancels c] commits (4 bob) asks bc, base (1 bob)",
		off: "yea learns [ab: cancels c] commits (4 alice) asks bc, base (0 free)",
	}, {
		rule: Adopt, what: "release of bob's lock", base: "sound", size: 3,
		situation: func(s *server) string {
			s.Promised = 1
			s.start(Release, alice)
			return s.yes(b, Proposal{1, bob}).text()
		},
		on:  "yea learns [ab: cancels c] commits (4 bob) asks bc",
		off: "yea learns [ab: cancels c] commits (4 free) asks bc",
	}, {
		rule: OwnID, what: "a majority promised, and one had accepted a higher ID", base: "sound", size: 3,
		situation: func(s *server) string {
			s.start(Acquire, alice)
			return s.yes(b, Proposal{8, bob}).text() + ", " + s.state()
		},
		on:  "yea learns [ab: cancels c] retry 1 paused, promised 8 accepted (0 free)",
		off: "yea learns [ab: cancels c] commits (8 bob) asks bc, promised 8 accepted (8 bob)",
	}, {
		rule: OwnID, what: "one had accepted under the very ID that the majority promised", base: "sound", size: 3,
		situation: func(s *server) string {
			s.start(Acquire, alice)
			return s.yes(b, Proposal{1, bob}).text() + ", " + s.state()
		},
		on:  "yea learns [ab: cancels c] commits (1 bob) asks bc, promised 1 accepted (1 bob)",
		off: "yea learns [ab: cancels c] commits (1 bob) asks bc, promised 1 accepted (1 bob)",
	}, {
		rule: UniqueIDs, what: "first IDs by position, and the next above 4", base: "sound", size: 3,
		situation: func(s *server) string {
			s.config.Increment = 7
			var ids []ID
			for _, promised := range []ID{0, 4} {
				for s.config.Self = a; s.config.Self <= c; s.config.Self++ {
					s.Instance = Instance{State: State{Promised: promised}}
					ids = append(ids, s.start(Acquire, alice).Request.ID)
				}
			}
			return fmt.Sprint(ids)
		},
		on:  "[1 2 3 7 5 6]",
		off: "[7 7 7 11 11 11]",
	}, {
		rule: SelfRules, what: "its own acceptor has promised 9 to another meanwhile", base: "sound", size: 5,
		situation: func(s *server) string {
			s.start(Acquire, alice)
			s.askPromise(b, 9)
			s.yes(c, Proposal{})
			s.yes(d, Proposal{})
			return fmt.Sprint(s.did.Stored, " [", setText(s.Round.Yea), ":", setText(s.Round.Nay), "] ", s.state())
		},
		on:  "false [:a] promised 9 accepted (0 free)",
		off: "true [a:] promised 9 accepted (1 alice)",
	}, {
		rule: LearnAside, what: "a refusal that carries bob's commit", base: "sound", size: 5,
		situation: func(s *server) string {
			s.start(Acquire, alice)
			return s.no(b, Proposal{3, bob}).text() + ", " + s.state() + ", base " + proposalText(s.Round.Base)
		},
		on:  "nay learns, promised 1 accepted (0 free), base (3 bob)",
		off: "nay learns, promised 1 accepted (3 bob), base (0 free)",
	}, {
		rule: AckMajority, what: "a commit that reaches nobody", base: "published", size: 3,
		situation: func(s *server) string {
			s.start(Acquire, alice)
			s.yes(b, Proposal{})
			return s.expire().text()
		},
		on:  "expires [a:bc] unknown free",
		off: "expires [a:bc] acquired alice",
	}, {
		rule: AckMajority, what: "four failed rounds, local state stale", base: "published", size: 3,
		situation: func(s *server) string {
			s.State = State{2, Proposal{2, alice}}
			s.start(Acquire, alice)
			for s.expire(); s.did.Retry != 0; s.expire() {
				s.retry()
			}
			return s.did.text()
		},
		on:  "expires [a:bc] unknown free",
		off: "expires [a:bc] acquired alice",
	}, {
		rule: OwnerRelease, what: "alice releases bob's lock", base: "sound", size: 3,
		situation: func(s *server) string {
			s.State = State{1, Proposal{1, bob}}
			s.start(Release, alice)
			s.yes(b, Proposal{1, bob})
			return s.did.text() + ", " + s.committed(b, true).text()
		},
		on:  "yea [ab: cancels c] commits (4 bob) asks bc, yea [ab: cancels c] not-released bob",
		off: "yea [ab: cancels c] commits (4 free) asks bc, yea [ab: cancels c] released free",
	}, {
		rule: OwnerRelease, what: "alice releases a free lock", base: "sound", size: 3,
		situation: func(s *server) string {
			s.start(Release, alice)
			s.yes(b, Proposal{})
			return s.committed(b, true).text()
		},
		on:  "yea [ab: cancels c] released free",
		off: "yea [ab: cancels c] released free",
	}, {
		rule: Concurrent, what: "whom a round asks", base: "sound", size: 4,
		situation: func(s *server) string {
			s.config.Self = c
			first := s.start(Acquire, alice).text()
			s.deliver(Message{Kind: PromiseResponse, From: a, ID: 3, Yes: true})
			return first + ", " + s.did.text()
		},
		on:  "proposes 3 asks abd, yea",
		off: "proposes 3 asks a, yea asks b",
	}, {
		rule: Timeouts, what: "a deadline", base: "sound", size: 3,
		situation: func(s *server) string { return fmt.Sprint(s.start(Acquire, alice).Deadline) },
		on:        "true",
		off:       "false",
	}, {
		rule: EarlyStopPromise, what: "the deciding promise", base: "sound", size: 5,
		situation: func(s *server) string {
			s.start(Acquire, alice)
			s.yes(b, Proposal{})
			return s.yes(c, Proposal{}).text()
		},
		on:  "yea [abc: cancels de] commits (1 alice) asks bcde",
		off: "yea",
	}, {
		rule: EarlyStopCommit, what: "the deciding acceptance", base: "sound", size: 5,
		situation: func(s *server) string {
			s.start(Acquire, alice)
			s.yes(b, Proposal{})
			s.yes(c, Proposal{})
			s.committed(b, true)
			return s.committed(c, true).text()
		},
		on:  "yea [abc: cancels de] acquired alice",
		off: "yea",
	}, {
		rule: TellPromised, what: "a refusal names 20", base: "sound", size: 3,
		situation: func(s *server) string {
			other := newServer(3, s.config.Rules)
			other.Promised = 20
			s.start(Acquire, alice)
			other.askPromise(a, s.Round.ID)
			refusal := other.did.Reply
			refusal.From = b
			s.deliver(refusal)
			during := s.state()
			s.expire()
			return during + ", " + s.state() + ", " + s.retry().text()
		},
		on:  "promised 1 accepted (0 free), promised 20 accepted (0 free), proposes 22 asks bc",
		off: "promised 1 accepted (0 free), promised 1 accepted (0 free), proposes 4 asks bc",
	}, {
		rule: Backoff, what: "a failed round", base: "sound", size: 3,
		situation: func(s *server) string {
			s.start(Acquire, alice)
			return s.expire().text()
		},
		on:  "expires [a:bc] retry 1 paused",
		off: "expires [a:bc] retry 1",
	},
}

// The mutex is the world's: to the protocol, yield makes no difference.
func TestYieldIsTheWorlds(t *testing.T) {
	for _, name := range []string{"published", "sound"} {
		with, without := newServer(3, edition(t, name)|Yield), newServer(3, edition(t, name)&^Yield)
		for _, i := range []Input{
			{Kind: Start, Operation: Operation{Acquire, alice, 1}},
			{Kind: Deliver, Message: Message{Kind: PromiseRequest, From: b, ID: 2}},
			{Kind: Deliver, Message: Message{Kind: PromiseResponse, From: b, ID: 1, Yes: true}},
			{Kind: Deliver, Message: Message{Kind: CommitRequest, From: c, ID: 3, Proposal: Proposal{3, bob}}},
			{Kind: Expire},
		} {
			if *with.step(i) != *without.step(i) || with.Instance != without.Instance {
				t.Errorf("%s: input %+v is taken differently", name, i)
			}
		}
	}
}

// A commit may come of an operation whether or not the rule owner-release was on where it
// was made.
func TestExplains(t *testing.T) {
	acquire, release := Operation{Kind: Acquire, Holder: alice}, Operation{Kind: Release, Holder: alice}
	for _, row := range []struct {
		op          Operation
		base, value Holder
		want        bool
	}{
		{acquire, Free, alice, true}, {acquire, bob, bob, true}, {acquire, bob, alice, false}, {acquire, Free, bob, false},
		{release, alice, Free, true}, {release, bob, bob, true}, {release, bob, Free, true}, {release, alice, alice, false}, {release, bob, alice, false},
	} {
		if row.op.Explains(row.base, row.value) != row.want {
			t.Errorf("%+v", row)
		}
	}
}
