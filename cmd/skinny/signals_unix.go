//go:build unix

package main

import (
	"os"
	"os/signal"
	"syscall"
)

// hangup is what a terminal sends that goes away.
const hangup = syscall.SIGHUP

// notifyStop asks for the signal that stops a program, as Ctrl-Z elsewhere.
func notifyStop(c chan os.Signal) { signal.Notify(c, syscall.SIGTSTP) }

// stop stops this program until it is continued. Once SIGTSTP has been asked for, it
// does not stop a Go program any more.
func stop() {
	goOn := make(chan os.Signal, 1)
	signal.Notify(goOn, syscall.SIGCONT)
	defer signal.Stop(goOn)
	syscall.Kill(0, syscall.SIGSTOP)
	<-goOn
}

// brokenPipes makes whatever is written to a pipe that nobody reads an error, in place of
// the end of this process.
func brokenPipes() { signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE) }
