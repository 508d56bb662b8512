package scenarios

import (
	"fmt"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"
)

// textNode is a text as a value; quotes come by themselves where YAML needs them.
func textNode(text string) *yaml.Node {
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: text}
}

// bareNode is a value that is no text: a number, a truth value, nothing.
func bareNode(tag, text string) *yaml.Node {
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: tag, Value: text}
}

// text returns the text of a scalar and reports anything else. What says what is
// expected.
func (r *decoder) text(n *yaml.Node, what string) (string, bool) {
	if !r.isKind(n, yaml.ScalarNode, what, "") {
		return "", false
	}
	read := ""
	switch n.ShortTag() {
	case "!!null":
		read = "nothing"
	case "!!int", "!!float":
		read = "a number"
	case "!!bool":
		read = "true or false"
	}
	switch {
	case read == "nothing" && n.Value == "":
		r.reportNothing(n, what)
		return "", false
	case read != "" && isPlain(n):
		r.report(placeOf(n), fmt.Sprintf("put it in quotes if it is meant: %q", shortened(n.Value)),
			"expected %s, but %s is %s", what, shortened(n.Value), read)
		return "", false
	}
	return n.Value, true
}

// reportNothing reports a key without a value.
func (r *decoder) reportNothing(n *yaml.Node, what string) {
	r.report(placeOf(n), "leave the key out if there is nothing to say", "expected %s, got nothing", what)
}

// isPlain reports whether a scalar stands there without quotes.
func isPlain(n *yaml.Node) bool {
	return n.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle|yaml.LiteralStyle|yaml.FoldedStyle) == 0
}

// within is the place of the character at an index of a scalar's value, if the
// value stands on its line as it is; otherwise it is the scalar's.
func (r *reporter) within(n *yaml.Node, at int) Place {
	const longest = 4096 // counting the characters of a line takes time
	if len(r.source.line(n.Line)) > longest {
		return placeOf(n)
	}
	begin := n.Column
	if !isPlain(n) {
		begin++ // behind the quote
	}
	line := []rune(r.source.line(n.Line))
	if begin <= len(line) && strings.HasPrefix(string(line[begin-1:]), n.Value) {
		return Place{n.Line, begin + at}
	}
	return placeOf(n)
}

func (r *decoder) reportMistake(n *yaml.Node, m *mistake) {
	at := placeOf(n)
	if m.at > 0 {
		at = r.within(n, m.at)
	}
	r.report(at, m.hint, "%s", m.what)
}

// freeText is any text on one line.
var freeText = shape[string]{
	read:   func(r *decoder, n *yaml.Node) (string, bool) { return r.visibleText(n, "") },
	write:  textNode,
	schema: object{{"type", "string"}},
}

// visibleText is a text without anything that a terminal would obey, beside the
// characters in also.
func (r *decoder) visibleText(n *yaml.Node, also string) (string, bool) {
	text, ok := r.text(n, "a text")
	for _, c := range text {
		if !visible(c) && !strings.ContainsRune(also, c) {
			r.report(placeOf(n), "only characters that can be seen, on one line; `about` may have several lines", "the text cannot contain %q", c)
			return "", false
		}
	}
	return text, ok
}

// longText is a text that is written below its key, with its line breaks.
var longText = shape[string]{
	read: func(r *decoder, n *yaml.Node) (string, bool) { return r.visibleText(n, "\n\t") },
	write: func(text string) *yaml.Node {
		n := textNode(text)
		if strings.Contains(text, "\n") {
			n.Style = yaml.LiteralStyle
		}
		return n
	},
	schema: freeText.schema,
}

// word is a name of something, checked later where it has to be known.
func word(what, pattern string) shape[string] {
	return shape[string]{
		read:   func(r *decoder, n *yaml.Node) (string, bool) { return r.text(n, what) },
		write:  textNode,
		schema: object{{"type", "string"}, {"pattern", "^" + pattern + "$"}},
	}
}

// numeral is a whole number from least to most.
func numeral[N ~uint32 | ~uint64 | ~int](what string, least, most uint64) shape[N] {
	return shape[N]{
		read: func(r *decoder, n *yaml.Node) (N, bool) {
			v, ok := r.number(n, what, least, most)
			return N(v), ok
		},
		write:  func(v N) *yaml.Node { return bareNode("!!int", strconv.FormatUint(uint64(v), 10)) },
		schema: object{{"type", "integer"}, {"minimum", least}, {"maximum", most}},
	}
}

func (r *decoder) number(n *yaml.Node, what string, least, most uint64) (uint64, bool) {
	if !r.isKind(n, yaml.ScalarNode, what, "") {
		return 0, false
	}
	digits := strings.TrimLeft(n.Value, "0123456789") == "" && n.Value != ""
	v, err := strconv.ParseUint(n.Value, 10, 64)
	switch {
	case n.ShortTag() == "!!null" && n.Value == "":
		r.reportNothing(n, what)
	case digits && !isPlain(n):
		r.report(placeOf(n), "take the quotes away", "expected %s, got a text", what)
	case strings.HasPrefix(n.Value, "-") || digits && (err != nil || v < least || v > most):
		r.report(placeOf(n), fmt.Sprintf("from %d to %d", least, most), "%s is out of range: %s", what, shortened(n.Value))
	case !digits:
		r.report(placeOf(n), "digits only: 42", "expected %s, got %s", what, quoted(n.Value))
	case len(n.Value) > 1 && n.Value[0] == '0':
		r.report(placeOf(n), fmt.Sprintf("did you mean %d?", v), "%s cannot begin with 0: %s", what, shortened(n.Value))
	default:
		return v, true
	}
	return 0, false
}

// parsed is a value that is written as a short text.
func parsed[V any](what, pattern string, parse func(string) (V, *mistake), format func(V) string) shape[V] {
	return shape[V]{
		read: func(r *decoder, n *yaml.Node) (v V, ok bool) {
			if !r.isKind(n, yaml.ScalarNode, what, "") {
				return v, false
			}
			if n.ShortTag() == "!!null" && n.Value == "" {
				r.reportNothing(n, what)
				return v, false
			}
			v, m := parse(n.Value)
			if m != nil {
				r.reportMistake(n, m)
				return v, false
			}
			return v, true
		},
		write:  func(v V) *yaml.Node { return textNode(format(v)) },
		schema: object{{"type", "string"}, {"pattern", "^" + pattern + "$"}},
	}
}

var (
	duration = parsed("a duration such as 10ms", durationPattern, parseSpan, FormatTime)

	positiveDuration = parsed("a duration such as 10ms", durationPattern, positive, FormatTime)

	durationRange = parsed("a duration such as 10ms, or a range such as 5ms..20ms",
		durationPattern+`(\.\.`+durationPattern+`)?`, parseRange, formatRange)

	share = parsed("a percentage such as 2.5%", sharePattern, parseShare, Share.String)
)

// oneOf is a choice between words. What names the choices in the plural.
func oneOf[V comparable](what string, words []string, values []V) shape[V] {
	return shape[V]{
		read: func(r *decoder, n *yaml.Node) (v V, ok bool) {
			if !r.isKind(n, yaml.ScalarNode, "one of the "+what, "") {
				return v, false
			}
			for i, w := range words {
				if w == n.Value {
					return values[i], true
				}
			}
			if n.Value == "" {
				r.report(placeOf(n), listed(what, words), "expected one of the %s, got nothing", what)
			} else {
				r.report(placeOf(n), Suggest(n.Value, what, words), "%s is none of the %s", quoted(n.Value), what)
			}
			return v, false
		},
		write: func(v V) *yaml.Node {
			for i, value := range values {
				if v == value {
					return textNode(words[i])
				}
			}
			panic(fmt.Sprintf("scenarios: %v is none of the %s", v, what))
		},
		schema: object{{"enum", words}},
	}
}

// truth is on or off, as rules are written, or true or false, as YAML has it.
func truth(tag, yes, no string) shape[bool] {
	words := []string{"on", "off", "true", "false"}
	return shape[bool]{
		read: func(r *decoder, n *yaml.Node) (bool, bool) {
			if !r.isKind(n, yaml.ScalarNode, "on or off", "") {
				return false, false
			}
			switch n.Value {
			case "on", "true":
				return true, true
			case "off", "false":
				return false, true
			}
			r.report(placeOf(n), Suggest(n.Value, "values", words), "expected on or off, got %s", kindName(n))
			return false, false
		},
		write: func(v bool) *yaml.Node {
			if v {
				return bareNode(tag, yes)
			}
			return bareNode(tag, no)
		},
		schema: object{{"enum", []any{"on", "off", true, false}}},
	}
}

var (
	onOff     = truth("!!str", "on", "off")
	trueFalse = truth("!!bool", "true", "false")
)

// lockHolder is a client's name, or "" or null for the free lock.
var lockHolder = shape[string]{
	read: func(r *decoder, n *yaml.Node) (string, bool) {
		if n.Kind == yaml.ScalarNode && n.Value == "null" && n.ShortTag() == "!!null" {
			return "", true
		}
		return r.text(n, `a holder, or "" for the free lock`)
	},
	write:  textNode,
	schema: object{{"type", []string{"string", "null"}}},
}

// instanceList is a group of instances.
var instanceList = listOf("a list of instances", shape[Opt[string]]{
	read: func(r *decoder, n *yaml.Node) (Opt[string], bool) {
		name, ok := r.text(n, "an instance")
		return Opt[string]{name, ok, placeOf(n)}, ok
	},
	write:  func(o Opt[string]) *yaml.Node { return textNode(o.Value) },
	schema: object{{"type", "string"}},
})

// groupList is the groups of a partition.
var groupList = shape[[][]Opt[string]]{
	read:  listOf("a list of groups, such as [[a, b], [c]]", instanceList).read,
	write: flowing(listOf("", flowList(instanceList)).write),
	schema: object{{"type", "array"}, {"minItems", 1}, {"items",
		object{{"type", "array"}, {"minItems", 1}, {"items", object{{"type", "string"}}}}}},
}

// flowList is a list that is written on one line.
func flowList[E any](s shape[[]E]) shape[[]E] {
	s.write = flowing(s.write)
	return s
}

func flowing[V any](write func(V) *yaml.Node) func(V) *yaml.Node {
	return func(v V) *yaml.Node {
		n := write(v)
		n.Style = yaml.FlowStyle
		return n
	}
}
