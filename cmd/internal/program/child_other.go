//go:build !unix

package program

import (
	"errors"
	"os/exec"
	"sync/atomic"
	"time"
)

// child is a process where there are no process groups to end: none.
type child struct {
	stderr   tail
	answered bool
}

var errMore = errors.New("it has written more than one line")

// Group does nothing where there are no process groups.
func Group(*exec.Cmd) {}

func start([]string, uint64) (*child, error) {
	return nil, errors.New("programs of one's own need process groups, which this system or build does not have")
}

func (c *child) ask([]byte, int, time.Duration, *atomic.Bool) ([][]byte, error) {
	return [][]byte{nil}, errMore
}

func (c *child) patience(time.Duration) {}

func (c *child) kill() {}

func (c *child) end(bool) {}
