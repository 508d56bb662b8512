package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"skinny/cmd/internal/report"
)

// shown is what a terminal was told so far.
type shown struct {
	mutex sync.Mutex
	all   bytes.Buffer
	ended chan struct{} // closed when nobody writes any more
}

// watch collects what comes on a terminal. The screen is to be closed when its programs have
// begun, so that their end can be seen.
func watch(typist *os.File) *shown {
	s := &shown{ended: make(chan struct{})}
	go func() {
		defer close(s.ended)
		for b := make([]byte, 1<<16); ; {
			n, err := typist.Read(b)
			s.mutex.Lock()
			s.all.Write(b[:n])
			s.mutex.Unlock()
			if err != nil {
				return
			}
		}
	}()
	return s
}

func (s *shown) String() string {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return s.all.String()
}

// lines are what can be read on it: a carriage return goes to the beginning of the line, and
// what follows stands in place of what was there.
func (s *shown) lines() (lines []string) {
	for _, line := range strings.Split(s.String(), "\n") {
		var row []rune
		x := 0
		for _, r := range line {
			switch {
			case r == '\r':
				x = 0
				continue
			case x < len(row):
				row[x] = r
			default:
				row = append(row, r)
			}
			x++
		}
		lines = append(lines, strings.TrimRight(string(row), " "))
	}
	return lines
}

// until waits for something, and ends the command if that does not come.
func (s *shown) until(t *testing.T, c *exec.Cmd, what string, is func() bool) {
	t.Helper()
	for begin := time.Now(); !is(); time.Sleep(5 * time.Millisecond) {
		select {
		case <-s.ended:
		default:
			if time.Since(begin) < time.Minute {
				continue
			}
		}
		if is() {
			return
		}
		c.Process.Kill()
		c.Wait()
		t.Fatalf("%v: there is never %s, but\n%s", c.Args, what, s)
	}
}

// How far something is stands on the terminal only as long as it goes on: of that line nothing
// is left in what is read afterwards.
func TestMeterGoes(t *testing.T) {
	for _, test := range []struct{ says, command string }{
		{`running: [1-9][0-9,]* events`, "run " + longRun(t, 15_000) + " --format json"},
		{`[1-9][0-9,]* seeds in [0-9]+s, [1-9][0-9,]* a second, 0 failing, (59m[0-9]+s|1h0m0s) left`, "check --edition sound --for 1h"},
		{`  depth [0-9]+ · [1-9][0-9,]* states · [0-9,]+ to expand · [1-9][0-9,]* a second · .*`, "explore two-winners --edition sound --losses 4 --crashes 2 --restarts 2 --retries 4"},
	} {
		t.Run(strings.Fields(test.command)[0], func(t *testing.T) {
			typist, screen := terminal(t)
			c := asCommand(t, strings.Fields(test.command)...)
			c.Stderr = screen
			c.Env = append(os.Environ(), "TERM=xterm")
			if err := c.Start(); err != nil {
				t.Fatal(err)
			}
			screen.Close()
			s := watch(typist)
			s.until(t, c, "a line that says how far it is", func() bool { return s.String() != "" })
			meter, _, _ := strings.Cut(strings.TrimPrefix(s.String(), "\r"), "\r")
			if !regexp.MustCompile("^" + test.says + "$").MatchString(meter) {
				t.Errorf("it says how far it is by %q", meter)
			}
			c.Process.Signal(os.Interrupt)
			wantInterrupted(t, c)
			<-s.ended
			lines := s.lines()
			for _, line := range lines {
				if strings.Contains(line, meter[:min(len(meter), 8)]) {
					t.Errorf("%q is left: %q", meter, lines)
				}
			}
			if !strings.HasPrefix(lines[0], "skinny: interrupted") {
				t.Errorf("then it says %q", lines)
			}
		})
	}
}

// Output is as wide as its terminal, within bounds, or as it says elsewhere where the terminal
// does not know.
func TestWidthOfTerminal(t *testing.T) {
	t.Setenv("COLUMNS", "77")
	_, screen := terminal(t)
	for columns, want := range map[uint16]int{0: 77, 1: 40, 90: 90, 999: report.MostWidth} {
		if err := unix.IoctlSetWinsize(int(screen.Fd()), unix.TIOCSWINSZ, &unix.Winsize{Row: 40, Col: columns}); err != nil {
			t.Skip(err)
		}
		if terminal, width := report.TerminalOf(screen); !terminal || width != want {
			t.Errorf("a terminal of %d columns: %v, %d columns, want %d", columns, terminal, width, want)
		}
	}
}

// However one leaves the stepper on a terminal, it says by which command everything is there
// again: the branch, and the point in it.
func TestLeaving(t *testing.T) {
	bin := t.TempDir()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(self, filepath.Join(bin, "skinny")); err != nil {
		t.Fatal(err)
	}
	words := []string{"14", "crash a", "10", "save mine.yaml"}
	for name, c := range map[string]struct {
		args   []string
		typed  string
		leaves string
		code   int
	}{
		"words":               {[]string{"--plain"}, strings.Join(words, "\r") + "\r", "quit\r", 0},
		"words, end of input": {[]string{"--plain"}, strings.Join(words, "\r") + "\r", "\x04", 0},
		"words, interrupted":  {[]string{"--plain"}, strings.Join(words, "\r") + "\r", "\x03", 130},
		"screen":              {nil, " :" + strings.Join(words, "\r:") + "\r", "q", 0},
		"screen, interrupted": {nil, " :" + strings.Join(words, "\r:") + "\r", "\x03", 130},
	} {
		t.Run(name, func(t *testing.T) {
			typist, screen := terminal(t)
			step := asCommand(t, append([]string{"step", "two-winners"}, c.args...)...)
			step.Stdin, step.Stdout, step.Stderr = screen, screen, screen
			step.Env = append(os.Environ(), "TERM=xterm")
			step.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
			if err := step.Start(); err != nil {
				t.Fatal(err)
			}
			screen.Close()
			s := watch(typist)
			s.until(t, step, "a run", func() bool { return strings.Contains(s.String(), "Two winners") })
			typist.WriteString(c.typed)
			mine := filepath.Join(step.Dir, "mine.yaml")
			s.until(t, step, "a file", func() bool { info, err := os.Stat(mine); return err == nil && info.Size() > 0 })
			typist.WriteString(c.leaves)
			step.Wait()
			<-s.ended
			if code := step.ProcessState.ExitCode(); code != c.code {
				t.Errorf("exit code %d", code)
			}
			_, last, found := strings.Cut(s.String(), "back to this point: ")
			command, _, _ := strings.Cut(last, "\r\n")
			if !found || c.args != nil && !strings.Contains(s.String(), "\nback to this point: ") {
				t.Fatalf("it ends with %q", s.String()[max(0, len(s.String())-300):])
			}
			again := exec.Command("sh", "-c", command+" --plain")
			again.Dir = step.Dir
			again.Env = append(os.Environ(), "PATH="+bin+":"+os.Getenv("PATH"))
			again.Stdin = strings.NewReader("save again.yaml\n")
			out, err := again.Output()
			if err != nil || !strings.Contains(string(out), "\n10 ") {
				t.Errorf("%s: %v\n%s", command, err, out)
			}
			want, err := os.ReadFile(mine)
			if err != nil {
				t.Fatal(err)
			}
			if got, err := os.ReadFile(filepath.Join(step.Dir, "again.yaml")); err != nil || !bytes.Equal(got, want) {
				t.Errorf("%s: %v\n%s\nand before\n%s", command, err, got, want)
			}
		})
	}
}
