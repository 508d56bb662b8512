package render

// legendLine is the distance of two lines of a legend.
const legendLine = 22

// meaning is what a mark or a span means, in a few words.
type meaning struct {
	what any // the rune of a mark, or the kind of a span
	text string
	x, y int
}

var meanings = [...]meaning{
	{what: 'P', text: "proposes"},
	{what: 'C', text: "commits"},
	{what: '●', text: "yes"},
	{what: '○', text: "no"},
	{what: '+', text: "counts a yes"},
	{what: '-', text: "counts a no"},
	{what: 'w', text: "has to wait"},
	{what: '·', text: "too late"},
	{what: 'T', text: "timeout"},
	{what: 'B', text: "tries again later"},
	{what: 'R', text: "answer leaves"},
	{what: '✗', text: "lost"},
	{what: Running, text: "round runs, mutex free"},
	{what: Locked, text: "mutex held"},
	{what: Crashed, text: "down"},
	{what: Halted, text: "paused"},
	{what: Holding, text: "client holds the lock"},
	{what: Conflict, text: "two clients hold the lock"},
}

// placeLegend explains the marks and spans of a page below it.
func (p *page) placeLegend() {
	there := map[any]bool{}
	for i := range p.Scene.Marks {
		if _, ok := p.find(p.Scene.Marks[i].Event); ok {
			there[p.Scene.Marks[i].Sign] = true
		}
	}
	for i := range p.Scene.Arrows {
		if _, ok := p.find(p.Scene.Arrows[i].Arrived); ok && p.Scene.Arrows[i].Lost {
			there['✗'] = true
		}
	}
	for i := range p.Scene.Spans {
		there[p.Scene.Spans[i].Kind] = true
	}
	x, y := margin, p.height+4
	for _, m := range meanings {
		// Where something is to be filled in, the legend says what that can be.
		if !p.Blank && !there[m.what] {
			continue
		}
		width := 2*markRadius + 6 + textWidth(m.text, fontSize, false) + 10
		if x+width > p.width-margin && x > margin {
			x, y = margin, y+legendLine
		}
		m.x, m.y = x, y
		p.legend = append(p.legend, m)
		x += width
	}
	p.height = y + legendLine
}

func (g *svg) legends() {
	for i := range g.legend {
		m := &g.legend[i]
		x := m.x + markRadius
		switch what := m.what.(type) {
		case SpanKind:
			g.span(what, x, m.y-markRadius, 2*markRadius, "i")
		case rune:
			g.sign(what, x, m.y, "i")
		}
		g.f(`<text class="fm" x="%d" y="%d">%s</text>`, m.x+2*markRadius+6, m.y+4, m.text)
	}
	g.f("\n")
}
