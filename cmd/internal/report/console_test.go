package report

import (
	"strings"
	"testing"

	"skinny/sim/render"
)

// The ground is what the user says, or else the terminal.
func TestGround(t *testing.T) {
	for _, test := range []struct {
		when, terminal string
		want           render.Ground
	}{
		{"auto", "", render.AnyGround}, {"auto", "15;0", render.DarkGround}, {"always", "0;15", render.LightGround},
		{"auto", "0;default;15", render.LightGround}, {"auto", "7", render.AnyGround}, {"auto", "0;default", render.AnyGround},
		{"light", "15;0", render.LightGround}, {"dark", "", render.DarkGround},
	} {
		if got := groundOf(test.when, test.terminal); got != test.want {
			t.Errorf("--color %s with COLORFGBG=%s is ground %d, not %d", test.when, test.terminal, got, test.want)
		}
	}
}

// Where a terminal has all colours, an instance has exactly that of pictures on the ground;
// elsewhere one of the few, and without colour none. All of it passes the door.
func TestColors(t *testing.T) {
	for _, test := range []struct{ depth, when, want string }{
		{"truecolor", "always", "\x1b[38;2;11;124;185ma"}, {"", "always", "\x1b[36ma"}, {"truecolor", "never", "a"},
	} {
		t.Setenv("COLORTERM", test.depth)
		t.Setenv("COLORFGBG", "")
		var printed strings.Builder
		c := &Console{}
		c.SetColor(test.when)
		door := &Door{Writer: &printed, Color: &c.Color}
		door.Write([]byte(Palette[0].Sprint("a")))
		if got := printed.String(); !strings.HasPrefix(got, test.want) {
			t.Errorf("COLORTERM=%s --color %s: %q", test.depth, test.when, got)
		}
	}
	(&Console{}).SetColor("never")
}
