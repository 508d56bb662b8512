//go:build unix

package program

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// child is a process that answers questions, one after the other.
type child struct {
	command  *exec.Cmd
	in, out  *os.File
	rawIn    syscall.RawConn
	rawOut   syscall.RawConn
	stderr   tail
	buffer   []byte // what was read
	answered bool   // something so far

	ended chan struct{} // closed when the process is gone
	once  sync.Once
}

// start starts a command in a process group of its own, with at most data bytes
// of memory, or with 0 as many as it likes.
func start(command []string, data uint64) (*child, error) {
	c := &child{command: exec.Command(command[0], command[1:]...), buffer: make([]byte, 0, 4096), ended: make(chan struct{})}
	c.command.Env = environment()
	c.command.SysProcAttr = attributes()
	c.command.Stderr, c.command.WaitDelay = &c.stderr, hurry/2 // what somebody else still has open is not read to its end
	var ends [4]*os.File
	for i := 0; i < len(ends); i += 2 {
		var err error
		if ends[i], ends[i+1], err = os.Pipe(); err != nil {
			closeAll(ends[:i]...)
			return nil, err
		}
	}
	c.command.Stdin, c.command.Stdout = ends[0], ends[3]
	c.in, c.out = ends[1], ends[2]
	err := starter(c.command)
	if err == nil && data > 0 {
		bound(c.command.Process.Pid, data)
	}
	closeAll(ends[0], ends[3])
	if err != nil {
		closeAll(ends[1], ends[2])
		return nil, err
	}
	c.rawIn, _ = c.in.SyscallConn() // they are open
	c.rawOut, _ = c.out.SyscallConn()
	go func() {
		c.command.Wait() // how it has ended is asked later
		c.kill()         // what it has started
		close(c.ended)
	}()
	return c, nil
}

// Group puts a command that is not yet started into a process group of its own, to which
// its context's end is an interrupt. After a second more it is killed.
func Group(c *exec.Cmd) {
	c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	c.Cancel = func() error { return syscall.Kill(-c.Process.Pid, syscall.SIGINT) }
	c.WaitDelay = time.Second
}

func closeAll(files ...*os.File) {
	for _, f := range files {
		f.Close()
	}
}

// starts takes commands to the thread that does nothing but start them: on Linux a process
// is ended with the thread that has started it.
var starts = sync.OnceValue(func() chan<- func() {
	list := make(chan func())
	go func() {
		runtime.LockOSThread()
		for start := range list {
			start()
		}
	}()
	return list
})

func starter(command *exec.Cmd) error {
	result := make(chan error)
	starts() <- func() { result <- command.Start() }
	return <-result
}

// environment is what a program knows of the machine: where programs and the user's
// settings are. Python's order of sets is the same in every process, and it writes no files
// of its own beside the program, unless the user has set that otherwise.
func environment() []string {
	list := []string{"LANG=C.UTF-8", "PYTHONHASHSEED=0", bytecode + "=1"} // of two the last counts
	for _, name := range []string{"PATH", "HOME", "TMPDIR", bytecode} {
		if value, ok := os.LookupEnv(name); ok {
			list = append(list, name+"="+value)
		}
	}
	return list
}

// bytecode is by what Python is told to keep no compiled files.
const bytecode = "PYTHONDONTWRITEBYTECODE"

// patience is how long reading and writing may take from now on.
func (c *child) patience(span time.Duration) {
	until := time.Now().Add(span)
	c.in.SetWriteDeadline(until)
	c.out.SetReadDeadline(until)
}

// renew gives the process time for its next answer, and returns how much. A process that has
// just been started has to load its language first.
func (c *child) renew(timeout time.Duration, ending *atomic.Bool) time.Duration {
	if !c.answered {
		timeout = max(timeout, startTimeout)
	}
	c.patience(timeout)
	if ending.Load() {
		timeout = hurry
		c.patience(timeout)
	}
	return timeout
}

// ask asks many questions, a line each, and returns the lines that answer them, which are
// valid until the next time. Each answer may take the timeout. With an error there is one
// line: all that came of it.
func (c *child) ask(questions []byte, many int, timeout time.Duration, ending *atomic.Bool) (answers [][]byte, err error) {
	within := c.renew(timeout, ending)
	c.buffer = c.buffer[:0]
	if err := c.unread(); err != nil {
		return [][]byte{c.buffer}, err
	}
	if _, err := c.in.Write(questions); err != nil {
		return [][]byte{nil}, c.why(err, within, "it does not read its question")
	}
	for begin, searched := 0, 0; ; {
		if end := bytes.IndexByte(c.buffer[searched:], '\n'); end >= 0 {
			end += searched
			answers = append(answers, c.buffer[begin:end])
			begin, searched, c.answered = end+1, end+1, true
			if len(answers) < many {
				within = c.renew(timeout, ending)
				continue
			}
			if begin < len(c.buffer) || !isRead(c.rawIn) { // an answer before its question
				return [][]byte{c.buffer}, errMore
			}
			return answers, nil
		}
		searched = len(c.buffer)
		if searched-begin > MostLine {
			return [][]byte{c.buffer}, fmt.Errorf("its answer is longer than %d bytes", MostLine)
		}
		c.buffer = slices.Grow(c.buffer, 1)
		n, err := c.out.Read(c.buffer[searched:cap(c.buffer)])
		c.buffer = c.buffer[:searched+n]
		if err != nil {
			return [][]byte{c.buffer}, c.why(err, within, "it has not answered, or not flushed its answer,")
		}
	}
}

// errMore says that there are more lines than questions.
var errMore = errors.New("it has written more than the one line of its answer; what is not for the sandbox belongs on standard error")

// unread looks for what was written since the last answer.
func (c *child) unread() error {
	n := 0
	err := c.rawOut.Read(func(fd uintptr) bool {
		n, _ = syscall.Read(int(fd), c.buffer[:cap(c.buffer)])
		return true
	})
	if err == nil && n > 0 {
		c.buffer, err = c.buffer[:n], errMore
	}
	return err
}

// why says why something has failed.
func (c *child) why(err error, timeout time.Duration, late string) error {
	switch {
	case errors.Is(err, os.ErrDeadlineExceeded) && c.gone(0):
		return fmt.Errorf("it has ended (%v), and something that it has started keeps its output open", c.command.ProcessState)
	case errors.Is(err, os.ErrDeadlineExceeded) && len(c.buffer) > 0:
		return fmt.Errorf("its answer has no end within %v: a line ends with a line feed, and has to be flushed", timeout)
	case errors.Is(err, os.ErrDeadlineExceeded):
		return fmt.Errorf("%s within %v", late, timeout)
	case c.gone(3 * hurry):
		return fmt.Errorf("it has ended (%v)", c.command.ProcessState)
	}
	return errors.New("it has closed its input or output")
}

// gone waits for the end of the process, but no longer than so.
func (c *child) gone(within time.Duration) bool {
	select {
	case <-c.ended:
		return true
	case <-time.After(within):
		return false
	}
}

// kill ends the process and all that it has started, unless that has left its group.
func (c *child) kill() { syscall.Kill(-c.command.Process.Pid, syscall.SIGKILL) }

// end ends the process. A gentle end lets it see the end of its input first.
func (c *child) end(gentle bool) {
	c.once.Do(func() {
		c.in.Close()
		patience := time.Duration(0)
		if gentle {
			patience = hurry
		}
		if !c.gone(patience) {
			c.kill()
			<-c.ended
		}
		c.out.Close()
	})
}
