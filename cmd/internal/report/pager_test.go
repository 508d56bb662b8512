//go:build unix

package report

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"testing"
)

// Text goes through the pager that is wanted, to its end; without one, or with one that
// is not there, it goes where it would have gone.
func TestPager(t *testing.T) {
	for pager, want := range map[string]string{"tr a-z A-Z": "SOME TEXT", "cat": "some text", "no-such-pager": "some text"} {
		t.Setenv("PAGER", pager)
		var out bytes.Buffer
		p := &Pager{Out: &out}
		io.WriteString(p, "some ")
		io.WriteString(p, "text")
		p.Close()
		if out.String() != want {
			t.Errorf("%s: %q", pager, out.String())
		}
	}
	// Without PAGER it is less, which is told how to behave unless the user has.
	bin := t.TempDir()
	if err := os.WriteFile(filepath.Join(bin, "less"), []byte("#!/bin/sh\necho \"[$LESS]\"\nexec cat\n"), 0o777); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", bin+":"+os.Getenv("PATH"))
	t.Setenv("PAGER", " ")
	t.Setenv("LESS", "S")
	for _, want := range []string{"[S]\ntext", "[FRX]\ntext"} {
		var out bytes.Buffer
		p := &Pager{Out: &out}
		io.WriteString(p, "text")
		p.Close()
		if out.String() != want {
			t.Errorf("%q, want %q", out.String(), want)
		}
		os.Unsetenv("LESS")
	}
	p := &Pager{Out: &bytes.Buffer{}}
	p.Close() // nothing was written
	if p.command != nil {
		t.Error("a pager was started for nothing")
	}
}
