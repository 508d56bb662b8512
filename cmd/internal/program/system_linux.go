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

// isRead reports whether all lines that were written into a pipe have been read. The line feed
// of the last one may be left: whoever reads JSON knows the end of a question without it.
func isRead(pipe syscall.RawConn) bool {
	left := 0
	pipe.Control(func(fd uintptr) { left, _ = unix.IoctlGetInt(int(fd), unix.TIOCINQ) })
	return left <= 1
}

// bound limits the data of a process, and of each that it starts from now on.
func bound(process int, data uint64) {
	limit := unix.Rlimit{Cur: data, Max: data}
	unix.Prlimit(process, unix.RLIMIT_DATA, &limit, nil)
}
