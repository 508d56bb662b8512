//go:build !js && !wasip1

package main

import (
	"bytes"
	"errors"
	"os"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	"golang.org/x/term"

	"skinny/cmd/internal/program"
	"skinny/cmd/internal/report"
	"skinny/cmd/internal/session"
	"skinny/cmd/internal/step"
)

// hasFullScreen says that this build can fill a terminal.
const hasFullScreen = true

// fullScreen runs the stepper on the terminal, and says how to come back.
func (a *app) fullScreen(s *session.Session) error {
	var p *tea.Program
	keys := &keyboard{raw: func() {}, usual: func() {}} // the screen reads them by itself
	options := []tea.ProgramOption{tea.WithoutSignalHandler(), tea.WithFilter(func(_ tea.Model, m tea.Msg) tea.Msg {
		if _, is := m.(tea.SuspendMsg); !is {
			return m
		}
		p.ReleaseTerminal()
		keys.usual()
		stop()
		keys.raw()
		p.RestoreTerminal()
		return tea.ResumeMsg{}
	})}
	if s.Programs != nil && report.IsTerminal(os.Stdin) {
		var err error
		if keys, err = openKeyboard(); err != nil {
			return report.Usage("skinny step: %v", err)
		}
		options = append(options, tea.WithInput(keys.typed))
	}
	if !a.Color {
		options = append(options, tea.WithColorProfile(colorprofile.ASCII))
	}
	model := step.NewModel(s)
	model.Ground = a.Ground
	p = tea.NewProgram(model, options...)
	go a.passSignals(p)
	_, err := p.Run()
	keys.usual()
	switch {
	case errors.Is(err, tea.ErrInterrupted), a.Interrupted.Load():
		return &report.Exit{Code: report.ExitInterrupted, Message: s.Returns()}
	case err != nil:
		return report.Usage("skinny step: %v\n%s", err, s.Returns())
	}
	return a.Print(s.Returns())
}

// keyboard passes on what is typed. It notices Ctrl-C even while a program that does not
// answer keeps everything waiting, and what was typed before it.
type keyboard struct {
	typed *os.File // for who reads it
	raw   func()   // makes the terminal pass keys on one by one
	usual func()   // makes it what it was
}

// openKeyboard begins to read the terminal.
func openKeyboard() (*keyboard, error) {
	typed, pass, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	var before *term.State
	k := &keyboard{typed: typed}
	k.raw = func() { before, err = term.MakeRaw(int(os.Stdin.Fd())) }
	k.usual = func() { term.Restore(int(os.Stdin.Fd()), before) }
	if k.raw(); err != nil {
		return nil, err
	}
	go func() {
		defer pass.Close()
		for b := make([]byte, 1024); ; {
			n, err := os.Stdin.Read(b)
			if keys := b[:max(n, 0)]; bytes.IndexByte(keys, 3) >= 0 || bytes.Contains(keys, []byte("\x1b[99;5u")) {
				program.Hurry()
			}
			if _, closed := pass.Write(b[:max(n, 0)]); err != nil || closed != nil {
				return
			}
		}
	}()
	return k, nil
}

// passSignals lets the full screen end or leave the terminal to others by signals.
func (a *app) passSignals(p *tea.Program) {
	stopped := make(chan os.Signal, 1)
	notifyStop(stopped)
	for {
		select {
		case <-stopped:
			p.Send(tea.SuspendMsg{})
		case <-a.signal:
			p.Quit()
			return
		}
	}
}
