package check_test

import (
	"strings"
	"testing"

	"skinny/protocol"
	"skinny/sim"
	"skinny/sim/check"
	"skinny/sim/swarm"
)

// played is how seeds are judged in which programs play instances, all or a single one.
func played(profile string, rules protocol.Rules, players sim.Players) *swarm.Trial {
	p, ok := swarm.ProfileByName(profile)
	if !ok {
		panic(profile)
	}
	return swarm.NewTrial(&swarm.Setting{Rules: rules, Knobs: p.Knobs, Players: players})
}

func soundRules() protocol.Rules {
	e, _ := protocol.EditionByName("sound")
	return e.Rules
}

// What a program does that does the same as the built-in protocol is judged like that: a
// sound one keeps everything, and where rules are off the same breaks by the same event.
func TestJudgedAlike(t *testing.T) {
	broken := map[string]int{}
	for _, off := range []protocol.Rules{
		0, protocol.Majority, protocol.AckMajority, protocol.RefuseStale, protocol.Durable, protocol.OwnerRelease,
		protocol.PromiseOnce | protocol.UniqueIDs, protocol.AcceptRaises | protocol.RefuseStale, protocol.OwnID,
	} {
		rules := soundRules() &^ off
		for _, who := range []string{"", "b"} {
			own := played("all", rules, nil)
			other := played("all", rules, sim.Players{who: {Name: "mine", Program: sim.BuiltIn(rules)}})
			for seed := range uint64(300) {
				want, got := own.Run(seed), other.Run(seed)
				for i := range want {
					if off.Has(protocol.RefuseStale) && want[i].Property == check.PromiseKept && got[i].State == check.Kept {
						continue // who says once more that it has accepted something breaks no promise by that
					}
					if got[i].State != want[i].State || got[i].Event != want[i].Event || got[i].Kind != want[i].Kind {
						t.Fatalf("without %v, seed %d: %+v, not %+v", off, seed, got[i], want[i])
					}
					if got[i].State == check.Violated {
						broken[got[i].Property]++
					}
				}
			}
		}
	}
	for _, p := range []string{check.Agreement, check.Acknowledged, check.PromiseKept, check.Durability, check.MutualExclusion, check.Linearizability} {
		if broken[p] < 3 {
			t.Errorf("%s breaks in %d runs", p, broken[p])
		}
	}
}

// changed is the built-in protocol under the edition sound, whose answers a test changes.
type changed struct {
	sim.Program
	change func(q *sim.Question, a *sim.Answer)
}

func (c *changed) Step(q *sim.Question) (sim.Answer, error) {
	a, err := c.Program.Step(q)
	c.change(q, &a)
	return a, err
}

// change is a program that changes the answers of a sound one.
func change(how func(q *sim.Question, a *sim.Answer)) sim.Program {
	return &changed{sim.BuiltIn(soundRules()), how}
}

// asks reports whether an answer asks for something.
func asks(a *sim.Answer, kind protocol.MessageKind) bool {
	return len(a.Send) > 0 && a.Send[0].Kind == kind
}

// inSeeds counts the runs in which a program, that plays all instances, is judged so.
func inSeeds(t *testing.T, p sim.Program, is func(v *check.Verdict) bool) (n int) {
	t.Helper()
	trial := played("all", soundRules(), sim.Players{"": {Program: p}})
	for seed := range uint64(300) {
		for _, v := range trial.Run(seed) {
			if is(&v) {
				n++
			}
		}
		if err := trial.Failure(); err != nil {
			t.Fatal(err)
		}
	}
	return n
}

// What is planted in a program is caught.
func TestPlantedInPrograms(t *testing.T) {
	for _, c := range []struct {
		property, kind, why string
		program             sim.Program
	}{
		{check.Acknowledged, "acquired, nothing committed", "but has committed nothing for that", change(func(q *sim.Question, a *sim.Answer) {
			if q.Operation.Kind == protocol.Acquire && asks(a, protocol.CommitRequest) {
				*a = sim.Answer{Memory: a.Memory, Disk: a.Disk, State: a.State, Outcome: protocol.Acquired, Holder: q.Operation.Holder}
			}
		})},
		{check.Acknowledged, "acquired, accepted by", "acquired, but its commit", change(func(q *sim.Question, a *sim.Answer) {
			if q.Operation.Kind == protocol.Acquire && a.Outcome == protocol.Unknown && q.Message.Phase() == protocol.Committing {
				a.Outcome, a.Holder = protocol.Acquired, q.Operation.Holder
			}
		})},
		{check.Durability, "ignored by", "on the base of nothing", change(func(q *sim.Question, a *sim.Answer) {
			for k := range a.Send { // whatever was learned
				if a.Send[k].Kind == protocol.CommitRequest && q.Operation.Kind == protocol.Acquire {
					a.Send[k].Proposal.Holder = q.Operation.Holder
				}
			}
		})},
		{check.Durability, "goes back in a restart", "in a restart", sim.BuiltIn(soundRules() &^ protocol.Durable)},
		{check.PromiseKept, "accepts", "although it promised", sim.BuiltIn(soundRules() &^ protocol.RefuseStale)},
		{check.Agreement, "committed twice", "had committed it with", sim.BuiltIn(soundRules() &^ (protocol.PromiseOnce | protocol.UniqueIDs))},
	} {
		if n := inSeeds(t, c.program, func(v *check.Verdict) bool {
			return v.Property == c.property && v.State == check.Violated && strings.HasPrefix(v.Kind, c.kind) && strings.Contains(v.Why.String(), c.why)
		}); n < 3 {
			t.Errorf("%s, %s: found %d times", c.property, c.kind, n)
		}
	}
}

// Where a program does not speak Skinny's protocol, nothing is said of what goes on within
// the instances, and why is said. What clients see is judged all the same.
func TestNotJudged(t *testing.T) {
	asked := protocol.Message{Kind: protocol.PromiseRequest, ID: 1 << 40}
	for _, c := range []struct {
		kind, why string
		change    func(q *sim.Question, a *sim.Answer)
	}{
		{"notes", "puts a note on a message (event ", func(q *sim.Question, a *sim.Answer) {
			if len(a.Send) > 0 {
				a.Send[0].Note = []byte("?")
			}
		}},
		{"a promise that its state does not show", ", and its state shows promised 0", func(q *sim.Question, a *sim.Answer) {
			a.State = protocol.State{}
		}},
		{"a commit that its state does not show", ", and its state shows ID 0", func(q *sim.Question, a *sim.Answer) {
			a.State.Accepted = protocol.Proposal{}
		}},
		{"a commit without promises", "without having asked for promises", func(q *sim.Question, a *sim.Answer) {
			for k := range a.Send {
				if s := &a.Send[k]; s.Kind == protocol.PromiseRequest {
					s.Kind, s.Proposal = protocol.CommitRequest, protocol.Proposal{ID: s.ID, Holder: q.Operation.Holder}
				}
			}
		}},
		{"an answer without a round", "without having asked for promises", func(q *sim.Question, a *sim.Answer) {
			if q.Kind == sim.AskOperation && q.Operation.Kind == protocol.Acquire {
				*a = sim.Answer{State: a.State, Outcome: protocol.Acquired, Holder: q.Operation.Holder}
			}
		}},
		{"late answers", "answers a request only after something else", func(q *sim.Question, a *sim.Answer) {
			var later []sim.Sent
			if m := &q.Message; q.Kind == sim.AskMessage && m.Kind == protocol.CommitRequest {
				later = append(later, sim.Sent{Message: protocol.Message{Kind: protocol.CommitResponse, To: m.From, ID: m.ID + 1, Yes: true}})
			}
			a.Send = append(a.Send, later...)
		}},
		{"requests aside from a round", "asks for something that is no part of a round", func(q *sim.Question, a *sim.Answer) {
			if asks(a, protocol.PromiseRequest) {
				aside := asked
				aside.To = a.Send[0].To
				a.Send = append(a.Send, sim.Sent{Message: aside})
			}
		}},
	} {
		known := inSeeds(t, change(c.change), func(v *check.Verdict) bool {
			p, _ := check.PropertyByName(v.Property)
			if v.State == check.NotJudged && !p.Inner {
				t.Errorf("%s is not judged: %s", v.Property, v.Why)
			}
			return v.State == check.NotJudged && v.Kind == c.kind && strings.Contains(v.Why.String(), c.why) && len(v.Why.Refs()) == 1
		})
		if known < 50 {
			t.Errorf("%s: %d verdicts", c.kind, known)
		}
	}
	if n := inSeeds(t, change(func(q *sim.Question, a *sim.Answer) { // as above
		a.State = protocol.State{}
		if q.Kind == sim.AskOperation && q.Operation.Kind == protocol.Acquire {
			*a = sim.Answer{Outcome: protocol.Acquired, Holder: q.Operation.Holder}
		}
	}), func(v *check.Verdict) bool { return v.Property == check.MutualExclusion && v.State == check.Violated }); n < 50 {
		t.Errorf("the lock breaks in %d runs", n)
	}
}

// What broke by an event before the one that shows that a program speaks a protocol of its
// own stays broken.
func TestBrokenBefore(t *testing.T) {
	both := 0
	trial := played("all", soundRules(), sim.Players{"": {Program: &changed{sim.BuiltIn(soundRules() &^ protocol.RefuseStale), func(q *sim.Question, a *sim.Answer) {
		if q.Operation.Number > 4 {
			for k := range a.Send {
				a.Send[k].Note = []byte("!")
			}
		}
	}}}})
	for seed := range uint64(300) {
		broken, unknown := false, 0
		for _, v := range trial.Run(seed) {
			broken = broken || v.Property == check.PromiseKept && v.State == check.Violated
			if v.State == check.NotJudged {
				unknown++
				if v.Property == check.PromiseKept && broken {
					t.Fatalf("seed %d: both", seed)
				}
			}
		}
		if broken && unknown > 0 {
			both++
		}
	}
	if both < 2 {
		t.Errorf("there are only %d such runs", both)
	}
}
