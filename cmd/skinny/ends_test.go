//go:build unix

package main

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"skinny/cmd/internal/report"
)

// full is an output that fails.
type full struct{ err error }

func (f full) Write([]byte) (int, error) { return 0, f.err }

// An output that cannot be written is an error that says so, but for a pipe that nobody
// reads any more.
func TestFullOutput(t *testing.T) {
	t.Chdir(t.TempDir())
	t.Setenv("XDG_STATE_HOME", t.TempDir())
	for _, args := range []string{
		"", "version", "rules", "editions sound", "learn", "scenarios", "scenarios --names", "scenarios show typical", "scenarios schema", "scenarios new", "scenarios lint typical", "run two-winners", "run two-winners --format json",
		"draw two-winners", "grade network-1", "check --edition sound --seeds 5", "explore two-winners --events 2 --quiet", "help run", "completion bash",
	} {
		for err, want := range map[error]int{errors.New("full"): report.ExitUsage, syscall.EPIPE: report.ExitClaimed} {
			var errs bytes.Buffer
			a := testApp(full{err}, &errs)
			code := a.execute(strings.Fields(args))
			if code != want || want == report.ExitUsage && !strings.Contains(errs.String(), "full") || want == report.ExitClaimed && errs.Len() > 0 {
				t.Errorf("skinny %s, %v: exit code %d, %q", args, err, code, errs.String())
			}
		}
	}
}

// What flags and arguments take is offered.
func TestCompletions(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.WriteFile("mine.yaml", []byte("format: 1\ninstances: [north, south]\ntimeline: []\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ typed, offered, files string }{ // files: the directive that the shell gets
		{"check --profile cr|", "crash", ":4"}, {"check --property mutual|", "mutual-exclusion", ":4"}, {"check --format |", "text json", ":4"}, {"check --edition timeo|", "timeouts", ":4"},
		{"explore --property prog|", "progress", ":4"}, {"explore --search |", "bfs dfs iterative", ":4"}, {"explore --host |", "up down both", ":4"},
		{"draw --format |", "svg html mermaid shiviz itf", ":4"}, {"draw mine.yaml --only |", "north south", ":4"}, {"run mine.yaml --only s|", "south", ":4"}, {"run none.yaml --only |", "", ":4"}, {"run --only |", "", ":4"},
		{"run --rule durable=o|", "durable=on durable=off", ":4"}, {"grade --format |", "text json csv", ":4"}, {"grade network-|", "network-1 network-2 network-3", ":0"}, {"grade network-1 |", "", ":0"}, {"grade --lab |", "", ":0"},
		{"run mine|", "", ":0"}, {"run --color |", "auto always never light dark", ":4"}, {"scenarios lint two-winners-s|", "two-winners-sound", ":0"}, {"scenarios show two-winners |", "", ":4"},
		{"learn majo|", "majority", ":4"}, {"learn mine|", "", ":0"}, {"web two-winners-s|", "two-winners-sound", ":0"}, {"rules yi|", "yield", ":4"}, {"editions soun|", "sound", ":4"}, {"rules yield |", "", ":4"},
		{"help scenarios l|", "list lint", ":4"}, {"help ru|", "run rules", ":4"}, {"help run |", "", ":4"}, {"help chek |", "", ":4"}, {"scenarios li|", "lint list", ":4"},
		{"lab check mine prom|", "promise", ":4"}, {"lab check mine promise |", "", ":16"}, {"lab check mi|", "", ":16"}, {"step two-winners-s|", "two-winners-sound", ":0"}, {"explore --edition soun|", "sound", ":4"},
	} {
		var out, errs bytes.Buffer
		typed := strings.TrimSuffix(c.typed, "|")
		args := append([]string{"__complete"}, strings.Split(typed, " ")...)
		testApp(&out, &errs).execute(args)
		lines := strings.Split(strings.TrimSpace(out.String()), "\n")
		offered := map[string]bool{}
		for _, line := range lines[:len(lines)-1] {
			word, _, _ := strings.Cut(line, "\t")
			offered[word] = true
		}
		want := strings.Fields(c.offered)
		for _, word := range want {
			if !offered[word] {
				t.Errorf("%s: %s is not offered, of %v", c.typed, word, offered)
			}
		}
		if len(offered) != len(want) || lines[len(lines)-1] != c.files {
			t.Errorf("%s: %v is offered, and %s", c.typed, offered, lines[len(lines)-1])
		}
	}
}

// The program that serves the page is that beside this one, wherever this one is called from,
// before any other; and how it ends is how the command ends.
func TestPageBeside(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for name, code := range map[string]int{"beside": 7, "elsewhere": 9, "killed": 1} {
		bin, path, called := t.TempDir(), t.TempDir(), filepath.Join(t.TempDir(), "skinny")
		if err := errors.Join(os.Link(self, filepath.Join(bin, "skinny")), os.Symlink(filepath.Join(bin, "skinny"), called)); err != nil {
			t.Skip(err)
		}
		write := func(dir, ends string) {
			if err := os.WriteFile(filepath.Join(dir, page), []byte("#!/bin/sh\n"+ends+"\n"), 0o777); err != nil {
				t.Fatal(err)
			}
		}
		write(path, "exit 9")
		if name != "elsewhere" {
			write(bin, map[string]string{"beside": "exit 7", "killed": "kill -9 $$"}[name])
		}
		c := asCommand(t, "web")
		c.Path, c.Env = called, append(os.Environ(), "PATH="+path+":"+os.Getenv("PATH"))
		out, err := c.CombinedOutput()
		if got := c.ProcessState.ExitCode(); got != code {
			t.Errorf("%s: exit code %d, %v, %s", name, got, err, out)
		}
	}
}

// A signal that ends the command reaches the program that serves the page, whose end it waits
// for.
func TestPageIsEnded(t *testing.T) {
	self, err := os.Executable()
	bin := t.TempDir()
	if err = errors.Join(err, os.Link(self, filepath.Join(bin, "skinny")),
		os.WriteFile(filepath.Join(bin, page), []byte("#!/bin/sh\ntrap 'exit 7' TERM\necho ready\nfor _ in 1 2 3 4 5 6 7 8 9; do sleep 0.5; done\n"), 0o777)); err != nil {
		t.Skip(err)
	}
	c := asCommand(t, "web")
	c.Path = filepath.Join(bin, "skinny")
	out, err := c.StdoutPipe()
	if err = errors.Join(err, c.Start()); err != nil {
		t.Fatal(err)
	}
	out.Read(make([]byte, 5))
	c.Process.Signal(syscall.SIGTERM)
	c.Wait()
	if code := c.ProcessState.ExitCode(); code != 7 {
		t.Errorf("exit code %d", code)
	}
}
