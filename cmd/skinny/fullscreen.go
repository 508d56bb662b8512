//go:build !js && !wasip1

package main

import (
	"errors"
	"os"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

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
