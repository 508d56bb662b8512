package main

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"skinny/cmd/internal/report"
)

// Whatever a file is called, what a check saves of it can be opened again, and is text.
func TestOddNames(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("there are no such names")
	}
	const text = "format: 1\ninstances: [a, b, c]\ntimeline:\n  - {at: 0ms, acquire: alice, via: a}\n  - {at: 5ms, acquire: bob, via: b}\nuntil: 3s\n"
	for _, name := range []string{"caf\xe9.yaml", "two\nlines.yaml", "esc\x1b[31m.yaml", "\u202egnp.yaml", "a\u2028b.yaml", "tab\there.yaml"} {
		t.Chdir(t.TempDir())
		if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
			t.Skip(err) // the file system takes no such name
		}
		for _, more := range [][]string{nil, {"--no-shrink"}} {
			code, said, panicked := command("", append([]string{"check", "--profile", "none", "--seeds", "500", name, "--dir", "saved"}, more...)...)
			if code != report.ExitUnmet || panicked != "" {
				t.Fatalf("%q: the check ends with %d: %s%s", name, code, said, panicked)
			}
		}
		saved, err := filepath.Glob("saved/*.yaml")
		if err != nil || len(saved) == 0 {
			t.Fatalf("%q: %v, %v", name, saved, err)
		}
		for _, file := range saved {
			data, err := os.ReadFile(file)
			if err != nil || strings.Contains(string(data), "!!") {
				t.Errorf("%q: %v\n%s", name, err, data)
			}
			if code, said, _ := command("", "run", "--quiet", file); code != report.ExitClaimed {
				t.Errorf("%q: what was saved ends with %d: %s\n%s", name, code, said, data)
			}
		}
	}
}
