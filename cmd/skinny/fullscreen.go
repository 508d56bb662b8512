//go:build !js && !wasip1

package main

import (
	"errors"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"skinny/cmd/internal/step"
)

// hasFullScreen says that this build can fill a terminal.
const hasFullScreen = true

// fullScreen runs the stepper on the terminal, and says how to come back.
func (a *app) fullScreen(session *step.Session) error {
	var options []tea.ProgramOption
	if !a.color {
		options = append(options, tea.WithColorProfile(colorprofile.ASCII))
	}
	_, err := tea.NewProgram(step.NewModel(session), options...).Run()
	switch {
	case errors.Is(err, tea.ErrInterrupted):
		return &exit{exitInterrupted, session.Farewell()}
	case err != nil:
		return &exit{exitUsage, "skinny step: " + err.Error() + "\n" + session.Farewell()}
	}
	return a.print(session.Farewell())
}
