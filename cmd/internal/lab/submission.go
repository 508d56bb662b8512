package lab

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"skinny/cmd/internal/program"
	"skinny/cmd/internal/shell"
	"skinny/scenarios"
	"skinny/sim"
)

// Submission is a program that lies in a directory, ready to be started.
type Submission struct {
	Dir     string
	Command []string

	before string // what a person does first to start it
	typed  []string
	built  string // a directory to be removed
}

// buildTime is how long building may take, and buildLook how often it is asked whether to end.
const (
	buildTime = 2 * time.Minute
	buildLook = 50 * time.Millisecond
)

// Find finds the program in a directory, and builds it if it has to be built. Unless it is
// nil, command says how to start it; {} in it stands for the directory. Stop is asked, while
// it is built, whether to end, which gives ErrStopped. Close removes what was built.
func Find(dir string, command []string, stop func() bool) (*Submission, error) {
	s := &Submission{Dir: dir}
	if command != nil {
		whole, err := filepath.Abs(dir)
		if err != nil {
			return nil, err
		}
		for _, word := range command {
			s.Command = append(s.Command, strings.ReplaceAll(word, "{}", whole))
		}
		s.typed = s.Command
		return s, nil
	}
	l, err := languageOf(dir)
	if err != nil {
		return nil, err
	}
	if l.Name == "go" {
		s.before = "(cd " + shell.Word(dir) + " && go build) && "
		s.typed = []string{filepath.Join(dir, "instance")}
		return s, s.build(stop)
	}
	s.Command = append(s.Command, l.command[:len(l.command)-1]...)
	s.Command = append(s.Command, filepath.Join(dir, l.instance))
	s.typed = s.Command
	return s, nil
}

// build builds what lies in the directory.
func (s *Submission) build(stop func() bool) (err error) {
	if s.built, err = os.MkdirTemp("", "skinny-lab-*"); err != nil {
		return err
	}
	target := filepath.Join(s.built, "instance")
	ctx, cancel := context.WithTimeout(context.Background(), buildTime)
	defer cancel()
	look := time.NewTicker(buildLook)
	defer look.Stop()
	go func() {
		for ctx.Err() == nil {
			select {
			case <-ctx.Done():
			case <-look.C:
				if stop() {
					cancel()
				}
			}
		}
	}()
	c := exec.CommandContext(ctx, "go", "build", "-o", target, ".")
	c.Dir = s.Dir
	var out bytes.Buffer
	c.Stdout, c.Stderr = &out, &out
	program.Group(c) // Ctrl-C is not for it: it is ended here, and has ended when what it leaves is removed
	if err := c.Run(); err != nil {
		s.Close()
		if stop() {
			return ErrStopped
		}
		if errors.Is(err, exec.ErrNotFound) {
			return errors.New("it is in Go, and there is no program go in PATH to build it")
		}
		return fmt.Errorf("it cannot be built: %w\n%s", err, strings.TrimRight(out.String(), "\n"))
	}
	s.Command = []string{target}
	return nil
}

// line is the command as a person types it.
func (s *Submission) line() string { return shell.Line(s.typed) }

// with is the command line by which a person runs or steps through a scenario in which the
// program plays all instances, or Player.
func (s *Submission) with(verb, scenario string, all bool, timeout time.Duration) string {
	who := ""
	if !all {
		who = Player + "="
	}
	line := s.before + "skinny " + verb + " " + scenario + " --program " + who + shell.Word(s.line())
	if timeout > 0 {
		line += " --program-timeout " + timeout.String()
	}
	return line
}

// Close removes what was built.
func (s *Submission) Close() {
	if s.built != "" {
		os.RemoveAll(s.built)
		s.built = ""
	}
}

// Open starts the program, to be asked by some workers at the same time. It has to be
// closed.
func (s *Submission) Open(o program.Options) (*program.Process, sim.Player, error) {
	p, err := program.Open(s.Command, o)
	if err != nil {
		return nil, sim.Player{}, err
	}
	return p, sim.Player{Name: scenarios.Label(s.Command...), Program: p}, nil
}
