//go:build !js && !wasip1

package step

import (
	"fmt"

	"skinny/protocol"
	"skinny/sim"
	"skinny/sim/check"
	"skinny/sim/narrate"
	"skinny/sim/render"
	"skinny/sim/trace"
)

// diagram is the space-time diagram of the current branch.
func (m *Model) diagram() *render.Diagram {
	s := m.session
	d := &render.Diagram{
		Header: s.tree.Header(),
		Direct: s.tree.Scenario().Cluster.ClientLatency == 0,
		Events: s.branch,
	}
	clients, operator := s.branch.Clients()
	d.Actors = render.Actors(d.Header, clients, operator)
	if s.branch.Ending() != sim.NotEnded {
		d.Open = s.branch.Open()
	}
	return d
}

// beside is how wide the diagram is where there is room for sentences beside it, or
// all of the width.
func beside(d *render.Diagram, width int) int {
	const leastPitch, mostPitch = 6, 10
	const enough, least = 44, 30
	for pitch := mostPitch; pitch >= leastPitch; pitch-- {
		if full := d.Full(pitch); width-full >= enough || pitch == leastPitch && width-full >= least {
			return full
		}
	}
	return width
}

func (m *Model) drawDiagram(a area) {
	s := m.session
	d := m.diagram()
	wide := beside(d, a.w)
	w := render.Window{First: m.first, Rows: a.h - headRows, Width: wide, Skip: m.skip}
	w.Before = s.branch.Standing(m.first - 1)
	rows := append(d.Head(w), d.Draw(w)...)
	expected := s.Expected()
	for y, r := range rows {
		now := r.Event == s.at && r.Event > 0
		chosen := r.Event == expected && r.Event > 0
		future := r.Event > s.at && !chosen
		for x, c := range r.Cells {
			look := cellStyle(c)
			if future {
				look = faint
			}
			if now {
				look.bold, look.faint = true, false
			}
			if c.Rune != ' ' && c.Rune != 0 {
				a.put(x, y, string(c.Rune), look)
			}
		}
		switch {
		case now:
			a.put(0, y, "▸", bold)
		case chosen:
			a.put(0, y, "▹", bold)
		}
		if wide < a.w && r.Event > 0 {
			l := s.branch.Line(r.Event)
			look := plain
			if future {
				look = faint
			} else if now {
				look = bold
			}
			a.fit(wide+1, y, a.w-wide-2, told(&l), look)
		}
	}
	if m.skip > 0 {
		a.put(0, 0, "◀ <", faint)
	}
	if d.Lanes()-m.skip > d.Fits(wide) {
		a.right(0, "> ▶", faint)
	}
}

// told is an event in a few words beside the diagram.
func told(l *narrate.Line) string {
	if l.Why.Empty() {
		return l.What.String()
	}
	return l.What.String() + " · " + l.Why.String()
}

func cellStyle(c render.Cell) style {
	s := laneStyle(c.Lane)
	switch c.Class {
	case render.Clock, render.Number:
		return faint
	case render.Lost, render.Broken:
		return bad
	case render.Name, render.Signed, render.Hold:
		s.bold = true
	}
	return s
}

// firstInstance is the first instance in the table, which has so many rows.
func (m *Model) firstInstance(rows int) int {
	return max(int(m.session.instance)-rows+1, 0)
}

func (m *Model) drawInstances(a area) {
	s := m.session
	a.rule(0, "instances")
	a.put(9, 0, "  PROM   ID  HOLDER ", bold)
	lanes := s.branch.Standing(s.at).Instances
	before := s.branch.Standing(max(s.at-1, 0)).Instances
	h := s.tree.Header()
	first := m.firstInstance(a.h - 1)
	for y := 1; y < a.h; y++ {
		i := first + y - 1
		if i >= len(lanes) {
			break
		}
		now, was := &lanes[i], &before[i]
		if protocol.Position(i) == s.instance {
			a.put(0, y, "▸", bold)
		}
		look := laneStyle(int8(i))
		look.bold = true
		a.fit(1, y, 9, h.Instances[i], look)
		changed(a, 11, y, 4, id(now.State.Promised), now.State.Promised != was.State.Promised)
		changed(a, 17, y, 3, id(now.State.Accepted.ID), now.State.Accepted.ID != was.State.Accepted.ID)
		holder := h.HolderName(now.State.Accepted.Holder)
		if holder == "" {
			holder = "-"
		}
		mark := ""
		if now.State.Accepted.Holder != was.State.Accepted.Holder {
			mark = "*"
		}
		a.fit(22, y, 7, holder+mark, emphasis(mark != ""))
		a.fit(29, y, a.w-29, doing(now), emphasis(doing(now) != doing(was)))
	}
}

func emphasis(on bool) style {
	if on {
		return style{bold: true, color: orange}
	}
	return plain
}

// changed writes a number, with a star if it has just changed.
func changed(a area, x, y, w int, text string, now bool) {
	star := " "
	if now {
		star = "*"
	}
	a.put(x+w-width(text), y, text+star, emphasis(now))
}

func (m *Model) drawProperties(a area, wide bool) {
	s := m.session
	a.rule(0, "properties")
	verdicts := s.branch.Verdicts()
	if verdicts == nil {
		a.put(0, 1, "… being judged", faint)
		return
	}
	if !wide {
		half := (a.w + 2) / 2 // the names on the left are longer
		for i, v := range verdicts {
			mark, look, text := standing(v, s.at)
			cell := a.part(i%2*half, 1+i/2, half, 1)
			x := cell.put(0, 0, mark+" ", look)
			name := plain
			if mark == "✗" {
				name = look
			}
			x = cell.put(x, 0, v.Property, name)
			if mark == "✓" && text != "" {
				cell.put(x, 0, "…", bad) // not for ever
			}
		}
		return
	}
	y := 1
	for _, v := range verdicts {
		mark, look, text := standing(v, s.at)
		name, side := plain, faint
		if mark == "✗" {
			name, side = look, plain
		}
		why := ""
		if mark != "✓" {
			why = ": " + v.Why.String()
		}
		rest := a.part(0, y, a.w, min(a.h-y, 2))
		y += rest.wrap(0, 2, span{mark, look}, span{v.Property, name}, span{text + why, side})
	}
}

// firstItem is the first of what is under way that is shown in so many rows.
func (m *Model) firstItem(rows int) int { return max(m.session.chosen-rows+1, 0) }

func (m *Model) drawPending(a area) {
	items := m.session.Items()
	coming, times := m.session.Coming()
	a.rule(0, "under way")
	if len(coming) > 0 || len(items) > 0 && items[0].timed {
		a.right(0, " due at ms", bold)
	}
	if len(items)+len(coming) == 0 {
		a.put(1, 1, "nothing", faint)
	}
	first := m.firstItem(a.h - 1)
	for y := 1; y < a.h && first+y-1 < len(items); y++ {
		i := first + y - 1
		it := &items[i]
		due, look := "", laneStyle(it.from)
		if it.timed {
			due = milliseconds(it.due)
		}
		if it.lost {
			due = "✗ " + due
		}
		if i == m.session.chosen {
			a.put(0, y, "▸", bold)
			look.bold = true
		}
		a.fit(1, y, a.w-2-width(due), it.text, look)
		a.right(y, due, faint)
	}
	for i, text := range coming {
		if y := 1 + len(items) - first + i; y < a.h {
			due := milliseconds(times[i])
			a.fit(1, y, a.w-2-width(due), "to come: "+text, faint)
			a.right(y, due, faint)
		}
	}
	if more := len(items) - first - (a.h - 1); more > 0 {
		a.put(11, 0, fmt.Sprintf("(%d more ↓) ", more), faint)
	}
}

func (m *Model) drawSentence(a area) {
	s := m.session
	title := "event " + count(s.at)
	body := a.part(1, 1, a.w-2, a.h-1)
	if s.at == 0 {
		a.rule(0, title)
		body.wrap(0, 0, span{"Nothing has happened yet. → goes to the first event.", plain})
		return
	}
	l := s.line()
	if l.Cause > 0 {
		title += fmt.Sprintf(", caused by event %d (w)", l.Cause)
	}
	for _, act := range s.branch.Acts() {
		if act.After+1 == s.at && act.Delay == 0 {
			title += ", by hand: " + s.tree.Text(act)
		}
	}
	a.rule(0, title)
	y := body.wrap(0, 2, sentence(&l)...)
	for _, v := range s.branch.Verdicts() {
		if v.State == check.Violated && v.Event == s.at && y < body.h {
			y += body.part(0, y, body.w, body.h-y).wrap(0, 2, span{"✗ " + v.Property + ":", bad}, span{v.Why.String(), plain})
		}
	}
}

func (m *Model) drawChoice(a area) {
	i, ok := m.session.choice()
	if !ok {
		a.fit(0, 0, a.w, "▸ "+m.session.nothing(), faint)
		return
	}
	preview := m.session.Preview()
	a.wrap(0, 2, span{"▸ " + i.text + " · if now:", bold}, span{preview, plain})
}

// milliseconds is a time as the diagram has it.
func milliseconds(t trace.Time) string {
	return fmt.Sprintf("%d.%d", t/trace.Millisecond, t/(trace.Millisecond/10)%10)
}
