package form

import (
	"fmt"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"
)

// Mistake is an error in a short text, with a hint.
type Mistake struct {
	What, Hint string
	At         int // where in the text, in characters from 0
}

// Error is the mistake and the hint in one line.
func (m *Mistake) Error() string { return m.What + "; " + m.Hint }

// IsKind checks the kind of a node and reports another one. What says what is
// expected, and hint how to write it.
func (r *Reader) IsKind(n *yaml.Node, kind yaml.Kind, what, hint string) bool {
	if n.Kind == kind && !isNothing(n) {
		return true
	}
	switch {
	case n.Kind == yaml.AliasNode:
		// Reported already.
	case isNothing(n):
		r.Report(PlaceOf(n), "leave the key out if there is nothing to say", "expected %s, got nothing", what)
	default:
		r.Report(PlaceOf(n), hint, "expected %s, got %s", what, kindName(n))
	}
	return false
}

// isNothing reports whether nothing stands behind a key.
func isNothing(n *yaml.Node) bool { return n.ShortTag() == "!!null" && n.Value == "" }

// kindName is what a node is, in plain words.
func kindName(n *yaml.Node) string {
	switch {
	case n.Kind == yaml.MappingNode:
		return "a mapping (key: value)"
	case n.Kind == yaml.SequenceNode:
		return "a list"
	case n.ShortTag() == "!!null":
		return "nothing"
	}
	return strings.TrimSpace(Quoted(n.Value))
}

// Text is the text of a scalar; anything else is reported. What says what it should be.
func (r *Reader) Text(n *yaml.Node, what string) (string, bool) {
	if !r.IsKind(n, yaml.ScalarNode, what, "") {
		return "", false
	}
	read := map[string]string{"!!null": "nothing", "!!int": "a number", "!!float": "a number", "!!bool": "true or false"}[n.ShortTag()]
	if read != "" && isPlain(n) {
		r.Report(PlaceOf(n), fmt.Sprintf("put it in quotes if it is meant: %q", Shortened(n.Value)),
			"expected %s, but %s is %s", what, Shortened(n.Value), read)
		return "", false
	}
	return n.Value, true
}

// visibleText is a text of visible characters, and those in also.
func (r *Reader) visibleText(n *yaml.Node, also string) (string, bool) {
	text, ok := r.Text(n, "a text")
	for _, c := range text {
		if !Visible(c) && !strings.ContainsRune(also, c) {
			r.Report(PlaceOf(n), "only characters that can be seen, on one line; `about` may have several lines", "the text cannot contain %q", c)
			return "", false
		}
	}
	return text, ok
}

// number is a whole number from least to most; anything else is reported.
func (r *Reader) number(n *yaml.Node, what string, least, most uint64) (uint64, bool) {
	if !r.IsKind(n, yaml.ScalarNode, what, "") {
		return 0, false
	}
	if !isPlain(n) && isDigits(n.Value) {
		r.Report(PlaceOf(n), "take the quotes away", "expected %s, got a text", what)
		return 0, false
	}
	v, m := ParseNumber(what, n.Value, least, most)
	return v, r.Passes(n, m)
}

// ParseNumber reads a whole number from least to most, written in decimal digits
// and nothing else. What says what it is.
func ParseNumber(what, text string, least, most uint64) (uint64, *Mistake) {
	digits := isDigits(text)
	v, err := strconv.ParseUint(text, 10, 64)
	switch {
	case strings.HasPrefix(text, "-") || digits && (err != nil || v < least || v > most):
		return 0, &Mistake{What: fmt.Sprintf("%s is out of range: %s", what, Shortened(text)), Hint: fmt.Sprintf("from %d to %d", least, most)}
	case !digits:
		return 0, &Mistake{What: fmt.Sprintf("expected %s, got %s", what, Quoted(text)), Hint: "digits only: 42"}
	case len(text) > 1 && text[0] == '0':
		return 0, &Mistake{What: fmt.Sprintf("%s cannot begin with 0: %s", what, Shortened(text)), Hint: fmt.Sprintf("did you mean %d?", v)}
	}
	return v, nil
}

func isDigits(text string) bool { return text != "" && strings.Trim(text, "0123456789") == "" }

// Passes reports a mistake, if there is one, where it stands in a scalar.
func (r *Reader) Passes(n *yaml.Node, m *Mistake) bool {
	if m == nil {
		return true
	}
	at := PlaceOf(n)
	if m.At > 0 {
		at = r.Within(n, m.At)
	}
	r.Report(at, m.Hint, "%s", m.What)
	return false
}

// isPlain reports whether a scalar stands there without quotes.
func isPlain(n *yaml.Node) bool {
	return n.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle|yaml.LiteralStyle|yaml.FoldedStyle) == 0
}

// Shortened cuts a number that is too long to be repeated.
func Shortened(number string) string {
	if len(number) > 20 {
		return number[:20] + "…"
	}
	return number
}
