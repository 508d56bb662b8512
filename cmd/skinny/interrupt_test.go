//go:build unix

package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"
)

// asCommand makes the test binary be the command: testscript.Main goes by the
// name that it is called by.
func asCommand(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := exec.Command(self, args...)
	c.Args[0] = "skinny"
	c.Dir = t.TempDir()
	return c
}

// longRun writes a scenario of so many acquires and releases, which overlap. Ten
// thousand take seconds.
func longRun(t *testing.T, pairs int) string {
	t.Helper()
	var b strings.Builder
	b.WriteString("format: 1\ntitle: Long\ninstances: [a, b, c]\nnetwork: {latency: 1ms..20ms, loss: 20%}\ntimeline:\n")
	for i := range pairs {
		fmt.Fprintf(&b, "  - {at: %dms, acquire: c%d, via: a, timeout: 100s}\n  - {at: %dms, release: c%d, via: b, timeout: 100s}\n", 10*i, i, 10*i+5, i)
	}
	name := filepath.Join(t.TempDir(), "long.yaml")
	if err := os.WriteFile(name, []byte(b.String()), 0o666); err != nil {
		t.Fatal(err)
	}
	return name
}

// interrupt sends Ctrl-C to a command once its trace has begun, and returns its
// output.
func interrupt(t *testing.T, c *exec.Cmd, traceFile string) (stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	c.Stdout, c.Stderr = &out, &errs
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	for {
		if info, err := os.Stat(traceFile); err == nil && info.Size() > 100_000 {
			break
		}
		time.Sleep(time.Millisecond)
	}
	if err := c.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	wantInterrupted(t, c)
	return out.String(), errs.String()
}

func wantInterrupted(t *testing.T, c *exec.Cmd) {
	t.Helper()
	var status *exec.ExitError
	if err := c.Wait(); !errors.As(err, &status) || status.ExitCode() != exitInterrupted {
		t.Fatalf("it ended with %v, not with exit code %d", err, exitInterrupted)
	}
}

// Ctrl-C in the middle of a run: what has happened is told, judged and written.
func TestInterruptedRun(t *testing.T) {
	scenario := longRun(t, 15_000)
	traceFile := filepath.Join(t.TempDir(), "trace.jsonl")
	for _, format := range []string{"text", "json"} {
		os.Remove(traceFile)
		stdout, stderr := interrupt(t, asCommand(t, "run", scenario, "--trace", traceFile, "--format", format), traceFile)
		if stderr != "skinny: interrupted; this is what had happened so far\n" {
			t.Errorf("standard error: %q", stderr)
		}
		written, err := os.ReadFile(traceFile)
		if err != nil {
			t.Fatal(err)
		}
		events := bytes.Count(written, []byte("\n")) - 1
		if !bytes.HasSuffix(written, []byte("}\n")) {
			t.Error("the trace ends in the middle of a line")
		}
		if format == "json" {
			var result struct{ Events int }
			if err := json.Unmarshal([]byte(stdout), &result); err != nil || result.Events != events {
				t.Errorf("%d events in the result, %d in the trace, %v", result.Events, events, err)
			}
			continue
		}
		for _, part := range []string{"c0 ─▶ a", "  NAME   INCREMENT", "  again: skinny run "} {
			if !strings.Contains(stdout, part) {
				t.Errorf("the story has no %q", part)
			}
		}
		if !strings.Contains(stdout, fmt.Sprintf("  %d  ", events)) {
			t.Errorf("the story does not come to event %d", events)
		}
	}
}

// Why something happened can be asked of a run that was interrupted.
func TestInterruptedWhy(t *testing.T) {
	traceFile := filepath.Join(t.TempDir(), "trace.jsonl")
	stdout, _ := interrupt(t, asCommand(t, "run", longRun(t, 15_000), "--trace", traceFile, "--why", "3"), traceFile)
	if !strings.Contains(stdout, "Why event 3 of ") {
		t.Errorf("%q", stdout)
	}
}

// Ctrl-C while a long story is told: the table and the verdict come at once.
func TestInterruptedStory(t *testing.T) {
	c := asCommand(t, "run", longRun(t, 2_000))
	pipe, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var errs bytes.Buffer
	c.Stderr = &errs
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	out := bufio.NewReader(pipe)
	first, err := out.ReadString('\n') // the rest soon fills the pipe, and the command waits
	if err != nil || !strings.HasPrefix(first, "Long ") {
		t.Fatalf("%q %v", first, err)
	}
	if err := c.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	time.Sleep(10 * time.Millisecond) // for the signal to be taken
	rest, err := io.ReadAll(out)
	if err != nil {
		t.Fatal(err)
	}
	wantInterrupted(t, c)
	if !strings.Contains(errs.String(), "the rest of the story is left out") {
		t.Errorf("standard error: %q", errs.String())
	}
	if len(rest) > 2<<20 || !bytes.Contains(rest, []byte("  NAME   INCREMENT")) {
		t.Errorf("%d bytes more, and no table", len(rest))
	}
}

// A file that is much too large is refused at once and with little memory.
func TestLargeFile(t *testing.T) {
	name := filepath.Join(t.TempDir(), "large.yaml")
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	// In pieces, since a command's peak of memory begins with its parent's.
	piece := bytes.Repeat([]byte("# nothing to see here.........\n"), 1<<15)
	for range 100 {
		if _, err := f.Write(piece); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	c := asCommand(t, "run", name)
	start := time.Now()
	out, err := c.CombinedOutput()
	var status *exec.ExitError
	if !errors.As(err, &status) || status.ExitCode() != exitUsage || !bytes.Contains(out, []byte("large.yaml: ")) {
		t.Fatalf("%v %q", err, out)
	}
	if took := time.Since(start); took > 5*time.Second {
		t.Errorf("it took %v", took)
	}
	if usage, ok := c.ProcessState.SysUsage().(*syscall.Rusage); ok && runtime.GOOS == "linux" && usage.Maxrss > 80<<10 {
		t.Errorf("it took %d KiB of memory", usage.Maxrss)
	}
}

// Nobody hears of a pipe that is closed early.
func TestClosedPipe(t *testing.T) {
	c := asCommand(t, "run", longRun(t, 2_000))
	pipe, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var errs bytes.Buffer
	c.Stderr = &errs
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	bufio.NewReader(pipe).ReadString('\n')
	pipe.Close()
	c.Wait()
	if errs.Len() > 0 {
		t.Errorf("standard error: %q", errs.String())
	}
}
