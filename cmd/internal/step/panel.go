//go:build !js && !wasip1

package step

import (
	"fmt"
	"slices"
	"strings"

	"skinny/cmd/internal/session"
	"skinny/sim/check"
	"skinny/sim/narrate"
	"skinny/sim/prose"
)

// panel is a list that is shown in place of the panes. Its rows are made when they
// are seen, since there may be very many.
type panel struct {
	title  string
	hints  string
	rows   int
	row    func(a area, i int) // draws row i into an area of one row
	first  int
	chosen int // -1 if rows cannot be chosen; otherwise the first row of an entry
	each   int // rows of an entry, if more than one
	enter  func(m *Model, i int)
	keys   map[string]func(m *Model, i int)
	height int // rows that were seen last
	// passing panels close by any key, which does what it does otherwise.
	passing bool
}

const closeHint = "esc closes"

// press takes a key. It reports false for one that means nothing in the panel, which
// then closes it and does what it does otherwise.
func (p *panel) press(m *Model, name string) bool {
	if p.passing && name != "esc" && name != "enter" {
		return false
	}
	switch name {
	case "esc", "q":
		m.panel = nil
	case "up", "k":
		p.move(-1)
	case "down", "j":
		p.move(1)
	case "pgup":
		p.move(-max(p.height-1, 1))
	case "pgdown":
		p.move(max(p.height-1, 1))
	case "enter":
		m.panel = nil
		if p.enter != nil && p.chosen >= 0 && p.chosen < p.rows {
			p.enter(m, p.chosen)
			m.follow()
		}
	default:
		do, known := p.keys[name]
		if known && p.chosen >= 0 && p.chosen < p.rows {
			do(m, p.chosen)
		}
		return known
	}
	return true
}

// move chooses another row, or scrolls where none can be chosen.
func (p *panel) move(by int) {
	if p.chosen >= 0 {
		each := max(p.each, 1)
		p.chosen = min(max(p.chosen+by*each, 0), max(p.rows-each, 0))
		return
	}
	p.first = min(max(p.first+by, 0), max(p.rows-p.height, 0))
}

// click is what a click on a row that is seen does.
func (p *panel) click(m *Model, row int) {
	if i := p.first + row; row >= 0 && i < p.rows && p.chosen >= 0 {
		p.chosen = i - i%max(p.each, 1)
	}
}

// draw draws the panel.
func (p *panel) draw(a area) {
	a.rule(0, p.title)
	body := a.part(1, 2, a.w-2, a.h-2)
	p.height = body.h
	if p.chosen >= 0 {
		p.first = min(max(p.first, p.chosen+max(p.each, 1)-body.h), p.chosen)
	}
	p.first = min(max(p.first, 0), max(p.rows-body.h, 0))
	for y := range body.h {
		i := p.first + y
		if i >= p.rows {
			break
		}
		if i == p.chosen {
			a.put(0, y+2, "▸", bold)
		}
		p.row(body.part(1, y, body.w-1, 1), i)
	}
	if more := p.rows - p.first - body.h; more > 0 {
		a.right(0, fmt.Sprintf(" %d more ↓", more), bold)
	}
}

// textPanel is a panel of lines that are only read.
func textPanel(title string, rows []span) *panel {
	return &panel{title: title, hints: "↑ ↓ scroll   " + closeHint, rows: len(rows), chosen: -1, row: func(a area, i int) {
		a.fit(0, 0, a.w, rows[i].text, rows[i].style)
	}}
}

// sentence is an event as spans: who, what, why.
func sentence(l *narrate.Line) []span {
	who := []span{{l.From.Name, actorStyle(l.From)}}
	switch {
	case l.To.Name != "":
		who = append(who, span{l.Glyph, glyphStyle(l.Glyph)}, span{l.To.Name, actorStyle(l.To)})
	case l.Glyph != "":
		who = append([]span{{l.Glyph, bold}}, who...)
	}
	what := span{l.What.String(), bold}
	if !l.Why.Empty() && !l.Question {
		what.text += ":"
	}
	return append(who, what, span{l.Why.String(), plain})
}

func actorStyle(a narrate.Actor) style {
	s := laneStyle(a.Instance)
	s.bold = true
	return s
}

func glyphStyle(glyph string) style {
	if glyph == narrate.Lost {
		return bad
	}
	return bold
}

// drawEvent draws an event as one row: time, number, sentence.
func drawEvent(a area, l *narrate.Line) {
	x := a.put(0, 0, fmt.Sprintf("%9s %4d  ", prose.Duration(l.At), l.Event), faint)
	for _, s := range sentence(l) {
		a.fit(x, 0, a.w-x, s.text, s.style)
		x += width(s.text) + 1
	}
}

// pending is all that is under way, with the numbers that words take.
func (m *Model) pending() *panel {
	s := m.session
	items := s.Items()
	if len(items) == 0 {
		return textPanel("under way at event "+count(s.at), []span{{s.nothing(), plain}})
	}
	return &panel{
		title:  "under way at event " + count(s.at),
		hints:  "↑ ↓ choose   enter chooses it   " + closeHint,
		rows:   len(items),
		chosen: s.chosen,
		row: func(a area, i int) {
			text := fmt.Sprintf("%3d  %s", i+1, items[i].text)
			if items[i].timed {
				text += ", due at " + prose.Duration(items[i].due)
			}
			a.fit(0, 0, a.w, text, laneStyle(items[i].from))
		},
		enter: func(m *Model, i int) { m.session.chosen = i },
	}
}

// causes is what led to the current event.
func (m *Model) causes() *panel {
	s := m.session
	chain := s.Causes()
	b := s.branch
	cause := 0
	if s.at > 0 {
		cause = b.Event(s.at).Cause
	}
	return &panel{
		title:  fmt.Sprintf("why event %d happened: causes, votes and reasons, from the first on", s.at),
		hints:  "↑ ↓ choose   enter goes there   " + closeHint,
		rows:   len(chain),
		chosen: max(slices.Index(chain, cause), 0),
		row: func(a area, i int) {
			l := b.Line(chain[i])
			drawEvent(a, &l)
		},
		enter: func(m *Model, i int) { m.said = m.session.GoTo(chain[i]) },
	}
}

// branches lists the branches.
func (m *Model) branches() *panel {
	s := m.session
	all := s.tree.Branches()
	for _, b := range all {
		b.Judge()
	}
	return &panel{
		title:  "branches: what each changes, and whether its properties hold",
		hints:  "↑ ↓ choose   enter goes there   c compares with the current one   " + closeHint,
		rows:   2 * len(all),
		each:   2,
		chosen: 2 * s.branch.Number,
		row: func(a area, i int) {
			b := all[i/2]
			if i%2 == 1 {
				text, look := outcome(b)
				a.fit(4, 0, a.w-4, text, look)
				return
			}
			here := "  "
			if b == s.branch {
				here = "● "
			}
			a.fit(0, 0, a.w, fmt.Sprintf("%s%d %s", here, b.Number, s.changes(b)), bold)
		},
		enter: func(m *Model, i int) { m.session.Switch(i / 2) },
		keys:  map[string]func(*Model, int){"c": func(m *Model, i int) { m.panel = m.comparison(i / 2) }},
	}
}

// comparison puts the current branch and another one side by side.
func (m *Model) comparison(number int) *panel {
	s := m.session
	left, right := s.branch, s.tree.Branches()[number]
	if left == right && left.Parent != nil {
		right = left.Parent
	}
	from, rows := compare(left, right)
	head := 3
	return &panel{
		title:  fmt.Sprintf("branch %d and branch %d side by side, from where they part after event %d", left.Number, right.Number, from),
		hints:  "↑ ↓ choose   enter goes to the event on the left   " + closeHint,
		rows:   len(rows) + head,
		chosen: 0,
		row: func(a area, i int) {
			half := (a.w - 3) / 2
			sides := []area{a.part(0, 0, half, 1), a.part(half+3, 0, a.w-half-3, 1)}
			a.put(half+1, 0, "│", faint)
			for k, b := range []*session.Branch{left, right} {
				switch i {
				case 0:
					sides[k].fit(0, 0, half, fmt.Sprintf("branch %d: %s", b.Number, s.changes(b)), bold)
				case 1:
					b.Judge()
					text, look := outcome(b)
					sides[k].fit(0, 0, half, text, look)
				case 2:
					sides[k].put(0, 0, strings.Repeat("─", half), faint)
				default:
					n := rows[i-head].left
					if k == 1 {
						n = rows[i-head].right
					}
					if n > 0 {
						l := b.Line(n)
						drawEvent(sides[k], &l)
					}
				}
			}
		},
		enter: func(m *Model, i int) {
			if i >= head && rows[i-head].left > 0 {
				m.said = m.session.GoTo(rows[i-head].left)
			}
		},
	}
}

// properties is every property with its verdict and reason.
func (m *Model) properties() *panel {
	s := m.session
	var rows []span
	for _, v := range s.branch.Judge() {
		mark, look, text := standing(v, s.at)
		rows = append(rows, span{mark + " " + v.Property + "  " + text, look})
		for _, line := range folded(demand(v.Property), max(m.width-8, 20)) {
			rows = append(rows, span{"    " + line, faint})
		}
		if v.State != check.Kept {
			for _, line := range folded(v.Why.String(), max(m.width-8, 20)) {
				rows = append(rows, span{"    " + line, plain})
			}
		}
		rows = append(rows, span{})
	}
	return textPanel("the properties, after event "+count(s.at), rows)
}

// demand says what a property demands.
func demand(name string) string {
	for _, p := range check.Properties() {
		if p.Name == name {
			return p.About
		}
	}
	return ""
}

// here is the command line that comes back.
func (m *Model) here() *panel {
	rows := []span{{"This command comes back to this very point:", plain}, {}}
	for _, line := range folded(m.session.Return(), max(m.width-6, 20)) {
		rows = append(rows, span{line, bold})
	}
	rows = append(rows, span{}, span{"It is printed once more when you leave.", faint})
	return textPanel("back to event "+count(m.session.at), rows)
}
