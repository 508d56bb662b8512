package narrate_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"skinny/protocol"
	"skinny/scenarios"
	"skinny/sim"
	"skinny/sim/narrate"
	"skinny/sim/trace"
)

// inventions are what only the built-in protocol has for reasons.
var inventions = []string{"increment", "of its own IDs", "counts as no", "not needed", "jumps", "takes no effect", "mutex", "believes", "so that is committed"}

// Of an instance that a program plays, no reason is told that is a rule's, whatever the
// program does.
func TestPlayedLibrary(t *testing.T) {
	kinds := map[trace.Kind]int{}
	var stories []string
	for _, entry := range scenarios.Library() {
		own, err := scenarios.Load(entry.Name, scenarios.Overrides{})
		if err != nil {
			t.Fatal(err)
		}
		// It yields, and so is another run than that of the scenario.
		if !own.Timed() {
			continue
		}
		players := sim.Players{"": {Name: "mine", Program: sim.BuiltIn(own.Cluster.Rules | protocol.Timeouts)}}
		s, err := scenarios.Load(entry.Name, scenarios.Overrides{Players: players})
		if err != nil {
			t.Fatal(err)
		}
		r, err := read(s)
		if err != nil {
			t.Fatal(err)
		}
		if r.problem != "" {
			t.Errorf("%s: %s", entry.Name, r.problem)
		}
		stories = append(stories, fmt.Sprintf("%s %.8x", entry.Name, r.told.Sum(nil)))
		n := narrate.New(s.Header())
		for i := range r.Events {
			l := n.Tell(&r.Events[i])
			kinds[l.Kind]++
			invented := func(words string) bool { return strings.Contains(l.Why.String(), words) }
			if l.Why.Rules() != 0 || slices.ContainsFunc(inventions, invented) && l.Kind != trace.Wait && l.Kind != trace.Reply {
				t.Errorf("%s: event %d: %s", entry.Name, l.Event, l.Why)
			}
		}
	}
	compareStories(t, "played.golden", stories)
	for _, kind := range []trace.Kind{trace.Propose, trace.Commit, trace.Promise, trace.Accept, trace.Count, trace.Ignore, trace.Expire, trace.Backoff, trace.Answer, trace.Restart} {
		if kinds[kind] < 5 {
			t.Errorf("%s is told %d times", kind, kinds[kind])
		}
	}
}

// talker is a program that says and does what no other event tells.
type talker struct{}

func (*talker) Step(q *sim.Question) (sim.Answer, error) {
	a := sim.Answer{}
	m := protocol.Message{Kind: protocol.PromiseRequest, To: 1, ID: 4}
	switch {
	case q.Kind == sim.AskOperation && q.Try == 0:
		other := m
		other.ID, other.To = 5, 2
		a.Send = []sim.Sent{{Message: m, Note: []byte("x")}, {Message: other}}
		a.Timer, a.Log = true, "begins"
	case q.Kind == sim.AskOperation:
		a.Outcome, a.Holder = protocol.Refused, 2
	case q.Kind == sim.AskMessage && q.Message.Kind == protocol.CommitRequest:
		a.Log = "no time for that"
	case q.Kind == sim.AskTimeout:
		a.Retry = true
	}
	return a, nil
}

// What a program does is told by what is seen of it, and what it says is told as its words.
func TestTalker(t *testing.T) {
	f, err := scenarios.Decode("talker.yaml", []byte(`format: 1
edition: sound
instances: [a, b, c]
timeline:
  - {at: 0ms, acquire: alice, via: a}
  - {at: 5ms, acquire: bob, via: b}
  - {at: 2s, crash: a}
  - {at: 2s, restart: a}
`))
	if err != nil {
		t.Fatal(err)
	}
	s, err := f.Compile(scenarios.Overrides{Players: sim.Players{"a": {Program: &talker{}}}})
	if err != nil {
		t.Fatal(err)
	}
	r, err := read(s)
	if err != nil || r.problem != "" {
		t.Fatal(err, r.problem)
	}
	n := narrate.New(s.Header())
	var lines []string
	for i := range r.Events {
		l := n.Tell(&r.Events[i])
		if l.From.Instance == 0 || l.To.Instance == 0 && l.To.Name == "a" {
			lines = append(lines, strings.TrimSpace(fmt.Sprintf("%s %s %s: %s | %s", l.From.Name, l.Glyph, l.To.Name, l.What, l.Why)))
		}
	}
	text := strings.Join(lines, "\n") + "\n"
	if want := talks; text != want {
		t.Errorf("it is told so:\n%s", text)
	}
}

const talks = `alice ─▶ a: acquire |
a  : proposes ID 4 | asks b; its own state shows promised 0; with a note
a  : says | "begins"; asks c for what is no part of a round; with a note
a ─▶ b: promise 4? | yes: above 2, its own proposal (event 5); with a note
a ─▶ c: promise 5? | yes: nothing promised yet
b ─▶ a: promise 2? | no answer, as yet
b ─▶ a: promised 4 | 1 of 3 says yes
c ─▶ a: promised 5 | it does not belong to what is asked now
a ⏱ : timeout | the timer that it has set has run down
a  : backs off | b promised ID 4; retry 1 of 3 after a pause
a ─▶ alice: refused | it says that bob holds the lock
b ─▶ a: promise 8? | no answer, as yet
b ─▶ a: commit 8 bob? | a says "no time for that"
a ✝ : crashes | its host is down too: calls to it time out
a ↻ : restarts | its state shows promised nothing and accepted nothing
`
