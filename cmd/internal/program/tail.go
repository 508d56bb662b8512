//go:build unix

package program

import (
	"os"
	"sync"
	"time"
)

// mostStderr is how much of standard error is kept, in bytes.
const mostStderr = 4 << 10

// tail reads a pipe to its end, and keeps the end of what was in it.
type tail struct {
	pipe  *os.File
	done  chan struct{}
	mutex sync.Mutex
	text  []byte
}

func newTail(pipe *os.File) *tail {
	t := &tail{pipe: pipe, done: make(chan struct{})}
	go t.read()
	return t
}

func (t *tail) read() {
	defer close(t.done)
	buffer := make([]byte, mostStderr)
	for {
		n, err := t.pipe.Read(buffer)
		t.mutex.Lock()
		t.text = append(t.text, buffer[:n]...)
		if more := len(t.text) - mostStderr; more > 0 {
			t.text = append(t.text[:0], t.text[more:]...)
		}
		t.mutex.Unlock()
		if err != nil {
			return
		}
	}
}

// close ends the reading, even if somebody else still has the other end.
func (t *tail) close() {
	t.pipe.SetReadDeadline(time.Now().Add(hurry / 2))
	<-t.done
	t.pipe.Close()
}

func (t *tail) String() string {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	return string(t.text)
}
