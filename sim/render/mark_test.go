package render_test

import (
	"slices"
	"testing"

	"skinny/sim/render"
	"skinny/sim/trace"
)

// Every fault has a sign that the legend explains, and a label.
func TestFaultsHaveSigns(t *testing.T) {
	for k := trace.Crash; k < trace.Step; k++ {
		sign, label := render.SignOf(k)
		known := slices.ContainsFunc(render.Legend(), func(m render.MarkMeaning) bool { return m.Rune == sign })
		if link := sign == render.Severs || sign == render.Mends; !known && !link || label == "" {
			t.Errorf("%v has the sign %q and the label %q", k, sign, label)
		}
	}
}
