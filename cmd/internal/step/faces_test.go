//go:build !js && !wasip1

package step

import (
	"bytes"
	"errors"
	"fmt"
	"image/color"
	"os"
	"path/filepath"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"skinny/cmd/internal/session"
	"skinny/scenarios"
	"skinny/scenarios/exercise"
	"skinny/sim/render"
)

// In lines every kind of answer is printed: what is said, pages, rows beside each other, what
// is to be completed or copied, and what comes of a file.
func TestPlainFaces(t *testing.T) {
	path, err := filepath.Abs(filepath.Join("testdata", "lines", "faces.txt"))
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	for _, typed := range []bool{false, true} {
		var printed bytes.Buffer
		s := plainSession(t)
		s.GoTo(12)
		in := "14\ndrop 1\nbranches\ncompare 0\nhere\na\nA\n/\nsave mine.yaml\nsave mine.yaml\nsave mine.yaml over\n" +
			"branch 0\nstart\n\nviolation\nwhy\nlist\nz\nshow\nquit\nnext\n"
		p := Plain{Session: s, In: strings.NewReader(in), Out: &printed, Width: 90, Interactive: typed}
		if err := p.Run(nil); err != nil {
			t.Fatal(err)
		}
		os.Remove("mine.yaml")
		if typed {
			if n := strings.Count(printed.String(), "> "); n < 20 || !strings.HasSuffix(printed.String(), "> ") {
				t.Errorf("%d prompts", n)
			}
			continue
		}
		golden(t, path, printed.String())
	}
	var printed bytes.Buffer
	x, err := exercise.Load("mend-1")
	if err != nil {
		t.Fatal(err)
	}
	s := session.NewSession(session.New(x.Scenario), "skinny step exercises/mend-1")
	s.Solve(x, func(*exercise.Mark) string { return "" })
	p := Plain{Session: s, In: strings.NewReader("save a.yaml\nrule ack-majority=on\nsave 'b c.yaml'\n"), Out: &printed, Width: 90}
	if err := p.Run(nil); err != nil {
		t.Fatal(err)
	}
	golden(t, strings.Replace(path, "faces", "exercise", 1), printed.String())
}

// In lines a word that is longer than a line is whole, to be copied and searched for.
func TestPlainLongWord(t *testing.T) {
	var printed bytes.Buffer
	word := strings.Repeat("x", 39)
	p := Plain{Session: plainSession(t), In: strings.NewReader(word + "\n"), Out: &printed, Width: 20}
	if err := p.Run(nil); err != nil || !strings.Contains(printed.String(), "'"+word+"'") {
		t.Errorf("%v\n%s", err, &printed)
	}
}

// broken is where nothing can be written.
type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errors.New("broken") }

// Output that cannot be written is an error.
func TestPlainOutputFails(t *testing.T) {
	p := Plain{Session: plainSession(t), In: strings.NewReader("next\n"), Out: broken{}, Width: 80}
	if err := p.Run(nil); err == nil || err.Error() != "broken" {
		t.Errorf("the error is %v", err)
	}
}

// The head of a run in lines: its title, how many events it has unless that is hidden, and
// where it is taken up.
func TestPlainBegins(t *testing.T) {
	for _, c := range []struct {
		at      int
		present bool
		want    string
	}{
		{0, false, "Two winners, nothing lost, nobody down: 30 events.\nEnter is the next event; `help` lists the commands, `quit` leaves.\n"},
		{0, true, "Two winners, nothing lost, nobody down: what comes is hidden.\nEnter is the next event; `help` lists the commands, `quit` leaves.\n"},
		{1, false, "Two winners, nothing lost, nobody down: 30 events.\nEnter is the next event; `help` lists the commands, `quit` leaves.\n1 0 ms alice ─▶ a acquire\n"},
	} {
		s := plainSession(t)
		s.GoTo(c.at)
		if c.present {
			s.Present()
		}
		var printed bytes.Buffer
		p := Plain{Session: s, In: strings.NewReader(""), Out: &printed, Width: 80}
		if err := p.Run(nil); err != nil || printed.String() != c.want {
			t.Errorf("at %d: %v\n%s", c.at, err, &printed)
		}
	}
}

// A style is told to a terminal by its ground: hues in the colours of the palette, faint text
// as a grey where the ground is known.
func TestEscapes(t *testing.T) {
	rgb := func(h render.Hue, g render.Ground) string {
		r, green, b := render.RGB(h.On(g))
		return fmt.Sprintf("\x1b[38;2;%d;%d;%dm", r, green, b)
	}
	for _, g := range []render.Ground{render.AnyGround, render.LightGround, render.DarkGround} {
		dim := "\x1b[2m"
		if g != render.AnyGround {
			dim = rgb(render.Muted, g)
		}
		for i, c := range []struct {
			style style
			want  string
		}{
			{plain, ""}, {bold, "\x1b[1m"}, {faint, dim}, {bad, "\x1b[1m" + rgb(render.Alarm, g)}, {good, rgb(render.Reached, g)},
			{styleOf(session.Plain), ""}, {styleOf(session.Strong), "\x1b[1m"}, {styleOf(session.Faint), dim}, {styleOf(session.Bad), "\x1b[1m" + rgb(render.Alarm, g)},
			{styleOf(session.Good), rgb(render.Reached, g)}, {styleOf(session.Key), "\x1b[1m" + rgb(render.Color(0), g)},
			{styleOf(session.Of(-1)), "\x1b[1m"}, {styleOf(session.Of(2)), "\x1b[1m" + rgb(render.Color(2), g)}, {styleOf(session.Of(int8(render.Colors))), "\x1b[1m" + rgb(render.Color(0), g)},
			{laneStyle(1), rgb(render.Color(1), g)}, {laneStyle(-1), ""}, {news, "\x1b[1m" + rgb(render.Color(1), g)},
		} {
			if got := escapes[g][c.style]; got != c.want {
				t.Errorf("ground %d, style %d: %q, want %q", g, i, got, c.want)
			}
		}
		s := &screen{}
		s.clear(6, 2)
		a := area{s, 0, 0, 6, 2}
		a.put(0, 0, "ab", bold)
		a.put(2, 0, "c", faint)
		a.put(3, 0, "d", plain)
		a.put(5, 1, "e", bold)
		if got, want := s.text(g), "\x1b[1mab\x1b[m"+dim+"c\x1b[md\n     \x1b[1me\x1b[m"; got != want {
			t.Errorf("ground %d: %q, want %q", g, got, want)
		}
	}
}

// A terminal whose ground is not known is asked for it, and its answer decides the colours,
// those of the hints, too.
func TestGround(t *testing.T) {
	m := newStepper(t, "two-winners", 80, 24)
	if m.Init() == nil {
		t.Error("the terminal is not asked")
	}
	seen := map[string]bool{m.keys("esc").View().Content: true}
	for ground, c := range map[render.Ground]color.Color{render.LightGround: color.White, render.DarkGround: color.Black} {
		m.send(tea.BackgroundColorMsg{Color: c})
		if m.Ground != ground || m.Init() != nil {
			t.Errorf("the ground is %d, not %d", m.Ground, ground)
		}
		text := m.View().Content
		hints := text[strings.LastIndex(text, "\n"):]
		r, g, b := render.RGB(render.Muted.On(ground))
		if want := fmt.Sprintf("38;2;%d;%d;%dm", r, g, b); !strings.Contains(hints, want) {
			t.Errorf("ground %d: the hints are %q", ground, hints)
		}
		r, g, b = render.RGB(render.Color(0).On(ground))
		if want := fmt.Sprintf("38;2;%d;%d;%dm", r, g, b); !strings.Contains(hints, want) {
			t.Errorf("ground %d: the keys are %q", ground, hints)
		}
		seen[text] = true
	}
	if len(seen) != 3 {
		t.Errorf("%d screens look otherwise", len(seen))
	}
}

// The keys of a terminal work wherever one is: also in a window that is too small, and while
// something is asked for.
func TestTerminalKeys(t *testing.T) {
	for _, width := range []int{80, 60} {
		for _, keys := range []string{"", "esc", "esc :", "esc b"} {
			m := newStepper(t, "two-winners", width, 24).keys(keys)
			for _, c := range []struct {
				key  rune
				want tea.Msg
			}{{'c', tea.InterruptMsg{}}, {'z', tea.SuspendMsg{}}} {
				_, cmd := m.Update(tea.KeyPressMsg{Code: c.key, Mod: tea.ModCtrl})
				if cmd == nil || cmd() != c.want {
					t.Errorf("%d columns, after %q: ctrl+%c", width, keys, c.key)
				}
			}
		}
	}
	v := newStepper(t, "two-winners", 80, 24).View()
	if !v.AltScreen || v.MouseMode != tea.MouseModeCellMotion || v.WindowTitle != "skinny step: Two winners, nothing lost, nobody down" || v.Cursor != nil {
		t.Errorf("%+v", v)
	}
}

// What is typed can be left, and is left by deleting what is not there; only y writes over a
// file.
func TestPrompts(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.WriteFile("mine.yaml", []byte("mine"), 0o666); err != nil {
		t.Fatal(err)
	}
	const typing = "type it, and press enter; esc leaves it ━"
	for _, c := range []struct {
		keys, shown, said string
		open              bool
		x                 int // of the cursor
	}{
		{"esc :", typing, "", true, 1},
		{"esc : '12'", typing, "", true, 3},
		{"esc : '12' left", typing, "", true, 2},
		{"esc : backspace", "", "", false, 0},
		{"esc : 'x' backspace", typing, "", true, 1},
		{"esc : 'x' backspace backspace", "", "", false, 0},
		{"esc : 'x' esc", "", "", false, 0},
		{"esc : enter", "", "", false, 0},
		{"esc / 'zzz' enter", "", "no event says \"zzz\"", false, 0},
		{"esc s", "enter takes this name, typing replaces it; esc leaves it ━", "", true, 31},
		{"esc s right", typing, "", true, 31},
		{"esc s 'x'", typing, "", true, 7},
		{"esc : 'save mine.yaml' enter", "y or n; esc leaves it ━", "", true, 38},
		{"esc : 'save mine.yaml' enter 'x' enter", "y or n; esc leaves it ━", "", true, 38},
		{"esc : 'save mine.yaml' enter n", "", "mine.yaml is left as it was", false, 0},
		{"esc : 'save mine.yaml' enter esc", "", "mine.yaml is left as it was", false, 0},
		{"esc : 'save mine.yaml' enter y", "", "saved; the same run again: skinny run mine.yaml", false, 0},
	} {
		m := newStepper(t, "two-winners", 80, 24).keys(c.keys)
		got, cursor := m.screen(), m.View().Cursor
		if (m.prompt != nil) != c.open || !strings.Contains(got, c.shown) || m.said != c.said || (cursor != nil) != c.open {
			t.Errorf("after %s: %q, open %v\n%s", c.keys, m.said, m.prompt != nil, got)
		} else if cursor != nil && (cursor.X != c.x || cursor.Y != 23) {
			t.Errorf("after %s the cursor is at %d, %d", c.keys, cursor.X, cursor.Y)
		}
	}
	m := newStepper(t, "two-winners", 80, 24).keys("esc")
	before := m.screen()
	if m.send(tea.PasteMsg{Content: "12"}); m.screen() != before {
		t.Errorf("where nothing is asked for, a paste does something:\n%s", m.screen())
	}
	m.keys(":")
	m.send(tea.PasteMsg{Content: "goto 12"})
	if m.keys("enter"); m.session.At() != 12 {
		t.Errorf("what is pasted leads to %d", m.session.At())
	}
	m.keys("s").send(tea.PasteMsg{Content: "other.yaml"})
	if got := m.prompt.input.Value(); got != "other.yaml" {
		t.Errorf("what is pasted makes %q", got)
	}
	// What is longer than the row shows its end, where one types.
	m = newStepper(t, "two-winners", 80, 24).keys("esc : '" + strings.Repeat("x", 100) + "end'")
	if got := m.screen(); !strings.Contains(got, "xxend") || m.View().Cursor.X != 79 {
		t.Errorf("at %d:\n%s", m.View().Cursor.X, got)
	}
}

// A page is moved in by keys and the wheel as far as it goes, and left by esc, by q, or by what
// a row leads to; a key that means nothing in it does what it does elsewhere.
func TestPanels(t *testing.T) {
	for _, c := range []struct {
		keys   string
		open   bool
		chosen int
		at     int
	}{
		{"b", true, 2, 12}, {"b up", true, 1, 12}, {"b k k k k", true, 0, 12}, {"b up up down", true, 1, 12}, {"b j down", true, 2, 12}, {"b pgup pgup", true, 0, 12}, {"b pgup pgup pgdown pgdown", true, 2, 12},
		{"b esc", false, 0, 12}, {"b q", false, 0, 12}, {"b up up enter", false, 0, 10}, {"b right", false, 0, 13}, {"b c", true, -1, 12}, {"w", true, 0, 12}, {"w down", true, 1, 12}, {"w enter", false, 0, 11},
		{"O", true, -1, 12}, {"O enter", false, 0, 12}, {"O q", false, 0, 12}, {"O left", false, 0, 11}, {": 'list' enter enter", false, 0, 12},
	} {
		m := newStepper(t, "two-winners", 80, 24).keys("esc : '4' enter x : 'branch 0' enter : '10' enter x " + c.keys)
		if m.session.At() != c.at || (m.panel != nil) != c.open || m.left {
			t.Errorf("after %s: at %d, open %v", c.keys, m.session.At(), m.panel != nil)
		} else if c.open && m.panel.chosen != c.chosen && c.keys[0] == 'b' && c.keys != "b c" {
			t.Errorf("after %s row %d is chosen", c.keys, m.panel.chosen)
		}
	}
	m := newStepper(t, "two-winners", 80, 24).keys("esc right right down b esc")
	if m.session.Chosen() != 0 {
		t.Error("esc does more than close a page")
	}
	m = newStepper(t, "two-winners", 80, 24).keys("esc ?")
	wheel := func(b tea.MouseButton, n int) string {
		for range n {
			m.send(tea.MouseWheelMsg{Button: b})
		}
		return m.screen()
	}
	top := m.screen()
	below := wheel(tea.MouseWheelDown, 1)
	if m.panel.first != 3 || wheel(tea.MouseWheelUp, 2) != top || m.panel.first != 0 {
		t.Errorf("the wheel scrolls to\n%s", below)
	}
	end := wheel(tea.MouseWheelDown, 100)
	if strings.Contains(end, "more ↓") || m.panel.first >= m.panel.Len-1 || wheel(tea.MouseWheelDown, 1) != end {
		t.Errorf("the end is\n%s", end)
	}
	m.keys("esc b")
	if wheel(tea.MouseWheelDown, 5); m.panel.chosen != m.panel.Len-1 {
		t.Errorf("the wheel chooses %d of %d", m.panel.chosen, m.panel.Len)
	}
	m.keys("esc :") // where something is asked for the wheel does nothing
	before := m.screen()
	if wheel(tea.MouseWheelUp, 1) != before {
		t.Error("the wheel moves what is behind")
	}
}

// A click is where it is, whatever is scrolled: in a table that shows its last instances, and
// in a list that shows its last entries.
func TestClicksInScrolledLists(t *testing.T) {
	m := newStepper(t, "learn/majority", 80, 20)
	if m.session.Branch().Scenario().Cluster.Size() < 4 {
		t.Fatal("another scenario was meant")
	}
	m = newStepper(t, "typical", 80, 20).keys("esc right right right right")
	click := func(a area, row int) { m.send(tea.MouseClickMsg{X: a.x + 3, Y: a.y + row, Button: tea.MouseLeft}) }
	l := m.layout()
	rows := l.instances.h - 1
	if rows >= 5 {
		t.Fatalf("all instances are seen in %d rows", rows)
	}
	m.keys("5")
	if got := m.screen(); !strings.Contains(got, markedSign+"taiwan") {
		t.Errorf("what is marked is not seen:\n%s", got)
	}
	click(l.instances, 1)
	if got := int(m.session.Marked()); got != 5-rows {
		t.Errorf("the first of %d rows is instance %d", rows, got)
	}
	click(l.instances, 0) // the title
	if got := int(m.session.Marked()); got != 5-rows {
		t.Errorf("the title is instance %d", got)
	}
	if list := l.pending.h - 1; list < len(m.session.Items()) {
		m.session.Choose(len(m.session.Items()) - 1)
		click(l.pending, 1)
		if got, want := m.session.Chosen(), len(m.session.Items())-list; got != want {
			t.Errorf("the first of %d rows is entry %d, not %d", list, got, want)
		}
		click(l.pending, 0)
		if got, want := m.session.Chosen(), len(m.session.Items())-list; got != want {
			t.Errorf("the title is entry %d, not %d", got, want)
		}
	} else {
		t.Errorf("everything under way is seen in %d rows", list)
	}
	at := m.session.At()
	click(l.diagram, 0) // the names
	click(l.diagram, 1)
	if m.session.At() != at {
		t.Errorf("a click on the names leads to event %d", m.session.At())
	}
	click(l.diagram, headRows)
	if m.session.At() != m.first {
		t.Errorf("the first row is event %d, and a click on it leads to %d", m.first, m.session.At())
	}
	m.keys("G")
	m.keys("J J J")
	click(l.diagram, l.diagram.h-1)
	if m.session.At() > m.session.Branch().Len() {
		t.Errorf("it leads to event %d", m.session.At())
	}
}

// The diagram follows the current event, wherever one goes, with events before it and, while
// there are some, after it; scrolling moves it only until the next move.
func TestFollows(t *testing.T) {
	for _, size := range [][2]int{{80, 20}, {80, 24}, {120, 40}} {
		m := newStepper(t, "typical", size[0], size[1]).keys("esc")
		n := m.session.Branch().Len()
		for _, keys := range []string{"right", "right right right right right right right right right right right right right right right right", "G", "left left left left left left left left left left left left left left left left left left", ": '20' enter", "g", "J J J right", "G K K K K left", "V"} {
			m.keys(keys)
			rows, at := func() int { l := m.layout(); return l.events() }(), m.session.At()
			last := m.first + rows - 1
			if at > 0 && (at < m.first || at > last) || m.first > 1 && last > n {
				t.Errorf("%v after %s: events %d to %d are shown at %d of %d", size, keys, m.first, last, at, n)
			}
			if margin := min(3, rows/4); !m.session.Veiled() && at > 1 && (at < m.first+1 && m.first > 1 || at > last-margin && last < n) {
				t.Errorf("%v after %s: at %d events %d to %d of %d are shown", size, keys, at, m.first, last, n)
			}
		}
	}
	for height, want := range map[int]string{24: "11:3 13:5 15:7 17:9 19:11 21:13 ", 60: "45:14 "} { // an event, and the first one in sight when it is reached
		m, moved, first := newStepperOf(t, states(t)["long"], "skinny step x.yaml", 80, height).keys("esc"), "", 1
		for at := 1; at <= height-height/3+5; at++ {
			if m.keys("right"); m.first != first {
				first = m.first
				moved += fmt.Sprintf("%d:%d ", at, first)
			}
		}
		if moved != want {
			t.Errorf("%d rows: it scrolls at %q, not %q", height, moved, want)
		}
	}
	m := newStepper(t, "typical", 80, 24).keys("esc G %")
	first := m.first
	if m.keys("J"); m.said != "" {
		t.Errorf("it goes on saying %q", m.said)
	}
	if m.keys("K"); m.first != first-3 {
		t.Errorf("K scrolls from %d to %d", first, m.first)
	}
	if m.keys("J J J"); m.first != first {
		t.Errorf("J scrolls to %d, not %d", m.first, first)
	}
	if m.keys("K tab"); m.first != first-3 { // which goes nowhere
		t.Errorf("marking scrolls to %d, not %d", m.first, first-3)
	}
	for range 50 {
		m.keys("K")
	}
	if m.first != 1 {
		t.Errorf("the top is %d", m.first)
	}
	actors := len(m.diagram().Actors)
	for range actors + 3 {
		m.keys(">")
	}
	if m.skip != actors-2 {
		t.Errorf("%d of %d lanes are scrolled out", m.skip, actors)
	}
	if got := m.screen(); !strings.Contains(got, "◀ <") {
		t.Error(got)
	}
	for range actors + 3 {
		m.keys("<")
	}
	if m.skip != 0 || strings.Contains(m.screen(), "◀ <") {
		t.Errorf("%d lanes are scrolled out", m.skip)
	}
	m.keys("K K")
	m.send(tea.WindowSizeMsg{Width: 90, Height: 24}) // another width is another place, too
	if at := m.session.At(); at < m.first || at > m.first+20 {
		t.Errorf("after a change of width events from %d on are shown at %d", m.first, at)
	}
}

// What is said aside gets the rows that it needs; where there are too few, choices keep one
// each, and the rest is cut from the top.
func TestAsideHeights(t *testing.T) {
	long := strings.Repeat("word ", 12) // two rows of 40
	page := &session.Page{Len: 4, Row: func(i int) session.Row {
		r := session.Row{Text: []session.Span{{Text: long}}}
		if i >= 2 {
			r.Do = map[string]string{"enter": "answer"}
		}
		return r
	}}
	for most, want := range map[int][4]int{9: {2, 2, 2, 2}, 8: {2, 2, 2, 2}, 7: {2, 2, 2, 1}, 6: {2, 2, 1, 1}, 5: {1, 2, 1, 1}, 4: {0, 2, 1, 1}, 3: {0, 1, 1, 1}, 2: {0, 0, 1, 1}, 1: {0, 0, 1, 1}} {
		if got := asideHeights(page, 42, most); [4]int(got) != want {
			t.Errorf("of %d rows: %v, want %v", most, got, want)
		}
	}
}

// What is said aside leaves room for the panes, the sentence and what is chosen, however long it
// is; and properties are left out only where instances leave no room for them.
func TestAsideRoom(t *testing.T) {
	for words := 5; words < 200; words += 7 {
		instances := []string{"a, b, c", "a, b, c, d, e, f, g, h, i"}[words%2]
		text := "format: 1\ninstances: [" + instances + "]\ntimeline:\n  - {at: 0ms, acquire: alice, via: a}\nlesson:\n  point: Enough.\n  stops:\n    - {at: 3, means: promise b a, say: " + strings.Repeat("word ", words) + "}\n"
		s := session.NewSession(session.New(compiled(t, text, scenarios.Overrides{})), "skinny step x.yaml")
		if err := s.TakeLesson(session.Course{Done: func(right, asked int) string { return "" }}); err != nil {
			t.Fatal(err)
		}
		m := &stepper{Model: NewModel(s), t: t}
		m.send(tea.WindowSizeMsg{Width: leastWidth, Height: leastHeight})
		m.keys("esc enter")
		for height := leastHeight; height < 40; height++ {
			m.height = height
			l := m.layout()
			if l.diagram.h < leastBody || l.sentence.h < leastSentence || l.instances.h > l.diagram.h || l.choice.h != 0 || l.diagram.h+l.sentence.h+l.aside.h != height-2 || l.aside.y+l.aside.h != l.hints.y {
				t.Errorf("%d words in %d rows: %+v", words, height, l)
			}
			if !l.wide && (l.properties.h > 0) != (l.diagram.h-l.instances.h >= 4) {
				t.Errorf("%d words in %d rows: %d rows for properties beside %d of %d", words, height, l.properties.h, l.instances.h, l.diagram.h)
			}
			if got, want := strings.Count(m.screen(), "word"), min(words, 12*(l.aside.h-1)); got < want-12 || l.diagram.h > leastBody && got != words {
				t.Errorf("%d rows: %d of %d words are seen:\n%s", height, got, words, m.screen())
			}
		}
	}
}

// What was said is alone on its rows, whatever it covers.
func TestSaidCovers(t *testing.T) {
	m := newStepper(t, "two-winners", leastWidth, 40).keys("esc v pgup down")
	l := m.layout()
	rows := func() []string {
		return strings.Split(strings.TrimSuffix(m.screen(), "\n"), "\n")[m.height-l.choice.h-1:]
	}
	if before := rows(); strings.TrimSpace(before[1]) == "" {
		t.Fatalf("there is nothing to be covered:\n%s", m.screen())
	}
	m.said = strings.Repeat("word ", 50)
	for _, row := range rows() {
		if strings.Trim(row, "word …") != "" || row == "" {
			t.Errorf("%q is said", row)
		}
	}
}

// Areas are cut where the one around them ends, and what is put outside is not shown.
func TestAreas(t *testing.T) {
	s := &screen{}
	s.clear(8, 3)
	a := area{s, 1, 1, 5, 2}
	for _, c := range []struct{ got, want area }{
		{a.part(1, 1, 3, 1), area{s, 2, 2, 3, 1}}, {a.part(-1, -1, 9, 9), area{s, 1, 1, 5, 2}}, {a.part(4, 1, 9, 9), area{s, 5, 2, 1, 1}}, {a.part(9, 9, 1, 1), area{s, 6, 3, 0, 0}}, {a.part(0, 0, -1, -1), area{s, 1, 1, 0, 0}},
	} {
		if c.got != c.want {
			t.Errorf("%+v, want %+v", c.got, c.want)
		}
	}
	for _, c := range []struct {
		x, y int
		has  bool
	}{{1, 1, true}, {5, 2, true}, {0, 1, false}, {6, 1, false}, {1, 0, false}, {1, 3, false}} {
		if a.has(c.x, c.y) != c.has {
			t.Errorf("%d, %d is in it: %v", c.x, c.y, !c.has)
		}
	}
	a.put(-2, 0, "abcdefghij", plain)
	a.put(0, 2, "never", plain)
	a.put(0, -1, "never", plain)
	a.right(1, "end", plain)
	if got := s.text(render.AnyGround); got != "\n cdefg\n   end" {
		t.Errorf("%q", got)
	}
	s.clear(8, 3)
	area{s, 0, 0, 8, 1}.rule("a long title")
	area{s, 0, 1, 8, 1}.fit(1, 0, 9, "a long text", plain)
	area{s, 0, 2, 8, 1}.wrap(0, 0, session.Span{Text: "one two three"})
	if got, want := stripped(s), "a long…\n a long…\none two…\n"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// stripped is the letters of a screen.
func stripped(s *screen) string {
	var text string
	for y := range s.height {
		row := ""
		for _, c := range s.cells[y*s.width : (y+1)*s.width] {
			row += c.text
		}
		text += strings.TrimRight(row, " ") + "\n"
	}
	return text
}

// How screens look: a letter for each column, a hue as its own, in capitals where it is bold;
// and how hints are written on each ground.
func TestLooks(t *testing.T) {
	var looks strings.Builder
	runs := states(t)
	for _, c := range []struct {
		scenario, keys string
		width, height  int
	}{
		{"two-winners", "esc v v down", 80, 24}, {"amnesia", "esc G pgup", 80, 24}, {"two-winners", "esc v pgup down d b up up c", 80, 24},
		{"two-winners", "esc v O", 80, 24}, {"two-winners", "esc v t", 80, 24}, {"two-winners", "esc : '13' enter o right 1", 80, 24},
		{"exercises/predict-1", "esc : 'claim operation 2 outcome refused holder alice' enter", 80, 24}, {"two-winners", "esc a", 80, 24},
		{"two-winners", "esc v down", 140, 45}, {"amnesia", "esc G pgup down", 140, 45}, {"typical", "", 80, 24}, {"two-winners", "esc ?", 80, 24},
		{"two-winners", "esc ? " + strings.Repeat("pgdown ", 5), 80, 24}, {"two-winners", "esc v pgup down d", 80, 24},
		{"busy", "esc : '20ms' enter tab tab tab tab", 80, 24}, {"busy", "esc : '5' enter down V", 140, 45}, {"busy", "esc : '10' enter > >", 80, 24}, {"unsure", "esc G", 140, 45},
	} {
		run := runs[c.scenario]
		if run == nil {
			run = open(t, c.scenario)
		}
		m := newStepperOf(t, run, "skinny step "+c.scenario, c.width, c.height).keys(c.keys)
		fmt.Fprintf(&looks, "%s, %s\n", c.scenario, c.keys)
		for y := range c.height {
			row := ""
			for _, c := range m.Model.screen.cells[y*c.width : (y+1)*c.width] {
				look := " *.?"[c.style%hued]
				if c.style >= hued {
					look = byte('a' + c.style/hued - 1)
					if c.style&bold != 0 {
						look -= 'a' - 'A'
					}
				}
				row += string(look)
			}
			looks.WriteString(strings.TrimRight(row, " ") + "\n")
		}
	}
	m := newStepper(t, "two-winners", 80, 24)
	for _, m.Ground = range []render.Ground{render.AnyGround, render.DarkGround, render.LightGround} {
		fmt.Fprintf(&looks, "%q\n", m.keys("esc").hints()) // the last one is cut
	}
	golden(t, filepath.Join("testdata", "looks.txt"), looks.String())
}

// In a presentation the sentence has room around it.
func TestPresentedSentence(t *testing.T) {
	m := newStepper(t, "two-winners", leastWidth, 24).keys("esc V")
	long := 0
	for range 30 {
		rows := strings.Split(m.keys("right").screen(), "\n")
		l := m.layout()
		for y := l.sentence.y + 1; y < l.sentence.y+l.sentence.h; y++ {
			row := []rune(rows[y])
			if row = append(row, []rune(strings.Repeat(" ", leastWidth-len(row)))...); string(row[:2]) != "  " || string(row[leastWidth-2:]) != "  " || y == l.sentence.y+1 && strings.TrimSpace(string(row)) != "" {
				t.Errorf("event %d: row %d of the sentence is %q", m.session.At(), y-l.sentence.y, string(row))
			}
			if strings.TrimSpace(string(row)) != "" && y > l.sentence.y+2 {
				long++
			}
		}
	}
	if long == 0 {
		t.Error("no sentence is long enough")
	}
}

// A click in a list chooses the entry that is there, whichever of its rows it is in, and one
// beside the rows none.
func TestClicksInPanels(t *testing.T) {
	m := newStepper(t, "two-winners", 80, 24).keys("esc : '4' enter x : 'branch 0' enter : '10' enter x b")
	l := m.layout()
	if m.panel.chosen != 2 || len(m.panel.shown) < 5 {
		t.Fatalf("%d of %v", m.panel.chosen, m.panel.shown)
	}
	for _, row := range []int{0, 1, 2, 3, len(m.panel.shown) - 1, -1, len(m.panel.shown), 0} {
		want := m.panel.chosen
		if row >= 0 && row < len(m.panel.shown) {
			want = m.panel.shown[row]
		}
		if m.send(tea.MouseClickMsg{X: 10, Y: l.panel.y + 2 + row}); m.panel.chosen != want {
			t.Errorf("a click on row %d chooses %d, not %d", row, m.panel.chosen, want)
		}
	}
	m.keys("esc ?")
	if m.send(tea.MouseClickMsg{X: 10, Y: 5}); m.panel.chosen != -1 {
		t.Errorf("in a text row %d is chosen", m.panel.chosen)
	}
}
