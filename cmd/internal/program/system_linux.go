package program

import (
	"syscall"

	"golang.org/x/sys/unix"
)

// attributes puts a process into a group of its own. It is ended with this one, however
// that ends.
func attributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}

// isRead reports whether everything that was written into a pipe has been read.
func isRead(pipe syscall.RawConn) bool {
	left := 0
	pipe.Control(func(fd uintptr) { left, _ = unix.IoctlGetInt(int(fd), unix.TIOCINQ) })
	return left == 0
}

// bound limits the data of a process, and of each that it starts from now on.
func bound(process int, data uint64) {
	limit := unix.Rlimit{Cur: data, Max: data}
	unix.Prlimit(process, unix.RLIMIT_DATA, &limit, nil)
}
