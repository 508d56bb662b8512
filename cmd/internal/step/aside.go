//go:build !js && !wasip1

package step

import "skinny/cmd/internal/session"

// asideRows is the rows that what the session's mode says takes, with the line above it.
func (m *Model) asideRows() int {
	page := m.session.Aside()
	if page == nil {
		return 0
	}
	rows := 1
	for i := range page.Len {
		rows += asideHeight(page, i, m.width)
	}
	return rows
}

func asideHeight(page *session.Page, i, width int) int {
	r := page.Row(i)
	return len(wrapped(spansOf(&r), max(width-2, 1), r.Indent, true))
}

// drawAside draws what the session's mode says and asks.
func (m *Model) drawAside(a area) {
	page := m.session.Aside()
	if page == nil {
		return
	}
	a.rule(0, page.Title)
	y := 1
	for i := range page.Len {
		r := page.Row(i)
		y = a.part(1, 0, a.w-2, a.h).wrap(y, r.Indent, spansOf(&r)...)
	}
}

// chooseAside takes the choice that was clicked on.
func (m *Model) chooseAside(a area, y int) {
	page, row := m.session.Aside(), y-a.y-1
	for i := 0; page != nil && i < page.Len; i++ {
		if row -= asideHeight(page, i, m.width); row < 0 {
			if words := page.Row(i).Do["enter"]; words != "" {
				m.take(m.session.Say(words))
			}
			return
		}
	}
}
