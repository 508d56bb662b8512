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
	stopped := make(chan os.Signal, 1)
	options := []tea.ProgramOption{tea.WithoutSignalHandler(), suspending(stopped)}
	if !a.Color {
		options = append(options, tea.WithColorProfile(colorprofile.ASCII))
	}
	p := tea.NewProgram(step.NewModel(s), options...)
	go func() {
		for {
			select {
			case <-stopped:
				p.Send(tea.SuspendMsg{})
			case <-a.signal:
				p.Quit()
				return
			}
		}
	}()
	_, err := p.Run()
	switch {
	case errors.Is(err, tea.ErrInterrupted), a.Interrupted.Load():
		return &report.Exit{Code: report.ExitInterrupted, Message: s.Returns()}
	case err != nil:
		return report.Usage("skinny step: %v\n%s", err, s.Returns())
	}
	return a.Print(s.Returns())
}
