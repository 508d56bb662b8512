// Package shell writes words as a shell reads them.
package shell

import "strings"

// Word quotes a word where a shell would take it apart.
func Word(s string) string {
	if s != "" && !strings.ContainsAny(s, " \t\n'\"\\$`!*?[](){}<>|&;#~") {
		return s
	}
	return Quoted(s)
}

// Quoted quotes a word.
func Quoted(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }
