package render

// legendLine is the distance of two lines of a legend.
const legendLine = 22

// meaning is what a mark or a span means, in a few words.
type meaning struct {
	sign rune
	span SpanKind
	text string
	x, y int
}

var meanings = [...]meaning{
	{sign: 'P', text: "proposes"},
	{sign: 'C', text: "commits"},
	{sign: '●', text: "yes"},
	{sign: '○', text: "no"},
	{sign: '+', text: "counts a yes"},
	{sign: '-', text: "counts a no"},
	{sign: 'w', text: "has to wait"},
	{sign: '·', text: "too late"},
	{sign: 'T', text: "timeout"},
	{sign: 'B', text: "tries again later"},
	{sign: 'R', text: "answer leaves"},
	{sign: '✗', text: "lost"},
	{span: Running, text: "round runs, mutex free"},
	{span: Locked, text: "mutex held"},
	{span: Crashed, text: "down"},
	{span: Halted, text: "paused"},
	{span: Holding, text: "client holds the lock"},
	{span: Conflict, text: "two clients hold the lock"},
}

// placeLegend explains the marks and spans of a page below it.
func (p *page) placeLegend() {
	signs, spans := map[rune]bool{}, map[SpanKind]bool{}
	for i := range p.Scene.Marks {
		if _, ok := p.row(p.Scene.Marks[i].Event); ok {
			signs[p.Scene.Marks[i].Sign] = true
		}
	}
	for i := range p.Scene.Arrows {
		if _, ok := p.row(p.Scene.Arrows[i].Arrived); ok && p.Scene.Arrows[i].Lost {
			signs['✗'] = true
		}
	}
	for i := range p.Scene.Spans {
		spans[p.Scene.Spans[i].Kind] = true
	}
	x, y := margin, p.height+4
	for _, m := range meanings {
		// Where something is to be filled in, the legend says what that can be.
		if !p.Blank && (m.sign != 0 && !signs[m.sign] || m.sign == 0 && !spans[m.span]) {
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
		switch {
		case m.sign == '✗':
			g.cross(x, m.y)
		case m.sign != 0:
			g.sign(m.sign, x, m.y, "i")
		default:
			g.span(m.span, x, m.y-markRadius, 2*markRadius, "i")
		}
		g.f(`<text class="fm" x="%d" y="%d">%s</text>`, m.x+2*markRadius+6, m.y+4, m.text)
	}
	g.f("\n")
}
