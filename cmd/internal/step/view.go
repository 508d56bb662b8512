//go:build !js && !wasip1

package step

import (
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/mattn/go-runewidth"

	"skinny/sim"
	"skinny/sim/prose"
)

// The least size of a window.
const (
	leastWidth  = 64
	leastHeight = 20
)

// headRows is the rows above the events of the diagram.
const headRows = 2

// layout is where everything is on the screen.
type layout struct {
	top        area
	panel      area // in place of the five below
	diagram    area
	instances  area
	properties area
	pending    area
	sentence   area
	choice     area
	hints      area
	wide       bool // properties have a row each
}

// events is how many events the diagram has room for.
func (l *layout) events() int { return max(l.diagram.h-headRows, 1) }

func (m *Model) layout() layout { return m.layoutOn(newScreen(m.width, m.height)) }

func (m *Model) layoutOn(sc *screen) layout {
	all := sc.all()
	sentence, choice := 5, 2
	switch {
	case m.height < 24:
		sentence, choice = 4, 1
	case m.height >= 35:
		sentence, choice = 6, 3
	}
	body := max(m.height-2-sentence-choice, 0)
	right := 38
	if m.width >= 100 {
		right = min(max(m.width/3, right), 62)
	}
	left := max(m.width-right-1, 0)

	size := m.session.tree.Scenario().Cluster.Size()
	judged := len(m.session.tree.Root().Judge())
	properties := (judged+1)/2 + 1
	l := layout{wide: body >= size+26}
	if l.wide {
		properties = judged + 5
	}
	instances := min(size, max(body-properties-5, 2)) + 1
	l.top = all.part(0, 0, m.width, 1)
	l.panel = all.part(0, 1, m.width, m.height-2)
	l.diagram = all.part(0, 1, left, body)
	l.instances = all.part(left+1, 1, right, instances)
	l.properties = all.part(left+1, 1+instances, right, properties)
	l.pending = all.part(left+1, 1+instances+properties, right, max(body-instances-properties, 0))
	l.sentence = all.part(0, 1+body, m.width, sentence)
	l.choice = all.part(0, 1+body+sentence, m.width, choice)
	l.hints = all.part(0, m.height-1, m.width, 1)
	return l
}

// small reports whether the window is too small for all that.
func (m *Model) small() bool { return m.width < leastWidth || m.height < leastHeight }

// render draws the screen, and says where the cursor is if there is one.
func (m *Model) render() (*screen, *tea.Cursor) {
	sc := newScreen(m.width, m.height)
	if m.small() {
		sc.all().wrap(0, 0, span{fmt.Sprintf("This window is %d × %d. The stepper needs at least %d × %d; 80 × 24 is comfortable. q leaves.",
			m.width, m.height, leastWidth, leastHeight), plain})
		return sc, nil
	}
	l := m.layoutOn(sc)
	m.drawTop(l.top)
	if m.panel != nil {
		m.panel.draw(l.panel)
	} else {
		m.drawDiagram(l.diagram)
		m.drawInstances(l.instances)
		m.drawProperties(l.properties, l.wide)
		m.drawPending(l.pending)
		m.drawSentence(l.sentence)
		m.drawChoice(l.choice)
	}
	return sc, m.drawHints(&l)
}

func width(s string) int { return runewidth.StringWidth(s) }

func (m *Model) drawTop(a area) {
	s := m.session
	where := fmt.Sprintf("event %d of %d", s.at, s.branch.Len())
	if s.branch.Ending() == sim.NotEnded {
		where += "+"
	}
	if s.at > 0 {
		where += " · " + prose.Duration(s.branch.Event(s.at).At)
	}
	if len(s.tree.Branches()) > 1 {
		where = fmt.Sprintf("branch %d · ", s.branch.Number) + where
	}
	title := s.tree.Scenario().Title
	if acts := s.acts(s.branch); acts != "" {
		title = acts // the title may not be true any more
	}
	a.fit(0, 0, a.w-width(where)-2, title, bold)
	a.right(0, where, bold)
}

// hintText names the keys for what one can do here.
func (m *Model) hintText() string {
	switch {
	case m.panel != nil:
		return m.panel.hints
	case m.width >= 110:
		return "→ next  ← back  m majority  v violation   ↑↓ choose  enter now  d drop  l later  u duplicate   b branches  s save  ? all keys  q quit"
	}
	return "←→ go  m majority  v violation  ↑↓ choose  enter now  d drop  b branches  ? keys"
}

// drawHints draws the last row: what is asked for, what was said, or the hints.
func (m *Model) drawHints(l *layout) *tea.Cursor {
	if p := m.prompt; p != nil {
		value := []rune(p.input.Value())
		before := width(string(value[:min(p.input.Position(), len(value))]))
		x := l.hints.put(0, 0, p.label, key)
		skip := max(x+before-l.hints.w+1, 0)
		end := x - skip + l.hints.part(x, 0, l.hints.w-x, 1).put(-skip, 0, string(value), plain)
		if p.whole {
			l.hints.put(end+2, 0, "enter takes it, typing replaces it", faint)
		}
		return tea.NewCursor(l.hints.x+x+before-skip, l.hints.y)
	}
	if m.said == "" {
		x := 0
		for _, hint := range strings.Split(m.hintText(), "  ") {
			keys, what, _ := strings.Cut(strings.TrimSpace(hint), " ")
			x = l.hints.put(x, 0, keys, key) + 1
			x = l.hints.put(x, 0, what, faint) + 2
		}
		return nil
	}
	said := strings.ReplaceAll(m.said, "\n", " · ")
	rows := min(lines(said, m.width, 0), l.choice.h+1)
	all := area{l.hints.screen, 0, m.height - rows, m.width, rows}
	for y := range rows {
		all.put(0, y, strings.Repeat(" ", m.width), plain)
	}
	all.wrap(0, 0, span{said, bold})
	return nil
}
