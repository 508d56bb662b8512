package lab

import (
	"bytes"
	"cmp"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"skinny/cmd/internal/program"
	"skinny/cmd/internal/report"
	"skinny/protocol"
	"skinny/scenarios"
	"skinny/sim"
	"skinny/sim/check"
	"skinny/sim/prose"
	"skinny/sim/trace"
)

// A crash ends the operations of its own instance, and no others.
func TestCrashEndsItsOwn(t *testing.T) {
	for instance, want := range map[int8]check.State{1: check.Violated, 0: check.Kept} {
		j := answersRow.New()
		j.Reset(&trace.Header{Instances: []string{"a", "b"}, Holders: []string{"alice"}, Settings: []trace.Setting{{Program: "p"}, {Program: "p"}}})
		j.Observe(&trace.Event{Number: 1, Kind: trace.Call, Operation: protocol.Operation{Kind: protocol.Acquire, Holder: 1, Number: 1}})
		j.Observe(&trace.Event{Number: 2, Kind: trace.Crash, Instance: instance})
		j.End(0, true)
		if v := j.Verdict(); v.State != want {
			t.Errorf("after a crash of %d: %+v", instance, v)
		}
	}
}

// A promise tells what was accepted last. A commit of its own may be told in its place,
// but none that was made before.
func TestPromiseTellsTheLast(t *testing.T) {
	one, two := protocol.Proposal{ID: 1, Holder: 1}, protocol.Proposal{ID: 2, Holder: 2}
	own := trace.Event{Kind: trace.Commit, Proposal: one}
	other := trace.Event{Kind: trace.Accept, Peer: 1, Proposal: two, Message: protocol.Message{Yes: true, ID: 2}, State: protocol.State{Promised: 2, Accepted: two}}
	for _, test := range []struct {
		events []trace.Event
		told   protocol.Proposal
		want   check.State
	}{
		{[]trace.Event{own, other}, two, check.Kept},
		{[]trace.Event{own, other}, one, check.Violated},
		{[]trace.Event{other, own}, one, check.Kept},
	} {
		j := commitsRow.New()
		j.Reset(&trace.Header{Instances: []string{"a", "b"}, Holders: []string{"alice", "bob"}, Settings: []trace.Setting{{Program: "p"}, {Program: "p"}}})
		promise := trace.Event{Kind: trace.Promise, Peer: 1, Message: protocol.Message{Yes: true, ID: 4, Proposal: test.told}, State: test.events[1].State}
		for i, e := range append(test.events, promise) {
			e.Number = i + 1
			j.Observe(&e)
		}
		if v := j.Verdict(); v.State != test.want {
			t.Errorf("told ID %d, after %v: %+v", test.told.ID, test.events[0].Kind, v)
		}
	}
}

// A client waits until it is answered or gives up.
func TestCostOfWaiting(t *testing.T) {
	var c Cost
	for n := range uint32(3) {
		c.Observe(&trace.Event{Kind: trace.Call, At: 10, Operation: protocol.Operation{Number: n + 1}})
	}
	c.Observe(&trace.Event{Kind: trace.GiveUp, At: 40, Operation: protocol.Operation{Number: 1}})
	c.Observe(&trace.Event{Kind: trace.Receive, At: 60, Operation: protocol.Operation{Number: 2}})
	c.Observe(&trace.Event{Kind: trace.Ignore, At: 90, Operation: protocol.Operation{Number: 3}})
	c.Observe(&trace.Event{Kind: trace.Receive, At: 95, Operation: protocol.Operation{Number: 1}}) // when it does not wait any more
	if c.Waited != 30+50 {
		t.Errorf("they waited %d ns", c.Waited)
	}
}

// Where something is already nothing is saved, and nothing is judged for it.
func TestSaveOver(t *testing.T) {
	file := filepath.Join(t.TempDir(), "there")
	if err := os.WriteFile(file, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	c := Check{Console: &report.Console{Out: &out, Err: &out, Width: 80}, Dir: filepath.Join(t.TempDir(), "none"), Save: file}
	if _, _, err := c.Run(); err == nil || !strings.Contains(err.Error(), file+" is there already, and nothing is written over it") {
		t.Error(err)
	}
}

// What is saved keeps its scenario's own account; what the lab alone judges is said after it.
func TestSavedAbout(t *testing.T) {
	scenario, err := scenarios.Load("lab/promise", scenarios.Overrides{})
	if err != nil {
		t.Fatal(err)
	}
	about := scenario.File().About.Value
	for want, v := range map[string]*check.Verdict{
		about: {Property: check.Agreement, Event: 7},
		about + "\nEvent 7 is what the lab does not allow (answers-promises: too early); `skinny lab check` alone judges that.": {Property: promisesRow.Name, Event: 7, Severity: promisesRow.Severity, Why: prose.Of("too early")},
	} {
		c := Check{Console: &report.Console{Out: io.Discard}, Save: filepath.Join(t.TempDir(), "saved.yaml")}
		if err := c.save(&Failure{Scenario: scenario, Verdict: v}); err != nil {
			t.Fatal(err)
		}
		file, err := scenarios.Open(c.Save)
		if err != nil || about == "" || file.About.Value != want {
			t.Errorf("%v, got %q, want %q", err, file.About.Value, want)
		}
	}
}

// Once it is closed nothing of a program is left to be asked.
func TestClosed(t *testing.T) {
	j, err := (&Submission{Command: []string{"cat"}}).judging(program.Options{})
	if err != nil {
		t.Fatal(err)
	}
	j.close()
	for name, p := range map[string]sim.Program{"scenarios": j.scenarios, "seeds": j.seeds, "player": j.player.Program} {
		if r := judged(t, stages[0], p, 1); !strings.Contains(r.Failure.describe(), "it was ended") {
			t.Errorf("%s: %s", name, r.Failure.describe())
		}
	}
}

// A grade keeps each of its bounds.
func TestGradeBounds(t *testing.T) {
	l := &languages[0]
	dir := reference(t, l, `    yes = event["id"] > m["promised"]`, `    if event["id"] > 16:  # only in seeds
        sys.exit()
    yes = event["id"] > m["promised"]`,
		`    yes = accept(m, event["id"], event["holder"])`, `    yes = False`, "import harness", "import harness, sys")
	command := command(t, l, dir)
	for _, c := range []struct {
		bounds      Bounds
		stage, want string
	}{
		{Bounds{}, "promise", "seed 5 of profile network: "},
		{Bounds{Seeds: 1}, "commit", "lab/commit: "},
		{Bounds{Timeout: 1}, "promise", "lab/promise: the program of c, after event 6: "}, // its first answer alone may take longer
		{Bounds{Time: 1}, "promise", "it has not come to its end in 1ns"},
		{Bounds{Stop: func() bool { return true }}, "promise", "it was ended before it was judged"},
	} {
		b := c.bounds
		b.Timeout, b.Time = cmp.Or(b.Timeout, 20*time.Second), cmp.Or(b.Time, time.Minute)
		if b.Stop == nil {
			b.Stop = func() bool { return false }
		}
		m, stopped := Grade(dir, command, b)
		if m.Stage != c.stage || !strings.Contains(m.Why, c.want) || stopped != (c.bounds.Stop != nil) {
			t.Errorf("%+v: %+v, %v, want %s: %s", c.bounds, m, stopped, c.stage, c.want)
		}
	}
}

// An interrupt ends a grade of what is no submission, too.
func TestGradeInterrupted(t *testing.T) {
	for _, command := range [][]string{nil, {"/no/such/program"}} {
		for _, interrupted := range []bool{false, true} {
			m, stopped := Grade(t.TempDir(), command, Bounds{Stop: func() bool { return interrupted }})
			if stopped != interrupted || m.Passed != 0 || m.Of != len(stages) || m.Why == "" || m.Stage != "" {
				t.Errorf("interrupted %v: %+v, %v", interrupted, m, stopped)
			}
		}
	}
}
