package scenarios

import (
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestManyDiagnostics checks that a file with countless errors is not endless to
// read, nor to report.
func TestManyDiagnostics(t *testing.T) {
	for name, text := range map[string]string{
		"unknown instances": cluster + "timeline:\n" + strings.Repeat("  - {at: 0s, crash: londonx}\n", 30_000),
		"unknown clients":   cluster + "schedule: |\n" + strings.Repeat("  acquire alice via london\n  give-up alicf\n", 24_000),
		"many clients":      cluster + "schedule: |\n" + manyClients(15_000),
		"unknown keys":      cluster + strings.Repeat("titel: x\n", 100_000),
		"many instances":    "format: 1\ninstances: [" + manyNames(100_000) + "]\n",
		"a deep line":       cluster + "about: " + strings.Repeat("{a: ", 200_000),
		"empty entries":     cluster + "timeline: [" + strings.Repeat(",", 1_000_000) + "]",
		"one long line":     cluster + "title: " + strings.Repeat("x", 1_000_000),
	} {
		if len(text) > MaxSize {
			t.Fatalf("%s: %d bytes", name, len(text))
		}
		_, err := Decode("many.yaml", []byte(text))
		if err == nil {
			t.Errorf("%s: nothing is wrong", name)
			continue
		}
		if n := strings.Count(err.Error(), "\n"); n > 5*100 {
			t.Errorf("%s: %d lines", name, n)
		}
	}
}

func manyClients(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "  acquire c%d via london\n  give-up d%d\n", i, i)
	}
	return b.String()
}

// TestReadFile checks what is said of files that cannot be read.
func TestReadFile(t *testing.T) {
	dir := t.TempDir()
	large := filepath.Join(dir, "large.yaml")
	if err := os.WriteFile(large, make([]byte, MaxSize+1), 0o644); err != nil {
		t.Fatal(err)
	}
	secret := filepath.Join(dir, "secret.yaml")
	if err := os.WriteFile(secret, nil, 0); err != nil {
		t.Fatal(err)
	}
	cases := map[string]string{
		dir:                             "this is a directory",
		filepath.Join(dir, "none.yaml"): "there is no such file",
		large:                           "larger than 32 MiB",
		filepath.Join(large, "below"):   "cannot be read",
	}
	if os.Getuid() != 0 { // root may read everything
		cases[secret] = "no permission"
	}
	for name, want := range cases {
		_, err := Open(name)
		if _, ok := err.(Diagnostics); !ok || !strings.HasPrefix(err.Error(), name+": ") || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %s", name, err, want)
		}
	}
	good := filepath.Join(dir, "My run.yaml")
	if err := os.WriteFile(good, []byte("format: 1\ninstances: [a, b]\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if s, err := Load(good, Overrides{}); err != nil || s.Title != "My run" {
		t.Errorf("got %v, %v", s, err)
	}
}

// endless is a reader that never ends.
type endless struct{ n int }

func (e *endless) Read(p []byte) (int, error) {
	e.n += len(p)
	return len(p), nil
}

// TestReadBounded checks that not more is read than a file may hold.
func TestReadBounded(t *testing.T) {
	e := &endless{}
	if _, err := read(StandardInput, e, Overrides{}); err == nil || !strings.HasPrefix(err.Error(), "standard input: the file is larger") {
		t.Errorf("got %v", err)
	}
	if e.n > 2*MaxSize {
		t.Errorf("read %d bytes", e.n)
	}
}

// Why a file cannot be read is said with what to do, also where whoever tests may read everything.
func TestCannotRead(t *testing.T) {
	for cause, want := range map[error]string{
		fs.ErrPermission:    "f: there is no permission to read the file\n  look at its owner and mode",
		io.ErrUnexpectedEOF: "f: the file cannot be read\n  unexpected EOF",
	} {
		if got := cannotRead("f", &fs.PathError{Op: "open", Path: "f", Err: cause}).Error(); got != want {
			t.Errorf("%v: %s", cause, got)
		}
	}
}
