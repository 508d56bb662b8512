package scenarios

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestExcerpt checks that the caret stands below its character, whatever stands in
// front of it, and that a line fits into a terminal.
func TestExcerpt(t *testing.T) {
	long := strings.Repeat("0123456789", 20)
	for _, c := range []struct {
		line        string
		column      int
		text, caret string
	}{
		{"abc", 2, "abc", " ^"},
		{"abc", 4, "abc", "   ^"},
		{"abc", 9, "abc", "   ^"}, // never behind the end
		{"", 1, "", "^"},
		{"\ta", 2, "\ta", "\t^"},
		{"東b", 2, "東b", "  ^"},
		{"e\u0301b", 3, "e\u0301b", " ^"},
		{"a\x1b[2Jb", 6, "a\ufffd[2Jb", "     ^"},
		{long, 1, long[:74] + "…", "^"},
		{long, 200, "…" + long[127:], strings.Repeat(" ", 73) + "^"},
		{long[:75], 76, long[:75], strings.Repeat(" ", 75) + "^"},
	} {
		text, caret := excerpt(c.line, c.column)
		if text != c.text || caret != c.caret {
			t.Errorf("%q at %d:\n%s|\n%s|\nwant\n%s|\n%s|", c.line, c.column, text, caret, c.text, c.caret)
		}
	}
	for column := 1; column <= 201; column++ {
		text, caret := excerpt(long, column)
		if width([]rune(text)) > maxWidth || width([]rune(caret)) > maxWidth {
			t.Errorf("column %d: wider than %d:\n%s\n%s", column, maxWidth, text, caret)
		}
		if at := []rune(text)[width([]rune(caret))-1:]; column <= 200 && at[0] != rune('0'+(column-1)%10) {
			t.Errorf("column %d: the caret is below %c", column, at[0])
		}
	}
}

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
		if n := strings.Count(err.Error(), "\n"); n > 5*shown {
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
		large:                           "larger than 2 MiB",
		filepath.Join(large, "below"):   "cannot be read",
	}
	if os.Getuid() != 0 { // root may read everything
		cases[secret] = "no permission"
	}
	for name, want := range cases {
		_, err := ReadFile(name)
		if _, ok := err.(Diagnostics); !ok || !strings.HasPrefix(err.Error(), name+": ") || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %s", name, err, want)
		}
	}
	good := filepath.Join(dir, "My run.yaml")
	if err := os.WriteFile(good, []byte("format: 1\ninstances: [a, b]\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	f, err := ReadFile(good)
	if err != nil {
		t.Fatal(err)
	}
	if s, err := f.Compile(Overrides{}); err != nil || s.Title != "My run" {
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
	if _, err := ReadFrom(StandardInput, e); err == nil || !strings.HasPrefix(err.Error(), "standard input: the file is larger") {
		t.Errorf("got %v", err)
	}
	if e.n > 2*MaxSize {
		t.Errorf("read %d bytes", e.n)
	}
}
