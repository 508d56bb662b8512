//go:build !js && !wasip1

package step

import (
	"errors"
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"skinny/protocol"
	"skinny/sim"
)

// binding is a key and what it does. Help lists the bindings in their order.
type binding struct {
	keys  []string // as bubbletea names them
	shown string   // as help names them
	about string
	do    func(m *Model) tea.Cmd
}

// say is a binding that does something to the session.
func say(do func(s *Session) string) func(*Model) tea.Cmd {
	return func(m *Model) tea.Cmd {
		m.said = do(m.session)
		return nil
	}
}

func show(do func(m *Model)) func(*Model) tea.Cmd {
	return func(m *Model) tea.Cmd {
		do(m)
		return nil
	}
}

// bindings are all keys.
func bindings() []binding {
	all := append(append(moves(), hands()...), others()...)
	for i := range 9 {
		all = append(all, binding{keys: []string{count(i + 1)}, do: say(func(s *Session) string { return s.Instance(i) })})
	}
	return all
}

// moves are the keys that go somewhere.
func moves() []binding {
	return []binding{
		{[]string{"space", "right", "n"}, "→ space n", "next event", say(func(s *Session) string { return s.Go(1) })},
		{[]string{"left", "p"}, "← p", "previous event", say(func(s *Session) string { return s.Go(-1) })},
		{[]string{"pgdown"}, "PgDn", "ten events on", say(func(s *Session) string { return s.Go(10) })},
		{[]string{"pgup"}, "PgUp", "ten events back", say(func(s *Session) string { return s.Go(-10) })},
		{[]string{"N"}, "N", "next round", say(func(s *Session) string { return s.Round(true) })},
		{[]string{"P"}, "P", "previous round", say(func(s *Session) string { return s.Round(false) })},
		{[]string{"g", "home"}, "g", "the beginning", say(func(s *Session) string { return s.GoTo(0) })},
		{[]string{"G", "end"}, "G", "the end", say((*Session).End)},
		{[]string{"v"}, "v", "violation: first, then next", say((*Session).Violation)},
		{[]string{"m"}, "m", "next majority", say(func(s *Session) string { return s.Majority(true) })},
		{[]string{"M"}, "M", "previous majority", say(func(s *Session) string { return s.Majority(false) })},
		{[]string{"R"}, "R", "next refusal", say((*Session).Refusal)},
		{[]string{"]"}, "]", "next of the marked instance", say(func(s *Session) string { return s.Same(true) })},
		{[]string{"["}, "[", "its event before", say(func(s *Session) string { return s.Same(false) })},
		{[]string{":"}, ":", "event, time, or words", show(func(m *Model) { m.command("") })},
		{[]string{"/"}, "/", "search; empty: once more", show(func(m *Model) {
			m.ask("/", "", func(m *Model, text string) { m.said = m.session.Search(text) })
		})},
	}
}

// hands are the keys that change what happens.
func hands() []binding {
	return []binding{
		{[]string{"down", "j"}, "↓ j", "choose what is under way", say(func(s *Session) string { return s.Choose(1) })},
		{[]string{"up", "k"}, "↑ k", "choose the one above", say(func(s *Session) string { return s.Choose(-1) })},
		{[]string{"enter"}, "enter", "the chosen one happens next", say(func(s *Session) string { return s.Hand(sim.DeliverMessage) })},
		{[]string{"d"}, "d", "it is lost", say(func(s *Session) string { return s.Hand(sim.DropMessage) })},
		{[]string{"u"}, "u", "a copy of it is made", say(func(s *Session) string { return s.Hand(sim.CopyMessage) })},
		{[]string{"l"}, "l", "it is 50 ms late", say(func(s *Session) string { return s.Delay(delayBy) })},
		{[]string{"f"}, "f", "its call is refused", say(func(s *Session) string { return s.Hand(sim.RefuseMessage) })},
		{[]string{"c"}, "c", "cut or mend its link", say((*Session).Cut)},
		{[]string{"h"}, "h", "every link works again", say((*Session).Heal)},
		{[]string{"tab"}, "tab 1-9", "mark an instance, and then:", say(func(s *Session) string {
			return s.Instance((int(s.instance) + 1) % s.tree.Scenario().Cluster.Size())
		})},
		{[]string{"x"}, "x", "it crashes", say(func(s *Session) string { return s.Fault(sim.CrashInstance) })},
		{[]string{"r"}, "r", "it restarts", say(func(s *Session) string { return s.Fault(sim.RestartInstance) })},
		{[]string{"z"}, "z", "it pauses, or goes on", say(func(s *Session) string { return s.Fault(sim.PauseInstance) })},
		{[]string{"i"}, "i", "it is isolated, or rejoins", say(func(s *Session) string { return s.Fault(sim.IsolateInstance) })},
		{[]string{"a"}, "a", "a client acquires there", show(func(m *Model) { m.command(m.session.Call(protocol.Acquire)) })},
		{[]string{"A"}, "A", "a client releases there", show(func(m *Model) { m.command(m.session.Call(protocol.Release)) })},
	}
}

// others are the keys that show something, and the rest.
func others() []binding {
	return []binding{
		{[]string{"w"}, "w", "why: causes and votes", show(func(m *Model) { m.panel = m.causes() })},
		{[]string{"o"}, "o", "properties and reasons", show(func(m *Model) { m.panel = m.properties() })},
		{[]string{"b"}, "b", "branches: list, go, compare", show(func(m *Model) { m.panel = m.branches() })},
		{[]string{"s"}, "s", "save as a scenario file", show((*Model).save)},
		{[]string{"y"}, "y", "the command that returns here", show(func(m *Model) { m.panel = m.here() })},
		{[]string{"J", "shift+down"}, "J K", "scroll the diagram", show(func(m *Model) { m.scroll(3) })},
		{[]string{"K", "shift+up"}, "", "", show(func(m *Model) { m.scroll(-3) })},
		{[]string{"<", "shift+left"}, "< >", "scroll its lanes", show(func(m *Model) { m.skip = max(m.skip-1, 0) })},
		{[]string{">", "shift+right"}, "", "", show(func(m *Model) { m.skip = min(m.skip+1, max(m.diagram().Lanes()-2, 0)) })},
		{[]string{"?"}, "?", "all keys, and the diagram's signs", show(func(m *Model) { m.panel = m.help() })},
		{[]string{"q"}, "q", "leave", show((*Model).leave)},
	}
}

// command asks for a command in words.
func (m *Model) command(text string) {
	m.ask(":", text, func(m *Model, text string) { m.obey(text) })
}

// obey carries out a command in words. Those that show something are known here,
// the others by the session.
func (m *Model) obey(text string) {
	name, rest, _ := strings.Cut(strings.TrimSpace(text), " ")
	switch name {
	case "list":
		m.panel = m.pending()
	case "why":
		m.panel = m.causes()
	case "show", "properties":
		m.panel = m.properties()
	case "branches":
		m.panel = m.branches()
	case "compare":
		n, ok := number(rest, 0)
		if !ok || n >= len(m.session.tree.Branches()) {
			m.said = "there are branches 0 to " + count(len(m.session.tree.Branches())-1)
			return
		}
		m.panel = m.comparison(n)
	case "save":
		m.saveAs(strings.TrimSpace(rest), false)
	case "here":
		m.panel = m.here()
	case "help":
		m.panel = m.help()
	case "quit":
		m.quit = true
	default:
		m.said = m.session.Say(text)
	}
}

// save asks where to.
func (m *Model) save() {
	m.ask("save as: ", m.session.fileName(), func(m *Model, path string) { m.saveAs(path, false) })
	m.prompt.whole = true
}

// saveAs writes the branch to a file, and asks before it overwrites one.
func (m *Model) saveAs(path string, overwrite bool) {
	if path == "" {
		m.said = "a file has to have a name"
		return
	}
	err := m.session.Save(path, overwrite)
	switch {
	case errors.Is(err, ErrExists):
		m.question(path+" exists. Overwrite it? (y/n) ", func(m *Model, yes bool) {
			m.said = path + " is left as it was"
			if yes {
				m.saveAs(path, true)
			}
		})
	case err != nil:
		m.said = fmt.Sprintf("%s cannot be written: %v", path, err)
	default:
		m.said = saved(path)
	}
}

// leave ends the stepper.
func (m *Model) leave() { m.quit = true }
