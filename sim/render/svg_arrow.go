package render

import (
	"fmt"
	"sort"
)

// arrows draws the messages.
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
		case a.Lost && a.Early:
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

// marksByLane are the heights of the marks of each lane, in order.
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
	if y1 == y2 || g.passes(marks, x1, y1, x2, y2, y) {
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
		t := 1000 * (x - x1) / (x2 - x1)
		y := ((1000-t)*(1000-t)*y1 + 2*t*(1000-t)*control + t*t*y2) / 1000_000
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
