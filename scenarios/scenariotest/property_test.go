package scenariotest

import (
	"bytes"
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"skinny/protocol"
	"skinny/scenarios"
	"skinny/sim"
	"skinny/sim/swarm"
	"skinny/sim/trace"
)

// anyRun draws a run of any edition under any profile.
func anyRun(t *rapid.T) *scenarios.Scenario {
	var o Options
	o.Edition = rapid.SampledFrom(protocol.Editions()).Draw(t, "edition").Name
	o.Profile = rapid.SampledFrom(swarm.Profiles()).Draw(t, "profile").Name
	return Scenarios(o).Draw(t, "scenario")
}

// Under no profile does sound break a property.
func TestSoundIsSafe(t *testing.T) {
	for _, p := range swarm.Profiles() {
		t.Run(p.Name, func(t *testing.T) {
			g := Scenarios(Options{Profile: p.Name})
			rapid.Check(t, func(t *rapid.T) { Check(t, g.Draw(t, "scenario")) })
		})
	}
}

// The same scenario gives the same run.
func TestDeterminism(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := anyRun(t)
		first, second := outcomeOf(t, s), outcomeOf(t, s)
		if first.Digest != second.Digest || first.Ending != second.Ending {
			t.Fatalf("two runs: %s and %s", first.Digest, second.Digest)
		}
	})
}

// A copy of a run's scheduler goes on as the run does, and neither disturbs the
// other, whatever the copy was used for before.
func TestCopyGoesOnAlike(t *testing.T) {
	var copied sim.Timed
	rapid.Check(t, func(t *rapid.T) {
		s := anyRun(t)
		want := eventsOf(s)
		at := rapid.IntRange(0, len(want)).Draw(t, "events before the copy")

		run := sim.NewTimed(s.Cluster, s.Timetable)
		var original trace.Log
		run.World().Observe(&original)
		for len(original.Events) < at && run.Step() {
		}
		at = len(original.Events) // a step may be several
		var continued trace.Log
		copied.CopyFrom(run)
		copied.World().Observe(&continued)
		for more := true; more; { // in turns
			step := copied.Step()
			more = run.Step() || step
		}

		same(t, "the run", want, original.Events)
		same(t, "the copy", want[at:], continued.Events)
		if copied.Ending() != run.Ending() || copied.World().Now() != run.World().Now() {
			t.Fatalf("the copy ends with %v, the run with %v", copied.Ending(), run.Ending())
		}
		// What is left of the copy must not matter to the next one.
		copied.World().Observe(nil)
	})
}

func eventsOf(s *scenarios.Scenario) []trace.Event {
	var log trace.Log
	run := s.Start()
	run.World().Observe(&log)
	for run.Step() {
	}
	return log.Events
}

func same(t *rapid.T, who string, want, got []trace.Event) {
	if len(want) != len(got) {
		t.Fatalf("%s has %d events, want %d", who, len(got), len(want))
	}
	for i := range want {
		if !reflect.DeepEqual(want[i], got[i]) {
			t.Fatalf("%s: got %+v, want %+v", who, got[i], want[i])
		}
	}
}

// A recorded run, written as a schedule and read again, gives the same events.
func TestScheduleReplays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := anyRun(t)
		again := identity(t, scenarios.FromDecisions(s, sim.RunRecorded(s.Start())))
		if want, got := outcomeOf(t, s), outcomeOf(t, again); got.Digest != want.Digest || got.Ending != sim.Stopped {
			t.Fatalf("the schedule of %d decisions has %d events and ends with %v, the run had %d", len(again.Schedule.Decisions), got.Events, got.Ending, want.Events)
		}
	})
}

// A timed run, with its clients' calls written down and read again, is the same run.
func TestTimetableReplays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := anyRun(t)
		frozen := *s
		frozen.Timetable = s.Timetable.Frozen(sim.RunRecorded(s.Start()))
		again := identity(t, scenarios.FromTimetable(&frozen))
		want, got := outcomeOf(t, s), outcomeOf(t, again)
		if got.Digest != want.Digest || got.Ending != want.Ending || !reflect.DeepEqual(got.Verdicts, want.Verdicts) {
			t.Fatalf("the file has %d events and %+v, the run had %d and %+v", got.Events, got.Verdicts, want.Events, want.Verdicts)
		}
	})
}

// identity is what a file means after it was written and read again: what it meant
// before, and it is written alike.
func identity(t *rapid.T, f *scenarios.File) *scenarios.Scenario {
	text := f.Encode()
	read, err := scenarios.Decode("read.yaml", text)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	if again := read.Encode(); !bytes.Equal(text, again) {
		t.Fatalf("written twice, it differs:\n%s\n%s", text, again)
	}
	want, err := f.Compile(scenarios.Overrides{})
	if err != nil {
		t.Fatal(err)
	}
	got, err := read.Compile(scenarios.Overrides{})
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(want.Cluster, got.Cluster) || !reflect.DeepEqual(want.Timetable, got.Timetable) ||
		!reflect.DeepEqual(want.Schedule, got.Schedule) || !reflect.DeepEqual(want.Header(), got.Header()) ||
		want.Progress != got.Progress || want.About != got.About {
		t.Fatalf("it means something else:\n%s", text)
	}
	return got
}
