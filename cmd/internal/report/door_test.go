package report

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf8"
)

// What could do something to a terminal does not pass, whole or in pieces.
func TestDoor(t *testing.T) {
	for text, want := range map[string]string{
		"plain\ttext\n": "plain\ttext\n",
		"a ─▶ b ✗ Jose\u0301 日本 👩\u200d👧": "a ─▶ b ✗ Jose\u0301 日本 👩\u200d👧",
		"\x1b]0;title\x07":          `\u001b]0;title\u0007`,
		"\x1b[2J\x1b[31mred":        `\u001b[2J` + "\x1b[31mred",
		"\x1b[1;31mred\x1b[0;22;0m": "\x1b[1;31mred\x1b[0;22;0m",
		"\x1b[31ma\x1b[0m2; and":    "\x1b[31ma\x1b[0m2; and",
		"\x1b[8mhidden\x1b[31x":     `\u001b[8mhidden\u001b[31x`,
		"one\rtwo\x7f\b":            `one\u000dtwo\u007f\u0008`,
		"\u009b31m\u0085":           `\u009b31m\u0085`,
		"a\u202eb\u2066c\u2069":     `a\u202eb\u2066c\u2069`,
		"caf\xe9.yaml":              `caf\xe9.yaml`,
		"cut \xe2\x9c":              `cut \xe2\x9c`,
		"cut \x1b[3":                `cut \u001b[3`,
		"\x1b\x1b[31m":              `\u001b` + "\x1b[31m",
		"�":                         "�",
		strings.Repeat("\x1b[", 30): strings.Repeat(`\u001b[`, 30),
	} {
		for name, reader := range map[string]io.Reader{"whole": strings.NewReader(text), "bytes": iotest.OneByteReader(strings.NewReader(text))} {
			var out bytes.Buffer
			color := true
			d := &Door{Writer: &out, Color: &color}
			buffer := make([]byte, len(text)+1)
			for {
				n, err := reader.Read(buffer)
				if n > 0 {
					if k, err := d.Write(buffer[:n]); k != n || err != nil {
						t.Fatal(k, err)
					}
				}
				if err != nil {
					break
				}
			}
			d.Flush()
			if out.String() != want || !utf8.Valid(out.Bytes()) {
				t.Errorf("%s: %q becomes %q, want %q", name, text, out.String(), want)
			}
		}
	}
	if got := Clean("\x1b[31mred\nnext"); got != `\u001b[31mred\u000anext` {
		t.Errorf("without colour: %q", got)
	}
}

// It remembers what went wrong.
func TestDoorError(t *testing.T) {
	d := &Door{Writer: iotest.TruncateWriter(failing{}, 100)}
	if _, err := d.Write([]byte("x")); err == nil || d.Err == nil {
		t.Error("an error is lost")
	}
}

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, errors.New("full") }
