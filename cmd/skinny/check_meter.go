package main

import (
	"fmt"
	"os"
	"time"

	"skinny/cmd/internal/campaign"
)

// meter shows how far a campaign is: a line that is written over and over on a
// terminal, and now and then a line elsewhere.
type meter struct {
	app      *app
	terminal bool
	silent   bool
	total    uint64 // seeds
	span     time.Duration
	shown    int           // columns of the line on the terminal
	next     time.Duration // when the next line elsewhere is due
}

// Elsewhere a line is written so often.
const quietInterval = 10 * time.Second

func (a *app) newMeter(seeds campaign.Seeds, part shard, f *checkFlags) *meter {
	return &meter{
		app: a, terminal: isTerminal(os.Stderr), silent: f.quiet,
		total: part.of(seeds).Count, span: f.span, next: quietInterval,
	}
}

// show is told how far it is.
func (m *meter) show(s campaign.Status) {
	switch {
	case m.silent:
	case m.terminal:
		line := m.line(s)
		fmt.Fprint(m.app.err, "\r"+line+spaces(m.shown-len(line)))
		m.shown = len(line)
	case s.Elapsed >= m.next:
		m.next += quietInterval
		fmt.Fprintln(m.app.err, m.line(s))
	}
}

// clear takes the line away.
func (m *meter) clear() {
	if m.shown > 0 {
		fmt.Fprint(m.app.err, "\r"+spaces(m.shown)+"\r")
	}
}

// line is ASCII, so that its length is its width.
func (m *meter) line(s campaign.Status) string {
	rate := perSecond(s.Done, s.Elapsed)
	text := fmt.Sprintf("%s seeds, %s a second, %s failing", grouped(s.Done), grouped(rate), grouped(s.Failing))
	if left, ok := m.left(s, rate); ok {
		text += ", " + left.Round(time.Second).String() + " left"
	}
	if width := m.app.width; len(text) >= width {
		text = text[:width-1]
	}
	return text
}

// left is how long it will take at this rate.
func (m *meter) left(s campaign.Status, rate uint64) (time.Duration, bool) {
	const known = 100 * 365 * 24 * time.Hour
	left := known
	if seconds := (m.total - min(s.Done, m.total)) / max(rate, 1); rate > 0 && seconds < uint64(known/time.Second) {
		left = time.Duration(seconds) * time.Second
	}
	if m.span > 0 {
		left = min(left, max(m.span-s.Elapsed, 0))
	}
	return left, left < known
}
