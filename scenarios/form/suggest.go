package form

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/agnivade/levenshtein"
)

// Nearest is the candidate that word was probably meant to be.
func Nearest(word string, candidates []string) (string, bool) {
	const longest = 64 // no name is longer, and long ones take long to compare
	if word == "" || utf8.RuneCountInString(word) > longest {
		return "", false
	}
	lower := strings.ToLower(word)
	const most = 256 // comparing takes time, and somebody may have written nonsense ten thousand times
	candidates = candidates[:min(len(candidates), most)]
	best, found := "", false
	least := max(1, utf8.RuneCountInString(word)/3) + 1
	for _, c := range candidates {
		d := levenshtein.ComputeDistance(lower, strings.ToLower(c))
		if sorted(lower) == sorted(strings.ToLower(c)) {
			d = min(d, 1) // letters have changed places
		}
		// One letter has nothing in common with another one letter.
		if d < least && d < utf8.RuneCountInString(c) {
			best, found, least = c, true, d
		}
	}
	return best, found
}

// sorted is the word with its letters in order.
func sorted(word string) string {
	letters := []rune(word)
	slices.Sort(letters)
	return string(letters)
}

// Names lists what elements are called.
func Names[E any](list []E, name func(E) string) []string {
	names := make([]string, len(list))
	for i, e := range list {
		names[i] = name(e)
	}
	return names
}

// Suggest is a hint for somebody who wrote word where one of the candidates was
// expected: the one that looks like it, or else what there is. What names the
// candidates in the plural: "instances".
func Suggest(word, what string, candidates []string) string {
	if c, ok := Nearest(word, candidates); ok {
		return fmt.Sprintf("did you mean %q?", c)
	}
	return Listed(what, candidates)
}

// Listed names what there is.
func Listed(what string, candidates []string) string {
	const most = 24
	if len(candidates) == 0 {
		return fmt.Sprintf("there are no %s here", what)
	}
	if len(candidates) > most {
		return fmt.Sprintf("%s: %s and %d more", what, strings.Join(candidates[:most], ", "), len(candidates)-most)
	}
	return fmt.Sprintf("%s: %s", what, strings.Join(candidates, ", "))
}
