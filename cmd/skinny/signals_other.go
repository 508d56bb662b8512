//go:build !unix && !js && !wasip1

package main

import (
	"os"

	tea "charm.land/bubbletea/v2"
)

// hangup is no signal of its own here.
var hangup = os.Interrupt

func suspending(chan os.Signal) tea.ProgramOption { return func(*tea.Program) {} }
