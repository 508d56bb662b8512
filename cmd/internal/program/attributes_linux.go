package program

import "syscall"

// attributes puts a process into a group of its own. It is ended with this one, however
// that ends.
func attributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}
