//go:build !js && !wasip1

package step

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	"github.com/mattn/go-runewidth"

	"skinny/cmd/internal/session"
	"skinny/scenarios"
	"skinny/scenarios/exercise"
	"skinny/sim/render"
)

var update = flag.Bool("update", false, "write the golden files anew")

func open(t testing.TB, name string) *scenarios.Scenario {
	t.Helper()
	file, err := scenarios.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	s, err := file.Compile(scenarios.Overrides{})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// stepper is a model on a screen of a size, and everything that it asks to be done
// in the background is done at once.
type stepper struct {
	*Model
	t    testing.TB
	left bool // it has asked to end
}

func newStepper(t testing.TB, name string, width, height int) *stepper {
	return newStepperOf(t, open(t, name), "skinny step "+name+" --seed 1", width, height)
}

func newStepperOf(t testing.TB, s *scenarios.Scenario, command string, width, height int) *stepper {
	place := session.NewSession(session.New(s), command)
	if x := exercise.Of(s); x != nil {
		place.Solve(x, func(*exercise.Mark) string { return "" })
	}
	m := &stepper{Model: NewModel(place), t: t}
	m.send(tea.WindowSizeMsg{Width: width, Height: height})
	return m
}

func (m *stepper) send(msg tea.Msg) {
	_, cmd := m.Update(msg)
	m.finish(cmd)
	m.View()
}

// finish does what was asked for in the background.
func (m *stepper) finish(cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	switch msg := cmd().(type) {
	case unjudged:
		m.send(msg)
	case tea.QuitMsg:
		m.left = true
	case tea.BatchMsg:
		for _, c := range msg {
			m.finish(c)
		}
	}
}

// keys presses keys, given by their names; 'words' are typed.
func (m *stepper) keys(names string) *stepper {
	for names != "" {
		if text, ok := strings.CutPrefix(names, "'"); ok {
			typed, rest, _ := strings.Cut(text, "'")
			for _, r := range typed {
				m.send(pressed(string(r)))
			}
			names = strings.TrimLeft(rest, " ")
			continue
		}
		name, rest, _ := strings.Cut(names, " ")
		m.send(pressed(name))
		names = rest
	}
	return m
}

// screen is what is seen, without styles. It has to fit.
func (m *stepper) screen() string {
	m.t.Helper()
	text := ansi.Strip(m.View().Content)
	rows := strings.Split(text, "\n")
	if len(rows) != m.height {
		m.t.Errorf("the screen has %d rows, not %d", len(rows), m.height)
	}
	for _, row := range rows {
		if w := runewidth.StringWidth(row); w > m.width {
			m.t.Errorf("a row of %d columns on a screen of %d: %s", w, m.width, row)
		}
	}
	return text + "\n"
}

// Every pane, at the size of an old terminal and on a big one.
func TestScreens(t *testing.T) {
	cases := []struct{ name, scenario, keys string }{
		{"welcome", "two-winners", ""},
		{"start", "two-winners", "esc"},
		{"first-events", "two-winners", "esc right right right right right right"},
		{"violation", "two-winners", "esc v v"},
		{"dropped", "two-winners", "esc v pgup down d"},
		{"branches", "two-winners", "esc v pgup down d right right b"},
		{"comparison", "two-winners", "esc v pgup down d b up up c"},
		{"why", "two-winners", "esc v w"},
		{"properties", "two-winners", "esc v O"},
		{"here", "two-winners", "esc v pgup down d y"},
		{"help", "two-winners", "esc ?"},
		{"help-below", "two-winners", "esc ? pgdown pgdown pgdown"},
		{"command", "two-winners", "esc a"},
		{"wrong-command", "two-winners", "esc : 'dorp 1' enter"},
		{"save", "two-winners", "esc v pgup down d s"},
		{"list", "two-winners", "esc v pgup esc : 'list' enter down"},
		{"branch-chosen", "two-winners", "esc v pgup down d b up"},
		{"marked", "two-winners", "esc G tab x"},
		{"five-instances", "typical", "esc v right right right right right right right right right right right down"},
		{"five-instances-end", "typical", "esc G"},
		{"lost", "amnesia", "esc G pgup"},
		{"rules", "two-winners", "esc v t"},
		{"rules-up", "two-winners", "esc t pgdown pgdown up up up"},
		{"ruled", "two-winners", "esc v t enter"},
		{"sequential", "slow-peer-sequential", "esc G"},
		{"unbroken-welcome", "typical", ""},
		{"exercise-welcome", "exercises/network-1", ""},
		{"exercise", "exercises/network-1", "esc T : 'deliver promise-request a -> c' enter"},
		{"exercise-solved", "exercises/mend-1", "esc : 'rule ack-majority=on' enter"},
		{"exercise-predict", "exercises/predict-1", "esc : 'claim operation 2 outcome refused holder alice' enter"},
		{"asked", "two-winners", "esc o right right right right right"},
		{"right", "two-winners", "esc o right right right right right 3"},
		{"wrong", "two-winners", "esc : '13' enter o right 1 right 1"},
		{"told", "two-winners", "esc : '19' enter o right"},
		{"presented", "two-winners", "esc V : '14' enter"},
	}
	for _, size := range []struct{ width, height int }{{80, 24}, {140, 45}} {
		dir := filepath.Join("testdata", "screens", fmt.Sprintf("%dx%d", size.width, size.height))
		for _, c := range cases {
			t.Run(fmt.Sprintf("%dx%d/%s", size.width, size.height, c.name), func(t *testing.T) {
				got := newStepper(t, c.scenario, size.width, size.height).keys(c.keys).screen()
				golden(t, filepath.Join(dir, c.name+".txt"), got)
			})
		}
	}
}

func golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s: the screen is\n%s\nand was\n%s\n`go test ./cmd/internal/step -update` writes it anew", path, got, want)
	}
}

// A window that is too small says how big it should be, whatever is open.
func TestTooSmall(t *testing.T) {
	for _, size := range []struct{ width, height int }{{63, 24}, {80, 19}, {10, 3}, {1, 1}} {
		m := newStepper(t, "two-winners", size.width, size.height)
		for _, keys := range []string{"", "v", "pgup down d", "b", ":", "'xyz'"} {
			if keys == "b" {
				m.session.Predict() // which says something aside
			}
			got := strings.Join(strings.Fields(m.keys(keys).screen()), " ")
			if size.width > 40 && !strings.Contains(got, "needs at least 64 × 20") {
				t.Errorf("%v after %q: %s", size, keys, got)
			}
		}
		m.send(tea.WindowSizeMsg{Width: 80, Height: 24})
		if got := m.screen(); !strings.Contains(got, "two-winners") && !strings.Contains(got, "Two winners") {
			t.Errorf("after it has grown: %s", got)
		}
	}
}

// In a window that is too small nothing but leaving works, whatever is asked for.
func TestTooSmallToAnswer(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.WriteFile("mine.yaml", []byte("mine"), 0o666); err != nil {
		t.Fatal(err)
	}
	m := newStepper(t, "two-winners", 80, 24).keys("esc v : 'save mine.yaml' enter")
	m.send(tea.WindowSizeMsg{Width: 60, Height: 24})
	m.keys("y right d")
	if data, err := os.ReadFile("mine.yaml"); err != nil || string(data) != "mine" {
		t.Errorf("the file is %.20q, %v", data, err)
	}
	m.send(tea.WindowSizeMsg{Width: 80, Height: 24})
	if got := m.screen(); !strings.Contains(got, "Overwrite it?") || !strings.Contains(got, "event 20 of 30") {
		t.Errorf("after it has grown:\n%s", got)
	}
	m.send(tea.WindowSizeMsg{Width: 60, Height: 24})
	if m.keys("q"); !m.left {
		t.Error("q does not leave")
	}
}

// The name that is proposed for a file gives way to another, or can be edited.
func TestFileName(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, c := range []struct{ keys, file, command string }{
		{"s enter", "two-winners-branch-0.yaml", "skinny run two-winners-branch-0.yaml"},
		{"s 'my file' enter", "my file", "skinny run 'my file'"},
		{"s end 'x' enter", "two-winners-branch-0.yamlx", "skinny run two-winners-branch-0.yamlx"},
	} {
		m := newStepper(t, "two-winners", 80, 24).keys("esc " + c.keys)
		if _, err := os.Stat(c.file); err != nil || !strings.HasSuffix(m.said, c.command) {
			t.Errorf("after %s: %v; %s", c.keys, err, m.said)
		}
	}
}

// The first screen of a branch that was saved is about that branch.
func TestSavedWelcome(t *testing.T) {
	saved := newStepper(t, "two-winners", 80, 24).keys("esc v pgup down d").session.Branch().File()
	s, err := saved.Compile(scenarios.Overrides{})
	if err != nil {
		t.Fatal(err)
	}
	m := newStepperOf(t, s, "skinny step saved.yaml", 80, 24)
	got := strings.Join(strings.Fields(m.screen()), " ")
	for _, want := range []string{
		"By hand: after event 10, drop promise-response c -> b #1.",
		"v goes to where acknowledged breaks",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("the first screen does not say %q:\n%s", want, m.screen())
		}
	}
}

// The first key closes the first screen and does nothing else, unless it leaves.
func TestFirstKey(t *testing.T) {
	for _, key := range []string{"x", "d", "right", "G", ":", "s", "?", "esc", "enter"} {
		m := newStepper(t, "two-winners", 80, 24).keys(key)
		if m.panel != nil || m.prompt != nil || m.session.At() != 0 || len(m.session.Tree().Branches()) != 1 || m.said != "" || m.left {
			t.Errorf("%s does more than close the first screen:\n%s", key, m.screen())
		}
	}
	if m := newStepper(t, "two-winners", 80, 24).keys("q"); !m.left {
		t.Error("q does not leave")
	}
}

// A key that means nothing says where the keys are.
func TestUnknownKey(t *testing.T) {
	if m := newStepper(t, "two-winners", 80, 24).keys("esc %"); m.said != "? lists the keys" {
		t.Errorf("it says %q", m.said)
	}
}

// The mouse goes to an event, chooses a message, marks an instance, and scrolls.
func TestMouse(t *testing.T) {
	m := newStepper(t, "two-winners", 80, 24).keys("esc v")
	click := func(text string) {
		t.Helper()
		for y, row := range strings.Split(m.screen(), "\n") {
			if before, _, found := strings.Cut(row, text); found {
				m.send(tea.MouseClickMsg{X: runewidth.StringWidth(before), Y: y, Button: tea.MouseLeft})
				return
			}
		}
		t.Fatalf("%q is not on the screen:\n%s", text, m.screen())
	}
	click("  25.0 12")
	if m.session.At() != 12 {
		t.Errorf("a click on event 12 leads to %d", m.session.At())
	}
	click(" timeout of a")
	if got := m.session.Items()[m.session.Chosen()].Text; got != "timeout of a" {
		t.Errorf("a click on the timeout of a chooses %q", got)
	}
	m.keys("d b")
	click("✗ the lock breaks") // the second line of branch 0
	if m.panel.chosen != 0 {
		t.Errorf("a click on branch 0 chooses row %d", m.panel.chosen)
	}
	m.keys("enter")
	m.keys("esc : '12' enter")
	click("c            2")
	if m.session.Marked() != 2 {
		t.Errorf("a click on c marks instance %d", m.session.Marked())
	}
	first := m.first
	m.send(tea.MouseWheelMsg{Button: tea.MouseWheelUp})
	if m.first >= first || m.session.At() != 12 {
		t.Errorf("the wheel scrolls from %d to %d, the event is %d", first, m.first, m.session.At())
	}
	m.keys(":") // now only an answer counts
	before := m.screen()
	click("  25.0 11")
	if got := m.screen(); got != before {
		t.Errorf("a click beside what is asked for leads to\n%s", got)
	}
}

// The README shows what the stepper shows.
func TestReadme(t *testing.T) {
	const path = "../../../README.md"
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, found := strings.Cut(string(data), "skinny step two-winners ")
	lead, rest, opened := strings.Cut(rest, "```\n")
	shown, after, closed := strings.Cut(rest, "```\n")
	if !found || !opened || !closed {
		t.Fatal("the README has no picture of the stepper")
	}
	screen := newStepper(t, "two-winners", 80, 24).keys("esc : '14' enter down down").screen()
	if *update {
		text := before + "skinny step two-winners " + lead + "```\n" + screen + "```\n" + after
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	} else if shown != screen {
		t.Errorf("the README shows\n%s\nand the stepper\n%s\n`go test ./cmd/internal/step -update` writes it anew", shown, screen)
	}
}

// What is said of a name is its letters with all their marks, on every row.
func TestClusters(t *testing.T) {
	s, err := scenarios.Decode("x.yaml", []byte("format: 1\nedition: published\ninstances: [a, b, c]\n"+
		"title: \"Jose\\u0301, \\u0939\\u093f\\u0928\\u094d\\u0926\\u0940, \\u0e01\\u0e33\\u0e25\\u0e31\\u0e07, \\U0001f469\\u200d\\U0001f4bb\"\n"+
		"timeline:\n  - {at: 0ms, acquire: \"Zoe\\u0308\", via: a}\n"))
	if err != nil {
		t.Fatal(err)
	}
	c, err := s.Compile(scenarios.Overrides{})
	if err != nil {
		t.Fatal(err)
	}
	got := newStepperOf(t, c, "skinny step x.yaml", 80, 24).keys("esc right").screen()
	for _, want := range []string{
		"Jose\u0301, \u0939\u093f\u0928\u094d\u0926\u0940, \u0e01\u0e33\u0e25\u0e31\u0e07, \U0001f469\u200d\U0001f4bb  ", "Zoe\u0308 ─▶ a acquire", "c      Zoe\u0308  ",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("there is no %s:\n%s", want, got)
		}
	}
}

// A window that grows is filled with events, as one that was opened like that.
func TestGrowing(t *testing.T) {
	m := newStepper(t, "two-winners", 80, 24).keys("esc G")
	m.send(tea.WindowSizeMsg{Width: 80, Height: 45})
	opened := newStepper(t, "two-winners", 80, 45).keys("esc G")
	events := func(m *stepper) int { return strings.Count(m.screen(), "│") }
	if got, want := events(m), events(opened); got != want || m.first != opened.first {
		t.Errorf("it shows events from %d on, not from %d:\n%s", m.first, opened.first, m.screen())
	}
}

// Reasons are wrapped in why and in a comparison, not cut.
func TestReasonsAreWhole(t *testing.T) {
	flat := func(m *stepper) string { return strings.Join(strings.Fields(m.screen()), " ") }
	if got := flat(newStepper(t, "two-winners", 80, 40).keys("esc v w")); !strings.Contains(got, "no answer from b in time: no majority, yet a believes its own state (ack-majority is off)") {
		t.Errorf("why says\n%s", got)
	}
	m := newStepper(t, "two-winners", 80, 45).keys("esc v pgup down d b up c pgdown")
	if got := m.screen(); strings.Contains(got, "…") || !strings.Contains(got, "early-stop-commit is off") {
		t.Errorf("the comparison says\n%s", got)
	}
}

// Each sign in the first column means one thing.
func TestSigns(t *testing.T) {
	m := newStepper(t, "two-winners", 80, 24).keys("esc v v pgup down")
	for _, sign := range []struct {
		sign string
		rows int
	}{{currentSign, 1}, {chosenSign, 3}, {markedSign, 1}, {cursorSign, 0}} {
		if got := strings.Count(m.screen(), sign.sign); got != sign.rows {
			t.Errorf("%s is there %d times:\n%s", sign.sign, got, m.screen())
		}
	}
	if got := m.keys("b").screen(); strings.Count(got, cursorSign) != 1 || strings.Contains(got, currentSign) {
		t.Errorf("in a list:\n%s", got)
	}
}

// While something is asked for, the screen says that keys are text.
func TestPromptSaysSo(t *testing.T) {
	m := newStepper(t, "two-winners", 80, 24)
	for _, c := range []struct{ keys, want string }{
		{"esc a", "type it, and press enter; esc leaves it ━"}, {"esc s", "typing replaces it; esc leaves it ━"}, {"esc /", "esc leaves it ━"},
	} {
		if got := m.keys(c.keys).screen(); !strings.Contains(got, c.want) {
			t.Errorf("after %s:\n%s", c.keys, got)
		}
	}
}

// In every window that is big enough, the tables have room for what they always
// say.
func TestEverySize(t *testing.T) {
	for width := leastWidth; width <= 200; width += 4 {
		for _, height := range []int{leastHeight, 24, 30, 34, 35, 45, 70} {
			m := newStepper(t, "typical", width, height).keys("esc v right right right right right right right down")
			got := m.screen()
			for _, want := range []string{
				"PROM   ID  HOLDER", "taiwan", "promise-kept", "mutual-exclusion", "linearizability", "under way", "due at ms",
				"event 7", "oregon ─▶ london", "▹ spaulo ─▶ london",
			} {
				if !strings.Contains(got, want) {
					t.Fatalf("at %d × %d there is no %q:\n%s", width, height, want, got)
				}
			}
		}
	}
}

// The higher the window, the more rows there are for the sentence and the choice.
func TestRowsBelow(t *testing.T) {
	for height, want := range map[int][2]int{23: {4, 1}, 24: {5, 2}, 34: {5, 2}, 35: {6, 3}, 36: {6, 3}} {
		l := newStepper(t, "typical", 80, height).keys("esc").layout()
		if got := [2]int{l.sentence.h, l.choice.h}; got != want {
			t.Errorf("%d rows: %v for sentence and choice, want %v", height, got, want)
		}
	}
}

// Of a letter that is two columns wide nothing is shown where there is room for half of it.
func TestHalfALetter(t *testing.T) {
	s := &screen{}
	s.clear(4, 1)
	area{s, 0, 0, 2, 1}.put(0, 0, "a東", plain)
	area{s, 2, 0, 2, 1}.put(0, 0, "東", plain)
	if got := s.text(render.AnyGround); got != "a 東" {
		t.Errorf("the screen is %q", got)
	}
	s.clear(2, 1)
	all := area{s, 0, 0, 2, 1}
	all.put(1, 0, "b", plain)
	all.put(0, 0, "\u0301", plain) // a mark without a letter
	if got := s.text(render.AnyGround); got != " b" {
		t.Errorf("the screen is %q", got)
	}
}

// What is pasted is no answer to whether a file is written over.
func TestPasteForAnAnswer(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.WriteFile("mine.yaml", []byte("mine"), 0o666); err != nil {
		t.Fatal(err)
	}
	m := newStepper(t, "two-winners", 80, 24).keys("esc v : 'save mine.yaml' enter")
	before := m.screen()
	m.send(tea.PasteMsg{Content: "y"})
	if got := m.screen(); got != before || !strings.Contains(got, "Overwrite it?") {
		t.Errorf("after a paste:\n%s", got)
	}
}

// What becomes of a decision is said once it is judged, unless what comes is hidden.
func TestJudgedAndVeiled(t *testing.T) {
	for keys, said := range map[string]bool{"esc right right down d": true, "esc right right V down down d": false} {
		got := newStepper(t, "two-winners", 100, 30).keys(keys).screen()
		if !strings.Contains(got, ": branch 1; ") || strings.Contains(got, "in the end:") != said {
			t.Errorf("after %s:\n%s", keys, got)
		}
	}
}

// Of an entry that is longer than the page is high the beginning is shown.
func TestLongEntry(t *testing.T) {
	for _, chosen := range []int{-1, 0} {
		long := session.Row{Text: []session.Span{{Text: "begins" + strings.Repeat(" and goes on", 100)}}}
		s := &screen{}
		s.clear(40, 10)
		p := newPanel(&session.Page{Title: "page", Len: 2, Row: func(int) session.Row { return long }, Chosen: chosen})
		p.draw(area{s, 0, 0, 40, 10})
		if got := s.text(render.AnyGround); !strings.Contains(got, "begins and goes on") || !strings.Contains(got, " 1 more ↓") {
			t.Errorf("chosen %d:\n%s", chosen, got)
		}
		p.press(nil, "pgdown")
		s.clear(40, 10)
		p.draw(area{s, 0, 0, 40, 10})
		if got := s.text(render.AnyGround); !strings.Contains(got, "begins and goes on") || strings.Contains(got, "more ↓") {
			t.Errorf("chosen %d, the next page:\n%s", chosen, got)
		}
	}
}
