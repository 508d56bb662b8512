package program

import "sync"

// mostStderr is how much of standard error is kept, in bytes.
const mostStderr = 4 << 10

// tail keeps the end of what is written.
type tail struct {
	mutex sync.Mutex
	text  []byte
}

func (t *tail) Write(text []byte) (int, error) {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	t.text = append(t.text, text...)
	if more := len(t.text) - mostStderr; more > 0 {
		t.text = append(t.text[:0], t.text[more:]...)
	}
	return len(text), nil
}

func (t *tail) String() string {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	return string(t.text)
}
