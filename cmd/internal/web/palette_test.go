package web

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"skinny/sim/render"
)

// The page has the colours of instances that pictures and terminals have.
func TestPalette(t *testing.T) {
	data, err := os.ReadFile("page/style.css")
	if err != nil {
		t.Fatal(err)
	}
	for i := range render.Colors {
		for _, ground := range []render.Ground{render.LightGround, render.DarkGround} {
			if rule := fmt.Sprintf("--i%d: %s;", i, render.Color(int8(i)).On(ground)); !strings.Contains(string(data), rule) {
				t.Errorf("style.css has no %s", rule)
			}
		}
	}
}

// The runs that were asked for last are remembered, each once.
func TestRemembered(t *testing.T) {
	d := New()
	for seed := range mostRuns + 3 {
		d.View(t.Context(), fmt.Appendf(nil, `{"scenario":"two-winners","seed":"%d"}`, seed))
	}
	if len(d.runs) != mostRuns || d.runs[0].query.Seed != "3" {
		t.Errorf("%d runs, the first with seed %s", len(d.runs), d.runs[0].query.Seed)
	}
	kept := slices.Clone(d.runs)
	for _, i := range []int{0, 4, 0, mostRuns - 1} {
		d.View(t.Context(), fmt.Appendf(nil, `{"scenario":"two-winners","seed":"%d"}`, i+3))
	}
	want := append(slices.Concat(kept[1:4], kept[5:mostRuns-1]), kept[4], kept[0], kept[mostRuns-1])
	if !slices.Equal(d.runs, want) {
		t.Errorf("of %v there are %v", kept, d.runs)
	}
}
