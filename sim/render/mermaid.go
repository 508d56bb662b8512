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
	said := m.statements()
	m.holds(s.Scene.First-1, changed[s.Scene.First-1])
	for i, at := range s.Scene.Times {
		event := s.Scene.First + i
		shown := s.Shown == nil || s.Shown(event)
		if shown {
			prefix := fmt.Sprintf("%d · %s ms · ", event, Milliseconds(at))
			for _, line := range said[event] {
				m.f("  %s: %s%s\n", line.who, prefix, line.what)
				prefix = ""
			}
		}
		m.holds(event, changed[event])
		if s.Notes != nil && shown {
			for _, n := range s.Notes(event) {
				m.f("  Note over p0,p%d: %s\n", len(s.Scene.Actors)-1, mermaidText(verdict(n.Head != "", "✗ "+n.Head+": ", "")+n.Text))
			}
		}
	}
	end := s.Scene.First + len(s.Scene.Times)
	m.holds(end, changed[end]) // a bar that is not ended is not drawn
	return m.Flush()
}

type mermaid struct {
	*bufio.Writer
	*Sheet
	conflicts int // clients that hold the lock while others do
}

func (m *mermaid) f(format string, args ...any) { fmt.Fprintf(m, format, args...) }

type statement struct{ who, what string }

// statements are what happens, by event: requests solid, answers dashed, what is lost
// with a cross; then what has waited, and marks.
func (s *Sheet) statements() map[int][]statement {
	said := map[int][]statement{}
	say := func(event int, who, what, more string) {
		if what != "" {
			said[event] = append(said[event], statement{who, mermaidText(what) + more})
		}
	}
	for _, a := range s.Scene.Arrows {
		head := verdict(a.Lost, "x", ">>")
		say(a.Arrived, fmt.Sprintf("p%d%s%sp%d", a.From, verdict(a.Answer, "--", "-"), head, a.To), a.Label, verdict(a.Lost, " (lost)", ""))
	}
	for _, w := range s.Scene.Waits {
		say(w.To, fmt.Sprintf("Note over p%d", w.Lane), w.Label, " has waited")
	}
	for _, k := range s.Scene.Marks {
		say(k.Event, fmt.Sprintf("Note over p%d", k.Lane), k.Label, "")
	}
	return said
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
