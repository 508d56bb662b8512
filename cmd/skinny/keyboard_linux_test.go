package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// terminal is a new terminal, as whoever types sees it and as programs do.
func terminal(t *testing.T) (typist, screen *os.File) {
	t.Helper()
	typist, err := os.OpenFile("/dev/ptmx", os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Skip(err)
	}
	t.Cleanup(func() { typist.Close() })
	if err := unix.IoctlSetPointerInt(int(typist.Fd()), unix.TIOCSPTLCK, 0); err != nil {
		t.Skip(err)
	}
	n, err := unix.IoctlGetInt(int(typist.Fd()), unix.TIOCGPTN)
	if err != nil {
		t.Skip(err)
	}
	if screen, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|syscall.O_NOCTTY, 0); err != nil {
		t.Skip(err)
	}
	t.Cleanup(func() { screen.Close() })
	unix.IoctlSetWinsize(int(screen.Fd()), unix.TIOCSWINSZ, &unix.Winsize{Row: 40, Col: 120})
	return typist, screen
}

// On a full screen Ctrl-C is a key: it ends the stepper even while a program that does not
// answer keeps it waiting.
func TestInterruptedScreen(t *testing.T) {
	typist, screen := terminal(t)
	folder := t.TempDir()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	link, note := filepath.Join(folder, "player"), filepath.Join(folder, "pid")
	if err := os.Symlink(self, link); err != nil {
		t.Fatal(err)
	}
	c := asCommand(t, "step", "two-winners", "--program", "c="+link+" hangs-later "+note, "--program-timeout", "1h")
	c.Stdin, c.Stdout, c.Stderr = screen, screen, screen
	c.Env = append(os.Environ(), "TERM=xterm")
	c.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	var returns, feeds atomic.Int32 // carriage returns before line feeds, and line feeds
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		b, before := make([]byte, 1<<16), byte(0)
		for {
			n, err := typist.Read(b)
			if err != nil {
				return
			}
			for _, c := range b[:n] {
				if c == '\n' && feeds.Load() < 100 {
					if feeds.Add(1); before == '\r' {
						returns.Add(1)
					}
				}
				before = c
			}
		}
	}()
	typed := time.Now()
	for hangs := false; !hangs; _, hangs = hanged(note) {
		if time.Since(typed) > 10*time.Second {
			c.Process.Kill()
			t.Fatal("the program has never been asked after its restart")
		}
		for _, key := range []string{" ", "3", "x", "r"} { // c crashes and restarts
			typist.WriteString(key)
			time.Sleep(20 * time.Millisecond)
		}
	}
	pid, _ := hanged(note)
	late := time.AfterFunc(10*time.Second, func() { c.Process.Kill() })
	defer late.Stop()
	for range 5 { // whoever waits for too long
		typist.WriteString(" ")
		time.Sleep(20 * time.Millisecond)
	}
	typist.WriteString("\x03")
	wantInterrupted(t, c)
	isGone(t, pid)
	if attributes, err := unix.IoctlGetTermios(int(screen.Fd()), unix.TCGETS); err != nil || attributes.Lflag&unix.ICANON == 0 {
		t.Errorf("the terminal is left raw: %v", err)
	}
	if returns.Load() < feeds.Load()/3 { // a line feed alone goes down, and not to the left
		t.Errorf("of %d line feeds only %d are after carriage returns: nobody knows that the terminal is raw", feeds.Load(), returns.Load())
	}
}

// hanged reports whether a program has begun to hang, and which process that is.
func hanged(note string) (pid int, hangs bool) {
	text, err := os.ReadFile(note)
	pid, _ = strconv.Atoi(string(text))
	return pid, err == nil
}
