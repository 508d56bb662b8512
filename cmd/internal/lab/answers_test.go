package lab

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"skinny/cmd/internal/report"
	"skinny/protocol"
	"skinny/sim/check"
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
