package lab

import (
	"strings"
	"testing"

	"skinny/protocol"
	"skinny/sim"
)

// builtIn is the built-in protocol as a program, by rules that a learner may have got right
// so far, who has done nothing yet about what comes in later stages than upTo.
type builtIn struct {
	rules protocol.Rules
	upTo  int
}

func (b *builtIn) Step(q *sim.Question) (sim.Answer, error) {
	asked, first := *q, 3
	if q.Kind == sim.AskMessage && q.Message.Kind.IsRequest() {
		first = map[protocol.MessageKind]int{protocol.PromiseRequest: 1, protocol.CommitRequest: 2}[q.Message.Kind]
	}
	if first > b.upTo { // what changes nothing, and says nothing
		asked.Kind, asked.Disk = sim.AskRestart, q.Memory
	}
	a, err := sim.BuiltIn(b.rules).Step(&asked)
	if b.upTo < 8 && a.Retry {
		a.Retry, a.Outcome = false, protocol.Unknown
	}
	return a, err
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
	r, err := s.Judge(sim.Player{Name: "mine", Program: p}, Options{Seeds: seeds, Quick: true})
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
		rules |= needs[s.number()]
		p := &builtIn{rules, s.number()}
		for _, passed := range Stages()[:i+1] {
			if r := judged(t, passed, p, 40); r.Failure != nil {
				t.Errorf("stage %d, as far as %d: %s", passed.number(), s.number(), r.Failure.describe())
			}
		}
		if i+1 < len(stages)-1 {
			r := judged(t, Stages()[i+1], p, 40)
			t.Logf("stage %d, as far as %d: %s", i+2, s.number(), r.Failure.describe())
			if r.Failure == nil {
				t.Errorf("stage %d is passed by what does only what stage %d asks for", i+2, s.number())
			}
		}
	}
}

// A search goes through every order of events of what is right, and finds the shortest in
// which what is wrong breaks something; which of several that are as short is not said.
func TestSearch(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes some seconds")
	}
	everything, _ := ByName("everything")
	for rule, want := range map[protocol.Rules]string{
		0:                    "passed",
		protocol.RefuseStale: "every order of events of lab/everything: promise-kept: ",
		protocol.AckMajority: "every order of events of lab/everything: acknowledged: ",
	} {
		p := sim.Player{Name: "mine", Program: sim.BuiltIn(protocol.AllRules &^ rule)}
		var r Result
		err := everything.search(everything.Scenarios[0], p, Options{}, &r)
		if err != nil || !strings.Contains(r.Failure.describe(), want) {
			t.Errorf("%v: %v, %s, want %s", rule, err, r.Failure.describe(), want)
		}
		if rule != 0 {
			about := r.Failure.Scenario.File().About.Value
			if !strings.HasPrefix(about, "Found by exploring every order of events of ") || !strings.HasSuffix(about, ", and after no fewer.\n") {
				t.Errorf("%v: the run is about\n%s", rule, about)
			}
		}
		if rule == 0 && (r.States < 100_000 || !r.Exhausted) {
			t.Errorf("there are only %d states", r.States)
		}
	}
}
