//go:build !js && !wasip1

package step

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"pgregory.net/rapid"

	"skinny/cmd/internal/session"
	"skinny/protocol"
	"skinny/scenarios"
)

// No key is taken twice, and help shows every one.
func TestBindings(t *testing.T) {
	taken := map[string]bool{}
	for _, b := range bindings() {
		for _, k := range b.keys {
			if taken[k] {
				t.Errorf("the key %q means two things", k)
			}
			taken[k] = true
		}
	}
	help := newStepper(t, "two-winners", 140, 80).keys("?").screen()
	for _, b := range bindings() {
		if b.shown != "" && !strings.Contains(help, b.shown+" ") {
			t.Errorf("help does not show %q", b.shown)
		}
		if b.shown != "" && !strings.Contains(help, b.about) {
			t.Errorf("help does not say %q", b.about)
		}
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
			if s := m.session; s.at < 0 || s.at > s.branch.Len() {
				t.Fatalf("event %d of %d", s.at, s.branch.Len())
			}
		}
	})
}

var phrases = []string{
	"12", "45ms", "0", "999999", "next 3", "back 2", "end", "round", "violation", "majority", "refusal", "of a", "of b back", "search maj",
	"drop 1", "deliver 2", "duplicate 1", "refuse 1", "delay 1 20ms", "delay 30ms timeout a", "branch 1", "branch 0", "compare 1", "compare 7",
	"crash a", "crash b host up", "restart a", "partition a | b c", "heal all", "cut a <-> b", "acquire carol via a", "release alice via b",
	"status a", "drop promise-request a -> b", "@5ms crash a", "give-up alice", "here", "help", "why", "show", "branches", "nonsense", "",
}

// state is everything that a session shows, in words.
func (s *Session) state() string {
	var b strings.Builder
	fmt.Fprintln(&b, s.branch.Number, s.at, s.Items(), s.branch.Standing(s.at).Instances, s.Preview(), s.Causes())
	for p := range s.tree.Header().Instances {
		w := s.now().World()
		fmt.Fprintln(&b, w.State(protocol.Position(p)), w.Up(protocol.Position(p)), w.Now())
	}
	if s.at > 0 {
		fmt.Fprintln(&b, s.line())
	}
	return b.String()
}

// Going forward k events and back k events comes back to the same, in every branch
// and from everywhere; and so does going there by number.
func TestForwardAndBack(t *testing.T) {
	cases := []string{"two-winners", "duel", "amnesia", "long-pause", "experiment-three", "blocked-proposers"}
	rapid.Check(t, func(r *rapid.T) {
		s := NewSession(session.New(open(t, rapid.SampledFrom(cases).Draw(r, "scenario"))), "")
		for range rapid.IntRange(0, 3).Draw(r, "branches") {
			s.GoTo(rapid.IntRange(0, s.branch.Len()).Draw(r, "to"))
			s.Choose(rapid.IntRange(0, 5).Draw(r, "choice"))
			s.Say(rapid.SampledFrom(phrases).Draw(r, "words"))
		}
		at := rapid.IntRange(0, s.branch.Len()).Draw(r, "from")
		s.GoTo(at)
		before := s.state()
		k := rapid.IntRange(0, s.branch.Len()-at).Draw(r, "k")
		for range k {
			s.Go(1)
		}
		far := s.state()
		for range k {
			s.Go(-1)
		}
		if got := s.state(); got != before {
			r.Fatalf("from %d, %d forward and back:\n%s\nis not\n%s", at, k, got, before)
		}
		s.GoTo(at + k)
		if got := s.state(); got != far {
			r.Fatalf("event %d by number:\n%s\nis not\n%s", at+k, got, far)
		}
	})
}

// The mission of the first screen, with nothing but keys.
func TestMission(t *testing.T) {
	t.Chdir(t.TempDir())
	m := newStepper(t, "two-winners", 80, 24)
	m.keys("v pgup d")
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

// The command line that is printed comes back to the same point of the same branch.
func TestReturn(t *testing.T) {
	s := NewSession(session.New(open(t, "two-winners")), "skinny step two-winners")
	for _, words := range []string{"10", "drop 1", "delay 1 20ms", "16", "crash a host up", "acquire carol via b", "22"} {
		s.Say(words)
	}
	command := s.Return()
	again := NewSession(session.New(open(t, "two-winners")), "skinny step two-winners")
	for _, part := range strings.Split(command, " --do ")[1:] {
		act, _, _ := strings.Cut(strings.TrimPrefix(part, "'"), "'")
		if err := again.Redo(act); err != nil {
			t.Fatal(err)
		}
	}
	again.GoTo(s.at)
	number := func(text string) string { _, rest, _ := strings.Cut(text, " "); return rest }
	if got, want := number(again.state()), number(s.state()); got != want {
		t.Errorf("%s\ncomes to\n%s\nnot to\n%s", command, got, want)
	}
	if again.Return() != command {
		t.Errorf("the command of the same point is\n%s\nand\n%s", again.Return(), command)
	}
}

// Two branches are put side by side by time; what happens in both is in one row,
// whatever its number.
func TestCompare(t *testing.T) {
	s := NewSession(session.New(open(t, "typical")), "")
	s.Say("2")
	s.Say("drop promise-request london -> oregon")
	root, branch := s.tree.Root(), s.branch
	from, rows := compare(root, branch)
	if from != 2 || rows[0] != (pair{0, 3}) || rows[1] != (pair{3, 0}) || rows[2] != (pair{4, 4}) {
		t.Errorf("they part after %d: %v", from, rows)
	}
	left, right := 0, 0
	for _, r := range rows {
		left, right = max(left, r.left), max(right, r.right)
		if r.left > 0 && r.right > 0 && !same(root.Event(r.left), branch.Event(r.right)) {
			t.Errorf("%v are two different things", r)
		}
	}
	if left != root.Len() || right != branch.Len() {
		t.Errorf("the last rows are %d of %d and %d of %d", left, root.Len(), right, branch.Len())
	}
	s.Say("branch 0")
	s.Say("3")
	s.Say("drop promise-request london -> taiwan")
	if from, rows := compare(root, s.branch); from != 3 || rows[0] != (pair{0, 4}) || rows[1] != (pair{4, 5}) {
		t.Errorf("they part after %d within an instant: %v", from, rows)
	}
	if from, rows := compare(root, root); from != root.Len() || len(rows) != 0 {
		t.Errorf("with itself: %d, %v", from, rows)
	}
}

func TestContains(t *testing.T) {
	for _, c := range []struct {
		s, part string
		want    bool
	}{
		{"no: below 2", "BELOW", true}, {"proposes ID 2", "id 2", true}, {"a majority", "majority", true},
		{"a majorit", "majority", false}, {"", "x", false}, {"für", "FüR", true}, {"aab", "ab", true},
	} {
		if got := contains(c.s, inSmall(c.part)); got != c.want {
			t.Errorf("%q contains %q: %v", c.s, c.part, got)
		}
	}
}
