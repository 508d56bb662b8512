//go:build unix

package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"skinny/cmd/internal/report"
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

// longRun writes a scenario of a number of acquires and releases, which overlap. Ten
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

// interrupt sends a signal to a command once its trace has begun, and returns its
// output.
func interrupt(t *testing.T, c *exec.Cmd, traceFile string, by os.Signal) (stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	c.Stdout, c.Stderr = &out, &errs
	folder := filepath.Dir(traceFile)
	c.Env = append(os.Environ(), "TMPDIR="+folder)
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	for {
		// Its events are kept elsewhere until its decisions are known.
		spools, _ := filepath.Glob(filepath.Join(folder, "skinny-*"))
		if len(spools) > 0 {
			if info, err := os.Stat(spools[0]); err == nil && info.Size() > 100_000 {
				break
			}
		}
		time.Sleep(time.Millisecond)
	}
	if err := c.Process.Signal(by); err != nil {
		t.Fatal(err)
	}
	wantInterrupted(t, c)
	if left, _ := filepath.Glob(filepath.Join(folder, "*skinny-*")); len(left) > 0 {
		t.Errorf("it leaves %v", left)
	}
	return out.String(), errs.String()
}

func wantInterrupted(t *testing.T, c *exec.Cmd) {
	t.Helper()
	var status *exec.ExitError
	if err := c.Wait(); !errors.As(err, &status) || status.ExitCode() != report.ExitInterrupted {
		t.Fatalf("it ended with %v, not with exit code %d", err, report.ExitInterrupted)
	}
}

// Ctrl-C in the middle of a run: what has happened is told, judged and written.
func TestInterruptedRun(t *testing.T) {
	scenario := longRun(t, 15_000)
	traceFile := filepath.Join(t.TempDir(), "trace.jsonl")
	for format, by := range map[string]os.Signal{"text": os.Interrupt, "json": syscall.SIGHUP} {
		os.Remove(traceFile)
		stdout, stderr := interrupt(t, asCommand(t, "run", scenario, "--trace", traceFile, "--format", format), traceFile, by)
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
			var result struct {
				Events int
				Ending string
			}
			if err := json.Unmarshal([]byte(stdout), &result); err != nil || result.Events != events || result.Ending != "interrupted" {
				t.Errorf("%d events in the result, %d in the trace, ended by %q, %v", result.Events, events, result.Ending, err)
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
	stdout, _ := interrupt(t, asCommand(t, "run", longRun(t, 15_000), "--trace", traceFile, "--why", "3"), traceFile, syscall.SIGTERM)
	if !strings.Contains(stdout, "Why event 3 of ") {
		t.Errorf("%q", stdout)
	}
}

// interrupter is an output that gets a Ctrl-C when it is first written to.
type interrupter struct {
	bytes.Buffer
	app *app
}

func (i *interrupter) Write(b []byte) (int, error) {
	i.app.Interrupted.Store(true)
	return i.Buffer.Write(b)
}

// Ctrl-C while a long story is told: the table and the verdict come at once.
func TestInterruptedStory(t *testing.T) {
	var errs bytes.Buffer
	a := testApp(nil, &errs)
	out := &interrupter{app: a}
	a.Out = out
	if code := a.execute([]string{"run", longRun(t, 200)}); code != report.ExitInterrupted {
		t.Errorf("exit code %d, want %d", code, report.ExitInterrupted)
	}
	if !strings.Contains(errs.String(), "the rest of the story is left out") {
		t.Errorf("standard error: %q", errs.String())
	}
	story := out.String()
	if !strings.HasPrefix(story, "Long ") || !strings.Contains(story, "  NAME   INCREMENT") || strings.Count(story, "\n") > 400 {
		t.Errorf("%d lines, from %.80q", strings.Count(story, "\n"), story)
	}
}

// What was judged before an interrupt is said, whatever it is printed as.
func TestInterruptedAmongMarks(t *testing.T) {
	t.Chdir(t.TempDir())
	const given = "format: 1\ninstances: [a, b, c]\ntimeline:\n  - {at: 0ms, acquire: alice, via: a}\n"
	for name, text := range map[string]string{"own.yaml": given + "exercise: {task: x, change: [rules], want: [{operation: 1, outcome: acquired}]}\n", "mine.yaml": given} {
		if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	for args, want := range map[string]string{
		"own.yaml mine.yaml none.yaml mine.yaml":              "✓ 1 of 1  mine.yaml: solved\n",
		"own.yaml none.yaml mine.yaml mine.yaml --format csv": "file,solved,points,of,moves,par,why\nnone.yaml,false,0,1,,,there is no such file\n",
	} {
		var errs bytes.Buffer
		a := testApp(nil, &errs)
		out := &interrupter{app: a}
		a.Out = out
		code := a.execute(append([]string{"grade"}, strings.Fields(args)...))
		if code != report.ExitInterrupted || out.String() != want || errs.String() != "skinny: interrupted after 1 of 3 files\n" {
			t.Errorf("grade %s: exit code %d, %q, and prints\n%s", args, code, errs.String(), out.String())
		}
	}
}

// A file that is much too large is refused.
func TestLargeFile(t *testing.T) {
	name := filepath.Join(t.TempDir(), "large.yaml")
	if err := os.WriteFile(name, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(name, 100_000_000); err != nil {
		t.Fatal(err)
	}
	var errs bytes.Buffer
	a := testApp(&bytes.Buffer{}, &errs)
	if code := a.execute([]string{"run", name}); code != report.ExitUsage || !strings.Contains(errs.String(), "large.yaml: the file is larger than") {
		t.Errorf("exit code %d, %q", code, errs.String())
	}
}

// A pipe that is closed early is no error.
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

// What was built to be judged is removed, whether nobody reads the output any more or
// Ctrl-C comes while it is built.
func TestBuiltIsRemoved(t *testing.T) {
	if testing.Short() {
		t.Skip("it builds")
	}
	dir := t.TempDir()
	if code := testApp(&bytes.Buffer{}, os.Stderr).execute([]string{"lab", "new", dir, "--lang", "go"}); code != 0 {
		t.Fatal(code)
	}
	for _, interrupt := range []bool{false, true} {
		c := asCommand(t, "lab", "check", dir, "promise")
		folder := t.TempDir()
		built := func() []string {
			found, _ := filepath.Glob(filepath.Join(folder, "skinny-lab-*"))
			return found
		}
		c.Env = append(os.Environ(), "TMPDIR="+folder)
		pipe, err := c.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		if interrupt {
			for len(built()) == 0 {
				time.Sleep(time.Millisecond)
			}
			c.Process.Signal(os.Interrupt)
			wantInterrupted(t, c)
		} else {
			bufio.NewReader(pipe).ReadString('\n')
			pipe.Close()
			c.Wait()
		}
		if left := built(); len(left) > 0 {
			t.Errorf("interrupted %v: it leaves %v", interrupt, left)
		}
	}
}

// Ctrl-C before a check has run a seed: it says so. That one in the middle is
// reported with what is known is a matter of sweep.Run.
func TestInterruptedCheck(t *testing.T) {
	var out, errs bytes.Buffer
	a := testApp(&out, &errs)
	a.Interrupted.Store(true)
	if code := a.execute([]string{"check", "--edition", "sound", "--for", "1h"}); code != report.ExitInterrupted {
		t.Errorf("exit code %d, want %d", code, report.ExitInterrupted)
	}
	if !strings.Contains(out.String(), "? no seed was run") || !strings.Contains(errs.String(), "interrupted after 0 seeds; this is what is known so far") {
		t.Errorf("it reports %q and %q", out.String(), errs.String())
	}
}
