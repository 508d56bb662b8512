package report

import (
	"io"
	"os"
	"os/exec"
	"os/signal"
	"strings"
)

// Pager shows what is written page by page, as git does: by the command in PAGER, or by
// less, which leaves what fits on one screen alone. It is started by the first text, and
// without one that can be started the text goes where it would have gone.
type Pager struct {
	Out     io.Writer
	in      io.Writer
	command *exec.Cmd
}

// Write writes to the pager.
func (p *Pager) Write(b []byte) (int, error) {
	if p.in == nil {
		p.start()
	}
	return p.in.Write(b)
}

func (p *Pager) start() {
	p.in = p.Out
	words := strings.Fields(os.Getenv("PAGER"))
	if len(words) == 0 {
		words = []string{"less"}
	}
	c := exec.Command(words[0], words[1:]...)
	c.Stdout, c.Stderr = p.Out, os.Stderr
	if _, set := os.LookupEnv("LESS"); !set {
		c.Env = append(os.Environ(), "LESS=FRX")
	}
	in, err := c.StdinPipe()
	if err == nil && words[0] != "cat" && c.Start() == nil {
		p.in, p.command = in, c
	}
}

// Close waits until all was read; Ctrl-C is the pager's until then.
func (p *Pager) Close() {
	if p.command == nil {
		return
	}
	signal.Ignore(os.Interrupt)
	p.in.(io.Closer).Close()
	p.command.Wait()
}
