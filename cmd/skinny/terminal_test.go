package main

import (
	"bytes"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/mattn/go-runewidth"

	"skinny/cmd/internal/report"
	"skinny/scenarios"
)

var escape = regexp.MustCompile("\x1b\\[[0-9;]*m")

// show runs the command in this process as on a terminal of a width.
func show(width int, args ...string) string {
	var out bytes.Buffer
	a := testApp(&out, &out)
	a.Terminal, a.Width = true, width
	a.execute(args)
	return out.String()
}

// On a terminal there is colour, unless somebody does not want it.
func TestColour(t *testing.T) {
	for _, c := range []struct {
		noColor, term string
		args          string
		colour        bool
	}{
		{"", "xterm", "", true},
		{"1", "xterm", "", false},
		{"", "dumb", "", false},
		{"", "xterm", "--color never", false},
		{"1", "dumb", "--color always", true},
	} {
		t.Setenv("NO_COLOR", c.noColor)
		t.Setenv("TERM", c.term)
		out := show(report.DefaultWidth, strings.Fields("run two-winners "+c.args)...)
		if escape.MatchString(out) != c.colour {
			t.Errorf("NO_COLOR=%q TERM=%q %s: colour is %v", c.noColor, c.term, c.args, !c.colour)
		}
	}
}

// A picture is not poured onto a terminal, where nobody can read it.
func TestPictureOnTerminal(t *testing.T) {
	for _, format := range []string{"", "--format=svg", "--format=html"} {
		out := show(80, strings.Fields("draw two-winners "+format)...)
		if !strings.Contains(out, "is not for reading on a terminal\n  -o picture.") || len(out) > 300 {
			t.Errorf("%s: %.300s", format, out)
		}
	}
	t.Chdir(t.TempDir())
	if out := show(80, "draw", "two-winners", "-o", "x.svg"); out != "" || !report.Exists("x.svg") {
		t.Errorf("into a file: %.300s", out)
	}
	if out := show(80, "draw", "two-winners", "--format", "mermaid"); !strings.HasPrefix(out, "sequenceDiagram") {
		t.Errorf("%.300s", out)
	}
}

// What is lost is in the colour of what is wrong.
func TestLostInRed(t *testing.T) {
	t.Chdir(t.TempDir())
	const text = "format: 1\ninstances: [a, b, c]\ntimeline:\n  - {at: 0ms, acquire: alice, via: a}\nmessages:\n  - {drop: promise-request, from: a, to: b}\n"
	if err := os.WriteFile("x.yaml", []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	if out := show(report.DefaultWidth, "run", "x.yaml", "--color", "always"); !regexp.MustCompile("\x1b\\[31;1m─✗").MatchString(out) {
		t.Errorf("%q", out)
	}
}

// Colour changes nothing but colour, and no width is exceeded but by the command to
// repeat the run, which has to stay in one piece.
func TestWidths(t *testing.T) {
	t.Setenv("NO_COLOR", "")
	t.Setenv("TERM", "xterm")
	for _, width := range []int{60, report.DefaultWidth, 100, report.MostWidth} {
		for _, e := range scenarios.Library() {
			coloured := show(width, "run", e.Name)
			plain := show(width, "run", e.Name, "--color", "never")
			if escape.ReplaceAllString(coloured, "") != plain {
				t.Errorf("%s, %d columns: colour changes the text", e.Name, width)
			}
			for _, line := range strings.Split(plain, "\n") {
				if w := runewidth.StringWidth(line); w > width && !strings.HasPrefix(line, "  again: ") {
					t.Errorf("%s: %d columns instead of %d: %s", e.Name, w, width, line)
				}
			}
		}
	}
}
