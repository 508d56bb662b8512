package render

import "skinny/sim/trace"

// Box is where something stands on a page.
type Box struct {
	Event          int
	What           string
	X0, Y0, X1, Y1 int
}

// Overlaps reports whether two boxes have points in common.
func (b *Box) Overlaps(o *Box) bool { return b.X0 < o.X1 && o.X0 < b.X1 && b.Y0 < o.Y1 && o.Y0 < b.Y1 }

// Boxes are all texts, and all marks and lanes, of a sheet, by how much room they take at most,
// and the page itself.
func (s *Sheet) Boxes() (texts, marks []Box, page Box) {
	p := s.place()
	text := func(event, x, y int, end bool, words string, width int) {
		if end {
			x -= width
		}
		texts = append(texts, Box{event, words, x, y - fontSize, x + width, y + 3})
	}
	for i := range p.labels {
		l := &p.labels[i]
		text(l.event, l.x, l.y, l.end, l.text, l.width)
	}
	for _, r := range p.rows {
		text(r.event, p.clock, r.y+4, true, Milliseconds(r.at), textWidth(Milliseconds(r.at), fontSize, false))
		text(r.event, p.number, r.y+4, true, number(r.event), textWidth(number(r.event), fontSize, false))
		if r.gap > 0 {
			text(r.event, p.clock, r.top-gapHeight/2+4, true, "+"+Milliseconds(r.gap), textWidth("+"+Milliseconds(r.gap), fontSize, false))
		}
		for _, n := range r.notes {
			for k, line := range n.lines {
				text(r.event, p.noteX, n.y+k*noteHeight, false, line, textWidth(line, fontSize, n.Head != "" && k == 0))
			}
		}
	}
	for lane, a := range s.Scene.Actors {
		width := textWidth(shortened(a.Name, fontSize+1, true, mostLabel), fontSize+1, true)
		text(0, p.lanes[lane]-width/2, p.heads, false, a.Name, width)
	}
	for i := range p.legend {
		m := &p.legend[i]
		text(0, m.x+2*markRadius+6, m.y+4, false, m.text, textWidth(m.text, fontSize, false))
		marks = append(marks, Box{0, "legend", m.x - 2, m.y - markRadius, m.x + 2*markRadius + 2, m.y + markRadius})
	}
	for i := range s.Scene.Marks {
		m := &s.Scene.Marks[i]
		if r, ok := p.row(m.Event); ok && m.Sign != 0 {
			x := p.lanes[m.Lane]
			marks = append(marks, Box{m.Event, string(m.Sign), x - markRadius - 1, r.y - markRadius - 1, x + markRadius + 1, r.y + markRadius + 1})
		}
	}
	for _, x := range p.lanes {
		bar := bars[Conflict].width / 2
		marks = append(marks, Box{0, "lane", x - bar, p.top, x + bar, p.bottom})
	}
	return texts, marks, Box{0, "page", 0, 0, p.width, p.height}
}

// SignOf is the sign and the label of a kind of event.
func SignOf(k trace.Kind) (rune, string) { return signs[k].sign, signs[k].label }
