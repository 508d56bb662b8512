package render_test

import (
	"bytes"
	"strings"
	"testing"

	"skinny/protocol"
	"skinny/sim/render"
	"skinny/sim/trace"
)

// As many lanes fit as can be seen whole, a lane has its least and most columns, and a diagram
// takes no more than it is given.
func TestFits(t *testing.T) {
	var h handmade
	h.told(h.call(protocol.Acquire, 1, 0), protocol.Acquired)
	d := h.diagram() // of four lanes, with eight columns before them: " 0.0 1 "
	for width, want := range map[int]int{0: 1, 7: 1, 14: 1, 15: 2, 18: 2, 19: 3, 23: 4, 55: 4, 60: 4, 200: 16} {
		if got := d.Fits(width); got != want {
			t.Errorf("%d columns have room for %d lanes, not %d", width, got, want)
		}
	}
	for pitch, want := range map[int]int{4: 7 + 16, 12: 7 + 48, 30: 7 + 48} {
		if got := d.Full(pitch); got != want {
			t.Errorf("at %d columns a lane it takes %d, not %d", pitch, got, want)
		}
	}
	none := render.Diagram{Header: d.Header, Actors: d.Actors, Events: &handmade{}}
	w := render.Window{First: 1, Rows: 5, Width: 40, Before: trace.NewFollower(d.Header)}
	bare := render.Diagram{Header: d.Header, Events: &handmade{}}
	if rows := none.Draw(w); rows != nil || len(none.Head(w)) != 2 || none.Fits(23) != 4 || bare.Fits(23) != 1 {
		t.Errorf("before anything happens there are %d rows", len(rows))
	}
	r := run{Diagram: *d}
	if rows := d.Draw(r.before(render.Window{First: h.Len() + 1, Rows: 5, Width: 40})); rows != nil {
		t.Errorf("behind the end there are %d rows", len(rows))
	}
	for apart, want := range map[int]int{0: 2, 1: 4, 2: 6} {
		rows := d.Draw(r.before(render.Window{First: 1, Rows: 50, Width: 40, Apart: apart}))
		if len(rows) != want || rows[0].Event != 1 || rows[1+apart].Event != 2 {
			t.Errorf("with %d rows between two events there are %d rows", apart, len(rows))
		}
		if rows := d.Draw(r.before(render.Window{First: 1, Rows: 1, Width: 40, Apart: apart})); len(rows) != 1 {
			t.Errorf("of one row there are %d", len(rows))
		}
	}
	for _, c := range []struct {
		at   trace.Time
		want string
	}{{0, "0.0"}, {99_999, "0.0"}, {100_000, "0.1"}, {trace.Millisecond, "1.0"}, {12_990_000, "12.9"}, {2 * trace.Second, "2000.0"}} {
		if got := render.Milliseconds(c.at); got != c.want {
			t.Errorf("%d ns is %s ms, not %s", c.at, got, c.want)
		}
	}
}

// In Mermaid's diagrams who holds the lock is active, and while two do the ground is red.
func TestMermaidHolds(t *testing.T) {
	var h handmade
	first, second := h.call(protocol.Acquire, 1, 0), h.call(protocol.Acquire, 2, 1)
	h.told(first, protocol.Acquired)                             // 3
	h.told(second, protocol.Acquired)                            // 4: both
	h.told(h.call(protocol.Release, 1, 0), protocol.Released)    // 5
	h.told(h.call(protocol.Release, 2, 1), protocol.NotReleased) // 7
	draw := func(first, rows int, change func(*render.Sheet)) string {
		r := run{Diagram: *h.diagram()}
		s := render.Sheet{Scene: r.Lay(r.before(render.Window{First: first, Rows: rows}))}
		change(&s)
		var b bytes.Buffer
		if err := s.WriteMermaid(&b); err != nil {
			t.Fatal(err)
		}
		var list []string
		for _, line := range strings.Split(b.String(), "\n") {
			if line = strings.TrimSpace(line); !strings.Contains(line, "participant") && !strings.HasPrefix(line, "actor") {
				list = append(list, line)
			}
		}
		return strings.Join(list, "\n")
	}
	same := func(*render.Sheet) {}
	for _, c := range []struct {
		name        string
		first, rows int
		change      func(*render.Sheet)
		want        string
	}{
		{"whole", 1, 8, same, `sequenceDiagram
p2->>p0: 1 · 0.0 ms · acquire
p3->>p1: 2 · 0.0 ms · acquire
p0-->>p2: 3 · 0.0 ms · acquired
Note over p2: holds the lock
activate p2
p0-->>p3: 4 · 0.0 ms · acquired
Note over p3: holds it, too
activate p3
rect rgba(213, 94, 0, 0.25)
p2->>p0: 5 · 0.0 ms · release
end
deactivate p2
p0-->>p2: 6 · 0.0 ms · released
p3->>p1: 7 · 0.0 ms · release
deactivate p3
p0-->>p3: 8 · 0.0 ms · not-released
`},
		{"cut off in a conflict", 4, 1, same, `sequenceDiagram
activate p2
p0-->>p3: 4 · 0.0 ms · acquired
Note over p3: holds it, too
activate p3
rect rgba(213, 94, 0, 0.25)
end
deactivate p2
deactivate p3
`},
		{"with a title, notes, and without some", 3, 2, func(s *render.Sheet) {
			s.Title = "a; title"
			s.Shown = func(event int) bool { return event != 4 }
			s.Notes = func(int) []render.Note { return []render.Note{{Head: "head", Text: "why"}, {Text: "note"}} }
		}, `sequenceDiagram
title a#59; title
p0-->>p2: 3 · 0.0 ms · acquired
Note over p2: holds the lock
activate p2
Note over p0,p3: ✗ head#58; why
Note over p0,p3: note
activate p3
rect rgba(213, 94, 0, 0.25)
end
deactivate p2
deactivate p3
`},
	} {
		if got := draw(c.first, c.rows, c.change); got != c.want {
			t.Errorf("%s:\n%s\nwant:\n%s", c.name, got, c.want)
		}
	}
}
