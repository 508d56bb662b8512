//go:build !unix

package main

import "os"

// hangup is no signal of its own here.
var hangup = os.Interrupt

func notifyStop(chan os.Signal) {}

func stop() {}

func brokenPipes() {}
