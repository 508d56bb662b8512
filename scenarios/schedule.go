package scenarios

import (
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
)

// scheduleText is decisions in words, one a line.
var scheduleText = shape[[]Decision]{
	read: func(r *decoder, n *yaml.Node) ([]Decision, bool) {
		const what = "decisions in words"
		if !r.isKind(n, yaml.ScalarNode, what, "write `schedule: |`, and below it one decision a line") {
			r.lost = true
			return nil, false
		}
		text, ok := r.text(n, what)
		if !ok {
			r.lost = true
			return nil, false
		}
		if n.Style&yaml.FoldedStyle != 0 {
			r.report(placeOf(n), "write `schedule: |`, which keeps the lines", "`>` makes one line of all decisions")
			r.lost = true
			return nil, false
		}
		return r.decisions(n, text), true
	},
	write: func(list []Decision) *yaml.Node {
		var b strings.Builder
		for i := range list {
			b.WriteString(list[i].String())
			b.WriteByte('\n')
		}
		n := textNode(b.String())
		if len(list) > 0 {
			n.Style = yaml.LiteralStyle
		}
		return n
	},
	schema: object{{"type", "string"}},
}

// decisions reads the lines of a schedule.
func (r *decoder) decisions(n *yaml.Node, text string) []Decision {
	list := []Decision{} // a schedule without decisions is not the same as none
	for i, line := range strings.Split(text, "\n") {
		place := r.linePlace(n, i, line)
		d, said, m := parseDecision(line, place)
		switch {
		case m != nil:
			r.report(place(m.at), m.hint, "%s", m.what)
			r.lost = true
		case said:
			list = append(list, d)
		}
	}
	return list
}

// linePlace says where the characters of a schedule's line stand in the file. In a
// literal block a line of the value is a line of the file with its indentation
// taken away; of other scalars only the beginning is known.
func (r *reporter) linePlace(n *yaml.Node, index int, line string) func(at int) Place {
	if n.Style&yaml.LiteralStyle == 0 {
		return func(int) Place { return placeOf(n) }
	}
	number := n.Line + 1 + index
	indent := utf8.RuneCountInString(r.source.line(number)) - utf8.RuneCountInString(line)
	return func(at int) Place { return Place{number, max(indent, 0) + at + 1} }
}
