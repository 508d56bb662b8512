package render

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// On one line everything can be seen: what would move others, or is none, has a stand-in.
func TestHarmless(t *testing.T) {
	for _, c := range []struct {
		from, to rune
		want     string // "" for itself, each
	}{
		{0, 0, "␀"}, {8, 8, "␈"}, {'\t', '\n', " "}, {0x0b, 0x0b, "␋"}, {0x1b, 0x1b, "␛"}, {0x1f, 0x1f, "␟"}, {' ', '~', ""}, {0x7f, 0x7f, "␡"},
		{0x80, 0x9f, "\uFFFD"}, {0xa0, 0x200d, ""}, {0x200e, 0x200f, "\uFFFD"}, {0x2010, 0x2027, ""}, {0x2028, 0x202e, "\uFFFD"},
		{0x202f, 0x2065, ""}, {0x2066, 0x2069, "\uFFFD"}, {0x206a, 0x2100, ""}, {0xfffd, 0xffff, "\uFFFD"}, {0x10000, 0x10010, ""},
	} {
		for r := c.from; r <= c.to; r++ {
			want := c.want
			if want == "" {
				want = string(r)
			}
			if got := Harmless("a" + string(r) + "b"); got != "a"+want+"b" {
				t.Errorf("%U is %q, not %q", r, got, want)
			}
		}
	}
	if got := Harmless("a\xffb\xc3"); got != "a\uFFFDb\uFFFD" || Escape("<a&\"'\x00>") != "&lt;a&amp;&#34;&#39;␀&gt;" {
		t.Errorf("%q, and %s", got, Escape("<a&\"'\x00>"))
	}
}

// A text is cut, or folded, so that it has room, and loses nothing if it has.
func TestRoom(t *testing.T) {
	for _, text := range []string{"", "a", "iii", "a few words of a sentence", "WWWWWWWW", "漢字漢字", "a " + strings.Repeat("m", 40) + " b"} {
		for _, bold := range []bool{false, true} {
			whole := textWidth(text, fontSize, bold)
			if got := shortened(text, fontSize, bold, whole); got != text {
				t.Errorf("%q has room, and is cut to %q", text, got)
			}
			for width := 13; width < whole; width++ {
				got := shortened(text, fontSize, bold, width)
				if begin, cut := strings.CutSuffix(got, "…"); !cut || !strings.HasPrefix(text, begin) || textWidth(got, fontSize, bold) > width || strings.HasSuffix(begin, " ") {
					t.Errorf("%q in %d pixels is %q", text, width, got)
				}
			}
			if bold && text != "" && whole <= textWidth(text, fontSize, false) {
				t.Errorf("%q is as wide if it is bold", text)
			}
		}
		for _, width := range []int{40, 90, 10_000} {
			lines := folded(text, fontSize, width)
			for i, line := range lines {
				next := ""
				if i+1 < len(lines) {
					next, _, _ = strings.Cut(lines[i+1], " ")
				}
				if textWidth(line, fontSize, false) > width || next != "" && textWidth(line+" "+next, fontSize, false) <= width {
					t.Errorf("%q in %d pixels is folded as %q", text, width, lines)
				}
			}
			if joined := strings.Join(lines, " "); width == 10_000 && joined != text || utf8.RuneCountInString(joined) > utf8.RuneCountInString(text) {
				t.Errorf("%q in %d pixels is folded as %q", text, width, lines)
			}
		}
	}
	p := page{Sheet: &Sheet{}}
	if p.add(label{text: strings.Repeat("m", 40)}); p.labels[0].width > mostLabel || !strings.HasSuffix(p.labels[0].text, "…") {
		t.Errorf("a label is %+v", p.labels[0])
	}
	if got := shortened("漢字", fontSize, false, 0); got != "…" {
		t.Errorf("where there is no room it is %q", got)
	}
	// Nothing is wider in another font than is thought here: a W is one em, and ten i less than four.
	if textWidth("W", 100, false) < 99 || textWidth(strings.Repeat("i", 10), 100, false) > 400 || textWidth("漢", 100, false) < 200 {
		t.Error("runes have other widths")
	}
}

// A name that means something to Mermaid stands for itself, whatever sign it has.
func TestMermaidSigns(t *testing.T) {
	for _, r := range "#;<>&\"%{}[]\\`:" {
		if got := mermaidText("x" + string(r)); strings.ContainsRune(strings.TrimSuffix(strings.TrimPrefix(got, "x#"), ";"), r) || !strings.HasPrefix(got, "x#") {
			t.Errorf("%q is %q", r, got)
		}
	}
}

// Colours have as much red, green and blue as they say.
func TestRGB(t *testing.T) {
	if r, g, b := RGB("#01a0ff"); r != 1 || g != 160 || b != 255 {
		t.Errorf("%d, %d, %d", r, g, b)
	}
	if Color(int8(Colors)) != Color(0) || Color(1) == Color(0) {
		t.Error("the colours do not begin again")
	}
}
