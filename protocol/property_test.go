package protocol

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// Whatever happens to an instance, in any order and under any rules, it obeys what
// this file says. Only what Step asks of its callers is respected: an operation
// starts while no round runs, and a deadline passes while calls are under way.
func TestAnyInputs(t *testing.T) { rapid.Check(t, anyInputs) }

func anyInputs(t *rapid.T) {
	size := rapid.OneOf(rapid.IntRange(2, 6), rapid.Just(MaxSize)).Draw(t, "size")
	c := Config{
		Rules:     Rules(rapid.Uint32Range(0, uint32(AllRules)).Draw(t, "rules")),
		Size:      size,
		Self:      Position(rapid.IntRange(0, size-1).Draw(t, "self")),
		Increment: ID(rapid.OneOf(rapid.Uint64Range(1, 5), rapid.Just[uint64](math.MaxUint64)).Draw(t, "increment")),
		Quorums: Quorums{
			Promise: uint8(rapid.IntRange(0, size).Draw(t, "promise")),
			Commit:  uint8(rapid.IntRange(0, size).Draw(t, "commit")),
		},
	}
	var in Instance
	in.Promised = anyID(t, &in)
	seen := map[Instance]bool{}
	for range rapid.IntRange(1, 40).Draw(t, "steps") {
		before := in
		if rapid.IntRange(0, 19).Draw(t, "restart") == 0 {
			in.Restart(&c)
			checkRestart(t, &c, &before, &in)
			continue
		}
		i := anyInput(t, &c, &in)
		var e Effects
		in.Step(&c, &i, &e)
		checkFunction(t, &c, &i, before, in, e)
		checkInstance(t, &c, &before, &in)
		checkEffects(t, &c, &before, &in, &e)
		checkFacts(t, &c, &i, &before, &in, &e)
		seen[in] = true
		if copied := in; !seen[copied] {
			t.Fatal("an instance does not find itself in a map")
		}
	}
}

// anyID is often near what the instance knows, and sometimes where numbers end.
func anyID(t *rapid.T, in *Instance) ID {
	near := []uint64{
		0, 1, 2, 3, uint64(in.Promised), uint64(in.Promised) + 1, uint64(in.Accepted.ID), uint64(in.Round.ID),
		uint64(in.Round.ID) + 1, math.MaxUint64,
	}
	return ID(rapid.OneOf(
		rapid.SampledFrom(near), rapid.SampledFrom(near), rapid.Uint64(),
	).Draw(t, "id"))
}

func anyInput(t *rapid.T, c *Config, in *Instance) Input {
	kinds := []InputKind{Deliver, Deliver, Deliver, Deliver}
	if in.Round.Phase == Idle {
		kinds = append(kinds, Start)
	} else if in.Round.Calls != 0 {
		kinds = append(kinds, Expire)
	}
	i := Input{Kind: rapid.SampledFrom(kinds).Draw(t, "input")}
	switch i.Kind {
	case Start:
		i.Operation = Operation{
			Kind:   rapid.SampledFrom([]OperationKind{Acquire, Release}).Draw(t, "operation"),
			Holder: Holder(rapid.Uint32Range(1, 3).Draw(t, "client")),
			Number: 1,
		}
		i.Try = rapid.Uint8Range(0, Retries).Draw(t, "try")
	case Deliver:
		if in.Round.Calls != 0 && rapid.Bool().Draw(t, "answered") {
			i.Message = anyAnswer(t, c, in)
			return i
		}
		m := Message{
			Kind: MessageKind(rapid.IntRange(int(PromiseRequest), int(Failure)).Draw(t, "kind")),
			From: Position(rapid.IntRange(0, c.Size-2).Draw(t, "from")),
			To:   c.Self,
			ID:   anyID(t, in),
		}
		if m.From >= c.Self {
			m.From++
		}
		if m.Kind == Failure {
			m.Call = rapid.SampledFrom([]MessageKind{PromiseRequest, CommitRequest}).Draw(t, "call")
		}
		holder := Holder(rapid.Uint32Range(0, 3).Draw(t, "holder"))
		switch m.Kind {
		case CommitRequest:
			m.Proposal = Proposal{m.ID, holder}
		case PromiseResponse:
			m.Proposal = Proposal{anyID(t, in), holder}
		}
		if !m.Kind.IsRequest() && m.Kind != Failure {
			if m.Yes = rapid.Bool().Draw(t, "yes"); !m.Yes && c.Rules.Has(TellPromised) {
				m.Told = anyID(t, in)
			}
		}
		i.Message = m
	}
	return i
}

// anyAnswer answers one of the calls under way.
func anyAnswer(t *rapid.T, c *Config, in *Instance) Message {
	var called []Position
	for s := in.Round.Calls; s != 0; s = s.Without(s.First()) {
		called = append(called, s.First())
	}
	m := Message{
		Kind: PromiseResponse,
		From: rapid.SampledFrom(called).Draw(t, "who"),
		To:   c.Self,
		ID:   in.Round.ID,
		Yes:  rapid.IntRange(0, 3).Draw(t, "no") != 0,
	}
	if in.Round.Phase == Committing {
		m.Kind = CommitResponse
	} else if rapid.Bool().Draw(t, "accepted") {
		m.Proposal = Proposal{anyID(t, in), Holder(rapid.Uint32Range(0, 3).Draw(t, "holder"))}
	}
	return m
}

// checkFunction: the same value and the same input give the same value and the
// same effects, whatever was in the effects before.
func checkFunction(t *rapid.T, c *Config, i *Input, before, after Instance, e Effects) {
	config, input, again := *c, *i, before
	dirty := Effects{Verdict: Accepts, Outcome: Failed, Ask: ^Set(0), Retry: 9, Learned: true}
	again.Step(&config, &input, &dirty)
	if again != after || dirty != e {
		t.Fatalf("the same step twice: %+v and %+v\neffects %+v and %+v", after, again, e, dirty)
	}
	if config != *c || input != *i {
		t.Fatal("a step changed its configuration or its input")
	}
}

func checkInstance(t *rapid.T, c *Config, before, in *Instance) {
	r := &in.Round
	switch {
	case in.Promised < before.Promised:
		t.Fatalf("promised fell from %d to %d", before.Promised, in.Promised)
	case r.Phase == Idle && *r != Round{}:
		t.Fatalf("idle, with the rest of a round: %+v", *r)
	case r.Yea&r.Nay != 0 || r.Calls&(r.Yea|r.Nay) != 0:
		t.Fatalf("somebody voted twice, or is still waited for: %+v", *r)
	case (r.Yea|r.Nay|r.Calls)&^All(c.Size) != 0 || r.Calls.Has(c.Self):
		t.Fatalf("calls or votes of nobody: %+v", *r)
	case r.Phase != Idle && r.Calls == 0:
		t.Fatalf("a phase that waits for nobody: %+v", *r)
	case !c.Rules.Has(Concurrent) && r.Calls.Len() > 1:
		t.Fatalf("several calls at once: %+v", *r)
	}
	if c.Rules.Has(RefuseStale|AcceptRaises|LearnAside|SelfRules|OwnID|AckAccepted) && before.Accepted.ID > in.Accepted.ID {
		t.Fatalf("accepted fell from %d to %d", before.Accepted.ID, in.Accepted.ID)
	}
}

func checkEffects(t *rapid.T, c *Config, before, in *Instance, e *Effects) {
	running := in.Round.Phase != Idle
	switch {
	case e.Outcome != NoOutcome && (running || e.Retry != 0 || e.Ask != 0):
		t.Fatalf("an answer, and yet it goes on: %+v", *e)
	case e.Retry != 0 && (running || e.Ask != 0 || e.Retry > Retries):
		t.Fatalf("a retry that is none: %+v", *e)
	case e.Ended != Idle && e.Ended != before.Round.Phase:
		t.Fatalf("phase %d ended, but %d ran", e.Ended, before.Round.Phase)
	case (e.Ask != 0) != e.Request.Kind.IsRequest():
		t.Fatalf("asks %b with %+v", e.Ask, e.Request)
	case e.Ask&^in.Round.Calls != 0:
		t.Fatalf("asks %b and waits for %b", e.Ask, in.Round.Calls)
	case e.Deadline != (e.Ask != 0 && c.Rules.Has(Timeouts)):
		t.Fatalf("deadline %v, asks %b", e.Deadline, e.Ask)
	case e.Pause != (e.Retry != 0 && c.Rules.Has(Backoff)):
		t.Fatalf("pause %v, retry %d", e.Pause, e.Retry)
	}
	if e.Verdict == Ignores && (*in != *before || *e != Effects{Verdict: Ignores, Counted: e.Counted, Operation: e.Operation}) {
		t.Fatalf("something that was ignored had effects: %+v", *e)
	}
	if (e.Verdict == Denies || e.Verdict == Rejects || e.Verdict == Pretends) && *in != *before {
		t.Fatalf("a refusal changed the instance from %+v to %+v", *before, *in)
	}
}

// checkFacts: what is told of a step agrees with what the step did.
func checkFacts(t *rapid.T, c *Config, i *Input, before, in *Instance, e *Effects) {
	m, round := &i.Message, &before.Round
	request := i.Kind == Deliver && m.Kind.IsRequest()
	whose := round.Operation
	switch {
	case i.Kind == Start:
		whose = i.Operation
	case request:
		whose = Operation{}
	}
	if e.Operation != whose {
		t.Fatalf("a step of %+v, and not of %+v", e.Operation, whose)
	}
	if r := e.Reply; request && (r.Kind != m.Kind.Response() || r.From != c.Self || r.To != m.From || r.ID != m.ID) {
		t.Fatalf("the reply to %+v is %+v", *m, r)
	}
	asks := map[Phase]MessageKind{Proposing: PromiseRequest, Committing: CommitRequest}[in.Round.Phase]
	if r := e.Request; e.Ask != 0 && (r.Kind != asks || r.From != c.Self || r.ID != in.Round.ID) {
		t.Fatalf("phase %d asks with %+v", in.Round.Phase, r)
	}

	// What was known when the votes were counted: with what has just been learned.
	counted, known := before.State, round.Base
	if !c.Rules.Has(LearnAside) {
		known = counted.Accepted
	}
	counts := e.Verdict == CountsYea || e.Verdict == CountsNay
	if counts && m.Kind == PromiseResponse && m.Proposal.ID > known.ID {
		known = m.Proposal
		if !c.Rules.Has(LearnAside) {
			counted.Accepted = known
		}
	}
	if (counts || e.Verdict == Ignores || e.Verdict == Expires) && e.Counted != counted {
		t.Fatalf("counted at %+v, want %+v", e.Counted, counted)
	}
	if jumps := e.Ended == Proposing && known.ID > before.Promised; e.Jumped != jumps {
		t.Fatalf("jumped: %v, knowing %+v, promised %d", e.Jumped, known, before.Promised)
	}
	yea, _ := c.Quorums.Enough(c.Rules, e.Ended, c.Size)
	if e.Ended != Idle && e.Won != (e.Yea.Len() >= yea) {
		t.Fatalf("won: %v, with %d of the %d that are needed", e.Won, e.Yea.Len(), yea)
	}
	if e.Ended != Idle && in.Round.Phase == round.Phase {
		t.Fatalf("phase %d ended and still runs: %+v", e.Ended, in.Round)
	}
}

func checkRestart(t *rapid.T, c *Config, before, in *Instance) {
	want := State{}
	if c.Rules.Has(Durable) {
		want = before.State
	}
	if (*in != Instance{State: want}) {
		t.Fatalf("restarted as %+v, want %+v", *in, want)
	}
}
