package render

import "strings"

// events draws the row of each event: time, number, marks and labels.
func (g *svg) events() {
	marks, labels := g.Scene.Marks, g.labels
	shown := ""
	for i := range g.page.rows {
		r := &g.page.rows[i]
		g.f(`<g id="e%d">`, r.event)
		if g.Tip != nil && !g.Blank {
			g.f("<title>%s</title>", Escape(g.Tip(r.event)))
		}
		// Something to point at.
		g.f(`<rect class="fb" opacity="0" x="0" y="%d" width="%d" height="%d"/>`, r.y-rowHeight/2, g.noteX-10, rowHeight)
		if t := Milliseconds(r.at); t != shown {
			g.f(`<text class="fi e" x="%d" y="%d">%s</text>`, g.clock, r.y+4, t)
			shown = t
		}
		g.f(`<text class="fm e" x="%d" y="%d">%d</text>`, g.number, r.y+4, r.event)
		if r.event == g.At {
			g.f(`<path class="fi" d="M%d %dl8 5l-8 5z"/>`, margin/2-2, r.y-5)
		}
		for ; len(marks) > 0 && marks[0].Event <= r.event; marks = marks[1:] {
			if marks[0].Event == r.event {
				g.mark(&marks[0], r.y)
			}
		}
		for ; len(labels) > 0 && labels[0].event <= r.event; labels = labels[1:] {
			g.label(&labels[0])
		}
		g.notes(r)
		g.f("</g>\n")
	}
}

// given reports whether a hand-out shows a mark: what is done to the cluster.
func given(sign rune) bool {
	return strings.ContainsRune("✝↻Zxo=D", sign) || sign == Severs || sign == Mends
}

// blankWidth is the room for an answer that is to be filled in.
const blankWidth = 56

func (g *svg) label(l *label) {
	if g.Blank && (l.wait || l.mark != nil && !given(l.mark.Sign)) {
		return
	}
	if g.Blank && l.arrow > 0 && g.Scene.Arrows[l.arrow-1].Answer {
		g.f(`<path class="sm" d="M%d %dh%d"/>`, l.x, l.y+1, verdict(l.end, -blankWidth, blankWidth))
		return
	}
	color := "i"
	if l.mark != nil {
		color = g.color(l.lane)
	}
	g.f(`<text class="f%s l t%s%s" x="%d" y="%d">%s</text>`, color, verdict(l.bold, " k", ""), verdict(l.end, " e", ""), l.x, l.y, Escape(l.text))
}

func (g *svg) mark(m *Mark, y int) {
	x, c := g.lanes[m.Lane], g.color(m.Lane)
	if m.Sign == 0 {
		return
	}
	if g.Blank && !given(m.Sign) {
		g.f(`<circle class="fb sm o" cx="%d" cy="%d" r="%d"/>`, x, y, markRadius)
		return
	}
	switch m.Sign {
	case Severs, Mends:
		g.link(m, y)
	default:
		g.sign(m.Sign, x, y, c)
	}
}

func (g *svg) sign(sign rune, x, y int, c string) {
	switch sign {
	case '●':
		g.f(`<circle class="f%s sb" cx="%d" cy="%d" r="%d"/>`, c, x, y, markRadius)
	case '○':
		g.f(`<circle class="fb s%s v" cx="%d" cy="%d" r="%d"/><path class="s%s w" d="M%d %dl6 6m0 -6l-6 6"/>`, c, x, y, markRadius-1, c, x-3, y-3)
	case '+':
		g.f(`<circle class="fb s%s w" cx="%d" cy="%d" r="%d"/><path class="s%s v" d="M%d %dh8M%d %dv8"/>`, c, x, y, markRadius, c, x-4, y, x, y-4)
	case '-':
		g.f(`<circle class="fb s%s w" cx="%d" cy="%d" r="%d"/><path class="s%s v" d="M%d %dh8"/>`, c, x, y, markRadius, c, x-4, y)
	case '·':
		g.f(`<circle class="fb s%s" cx="%d" cy="%d" r="3"/>`, c, x, y)
	case '✗':
		g.cross(x, y)
	case '=':
		g.f(`<path class="sx v" d="M%d %dh16m0 5h-16"/>`, x-8, y-2)
	default:
		filled := sign == 'P' || sign == 'C'
		g.f(`<rect class="f%s s%s w" x="%d" y="%d" width="%d" height="%d" rx="2"/>`, verdict(filled, c, "b"), c, x-markRadius, y-markRadius, 2*markRadius, 2*markRadius)
		g.f(`<text class="f%s c k" x="%d" y="%d">%s</text>`, verdict(filled, "b", c), x, y+4, string(sign))
	}
}

func (g *svg) link(m *Mark, y int) {
	from, to := g.lanes[m.Lane], g.lanes[m.Other]
	class := verdict(m.Sign == Severs, "sx", "s"+g.color(m.Lane))
	g.f(`<path class="%s d w" d="M%d %dH%d"/>`, class, from, y, to)
	if m.Sign == Severs {
		g.cross((from+to)/2, y)
	}
}

// notes writes what stands beside an event, or draws a line to fill it in.
func (g *svg) notes(r *row) {
	if g.Blank {
		g.f(`<path class="sr" d="M%d %dh%d"/>`, g.noteX, r.y+6, noteWidth)
		return
	}
	for _, n := range r.notes {
		for k, line := range n.lines {
			g.f(`<text class="%s" x="%d" y="%d">%s</text>`, verdict(n.Head != "" && k == 0, "fx k", "fi"), g.noteX, n.y+k*noteHeight, Escape(line))
		}
	}
}
