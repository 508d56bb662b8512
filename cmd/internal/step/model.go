//go:build !js && !wasip1

package step

import (
	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"

	"skinny/cmd/internal/session"
	"skinny/sim/check"
)

// Model is the stepper on a terminal, full screen: a session, and how it is shown.
type Model struct {
	session *Session
	keys    []binding
	width   int
	height  int
	first   int // event in the first row of the diagram
	skip    int // lanes that are scrolled out of it
	said    string
	panel   *panel  // in place of the panes, or nil
	prompt  *prompt // in place of the hints, or nil
	quit    bool
	shown   place // that the diagram follows
}

// place is what the diagram follows: where the session is, on a screen of a size.
type place struct {
	branch        *session.Branch
	at            int
	width, height int
}

// NewModel shows a session. Unless it is somewhere already, the first screen says
// what there is to do.
func NewModel(s *Session) *Model {
	m := &Model{session: s, keys: bindings(), first: 1}
	if s.at == 0 && len(s.tree.Branches()) == 1 {
		m.panel = m.welcome()
	}
	return m
}

// Init asks for nothing.
func (m *Model) Init() tea.Cmd { return nil }

// judged is what was found out about a branch in the background.
type judged struct {
	branch   *session.Branch
	what     session.Case
	verdicts []check.Verdict
}

// judge finds out in the background whether the properties of the current branch
// hold, unless that is known.
func (m *Model) judge() tea.Cmd {
	b := m.session.branch
	if b.Verdicts() != nil {
		return nil
	}
	what := b.Case()
	return func() tea.Msg { return judged{b, what, what.Judge()} }
}

// Update takes a key, a mouse event, a new size, or what was found out.
func (m *Model) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		m.width, m.height = msg.Width, msg.Height
		m.follow()
	case judged:
		if msg.branch.Judged(msg.what, msg.verdicts) && msg.branch == m.session.branch && m.said != "" {
			text, _ := outcome(msg.branch)
			m.said += "\nin the end: " + text
		}
	case tea.KeyPressMsg:
		return m, m.press(msg)
	case tea.PasteMsg:
		if m.prompt != nil && m.prompt.decide == nil && !m.small() {
			return m, m.prompt.update(msg)
		}
	case tea.MouseClickMsg:
		m.click(msg.X, msg.Y)
		return m, m.judge()
	case tea.MouseWheelMsg:
		m.wheel(msg.Button == tea.MouseWheelUp)
	}
	return m, nil
}

// press takes a key.
func (m *Model) press(msg tea.KeyPressMsg) tea.Cmd {
	name := msg.String()
	switch {
	case name == "ctrl+c":
		m.quit = true
		return tea.Quit
	case name == "ctrl+z":
		return tea.Suspend
	case m.small(): // nobody sees what a key does
		if name == "q" {
			m.quit = true
			return tea.Quit
		}
		return nil
	case m.prompt != nil:
		return m.answer(msg)
	}
	m.said = ""
	if m.panel != nil && m.panel.press(m, name) {
		return m.judge()
	}
	for _, b := range m.keys {
		for _, k := range b.keys {
			if k == name {
				m.panel = nil
				cmd := b.do(m)
				m.follow()
				if m.quit {
					return tea.Quit
				}
				return tea.Batch(cmd, m.judge())
			}
		}
	}
	if m.panel == nil {
		m.said = "? lists the keys"
	}
	m.panel = nil
	return nil
}

// prompt asks for a line of text, or for yes or no.
type prompt struct {
	label  string
	input  textinput.Model
	then   func(m *Model, text string)
	decide func(m *Model, yes bool) // by one key, in place of then
	whole  bool                     // what is typed takes the place of the text
}

// ask asks for a line of text that begins as given.
func (m *Model) ask(label, text string, then func(m *Model, text string)) {
	input := textinput.New()
	input.Prompt = ""
	input.SetVirtualCursor(false)
	input.Focus()
	input.SetValue(text)
	m.prompt = &prompt{label: label, input: input, then: then}
}

// question asks for y or n.
func (m *Model) question(label string, decide func(m *Model, yes bool)) {
	m.prompt = &prompt{label: label, input: textinput.New(), decide: decide}
}

func (p *prompt) update(msg tea.Msg) tea.Cmd {
	if press, ok := msg.(tea.KeyPressMsg); p.whole && (!ok || press.Text != "") {
		p.input.SetValue("")
	}
	p.whole = false
	var cmd tea.Cmd
	p.input, cmd = p.input.Update(msg)
	return cmd
}

// answer takes a key while something is asked for.
func (m *Model) answer(msg tea.KeyPressMsg) tea.Cmd {
	if decide := m.prompt.decide; decide != nil {
		if name := msg.String(); name == "y" || name == "n" || name == "esc" {
			m.prompt = nil
			decide(m, name == "y")
		}
		return nil
	}
	switch msg.String() {
	case "esc":
		m.prompt, m.said = nil, ""
		return nil
	case "enter":
		p := m.prompt
		m.prompt, m.said = nil, ""
		p.then(m, p.input.Value())
		m.follow()
		if m.quit {
			return tea.Quit
		}
		return m.judge()
	case "backspace":
		if m.prompt.input.Value() == "" {
			m.prompt = nil
			return nil
		}
	}
	return m.prompt.update(msg)
}

// follow scrolls the diagram so that the current event is in it, with some of what
// comes next.
func (m *Model) follow() {
	now := place{m.session.branch, m.session.at, m.width, m.height}
	if now == m.shown {
		return
	}
	m.shown = now
	l := m.layout()
	rows := l.events()
	at := m.session.at
	margin := min(3, rows/4)
	if at < m.first+1 || at > m.first+rows-1-margin {
		m.first = at - rows*2/3
	}
	m.first = min(max(m.first, 1), max(m.session.branch.Len(), 1))
}

// scroll moves the diagram and nothing else. The next move of the session brings it
// back.
func (m *Model) scroll(by int) {
	m.first = min(max(m.first+by, 1), max(m.session.branch.Len(), 1))
}

// wheel scrolls what is seen.
func (m *Model) wheel(up bool) {
	by := 3
	if up {
		by = -3
	}
	switch {
	case m.prompt != nil:
	case m.panel != nil:
		m.panel.move(by)
	default:
		m.scroll(by)
	}
}

// click goes to the event, chooses the thing, or marks the instance that was
// clicked on.
func (m *Model) click(x, y int) {
	if m.prompt != nil || m.small() {
		return
	}
	m.said = ""
	l := m.layout()
	if m.panel != nil {
		m.panel.click(m, y-l.panel.y-2)
		return
	}
	switch {
	case l.diagram.has(x, y):
		if n := m.first + y - l.diagram.y - headRows; y >= l.diagram.y+headRows && n <= m.session.branch.Len() {
			m.said = m.session.GoTo(n)
			m.follow()
		}
	case l.pending.has(x, y):
		if row := y - l.pending.y - 1; row >= 0 {
			m.session.chosen = 0
			m.said = m.session.Choose(m.firstItem(l.pending.h-1) + row)
		}
	case l.instances.has(x, y):
		if row := y - l.instances.y - 1; row >= 0 {
			m.said = m.session.Instance(m.firstInstance(l.instances.h-1) + row)
		}
	}
}

// View is the screen.
func (m *Model) View() tea.View {
	s, cursor := m.render()
	v := tea.NewView(s.String())
	v.AltScreen = true
	v.MouseMode = tea.MouseModeCellMotion
	v.WindowTitle = "skinny step: " + m.session.tree.Scenario().Title
	v.Cursor = cursor
	return v
}
