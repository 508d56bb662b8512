package web

import (
	"fmt"
	"os"
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

// The runs that were asked for last are remembered.
func TestRemembered(t *testing.T) {
	d := New()
	for seed := range mostRuns + 3 {
		d.View(t.Context(), fmt.Appendf(nil, `{"scenario":"two-winners","seed":"%d"}`, seed))
	}
	if len(d.runs) != mostRuns || d.runs[0].query.Seed != "3" {
		t.Errorf("%d runs, the first with seed %s", len(d.runs), d.runs[0].query.Seed)
	}
}
