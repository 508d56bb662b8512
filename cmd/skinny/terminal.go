package main

import (
	"io"
	"os"
	"strings"

	"github.com/fatih/color"
	"github.com/mattn/go-runewidth"
	"golang.org/x/term"
)

// Output is written for a width between these; text is easier to read in lines
// that are not too long.
const (
	defaultWidth = 80
	leastWidth   = 40
	mostWidth    = 120
)

// terminal says whether a file is a terminal, and how wide output to it may be.
func terminal(f *os.File) (bool, int) {
	if !term.IsTerminal(int(f.Fd())) {
		return false, defaultWidth
	}
	width, _, err := term.GetSize(int(f.Fd()))
	if err != nil || width <= 0 {
		return true, defaultWidth
	}
	return true, min(max(width, leastWidth), mostWidth)
}

func isTerminal(f *os.File) bool { return term.IsTerminal(int(f.Fd())) }

// setColor decides about colour by the flag, by NO_COLOR (any value but the empty
// one) and by whether the output is a terminal.
func (a *app) setColor(when string) error {
	on := false
	switch when {
	case "always":
		on = true
	case "never":
	case "auto":
		on = a.terminal && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
	default:
		return usage("skinny: --color is auto, always or never, not %q", when)
	}
	a.color = on
	// Each is told, since the package has its own mind about NO_COLOR.
	for _, c := range append([]*color.Color{bold, dim, good, bad}, palette...) {
		if on {
			c.EnableColor()
		} else {
			c.DisableColor()
		}
	}
	return nil
}

// Colours of instances, by position, then again from the first. Red is kept for
// what is wrong.
var palette = []*color.Color{
	color.New(color.FgCyan),
	color.New(color.FgYellow),
	color.New(color.FgMagenta),
	color.New(color.FgGreen),
	color.New(color.FgBlue),
	color.New(color.FgHiCyan),
	color.New(color.FgHiYellow),
	color.New(color.FgHiMagenta),
}

var (
	bold = color.New(color.Bold)
	dim  = color.New(color.Faint)
	good = color.New(color.FgGreen)
	bad  = color.New(color.FgRed, color.Bold)
)

// pad fills s with spaces to a width in columns.
func pad(s string, width int) string { return s + spaces(width-runewidth.StringWidth(s)) }

// padLeft fills s with spaces on its left to a width in columns.
func padLeft(s string, width int) string { return spaces(width-runewidth.StringWidth(s)) + s }

func spaces(n int) string { return strings.Repeat(" ", max(n, 0)) }

// wrap writes words in lines of at most width columns. The cursor stands at
// column at; further lines begin at column indent.
func wrap(out io.StringWriter, text string, at, indent, width int) {
	for i, word := range strings.Fields(text) {
		w := runewidth.StringWidth(word)
		switch {
		case i == 0:
		case at+1+w > width:
			out.WriteString("\n" + spaces(indent))
			at = indent
		default:
			out.WriteString(" ")
			at++
		}
		out.WriteString(word)
		at += w
	}
}

// wrapped is a text in lines of at most width columns.
func wrapped(text string, width int) string {
	var b strings.Builder
	wrap(&b, text, 0, 0, width)
	return b.String()
}
