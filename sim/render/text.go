package render

import (
	"html"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/mattn/go-runewidth"
)

// textWidth is how wide a text is at most in pixels at a size, in any common sans
// serif: the widths are those of the widest (Verdana, DejaVu Sans), rounded up.
func textWidth(text string, size int, bold bool) int {
	ems := 0 // hundredths
	for _, r := range text {
		ems += runeWidth(r)
	}
	if bold {
		ems += ems / 8
	}
	return (ems*size + 99) / 100
}

func runeWidth(r rune) int {
	switch {
	case strings.ContainsRune("ijl'|", r):
		return 36
	case strings.ContainsRune(" frt()[]!,.:;-/", r):
		return 46
	case strings.ContainsRune("csz?", r):
		return 56
	case r >= 'a' && r <= 'z' && r != 'm' && r != 'w', r >= '0' && r <= '9':
		return 65
	case r < unicode.MaxLatin1 && !strings.ContainsRune("mMW@%", r):
		return 85
	}
	return max(101*runewidth.RuneWidth(r), 101)
}

func shortened(text string, size int, bold bool, width int) string {
	if textWidth(text, size, bold) <= width {
		return text
	}
	runes := []rune(text)
	for len(runes) > 0 && textWidth(string(runes)+"…", size, bold) > width {
		runes = runes[:len(runes)-1]
	}
	return strings.TrimRight(string(runes), " ") + "…"
}

// folded breaks a text into lines of at most a width. A word that is longer is cut.
func folded(text string, size, width int) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(text) {
		word = shortened(word, size, false, width)
		switch {
		case line == "":
			line = word
		case textWidth(line+" "+word, size, false) > width:
			lines, line = append(lines, line), word
		default:
			line += " " + word
		}
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}

// Escape makes a text part of XML or HTML, whatever it is.
func Escape(text string) string { return html.EscapeString(Harmless(text)) }

// Harmless is a text on one line, in which everything can be seen: without characters
// that XML forbids, and those that change the direction of writing.
func Harmless(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\t', r == '\n':
			return ' '
		case r < ' ':
			return '␀' + r
		case r == 0x7f:
			return '␡'
		case r >= 0x80 && r < 0xa0, r == 0xfffe, r == 0xffff, r >= 0x200e && r <= 0x200f, r >= 0x2028 && r <= 0x202e, r >= 0x2066 && r <= 0x2069:
			return utf8.RuneError
		}
		return r
	}, strings.ToValidUTF8(text, string(utf8.RuneError)))
}
