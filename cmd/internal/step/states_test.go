//go:build !js && !wasip1

package step

import (
	"bytes"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"skinny/cmd/internal/session"
	"skinny/protocol"
	"skinny/scenarios"
	"skinny/scenarios/exercise"
	"skinny/sim"
	"skinny/sim/check"
	"skinny/sim/prose"
	"skinny/sim/trace"
)

func compiled(t testing.TB, text string, o scenarios.Overrides) *scenarios.Scenario {
	t.Helper()
	file, err := scenarios.Decode("x.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	s, err := file.Compile(o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// busy is a cluster in which instances are at work, paused, isolated and down, and in which
// much is under way: lost, copied, a timer, calls and answers of clients.
const busy = `format: 1
edition: sound
title: Much under way
instances: [{name: a, promise-delay: 20ms}, b, {name: c, promise-delay: 30ms}, d, e]
network: {latency: 10ms, client-latency: 3ms}
timeline:
  - {at: 0ms, acquire: alice, via: a}
  - {at: 1ms, acquire: bob, via: b}
  - {at: 2ms, pause: d}
  - {at: 3ms, isolate: e}
  - {at: 30ms, acquire: carol, via: c}
  - {at: 15ms, crash: d}
  - {at: 600ms, heal: e}
  - {at: 700ms, status: c}
messages:
  - {drop: promise-request, from: a, to: b, nth: 1}
  - {duplicate: promise-request, from: b, to: c, nth: 1, after: 5ms}
`

// longText is a run of which a branch does not know all.
func longText() string {
	text := "format: 1\nedition: sound\ntitle: A long run\ninstances: [a, b, c]\ntimeline:\n"
	for n := range 500 {
		text += fmt.Sprintf("  - {at: %dms, %s: alice, via: a}\n", 100*n, []string{"acquire", "release"}[n%2])
	}
	return text
}

// noting is the built-in protocol with a note on what it sends, by which it is one of its own.
type noting struct{ sim.Program }

func (n noting) Step(q *sim.Question) (sim.Answer, error) {
	a, err := n.Program.Step(q)
	for i := range a.Send {
		a.Send[i].Note = []byte("1")
	}
	return a, err
}

// doubtful is a property that is never decided.
type doubtful struct{}

func (doubtful) Reset(*trace.Header)  {}
func (doubtful) Observe(*trace.Event) {}
func (doubtful) End(trace.Time, bool) {}
func (doubtful) Verdict() check.Verdict {
	return check.Verdict{State: check.Undecided, Why: prose.Of("the search took too many steps")}
}

// unsure is a run of which some properties are not judged, and one is not decided.
func unsure(t testing.TB) *scenarios.Scenario {
	s := compiled(t, strings.Replace(busy, "edition: sound", "edition: published", 1), scenarios.Overrides{
		Players: sim.Players{"c": {Name: "mine", Program: noting{sim.BuiltIn(protocol.AllRules)}}},
	})
	s.Judges = []check.Property{{
		Name: "doubtful", About: "Nobody knows.", Broken: "Nobody knew", New: func() check.Judge { return doubtful{} },
	}}
	return s
}

// states are runs and moments that ordinary ones do not come to.
func states(t testing.TB) map[string]*scenarios.Scenario {
	return map[string]*scenarios.Scenario{
		"busy":   compiled(t, busy, scenarios.Overrides{}),
		"long":   compiled(t, longText(), scenarios.Overrides{}),
		"unsure": unsure(t),
		"empty":  compiled(t, "format: 1\nedition: sound\ntitle: Nothing happens\ninstances: [a, b]\n", scenarios.Overrides{}),
		"quorum": compiled(t, "format: 1\nedition: sound\ntitle: Small quorums\ninstances: [a, b, c, d]\nquorums: {promise: 3, commit: 2}\ntimeline:\n  - {at: 0ms, acquire: alice, via: a}\n  - {at: 1ms, acquire: bob, via: b}\n", scenarios.Overrides{}),
	}
}

// Full screen, in every state of a run.
func TestStates(t *testing.T) {
	for _, size := range []struct{ width, height int }{{80, 24}, {140, 45}} {
		runs := states(t)
		for _, c := range []struct{ name, of, keys string }{
			{"busy-losses", "busy", "esc : '5' enter down"},
			{"busy-hidden-losses", "busy", "esc : '5' enter V : 'list' enter"},
			{"busy-work", "busy", "esc : '20ms' enter"},
			{"busy-many", "busy", "esc : '16' enter"},
			{"busy-below", "busy", "esc : '16' enter " + strings.Repeat("down ", 12)},
			{"busy-down", "busy", "esc : '15ms' enter"},
			{"busy-lanes", "busy", "esc : '10' enter > >"},
			{"busy-last-lanes", "busy", "esc : '10' enter > > > > > > > > > > > > < X"},
			{"busy-presented", "busy", "esc : '12' enter V down"},
			{"busy-isolated", "busy", "esc : '4' enter tab tab tab tab i"},
			{"long-known", "long", "esc G tab x"},
			{"long-branch", "long", "esc right right tab tab x"},
			{"long-branches", "long", "esc right right tab tab x b up"},
			{"long-root", "long", "esc right right tab tab x : 'branch 0' enter"},
			{"long-presented", "long", "esc right right tab tab x V right right"},
			{"long-unknown", "long", "esc right right tab tab x : '4000' enter"},
			{"unsure", "unsure", "esc G"},
			{"unsure-properties", "unsure", "esc G O pgdown"},
			{"unsure-veiled", "unsure", "esc V right"},
			{"empty", "empty", "esc"},
			{"empty-right", "empty", "esc right"},
			{"empty-down", "empty", "esc down"},
			{"quorum", "quorum", "esc m m m"},
			{"quorum-none", "quorum", "esc G m"},
		} {
			m := newStepperOf(t, runs[c.of], "skinny step x.yaml", size.width, size.height)
			golden(t, filepath.Join("testdata", "screens", fmt.Sprintf("%dx%d", size.width, size.height), "state-"+c.name+".txt"), m.keys(c.keys).screen())
		}
	}
}

// A branch says that it is being judged until it has been.
func TestBeingJudged(t *testing.T) {
	m := newStepper(t, "two-winners", 80, 24).keys("esc right right")
	_, cmd := m.Update(pressed("x"))
	if got := m.screen(); !strings.Contains(got, "… being judged") || strings.Contains(got, "in the end") {
		t.Errorf("at first:\n%s", got)
	}
	m.finish(cmd)
	if got := m.screen(); strings.Contains(got, "… being judged") || !strings.Contains(got, "in the end: ") {
		t.Errorf("then:\n%s", got)
	}
	if m.finish(cmd); strings.Count(m.said, "in the end: ") != 1 { // it was asked for twice
		t.Errorf("it says %s", m.said)
	}
}

// Who comes to a point of a run sees that point at once, and no first page.
func TestBeginsWithin(t *testing.T) {
	for at, first := range map[int]bool{0: true, 5: false} {
		place := plainSession(t)
		place.GoTo(at)
		m := &stepper{Model: NewModel(place), t: t}
		m.send(tea.WindowSizeMsg{Width: 80, Height: 24})
		if got := m.screen(); strings.Contains(got, "Any key begins") != first || !strings.Contains(got, fmt.Sprintf("event %d of 30", at)) {
			t.Errorf("at %d:\n%s", at, got)
		}
	}
}

// Who comes to an exercise with a move that was made sees what came of it at once.
func TestBeginsWithMove(t *testing.T) {
	x, err := exercise.Load("network-1")
	if err != nil {
		t.Fatal(err)
	}
	for _, words := range []string{"", "deliver promise-request a -> c"} {
		place := session.NewSession(session.New(x.Scenario), "skinny step exercises/network-1")
		place.Solve(x, func(*exercise.Mark) string { return "" })
		if words != "" {
			place.Say(words)
		}
		m := &stepper{Model: NewModel(place), t: t}
		m.send(tea.WindowSizeMsg{Width: 80, Height: 24})
		if got := m.screen(); strings.Contains(got, "Any key begins") != (words == "") {
			t.Errorf("after %q:\n%s", words, got)
		}
	}
}

// Full screen and in lines, a file that cannot be written is named with the reason.
func TestSaveFails(t *testing.T) {
	t.Chdir(t.TempDir())
	const want = "no/mine.yaml cannot be written: no such file or directory"
	if got := newStepper(t, "two-winners", 80, 24).keys("esc : 'save no/mine.yaml' enter").said; got != want {
		t.Errorf("it says %q", got)
	}
	var printed bytes.Buffer
	p := Plain{Session: plainSession(t), In: strings.NewReader("save no/mine.yaml\nsave no/mine.yaml over\n"), Out: &printed, Width: 80}
	if err := p.Run(nil); err != nil || strings.Count(printed.String(), want+"\n") != 2 {
		t.Errorf("%v\n%s", err, &printed)
	}
}

// In lines, in every state of a run.
func TestPlainStates(t *testing.T) {
	for name, words := range map[string]string{
		"busy":   "5\nlist\n10\nlist\n15ms\nshow\n20ms\nshow\n16\nlist\npreview 1\n15ms\nshow\nmajority\nmajority back\nround back\nrefusal\n",
		"long":   "end\nnext\n2\ncrash c\nend\nbranches\nnext\nbranch 0\n9999999\n",
		"unsure": "end\nshow\ncrash a\nbranches\npresent\nback\nshow\n",
		"empty":  "\nback\nlist\nshow\nwhy\nviolation\nmajority\nend\ndeliver 1\nquestion\nacquire carol via a\n",
		"quorum": "majority\nmajority\nmajority\nmajority\nmajority\n",
	} {
		var printed bytes.Buffer
		p := Plain{Session: session.NewSession(session.New(states(t)[name]), "skinny step x.yaml"), In: strings.NewReader(words), Out: &printed, Width: 90}
		if err := p.Run(nil); err != nil {
			t.Fatal(err)
		}
		golden(t, filepath.Join("testdata", "lines", "state-"+name+".txt"), printed.String())
	}
}

// In lines, a lesson that somebody attends to its end, and goes on after it; a run that asks
// from its first line on; and a presentation.
func TestPlainModes(t *testing.T) {
	for name, c := range map[string]struct {
		words string
		begin func() *session.Session
	}{
		"lesson-ended": {"\n\n2\nback 5\ncrash c\n\n\n\n\nback 3\n\n1\nrule\nnext\nbranch 0\n\n\n1\n\n\nback\nnext\nwhy\n\n", func() *session.Session { return lessonSession(t, lesson) }},
		"predict-begins": {"1\nback\ncrash c\nbranch 0\nnext\n", func() *session.Session {
			s := plainSession(t)
			s.GoTo(4)
			s.Predict()
			s.Go(1) // now it asks
			return s
		}},
		"present-begins": {"next\nend\nback\nlist\npreview 1\nbranches\ncrash c\ncompare 0\nrefusal\nround\nviolation\npresent\n", func() *session.Session {
			s := plainSession(t)
			s.GoTo(13)
			s.Present()
			return s
		}},
	} {
		var printed bytes.Buffer
		p := Plain{Session: c.begin(), In: strings.NewReader(c.words), Out: &printed, Width: 80, Interactive: name == "lesson-ended"}
		if err := p.Run(nil); err != nil {
			t.Fatal(err)
		}
		golden(t, filepath.Join("testdata", "lines", name+".txt"), printed.String())
	}
}
