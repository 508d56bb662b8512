package report

import (
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
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
		{"auto", "15;8", render.DarkGround}, {"auto", ";15", render.LightGround}, {"dark", "0;15", render.DarkGround}, {"light", "0;0", render.LightGround}, {"auto", "0;7", render.LightGround}, {"auto", "15;6", render.DarkGround}, {"auto", "0;9", render.AnyGround},
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

// Where there is no terminal, COLUMNS says how wide output is, within bounds.
func TestWidthOfNoTerminal(t *testing.T) {
	file, err := os.Open(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for columns, want := range map[string]int{
		"": DefaultWidth, "wide": DefaultWidth, "0": DefaultWidth, "-50": DefaultWidth, "1": 40, "40": 40, "41": 41, "100": 100, "120": 120, "121": 120,
	} {
		t.Setenv("COLUMNS", columns)
		if terminal, width := TerminalOf(file); terminal || width != want {
			t.Errorf("COLUMNS=%s: %d columns, %v", columns, width, terminal)
		}
	}
}

// What is wrong is red and bold, what is good green, or the colours of the ground.
func TestStyles(t *testing.T) {
	defer (&Console{}).SetColor("never")
	for _, test := range []struct{ depth, when, good, bad string }{
		{"", "always", "\x1b[32m", "\x1b[31;1m"},
		{"truecolor", "light", "", ""}, // no terminal
		{"24bit", "always", rgb(render.Reached, render.AnyGround, ""), rgb(render.Alarm, render.AnyGround, ";1")},
	} {
		t.Setenv("COLORTERM", test.depth)
		t.Setenv("COLORFGBG", "")
		c := &Console{}
		c.SetColor(test.when)
		for text, want := range map[string]string{Good.Sprint("x"): test.good, Bad.Sprint("x"): test.bad} {
			if !strings.HasPrefix(text, want+"x") {
				t.Errorf("COLORTERM=%s --color %s: %q, want %q", test.depth, test.when, text, want)
			}
		}
	}
	t.Setenv("COLORTERM", "truecolor")
	t.Setenv("NO_COLOR", "")
	t.Setenv("TERM", "xterm")
	for when, ground := range map[string]render.Ground{"light": render.LightGround, "dark": render.DarkGround} {
		c := &Console{Terminal: true}
		c.SetColor(when)
		if got, want := Palette[1].Sprint("x"), rgb(render.Color(1), ground, ""); !c.Color || c.Ground != ground || !strings.HasPrefix(got, want+"x") {
			t.Errorf("--color %s: %q, want %q", when, got, want)
		}
	}
}

// rgb is how a hue is written exactly.
func rgb(h render.Hue, ground render.Ground, more string) string {
	r, g, b := render.RGB(h.On(ground))
	return fmt.Sprintf("\x1b[38;2;%d;%d;%d%sm", r, g, b, more)
}

// A build says its version and revision as far as they are known, its formats, and where it runs.
func TestVersion(t *testing.T) {
	rest := fmt.Sprintf(", scenario format 1, result format 1, %s %s/%s\n", runtime.Version(), runtime.GOOS, runtime.GOARCH)
	if got := Version(); !strings.HasPrefix(got, "skinny ") || !strings.HasSuffix(got, rest) {
		t.Errorf("%q", got)
	}
	revised := []debug.BuildSetting{{Key: "vcs", Value: "git"}, {Key: "vcs.revision", Value: "12ab"}, {Key: "vcs.modified", Value: "false"}}
	for want, build := range map[string]debug.BuildInfo{
		"skinny (devel)":      {},
		"skinny v1.2.0":       {Main: debug.Module{Version: "v1.2.0"}},
		"skinny (devel) 12ab": {Settings: revised},
		"skinny v1.2.0 12ab":  {Main: debug.Module{Version: "v1.2.0"}, Settings: revised},
	} {
		if got := versionOf(&build); got != want+rest {
			t.Errorf("%q, not %q", got, want+rest)
		}
	}
}
