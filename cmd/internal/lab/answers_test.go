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
