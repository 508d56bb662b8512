//go:build unix

package main

import (
	"os"
	"os/signal"
	"syscall"

	tea "charm.land/bubbletea/v2"
)

// hangup is what a terminal sends that goes away.
const hangup = syscall.SIGHUP

// suspending lets a full screen leave the terminal to others when it is stopped, by
// Ctrl-Z or from outside. While it is being stopped it must not catch the signal.
func suspending(stopped chan os.Signal) tea.ProgramOption {
	signal.Notify(stopped, syscall.SIGTSTP)
	return tea.WithFilter(func(_ tea.Model, m tea.Msg) tea.Msg {
		switch m.(type) {
		case tea.SuspendMsg:
			signal.Reset(syscall.SIGTSTP)
		case tea.ResumeMsg:
			signal.Notify(stopped, syscall.SIGTSTP)
		}
		return m
	})
}
