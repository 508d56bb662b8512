//go:build !js && !wasip1

package main

import (
	"bytes"
	"errors"
	"os"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"skinny/cmd/internal/program"
	"skinny/cmd/internal/report"
	"skinny/cmd/internal/session"
	"skinny/cmd/internal/step"
)

// hasFullScreen says that this build can fill a terminal.
const hasFullScreen = true

// fullScreen runs the stepper on the terminal, and says how to come back.
func (a *app) fullScreen(s *session.Session) error {
	var p *tea.Program
	var keys *keyboard // nil: the screen reads them by itself
	options := []tea.ProgramOption{tea.WithoutSignalHandler(), tea.WithFilter(func(_ tea.Model, m tea.Msg) tea.Msg {
		if _, is := m.(tea.SuspendMsg); !is {
			return m
		}
		p.ReleaseTerminal()
		keys.wait(time.Now()) // who waits for a key would take the first one later
		stop()
		keys.wait(time.Time{})
		p.RestoreTerminal()
		return tea.ResumeMsg{}
	})}
	if s.Programs != nil && report.IsTerminal(os.Stdin) {
		var err error
		if keys, err = openKeyboard(); err != nil {
			return report.Usage("skinny step: %v", err)
		}
		options = append(options, tea.WithInput(keys))
	}
	if !a.Color {
		options = append(options, tea.WithColorProfile(colorprofile.ASCII))
	}
	model := step.NewModel(s)
	model.Ground = a.Ground
	p = tea.NewProgram(model, options...)
	go a.passSignals(p)
	_, err := p.Run()
	switch {
	case errors.Is(err, tea.ErrInterrupted), a.Interrupted.Load():
		return &report.Exit{Code: report.ExitInterrupted, Message: s.Returns()}
	case err != nil:
		return report.Usage("skinny step: %v\n%s", err, s.Returns())
	}
	return a.Print(s.Returns())
}

// keyboard is the terminal with what is typed there, passed on. It notices Ctrl-C even
// while a program that does not answer keeps everything waiting, and what was typed before
// it. Who reads it can see that it is a terminal, and make it raw.
type keyboard struct{ typed *os.File }

func openKeyboard() (*keyboard, error) {
	typed, pass, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	go func() {
		defer pass.Close()
		for b := make([]byte, 1024); ; {
			n, err := os.Stdin.Read(b)
			keys := b[:max(n, 0)]
			if bytes.IndexByte(keys, 3) >= 0 || bytes.Contains(keys, []byte("\x1b[99;5u")) {
				program.Hurry()
			}
			if _, closed := pass.Write(keys); err != nil || closed != nil {
				return
			}
		}
	}()
	return &keyboard{typed}, nil
}

func (k *keyboard) Read(b []byte) (int, error)  { return k.typed.Read(b) }
func (k *keyboard) Write(b []byte) (int, error) { return os.Stdin.Write(b) }
func (k *keyboard) Close() error                { return k.typed.Close() }

// Fd is the terminal.
func (k *keyboard) Fd() uintptr { return os.Stdin.Fd() }

// wait has keys be waited for until a time. Without a keyboard it does nothing.
func (k *keyboard) wait(until time.Time) {
	if k != nil {
		k.typed.SetReadDeadline(until)
	}
}

// passSignals lets the full screen end or leave the terminal to others by signals.
func (a *app) passSignals(p *tea.Program) {
	stopped := make(chan os.Signal, 1)
	notifyStop(stopped)
	for {
		select {
		case <-stopped:
			p.Send(tea.SuspendMsg{})
		case <-a.signal:
			p.Quit()
			return
		}
	}
}
