//go:build !js && !wasip1

package step

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"skinny/cmd/internal/session"
	"skinny/scenarios"
)

// long is a run of at least that many events: five instances that lose messages, and
// two clients that take turns.
func long(t testing.TB, events int) *scenarios.Scenario {
	t.Helper()
	var b strings.Builder
	b.WriteString("format: 1\ntitle: A long run\nedition: sound\nseed: 1\n" +
		"instances: [london, oregon, spaulo, sydney, taiwan]\n" +
		"network: {latency: 5ms..20ms, loss: 1%}\ntimeline:\n")
	for n := range events / 20 {
		verb := "acquire"
		if n%2 == 1 {
			verb = "release"
		}
		fmt.Fprintf(&b, "  - {at: %dms, %s: %s, via: %s}\n", 200*n, verb, []string{"alice", "bob"}[n/2%2],
			[]string{"london", "oregon", "spaulo", "sydney", "taiwan"}[n%5])
	}
	file, err := scenarios.Decode("long.yaml", []byte(b.String()))
	if err != nil {
		t.Fatal(err)
	}
	s, err := file.Compile(scenarios.Overrides{})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

const longEvents = 100_000

// pressed is a key press by its name.
func pressed(name string) tea.KeyPressMsg {
	special := map[string]rune{
		"enter": tea.KeyEnter, "esc": tea.KeyEscape, "tab": tea.KeyTab, "up": tea.KeyUp, "down": tea.KeyDown,
		"left": tea.KeyLeft, "right": tea.KeyRight, "pgup": tea.KeyPgUp, "pgdown": tea.KeyPgDown,
		"home": tea.KeyHome, "end": tea.KeyEnd, "backspace": tea.KeyBackspace,
	}
	if code, ok := special[name]; ok {
		return tea.KeyPressMsg{Code: code}
	}
	if name == "space" {
		return tea.KeyPressMsg{Code: tea.KeySpace, Text: " "}
	}
	if c, ok := strings.CutPrefix(name, "ctrl+"); ok {
		return tea.KeyPressMsg{Code: rune(c[0]), Mod: tea.ModCtrl}
	}
	return tea.KeyPressMsg{Code: []rune(name)[0], Text: name}
}

// BenchmarkOpen opens a run of 100,000 events, to the first screen, and reports the
// memory that it takes.
func BenchmarkOpen(b *testing.B) {
	s := long(b, longEvents)
	var m *Model
	for b.Loop() {
		m = newScreenModel(s, 140, 45)
		m.View()
	}
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	b.ReportMetric(float64(stats.HeapAlloc)/1e6, "MB")
	b.ReportMetric(float64(m.session.Branch().Len()), "events")
}

func newScreenModel(s *scenarios.Scenario, width, height int) *Model {
	m := NewModel(session.NewSession(session.New(s), "skinny step long"))
	m.Update(tea.WindowSizeMsg{Width: width, Height: height})
	return m
}

// middle goes to the middle of the run as it was written.
func middle(s *session.Session) {
	s.Switch(s.Tree().Root())
	s.GoTo(s.Branch().Len()/2 + 77)
}

// BenchmarkKey presses one key again and again, in a run of 100,000 events, and
// looks at the screen after each. Before each it goes to the middle.
func BenchmarkKey(b *testing.B) {
	s := long(b, longEvents)
	for _, name := range []string{"right", "left", "N", "P", "G", "g", "v", "m", "R", "]", "[", "down", "w", "b", "pgdown", "O", "?", "d", "x"} {
		b.Run(name, func(b *testing.B) {
			m := newScreenModel(s, 140, 45)
			for b.Loop() {
				if len(m.session.Tree().Branches()) > 20 {
					b.StopTimer()
					m = newScreenModel(s, 140, 45)
					b.StartTimer()
				}
				m.panel = nil
				middle(m.session)
				m.follow()
				m.Update(pressed(name))
				m.View()
			}
		})
	}
	// Everything that follows an act is told for the first time.
	b.Run("G-in-a-new-branch", func(b *testing.B) {
		m := newScreenModel(s, 140, 45)
		for b.Loop() {
			b.StopTimer()
			if len(m.session.Tree().Branches()) > 20 {
				m = newScreenModel(s, 140, 45)
			}
			middle(m.session)
			m.Update(pressed("down"))
			m.Update(pressed("d"))
			b.StartTimer()
			m.Update(pressed("G"))
			m.View()
		}
	})
	b.Run("search", func(b *testing.B) {
		m := newScreenModel(s, 140, 45)
		for b.Loop() {
			m.panel = nil
			m.Update(pressed("/"))
			for _, r := range "no such words" {
				m.Update(pressed(string(r)))
			}
			m.Update(pressed("enter"))
			m.View()
		}
	})
}
