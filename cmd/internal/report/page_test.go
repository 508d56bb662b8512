package report

import (
	"bytes"
	"strconv"
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

// Words go on in the next line where they have no room, and spaces stay within a line only.
func TestWrap(t *testing.T) {
	for _, c := range []struct {
		columns, at, indent int
		cut                 bool
		texts               string // with | between them
		want                string // with / between lines
	}{
		{11, 0, 0, false, "one two tri", "one two tri"},
		{10, 0, 0, false, "one two tri", "one two/tri"},
		{10, 0, 2, false, "one two tri four", "one two/  tri four"},
		{10, 4, 2, false, "one two", "    one/  two"},
		{10, 8, 2, false, "one two", "        one/  two"}, // the first word stays where it is
		{9, 0, 0, false, "a   b  c d", "a   b  c/d"},
		{20, 0, 0, false, "  a b", "  a b"},
		{20, 0, 3, false, "a\n  b\n\nc", "a/     b//   c"},
		{20, 0, 0, false, "a  \nb |c", "a/b c"}, // nor do they go on in the next line of a text
		{6, 0, 0, false, "aaaa   bbbb", "aaaa/bbbb"},
		{20, 0, 0, false, "a|b", "a b"},
		{20, 0, 0, false, "a|b|c|d", "a b c d"},
		{20, 0, 0, false, "a  | b", "a  b"},
		{20, 0, 0, false, "a|  b", "a  b"},
		{20, 0, 0, false, "|a", " a"},
		{4, 0, 0, false, "a-long-word b", "a-long-word/b"},
		{4, 0, 0, true, "a-long-word b", "a-lo/ng-w/ord/b"},
		{4, 0, 1, true, "abcdefgh", "abcd/ efg/ h"},
		{3, 0, 9, true, "abcd", "abc/  d"}, // the indent leaves a column
		{3, 0, 0, true, "日本語", "日/本/語"},
		{1, 0, 0, true, "日本", "日/本"}, // one letter at least
		{0, 0, 0, true, "ab", "a/b"},
		{9, 0, 0, false, "", ""},
		{9, 0, 0, false, "   ", ""},
	} {
		var lines []string
		for _, line := range Wrap(c.columns, c.at, c.indent, c.cut, strings.Split(c.texts, "|")...) {
			lines = append(lines, line.String(0))
		}
		if got := strings.Join(lines, "/"); got != c.want {
			t.Errorf("%q in %d columns is %q, want %q", c.texts, c.columns, got, c.want)
		}
	}
	lines := Wrap(5, 0, 0, true, "ab", "cde fghij")
	of := ""
	for _, l := range lines {
		for _, p := range l {
			of += strconv.Itoa(p.X) + p.Text + strconv.Itoa(p.Of) + " "
		}
	}
	if of != "0ab0 0cde1 0fghij1 " {
		t.Errorf("the pieces are %s", of)
	}
	if got := (Line{{X: 6, Text: "a"}, {X: 8, Text: "b"}}).String(4); got != "  a b" {
		t.Errorf("from a column on a line is %q", got)
	}
}

// Text begins below a long prefix that leaves it no room, and beside any other.
func TestHang(t *testing.T) {
	for _, c := range []struct {
		prefix string
		width  int
		want   string
	}{
		{strings.Repeat("x", 16), 20, strings.Repeat("x", 16) + "text"}, // no longer than the room
		{strings.Repeat("x", 17), 33, strings.Repeat("x", 17) + "text"}, // which is left
		{strings.Repeat("x", 15) + "  ", 32, strings.Repeat("x", 15) + "\n      text"},
	} {
		if got := print(c.width, func(p *Page) { p.Hang(c.prefix, "text") }); got != c.want+"\n" {
			t.Errorf("beside %q in %d columns: %q", c.prefix, c.width, got)
		}
	}
	if got := print(20, func(p *Page) { p.Flow("x: ", 2, "  one \n\t two  ") }); got != "x: one two\n" {
		t.Errorf("got %q", got)
	}
}

// The columns of a table are as far apart as was asked for where all of it has room, words
// of the last column included, and colours take none.
func TestTableRoom(t *testing.T) {
	rows := [][]string{{"a", "\x1b[31mbcd\x1b[0m", "words wrap"}, {"ab", "x", ""}}
	for width, want := range map[int]string{
		18: "  a    \x1b[31mbcd\x1b[0m   words\n             wrap\n  ab   x\n",
		17: "  a  \x1b[31mbcd\x1b[0m words\n         wrap\n  ab x\n",
	} {
		if got := print(width, func(p *Page) { p.Table(3, rows...) }); got != want {
			t.Errorf("in %d columns\n%swant\n%s", width, got, want)
		}
	}
}

// Numbers have their plural, and a rate is not that of no time.
func TestCount(t *testing.T) {
	if got := Count(0, "seed") + ", " + Count(1, "seed") + ", " + Count(uint64(2000), "seed"); got != "0 seeds, 1 seed, 2,000 seeds" {
		t.Error(got)
	}
	if a, b, c := PerSecond(500, 2*time.Second), PerSecond(5, 0), PerSecond(3, 2*time.Millisecond); a != 250 || b != 5000 || c != 1500 {
		t.Error(a, b, c)
	}
	if got := Pad("ab", 4) + "." + Pad("日", 1) + Spaces(-1); got != "ab  .日" {
		t.Errorf("%q", got)
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
	m.Clear() // what is not there is not taken away
	m.pause = time.Hour
	show("one")
	m.Show(func() string { return "too soon" })
	if out.String() != "\rone" {
		t.Errorf("it shows %q", &out)
	}
	m.Clear()
	out.Reset()
	m.console.Silent = true
	show("nothing")
	if m.Clear(); out.Len() > 0 {
		t.Errorf("it shows %q", &out)
	}
}

// A meter writes past the door, which lets no cursor go back, and has its time before it
// shows anything.
func TestMeterOfConsole(t *testing.T) {
	var out bytes.Buffer
	c := &Console{Err: &Door{Writer: &out}}
	m := c.Meter()
	m.Show(func() string { return "too early" })
	m.next = time.Now()
	m.Show(func() string { return "a\rb" })
	if got := strings.Trim(out.String(), "\r\n"); got != "a\rb" {
		t.Errorf("it shows %q", &out)
	}
	want := meterLogging
	if m.terminal {
		want = meterPause
	}
	if left := time.Until(m.next); m.pause != want || left > want || left < want/2 {
		t.Errorf("the next line comes in %v", left)
	}
}
