//go:build js || wasip1

package main

import "skinny/cmd/internal/step"

// hasFullScreen says that this build cannot fill a terminal.
const hasFullScreen = false

func (a *app) fullScreen(*step.Session) error { panic("skinny: there is no full screen in this build") }
