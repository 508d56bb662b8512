package main

import (
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"skinny/cmd/internal/report"
)

// styles are what changes how text on a terminal looks.
var styles = regexp.MustCompile("\x1b\\[[0-9;]*m")

// What opens in the stepper fills the terminal, at the place that matters, and leaves behind
// how to come back, with the exit code of what it was opened by.
func TestScreenOpens(t *testing.T) {
	self, err := os.Executable()
	player := filepath.Join(t.TempDir(), "player")
	if err = errors.Join(err, os.Symlink(self, player)); err != nil {
		t.Skip(err)
	}
	for _, c := range []struct {
		args, program string
		shows         string // before anything is typed
		code          int
		leaves        string
	}{
		{"run two-winners --step --seed 4 --rule durable=on", "", "event 0 of 30", report.ExitClaimed,
			"back to this point: skinny step two-winners --seed 4 --rule durable=on --at 0"},
		{"step two-winners --at 7", "", "event 7 of 30", report.ExitClaimed, "back to this point: skinny step two-winners --seed 1 --at 7"},
		{"check --edition published --profile none --seed 5 --step", "", "event 14 of 14", report.ExitUnmet, "back to this point: skinny step mutual-exclusion-seed-5.yaml --at 14"},
		{"check --edition published --profile none --seed 5 --step --dir /proc", "", "event 14 of 14", report.ExitUnmet,
			"a run like this again: skinny check --edition published --profile none --seed 5 --step --dir /proc"},
		{"explore two-winners --property mutual-exclusion --step", "", "event 17 of 17", report.ExitUnmet,
			"back to this point: skinny step counterexample-mutual-exclusion.yaml --at 17"},
		{"explore two-winners --property acknowledged --step --out deep.yaml", "", "event 7 of 7", report.ExitUnmet, "back to this point: skinny step deep.yaml --at 7"},
		{"learn majority", "", "This lesson halts 8 times", report.ExitClaimed, "the lesson again: skinny learn majority"},
		{"lab check . commit --step --program", player + " well", "event ", report.ExitUnmet,
			"a run like this again: skinny lab check . --program '" + player + " well' commit --step"},
		{"lab check . commit --step --save kept.yaml --program", player + " well", "event ", report.ExitUnmet,
			"back to this point: skinny step kept.yaml --program c='" + player + " well' --at "},
	} {
		typist, screen := terminal(t)
		words := strings.Fields(c.args)
		if c.program != "" {
			words = append(words, c.program)
		}
		command := asCommand(t, words...)
		command.Stdin, command.Stdout, command.Stderr = screen, screen, screen
		command.Env = append(os.Environ(), "TERM=xterm", "NO_COLOR=1", "PAGER=cat", "XDG_STATE_HOME="+command.Dir)
		command.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
		if err := command.Start(); err != nil {
			t.Fatal(err)
		}
		screen.Close()
		s := watch(typist)
		s.until(t, command, c.shows, func() bool {
			_, full, begun := strings.Cut(s.String(), "\x1b[?1049h")
			return begun && strings.Contains(styles.ReplaceAllString(full, ""), c.shows)
		})
		typist.WriteString("q")
		command.Wait()
		<-s.ended
		_, left, filled := strings.Cut(s.String(), "\x1b[?1049l")
		if code := command.ProcessState.ExitCode(); code != c.code || !filled || !strings.Contains(left, c.leaves) {
			t.Errorf("skinny %s: exit code %d, and it leaves %q", c.args, code, left)
		}
	}
}

// onTerminal is what a command shows on a terminal, to which keys are typed once it shows
// something, and its exit code.
func onTerminal(t *testing.T, environment, typed string, args ...string) (shows string, code int) {
	t.Helper()
	typist, screen := terminal(t)
	c := asCommand(t, args...)
	c.Stdin, c.Stdout, c.Stderr = screen, screen, screen
	c.Env = append(os.Environ(), strings.Fields(environment)...)
	c.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	screen.Close()
	s := watch(typist)
	if typed != "" {
		s.until(t, c, "a run", func() bool { return strings.Contains(styles.ReplaceAllString(s.String(), ""), "event 0 of") })
		typist.WriteString(typed)
	}
	c.Wait()
	<-s.ended
	return s.String(), c.ProcessState.ExitCode()
}

// A scenario from a pipe is stepped through by the keys of the terminal, whoever plays in it.
func TestPipedScenario(t *testing.T) {
	self, err := os.Executable()
	player := filepath.Join(t.TempDir(), "player")
	if err = errors.Join(err, os.Symlink(self, player)); err != nil {
		t.Skip(err)
	}
	for _, more := range [][]string{nil, {"--program", "c=" + player + " well"}} {
		typist, screen := terminal(t)
		c := asCommand(t, append([]string{"step", "-"}, more...)...)
		c.Stdin = strings.NewReader("format: 1\ninstances: [a, b, c]\ntimeline:\n  - {at: 0ms, acquire: alice, via: a}\n")
		c.Stdout, c.Stderr = screen, screen
		c.Env = append(os.Environ(), "TERM=xterm", "NO_COLOR=1")
		c.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true, Ctty: 1}
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		screen.Close()
		s := watch(typist)
		s.until(t, c, "a run", func() bool { return strings.Contains(styles.ReplaceAllString(s.String(), ""), "event 0 of") })
		typist.WriteString(" nq") // any key begins
		c.Wait()
		<-s.ended
		if _, left, _ := strings.Cut(s.String(), "\x1b[?1049l"); c.ProcessState.ExitCode() != report.ExitClaimed || !strings.Contains(left, "back to this point: skinny step - --seed 0") || !strings.Contains(left, "--at 1") {
			t.Errorf("%v: exit code %d, and it leaves %q", more, c.ProcessState.ExitCode(), left)
		}
	}
}

// Where there are no keys to step by, it is said why, and how to come back.
func TestPipedWithoutKeys(t *testing.T) {
	typist, screen := terminal(t)
	c := asCommand(t, "step", "-", "--at", "1")
	c.Stdin = strings.NewReader("format: 1\ninstances: [a, b, c]\ntimeline:\n  - {at: 0ms, acquire: alice, via: a}\n")
	c.Stdout, c.Stderr = screen, screen
	c.Env = append(os.Environ(), "TERM=xterm", "NO_COLOR=1")
	c.SysProcAttr = &syscall.SysProcAttr{Setsid: true} // and no controlling terminal
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	screen.Close()
	s := watch(typist)
	c.Wait()
	<-s.ended
	says := strings.ReplaceAll(styles.ReplaceAllString(s.String(), ""), "\r", "")
	why, back, _ := strings.Cut(says, "\n")
	if c.ProcessState.ExitCode() != report.ExitUsage || !strings.Contains(why, "skinny step: ") || !strings.Contains(why, "/dev/tty") || !strings.HasPrefix(back, "back to this point: skinny step - --seed 0 --at 1") {
		t.Errorf("exit code %d, and it says %q", c.ProcessState.ExitCode(), says)
	}
}

// Where nothing is found there is nothing to open, and what was found out is told.
func TestNothingToOpen(t *testing.T) {
	self, err := os.Executable()
	player := filepath.Join(t.TempDir(), "player")
	if err = errors.Join(err, os.Symlink(self, player)); err != nil {
		t.Skip(err)
	}
	for _, c := range []struct {
		args []string
		says string
	}{
		{strings.Fields("check --edition sound --profile none --seeds 9 --step"), "nothing is violated"},
		{strings.Fields("explore two-winners --edition sound --events 3 --step"), "no violation within these bounds"},
		{[]string{"lab", "check", ".", "promise", "--seeds", "1", "--step", "--program", player + " promises"}, "promise"},
	} {
		says, _ := onTerminal(t, "TERM=xterm PAGER=cat NO_COLOR=1 XDG_STATE_HOME="+t.TempDir(), "", c.args...)
		if !strings.Contains(says, c.says) || strings.Contains(says, "\x1b") || strings.Contains(says, "panic") {
			t.Errorf("skinny %v says %q", c.args, says)
		}
	}
}

// A screen has colours unless nobody wants them, and text on a terminal has pages unless that
// can only write lines.
func TestTerminals(t *testing.T) {
	coloured := regexp.MustCompile("\x1b\\[[0-9;]*(3[0-8]|9[0-7])[0-9;]*m")
	for when, want := range map[string]bool{"never": false, "dark": true} {
		if shows, _ := onTerminal(t, "TERM=xterm-256color NO_COLOR= COLORTERM=", "q", "step", "two-winners", "--color", when); coloured.MatchString(shows) != want {
			t.Errorf("--color %s shows %q", when, shows)
		}
	}
	for term, want := range map[string]bool{"xterm": true, "dumb": false} {
		if shows, _ := onTerminal(t, "TERM="+term+" PAGER=cat NO_COLOR=1", "", "check", "--edition", "sound", "--for", "700ms"); strings.Contains(shows, " seeds in 0s, ") != want {
			t.Errorf("on a terminal %s: %q", term, shows)
		}
		if shows, _ := onTerminal(t, "TERM="+term+" PAGER=rev NO_COLOR=1", "", "rules", "yield"); strings.Contains(shows, "stseuqer") != want {
			t.Errorf("on a terminal %s: %q", term, shows)
		}
	}
}

// How far shrinking is stands on the terminal only as long as it goes on.
func TestShrinkingGoes(t *testing.T) {
	typist, screen := terminal(t)
	c := asCommand(t, "check", longRun(t, 1000), "--profile", "none", "--property", "acknowledged", "--seed", "1", "--recheck", "0")
	c.Stderr = screen
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	screen.Close()
	s := watch(typist)
	s.until(t, c, "a line that says how far it is", func() bool {
		return regexp.MustCompile(`shrinking seed 1: [1-9][0-9,]* smaller runs? tried, \d+s`).MatchString(s.String())
	})
	c.Wait()
	<-s.ended
	if lines := s.lines(); len(lines) != 1 || lines[0] != "" || c.ProcessState.ExitCode() != report.ExitUnmet {
		t.Errorf("exit code %d, and what is left is %q", c.ProcessState.ExitCode(), lines)
	}
}

// What is read from the terminal is asked for; its end is Ctrl-D, and Ctrl-C ends everything
// at once.
func TestReadsTerminal(t *testing.T) {
	const asks = "skinny: reading a scenario from the terminal; Ctrl-D ends it\r\n"
	const text = "format: 1\ninstances: [a, b]\ntimeline:\n  - {at: 0ms, acquire: alice, via: a}\n"
	for _, c := range []struct {
		args, typed string
		code        int
		says        string // after that
	}{
		{"run - --quiet", text + "\x04", report.ExitClaimed, ""},
		{"scenarios lint -", text + "\x04", report.ExitClaimed, "-: no mistakes\r\n"},
		{"explore - --events 2 --quiet", "format: 1\n\x04", report.ExitUsage, "standard input:1:1: a scenario needs the key"},
		{"run -", text + "\x03", report.ExitInterrupted, ""},
		{"check - --seeds 3", "\x03", report.ExitInterrupted, ""},
		{"step - --plain", "\x03", report.ExitInterrupted, ""},
	} {
		typist, screen := terminal(t)
		if attributes, err := unix.IoctlGetTermios(int(screen.Fd()), unix.TCGETS); err == nil {
			attributes.Lflag &^= unix.ECHO
			unix.IoctlSetTermios(int(screen.Fd()), unix.TCSETS, attributes)
		}
		command := asCommand(t, strings.Fields(c.args)...)
		command.Stdin, command.Stdout, command.Stderr = screen, screen, screen
		command.Env = append(os.Environ(), "TERM=xterm", "NO_COLOR=1", "PAGER=cat")
		command.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
		if err := command.Start(); err != nil {
			t.Fatal(err)
		}
		screen.Close()
		s := watch(typist)
		s.until(t, command, asks, func() bool { return strings.HasPrefix(s.String(), asks) })
		typist.WriteString(c.typed)
		command.Wait()
		<-s.ended
		said := strings.TrimPrefix(s.String(), asks)
		if code := command.ProcessState.ExitCode(); code != c.code || !strings.HasPrefix(said, c.says) || c.says == "" && said != "" {
			t.Errorf("skinny %s, %q: exit code %d, and it says %q", c.args, c.typed, code, said)
		}
	}
}
