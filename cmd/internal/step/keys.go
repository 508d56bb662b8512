//go:build !js && !wasip1

package step

import (
	"slices"
	"strings"

	"charm.land/bubbles/v2/help"
	"charm.land/bubbles/v2/key"
	"charm.land/lipgloss/v2"

	"skinny/cmd/internal/session"
	"skinny/sim/render"
)

// ownKeys are what only a screen has keys for. All other keys are the session's.
var ownKeys = []struct {
	key.Binding
	do func(*Model)
}{
	{binding(":", ":", "an event, a time, or a command in words"), func(m *Model) { m.ask(session.Ask{Label: ":"}) }},
	{binding("J shift+down", "J", "scroll the diagram down"), func(m *Model) { m.scroll(3) }},
	{binding("K shift+up", "K", "scroll it up"), func(m *Model) { m.scroll(-3) }},
	{binding("< shift+left", "<", "scroll its lanes left"), func(m *Model) { m.skip = max(m.skip-1, 0) }},
	{binding("> shift+right", ">", "scroll them right"), func(m *Model) { m.skip = min(m.skip+1, max(len(m.diagram().Actors)-2, 0)) }},
}

// The keys of a page.
var (
	chooseKey = binding("up down", "↑ ↓", "choose")
	scrollKey = binding("up down", "↑ ↓", "scroll")
	closeKey  = binding("esc", "esc", "closes")
)

func binding(keys, shown, about string) key.Binding {
	return key.NewBinding(key.WithKeys(strings.Fields(keys)...), key.WithHelp(shown, about))
}

// offered is the hints of the commands that are worth naming here.
func offered(s *session.Session) (list []key.Binding) {
	for _, c := range session.Commands() {
		if c.Hint == "" || !s.Offers(c) {
			continue
		}
		shown := session.KeyName(strings.Fields(c.Keys)[0])
		switch shown {
		case "↓":
			shown = "↑↓"
		case "?": // it leads to all others
			list = slices.Insert(list, 0, binding(c.Keys, shown, c.Hint))
			continue
		}
		list = append(list, binding(c.Keys, shown, c.Hint))
	}
	if s.Question() != nil {
		list = slices.Insert(list, 0, binding("1", "1 2 …", "answer"))
	}
	return list
}

// besides are keys of a mode, and those of the others that mean the same beside it. A key
// of the mode that does nothing is not named.
func besides(hints []session.Hint, others []key.Binding) []key.Binding {
	var list []key.Binding
	for _, h := range hints {
		if h.Does != "" {
			list = append(list, binding(h.Key, h.Key, h.Does))
		}
	}
	for _, b := range others {
		if !slices.ContainsFunc(hints, func(h session.Hint) bool { return slices.Contains(b.Keys(), h.Key) }) {
			list = append(list, b)
		}
	}
	return list
}

func hintStyles(ground render.Ground) help.Styles {
	dim := lipgloss.NewStyle().Faint(true)
	if ground != render.AnyGround {
		dim = lipgloss.NewStyle().Foreground(lipgloss.Color(render.Muted.On(ground)))
	}
	return help.Styles{
		ShortKey:  lipgloss.NewStyle().Bold(true).Foreground(lipgloss.Color(render.Color(0).On(ground))),
		ShortDesc: dim,
		Ellipsis:  dim,
	}
}

func ownHelp() []session.Row {
	look := func(sign, meaning string) session.Row {
		return session.Row{Text: []session.Span{{Text: "  " + sign, Look: session.Key}, {Text: " " + meaning}}, Indent: 5}
	}
	title := func(text string) []session.Row {
		return []session.Row{{}, {Text: []session.Span{{Text: text, Look: session.Strong}}}}
	}
	rows := title("On this screen")
	for _, b := range ownKeys {
		rows = append(rows, look(b.Help().Key, b.Help().Desc))
	}
	rows = append(rows,
		look(currentSign, "the current event"),
		look(chosenSign, "what is chosen, and where it happens if you let it"),
		look(markedSign, "the marked instance, which x r z i a are about"),
		look("*", "has just changed"),
		look("✓…", "a property that holds so far, and will not to the end"))
	rows = append(rows, title("The diagram: a lane for each instance and client, time growing downwards")...)
	for _, l := range render.Legend() {
		rows = append(rows, look(string(l.Rune), l.Meaning))
	}
	return rows
}
