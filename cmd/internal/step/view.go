//go:build !js && !wasip1

package step

import (
	"fmt"
	"strings"

	"charm.land/bubbles/v2/help"
	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"skinny/cmd/internal/session"
	"skinny/sim"
	"skinny/sim/prose"
)

// The least size of a window.
const (
	leastWidth  = 64
	leastHeight = 20
)

// What is said aside leaves this many rows to the panes above it, and to the sentence; the
// sentence has more of them once the panes have enough.
const (
	leastBody     = 5
	enoughBody    = 10
	leastSentence = 2
)

// headRows is the rows above the events of the diagram.
const headRows = 2

type layout struct {
	top        area
	panel      area // in place of the five below
	diagram    area
	instances  area
	properties area
	pending    area
	aside      area // of the session's mode; empty if there is none
	sentence   area
	choice     area
	hints      area
	wide       bool // properties have a row each
	apart      int  // empty rows between events
}

func (l *layout) events() int { return max((l.diagram.h-headRows+l.apart)/(1+l.apart), 1) }

func (m *Model) layout() layout {
	all := area{&m.screen, 0, 0, m.width, m.height}
	sentence, choice := 5, 2
	switch {
	case m.height < 24:
		sentence, choice = 4, 1
	case m.height >= 35:
		sentence, choice = 6, 3
	}
	aside := m.asideRows()
	if aside > 0 {
		aside = min(aside, m.height-2-leastSentence-leastBody)
		if m.session.Chosen() < 0 {
			choice = 0
		}
		sentence = min(max(m.height-2-aside-choice-enoughBody, leastSentence), sentence-1)
	}
	body := m.height - 2 - aside - sentence - choice
	right := 38
	if m.width >= 100 {
		right = min(max(m.width/3, right), 62)
	}
	left := m.width - right - 1

	size := m.session.Branch().Scenario().Cluster.Size()
	judged := len(m.session.Tree().Root().Judge())
	properties := (judged+1)/2 + 1
	l := layout{wide: body >= size+26}
	if l.wide {
		properties = judged + 5
	}
	if m.session.Presenting() {
		l.apart = 1
	}
	instances := min(size, max(body-properties-5, 2)) + 1
	if aside > 0 { // the instances first, then the properties as far as there is room
		instances = min(size, body-1) + 1
		if body-instances < properties {
			properties = 0
		}
	}
	l.top = all.part(0, 0, m.width, 1)
	l.panel = all.part(0, 1, m.width, m.height-2)
	l.diagram = all.part(0, 1, left, body)
	l.instances = all.part(left+1, 1, right, instances)
	l.properties = all.part(left+1, 1+instances, right, properties)
	l.pending = all.part(left+1, 1+instances+properties, right, body-instances-properties)
	l.sentence = all.part(0, 1+body, m.width, sentence)
	l.aside = all.part(0, 1+body+sentence, m.width, aside)
	l.choice = all.part(0, 1+body+sentence+aside, m.width, choice)
	l.hints = all.part(0, m.height-1, m.width, 1)
	return l
}

func (m *Model) small() bool { return m.width < leastWidth || m.height < leastHeight }

// render draws the screen, but for the keys on its last row, and says where the cursor
// is if there is one.
func (m *Model) render() *tea.Cursor {
	m.screen.clear(m.width, m.height)
	if m.small() {
		area{&m.screen, 0, 0, m.width, m.height}.wrap(0, 0, session.Span{Text: fmt.Sprintf("This window is %d × %d. The stepper needs at least %d × %d; 80 × 24 is comfortable. q leaves.",
			m.width, m.height, leastWidth, leastHeight)})
		return nil
	}
	l := m.layout()
	m.drawTop(l.top)
	if m.panel != nil {
		m.panel.draw(l.panel)
	} else {
		m.drawDiagram(l.diagram)
		m.drawInstances(l.instances)
		m.drawProperties(l.properties, l.wide)
		m.drawPending(l.pending)
		m.drawSentence(l.sentence)
		m.drawAside(l.aside)
		m.drawChoice(l.choice)
	}
	if m.prompt != nil {
		return m.drawPrompt(l.hints)
	}
	m.drawSaid(&l)
	return nil
}

func (m *Model) drawTop(a area) {
	s, b := m.session, m.session.Branch()
	where := fmt.Sprintf("event %d of %d", s.At(), b.Len())
	if s.Veiled() {
		where = fmt.Sprintf("event %d", s.At())
	} else if b.Ending() == sim.NotEnded {
		where += "+"
	}
	if s.At() > 0 {
		where += " · " + prose.Duration(b.Event(s.At()).At)
	}
	if len(s.Tree().Branches()) > 1 {
		where = fmt.Sprintf("branch %d · ", b.Number) + where
	}
	title := b.Scenario().Title
	if acts := b.OwnText(); acts != "" {
		title = acts // the title may not be true any more
	}
	a.fit(0, 0, a.w-width(where)-2, title, bold)
	a.right(0, where, bold)
}

// hints is the last row: the keys for what one can do here, if nothing else is there.
func (m *Model) hints() string {
	if m.prompt != nil || m.said != "" || m.small() {
		return ""
	}
	var bindings []key.Binding
	if m.panel != nil {
		bindings = m.panel.keys()
	} else if bindings = offered(m.session); m.session.Aside() != nil {
		bindings = besides(m.session.Aside().Hints, bindings)
	}
	of := fmt.Sprint(m.width, m.Ground)
	for _, b := range bindings {
		of += b.Help().Key + " " + b.Help().Desc + "\n"
	}
	if of != m.drawn.of { // drawing them takes long, and they seldom change
		view := help.New()
		view.ShortSeparator = "  "
		view.Styles = hintStyles(m.Ground)
		view.SetWidth(m.width)
		m.drawn.of, m.drawn.text = of, ansi.Truncate(view.ShortHelpView(bindings), m.width, "…")
	}
	return m.drawn.text
}

// drawPrompt draws what is asked for, below a line that says so: keys are text now.
func (m *Model) drawPrompt(a area) *tea.Cursor {
	p := m.prompt
	title := "type it, and press enter; esc leaves it"
	switch {
	case p.kept != "":
		title = "y or n; esc leaves it"
	case p.Whole:
		title = "enter takes this name, typing replaces it; esc leaves it"
	}
	above := area{a.screen, a.x, a.y - 1, a.w, 1}
	above.rule(title)
	for x := width(title) + 1; x < a.w; x++ {
		above.set(x, 0, "━", keyed)
	}
	value := []rune(p.input.Value())
	before := width(string(value[:p.input.Position()]))
	x := a.put(0, 0, p.Label, keyed)
	skip := max(x+before-a.w+1, 0)
	a.part(x, 0, a.w-x, 1).put(-skip, 0, string(value), plain)
	return tea.NewCursor(a.x+x+before-skip, a.y)
}

// drawSaid draws what was said, over the rows at the bottom.
func (m *Model) drawSaid(l *layout) {
	if m.said == "" {
		return
	}
	said := session.Span{Text: strings.ReplaceAll(m.said, "\n", " · "), Look: session.Strong}
	rows := min(len(wrapped([]session.Span{said}, m.width, 0, true)), l.choice.h+1)
	all := area{l.hints.screen, 0, m.height - rows, m.width, rows}
	for y := range rows {
		all.put(0, y, strings.Repeat(" ", m.width), plain)
	}
	all.wrap(0, 0, said)
}
