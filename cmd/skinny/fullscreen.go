//go:build !js && !wasip1

package main

import (
	"errors"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"skinny/cmd/internal/report"
	"skinny/cmd/internal/step"
)

// hasFullScreen says that this build can fill a terminal.
const hasFullScreen = true

// fullScreen runs the stepper on the terminal, and says how to come back.
func (a *app) fullScreen(session *step.Session) error {
	var options []tea.ProgramOption
	if !a.Color {
		options = append(options, tea.WithColorProfile(colorprofile.ASCII))
	}
	_, err := tea.NewProgram(step.NewModel(session), options...).Run()
	switch {
	case errors.Is(err, tea.ErrInterrupted):
		return &report.Exit{Code: report.ExitInterrupted, Message: session.Farewell()}
	case err != nil:
		return report.Usage("skinny step: %v\n%s", err, session.Farewell())
	}
	return a.Print(session.Farewell())
}
