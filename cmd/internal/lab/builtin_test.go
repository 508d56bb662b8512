package lab

import (
	"encoding/json"
	"runtime"
	"testing"

	"skinny/protocol"
	"skinny/sim"
)

// builtIn is the built-in protocol as a program, by rules that a learner may have got
// right so far. With upTo it does nothing yet about what comes in later stages.
type builtIn struct {
	rules protocol.Rules
	upTo  int
}

func (b *builtIn) Step(q *sim.Question) (sim.Answer, error) {
	c := protocol.Config{Rules: b.rules, Size: q.Cluster.Size(), Self: q.Self, Increment: q.Cluster.Instances[q.Self].Increment}
	var in protocol.Instance
	var e protocol.Effects
	if q.Memory != nil {
		if err := json.Unmarshal(q.Memory, &in); err != nil {
			return sim.Answer{}, err
		}
	}
	input := protocol.Input{Message: q.Message, Operation: q.Operation, Try: q.Try}
	switch q.Kind {
	case sim.AskRestart:
		if q.Disk != nil {
			if err := json.Unmarshal(q.Disk, &in.State); err != nil {
				return sim.Answer{}, err
			}
		}
		return b.answer(&in, &e), nil
	case sim.AskOperation:
		input.Kind = protocol.Start
	case sim.AskTimeout:
		input.Kind = protocol.Expire
	}
	first := 3 // stage in which this is needed
	if q.Kind == sim.AskMessage && q.Message.Kind.IsRequest() {
		first = map[protocol.MessageKind]int{protocol.PromiseRequest: 1, protocol.CommitRequest: 2}[q.Message.Kind]
	}
	if b.upTo >= first {
		in.Step(&c, &input, &e)
	}
	if b.upTo < 8 && e.Retry > 0 {
		e.Retry, e.Outcome = 0, protocol.Unknown
	}
	return b.answer(&in, &e), nil
}

func (b *builtIn) answer(in *protocol.Instance, e *protocol.Effects) sim.Answer {
	a := sim.Answer{State: in.State, Timer: e.Deadline, Retry: e.Retry > 0, Outcome: e.Outcome, Holder: e.Holder}
	a.Memory, _ = json.Marshal(in)
	if b.rules.Has(protocol.Durable) {
		a.Disk, _ = json.Marshal(in.State)
	}
	if e.Reply.Kind != protocol.NoMessage {
		a.Send = append(a.Send, sim.Sent{Message: e.Reply})
	}
	for set := e.Ask; set != 0; set = set.Without(set.First()) {
		e.Request.To = set.First()
		a.Send = append(a.Send, sim.Sent{Message: e.Request})
	}
	return a
}

// needs is, by stage, the rules that are first needed there.
var needs = [...]protocol.Rules{
	1:  protocol.PromiseOnce | protocol.Yield | protocol.Backoff | protocol.LearnAside | protocol.UniqueIDs,
	2:  protocol.RefuseStale | protocol.AcceptRaises | protocol.AckAccepted,
	3:  protocol.Majority | protocol.OwnID,
	4:  protocol.Adopt | protocol.OwnerRelease,
	5:  protocol.Timeouts,
	6:  protocol.Concurrent,
	7:  protocol.EarlyStopPromise | protocol.EarlyStopCommit,
	8:  protocol.TellPromised,
	9:  protocol.AckMajority | protocol.SelfRules,
	10: protocol.Durable,
	11: 0,
}

func judged(t *testing.T, s *Stage, p sim.Program, seeds uint64) *Result {
	t.Helper()
	r, err := s.Judge(sim.Player{Name: "mine", Program: p}, Options{Workers: runtime.GOMAXPROCS(0), Seeds: seeds})
	if err != nil {
		t.Fatalf("%s: %v", s.Name, err)
	}
	return r
}

// describe is why a stage is not passed, or that it is.
func (f *Failure) describe() string {
	if f == nil {
		return "passed"
	}
	return f.Words()
}

// Whoever has got right what the stages so far ask for passes them, and not the next one.
func TestLadder(t *testing.T) {
	var rules protocol.Rules
	for i, s := range Stages() {
		rules |= needs[s.Number()]
		p := &builtIn{rules, s.Number()}
		for _, passed := range Stages()[:i+1] {
			if r := judged(t, passed, p, 40); r.Failure != nil {
				t.Errorf("stage %d, as far as %d: %s", passed.Number(), s.Number(), r.Failure.describe())
			}
		}
		if i+1 < len(stages)-1 {
			r := judged(t, Stages()[i+1], p, 40)
			t.Logf("stage %d, as far as %d: %s", i+2, s.Number(), r.Failure.describe())
			if r.Failure == nil {
				t.Errorf("stage %d is passed by what does only what stage %d asks for", i+2, s.Number())
			}
		}
	}
}
