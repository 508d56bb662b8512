package shrink

import (
	"slices"
	"testing"

	"skinny/protocol"
	"skinny/sim"
	"skinny/sim/check"
	"skinny/sim/prose"
	"skinny/sim/trace"
)

// calledAndCrashed is a judge that wants no run to have both a call and a crash.
type calledAndCrashed struct {
	check.NoEnd
	called, crashed int
}

func (j *calledAndCrashed) Reset(*trace.Header) { *j = calledAndCrashed{} }

func (j *calledAndCrashed) Observe(e *trace.Event) {
	switch e.Kind {
	case trace.Call:
		j.called = e.Number
	case trace.Crash:
		j.crashed = e.Number
	}
}

func (j *calledAndCrashed) Verdict() check.Verdict {
	if j.called == 0 || j.crashed == 0 {
		return check.Verdict{}
	}
	return check.Verdict{State: check.Violated, Event: max(j.called, j.crashed), Kind: "both", Why: prose.Of("both")}
}

// A call gets a rounder time only if the timeline stays in order.
func TestTimelineStaysInOrder(t *testing.T) {
	own := check.Property{Name: "not-both", New: func() check.Judge { return &calledAndCrashed{} }}
	const half = trace.Millisecond / 2
	acquire := sim.Decision{Kind: sim.InvokeOperation, Operation: protocol.Acquire, Holder: 1, At: 3 * half, Timeout: trace.Second}
	for crash, want := range map[trace.Time]trace.Time{half: 2 * half, 2*half + 1: 3 * half} {
		run := Timed{Cluster: newScript(0, "ab").cluster, Timetable: &sim.Timetable{
			Timeline: []sim.Decision{{Kind: sim.CrashInstance, From: 1, At: crash}, acquire},
		}}
		r, err := ShrinkTimed(run, own.Name, Options{Judges: []check.Property{own}})
		if err != nil {
			t.Fatal(err)
		}
		line := r.Timetable.Timeline
		sorted := slices.IsSortedFunc(line, func(a, b sim.Decision) int { return int(a.At - b.At) })
		if len(line) != 2 || !sorted || line[1].At != want || line[1].Timeout != sim.DefaultClientTimeout {
			t.Errorf("crash at %d: %+v", crash, line)
		}
	}
}
