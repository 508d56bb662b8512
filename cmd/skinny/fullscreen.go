//go:build !js && !wasip1

package main

import (
	"bytes"
	"errors"
	"os"

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
	options := []tea.ProgramOption{tea.WithoutSignalHandler(), tea.WithFilter(func(_ tea.Model, m tea.Msg) tea.Msg {
		if _, is := m.(tea.SuspendMsg); !is {
			return m
		}
		p.ReleaseTerminal()
		stop()
		p.RestoreTerminal()
		return tea.ResumeMsg{}
	})}
	if s.Programs != nil && report.IsTerminal(os.Stdin) {
		options = append(options, tea.WithInput(keyboard{os.Stdin}))
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

// keyboard is a terminal whose Ctrl-C is noticed even while a program that does not answer
// keeps everything waiting.
type keyboard struct{ *os.File }

// Read reads what was typed.
func (k keyboard) Read(b []byte) (int, error) {
	n, err := k.File.Read(b)
	if typed := b[:max(n, 0)]; bytes.IndexByte(typed, 3) >= 0 || bytes.Contains(typed, []byte("\x1b[99;5u")) {
		program.Hurry()
	}
	return n, err
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
