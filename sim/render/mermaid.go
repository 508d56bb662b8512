package render

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"skinny/sim/trace"
)

// MermaidLimit is the number of characters that GitHub renders, and the default of
// Mermaid itself.
const MermaidLimit = 50_000

// WriteMermaid writes a sheet as a sequence diagram of Mermaid. Messages take no time
// there: each has its line where it arrives.
func (s *Sheet) WriteMermaid(out io.Writer) error {
	m := mermaid{bufio.NewWriter(out), s, 0}
	m.f("sequenceDiagram\n")
	if s.Title != "" {
		m.f("  title %s\n", mermaidText(s.Title))
	}
	for lane, a := range s.Scene.Actors {
		m.f("  %s p%d as %s\n", verdict(a.Instance == trace.None, "actor", "participant"), lane, mermaidText(a.Name))
	}
	changed := map[int][]*Span{} // by event: the holds that begin or end
	for i := range s.Scene.Spans {
		if p := &s.Scene.Spans[i]; p.Kind == Holding || p.Kind == Conflict {
			changed[p.From] = append(changed[p.From], p)
			changed[p.To] = append(changed[p.To], p)
		}
	}
	arrows, marks, waits := s.Scene.Arrows, s.Scene.Marks, s.Scene.Waits
	m.holds(s.Scene.First-1, changed[s.Scene.First-1])
	for i, at := range s.Scene.Times {
		event := s.Scene.First + i
		shown := s.Shown == nil || s.Shown(event)
		prefix := fmt.Sprintf("%d · %s ms · ", event, Milliseconds(at))
		for ; len(arrows) > 0 && arrows[0].Arrived <= event; arrows = arrows[1:] {
			if shown {
				m.arrow(&arrows[0], prefix)
				prefix = ""
			}
		}
		for ; len(waits) > 0 && waits[0].To <= event; waits = waits[1:] {
			if w := &waits[0]; shown && w.Label != "" {
				m.f("  Note over p%d: %s%s has waited\n", w.Lane, prefix, mermaidText(w.Label))
				prefix = ""
			}
		}
		for ; len(marks) > 0 && marks[0].Event <= event; marks = marks[1:] {
			if k := &marks[0]; shown && k.Label != "" {
				m.f("  Note over p%d: %s%s\n", k.Lane, prefix, mermaidText(k.Label))
				prefix = ""
			}
		}
		m.holds(event, changed[event])
		if s.Notes != nil && shown {
			for _, n := range s.Notes(event) {
				m.f("  Note over p0,p%d: %s\n", len(s.Scene.Actors)-1, mermaidText(verdict(n.Alarm, "✗ "+n.Head+": ", "")+n.Text))
			}
		}
	}
	if m.conflicts > 0 {
		m.f("  end\n")
	}
	return m.Flush()
}

type mermaid struct {
	*bufio.Writer
	*Sheet
	conflicts int // clients that hold the lock while others do
}

func (m *mermaid) f(format string, args ...any) { fmt.Fprintf(m, format, args...) }

// arrow writes a message: requests solid, answers dashed, what is lost with a cross.
func (m *mermaid) arrow(a *Arrow, prefix string) {
	if a.Label == "" {
		return
	}
	line := verdict(a.Answer, "-->>", "->>")
	if a.Lost {
		line = verdict(a.Answer, "--x", "-x")
	}
	m.f("  p%d%sp%d: %s%s%s\n", a.From, line, a.To, prefix, mermaidText(a.Label), verdict(a.Lost, " (lost)", ""))
}

// holds draws who begins and ends to hold the lock by an event, and where several do.
func (m *mermaid) holds(event int, changed []*Span) {
	held, before := map[int]int{}, m.conflicts
	for _, s := range changed {
		by := verdict(s.From == event, 1, -1)
		held[s.Lane] += by
		if s.Kind == Conflict {
			m.conflicts += by
		}
	}
	if before > 0 && m.conflicts == 0 {
		m.f("  end\n")
	}
	for _, s := range changed {
		if now := held[s.Lane]; now != 0 {
			m.f("  %s p%d\n", verdict(now > 0, "activate", "deactivate"), s.Lane)
			held[s.Lane] = 0
		}
	}
	if before == 0 && m.conflicts > 0 {
		m.f("  rect rgba(213, 94, 0, 0.25)\n")
	}
}

// mermaidText makes a text harmless. Mermaid's own escapes are #…;.
func mermaidText(text string) string {
	var b strings.Builder
	for _, r := range strings.TrimSpace(Harmless(text)) {
		if strings.ContainsRune("#;<>&\"%{}[]\\`:", r) {
			fmt.Fprintf(&b, "#%d;", r)
		} else {
			b.WriteRune(r)
		}
	}
	switch text = b.String(); {
	case text == "":
		return "-"
	case strings.EqualFold(text, "end"): // a keyword
		return "#101;" + text[1:]
	}
	return text
}
