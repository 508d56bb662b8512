//go:build js || wasip1

package main

import "skinny/cmd/internal/session"

// hasFullScreen says that this build cannot fill a terminal.
const hasFullScreen = false

func (a *app) fullScreen(*session.Session) error {
	panic("skinny: there is no full screen in this build")
}
