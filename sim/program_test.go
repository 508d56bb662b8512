package sim

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"skinny/protocol"
	"skinny/sim/trace"
)

// outside is what of an event can be seen from outside of an instance.
func outside(e *trace.Event) string {
	return fmt.Sprint(e.Number, e.Cause, e.At, e.Kind, e.Instance, e.Peer, e.Try, e.Outcome, e.Holder, e.Message, e.Nth, e.Operation, e.Asked, e.State, e.Yea)
}

// Whatever happens, the built-in protocol behind the interface makes the same events at the
// same times as without; some instances of it or all.
func TestBuiltInAsProgram(t *testing.T) {
	events := 0
	rapid.Check(t, func(t *rapid.T) {
		p := anyPlay(t)
		p.cluster.Rules |= protocol.Yield | protocol.Timeouts | protocol.LearnAside | protocol.Backoff
		for at := range p.cluster.Instances {
			p.cluster.Instances[at].RulesOn, p.cluster.Instances[at].RulesOff = 0, 0
		}
		s := NewTimed(&p.cluster, &p.timetable)
		s.world.Observe(&p.log)
		ending := s.Run()

		program := BuiltIn(p.cluster.Rules)
		set := anySet(t, p.cluster.Size())
		played := p.cluster
		played.Instances = append([]Instance(nil), p.cluster.Instances...)
		for at := range played.Instances {
			if set.Has(protocol.Position(at)) {
				played.Instances[at].Program = program
			}
		}
		var log trace.Log
		var again Runner = NewTimed(&played, &p.timetable)
		again.World().Observe(&log)
		for again.Step() {
			if again.World().Events()%7 == 0 { // copies go on
				again = again.Copy()
				again.World().Observe(&log)
			}
		}
		if err := again.World().Failure(); err != nil || again.Ending() != ending {
			t.Fatalf("it ended with %d, %v, not with %d", again.Ending(), err, ending)
		}
		var accepted [protocol.MaxSize]protocol.Proposal
		for n := range p.log.Events {
			want := &p.log.Events[n]
			if n == len(log.Events) || outside(want) != outside(&log.Events[n]) {
				t.Fatalf("event %d is\n%+v, not\n%+v", n+1, log.Events[n], *want)
			}
			got := &log.Events[n]
			again := want.Stored && accepted[max(want.Instance, 0)] == want.Proposal // it may say so without storing anything
			if want.Kind == trace.Accept && got.Stored != want.Stored && !again || want.Kind == trace.Count && got.Learned != want.Learned {
				t.Fatalf("event %d is\n%+v, not\n%+v", n+1, *got, *want)
			}
			if want.Instance != trace.None {
				accepted[want.Instance] = want.State.Accepted
			}
		}
		events += len(log.Events)
	})
	if events < 100 {
		t.Errorf("there were only %d events", events)
	}
}

// A base is the first that explains the value of a commit: the highest that was heard of, what was
// accepted since, what came with a yes.
func TestBasis(t *testing.T) {
	op := protocol.Operation{Kind: protocol.Acquire, Holder: 3}
	of := func(id protocol.ID, holder protocol.Holder) protocol.Proposal {
		return protocol.Proposal{ID: id, Holder: holder}
	}
	for _, c := range []struct {
		heard, own, promised protocol.Proposal
		value                protocol.Holder
		want                 protocol.Proposal
	}{
		{of(4, 1), of(0, 0), of(2, 2), 1, of(4, 1)},
		{of(4, 1), of(0, 0), of(2, 2), 2, of(2, 2)},
		{of(4, 0), of(0, 0), of(2, 2), 3, of(4, 0)}, // who is free gets it
		{of(4, 0), of(0, 0), of(2, 2), 2, of(2, 2)},
		{of(4, 1), of(5, 2), of(2, 2), 2, of(5, 2)},
		{of(4, 1), of(3, 2), of(2, 2), 2, of(2, 2)}, // its own is older than what was heard of
		{of(4, 1), of(5, 1), of(2, 2), 2, of(2, 2)},
		{of(4, 1), of(5, 0), of(2, 2), 3, of(5, 0)}, // who had heard that it is free
		{of(4, 1), of(5, 1), of(2, 1), 2, of(4, 1)}, // nothing explains it
		{of(4, 1), of(5, 1), of(0, 0), 3, of(0, 0)},
	} {
		r := &protocol.Round{Operation: op, Base: c.heard, Told: c.promised.ID, Value: c.promised.Holder}
		if got := basis(r, c.own, c.value); got != c.want {
			t.Errorf("%+v: made from %+v", c, got)
		}
	}
}

// What comes with a refusal binds nobody who counts on promises alone: of what a proposer has heard,
// it may have made its value from the highest that came with a yes.
func TestBaseOfPromises(t *testing.T) {
	heard := []protocol.Message{
		{From: 1, Proposal: protocol.Proposal{ID: 1, Holder: 2}, Yes: true},
		{From: 2, Proposal: protocol.Proposal{ID: 4}},
	}
	for _, order := range [][]int{{0, 1}, {1, 0}} {
		p := newScripted(t, func(q *Question) Answer { return Answer{} })
		w := NewWorld(&p.cluster)
		n := &w.nodes[0]
		state := protocol.State{Promised: 9}
		step := func(q Question, send ...Sent) {
			w.effects = protocol.Effects{}
			w.follow(n, &q, &Answer{State: state, Send: send})
		}
		n.Round.Operation = protocol.Operation{Kind: protocol.Acquire, Holder: 1, Number: 1}
		step(Question{Kind: AskOperation}, ask(protocol.PromiseRequest, 1, 9), ask(protocol.PromiseRequest, 2, 9))
		commit := ask(protocol.CommitRequest, 1, 9)
		commit.Proposal = protocol.Proposal{ID: 9, Holder: 2}
		for i, at := range order {
			m := heard[at]
			m.Kind, m.ID = protocol.PromiseResponse, 9
			if i == 0 {
				step(Question{Kind: AskMessage, Message: m})
				continue
			}
			step(Question{Kind: AskMessage, Message: m}, commit)
		}
		if want := (protocol.Proposal{ID: 1, Holder: 2}); w.effects.Base != want || w.effects.Began != protocol.Committing {
			t.Errorf("in the order %v it is made from %+v", order, w.effects.Base)
		}
	}
}

// What the end of a phase of a program says of its votes is what the events before it tell: who
// said yes, itself where its state shows its vote, who did not, and whether that is enough.
func TestVotesOfPrograms(t *testing.T) {
	ends := map[trace.Kind]int{}
	rapid.Check(t, func(t *rapid.T) {
		p := anyPlay(t)
		program, set := BuiltIn(p.cluster.Rules), anySet(t, p.cluster.Size())
		for at := range p.cluster.Instances {
			if set.Has(protocol.Position(at)) {
				p.cluster.Instances[at].Program = program
			}
		}
		s := NewTimed(&p.cluster, &p.timetable)
		s.world.Observe(&p.log)
		s.Run()
		told := trace.NewFollower(p.cluster.Header())
		for n := range p.log.Events {
			e := &p.log.Events[n]
			switch e.Kind {
			case trace.Commit, trace.Backoff, trace.Answer:
				r := &told.Instances[e.Instance].Round
				if !set.Has(protocol.Position(e.Instance)) || r.Phase == protocol.Idle || r.Operation != e.Operation {
					break
				}
				ends[e.Kind]++
				won := r.Yea.Len() >= p.cluster.Quorums.Needed(r.Phase, p.cluster.Size())
				if e.Yea != r.Yea || e.Nay != r.Noes() || e.Won != won {
					t.Fatalf("event %d, %s, says yes %b, no %b, won %v; it is yes %b, no %b, won %v", e.Number, e.Kind, e.Yea, e.Nay, e.Won, r.Yea, r.Noes(), won)
				}
			}
			told.Observe(e)
		}
	})
	if len(ends) < 3 {
		t.Errorf("only these ends of phases were met: %v", ends)
	}
}

// primary is a lock that instance a keeps: the others ask it, by a promise request with a
// note that says what for. Nothing survives a crash of a but what it stored.
type primary struct{}

func (primary) Step(q *Question) (Answer, error) {
	a := Answer{Memory: q.Memory, Disk: q.Disk}
	holder := func() string { return string(a.Disk) }
	decide := func(order []byte) string {
		verb, who, _ := strings.Cut(string(order), " ")
		switch {
		case verb == "acquire" && holder() == "":
			a.Disk = []byte(who)
		case verb == "release" && holder() == who:
			a.Disk = nil
		}
		return holder()
	}
	answer := func(holder string) {
		want := q.Operation.Kind
		mine := holder == q.Cluster.HolderName(q.Operation.Holder)
		a.Outcome = map[bool]map[protocol.OperationKind]protocol.Outcome{
			true:  {protocol.Acquire: protocol.Acquired, protocol.Release: protocol.NotReleased},
			false: {protocol.Acquire: protocol.Refused, protocol.Release: protocol.Released},
		}[mine][want]
		for h := range q.Cluster.Holders {
			if q.Cluster.Holders[h] == holder {
				a.Holder = protocol.Holder(h + 1)
			}
		}
	}
	order := fmt.Appendf(nil, "%s %s", q.Operation.Kind, q.Cluster.HolderName(q.Operation.Holder))
	switch m := q.Message; {
	case q.Kind == AskOperation && q.Self == 0:
		answer(decide(order))
		a.Log = "decided for " + string(order)
	case q.Kind == AskOperation:
		a.Timer = true
		a.Memory = []byte("waits")
		a.Send = []Sent{{protocol.Message{Kind: protocol.PromiseRequest, To: 0, ID: protocol.ID(q.Operation.Number)}, order}}
	case q.Kind == AskMessage && m.Kind == protocol.PromiseRequest:
		a.Send = []Sent{{protocol.Message{Kind: protocol.PromiseResponse, To: m.From, ID: m.ID, Yes: true}, []byte(decide(q.Note))}}
	case q.Operation.Number == 0:
		// Nobody waits for it any more.
	case q.Kind == AskMessage && m.Kind == protocol.PromiseResponse:
		answer(string(q.Note))
	case q.Try < 2:
		a.Retry = true
	default:
		a.Outcome = protocol.Unknown
	}
	return a, nil
}

// newPrimary is three instances whose lock is a's.
func newPrimary(t tester) *play {
	p := newPlay(t, "sound", 3)
	for at := range p.cluster.Instances {
		p.cluster.Instances[at].Program = primary{}
	}
	return p
}

func TestPrimary(t *testing.T) {
	p := newPrimary(t)
	p.fate(DropFate, "promise-request", "c", "a", 1, 0)
	p.timed(`
		0ms acquire alice a
		1ms acquire bob b
		2ms acquire carol c
		3s  crash a
		4s  restart a
		5s  acquire dave b
		6s  release alice c
		7s  acquire bob c
		8s  crash a
		9s  release bob b
	`)
	var got []string
	for n := 1; n <= p.world.Operations(); n++ {
		o := p.world.Operation(n)
		got = append(got, fmt.Sprintf("%s %s: %s %s after %d ms", o.Kind, p.cluster.HolderName(o.Operation.Holder), o.Outcome, p.cluster.HolderName(o.Holder), (o.Answered-o.Invoked)/millisecond))
	}
	p.expect("what the clients were told", got,
		"acquire alice: acquired alice after 0 ms",
		"acquire bob: refused alice after 20 ms",
		"acquire carol: refused alice after 522 ms", // its first request was lost
		"acquire dave: refused alice after 20 ms",   // the disk has survived
		"release alice: released  after 20 ms",
		"acquire bob: acquired bob after 20 ms",
		"release bob: unknown  after 1506 ms", // three tries
	)
	if p.ending != NothingMore {
		t.Errorf("it ended with %d, %v", p.ending, p.world.Failure())
	}
	steps := p.log.Events[1] // after the call
	if steps.Kind != trace.Step || steps.Text != "decided for acquire alice" || steps.Instance != 0 {
		t.Errorf("the second event is %+v", steps)
	}
	line := string(p.cluster.Header().AppendEvent(nil, &steps))
	if !strings.Contains(line, `"kind":"step","instance":"a"`) || !strings.Contains(line, `,"text":"decided for acquire alice",`) {
		t.Errorf("it is written as %s", line)
	}
}

// A process that is torn down has lost what it stored last; what one that is down has stored
// is safe, and from a disk that is lost nothing comes back.
func TestDisksOfPrograms(t *testing.T) {
	for _, c := range []struct{ timeline, bob string }{
		{"1s crash a\n 2s restart a", "refused"},
		{"1s tear a\n 2s restart a", "acquired"},
		{"1s crash a\n 1s tear a\n 2s restart a", "refused"},
		{"1s restart a\n 1s tear a\n 2s restart a", "refused"},
		{"1s release alice a\n 2s tear a\n 2s restart a", "refused"},
		{"1s release alice a\n 2s tear a\n 2s tear a\n 2s restart a", "refused"},
		{"1s wipe a\n 2s restart a", "acquired"},
		{"1s release alice a\n 2s wipe a\n 2s tear a\n 2s restart a", "acquired"},
	} {
		p := newPrimary(t)
		p.timed("0ms acquire alice a\n " + c.timeline + "\n 3s acquire bob a")
		if o := p.world.Operation(p.world.Operations()); o.Outcome.String() != c.bob {
			t.Errorf("%q: bob is told %s, not %s", c.timeline, o.Outcome, c.bob)
		}
	}
}

// What a copy of a run stores is not what this one finds again.
func TestCopiesOfDisks(t *testing.T) {
	p := newPrimary(t)
	s := p.byHand("0ms acquire alice a", 1)
	if !s.Copy().Act(p.named("release", "alice", "a")) {
		t.Fatal("no release")
	}
	for _, words := range [][]string{{"tear", "a"}, {"restart", "a"}, {"acquire", "bob", "a"}} {
		if !s.Act(p.named(words...)) {
			t.Fatalf("no %s", words[0])
		}
	}
	if o := s.World().Operation(2); o.Outcome != protocol.Acquired {
		t.Errorf("bob is told %s", o.Outcome)
	}
}

// script answers every question with what a test says.
type scripted struct {
	answer func(q *Question) (Answer, error)
}

func (s *scripted) Step(q *Question) (Answer, error) { return s.answer(q) }

// A program has voted for its own proposal where its state shows it: in phase 1 where it has
// promised the ID or a higher one, in phase 2 where it has accepted just that.
func TestOwnVoteOfPrograms(t *testing.T) {
	const id, alice, bob = 5, protocol.Holder(1), protocol.Holder(2)
	for _, c := range []struct {
		promised         protocol.ID
		accepted         protocol.Proposal
		promises, agrees bool
	}{
		{0, protocol.Proposal{}, false, false},
		{id - 1, protocol.Proposal{ID: id, Holder: alice}, false, true},
		{id, protocol.Proposal{ID: id, Holder: bob}, true, false},
		{id + 1, protocol.Proposal{ID: id - 1, Holder: alice}, true, false},
		{id + 1, protocol.Proposal{ID: id + 1, Holder: alice}, true, false},
		{id, protocol.Proposal{ID: id, Holder: alice}, true, true},
	} {
		p := newPlay(t, "sound", 3)
		p.cluster.Instances[0].Program = &scripted{func(q *Question) (a Answer, err error) {
			a.Memory = q.Memory
			ask := func(m protocol.Message) {
				for to := protocol.Position(1); to < 3; to++ {
					m.To = to
					a.Send = append(a.Send, Sent{Message: m})
				}
				a.Memory, a.Timer = []byte(m.Kind.String()), true
			}
			a.State.Promised = c.promised
			if q.Kind != AskOperation {
				a.State.Accepted = c.accepted
			}
			switch own := (protocol.Proposal{ID: id, Holder: alice}); {
			case q.Kind == AskOperation:
				ask(protocol.Message{Kind: protocol.PromiseRequest, ID: id})
			case q.Message.Kind == protocol.PromiseResponse && string(q.Memory) == protocol.PromiseRequest.String():
				ask(protocol.Message{Kind: protocol.CommitRequest, ID: id, Proposal: own})
			case q.Message.Kind == protocol.CommitResponse && q.Operation.Number != 0:
				a.Outcome, a.Holder = protocol.Acquired, alice
			}
			return a, nil
		}}
		p.link("c", "a").Latency = Range{trace.Second, trace.Second} // b's answers are enough
		p.timed("0ms acquire alice a 10s")
		told := trace.NewFollower(p.cluster.Header())
		var got []string
		for n := range p.log.Events {
			e := &p.log.Events[n]
			if e.Kind == trace.Commit || e.Kind == trace.Answer {
				got = append(got, fmt.Sprintf("yes %b, before it %b, won %v", e.Yea, told.Instances[0].Round.Yea, e.Won))
			}
			told.Observe(e)
		}
		vote := func(own bool) string {
			yea := map[bool]int{true: 0b011, false: 0b010}[own] // b's, too
			return fmt.Sprintf("yes %b, before it %b, won %v", yea, yea, own)
		}
		p.expect(fmt.Sprintf("votes of one who has promised %d and accepted %v", c.promised, c.accepted), got, vote(c.promises), vote(c.agrees))
	}
}

// What a program may not do ends the run at that step, with an error that says what.
func TestProgramErrors(t *testing.T) {
	send := func(kind protocol.MessageKind, to protocol.Position, note int) Sent {
		return Sent{protocol.Message{Kind: kind, To: to, ID: 1}, make([]byte, note)}
	}
	failed := errors.New("it has exited")
	for want, answer := range map[string]Answer{
		"sends a promise-request to instance 0, which is no peer": {Send: []Sent{send(protocol.PromiseRequest, 0, 0)}},
		"sends a promise-request to instance 3, which is no peer": {Send: []Sent{send(protocol.PromiseRequest, 3, 0)}},
		"note of 4097 bytes":                                         {Send: []Sent{send(protocol.PromiseRequest, 1, 4097)}},
		"a message of kind 5, which there is not":                    {Send: []Sent{send(protocol.Failure, 1, 0)}},
		"commit-response to b, which has asked nothing":              {Send: []Sent{send(protocol.CommitResponse, 1, 0)}},
		"ends the turn of an operation, and goes on":                 {Retry: true, Outcome: protocol.Acquired},
		"ends the turn of an operation, and goes on wi":              {Timer: true, Outcome: protocol.Acquired},
		"sends a commit-request to instance 9, which":                {Send: []Sent{send(protocol.PromiseRequest, 2, 4096), send(protocol.CommitRequest, 9, 0)}},
		"ends the turn of an operation, and goes on w":               {Retry: true, Timer: true},
		"ends the turn of an operation, and goes on ":                {Outcome: protocol.Refused, Send: []Sent{send(protocol.PromiseRequest, 1, 0)}},
		"ends the turn of an operation, and goes":                    {Retry: true, Send: []Sent{send(protocol.CommitRequest, 1, 0)}},
		"answers acquire with not-released":                          {Outcome: protocol.NotReleased},
		"answers acquire with answered":                              {Outcome: protocol.Answered},
		"remembers 0 bytes and stores 1048577: at most 1048576 each": {Disk: make([]byte, 1<<20+1)},
		"names client 8, and there are 4": {Send: []Sent{{Message: protocol.Message{
			Kind: protocol.CommitRequest, To: 1, ID: 1, Proposal: protocol.Proposal{ID: 1, Holder: 8}}}}},
		"answers acquire with released":        {Outcome: protocol.Released},
		"answers acquire with failed":          {Outcome: protocol.Failed},
		"remembers 1048577 bytes and stores 0": {Memory: make([]byte, 1<<20+1)},
		"names client 9, and there are 4":      {Holder: 9},
		"it names client 9":                    {State: protocol.State{Accepted: protocol.Proposal{ID: 1, Holder: 9}}},
		"it has exited":                        {},
	} {
		p := newPlay(t, "sound", 3)
		p.cluster.Instances[0].Program = &scripted{func(*Question) (Answer, error) {
			if strings.Contains(want, "exited") {
				return answer, failed
			}
			return answer, nil
		}}
		p.timed("0ms acquire alice a\n 1s acquire bob b")
		var e *ProgramError
		if err := p.world.Failure(); p.ending != Failed || !errors.As(err, &e) || !strings.Contains(err.Error(), "program of a, after event 1: ") || !strings.Contains(err.Error(), want) {
			t.Errorf("it ends with %d, %v, want %q", p.ending, err, want)
		} else if e.Question.Operation.Holder != 1 || (e.Answer == nil) != errors.Is(err, failed) {
			t.Errorf("%s: the question is %+v, the answer %+v", want, e.Question, e.Answer)
		}
	}
	// A release has its own answers.
	for _, o := range []protocol.Outcome{protocol.Acquired, protocol.Refused} {
		p := newScripted(t, func(*Question) Answer { return Answer{Outcome: o} }).timed("0ms release alice a")
		if err := p.world.Failure(); err == nil || !strings.Contains(err.Error(), "it answers release with "+o.String()) {
			t.Errorf("the error is %v", err)
		}
	}
	// After its answer no operation has its turn.
	for _, then := range []Answer{
		{Retry: true}, {Timer: true}, {Outcome: protocol.Refused}, {Send: []Sent{send(protocol.CommitRequest, 1, 0)}},
	} {
		p := newScripted(t, func(q *Question) Answer {
			if q.Kind == AskOperation {
				return Answer{Outcome: protocol.Unknown}
			}
			return then
		}).timed("0ms acquire alice a\n 1s acquire bob b")
		if err := p.world.Failure(); err == nil || !strings.Contains(err.Error(), "while no operation has its turn") {
			t.Errorf("%+v: the error is %v", then, err)
		}
	}
	// Where no single run is told of, there are no events.
	e := &ProgramError{Instance: "a", Err: failed}
	if got := e.Error(); got != "the program of a: it has exited" {
		t.Errorf("the error is %q", got)
	}
	if _, err := BuiltIn(0).Step(&Question{Kind: AskMessage, Memory: []byte{0x80}, Cluster: &newPlay(t, "sound", 3).cluster}); err == nil || err.Error() != "its memory is none of its own" {
		t.Errorf("half a number is remembered: %v", err)
	}
	if _, err := BuiltIn(0).Step(&Question{Kind: AskMessage, Memory: make([]byte, 18), Cluster: &newPlay(t, "sound", 3).cluster}); err == nil {
		t.Error("too many numbers are remembered")
	}
}

// As much as is allowed is allowed.
func TestMostOfAnAnswer(t *testing.T) {
	p := newScripted(t, func(q *Question) Answer {
		if q.Kind == AskOperation {
			note := Sent{protocol.Message{Kind: protocol.PromiseRequest, To: 1, ID: 1}, make([]byte, MaxNote)}
			return Answer{Memory: make([]byte, MaxMemory), Disk: make([]byte, MaxMemory), Holder: 4, Send: []Sent{note}}
		}
		return Answer{}
	}).timed("0ms acquire alice a")
	if err := p.world.Failure(); err != nil {
		t.Error(err)
	}
}

// What a commit was made from is what phase 1 has heard of, unless only what was accepted
// here since explains it.
func TestBaseOfAProgram(t *testing.T) {
	for commits, want := range map[protocol.Holder]protocol.Proposal{1: {}, 2: {ID: 5, Holder: 2}} {
		p := newScripted(t, func(q *Question) Answer {
			own := protocol.Proposal{ID: 9, Holder: commits}
			switch {
			case q.Kind == AskOperation:
				return Answer{State: protocol.State{Promised: 9}, Send: []Sent{ask(protocol.PromiseRequest, 1, 9)}}
			case q.Message.Kind == protocol.CommitRequest:
				return Answer{State: protocol.State{Promised: 9, Accepted: protocol.Proposal{ID: 5, Holder: 2}}}
			case q.Message.Kind == protocol.PromiseResponse:
				s := ask(protocol.CommitRequest, 1, 9)
				s.Proposal = own
				return Answer{State: protocol.State{Promised: 9, Accepted: protocol.Proposal{ID: 5, Holder: 2}}, Send: []Sent{s}}
			}
			return Answer{State: protocol.State{Promised: 9}}
		})
		p.fate(DelayFate, "promise-response", "b", "a", 1, 100*millisecond)
		p.timed("0ms acquire alice a\n 10ms acquire bob b")
		for i := range p.log.Events {
			if e := &p.log.Events[i]; e.Kind == trace.Commit && e.Instance == 0 && e.Base != want {
				t.Errorf("a commit of %d is made from %+v, want %+v", commits, e.Base, want)
			}
		}
		if n := len(p.atA(trace.Commit)); n != 1 {
			t.Errorf("%d commits", n)
		}
	}
}

// What a program is given and what it gives are not shared with the world.
func TestProgramsShareNothing(t *testing.T) {
	var kept []byte
	p := newPlay(t, "sound", 2)
	p.cluster.Instances[0].Program = &scripted{func(q *Question) (Answer, error) {
		for i := range q.Memory {
			q.Memory[i]++
		}
		if kept != nil && string(q.Memory) != "nf" {
			t.Errorf("it remembers %q", q.Memory)
		}
		clear(kept)
		kept = []byte("me")
		return Answer{Memory: kept, Outcome: protocol.Unknown}, nil
	}}
	p.timed("0ms acquire alice a\n 1s acquire bob a\n 2s acquire bob a")
	if string(kept) != "me" || p.world.Operations() != 3 {
		t.Errorf("%d operations", p.world.Operations())
	}
}

// A program is asked with what it remembered and stored last, whatever that has in common
// with what it kept before.
func TestProgramsKeep(t *testing.T) {
	list := []string{"", "ab", "a", "abc", "b", "abd"}
	for _, memory := range list {
		for _, disk := range list {
			for _, before := range list {
				n := 0
				p := newScripted(t, func(q *Question) Answer {
					if n++; n == 1 {
						return Answer{Memory: []byte(before), Disk: []byte(before), Outcome: protocol.Unknown}
					}
					if n == 3 && (string(q.Memory) != memory || string(q.Disk) != disk) {
						t.Errorf("after %q it remembers %q and stores %q, and it was %q and %q", before, q.Memory, q.Disk, memory, disk)
					}
					return Answer{Memory: []byte(memory), Disk: []byte(disk), Outcome: protocol.Unknown}
				}).timed("0ms acquire alice a\n 1s acquire bob a\n 2s acquire carol a")
				if err := p.world.Failure(); err != nil || n != 3 {
					t.Fatalf("it was asked %d times, %v", n, err)
				}
			}
		}
	}
}

// A program that fails is not asked again, though others wait for their turn there.
func TestFailedProgramIsLeftAlone(t *testing.T) {
	asked := 0
	p := newPlay(t, "sound", 3)
	p.cluster.Instances[0].Program = &scripted{func(q *Question) (Answer, error) {
		if asked++; q.Kind == AskTimeout {
			return Answer{}, errors.New("no more")
		}
		return Answer{Timer: true}, nil
	}}
	p.timed("0ms acquire alice a\n 0ms pause a\n 1s acquire bob a\n 1s acquire carol b\n 2s resume a")
	if asked != 2 || p.ending != Failed {
		t.Errorf("it was asked %d times", asked)
	}
	s := NewScheduled(&p.cluster, &Schedule{Settle: true, Decisions: []Decision{p.decision([]string{"acquire", "alice", "a"})}})
	if s.Run() != Failed || s.World().Failure() == nil {
		t.Errorf("a schedule ends by %d", s.Ending())
	}
}

// newLate is three instances: a asks with notes, c answers two requests at once, when the
// second has come, and both say what they get; b is built in.
func newLate(t tester) *play {
	said := func(q *Question) string {
		if q.Kind != AskMessage {
			return ""
		}
		return fmt.Sprintf("%s %d %q", q.Message.Kind, q.Message.ID, q.Note)
	}
	p := newPlay(t, "sound", 3)
	p.cluster.Instances[0].Program = &scripted{func(q *Question) (Answer, error) {
		a := Answer{Log: said(q)}
		for to := range protocol.Position(2) {
			if q.Kind == AskOperation {
				m := protocol.Message{Kind: protocol.PromiseRequest, To: to + 1, ID: protocol.ID(q.Operation.Number)}
				a.Send = append(a.Send, Sent{m, fmt.Appendf(nil, "%d to %d", q.Operation.Number, m.To)})
			}
		}
		return a, nil
	}}
	p.cluster.Instances[2].Program = &scripted{func(q *Question) (Answer, error) {
		a := Answer{Log: said(q), Memory: q.Memory}
		if q.Kind == AskMessage && q.Message.Kind == protocol.PromiseRequest {
			a.Memory = append(a.Memory, 'x')
		}
		for to := range protocol.Position(2) {
			if len(a.Memory) == 2 && len(q.Memory) == 1 {
				m := protocol.Message{Kind: protocol.PromiseResponse, To: to, ID: protocol.ID(to + 1), Yes: true}
				a.Send = append(a.Send, Sent{m, fmt.Appendf(nil, "late to %d", to)})
			}
		}
		return a, nil
	}}
	return p
}

const lateTimeline = "0ms acquire alice a\n 5ms acquire bob b"

// An answer may come later than what follows its request, with a note of its own, and a
// note goes to nobody but the receiver of its message.
func TestNotes(t *testing.T) {
	p := newLate(t).timed(lateTimeline)
	var got []string
	for i := range p.log.Events {
		switch e := &p.log.Events[i]; {
		case e.Kind == trace.Reply:
			got = append(got, p.line(e))
		case e.Kind == trace.Step && e.Text != "":
			got = append(got, letter(int(e.Instance))+" gets "+e.Text)
			if before := &p.log.Events[i-1]; before.Kind == trace.Count && e.Message.Kind != protocol.NoMessage {
				t.Errorf("told once more: %s", p.line(e))
			}
			if noted := e.Text == `promise-request 1 "1 to 2"`; noted && !e.Note {
				t.Errorf("it came with a note: %s", p.line(e))
			}
		}
	}
	p.expect("notes and late answers", got,
		`c gets promise-request 1 "1 to 2"`,
		`a gets promise-request 2 ""`, // b has no program, and sends no notes
		`c gets promise-request 2 ""`,
		"15ms reply c-a promise-response 1 #1 yes",
		`a gets promise-response 1 ""`, // nor does b send back what it was sent
		`a gets promise-response 1 "late to 0"`,
		`a gets commit-request 2 ""`,
		`c gets commit-request 2 ""`,
	)
}

// What answers another ID than the one that was asked for is no answer to that.
func TestAnswersToAnotherID(t *testing.T) {
	p := newScripted(t, func(q *Question) (a Answer) {
		if m := q.Message; q.Kind == AskMessage && m.Kind == protocol.PromiseRequest {
			a.Send = []Sent{ask(protocol.PromiseResponse, m.From, m.ID+1)}
		}
		return a
	})
	p.timed("0ms acquire bob b")
	var got []trace.Kind
	for i := range p.log.Events {
		if e := &p.log.Events[i]; e.Instance == 0 && e.Message.Phase() == protocol.Proposing {
			got = append(got, e.Kind)
		}
	}
	if want := []trace.Kind{trace.Step, trace.Reply}; !slices.Equal(got, want) {
		t.Errorf("it is told by %v, not %v", got, want)
	}
}

// An answer that comes late is one to the request of its own kind.
func TestLateAnswerToACommit(t *testing.T) {
	p := newScripted(t, func(q *Question) (a Answer) {
		if m := q.Message; q.Kind == AskMessage && m.Kind == protocol.CommitRequest {
			a.Send = []Sent{ask(protocol.CommitResponse, m.From, m.ID+1)}
		}
		return a
	})
	p.fate(DropFate, "promise-request", "b", "a", 0, 0) // so that a has heard of no other
	p.timed("0ms acquire bob b")
	for i := range p.log.Events {
		if e := &p.log.Events[i]; e.Kind == trace.Reply {
			if e.Nth != 1 || e.Message.Kind != protocol.CommitResponse {
				t.Errorf("it is answered by %s", p.line(e))
			}
			return
		}
	}
	t.Error("there is no late answer")
}

// That a message carries a note is told of it wherever it is.
func TestNotesOnTheWay(t *testing.T) {
	p := newLate(t).timed("0ms pause c\n " + lateTimeline + "\n 25ms resume c")
	held := 0
	for i := range p.log.Events {
		if e := &p.log.Events[i]; e.Kind == trace.Hold && e.Message.Kind != protocol.NoMessage {
			if held++; e.Note != (e.Message.From == 0 && e.Message.Kind.IsRequest()) {
				t.Errorf("a note, or none: %s", p.line(e))
			}
		}
	}
	if held != 2 {
		t.Errorf("%d messages are held", held)
	}
}

// Copies of a world with programs share nothing that changes.
func TestCopiesOfPrograms(t *testing.T) {
	for _, c := range []struct {
		make     func(tester) *play
		timeline string
	}{
		{newPrimary, "0ms acquire alice b\n 1ms acquire bob c\n 2s release alice c\n 3s acquire carol b\n 5s crash a\n 6s restart a\n 7s acquire dave c"},
		{newLate, lateTimeline},
	} {
		straight := c.make(t).timed(c.timeline)
		for at := range 25 {
			p := c.make(t)
			p.timetable.Timeline = straight.timetable.Timeline
			s := NewTimed(&p.cluster, &p.timetable)
			s.world.Observe(&p.log)
			for range at {
				s.Step()
			}
			other := s.Copy() // goes on otherwise, one step ahead
			for _, via := range []string{"a", "b", "c"} {
				d := p.decision([]string{"acquire", "dave", via})
				other.Act(&d)
			}
			for s.ending == NotEnded {
				other.Step()
				s.Step()
			}
			for n := range straight.log.Events {
				want := &straight.log.Events[n]
				if n == len(p.log.Events) || outside(want) != outside(&p.log.Events[n]) || want.Text != p.log.Events[n].Text {
					t.Fatalf("copied after %d steps: event %d is %+v, want %+v", at, n+1, p.log.Events[min(n, len(p.log.Events)-1)], want)
				}
			}
		}
	}
}

// Nothing of a copy is shared that either changes.
func TestCopyOfPrograms(t *testing.T) {
	make1 := func() *programs {
		return &programs{
			memory: []string{"m"}, disk: []string{"d"}, stored: []string{"s"},
			notes: append(make([]string, 0, 8), "n"), heard: []Item{{Nth: 1}}, failure: errors.New("f"),
		}
	}
	p := make1()
	c := p.copy()
	if want := make1(); !reflect.DeepEqual(c, want) {
		t.Fatalf("the copy is %+v, not %+v", c, want)
	}
	c.memory[0], c.disk[0], c.stored[0], c.heard[0].Nth = "", "", "", 0
	c.notes = append(c.notes, "copy's")
	if want := make1(); !reflect.DeepEqual(p, want) {
		t.Errorf("the original is %+v then, not %+v", p, want)
	}
	if p.notes = append(p.notes, "own"); c.notes[1] != "copy's" {
		t.Errorf("the copy's note is %q", c.notes[1])
	}
}

// newScripted lets a test answer for the instance a, of three; the others are built in.
func newScripted(t tester, answer func(q *Question) Answer) *play {
	p := newPlay(t, "sound", 3)
	p.cluster.Instances[0].Program = &scripted{func(q *Question) (Answer, error) { return answer(q), nil }}
	return p
}

func ask(kind protocol.MessageKind, to protocol.Position, id protocol.ID) Sent {
	return Sent{Message: protocol.Message{Kind: kind, To: to, ID: id}}
}

// Whatever is asked, its answer may end the turn of an operation, or go on with it.
func TestAnswersToRequests(t *testing.T) {
	for _, c := range []struct {
		answer Answer
		want   string
	}{
		{Answer{Outcome: protocol.Refused}, "refused at 15ms"},
		{Answer{Retry: true}, "acquired at 17ms"},
		{Answer{Timer: true}, "unknown at 515ms"},
		{Answer{Send: []Sent{ask(protocol.PromiseRequest, 2, 9)}}, "released at 35ms"},
	} {
		p := newScripted(t, func(q *Question) Answer {
			switch {
			case q.Kind == AskOperation && q.Try > 0:
				return Answer{Outcome: protocol.Acquired}
			case q.Kind == AskTimeout:
				return Answer{Outcome: protocol.Unknown}
			case q.Kind == AskMessage && q.Message.Kind == protocol.PromiseRequest && q.Operation.Number == 1:
				return c.answer
			case q.Kind == AskMessage && q.Message.Kind == protocol.PromiseResponse && q.Message.ID == 9 && q.Message.Yes:
				return Answer{Outcome: protocol.Unknown, Log: "promised"}
			}
			return Answer{}
		})
		p.timed("0ms acquire alice a\n 5ms acquire bob b\n 1s status a")
		o := p.world.Operation(1)
		got := fmt.Sprintf("%s at %dms", o.Outcome, o.Answered/millisecond)
		if len(c.answer.Send) > 0 && o.Outcome == protocol.Unknown {
			got = fmt.Sprintf("released at %dms", o.Answered/millisecond) // by the answer of c
		}
		if err := p.world.Failure(); err != nil || got != c.want {
			t.Errorf("%+v: alice is told %s, %v, not %s", c.answer, got, err, c.want)
		}
		if p.world.Operation(3).Outcome != protocol.Answered {
			t.Error("a status finds nobody")
		}
	}
}

// An operation is tried again three times, and not more.
func TestRetriesEnd(t *testing.T) {
	p := newScripted(t, func(*Question) Answer { return Answer{Retry: true} }).timed("0ms acquire alice a")
	if err := p.world.Failure(); err == nil || !strings.Contains(err.Error(), "it retries an operation once more, and 3 times are the most") {
		t.Errorf("the error is %v", err)
	}
	tries := 0
	for i := range p.log.Events {
		if p.log.Events[i].Kind == trace.Backoff {
			tries++
		}
	}
	if tries != protocol.Retries {
		t.Errorf("it was tried again %d times", tries)
	}
}

// Who waited for an answer of a process waits for none of the process after it.
func TestRestartedOweNothing(t *testing.T) {
	p := newScripted(t, func(q *Question) Answer {
		if q.Kind == AskRestart {
			return Answer{Send: []Sent{ask(protocol.PromiseResponse, 1, 2)}}
		}
		return Answer{}
	}).timed("0ms acquire bob b\n 1s restart a")
	if err := p.world.Failure(); err == nil || !strings.Contains(err.Error(), "sends a promise-response to b, which has asked nothing of it") {
		t.Errorf("the error is %v", err)
	}
}

// What a program has shown before it went down is what is known of it until it is back, whatever
// the rules of the cluster say: they are not its own.
func TestStateOfAProgramThatIsDown(t *testing.T) {
	p := newScripted(t, func(q *Question) Answer { return Answer{State: protocol.State{Promised: 7}} })
	p.cluster.Rules &^= protocol.Durable
	p.timed("0ms acquire alice a\n 1s crash a")
	if got := p.world.State(0); got.Promised != 7 || p.world.Up(0) {
		t.Errorf("its state is %+v", got)
	}
}

// Requests of one answer may differ in kind, ID, receiver and note. The first and those like
// it are the phase of a round.
func TestRequestsAside(t *testing.T) {
	var heard []string
	p := newScripted(t, func(q *Question) Answer {
		a := Answer{}
		switch q.Kind {
		case AskOperation:
			for k, s := range []Sent{
				ask(protocol.PromiseRequest, 2, 4), ask(protocol.CommitRequest, 2, 6), ask(protocol.PromiseRequest, 1, 4), ask(protocol.PromiseRequest, 1, 4), ask(protocol.PromiseRequest, 1, 5),
			} {
				s.Note = fmt.Appendf(nil, "note %d", k)
				s.Proposal.ID = s.ID * protocol.ID(s.Kind/protocol.CommitRequest)
				a.Send = append(a.Send, s)
			}
			a.Timer = true
		case AskMessage:
			heard = append(heard, fmt.Sprint(q.Message.Kind, " ", q.Message.From, q.Message.ID, q.Message.Yes))
		case AskTimeout:
			a.Outcome = protocol.Unknown
		}
		return a
	}).timed("0ms acquire alice a")
	p.expect("what it hears", heard,
		"promise-response 1 4 true", "promise-response 2 4 true", "commit-response 2 6 true", "promise-response 1 4 false", "promise-response 1 5 true")
	var told []string
	for i := range p.log.Events {
		if e := &p.log.Events[i]; e.Asked != 0 {
			told = append(told, fmt.Sprint(e.Kind, " ", e.Message.ID, e.Asked, e.Note))
		}
	}
	p.expect("what is told", told, "propose 4 6 true", "step 0 6 true")
	for k, want := range []string{"note 0", "note 1", "note 2", "note 3", "note 4"} {
		if !slices.Contains(p.world.programs.notes, want) {
			t.Errorf("note %d is not sent: %q", k, p.world.programs.notes)
		}
	}
}
