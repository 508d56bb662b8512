package render

import (
	"slices"

	"skinny/sim/trace"
)

// Sheet is a scene to be drawn on a page.
type Sheet struct {
	Scene    *Scene
	Title    string
	Subtitle string
	About    string                 // what the picture shows, for those who do not see it
	Tip      func(event int) string // what happened, in a sentence
	Notes    func(event int) []Note // what stands in the margin beside an event
	Shown    func(event int) bool   // which events have rows; nil for all
	Tall     bool                   // rows are as high as their notes
	At       int                    // an event to mark, or 0
	Blank    bool                   // answers, marks and notes are to be filled in
	Bare     bool                   // for a page that has its own style, title and legend; the lanes' names are a group with the id "heads"
}

// Note is a sentence in the margin. One with a head is an alarm: a property broke.
type Note struct{ Head, Text string }

// Distances in pixels.
const (
	fontSize   = 11
	titleSize  = 16
	rowHeight  = 26
	gapHeight  = 18 // added before an event that comes much later
	noteWidth  = 230
	wideNotes  = 380 // where there are reasons, too
	noteHeight = 15  // of a line
	markRadius = 7
	clearance  = 14 // from the middle of a lane to a label
	leastApart = 76
	mostLabel  = 170
	margin     = 20
	tail       = 22 // of lanes below the last row, so that what begins there is seen
)

// page is where everything stands on a sheet.
type page struct {
	*Sheet
	width, height int
	top, bottom   int   // of the lanes
	clock, number int   // right ends of these columns
	lanes         []int // their middles
	heads         int   // the line of their names
	rows          []row
	labels        []label
	noteX         int
	margin        bool // something stands in it
	legend        []meaning
}

type row struct {
	event int
	at    trace.Time
	y     int // of its middle
	top   int
	gap   trace.Time // how much time has passed, if that is much
	notes []noted
}

// alarming reports whether a property broke by the event.
func (r *row) alarming() bool {
	return slices.ContainsFunc(r.notes, func(n noted) bool { return n.Head != "" })
}

type label struct {
	event, lane int
	x, y        int // baseline
	end         bool
	text        string
	width       int
	bold        bool
	arrow       int   // whose label it is, from 1, or 0
	mark        *Mark // likewise
	wait        bool  // it is that of something that has waited
}

type noted struct {
	Note
	y     int // of the first baseline
	lines []string
}

func (s *Sheet) place() *page {
	p := &page{Sheet: s}
	p.top = margin + titleSize + 6
	if s.Subtitle != "" {
		p.top += 18
	}
	if s.Bare {
		p.top = 6
	}
	p.heads = p.top + 14
	p.top += 28
	p.placeRows()
	p.clock = margin + textWidth(Milliseconds(p.last().at)+" ms", fontSize, false)
	p.number = p.clock + 10 + textWidth(number(p.last().event), fontSize, false)
	p.placeLabels()
	p.placeLanes()
	p.placeNotes()
	if !s.Bare {
		p.placeLegend()
	}
	return p
}

func (p *page) last() row {
	if len(p.rows) == 0 {
		return row{}
	}
	return p.rows[len(p.rows)-1]
}

func (p *page) placeRows() {
	long := p.long()
	y := p.top
	for i, at := range p.Scene.Times {
		event := p.Scene.First + i
		if p.Shown != nil && !p.Shown(event) {
			continue
		}
		r := row{event: event, at: at}
		if n := len(p.rows); n > 0 && at-p.rows[n-1].at > long {
			r.gap = at - p.rows[n-1].at
			y += gapHeight
		}
		r.top, r.y = y, y+rowHeight/2
		y += rowHeight
		lines := 0
		if p.Notes != nil {
			for _, n := range p.Notes(event) {
				r.notes = append(r.notes, noted{Note: n, lines: n.folded(p.noteWidth())})
				lines += len(r.notes[len(r.notes)-1].lines)
			}
		}
		if p.Tall {
			y += max(lines*noteHeight+8-rowHeight, 0)
		}
		p.rows = append(p.rows, r)
	}
	p.bottom = y + tail
}

// long is the time from which on a pause between two events is shown as one.
func (p *page) long() trace.Time {
	var pauses []trace.Time
	for i := 1; i < len(p.Scene.Times); i++ {
		if d := p.Scene.Times[i] - p.Scene.Times[i-1]; d > 0 {
			pauses = append(pauses, d)
		}
	}
	if len(pauses) == 0 {
		return 0
	}
	slices.Sort(pauses)
	return 5 * pauses[len(pauses)/2]
}

// find is where an event's row is, or would be.
func (p *page) find(event int) (at int, ok bool) {
	return slices.BinarySearchFunc(p.rows, event, func(r row, event int) int { return r.event - event })
}

// y is the height of an event; of one without a row, the edge between its neighbours.
func (p *page) y(event int) int {
	i, ok := p.find(event)
	switch {
	case ok:
		return p.rows[i].y
	case i == len(p.rows):
		return p.bottom
	}
	return p.rows[i].top
}

// row finds the row of an event.
func (p *page) row(event int) (row, bool) {
	if i, ok := p.find(event); ok {
		return p.rows[i], true
	}
	return row{}, false
}

type side struct {
	event, lane int
	right       bool
}

// placeLabels puts the labels of arrows on the side from which they come, below
// them, and those of marks on the other side, or where fewer arrows leave, above. A
// row has one event, so that no two labels meet. Their x are distances from the lane
// until the lanes are placed.
func (p *page) placeLabels() {
	taken, leaving := map[side]bool{}, map[side]int{}
	for i := range p.Scene.Arrows {
		a := &p.Scene.Arrows[i]
		leaving[side{a.Sent, a.From, a.To > a.From}]++
		r, ok := p.row(a.Arrived)
		if !ok || a.Label == "" {
			continue
		}
		lane, right := a.To, a.From > a.To
		l := label{event: a.Arrived, y: r.y + 11, text: a.Label, bold: a.No, arrow: i + 1}
		if a.Early {
			lane, right = a.From, !right
			l.text += " → " + p.Scene.Actors[a.To].Name
		}
		l.lane, l.end = lane, !right
		if a.Copy {
			l.text += " (copy)"
		}
		p.add(l)
		taken[side{a.Arrived, lane, right}] = true
	}
	for i := range p.Scene.Waits {
		w := &p.Scene.Waits[i]
		if r, ok := p.row(w.To); ok && w.Label != "" {
			right := w.Peer > w.Lane
			p.add(label{event: w.To, lane: w.Lane, y: r.y + 11, end: !right, text: w.Label, wait: true})
			taken[side{w.To, w.Lane, right}] = true
		}
	}
	last := len(p.Scene.Actors) - 1
	for i := range p.Scene.Marks {
		m := &p.Scene.Marks[i]
		r, ok := p.row(m.Event)
		if !ok || m.Label == "" {
			continue
		}
		on := func(right bool) side { return side{m.Event, m.Lane, right} }
		l := label{event: m.Event, lane: m.Lane, y: r.y - 1, text: m.Label, bold: true, mark: m}
		switch {
		case taken[on(true)]:
			l.end = true
		case !taken[on(false)]:
			l.end = leaving[on(true)] > leaving[on(false)] || m.Lane == last && leaving[on(false)] == 0
		}
		p.add(l)
	}
	slices.SortStableFunc(p.labels, func(a, b label) int { return a.event - b.event })
}

func (p *page) add(l label) {
	l.text = shortened(l.text, fontSize, l.bold, mostLabel)
	l.width = textWidth(l.text, fontSize, l.bold)
	l.x = verdict(l.end, -clearance, clearance)
	p.labels = append(p.labels, l)
}

// placeLanes puts the lanes so far apart that every label fits between two, and as
// far from the edges as their labels need.
func (p *page) placeLanes() {
	pitch, left, right := leastApart, 30, 30
	last := len(p.Scene.Actors) - 1
	for i := range p.labels {
		l := &p.labels[i]
		need := l.width + clearance
		switch {
		case l.lane == 0 && l.end:
			left = max(left, need+6)
		case l.lane == last && !l.end:
			right = max(right, need+6)
		default:
			pitch = max(pitch, need+markRadius+6)
		}
	}
	for i, a := range p.Scene.Actors {
		half := textWidth(shortened(a.Name, fontSize+1, true, mostLabel), fontSize+1, true)/2 + 10
		switch i {
		case 0:
			left = max(left, half)
		case last:
			right = max(right, half)
		}
		pitch = max(pitch, 2*half+4)
	}
	for i := range p.Scene.Actors {
		p.lanes = append(p.lanes, p.number+12+left+i*pitch)
	}
	edge := p.number + 12 + left + last*pitch + right
	for i := range p.labels {
		p.labels[i].x += p.lanes[p.labels[i].lane]
	}
	p.noteX = edge + 10
	p.width = edge + margin
}

func (p *page) noteWidth() int { return verdict(p.Tall, wideNotes, noteWidth) }

func (n *Note) folded(width int) []string {
	lines := folded(n.Text, fontSize, width)
	if n.Head != "" {
		lines = append([]string{shortened("✗ "+n.Head, fontSize, true, width)}, lines...)
	}
	return lines
}

// placeNotes puts the notes beside their events, or as near below as there is room.
func (p *page) placeNotes() {
	free := p.top
	for i := range p.rows {
		r := &p.rows[i]
		for k := range r.notes {
			n := &r.notes[k]
			n.y = max(r.y+4, free)
			free = n.y + len(n.lines)*noteHeight + verdict(p.Tall, 0, 6)
			p.margin = true
		}
	}
	p.height = max(p.bottom, free) + margin
	if p.margin || p.Blank {
		p.width = p.noteX + p.noteWidth() + margin
	}
}
