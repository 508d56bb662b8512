// Package shell writes words as a shell reads them.
package shell

import "strings"

// special are the characters that mean something to a shell.
const special = " \t\n'\"\\$`!*?[](){}<>|&;#~"

// Word quotes a word where a shell would take it apart.
func Word(s string) string {
	if s != "" && !strings.ContainsAny(s, special) {
		return s
	}
	return Quoted(s)
}

// Line is a command line of these words.
func Line(words []string) string {
	line := ""
	for _, w := range words {
		line += " " + Word(w)
	}
	return strings.TrimPrefix(line, " ")
}

// File quotes a file's name, and keeps it from being taken for a flag.
func File(name string) string {
	if strings.HasPrefix(name, "-") && name != "-" {
		name = "./" + name
	}
	return Word(name)
}

// Quoted quotes a word.
func Quoted(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }

// Safe reports whether text is words as [Word] writes them, each after a space, and no
// more.
func Safe(text string) bool {
	quoted := false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '\'':
			quoted = !quoted
		case quoted || c == ' ':
		case strings.HasPrefix(text[i:], `\'`):
			i++
		case strings.IndexByte(special, c) >= 0:
			return false
		}
	}
	return !quoted && (text == "" || text[0] == ' ')
}
