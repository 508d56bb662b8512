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
		"~\x80 \u00a0\u2027\u202f\u2065\u206a\ufefe\uff00": `~\x80 ` + "\u00a0\u2027\u202f\u2065\u206a\ufefe\uff00", // what stands beside what does not pass
		"\u009f\u2028\u202a\u2067\ufeff":                   `\u009f\u2028\u202a\u2067\ufeff`,
		"\x1b[1;38;2;255;255;255ma\x1b[0;22;0m":            "\x1b[1;38;2;255;255;255ma\x1b[0;22;0m",
		"\x1b[4ma\x1b[38mb\x1b[40mc\x1b[md":                `\u001b[4ma\u001b[38mb\u001b[40mc\u001b[md`,
		strings.Repeat("\x1b[", 30):                        strings.Repeat(`\u001b[`, 30),
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
	if got := Clean("cut \xe2"); got != `cut \xe2` {
		t.Errorf("what is cut off: %q", got)
	}
}

// What may not pass is not kept waiting for an end that it may never have, and where nothing
// is written nothing is.
func TestDoorHoldsBackLittle(t *testing.T) {
	var out bytes.Buffer
	color := true
	d := &Door{Writer: &out, Color: &color}
	long := "\x1b[" + strings.Repeat("1", 21)
	d.Write([]byte(long))
	if want := `\u001b` + long[1:]; out.String() != want {
		t.Errorf("%q is written of %q", out.String(), long)
	}
	color = false
	d.Write([]byte("\x1b"))
	if !strings.HasSuffix(out.String(), `1\u001b`) {
		t.Errorf("without colour %q is written", out.String())
	}
	d = &Door{Writer: failing{}}
	if _, err := d.Write(nil); err != nil || d.Flush() != nil || d.Err != nil {
		t.Error("nothing is written")
	}
}

// It remembers what went wrong.
func TestDoorError(t *testing.T) {
	d := &Door{Writer: failing{}}
	if _, err := d.Write([]byte("x")); err == nil || d.Err == nil {
		t.Error("an error is lost")
	}
	first := d.Err
	d.Writer = &bytes.Buffer{}
	if _, err := d.Write([]byte("x")); err != nil || d.Err != first {
		t.Errorf("%v, and what is remembered is %v", err, d.Err)
	}
	d = &Door{Writer: failing{}}
	d.Write([]byte("\xe2"))
	if err := d.Flush(); err == nil || d.Err == nil {
		t.Error("an error at the end is lost")
	}
}

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, errors.New("full") }
