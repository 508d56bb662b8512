//go:build unix && !linux

package program

import "syscall"

// attributes puts a process into a group of its own.
func attributes() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }

// isRead reports whether all lines that were written into a pipe have been read. What does
// not say so everywhere is taken to be so.
func isRead(syscall.RawConn) bool { return true }

// bound does nothing: there is no way to limit another process.
func bound(int, uint64) {}
