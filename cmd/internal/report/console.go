// Package report is what all commands share of talking to people: the console with
// its colours, widths and exit codes, one wrapper of text and one printer of tables,
// one meter, one way to create files, and the stories of runs.
package report

import (
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"sync/atomic"

	"github.com/fatih/color"
	"golang.org/x/term"

	"skinny/sim/render"
)

// Exit codes. They are part of the command's contract.
const (
	ExitClaimed          = 0   // all as claimed
	ExitUnmet            = 1   // an expectation is unmet, or an unclaimed property is violated
	ExitUsage            = 2   // bad usage or bad input
	ExitNoProgress       = 3   // no progress, or a run that did not come to an end by itself
	ExitVacuous          = 4   // a check that met nothing of what it was to test
	ExitNotDeterministic = 5   // two runs of one seed were not the same
	ExitNotExhaustive    = 6   // a search that ended before it was exhaustive, without a violation
	ExitInterrupted      = 130 // Ctrl-C
)

// Exit ends the command with a code. Its message, if there is one, goes to
// standard error.
type Exit struct {
	Code    int
	Message string
}

func (e *Exit) Error() string { return e.Message }

// Usage is an exit for bad input that says what to do next.
func Usage(format string, args ...any) error {
	return &Exit{ExitUsage, fmt.Sprintf(format, args...)}
}

// Console is where a command reads and writes.
type Console struct {
	In          io.Reader
	Out, Err    io.Writer
	Terminal    bool          // Out is a terminal
	Color       bool          // it is written in colour
	Ground      render.Ground // of the terminal, as far as it is known without asking
	Width       int           // of the output, in columns
	Silent      bool          // nobody wants to see how far something is
	Interrupted atomic.Bool
}

// Print writes to the output; it fails when that is closed.
func (c *Console) Print(text string) error {
	_, err := io.WriteString(c.Out, text)
	return err
}

// Output is written for a width between these; text is easier to read in lines
// that are not too long.
const (
	DefaultWidth = 80
	leastWidth   = 40
	MostWidth    = 120
)

// TerminalOf says whether a file is a terminal, and how wide output to it may be: as
// wide as the terminal, or elsewhere as COLUMNS says.
func TerminalOf(f *os.File) (terminal bool, width int) {
	width, _, err := term.GetSize(int(f.Fd()))
	if err != nil || width <= 0 {
		if width, err = strconv.Atoi(os.Getenv("COLUMNS")); err != nil || width <= 0 {
			width = DefaultWidth
		}
	}
	return IsTerminal(f), min(max(width, leastWidth), MostWidth)
}

// IsTerminal reports whether a file is a terminal.
func IsTerminal(f *os.File) bool { return term.IsTerminal(int(f.Fd())) }

// Dumb reports whether the terminal says that it can only write lines.
func Dumb() bool { return os.Getenv("TERM") == "dumb" }

// SetColor decides about colour by the flag --color, by NO_COLOR (any value but the
// empty one) and by whether the output is a terminal. "light" and "dark" are "auto" on
// such a ground.
func (c *Console) SetColor(when string) {
	c.Color = when == "always" ||
		when != "never" && c.Terminal && os.Getenv("NO_COLOR") == "" && !Dumb()
	c.Ground = groundOf(when, os.Getenv("COLORFGBG"))
	for i := range Palette {
		Palette[i] = inked(render.Color(int8(i)), c.Ground)
	}
	Good, Bad = inked(render.Reached, c.Ground), inked(render.Alarm, c.Ground).Add(color.Bold)
	// Each is told: the package decides by itself, and by another reading of NO_COLOR.
	for _, p := range append([]*color.Color{Bold, Dim, Good, Bad}, Palette[:]...) {
		if c.Color {
			p.EnableColor()
		} else {
			p.DisableColor()
		}
	}
}

// groundOf is what the flag --color says of the ground, or else what the terminal leaves in
// COLORFGBG: the colours of text and ground, as in "0;15".
func groundOf(when, terminal string) render.Ground {
	switch colors := strings.Split(terminal, ";"); {
	case when == "light":
		return render.LightGround
	case when == "dark":
		return render.DarkGround
	case len(colors) < 2:
		return render.AnyGround
	default:
		switch colors[len(colors)-1] {
		case "0", "1", "2", "3", "4", "5", "6", "8":
			return render.DarkGround
		case "7", "15":
			return render.LightGround
		}
	}
	return render.AnyGround
}

// inked writes in a hue: exactly where the terminal says that it can, or in the one of its
// few colours that is nearest.
func inked(h render.Hue, ground render.Ground) *color.Color {
	if c := os.Getenv("COLORTERM"); c == "truecolor" || c == "24bit" {
		return color.RGB(render.RGB(h.On(ground)))
	}
	return color.New(color.FgBlack + color.Attribute(h.ANSI))
}

// Palette has the colours of instances, by position, then again from the first: those of
// pictures and of the stepper, as far as a terminal has them.
var Palette [render.Colors]*color.Color

// Styles of text. Those in colour are filled in by [Console.SetColor].
var (
	Bold = color.New(color.Bold)
	Dim  = color.New(color.Faint)
	Good = color.New(color.FgGreen)
	Bad  = color.New(color.FgRed, color.Bold)
)

func init() {
	for i := range Palette {
		Palette[i] = color.New(color.FgBlack + color.Attribute(render.Color(int8(i)).ANSI))
	}
}
