//go:build !js && !wasip1

package step

import (
	"fmt"
	"slices"
	"strconv"

	"skinny/cmd/internal/session"
	"skinny/protocol"
	"skinny/sim"
	"skinny/sim/check"
	"skinny/sim/narrate"
	"skinny/sim/prose"
	"skinny/sim/render"
)

func (m *Model) diagram() *render.Diagram {
	d, b := m.session.Diagram(), m.session.Branch()
	clients, operator := b.Clients()
	d.Actors = render.Actors(d.Header, clients, operator)
	if !m.session.Veiled() && b.Ending() == sim.NotEnded {
		d.Open = nil // what becomes of them is known soon
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

// What the first column of a row says. Each means one thing.
const (
	currentSign = "▸" // the current event
	chosenSign  = "▹" // what is chosen, and where it happens if it is let
	markedSign  = "▪" // the instance that faults are about
	cursorSign  = "❯" // the row of a page that enter is about
)

func (m *Model) drawDiagram(a area) {
	s := m.session
	d := m.diagram()
	wide := beside(d, a.w)
	w := render.Window{First: m.first, Rows: a.h - headRows, Apart: m.layout().apart, Width: wide, Skip: m.skip}
	s.Branch().Follow(&m.run, m.first-1)
	w.Before = &m.run
	rows := append(d.Head(w), d.Draw(w)...)
	expected := s.Expected()
	for y, r := range rows {
		now := r.Event == s.At() && r.Event > 0
		chosen := r.Event == expected && r.Event > 0
		future := r.Event > s.At() && !chosen
		for x, c := range r.Cells {
			look := cellStyle(c)
			if future {
				look = faint
			}
			if now {
				look = bold
				if c.Class != render.Clock && c.Class != render.Number {
					look = cellStyle(c) | bold
				}
			}
			if c.Rune != ' ' && c.Rune != 0 {
				a.set(x, y, string(c.Rune), look)
			}
		}
		for _, n := range r.Names {
			a.part(0, y, wide, 1).put(n.X, 0, n.Text, laneStyle(n.Lane)|bold)
		}
		switch {
		case now:
			a.set(0, y, currentSign, bold)
		case chosen:
			a.set(0, y, chosenSign, bold)
		}
		if wide < a.w && r.Event > 0 {
			l := s.Branch().Line(r.Event)
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
	if len(d.Actors)-m.skip > d.Fits(wide) {
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
	case render.Signed, render.Hold:
		s |= bold
	}
	return s
}

func (m *Model) firstInstance(n int) int { return max(int(m.session.Marked())-n+1, 0) }

func (m *Model) drawInstances(a area) {
	s := m.session
	a.rule("instances")
	a.put(9, 0, "  PROM   ID  HOLDER ", bold)
	s.Branch().Follow(&m.run, max(s.At()-1, 0))
	before := slices.Clone(m.run.Instances)
	if s.At() > 0 {
		m.run.Observe(s.Branch().Event(s.At()))
	}
	lanes := m.run.Instances
	h := s.Branch().Header()
	first := m.firstInstance(a.h - 1)
	for y := 1; y < a.h; y++ {
		i := first + y - 1
		now, was := &lanes[i], &before[i]
		if protocol.Position(i) == s.Marked() {
			a.set(0, y, markedSign, bold)
		}
		a.fit(1, y, 9, h.Instances[i], laneStyle(int8(i))|bold)
		changed(a, 11, y, 4, number(now.State.Promised), now.State.Promised != was.State.Promised)
		changed(a, 17, y, 3, number(now.State.Accepted.ID), now.State.Accepted.ID != was.State.Accepted.ID)
		holder := "-"
		if who := now.State.Accepted.Holder; who != protocol.Free {
			holder = prose.NamesOf(h).Client(who).Words
		}
		mark := ""
		if now.State.Accepted.Holder != was.State.Accepted.Holder {
			mark = "*"
		}
		a.fit(22, y, 7, holder+mark, emphasis(mark != ""))
		a.fit(29, y, a.w-29, session.Doing(now), emphasis(session.Doing(now) != session.Doing(was)))
	}
}

func emphasis(on bool) style {
	if on {
		return news
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
	a.rule("properties")
	verdicts := s.Visible()
	if verdicts == nil {
		a.put(0, 1, "… being judged", faint)
		return
	}
	y, half := 1, (a.w+2)/2 // the names on the left are longer
	for i, v := range verdicts {
		mark, text := session.PropertyAt(v, s.At())
		name, side := session.Span{Text: v.Property}, session.Span{Text: text, Look: session.Faint}
		if mark.Look == session.Bad {
			name.Look, side.Look = session.Bad, session.Plain
		}
		if wide {
			if mark.Look != session.Good {
				side.Text += ": " + v.Why.String()
			}
			left := a.h - y
			rows := min(left, 2, max(left-(len(verdicts)-1-i), 1)) // those below have one each, too
			y += a.part(0, y, a.w, rows).wrap(0, 2, mark, name, side)
			continue
		}
		if mark.Look == session.Good && text != "" {
			name.Text += "…" // not for ever
		}
		a.part(i%2*half, 1+i/2, half, 1).wrap(0, 2, mark, name)
	}
}

// firstItem is the first of what is under way that is shown in n rows.
func (m *Model) firstItem(n int) int { return max(m.session.Chosen()-n+1, 0) }

func (m *Model) drawPending(a area) {
	items := m.session.Items()
	all := append(slices.Clip(items), m.session.Coming()...)
	a.rule("under way")
	if len(all) == 0 {
		a.put(1, 1, "nothing", faint)
	} else if all[0].Timed {
		a.right(0, " due at ms", bold)
	}
	first := m.firstItem(a.h - 1)
	for y := 1; y < a.h && first+y-1 < len(all); y++ {
		i := first + y - 1
		it := &all[i]
		text, due, look := it.Text, "", laneStyle(it.From)
		if it.Timed {
			due = render.Milliseconds(it.Due)
		}
		if it.Lost {
			due = "✗ " + due
		}
		switch {
		case i >= len(items):
			text, look = "to come: "+text, faint
		case i == m.session.Chosen():
			a.set(0, y, chosenSign, bold)
			look |= bold
		}
		a.fit(1, y, a.w-2-width(due), text, look)
		a.right(y, due, faint)
	}
	if more := len(items) - first - (a.h - 1); more > 0 {
		a.put(11, 0, fmt.Sprintf("(%d more ↓) ", more), faint)
	}
}

func (m *Model) drawSentence(a area) {
	s, b := m.session, m.session.Branch()
	title := fmt.Sprintf("event %d", s.At())
	body := a.part(1, 1, a.w-2, a.h-1)
	if s.Presenting() {
		body = a.part(2, 2, a.w-4, a.h-2)
	}
	if s.At() == 0 {
		a.rule(title)
		text := "Nothing has happened yet. → goes to the first event."
		if s.Solving() != nil && s.Limit() == 0 && s.Veiled() {
			text = "Nothing has happened yet."
		}
		body.wrap(0, 0, session.Span{Text: text})
		return
	}
	l := b.Line(s.At())
	if l.Cause > 0 {
		title += fmt.Sprintf(", caused by event %d (w)", l.Cause)
	}
	if act, ok := b.ByHand(s.At()); ok {
		title += ", by hand: " + b.Text(act)
	}
	a.rule(title)
	y := body.wrap(0, 2, session.Sentence(&l)...)
	for _, v := range check.BrokenBy(s.At(), b.Verdicts()) {
		if y < body.h {
			y += body.part(0, y, body.w, body.h-y).wrap(0, 2, session.Span{Text: "✗ " + v.Property + ":", Look: session.Bad}, session.Span{Text: v.Why.String()})
		}
	}
}

func (m *Model) drawChoice(a area) {
	s := m.session
	if s.Question() != nil {
		return
	}
	if chosen := s.Chosen(); chosen >= 0 {
		text, preview := chosenSign+" "+s.Items()[chosen].Text, s.Preview()
		if preview != "" {
			text += " · if now:"
		}
		a.wrap(0, 2, session.Span{Text: text, Look: session.Strong}, session.Span{Text: preview})
		return
	}
	a.wrap(0, 2, session.Span{Text: s.Choosable(), Look: session.Faint})
}

func number(id protocol.ID) string { return strconv.FormatUint(uint64(id), 10) }
