package report

import (
	"io"
	"os"
	"time"

	"github.com/mattn/go-runewidth"
)

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
