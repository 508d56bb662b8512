package check

import (
	"slices"
	"testing"

	"skinny/protocol"
	"skinny/sim/prose"
	"skinny/sim/trace"
)

// What an operation waits for is said in a clause, and what kind of waiting it is in a word,
// wherever it stands. All of them are alice's acquire at a, called before all has healed at
// 100 ns, and never answered.
func TestProgressWords(t *testing.T) {
	asks := func(to int) trace.Event {
		return trace.Event{Asked: protocol.All(to + 1).Without(0), Message: protocol.Message{Kind: protocol.PromiseRequest, ID: 7}}
	}
	request := func(to protocol.Position, reason trace.Reason) trace.Event {
		return trace.Event{Instance: int8(to), Reason: reason, Message: protocol.Message{Kind: protocol.PromiseRequest, To: to, ID: 7}}
	}
	lost := func(to protocol.Position) trace.Event {
		return trace.Event{Message: protocol.Message{Kind: protocol.PromiseRequest, To: to, ID: 7}}
	}
	for _, c := range []struct {
		kind, why string
		story     func(s *story)
	}{
		{"never answered, calling", "the call is under way to a", func(*story) {}},
		{"never answered, calling", "the call is under way to a", func(s *story) { s.moment(1, trace.Crash, 0, trace.Event{}) }},
		{"never answered, running", "a waits for promises of ID 7, but the request to b waits there for the end of other work", func(s *story) {
			s.moment(1, trace.Call, 2, trace.Event{Instance: 1})
			s.moment(1, trace.Propose, 1, asks(1))
			s.moment(1, trace.Propose, 2, trace.Event{Instance: 1, Message: protocol.Message{Kind: protocol.PromiseRequest, ID: 8}})
			s.moment(2, trace.Wait, 0, request(1, trace.MutexWork))
			s.moment(3, trace.GiveUp, 2, trace.Event{Instance: 1})
		}},
		{"never answered, running", "a waits for promises of ID 7, but the request to b waits there for the end of other work", func(s *story) {
			s.moment(1, trace.Propose, 1, asks(1))
			s.moment(2, trace.Wait, 0, request(1, trace.MutexHeld)) // whose round has ended since
		}},
		{"never answered, paused", "a has been paused since event 2", func(s *story) {
			s.moment(1, trace.Pause, 0, trace.Event{})
			s.moment(1, trace.Hold, 1, trace.Event{})
		}},
		{"never answered, down", "a has been down since event 3", func(s *story) {
			s.moment(1, trace.Hold, 1, trace.Event{})
			s.moment(1, trace.Crash, 0, trace.Event{})
			s.moment(1, trace.Wait, 1, trace.Event{Reason: trace.TurnTaken})
		}},
		{"never answered, working", "it waits for the end of a's work on a promise request", func(s *story) {
			s.moment(1, trace.Wait, 1, trace.Event{Reason: trace.MutexWork})
		}},
		{"never answered, queued", "a has not begun with it", func(s *story) {
			s.moment(1, trace.Wait, 1, trace.Event{Reason: trace.MutexHeld})
		}},
		{"never answered, queued", "it waits there behind alice's acquire (operation 2); a waits for promises of ID 7, but the request to b is under way", func(s *story) {
			s.moment(1, trace.Call, 2, trace.Event{})
			s.moment(1, trace.GiveUp, 2, trace.Event{})
			s.moment(1, trace.Propose, 2, asks(1))
			s.moment(1, trace.Wait, 1, trace.Event{Reason: trace.TurnTaken})
		}},
		{"never answered, pausing", "a waits for its next try", func(s *story) {
			s.moment(1, trace.Propose, 1, asks(1))
			s.moment(2, trace.Backoff, 1, trace.Event{Pause: true})
		}},
		{"never answered, queued", "a waits for its next try", func(s *story) {
			s.moment(1, trace.Propose, 1, asks(1))
			s.moment(2, trace.Backoff, 1, trace.Event{})
		}},
		{"never answered, running", "a waits for promises of ID 7, but the answer of b is under way", func(s *story) {
			answer := protocol.Message{Kind: protocol.PromiseResponse, From: 1, ID: 7}
			s.moment(1, trace.Propose, 1, asks(1))
			s.moment(2, trace.Promise, 0, trace.Event{Instance: 1, Message: answer})
			s.moment(3, trace.Hold, 0, trace.Event{Peer: 1, Message: answer})
		}},
		{"never answered, running", "a waits for promises of ID 7, but the request to b was lost (event 3), the request to c is under way, " +
			"the request to d waits there for the end of other work, the request to e waits there, since e is paused (event 5) and so on", func(s *story) {
			s.moment(1, trace.Propose, 1, asks(5))
			s.moment(2, trace.Lose, 0, lost(1))
			s.moment(2, trace.Wait, 0, request(3, trace.MutexWork))
			s.moment(2, trace.Hold, 0, request(4, trace.NoReason))
		}},
		{"never answered, running", "a waits for promises of ID 7, but the request to b was lost (event 3), the request to c is under way, " +
			"the request to d is under way and the request to e is under way", func(s *story) {
			s.moment(1, trace.Propose, 1, asks(4))
			s.moment(2, trace.Lose, 0, lost(1))
		}},
		{"never answered, running, committing", "a waits for answers to its commit of ID 9, but the request to b is under way", func(s *story) {
			s.moment(1, trace.Commit, 1, trace.Event{Asked: 2, Proposal: protocol.Proposal{ID: 9, Holder: alice}})
		}},
		{"never answered, paused", "a has been paused since event 3", func(s *story) {
			s.moment(1, trace.Propose, 1, asks(1))
			s.moment(1, trace.Pause, 0, trace.Event{})
		}},
		{"never answered, answered", "the answer is under way (event 2)", func(s *story) {
			s.moment(1, trace.Answer, 1, trace.Event{Outcome: protocol.Acquired})
		}},
	} {
		s := newStory(0, 6)
		s.moment(1, trace.Call, 1, trace.Event{})
		c.story(s)
		j := NewJudges(s.header)
		j.Demand(Progress{100, 10})
		for i := range s.events {
			j.Observe(&s.events[i])
		}
		j.End(0, true)
		why := "alice's acquire (operation 1) at a is never answered, though nothing has gone wrong since 100ns: " + c.why
		if v := j.Verdict(ProgressName); v.Why.String() != why || v.Kind != c.kind {
			t.Errorf("%s: got\n%s\nwant %s:\n%s", v.Kind, v.Why.String(), c.kind, why)
		}
	}
}

// Who calls when all has healed is entitled to an answer from then on. The first violation is
// the one that counts, whoever else waits in vain at the end.
func TestProgressWordsOfFresh(t *testing.T) {
	s := newStory(0, 3)
	s.moment(150, trace.Call, 1, trace.Event{})
	s.moment(150, trace.Call, 2, trace.Event{})
	s.moment(170, trace.Call, 3, trace.Event{})
	since := ", though it was called at 150ns, when nothing went wrong any more: the call is under way to a"
	for _, c := range []struct {
		events, event int
		kind, why     string
	}{
		{1, 1, "never answered, calling", "alice's acquire (operation 1) at a is never answered" + since},
		{3, 3, "late, calling", "alice's acquire (operation 1) at a is not answered within 10ns" + since},
	} {
		j := NewJudges(s.header)
		j.Demand(Progress{100, 10})
		for i := range c.events {
			j.Observe(&s.events[i])
		}
		j.End(0, true)
		if v := j.Verdict(ProgressName); v.Why.String() != c.why || v.Kind != c.kind || v.Event != c.event {
			t.Errorf("after %d events: %s by event %d: %s", c.events, v.Kind, v.Event, v.Why)
		}
	}
}

// Why a fresh operation is answered unknown.
func TestProgressWordsOfUnknown(t *testing.T) {
	for _, c := range []struct {
		why    string
		rounds func(s *story)
		answer trace.Event
	}{
		{"there is no higher ID left for its round", func(*story) {}, trace.Event{}},
		{"there is no higher ID left for its round", func(s *story) { // another's runs, as a program has it
			s.moment(100, trace.Call, 2, trace.Event{})
			s.moment(101, trace.Propose, 2, trace.Event{Asked: 2, Message: protocol.Message{Kind: protocol.PromiseRequest, ID: 7}})
		}, trace.Event{}},
		{"there is no higher ID left for its round", func(s *story) { // it was to begin anew
			s.moment(101, trace.Propose, 1, trace.Event{Asked: 2, Message: protocol.Message{Kind: protocol.PromiseRequest, ID: 7}})
			s.moment(102, trace.Backoff, 1, trace.Event{Pause: true})
		}, trace.Event{}},
		{"its last round, retry 0 with ID 7, was promised by a only, and a majority is 3 of 5; c had promised ID 9 (event 4)", func(s *story) {
			s.moment(101, trace.Propose, 1, trace.Event{Asked: 6, Message: protocol.Message{Kind: protocol.PromiseRequest, ID: 7}})
			for p := range int8(2) {
				s.states[p+1].Promised = protocol.ID(7 + 2*p)
				s.moment(102, trace.Promise, 0, trace.Event{Instance: p + 1, Message: protocol.Message{
					Kind: protocol.PromiseResponse, From: protocol.Position(p + 1), ID: 7,
				}})
			}
		}, trace.Event{Yea: 1, Nay: 6}},
		{"its last round, retry 3 with ID 7, learned of a higher ID", func(s *story) {
			s.moment(101, trace.Propose, 1, trace.Event{Try: 3, Asked: 2, Message: protocol.Message{Kind: protocol.PromiseRequest, ID: 7}})
		}, trace.Event{Won: true, Yea: 3}},
		{"its last round, retry 3 with ID 7, was promised by a and c only, and a majority is 3 of 5", func(s *story) {
			s.moment(101, trace.Propose, 1, trace.Event{Try: 3, Asked: 2, Message: protocol.Message{Kind: protocol.PromiseRequest, ID: 7}})
		}, trace.Event{Yea: 5}},
		{"its commit of ID 9 was accepted by nobody, and a majority is 3 of 5", func(s *story) {
			s.moment(101, trace.Commit, 1, trace.Event{Asked: 2, Proposal: protocol.Proposal{ID: 9, Holder: alice}})
		}, trace.Event{Won: true}},
		{"its commit of ID 9 was accepted by b only, and a majority is 3 of 5", func(s *story) {
			s.moment(101, trace.Commit, 1, trace.Event{Asked: 2, Proposal: protocol.Proposal{ID: 9, Holder: alice}})
		}, trace.Event{Yea: 2}},
	} {
		s := newStory(0, 5)
		s.moment(100, trace.Call, 1, trace.Event{})
		c.rounds(s)
		c.answer.Direct, c.answer.Outcome = true, protocol.Unknown
		s.moment(105, trace.Answer, 1, c.answer)
		j := NewJudges(s.header)
		j.Demand(Progress{100, 10})
		for i := range s.events {
			j.Observe(&s.events[i])
		}
		want := "alice's acquire (operation 1) at a is answered unknown, though it was called at 100ns, when nothing went wrong any more: " + c.why
		if v := j.Verdict(ProgressName); v.Why.String() != want || v.Kind != "unknown" || v.Event != len(s.events) {
			t.Errorf("%s: got\n%s\nwant\n%s", v.Kind, v.Why.String(), want)
		}
	}
}

// What broke by an event, and which events that names.
func TestBrokenBy(t *testing.T) {
	names := prose.NamesOf(header(0, 3))
	list := []Verdict{
		{Property: "a", State: Violated, Event: 5, Why: prose.Of(names.Instance(1), " and ", prose.At(3))},
		{Property: "b", State: Violated, Event: 6, Why: prose.Of(prose.At(2))},
		{Property: "c", State: Undecided, Event: 5, Why: prose.Of(prose.At(1))},
		{Property: "d", State: Violated, Event: 5, Why: prose.Of(prose.At(4), " or ", prose.At(2))},
	}
	got := ""
	for _, v := range BrokenBy(5, list) {
		got += v.Property
	}
	if refs := Refs(list, 5); got != "ad" || !slices.Equal(refs, []int{3, 4, 2}) {
		t.Errorf("%q is broken, and events %v are named", got, refs)
	}
}

// A judge of one's own has a name of its own.
func TestNamesOfOwnJudges(t *testing.T) {
	judge := func() Judge { return &patience{} }
	reads, _ := PropertyByName(ReadsName)
	for _, c := range []struct {
		own []Property
		ok  bool
	}{
		{[]Property{{Name: "mine", New: judge}, {Name: "yours", New: judge}}, true},
		{[]Property{{Name: "mine", New: judge}, reads}, true},
		{[]Property{{Name: "", New: judge}}, false},
		{[]Property{{Name: "mine", New: judge}, {Name: "mine", New: judge}}, false},
		{[]Property{{Name: Agreement, New: judge}}, false},
		{[]Property{{Name: ProgressName, New: judge}}, false},
		{[]Property{reads, reads}, false},
	} {
		func() {
			defer func() {
				if p := recover(); (p == nil) != c.ok {
					t.Errorf("%d judges, the last called %q: %v", len(c.own), c.own[len(c.own)-1].Name, p)
				}
			}()
			NewJudges(header(0, 3), c.own...)
		}()
	}
	var zero Judges // which has to be reset first, and then is like others
	zero.Reset(header(0, 3))
	if got, want := len(zero.Verdicts()), len(NewJudges(header(0, 3)).Verdicts()); got != want {
		t.Errorf("%d verdicts, want %d", got, want)
	}
}

// What kind of property each is, and how much it says.
func TestKindsOfProperties(t *testing.T) {
	ranked := []string{MutualExclusion, Agreement, Linearizability, Durability, Acknowledged, PromiseKept, ProgressName, ReadsName}
	inner := []string{Agreement, Durability, Acknowledged, PromiseKept}
	for _, p := range Properties() {
		if ranked[p.Severity] != p.Name || p.Inner != slices.Contains(inner, p.Name) ||
			p.Timed != (p.Name == ProgressName) || p.OnDemand != (p.Severity >= 6) {
			t.Errorf("%+v", p)
		}
	}
	own := Property{Name: "mine", About: "x"}
	if p, ok := PropertyByName("mine", own); !ok || p.About != "x" {
		t.Errorf("mine is %+v, %v", p, ok)
	}
	if _, ok := PropertyByName("mine"); ok {
		t.Error("mine is in the register")
	}
	for s, want := range map[State]string{Kept: "kept", Violated: "violated", Undecided: "undecided", NotJudged: "not-judged"} {
		if s.String() != want {
			t.Errorf("a state is called %s, want %s", s, want)
		}
	}
}

// Proposals that were committed and that no majority accepted are counted; what was chosen
// was chosen by the event that completed the majority.
func TestUnchosen(t *testing.T) {
	s := newStory(0, 3)
	op := s.call(protocol.Acquire, alice)
	s.commit(op, 0, 3, alice, 0)
	s.commit(op, 1, 2, bob, 0)
	s.accept(2, 1, carol, true) // nobody committed that
	s.accept(1, 3, alice, true) // chosen by event 5
	s.accept(2, 3, alice, true)
	j := NewJudges(s.header)
	for i, want := range []int{0, 1, 2, 2, 1, 1} {
		if j.Observe(&s.events[i]); j.Unchosen() != want {
			t.Errorf("after event %d: %d, want %d", i+1, j.Unchosen(), want)
		}
	}
	s.commit(op, 0, 5, bob, 0)
	s.violated(t, Durability, 7, "ignored by a commit", "a commits ID 5 on the base of nothing, although ID 3 with holder alice was chosen (event 5)")
}

// A program speaks another protocol by the first event that shows it, and not by one that only
// looks like that.
func TestSpoken(t *testing.T) {
	op := protocol.Operation{Kind: protocol.Acquire, Holder: alice, Number: 1}
	own := protocol.Proposal{ID: 4, Holder: alice}
	state := func(promised, accepted protocol.ID) protocol.State {
		return protocol.State{Promised: promised, Accepted: protocol.Proposal{ID: accepted, Holder: alice}}
	}
	propose := trace.Event{Kind: trace.Propose, Operation: op, Message: protocol.Message{ID: 4}, State: state(4, 0)}
	commit := trace.Event{Kind: trace.Commit, Operation: op, Proposal: own, State: state(4, 0)}
	answer := trace.Event{Kind: trace.Answer, Operation: op, Outcome: protocol.Acquired, State: state(4, 4)}
	promise := trace.Event{Kind: trace.Promise, Message: protocol.Message{ID: 6, Yes: true}, State: state(6, 0)}
	reply := trace.Event{Kind: trace.Reply}
	with := func(e trace.Event, change func(e *trace.Event)) trace.Event { change(&e); return e }
	for _, c := range []struct {
		what    string
		slow    bool
		events  []trace.Event
		want    Dialect // by the last event
		accepts bool    // it shows that the own commit is accepted
	}{
		{"a round", false, []trace.Event{propose, commit, answer}, 0, false},
		{"accepted at once", false, []trace.Event{propose, with(commit, func(e *trace.Event) { e.State = state(4, 4) })}, 0, false},
		{"shown once", false, []trace.Event{propose, commit, answer, promise}, 0, false},
		{"after a restart", false, []trace.Event{propose, commit, {Kind: trace.Restart, State: state(4, 4)}}, 0, false},
		{"after a crash", false, []trace.Event{propose, commit, {Kind: trace.Crash}, {Kind: trace.Count, State: state(4, 4)}}, 0, false},
		{"later", false, []trace.Event{propose, commit, {Kind: trace.Count, State: state(4, 4)}}, 0, true},
		{"later, and once", false, []trace.Event{propose, commit, {Kind: trace.Count, State: state(4, 4)}, {Kind: trace.Count, State: state(4, 4)}}, 0, false},
		{"after it has begun anew", false, []trace.Event{propose, commit, propose, {Kind: trace.Count, State: state(4, 4)}}, 0, false},
		{"after the answer", false, []trace.Event{propose, commit, with(answer, func(e *trace.Event) { e.State = state(4, 0) }), {Kind: trace.Count, State: state(4, 4)}}, 0, false},
		{"a higher promise", false, []trace.Event{with(propose, func(e *trace.Event) { e.State = state(9, 0) })}, 0, false},
		{"its own ID not promised", false, []trace.Event{with(propose, func(e *trace.Event) { e.State = state(3, 0) })}, unpromised, false},
		{"a promise", false, []trace.Event{promise}, 0, false},
		{"a promise not shown", false, []trace.Event{with(promise, func(e *trace.Event) { e.State = state(5, 0) })}, unpromised, false},
		{"a refusal", false, []trace.Event{with(promise, func(e *trace.Event) { e.State, e.Message.Yes = state(5, 0), false })}, 0, false},
		{"an accept not shown", false, []trace.Event{{Kind: trace.Accept, Message: protocol.Message{Yes: true}, Proposal: own, State: state(4, 3)}}, unaccepted, false},
		{"an accept", false, []trace.Event{{Kind: trace.Accept, Message: protocol.Message{Yes: true}, Proposal: own, State: state(4, 4)}}, 0, false},
		{"a commit refused", false, []trace.Event{{Kind: trace.Accept, Proposal: own, State: state(5, 3)}}, 0, false},
		{"a commit unasked", false, []trace.Event{commit}, unasked, false},
		{"for another operation", false, []trace.Event{propose, with(commit, func(e *trace.Event) { e.Operation.Number = 2 })}, unasked, false},
		{"an answer alone", false, []trace.Event{answer}, alone, false},
		{"a release alone", false, []trace.Event{with(answer, func(e *trace.Event) { e.Outcome = protocol.Released })}, alone, false},
		{"a refusal alone", false, []trace.Event{with(answer, func(e *trace.Event) { e.Outcome = protocol.Refused })}, 0, false},
		{"a slow reply", true, []trace.Event{promise, reply}, 0, false},
		{"a second one", true, []trace.Event{promise, reply, reply}, late, false},
		{"a late reply", false, []trace.Event{promise, reply}, late, false},
		{"a reply after a crash", true, []trace.Event{promise, {Kind: trace.Crash}, reply}, late, false},
		{"a step", false, []trace.Event{{Kind: trace.Step}}, 0, false},
		{"a request aside", false, []trace.Event{{Kind: trace.Step, Asked: 1}}, aside, false},
		{"a note", false, []trace.Event{with(promise, func(e *trace.Event) { e.Note = true })}, notes, false},
	} {
		var s Spoken
		for i := range c.events {
			kind := s.Follow(&c.events[i], c.slow)
			_, accepts := s.Accepts(&c.events[i])
			last := i == len(c.events)-1
			if last && (kind != c.want || accepts != c.accepts) || !last && kind != 0 {
				t.Errorf("%s, event %d: dialect %d, accepts: %v", c.what, i+1, kind, accepts)
			}
		}
	}
}

// What a program has said in one run is not heard in the next.
func TestSpeechResets(t *testing.T) {
	h := header(0, 3)
	h.Settings[1].Program = "x"
	op := protocol.Operation{Kind: protocol.Acquire, Holder: alice, Number: 1}
	run := []trace.Event{
		{Number: 1, Kind: trace.Call, Instance: 1, Operation: op},
		{Number: 2, Kind: trace.Propose, Instance: 1, Operation: op, Message: protocol.Message{ID: 2}, State: protocol.State{Promised: 2}},
		{Number: 3, Kind: trace.Commit, Instance: 1, Operation: op, Proposal: protocol.Proposal{ID: 2, Holder: alice}, State: protocol.State{Promised: 2}},
	}
	j := NewJudges(h)
	for i := range run {
		j.Observe(&run[i])
	}
	if v := j.Verdict(Agreement); v.State != Kept {
		t.Fatalf("a round: %+v", v)
	}
	j.Reset(h)
	j.Observe(&run[0])
	run[2].Number = 2
	j.Observe(&run[2])
	if v := j.Verdict(Agreement); v.State != NotJudged || v.Kind != "a commit without promises" || v.Severity != 1 {
		t.Errorf("a commit in the next run: %+v", v)
	}
	if v := j.Verdict(MutualExclusion); v.State != Kept {
		t.Errorf("what clients see: %+v", v)
	}
	j.Reset(header(0, 3))
	for i := range run {
		j.Observe(&run[i])
	}
	if v := j.Verdict(Agreement); v.State != Kept {
		t.Errorf("where nobody is played: %+v", v)
	}
}

// What is broken by the event that shows that a program speaks another protocol, or later, is
// not judged.
func TestBrokenByAnotherProtocol(t *testing.T) {
	h := header(0, 3)
	h.Settings[1].Program = "x"
	for _, c := range []struct {
		at    []int8 // who commits ID 2, each with a holder of its own
		state State
		event int
	}{{[]int8{0, 1}, NotJudged, 0}, {[]int8{1, 0}, NotJudged, 0}, {[]int8{0, 2, 1}, Violated, 2}} {
		j := NewJudges(h)
		for i, at := range c.at {
			j.Observe(&trace.Event{Number: i + 1, Kind: trace.Commit, Instance: at, Proposal: protocol.Proposal{ID: 2, Holder: protocol.Holder(i + 1)},
				Operation: protocol.Operation{Kind: protocol.Acquire, Holder: alice, Number: 1}})
		}
		if v := j.Verdict(Agreement); v.State != c.state || v.Event != c.event {
			t.Errorf("committed by %d: %+v", c.at, v)
		}
	}
}

// A program that shows only later that it has accepted its own commit has accepted it: together
// with another one that is a majority of three.
func TestOwnAcceptanceCounts(t *testing.T) {
	h := header(0, 3)
	h.Settings[1].Program = "x"
	op := protocol.Operation{Kind: protocol.Acquire, Holder: alice, Number: 1}
	p, newer := protocol.Proposal{ID: 2, Holder: alice}, protocol.Proposal{ID: 5, Holder: bob}
	other := protocol.Operation{Kind: protocol.Acquire, Holder: bob, Number: 2}
	for shows, want := range map[protocol.Proposal]State{p: Kept, {}: Violated} {
		own := protocol.State{Promised: 2, Accepted: shows}
		j := NewJudges(h)
		for i, e := range []trace.Event{
			{Kind: trace.Call, Instance: 1, Operation: op},
			{Kind: trace.Propose, Instance: 1, Operation: op, Message: protocol.Message{ID: 2}, State: protocol.State{Promised: 2}},
			{Kind: trace.Commit, Instance: 1, Operation: op, Proposal: p, State: protocol.State{Promised: 2}},
			{Kind: trace.Commit, Instance: 2, Operation: other, Proposal: newer, Stored: true, State: protocol.State{Promised: 5, Accepted: newer}},
			{Kind: trace.Accept, Instance: 0, Proposal: p, Stored: true, Message: protocol.Message{Yes: true}, State: protocol.State{Promised: 2, Accepted: p}},
			{Kind: trace.Count, Instance: 1, Operation: op, Message: protocol.Message{Kind: protocol.CommitResponse, ID: 2, Yes: true}, State: own},
			{Kind: trace.Answer, Instance: 1, Operation: op, Outcome: protocol.Acquired, State: own},
		} {
			e.Number = i + 1
			j.Observe(&e)
		}
		if v := j.Verdict(Acknowledged); v.State != want {
			t.Errorf("its state shows %+v: %+v", shows, v)
		}
		// What it has accepted then is chosen, and the commit of ID 5 does not build on it.
		if v := j.Verdict(Durability); (v.State == Violated) == (want == Violated) {
			t.Errorf("its state shows %+v: %+v", shows, v)
		}
	}
}
