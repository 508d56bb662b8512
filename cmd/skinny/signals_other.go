//go:build !unix && !js && !wasip1

package main

import "os"

// hangup is no signal of its own here.
var hangup = os.Interrupt

func notifyStop(chan os.Signal) {}

func stop() {}

func brokenPipes() {}
