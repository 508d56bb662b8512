//go:build unix

package report

import (
	"bytes"
	"io"
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
	p := &Pager{Out: &bytes.Buffer{}}
	p.Close() // nothing was written
	if p.command != nil {
		t.Error("a pager was started for nothing")
	}
}
