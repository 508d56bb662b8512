package render

import (
	"bufio"
	"fmt"
	"io"
	"sort"

	"skinny/sim/trace"
)

// WriteSVG draws a sheet as one file without scripts, fonts or addresses from
// outside. The event with number n has the id "en", the arrow that ends with it "mn".
func (s *Sheet) WriteSVG(out io.Writer) error {
	w := bufio.NewWriter(out)
	p := s.place()
	g := &svg{w, p}
	g.frame()
	g.rows()
	g.lives()
	g.spans()
	g.waits()
	g.arrows()
	g.events()
	g.legends()
	w.WriteString("</svg>\n")
	return w.Flush()
}

type svg struct {
	*bufio.Writer
	*page
}

func (g *svg) f(format string, args ...any) { fmt.Fprintf(g, format, args...) }

// Style is the style sheet of every picture.
func Style() string {
	return "text{font:11px system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,'DejaVu Sans',sans-serif}" +
		"line,path,rect,circle{fill:none}" + css(false) +
		".t{paint-order:stroke;stroke-width:3px;stroke-linejoin:round}.e{text-anchor:end}.c{text-anchor:middle}.k{font-weight:600}" +
		".n{font-size:12px;font-weight:700}.h{font-size:16px;font-weight:600}" +
		".q{fill:url(#hatch);opacity:.45}.d{stroke-dasharray:5 3}.o{stroke-dasharray:1 3;stroke-linecap:round}.w{stroke-width:1.5}.v{stroke-width:2.2}" +
		"@media screen and (prefers-color-scheme:dark){" + css(true) + "}" +
		"@media print{svg:root{width:100%;height:auto}svg{print-color-adjust:exact;-webkit-print-color-adjust:exact}}"
}

func (g *svg) frame() {
	g.f(`<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" role="img"`, g.width, g.height, g.width, g.height)
	if g.Bare {
		g.f(` aria-label="%s" data-head="%d">`+"\n", Escape(g.About), g.top-8)
	} else {
		g.f(` aria-labelledby="title desc">`+"\n"+`<title id="title">%s</title>`+"\n"+`<desc id="desc">%s</desc>`+"\n", Escape(g.Title), Escape(g.About))
		g.f("<style>%s</style>\n", Style())
	}
	g.f("<defs>")
	for _, c := range g.colors() {
		g.f(`<marker id="h%s" viewBox="0 0 9 8" refX="16" refY="4" markerWidth="9" markerHeight="8" markerUnits="userSpaceOnUse" orient="auto"><path class="f%s" d="M0 0L9 4L0 8z"/></marker>`, c, c)
	}
	g.f(`<pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path class="sb v" d="M0 0V6"/></pattern>`)
	g.f("</defs>\n")
	if !g.Bare {
		g.f(`<rect class="fb" width="%d" height="%d" rx="6"/>`+"\n", g.width, g.height)
		g.f(`<text class="fi h" x="%d" y="%d">%s</text>`+"\n", margin, margin+titleSize-2, Escape(g.Title))
	}
	if g.Subtitle != "" && !g.Bare {
		g.f(`<text class="fm" x="%d" y="%d">%s</text>`+"\n", margin, margin+titleSize+16, Escape(g.Subtitle))
	}
	g.names()
}

func (g *svg) names() {
	if g.Bare {
		g.f(`<g id="heads">`)
	}
	g.f(`<text class="fm e" x="%d" y="%d">ms</text><text class="fm e" x="%d" y="%d">#</text>`+"\n", g.clock, g.heads, g.number, g.heads)
	for lane, a := range g.Scene.Actors {
		name := shortened(a.Name, fontSize+1, true, mostLabel)
		half := textWidth(name, fontSize+1, true)/2 + 8
		g.f(`<rect class="fb s%s w" x="%d" y="%d" width="%d" height="20" rx="%d"/>`, g.color(lane), g.lanes[lane]-half, g.heads-14, 2*half,
			verdict(a.Instance == trace.None, 10, 4))
		g.f(`<text class="f%s n c" x="%d" y="%d">%s</text>`+"\n", g.color(lane), g.lanes[lane], g.heads, Escape(name))
	}
	if g.Bare {
		g.f("</g>\n")
	}
}

// color is the class of a lane's colour.
func (g *svg) color(lane int) string {
	if i := g.Scene.Actors[lane].Instance; i != trace.None {
		return number(int(i) % Colors)
	}
	return "i"
}

// colors are the classes of the colours that lanes have.
func (g *svg) colors() []string {
	list := []string{"i"}
	for lane := range g.Scene.Actors {
		if c := g.color(lane); c != "i" && len(list) <= Colors {
			list = append(list, c)
		}
	}
	return list
}

// rows draws the background: events that stand out, and where much time passes.
func (g *svg) rows() {
	left, right := g.number+10, g.noteX-10
	for i := range g.page.rows {
		r := &g.page.rows[i]
		switch {
		case r.event == g.At:
			g.f(`<rect class="fi" opacity=".1" x="%d" y="%d" width="%d" height="%d"/>`, margin/2, r.y-rowHeight/2, right-margin/2, rowHeight)
		case r.alarming() && !g.Blank:
			g.f(`<rect class="fx" opacity=".13" x="%d" y="%d" width="%d" height="%d"/>`, left, r.y-rowHeight/2, right-left, rowHeight)
		}
		if r.gap > 0 {
			y := r.top - gapHeight/2
			g.f(`<path class="sr w o" d="M%d %dH%d"/><text class="fm e" x="%d" y="%d">+%s</text>`, left, y, right, g.clock, y+4, Milliseconds(r.gap))
		}
	}
	g.f("\n")
}

func (g *svg) lives() {
	for lane, a := range g.Scene.Actors {
		g.f(`<path class="s%s%s" opacity=".55" d="M%d %dV%d"/>`, g.color(lane), verdict(a.Instance == trace.None, " o w", ""), g.lanes[lane], g.top-8, g.bottom)
	}
	g.f("\n")
}

func (g *svg) spans() {
	for i := range g.Scene.Spans {
		s := &g.Scene.Spans[i]
		if g.Blank && s.Kind != Crashed && s.Kind != Halted {
			continue
		}
		if y := g.y(s.From); y < g.y(s.To) {
			g.span(s.Kind, g.lanes[s.Lane], y, g.y(s.To)-y, g.color(s.Lane))
		}
	}
	g.f("\n")
}

// bars are how wide spans are, and whether they are hatched.
var bars = [...]struct {
	class string // without the lane's colour
	width int
	hatch bool
}{
	Running:  {"fb w", 6, false},
	Locked:   {"", 6, false},
	Crashed:  {"fr", 10, true},
	Halted:   {"fm", 10, true},
	Holding:  {"", 12, false},
	Conflict: {"fx", 18, true},
}

func (g *svg) span(kind SpanKind, x, y, height int, color string) {
	b := &bars[kind]
	class := b.class
	switch kind {
	case Running:
		class += " s" + color
	case Locked, Holding:
		class = "f" + color
	}
	g.f(`<rect class="%s" x="%d" y="%d" width="%d" height="%d"/>`, class, x-b.width/2, y, b.width, height)
	if b.hatch {
		g.f(`<rect class="q" x="%d" y="%d" width="%d" height="%d"/>`, x-b.width/2, y, b.width, height)
	}
}

// waits draws what stays beside a lane until it is handled.
func (g *svg) waits() {
	until := map[[3]int]int{} // by lane, side and channel: when that is free again
	for _, wait := range g.Scene.Waits {
		side := verdict(wait.Peer > wait.Lane, 1, -1)
		key := [3]int{wait.Lane, side, 0}
		for until[key] > wait.From && key[2] < 2 {
			key[2]++
		}
		until[key] = wait.To
		x, y, end := g.lanes[wait.Lane], g.y(wait.From), g.y(wait.To)
		_, begins := g.row(wait.From)
		_, ends := g.row(wait.To)
		if end-y < 2*markRadius || !ends || !begins && wait.From >= g.Scene.First {
			continue
		}
		g.f(`<path class="s%s w o" d="M%d %dL%d %dV%dL%d %d"/>`, g.color(wait.Peer), x, y, x+side*(10+2*key[2]), y+10, end-8, x, end)
	}
	g.f("\n")
}

func (g *svg) arrows() {
	widths := map[int]int{} // of labels, by arrow
	for i := range g.labels {
		widths[g.labels[i].arrow] = g.labels[i].width
	}
	marks := g.marksByLane()
	for i := range g.Scene.Arrows {
		a := &g.Scene.Arrows[i]
		from, to, y1, y2 := g.lanes[a.From], g.lanes[a.To], g.y(a.Sent), g.y(a.Arrived)
		_, arrives := g.row(a.Arrived)
		if !arrives && a.Arrived <= g.Scene.Last() {
			continue // it belongs to an event that is not shown
		}
		towards := verdict(to > from, 1, -1)
		end := fmt.Sprintf(` marker-end="url(#h%s)"`, g.color(a.From))
		switch {
		case !arrives: // it leaves the page
			to, end = from+(to-from)/2, ""
		case a.Early:
			to, end = from+towards*(clearance+widths[i+1]+8), ""
		case a.Lost:
			to, end = to-towards*clearance, ""
		}
		class := "s" + g.color(a.From) + verdict(a.Answer, "", " w") + verdict(a.No && !g.Blank, " d", "")
		g.f(`<path id="m%d" class="%s" d="M%d %d%s%d %d"%s/>`, a.Arrived, class, from, y1, g.bend(marks, from, y1, to, y2), to, y2, end)
		if a.Lost && arrives {
			g.cross(to, y2)
		}
	}
	g.f("\n")
}

func (g *svg) marksByLane() [][]int {
	list := make([][]int, len(g.lanes))
	for i := range g.Scene.Marks {
		m := &g.Scene.Marks[i]
		if r, ok := g.row(m.Event); ok && m.Sign != 0 {
			list[m.Lane] = append(list[m.Lane], r.y)
		}
	}
	return list
}

// bend is how a path goes on to its end: straight, or in the flattest curve that
// passes no mark of a lane in between.
func (g *svg) bend(marks [][]int, x1, y1, x2, y2 int) string {
	x, y := (x1+x2)/2, (y1+y2)/2
	if g.passes(marks, x1, y1, x2, y2, y) {
		return "L"
	}
	for _, by := range [...]int{20, -20, 32, -32, 44, -44} {
		if g.passes(marks, x1, y1, x2, y2, y+by) {
			return fmt.Sprintf("Q%d %d ", x, y+by)
		}
	}
	return "L"
}

// passes reports whether a curve, with its control point in the middle at a height,
// passes all marks of the lanes in between.
func (g *svg) passes(marks [][]int, x1, y1, x2, y2, control int) bool {
	for lane, x := range g.lanes {
		if (x-x1)*(x-x2) >= 0 {
			continue
		}
		t := int64(1000 * (x - x1) / (x2 - x1))
		y := int(((1000-t)*(1000-t)*int64(y1) + 2*t*(1000-t)*int64(control) + t*t*int64(y2)) / 1000_000)
		at := sort.SearchInts(marks[lane], y-markRadius-2)
		if at < len(marks[lane]) && marks[lane][at] <= y+markRadius+2 {
			return false
		}
	}
	return true
}

func (g *svg) cross(x, y int) {
	g.f(`<path class="sx v" d="M%d %dl9 9m0 -9l-9 9"/>`, x-4, y-4)
}
