//go:build unix

package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"skinny/cmd/internal/report"
)

// hanging is a command in which a program hangs, and the process that does.
func hanging(t *testing.T, args ...string) (*exec.Cmd, int) {
	t.Helper()
	folder := t.TempDir()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	link, note := filepath.Join(folder, "player"), filepath.Join(folder, "pid")
	if err := os.Symlink(self, link); err != nil {
		t.Fatal(err)
	}
	c := asCommand(t, append(args, "--program", link+" hangs "+note, "--program-timeout", "1h")...)
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	for {
		if pid, err := os.ReadFile(note); err == nil {
			n, _ := strconv.Atoi(string(pid))
			return c, n
		}
		time.Sleep(time.Millisecond)
	}
}

// However a command ends, the program that it has started does not stay behind; and a
// program that hangs does not keep it from ending.
func TestEndsOfPrograms(t *testing.T) {
	commands := [][]string{{"lab", "check", "."}, {"step", "two-winners", "--plain"}, {"check", "--seeds", "3", "--jobs", "2"}, {"run", "two-winners"}}
	signals := []os.Signal{os.Interrupt, syscall.SIGTERM, syscall.SIGHUP}
	if runtime.GOOS == "linux" {
		signals = append(signals, os.Kill)
	}
	for i, by := range signals {
		c, pid := hanging(t, commands[i%len(commands)]...)
		begin := time.Now()
		c.Process.Signal(by)
		if by == os.Kill {
			c.Wait()
		} else {
			wantInterrupted(t, c)
		}
		if took := time.Since(begin); took > 3*time.Second {
			t.Errorf("%v: it took %v", by, took)
		}
		isGone(t, pid)
	}
}

// A second Ctrl-C ends everything, even in the middle of something else.
func TestSecondInterrupt(t *testing.T) {
	c, pid := hanging(t, "run", "two-winners")
	c.Process.Signal(os.Interrupt)
	c.Process.Signal(syscall.SIGTERM)
	wantInterrupted(t, c)
	isGone(t, pid)
}

// panicking is an output that cannot be written to.
type panicking struct{}

func (panicking) Write([]byte) (int, error) { panic("no") }

// Even a defect of our own leaves no process behind.
func TestPanicEndsPrograms(t *testing.T) {
	folder := t.TempDir()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	link, note := filepath.Join(folder, "player"), filepath.Join(folder, "pid")
	if err := os.Symlink(self, link); err != nil {
		t.Fatal(err)
	}
	func() {
		defer func() {
			if recover() == nil {
				t.Error("there was no panic")
			}
		}()
		testApp(panicking{}, panicking{}).execute([]string{"run", "two-winners", "--program", link + " noted " + note})
	}()
	text, err := os.ReadFile(note)
	if err != nil {
		t.Fatal(err)
	}
	pid, _ := strconv.Atoi(string(text))
	isGone(t, pid)
}

// isGone waits until a process has ended.
func isGone(t *testing.T, pid int) {
	t.Helper()
	for end := time.Now().Add(5 * time.Second); time.Now().Before(end); time.Sleep(time.Millisecond) {
		stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		if syscall.Kill(pid, 0) == syscall.ESRCH || err == nil && strings.Contains(string(stat), ") Z ") {
			return
		}
	}
	t.Errorf("process %d is left", pid)
}

// What programs write may not move the cursor.
func TestProgramsAreQuoted(t *testing.T) {
	c := asCommand(t, "run", "two-winners", "--program", "sh -c 'printf \"\\033[31mred\" >&2; printf \"\\033[2Jbad\\n\"; sleep 1'")
	out, err := c.CombinedOutput()
	if code := c.ProcessState.ExitCode(); code != report.ExitUsage || err == nil {
		t.Errorf("exit code %d: %v", code, err)
	}
	if strings.Contains(string(out), "\x1b") || !strings.Contains(string(out), `\u001b[2Jbad`) || !strings.Contains(string(out), `\u001b[31mred`) {
		t.Errorf("it prints %q", out)
	}
}
