// Package report is what all commands share of talking to people: the console with
// its colours, widths and exit codes, one wrapper of text and one printer of tables,
// one meter, one way to create files, and the stories of runs.
package report

import (
	"cmp"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/fatih/color"
	"github.com/mattn/go-runewidth"
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
	ground := ""
	if at := strings.LastIndexByte(terminal, ';'); at >= 0 {
		ground = terminal[at+1:]
	}
	switch {
	case when == "light", when != "dark" && slices.Contains([]string{"7", "15"}, ground):
		return render.LightGround
	case when == "dark", slices.Contains([]string{"0", "1", "2", "3", "4", "5", "6", "8"}, ground):
		return render.DarkGround
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

// Styles of text. Those in colour are what [Console.SetColor] makes them; Palette has the
// colours of instances, by position, then again from the first: those of pictures and of the
// stepper, as far as a terminal has them.
var (
	Bold, Dim = color.New(color.Bold), color.New(color.Faint)
	Good, Bad *color.Color
	Palette   [render.Colors]*color.Color
)

func init() { (&Console{}).SetColor("never") }

// Meter shows how far something has come: a line that is written over and over on a
// terminal, and now and then a line elsewhere. It uses no escape sequences.
type Meter struct {
	out      io.Writer
	terminal bool
	pause    time.Duration
	console  *Console
	shown    int // columns of the line on the terminal
	next     time.Time
}

// How long a line is shown on a terminal, and how often there is one elsewhere.
const (
	meterPause   = 200 * time.Millisecond
	meterLogging = 10 * time.Second
)

// Meter makes a meter on standard error, which shows nothing if the console is silent.
func (c *Console) Meter() *Meter {
	out := c.Err
	if d, ok := out.(*Door); ok {
		out = d.Writer // it goes back to the beginning of its line
	}
	m := &Meter{out: out, terminal: IsTerminal(os.Stderr) && !Dumb(), pause: meterLogging, console: c}
	if m.terminal {
		m.pause = meterPause
	}
	m.next = time.Now().Add(m.pause)
	return m
}

// Show shows a line, if it is time for one.
func (m *Meter) Show(line func() string) {
	now := time.Now()
	if m.console.Silent || now.Before(m.next) {
		return
	}
	m.next = now.Add(m.pause)
	if !m.terminal {
		io.WriteString(m.out, line()+"\n")
		return
	}
	// A line that goes on below could not be erased.
	text := runewidth.Truncate(line(), m.console.Width-1, "…")
	io.WriteString(m.out, "\r"+Pad(text, m.shown))
	m.shown = Width(text)
}

// Clear takes the line away.
func (m *Meter) Clear() {
	if m.shown > 0 {
		io.WriteString(m.out, "\r"+Spaces(m.shown)+"\r")
		m.shown = 0
	}
}

// Version is a line that says which build this is.
func Version() string {
	info, known := debug.ReadBuildInfo()
	if !known {
		info = &debug.BuildInfo{}
	}
	return versionOf(info)
}

func versionOf(build *debug.BuildInfo) string {
	revision := ""
	for _, s := range build.Settings {
		if s.Key == "vcs.revision" {
			revision = " " + s.Value
		}
	}
	return fmt.Sprintf("skinny %s%s, scenario format 1, result format 1, %s %s/%s\n",
		cmp.Or(build.Main.Version, "(devel)"), revision, runtime.Version(), runtime.GOOS, runtime.GOARCH)
}

// Pager shows what is written page by page, as git does: by the command in PAGER, or by
// less, which leaves what fits on one screen alone. It is started by the first text, and
// without one that can be started the text goes where it would have gone.
type Pager struct {
	Out     io.Writer
	in      io.Writer
	command *exec.Cmd
}

// Write writes to the pager.
func (p *Pager) Write(b []byte) (int, error) {
	if p.in == nil {
		p.start()
	}
	return p.in.Write(b)
}

func (p *Pager) start() {
	p.in = p.Out
	words := strings.Fields(os.Getenv("PAGER"))
	if len(words) == 0 {
		words = []string{"less"}
	}
	c := exec.Command(words[0], words[1:]...)
	c.Stdout, c.Stderr = p.Out, os.Stderr
	if _, set := os.LookupEnv("LESS"); !set {
		c.Env = append(os.Environ(), "LESS=FRX")
	}
	in, err := c.StdinPipe()
	if err == nil && words[0] != "cat" && c.Start() == nil {
		p.in, p.command = in, c
	}
}

// Close waits until all was read; Ctrl-C is the pager's until then.
func (p *Pager) Close() {
	if p.command == nil {
		return
	}
	signal.Ignore(os.Interrupt)
	p.in.(io.Closer).Close()
	p.command.Wait()
}
