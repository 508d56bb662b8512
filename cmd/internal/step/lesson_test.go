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
	"skinny/scenarios"
)

// lessonSession is a session that takes a lesson.
func lessonSession(t testing.TB, name string) *session.Session {
	t.Helper()
	s := session.NewSession(session.New(open(t, name)), "skinny step "+filepath.Base(name))
	err := s.TakeLesson(session.Course{
		Again: "skinny learn lesson", Next: "skinny learn another", Done: func(right, asked int) string { return "" },
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

const lesson = "../session/testdata/lesson.yaml"

// A lesson fits into small windows: what it says, its questions with their choices, and
// what a rule changes.
func TestLessonScreens(t *testing.T) {
	for _, size := range []struct{ width, height int }{{64, 20}, {80, 24}} {
		m := &stepper{Model: NewModel(lessonSession(t, lesson)), t: t}
		m.send(tea.WindowSizeMsg{Width: size.width, Height: size.height})
		for _, c := range []struct{ name, keys string }{
			{"welcome", ""}, {"start", "esc"}, {"said", "enter"}, {"asked", "enter"}, {"refused", "right"}, {"answered", "1"},
			{"to-try", "enter enter 1 enter"}, {"tried", "t"}, {"many-choices", "t enter"}, {"end", "1 enter"},
		} {
			golden(t, filepath.Join("testdata", "screens", fmt.Sprintf("%dx%d", size.width, size.height), "lesson-"+c.name+".txt"), m.keys(c.keys).screen())
		}
	}
}

// A choice can be clicked on.
func TestLessonClick(t *testing.T) {
	m := &stepper{Model: NewModel(lessonSession(t, lesson)), t: t}
	m.send(tea.WindowSizeMsg{Width: 80, Height: 24})
	m.keys("esc enter enter")
	for y, row := range strings.Split(m.screen(), "\n") {
		if strings.HasPrefix(row, "   2 no") {
			m.send(tea.MouseClickMsg{X: 5, Y: y})
		}
	}
	if got := m.screen(); !strings.Contains(got, "✓ right") {
		t.Errorf("after a click on the right choice there is\n%s", got)
	}
}

// Clicks that come before what has changed is drawn do no harm.
func TestEarlyClicks(t *testing.T) {
	for _, e := range scenarios.Course() {
		s := lessonSession(t, e.Name)
		m := &stepper{Model: NewModel(s), t: t}
		m.send(tea.WindowSizeMsg{Width: leastWidth, Height: leastHeight})
		m.keys("esc")
		for range 20 {
			key := "enter"
			if s.Question() != nil {
				key = "1"
			}
			m.Update(pressed(key))
			for y := leastHeight / 2; y < leastHeight; y++ {
				m.Update(tea.MouseClickMsg{X: 5, Y: y})
			}
			m.View()
		}
	}
}

// In lines a lesson that nobody attends goes on to its questions by itself, and ends with
// its input, or when it is over.
func TestLessonLines(t *testing.T) {
	for name, c := range map[string]struct {
		in     string
		typed  bool
		ending string
	}{
		"lesson-whole":    {"3\nx\n9\n2\n\n1\n1\nnever read\n", false, ""},
		"lesson-cut-off":  {"2\n", false, ""},
		"lesson-under":    {"2\n2\nrule\n\nhelp\nrule\nbranch 1\n1\n", false, ""},
		"lesson-attended": {"\nnext\n\n2\n\nback\nrule\nquit\n", true, ""},
	} {
		var printed bytes.Buffer
		p := Plain{Session: lessonSession(t, lesson), In: strings.NewReader(c.in), Out: &printed, Width: 80, Interactive: c.typed}
		if err := p.Run(nil); err != nil {
			t.Fatal(err)
		}
		golden(t, filepath.Join("testdata", "lines", name+".txt"), printed.String())
	}
}

// Every bundled lesson can be taken to its end, whatever is answered, and its texts fit
// into the smallest window.
func TestCourse(t *testing.T) {
	for _, e := range scenarios.Course() {
		t.Run(e.Name, func(t *testing.T) {
			s := lessonSession(t, e.Name)
			m := &stepper{Model: NewModel(s), t: t}
			m.send(tea.WindowSizeMsg{Width: leastWidth, Height: leastHeight})
			m.keys("esc")
			for over := false; !over; _, over = s.InLesson() {
				if q := s.Question(); q != nil {
					for i := range q.Choices {
						if want := fmt.Sprintf("\n   %d ", i+1); !strings.Contains(m.screen(), want) {
							t.Fatalf("choice %d is not on the screen:\n%s", i+1, m.screen())
						}
					}
					m.keys(fmt.Sprint(q.Right + 1))
				} else {
					m.keys("enter")
				}
			}
			if got := m.screen(); !strings.Contains(got, "the point of this lesson") {
				t.Errorf("it ends with\n%s", got)
			}
		})
	}
}
