package render_test

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"os"
	"strings"
	"testing"

	"skinny/sim/render"
)

// digests are those of a run drawn in all ways, a line each.
func digests(t *testing.T, name string, r *run) (lines []string) {
	line := func(way string, drawn any) {
		lines = append(lines, fmt.Sprintf("%s %s: %.8x", name, way, sha256.Sum256(fmt.Append(nil, drawn))))
	}
	parts := map[string]render.Window{"whole": r.whole(), "part": {First: r.Events.Len()/3 + 1, Rows: r.Events.Len() / 2}}
	for _, part := range []string{"whole", "part"} {
		for _, way := range []string{"plain", "blank", "bare", "tall", "at", "few", "quiet", "hand-out"} {
			s := r.sheet(parts[part])
			s.Blank, s.Bare, s.Tall = way == "blank" || way == "hand-out", way == "bare", way == "tall"
			switch way {
			case "at":
				s.At = parts[part].First + 4
			case "few":
				s.Shown = func(event int) bool { return event%3 != 0 }
			case "quiet", "hand-out":
				s.Tip, s.Notes, s.Subtitle = nil, nil, ""
			}
			var svg, mermaid bytes.Buffer
			if err := s.WriteSVG(&svg); err != nil {
				t.Fatal(err)
			}
			line("svg, "+part+", "+way, svg.String())
			if way == "plain" || way == "few" {
				if err := s.WriteMermaid(&mermaid); err != nil {
					t.Fatal(err)
				}
				if begun, ended := strings.Count(mermaid.String(), "\n  activate "), strings.Count(mermaid.String(), "\n  deactivate "); begun != ended {
					t.Errorf("%s: %d bars begin, %d end", name, begun, ended) // one that does not end is not drawn
				}
				line("mermaid, "+part+", "+way, mermaid.String())
			}
		}
	}
	for _, w := range []render.Window{{Width: 24}, {Width: 61}, {Width: 110, Apart: 1}, {Width: 40, Skip: 1, First: 7, Rows: 9}} {
		w.First = max(w.First, 1)
		if w.Rows == 0 {
			w.Rows = r.Events.Len()
		}
		line(fmt.Sprintf("cells, %d wide", w.Width), append(r.Head(r.before(w)), r.Draw(r.before(w))...))
	}
	return lines
}

// No picture has changed. Which one has, is said; `skinny draw` and the stepper show it.
func TestDigests(t *testing.T) {
	got := digests(t, "faults", open(t, "faults", []byte(faults)))
	got = append(got, digests(t, "hostile", hostile(t))...)
	for _, name := range []string{"../quiz/testdata/odd.yaml", "two-winners", "amnesia", "even-cluster", "long-pause", "jumping", "foreign-release", "too-many-down"} {
		got = append(got, digests(t, name, open(t, name, nil))...)
	}
	tables := fmt.Sprint(render.Legend(), render.NameStyle(), render.Paper, render.Ink, render.Muted, render.Rule, render.Alarm)
	for i := range int8(render.Colors) {
		tables += fmt.Sprint(render.Color(i))
	}
	got = append(got, fmt.Sprintf("legend and colours: %.8x", sha256.Sum256([]byte(tables))))
	const path = "testdata/digests.golden"
	if *update {
		if err := os.WriteFile(path, []byte(strings.Join(got, "\n")+"\n"), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	want := strings.Split(strings.TrimSpace(string(data)), "\n")
	if len(want) != len(got) {
		t.Fatalf("%d pictures, not %d; `go test ./sim/render -update` writes the digests anew", len(got), len(want))
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("it is %s\nand was %s", got[i], want[i])
		}
	}
}
