//go:build unix

package report

import "syscall"

// nonblocking opens a pipe at once, or fails if there is no reader.
const nonblocking = syscall.O_NONBLOCK
