package scenarios

import (
	"fmt"
	"strings"

	"go.yaml.in/yaml/v4"
)

// The signs between instances.
const (
	arrow    = "->"
	bothWays = "<->"
	groupBar = "|"
)

// linkPattern is what a link looks like to an editor.
const linkPattern = namePattern + ` +<?-> +` + namePattern

// token is a word of a text, with the index of its first character.
type token struct {
	text string
	at   int
}

// split takes a text apart at white space.
func split(text string) []token {
	var tokens []token
	start := -1
	runes := []rune(text)
	for i := 0; i <= len(runes); i++ {
		space := i == len(runes) || runes[i] == ' ' || runes[i] == '\t' || runes[i] == '\n'
		if space && start >= 0 {
			tokens = append(tokens, token{string(runes[start:i]), start})
			start = -1
		}
		if !space && start < 0 {
			start = i
		}
	}
	return tokens
}

// readLink reads a -> b or a <-> b into a decision.
func readLink(r *decoder, n *yaml.Node, d *Decision) {
	text, ok := r.text(n, "a link such as a -> b")
	if !ok {
		return
	}
	words := split(text)
	if len(words) != 3 || words[1].text != arrow && words[1].text != bothWays {
		hint := "one way: a -> b; both ways: a <-> b"
		if from, to, cut := strings.Cut(text, arrow); cut && strings.Trim(from, " <") != "" && strings.TrimSpace(to) != "" {
			hint = "put spaces around the arrow: a -> b"
		}
		r.report(placeOf(n), hint, "expected a link such as a -> b, got %s", quoted(text))
		return
	}
	d.Both = words[1].text == bothWays
	d.Instance = Opt[string]{words[0].text, true, r.within(n, words[0].at)}
	d.To = Opt[string]{words[2].text, true, r.within(n, words[2].at)}
}

// linkText writes a link as readLink reads it.
func linkText(d *Decision) string {
	sign := arrow
	if d.Both {
		sign = bothWays
	}
	return fmt.Sprintf("%s %s %s", d.Instance.Value, sign, d.To.Value)
}

// link is the key that names a link in a timeline entry.
func link(name, doc string) field[Decision] {
	return field[Decision]{
		name: name, doc: doc,
		read:   readLink,
		write:  func(d *Decision) *yaml.Node { return textNode(linkText(d)) },
		schema: object{{"type", "string"}, {"pattern", "^" + linkPattern + "$"}},
	}
}
