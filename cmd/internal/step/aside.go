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
	for _, h := range asideHeights(page, m.width, m.height) {
		rows += h
	}
	return rows
}

// asideHeights is the rows of each entry, so many together at most. Where there are too
// few of them a choice has one, and what stands before the question has what is left.
func asideHeights(page *session.Page, width, most int) []int {
	heights, all := make([]int, page.Len), 0
	for i := range heights {
		r := page.Row(i)
		heights[i] = len(wrapped(spansOf(&r), max(width-2, 1), r.Indent, true))
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

// isChoice reports whether an entry is a choice of a question.
func isChoice(page *session.Page, i int) bool { return page.Row(i).Do["enter"] != "" }

// drawAside draws what the session's mode says and asks.
func (m *Model) drawAside(a area) {
	page := m.session.Aside()
	if page == nil {
		return
	}
	a.rule(0, page.Title)
	y := 1
	for i, rows := range asideHeights(page, m.width, a.h-1) {
		r := page.Row(i)
		a.part(1, y, a.w-2, rows).wrap(0, r.Indent, spansOf(&r)...)
		y += rows
	}
}

// chooseAside takes the choice that was clicked on.
func (m *Model) chooseAside(a area, y int) {
	page, row := m.session.Aside(), y-a.y-1
	if page == nil || row < 0 {
		return
	}
	for i, rows := range asideHeights(page, m.width, a.h-1) {
		if row -= rows; row < 0 {
			if words := page.Row(i).Do["enter"]; words != "" {
				m.take(m.session.Say(words))
			}
			return
		}
	}
}
