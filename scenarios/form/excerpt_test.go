package form

import (
	"strings"
	"testing"
)

// TestExcerpt checks that the caret stands below its character, whatever stands in
// front of it, and that a line fits into a terminal.
func TestExcerpt(t *testing.T) {
	long, wide := strings.Repeat("0123456789", 20), strings.Repeat("東", 40)
	for _, c := range []struct {
		line        string
		column      int
		text, caret string
	}{
		{"abc", 2, "abc", " ^"},
		{"abc", 4, "abc", "   ^"},
		{"abc", 9, "abc", "   ^"}, // never behind the end
		{"", 1, "", "^"}, {"abc", 0, "abc", "^"},
		{strings.Repeat("\t", 10), 2, strings.Repeat("\t", 9) + "…", "\t^"}, // a tab is as wide as it can be
		{"\ta", 2, "\ta", "\t^"},
		{"東b", 2, "東b", "  ^"},
		{"e\u0301b", 3, "e\u0301b", " ^"},
		{wide[:3*37], 37, wide[:3*37], strings.Repeat(" ", 72) + "^"},
		{wide, 1, wide[:3*37] + "…", "^"}, // though it is not 76 characters
		{wide, 40, "…" + wide[3*4:], strings.Repeat(" ", 71) + "^"},
		{strings.Repeat("e\u0301", 60), 120, strings.Repeat("e\u0301", 60), strings.Repeat(" ", 60) + "^"}, // though it is more
		{"a\x1b[2Jb", 6, "a\ufffd[2Jb", "     ^"},
		{long, 1, long[:74] + "…", "^"},
		{long, 200, "…" + long[127:], strings.Repeat(" ", 73) + "^"},
		{long[:76], 77, "…" + long[3:76], strings.Repeat(" ", 74) + "^"}, // there is no room for the caret
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
	very := strings.Repeat(long, 20) // of which only a part is looked at
	for _, column := range []int{1, 80, 607, 608, 609, 1503, 3999, 4000} {
		text, caret := excerpt(very, column)
		if at := []rune(text)[width([]rune(caret))-1:]; at[0] != rune('0'+(column-1)%10) || width([]rune(text)) > maxWidth {
			t.Errorf("column %d: the caret is below %c in\n%s", column, at[0], text)
		}
	}
}
