package scenarios

import (
	"errors"
	"strings"
	"testing"

	"github.com/mattn/go-runewidth"

	"skinny/scenarios/form"
	"skinny/sim"
	"skinny/sim/trace"
)

func addSeeds(f *testing.F) {
	for _, e := range Library() {
		f.Add(e.Data)
	}
	f.Add(Template())
	f.Add([]byte(rough))
	f.Add([]byte(scheduled))
	f.Add([]byte(stormy))
	f.Add([]byte(stormy + "faults: {profile: all, clients: 1..3, operations: 0..9, loss: 0%..5%, pauses: 2, hold: 1ms}\n"))
	for _, w := range wrong {
		if len(w.text) < 2000 {
			f.Add([]byte(w.text))
		}
	}
}

// scheduled is a schedule with every word, which need not be possible.
const scheduled = `
format: 1
instances: [a, b, {name: c, promise-delay: 1ms}]
network: {client-latency: 1ms}
schedule: |
  @1ms acquire alice via a timeout 3s
  deliver call alice #1
  deliver promise-request a -> b #1/1
  deliver promise-request a -> c
  finish c
  duplicate promise-response b -> a   # a comment
  drop promise-response c -> a #1
  status b
  deliver call #2
  deliver answer #2
  timeout a
  wake a #1
  refuse promise-request a -> b
  crash c host up
  deliver promise-request a -> c #2
  deliver failure c -> a
  release alice via b
  give-up alice #3
  restart c
  pause b
  resume b
  isolate b
  heal b
  cut a <-> b
  mend a -> b
  partition a b | c
  heal partition
  heal all
  wipe c
  torn b
  torn a host up
then: settle
`

// FuzzDecode decodes anything. Whatever is wrong has to be reported with a place
// in the file, and what can be decoded can be compiled and written.
func FuzzDecode(f *testing.F) {
	addSeeds(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		file, err := Decode("fuzz.yaml", data)
		if err == nil {
			if _, err := file.Compile(Overrides{}); err != nil {
				t.Fatalf("decoded, but not compiled: %v", err)
			}
			roundTrip(t, file)
			return
		}
		var found Diagnostics
		if !errors.As(err, &found) || len(found) == 0 {
			t.Fatalf("no diagnostics: %v", err)
		}
		for _, d := range found {
			checkDiagnostic(t, d)
		}
	})
}

// checkDiagnostic checks that a diagnostic can be shown.
func checkDiagnostic(t *testing.T, d Diagnostic) {
	t.Helper()
	if d.File != "fuzz.yaml" || d.Message == "" {
		t.Fatalf("%+v", d)
	}
	whole := strings.Contains(d.Message, "the file is")
	if !whole && (d.Line < 1 || d.Column < 1) {
		t.Fatalf("no place: %+v", d)
	}
	if d.Source != "" && d.Column > len([]rune(d.Source))+1 {
		t.Fatalf("behind the end of the line: %+v", d)
	}
	for _, line := range strings.Split(d.String(), "\n") {
		// The line with its margin is as wide as a terminal at most; so is the caret's.
		if strings.HasPrefix(line, "    ") && !strings.Contains(line, "\t") && runewidth.StringWidth(line) > 80 && !strings.Contains(d.Hint, line) {
			t.Fatalf("wider than a terminal: %q", line)
		}
	}
	for _, r := range d.String() {
		if !form.Visible(r) && r != '\n' && r != '\t' {
			t.Fatalf("%q in %q", r, d.String())
		}
	}
}

// FuzzRun runs whatever can be compiled, for some thousand events: nothing panics,
// two runs are the same, and the recorded decisions give the same run again.
func FuzzRun(f *testing.F) {
	addSeeds(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		file, err := Decode("fuzz.yaml", data)
		if err != nil {
			return
		}
		file.Events = Some(2000)
		s, err := file.Compile(Overrides{})
		if err != nil {
			t.Fatal(err)
		}
		s.LintLesson()
		first, err := s.Run()
		if err != nil {
			return // impossible, which was found out without a panic
		}
		first.Result()
		again, err := s.Run()
		if err != nil || again.Digest != first.Digest {
			t.Fatalf("two runs differ: %v", err)
		}
		if s.Timed() {
			checkReplay(t, s, first)
		}
	})
}

// checkReplay replays the decisions of a timed run without a detour over text.
func checkReplay(t *testing.T, s *Scenario, first *Outcome) {
	t.Helper()
	run := s.Start()
	decisions := sim.RunRecorded(run)
	replay, err := FromDecisions(s, decisions).Compile(Overrides{})
	if err != nil {
		t.Fatal(err)
	}
	digest := trace.NewHash(replay.Header())
	again := replay.Start()
	again.World().Observe(digest)
	for again.Step() {
	}
	if err := again.Problem(); err != nil {
		t.Fatal(err)
	}
	if digest.Digest() != first.Digest {
		t.Fatal("the replay differs")
	}
}
