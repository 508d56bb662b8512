package form

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"
)

// TextNode is a text as a value; quotes come by themselves where YAML needs them.
func TextNode(text string) *yaml.Node {
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: text}
}

// NumberNode is a number as a value.
func NumberNode(v uint64) *yaml.Node {
	return &yaml.Node{Kind: yaml.ScalarNode, Value: strconv.FormatUint(v, 10)}
}

// scalar is a value that is written as a text and read from one.
func scalar[V any](schema Object, read func(*Reader, *yaml.Node) (V, bool), format func(V) string) Value[V] {
	return Value[V]{
		Read:   read,
		Write:  func(v V) *yaml.Node { return TextNode(format(v)) },
		Schema: func() Object { return schema[:len(schema):len(schema)] },
	}
}

func same(text string) string { return text }

func patterned(pattern string) Object {
	return Object{{"type", "string"}, {"pattern", "^" + pattern + "$"}}
}

// Line is any text on one line. What cannot be read, such as the bytes of an odd
// file name, is not written either.
var Line = scalar(Object{{"type", "string"}}, func(r *Reader, n *yaml.Node) (string, bool) { return r.visibleText(n, "") },
	func(text string) string { return replaced(strings.NewReplacer("\n", " ", "\t", " ").Replace(text), "") })

// Lines is a text that is written below its key, with its line breaks.
var Lines = scalar(Line.Schema(), func(r *Reader, n *yaml.Node) (string, bool) { return r.visibleText(n, also) },
	func(text string) string { return replaced(text, also) })

// also is the characters that several lines may have, too.
const also = "\n\t"

// Word is a text that is checked later. What says what is expected.
func Word(what, pattern string) Value[string] {
	return Name(what, pattern, func(string) (none *Mistake) { return none })
}

// Name is a text that has to pass a check.
func Name(what, pattern string, check func(string) *Mistake) Value[string] {
	return scalar(patterned(pattern), func(r *Reader, n *yaml.Node) (string, bool) {
		if n.Kind == yaml.ScalarNode && n.Value != "" {
			if m := check(n.Value); m != nil { // quotes would not help
				return "", r.Passes(n, m)
			}
		}
		return r.Text(n, what)
	}, same)
}

// Nullable is a text, or null for "".
func Nullable(what string) Value[string] {
	return scalar(Object{{"type", []string{"string", "null"}}}, func(r *Reader, n *yaml.Node) (string, bool) {
		if n.Value == "null" && n.ShortTag() == "!!null" {
			return "", true
		}
		return r.Text(n, what)
	}, same)
}

// Parsed is a value that is written as a short text.
func Parsed[V any](what, pattern string, parse func(string) (V, *Mistake), format func(V) string) Value[V] {
	return scalar(patterned(pattern), func(r *Reader, n *yaml.Node) (v V, ok bool) {
		if !r.IsKind(n, yaml.ScalarNode, what, "") {
			return v, false
		}
		v, m := parse(n.Value)
		return v, r.Passes(n, m)
	}, format)
}

// Numeral is a whole number from least to most.
func Numeral[N ~uint32 | ~uint64 | ~int](what string, least, most uint64) Value[N] {
	return Value[N]{
		Read: func(r *Reader, n *yaml.Node) (N, bool) {
			v, ok := r.number(n, what, least, most)
			return N(v), ok
		},
		Write:  func(v N) *yaml.Node { return NumberNode(uint64(v)) },
		Schema: func() Object { return Object{{"type", "integer"}, {"minimum", least}, {"maximum", most}} },
	}
}

// Choice is one of some words. What names them in the plural.
func Choice[V comparable](what string, words []string, values []V) Value[V] {
	read := func(r *Reader, n *yaml.Node) (v V, ok bool) {
		at := slices.Index(words, n.Value)
		switch {
		case at >= 0:
			return values[at], true
		case n.Kind == yaml.ScalarNode && n.Value == "":
			r.Report(PlaceOf(n), Listed(what, words), "expected one of the %s, got nothing", what)
		case r.IsKind(n, yaml.ScalarNode, "one of the "+what, ""):
			r.Report(PlaceOf(n), Suggest(n.Value, what, words), "%s is none of the %s", Quoted(n.Value), what)
		}
		return v, false
	}
	return scalar(Object{{"enum", words}}, read, func(v V) string {
		return words[slices.Index(values, v)]
	})
}

// ChoiceOf is one of some values that say their own words.
func ChoiceOf[V interface {
	comparable
	String() string
}](what string, values ...V) Value[V] {
	words := Each(values, V.String)
	return Choice(what, words, values)
}

// OnOff is on or off; true and false are read, too.
var OnOff = truth("on", "off")

// TrueFalse is true or false; on and off are read, too.
var TrueFalse = truth("true", "false")

func truth(yes, no string) Value[bool] {
	words := []string{"on", "off", "true", "false"}
	return Value[bool]{
		Read: func(r *Reader, n *yaml.Node) (bool, bool) {
			switch {
			case n.Kind != yaml.ScalarNode:
				return false, r.IsKind(n, yaml.ScalarNode, "on or off", "")
			case n.Value == "on" || n.Value == "true":
				return true, true
			case n.Value == "off" || n.Value == "false":
				return false, true
			}
			r.Report(PlaceOf(n), Suggest(n.Value, "values", words), "expected on or off, got %s", kindName(n))
			return false, false
		},
		Write: func(v bool) *yaml.Node {
			text := no
			if v {
				text = yes
			}
			return &yaml.Node{Kind: yaml.ScalarNode, Value: text}
		},
		Schema: func() Object { return Object{{"enum", []any{"on", "off", true, false}}} },
	}
}

// Either is a number where there are digits, and otherwise another value.
func Either[V any](number, other Value[V], isNumber func(V) bool) Value[V] {
	return Value[V]{
		Read: func(r *Reader, n *yaml.Node) (V, bool) {
			if n.Value != "" && strings.Trim(n.Value[:1], "-0123456789") == "" {
				return number.Read(r, n)
			}
			return other.Read(r, n)
		},
		Write: func(v V) *yaml.Node {
			if isNumber(v) {
				return number.Write(v)
			}
			return other.Write(v)
		},
		Schema: func() Object { return OneOf(other.Schema(), number.Schema()) },
	}
}

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

// PassesAt reports a mistake, if there is one.
func (r *Reader) PassesAt(at Place, m *Mistake) bool {
	if m != nil {
		r.Report(at, m.Hint, "%s", m.What)
	}
	return m == nil
}

// Passes is PassesAt for a mistake at its place in a scalar.
func (r *Reader) Passes(n *yaml.Node, m *Mistake) bool {
	at := PlaceOf(n)
	if m != nil && m.At > 0 {
		at = r.Within(n, m.At)
	}
	return r.PassesAt(at, m)
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
