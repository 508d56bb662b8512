//go:build !js && !wasip1

package step

import (
	"fmt"
	"slices"
	"strings"

	"skinny/sim/check"
	"skinny/sim/render"
)

// help is all keys, and what the diagram shows.
func (m *Model) help() *panel {
	rows := []span{
		{"P proposes  C commits  ● yes  ○ no  + counts a yes  - counts a no  w waits", faint},
		{"┃ its mutex is held  ┊ under way  ✗ lost;  PROM is the ID that is promised", faint},
	}
	for _, group := range []struct {
		title string
		keys  []binding
	}{{"Going", moves()}, {"Your hand on it: a choice in the past opens a branch, the old future stays", hands()}, {"Looking", others()}} {
		rows = append(rows, span{group.title, bold})
		for i := 0; i < len(group.keys); {
			left, next := listedKey(group.keys, i)
			right, after := listedKey(group.keys, next)
			rows = append(rows, span{fmt.Sprintf("  %-37s %s", left, right), plain})
			i = after
		}
		rows = append(rows, span{})
	}
	rows = append(rows, span{"The diagram: a lane for each instance and client, time growing downwards", bold})
	rows = append(rows, span{"  ▸  the current event", plain}, span{"  ▹  where the chosen message or timer happens if you let it", plain})
	for _, l := range render.Legend() {
		rows = append(rows, span{"  " + string(l.Rune) + "  " + l.Meaning, plain})
	}
	rows = append(rows, span{}, span{"Elsewhere", bold},
		span{"  *  has just changed", plain},
		span{"  ✓… a property that holds so far, and will not to the end", plain},
		span{"  under way: due at the time on the right; what is grey is still to come", plain})
	rows = append(rows, span{}, span{"In words, after : - a number or a time goes there, and:", bold})
	for _, w := range words {
		rows = append(rows, span{fmt.Sprintf("  %-22s %s", w.usage, w.about), plain})
	}
	rows = append(rows, span{"  and every decision of a schedule: crash a, cut a <-> b, acquire eve via c, …", plain})
	return textPanel("keys", rows)
}

// listedKey is a line of help, from index i on, and where the next one is.
func listedKey(keys []binding, i int) (string, int) {
	for i < len(keys) && keys[i].shown == "" {
		i++
	}
	if i >= len(keys) {
		return "", i
	}
	return fmt.Sprintf("%-9s %s", keys[i].shown, keys[i].about), i + 1
}

// welcome is the first screen: a mission and three keys.
func (m *Model) welcome() *panel {
	s := m.session
	rows := []span{}
	about := strings.TrimSpace(s.tree.Scenario().About)
	for i, paragraph := range strings.Split(about, "\n\n") {
		if i > 0 || about == "" {
			break
		}
		for _, line := range folded(paragraph, 74) {
			rows = append(rows, span{line, plain})
		}
		rows = append(rows, span{})
	}
	mission, keys := m.mission()
	for _, line := range folded(mission, 74) {
		rows = append(rows, span{line, bold})
	}
	rows = append(rows, span{})
	for _, k := range keys {
		rows = append(rows, span{"    " + k, key})
	}
	rows = append(rows, span{}, span{"Any key begins.", faint})
	p := textPanel(s.tree.Scenario().Title, rows)
	p.hints = "any key begins   q leaves"
	p.passing = true
	return p
}

// mission is what there is to do in this run, and three keys for it.
func (m *Model) mission() (text string, keys [3]string) {
	keys = [3]string{
		"→   the next event; ← goes back",
		"d   loses the message that ↑ ↓ choose; what follows is a branch",
		"?   all keys",
	}
	s := m.session
	broken := s.broken()
	lock := func(v check.Verdict) bool { return v.Property == lockProperty }
	switch {
	case slices.ContainsFunc(broken, lock):
		text = "Your mission: the lock breaks in this run (v shows where). Go back, and make it hold by losing one message."
		keys[0] = "v   goes to where it breaks; ← and → go back and on"
		if s.majorities() > 1 {
			text = "Your mission: the lock breaks in this run (v shows where). Find the moment where " +
				"the second majority forms, go back, and make the lock hold by losing one message."
			keys[0] = "m   goes to the moment where the next majority forms; ← goes back"
		}
	case len(broken) > 0:
		text = "Your mission: the lock holds in this run, but ✗ " + broken[0].Property +
			". See why, then break the lock, too: lose a message, crash somebody."
		keys[0] = "v   goes to where " + broken[0].Property + " breaks; ← and → go back and on"
	default:
		text = "Your mission: break the lock. Lose a message, crash somebody, and see what holds."
	}
	return text, keys
}
