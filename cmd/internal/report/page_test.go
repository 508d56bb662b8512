package report

import (
	"bytes"
	"strings"
	"testing"
	"time"
)

func TestGrouped(t *testing.T) {
	for n, want := range map[uint64]string{0: "0", 999: "999", 1000: "1,000", 1234567: "1,234,567"} {
		if got := Grouped(n); got != want {
			t.Errorf("%d: %s, want %s", n, got, want)
		}
	}
}

// Colours take no columns, and what is joined on the screen is one character.
func TestWidth(t *testing.T) {
	for text, want := range map[string]int{"": 0, "abc": 3, "a ─▶ b": 6, "Jose\u0301": 4, "\x1b[31mred\x1b[0m": 3, "日本": 4, "👩\u200d👧": 2} {
		if got := Width(text); got != want {
			t.Errorf("%q: %d columns, want %d", text, got, want)
		}
	}
}

func print(width int, write func(*Page)) string {
	var b bytes.Buffer
	p := NewPage(&b, width)
	write(p)
	p.Flush()
	return b.String()
}

func TestFlow(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{print(20, func(p *Page) { p.Hang("  x ", "one two three four five") }), "  x one two three\n    four five\n"},
		{print(20, func(p *Page) { p.Flow("name: ", 2, "one two three four five") }), "name: one two three\n  four five\n"},
		{print(20, func(p *Page) { p.Hang("  ", "averyveryverylongwordthatgoeson x") }), "  averyveryverylongwordthatgoeson\n  x\n"},
		{print(20, func(p *Page) { p.Table(3, []string{"NAME", "ID"}, []string{"a", "1"}, []string{"b", ""}) }), "  NAME   ID\n  a      1\n  b\n"},
		{print(12, func(p *Page) { p.Table(3, []string{"NAME", "ID", "HOLDER"}, []string{"a", "1", "x"}) }), "  NAME ID HOLDER\n  a    1  x\n"},
		{print(16, func(p *Page) { p.Table(2, []string{"a", "one two three"}, []string{"bcd", "x"}) }), "  a    one two\n       three\n  bcd  x\n"},
	} {
		if c.got != c.want {
			t.Errorf("got\n%swant\n%s", c.got, c.want)
		}
	}
}

// On a terminal progress is one line, which fits and goes away; elsewhere there is a
// line now and then.
func TestMeter(t *testing.T) {
	var out bytes.Buffer
	m := &Meter{out: &out, console: &Console{Width: 20}, next: time.Now().Add(time.Hour)}
	m.Show(func() string { return "too early" })
	if out.Len() > 0 {
		t.Errorf("it shows %q", &out)
	}
	show := func(line string) { m.next = time.Time{}; m.Show(func() string { return line }) }
	show("elsewhere it is a line of any length")
	if out.String() != "elsewhere it is a line of any length\n" {
		t.Errorf("it shows %q", &out)
	}
	out.Reset()
	m.terminal = true
	show("a line that is too long for this terminal")
	show("short")
	m.Clear()
	shown := strings.Split(out.String(), "\r")
	if strings.ContainsAny(out.String(), "\n\x1b") || Width(shown[1]) != 19 || Width(shown[2]) != 19 || strings.TrimSpace(shown[3]) != "" || shown[4] != "" {
		t.Errorf("got %q", shown)
	}
	out.Reset()
	m.console.Silent = true
	show("nothing")
	if m.Clear(); out.Len() > 0 {
		t.Errorf("it shows %q", &out)
	}
}
