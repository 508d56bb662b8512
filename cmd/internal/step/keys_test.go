//go:build !js && !wasip1

package step

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"pgregory.net/rapid"

	"skinny/cmd/internal/session"
	"skinny/scenarios"
)

// No key is taken twice, and help shows every one.
func TestBindings(t *testing.T) {
	taken := map[string]bool{}
	m := newStepper(t, "two-winners", 140, 200).keys("esc ?")
	help := m.screen()
	check := func(keys []string, shown, about string) {
		for _, k := range keys {
			if taken[k] {
				t.Errorf("the key %q means two things", k)
			}
			taken[k] = true
		}
		if !strings.Contains(help, shown+" ") || !strings.Contains(help, about) {
			t.Errorf("help does not show %q: %s", shown, about)
		}
	}
	for _, c := range session.Commands() {
		shown := ""
		for _, k := range strings.Fields(c.Keys) {
			shown = strings.TrimSpace(shown + " " + session.KeyName(k))
		}
		check(strings.Fields(c.Keys), shown, c.About)
	}
	for _, b := range ownKeys {
		check(b.Keys(), b.Help().Key, b.Help().Desc)
	}
}

// Whatever is pressed, clicked or resized, in whatever order: nothing panics, and
// what is shown fits the window.
func TestAnyKeys(t *testing.T) {
	t.Chdir(t.TempDir()) // s writes files
	names := []string{"enter", "enter", "esc", "up", "down", "left", "right", "pgup", "pgdown", "tab", "backspace", "space", "home", "end"}
	for r := '!'; r <= '~'; r++ {
		if r != 's' { // it is played elsewhere: a file for each would take long
			names = append(names, string(r))
		}
	}
	cases := []string{"two-winners", "typical", "amnesia", "long-pause", "experiment-three", "stale-answer"}
	rapid.Check(t, func(r *rapid.T) {
		m := newStepper(t, rapid.SampledFrom(cases).Draw(r, "scenario"), 80, 24)
		for range rapid.IntRange(1, 40).Draw(r, "presses") {
			switch rapid.IntRange(0, 19).Draw(r, "what") {
			case 0:
				m.send(tea.WindowSizeMsg{
					Width: rapid.IntRange(0, 200).Draw(r, "width"), Height: rapid.IntRange(0, 60).Draw(r, "height"),
				})
			case 1:
				m.send(tea.MouseClickMsg{X: rapid.IntRange(-1, 100).Draw(r, "x"), Y: rapid.IntRange(-1, 60).Draw(r, "y")})
			case 2:
				m.send(tea.MouseWheelMsg{Button: rapid.SampledFrom([]tea.MouseButton{tea.MouseWheelUp, tea.MouseWheelDown}).Draw(r, "wheel")})
			case 3:
				m.keys("esc : '" + rapid.SampledFrom(phrases).Draw(r, "words") + "' enter")
			default:
				m.send(pressed(rapid.SampledFrom(names).Draw(r, "key")))
			}
			if m.width > 0 && m.height > 0 {
				m.screen()
			}
			if s := m.session; s.At() < 0 || s.At() > s.Branch().Len() {
				t.Fatalf("event %d of %d", s.At(), s.Branch().Len())
			}
		}
	})
}

// The lock is made to hold by losing one message, with nothing but keys.
func TestRescue(t *testing.T) {
	t.Chdir(t.TempDir())
	m := newStepper(t, "two-winners", 80, 24)
	m.keys("enter v pgup down d")
	for _, want := range []string{"branch 1", "✓ the lock holds"} {
		if !strings.Contains(m.screen(), want) {
			t.Fatalf("%q is not on the screen:\n%s", want, m.screen())
		}
	}
	m.keys("s enter")
	data, err := os.ReadFile("two-winners-branch-1.yaml")
	if err != nil {
		t.Fatal(err)
	}
	file, err := scenarios.Decode("saved.yaml", data)
	if err != nil {
		t.Fatal(err)
	}
	s, err := file.Compile(scenarios.Overrides{})
	if err != nil {
		t.Fatal(err)
	}
	if o, err := s.Run(); err != nil || o.Failed() {
		t.Fatalf("the saved branch: %v %+v", err, o)
	}
	// A file that exists is left alone unless one says otherwise.
	for _, answer := range []struct {
		keys    string
		changed bool
	}{{"n", false}, {"enter 'xq' n", false}, {"esc", false}, {"'q' y", true}, {"y", true}} {
		if err := os.WriteFile("mine.yaml", []byte("mine"), 0o666); err != nil {
			t.Fatal(err)
		}
		m.keys("esc : 'save mine.yaml' enter " + answer.keys)
		data, err := os.ReadFile("mine.yaml")
		if err != nil || (string(data) != "mine") != answer.changed {
			t.Errorf("after %q the file is %.20q, %v", answer.keys, data, err)
		}
	}
	m.keys("esc : 'save " + filepath.Join("no", "folder.yaml") + "' enter")
	// The path is said once.
	if !strings.Contains(m.screen(), "cannot be written: no such") && !strings.Contains(m.screen(), "cannot be written: The system") {
		t.Errorf("nothing says why the file cannot be written:\n%s", m.screen())
	}
}

var phrases = []string{
	"12", "45ms", "0", "999999", "next 3", "back 2", "end", "round", "violation", "majority", "refusal", "of a", "of b back", "search maj",
	"drop 1", "deliver 2", "duplicate 1", "refuse 1", "delay 1 20ms", "delay 30ms timeout a", "branch 1", "branch 0", "compare 1", "compare 7",
	"crash a", "crash b host up", "restart a", "partition a | b c", "heal all", "cut a <-> b", "acquire carol via a", "release alice via b",
	"status a", "drop promise-request a -> b", "@5ms crash a", "give-up alice", "here", "help", "why", "show", "branches", "nonsense", "", "rule adopt", "rule ack-majority=on", "rule",
}
