// Package report is what all commands share of talking to people: the console with
// its colours, widths and exit codes, one wrapper of text and one printer of tables,
// one meter, one way to create files, and the stories of runs.
package report

import (
	"fmt"
	"io"
	"os"
	"strconv"
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
	Terminal    bool // Out is a terminal
	Color       bool // it is written in colour
	Width       int  // of the output, in columns
	Silent      bool // nobody wants to see how far something is
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
// empty one) and by whether the output is a terminal.
func (c *Console) SetColor(when string) {
	c.Color = when == "always" ||
		when == "auto" && c.Terminal && os.Getenv("NO_COLOR") == "" && !Dumb()
	// Each is told: the package decides by itself, and by another reading of NO_COLOR.
	for _, p := range append([]*color.Color{Bold, Dim, Good, Bad}, Palette...) {
		if c.Color {
			p.EnableColor()
		} else {
			p.DisableColor()
		}
	}
}

// Palette has the colours of instances, by position, then again from the first: those
// of pictures, as far as a terminal has them.
var Palette = func() (list []*color.Color) {
	for i := range render.Colors {
		list = append(list, color.New(color.FgBlack+color.Attribute(render.Color(int8(i)).ANSI)))
	}
	return list
}()

// Styles of text.
var (
	Bold = color.New(color.Bold)
	Dim  = color.New(color.Faint)
	Good = color.New(color.FgGreen)
	Bad  = color.New(color.FgRed, color.Bold)
)
