//go:build !js && !wasip1

package step

import (
	"fmt"

	"charm.land/bubbles/v2/key"

	"skinny/cmd/internal/session"
	"skinny/sim/prose"
)

// panel is a page on the screen, in place of the panes.
type panel struct {
	*session.Page
	first  int   // entry at the top
	chosen int   // -1 if none can be chosen
	shown  []int // by row that was seen last: its entry
	// passing panels close by any key, which does nothing else unless it leaves.
	passing bool
}

func newPanel(p *session.Page) *panel { return &panel{Page: p, chosen: min(p.Chosen, p.Len-1)} }

func (p *panel) keys() []key.Binding {
	if p.passing {
		return []key.Binding{binding("", "any key", "begins"), binding("q", "q", "leaves")}
	}
	if p.chosen < 0 {
		return []key.Binding{scrollKey, closeKey}
	}
	list := []key.Binding{chooseKey}
	for _, h := range p.Hints {
		list = append(list, binding(h.Key, h.Key, h.Does))
	}
	return append(list, closeKey)
}

// press takes a key. It reports false for one that means nothing in the panel, which
// then closes it and does what it does otherwise.
func (p *panel) press(m *Model, name string) bool {
	if p.passing {
		m.panel = nil
		return name != "q"
	}
	switch name {
	case "esc", "q":
		m.panel = nil
	case "up", "k":
		p.move(-1)
	case "down", "j":
		p.move(1)
	case "pgup":
		p.move(-p.seen())
	case "pgdown":
		p.move(p.seen())
	default:
		words := ""
		if p.chosen >= 0 {
			words = p.Row(p.chosen).Do[name]
		}
		if name == "enter" {
			m.panel = nil
		}
		if words == "" {
			return name == "enter"
		}
		m.take(m.session.Say(words))
	}
	return true
}

// seen is how many entries were, but one.
func (p *panel) seen() int {
	if len(p.shown) == 0 {
		return 1
	}
	return max(p.shown[len(p.shown)-1]-p.shown[0], 1)
}

// move chooses another entry, or scrolls where none can be chosen.
func (p *panel) move(by int) {
	if p.chosen >= 0 {
		p.chosen = min(max(p.chosen+by, 0), p.Len-1)
		return
	}
	p.first += by
}

func (p *panel) click(row int) {
	if row >= 0 && row < len(p.shown) && p.chosen >= 0 {
		p.chosen = p.shown[row]
	}
}

// draw draws the panel. An entry takes as many rows as it needs.
func (p *panel) draw(a area) {
	a.rule(p.Title)
	body := a.part(1, 2, a.w-2, a.h-2)
	body.w--
	p.first = min(max(p.first, 0), p.last(body, p.Len-1))
	if p.chosen >= 0 {
		p.first = min(max(p.first, p.last(body, p.chosen)), p.chosen)
	}
	p.shown = p.shown[:0]
	i := p.first
	for y := 0; i < p.Len; i++ {
		rows := height(body, p.Row(i))
		if y+rows > body.h && y > 0 {
			break
		}
		if i == p.chosen {
			a.set(0, y+2, cursorSign, bold)
		}
		drawRow(a.part(2, y+2, body.w, min(rows, body.h-y)), p.Row(i))
		for range rows {
			p.shown = append(p.shown, i)
		}
		y += rows
	}
	if more := p.Len - i; more > 0 {
		a.right(0, fmt.Sprintf(" %d more ↓", more), bold)
	}
}

// last is the last entry that can be at the top when another one is to be seen.
func (p *panel) last(body area, seen int) int {
	first, rows := max(seen, 0), 0
	for i := seen; i >= 0; i-- {
		if rows += height(body, p.Row(i)); rows > body.h {
			break
		}
		first = i
	}
	return first
}

// height is the rows that an entry takes in an area.
func height(a area, r session.Row) int {
	left, right := sides(a, &r)
	rows := len(wrapped(spansOf(&r), left.w, r.Indent, true))
	if r.Beside != nil {
		rows = max(rows, len(wrapped(spansOf(r.Beside), right.w, r.Beside.Indent, true)))
	}
	return rows
}

func sides(a area, r *session.Row) (left, right area) {
	if r.Beside == nil {
		return a, area{}
	}
	half := (a.w - 3) / 2
	return a.part(0, 0, half, a.h), a.part(half+3, 0, a.w-half-3, a.h)
}

func drawRow(a area, r session.Row) {
	left, right := sides(a, &r)
	left.wrap(0, r.Indent, spansOf(&r)...)
	if r.Beside != nil {
		right.wrap(0, r.Beside.Indent, spansOf(r.Beside)...)
		for y := range a.h {
			a.set(left.w+1, y, "│", faint)
		}
	}
}

// spansOf is the event of a row, time, number and sentence, or else its text.
func spansOf(r *session.Row) []session.Span {
	if r.Event.Number == 0 {
		return r.Text
	}
	l := r.Event.Branch.Line(r.Event.Number)
	clock := session.Span{Text: fmt.Sprintf("%9s %4d ", prose.Duration(l.At), l.Event), Look: session.Faint}
	return append([]session.Span{clock}, session.Sentence(&l)...)
}

// asideRows is the rows that what the session's mode says takes, with the line above it.
func (m *Model) asideRows() int {
	page := m.session.Aside()
	if page == nil {
		return 0
	}
	rows := 1
	for _, h := range asideHeights(page, m.width, m.height) {
		rows += h
	}
	return rows
}

// asideHeights is the rows of each entry, no more than most together. Where there are too
// few of them a choice has one, and what stands before the question has what is left.
func asideHeights(page *session.Page, width, most int) []int {
	heights, all := make([]int, page.Len), 0
	for i := range heights {
		heights[i] = height(area{w: width - 2}, page.Row(i))
		all += heights[i]
	}
	for i := len(heights) - 1; i >= 0 && all > most; i-- {
		if isChoice(page, i) {
			all -= heights[i] - 1
			heights[i] = 1
		}
	}
	for i := 0; i < len(heights) && all > most; i++ {
		if !isChoice(page, i) {
			less := min(heights[i], all-most)
			heights[i] -= less
			all -= less
		}
	}
	return heights
}

func isChoice(page *session.Page, i int) bool { return page.Row(i).Do["enter"] != "" }

func (m *Model) drawAside(a area) {
	page := m.session.Aside()
	if page == nil {
		return
	}
	a.rule(page.Title)
	m.aside = m.aside[:0]
	for i, rows := range asideHeights(page, m.width, a.h-1) {
		drawRow(a.part(1, 1+len(m.aside), a.w-2, rows), page.Row(i))
		for range rows {
			m.aside = append(m.aside, i)
		}
	}
}

func (m *Model) chooseAside(row int) {
	page := m.session.Aside()
	if page == nil || row < 0 || row >= len(m.aside) || m.aside[row] >= page.Len {
		return
	}
	if words := page.Row(m.aside[row]).Do["enter"]; words != "" {
		m.take(m.session.Say(words))
	}
}
