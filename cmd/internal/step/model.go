//go:build !js && !wasip1

package step

import (
	"charm.land/bubbles/v2/key"
	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"

	"skinny/cmd/internal/report"
	"skinny/cmd/internal/session"
	"skinny/sim/render"
	"skinny/sim/trace"
)

// Model is the stepper on a terminal, full screen: a session, and how it is shown.
type Model struct {
	Ground render.Ground // of the terminal; if it is not known, the terminal is asked

	session *session.Session
	width   int
	height  int
	screen  screen
	first   int // event in the first row of the diagram
	skip    int // lanes that are scrolled out of it
	said    string
	aside   []int                     // by row that was drawn last of what is said aside: its entry
	panel   *panel                    // in place of the panes, or nil
	prompt  *prompt                   // in place of the hints, or nil
	shown   place                     // that the diagram follows
	run     trace.Follower            // how the run stands somewhere; only its memory is kept
	drawn   struct{ of, text string } // the hints that were drawn last, and what they are made of
}

// place is what the diagram follows: where the session is, on a screen of a size.
type place struct {
	branch *session.Branch
	at     int
	limit  int
	width  int
	rows   int // that the diagram has for events
}

// NewModel shows a session. Unless it is somewhere already, the first screen says
// what there is to do.
func NewModel(s *session.Session) *Model {
	s.Own = ownHelp()
	m := &Model{session: s, first: 1}
	if (s.At() == 0 || s.Solving() != nil) && len(s.Tree().Branches()) == 1 {
		m.panel = newPanel(s.Welcome())
		m.panel.passing = true
	}
	return m
}

// Init asks for the ground of the terminal, if that is not known.
func (m *Model) Init() tea.Cmd {
	if m.Ground != render.AnyGround {
		return nil
	}
	return tea.RequestBackgroundColor
}

// unjudged is a branch that is to be judged.
type unjudged struct{ *session.Branch }

// judge has the current branch judged, unless that was done, once what a key did is shown.
func (m *Model) judge() tea.Cmd {
	b := m.session.Branch()
	if b.Verdicts() != nil {
		return nil
	}
	return func() tea.Msg { return unjudged{b} }
}

// Update takes a key, a mouse event, a new size, or a branch to be judged.
func (m *Model) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		m.width, m.height = msg.Width, msg.Height
		m.follow()
	case tea.BackgroundColorMsg:
		if m.Ground = render.LightGround; msg.IsDark() {
			m.Ground = render.DarkGround
		}
	case unjudged:
		if msg.Verdicts() == nil && msg.Branch == m.session.Branch() {
			if msg.Judge(); m.said != "" && !m.session.Veiled() {
				m.said += "\nin the end: " + msg.Outcome().Text
			}
		}
	case tea.KeyPressMsg:
		return m, m.press(msg)
	case tea.PasteMsg:
		if m.prompt != nil && !m.small() {
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

func (m *Model) press(msg tea.KeyPressMsg) tea.Cmd {
	name := msg.String()
	switch {
	case name == "ctrl+c":
		return tea.Interrupt
	case name == "ctrl+z":
		return tea.Suspend
	case m.small(): // what a key does cannot be seen
		if name == "q" {
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
	m.panel = nil
	for _, own := range ownKeys {
		if key.Matches(msg, own.Binding) {
			own.do(m)
			return nil
		}
	}
	a, known := m.session.Press(name)
	if !known {
		a.Said = "? lists the keys"
	}
	return m.take(a)
}

func (m *Model) take(a session.Answer) tea.Cmd {
	m.said = a.Said
	switch {
	case a.Quit:
		return tea.Quit
	case a.Ask != nil:
		m.ask(*a.Ask)
	case a.Save != "":
		said, exists := save(m.session, a.Save, a.Over)
		if m.said = said; exists {
			m.prompt = &prompt{Ask: session.Ask{Label: a.Save + " exists. Overwrite it? (y/n) ", Words: "save " + a.Save + " over"}, kept: a.Save}
		}
	case a.Page != nil:
		m.panel = newPanel(a.Page)
	}
	m.follow()
	return m.judge()
}

type prompt struct {
	session.Ask
	input textinput.Model
	kept  string // the file that is left as it was unless y says that the words are meant
}

func (m *Model) ask(a session.Ask) {
	input := textinput.New()
	input.SetVirtualCursor(false)
	input.Focus()
	input.SetValue(a.Text)
	m.prompt = &prompt{Ask: a, input: input}
}

func (p *prompt) update(msg tea.Msg) tea.Cmd {
	if press, ok := msg.(tea.KeyPressMsg); p.Whole && (!ok || press.Text != "") {
		p.input.SetValue("")
	}
	p.Whole = false
	var cmd tea.Cmd
	p.input, cmd = p.input.Update(msg)
	return cmd
}

func (m *Model) answer(msg tea.KeyPressMsg) tea.Cmd {
	name, p := msg.String(), m.prompt
	switch {
	case p.kept != "" && name == "y":
		m.prompt = nil
		return m.take(m.session.Say(p.Words))
	case p.kept != "":
		if name == "n" || name == "esc" {
			m.prompt, m.said = nil, p.kept+" is left as it was"
		}
		return nil
	case name == "esc", name == "backspace" && p.input.Value() == "":
		m.prompt, m.said = nil, ""
		return nil
	case name == "enter":
		m.prompt, m.said = nil, ""
		if text := p.Words + p.input.Value(); text != "" {
			return m.take(m.session.Say(text))
		}
		return nil
	}
	return p.update(msg)
}

// follow scrolls the diagram so that the current event is in it, with some of what
// comes next.
func (m *Model) follow() {
	l := m.layout()
	at, rows := m.session.At(), l.events()
	now := place{m.session.Branch(), at, m.session.Limit(), m.width, rows}
	if now == m.shown {
		return
	}
	m.shown = now
	margin := min(3, rows/4)
	if at < m.first+1 || at > m.first+rows-1-margin {
		m.first = at - rows*2/3
	}
	m.scroll(0)
}

// scroll moves the diagram and nothing else, as far as there are events to fill it. The
// next move of the session brings it back.
func (m *Model) scroll(by int) {
	l := m.layout()
	m.first = max(min(m.first+by, m.session.Limit()-l.events()+1), 1)
}

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
		m.panel.click(y - l.panel.y - 2)
		return
	}
	switch {
	case l.diagram.has(x, y):
		if n := m.first + (y-l.diagram.y-headRows)/(1+l.apart); y >= l.diagram.y+headRows && n <= m.session.Limit() {
			m.said = m.session.GoTo(n)
			m.follow()
		}
	case l.aside.has(x, y):
		m.chooseAside(y - l.aside.y - 1)
	case l.pending.has(x, y):
		if row := y - l.pending.y - 1; row >= 0 {
			m.said = m.session.Choose(m.firstItem(l.pending.h-1) + row)
		}
	case l.instances.has(x, y):
		if row := y - l.instances.y - 1; row >= 0 {
			m.said = m.session.Mark(m.firstInstance(l.instances.h-1) + row)
		}
	}
}

// View is the screen.
func (m *Model) View() tea.View {
	cursor := m.render()
	v := tea.NewView(m.screen.text(m.Ground) + m.hints())
	v.AltScreen = true
	v.MouseMode = tea.MouseModeCellMotion
	v.WindowTitle = report.Clean("skinny step: " + m.session.Branch().Scenario().Title)
	v.Cursor = cursor
	return v
}
