// Package prose is sentences that keep their facts: a [Text] knows which of its
// words are the number of an event, the name of an instance or a client, or a rule.
// Terminal, HTML and browser print the same spans. Nothing else reads a text: what
// a program wants to know of it is in its spans and in the value that carries it.
package prose

import (
	"encoding/binary"
	"fmt"
	"iter"
	"strconv"
	"strings"

	"skinny/protocol"
	"skinny/sim/trace"
)

// Kind tells spans apart.
type Kind uint8

// The kinds of spans, and what their Number is.
const (
	Plain    Kind = iota // nothing
	Event                // the event's number
	Instance             // its position
	Client               // nothing: another run, in which the same happens, may number them otherwise
	Rule                 // its bit in protocol.Rules
)

// Span is a part of a text that means one thing.
type Span struct {
	Kind   Kind
	Number int
	Words  string
}

// Text is words, and what some of them mean. It is a value: equal texts are ==. The
// zero Text is empty.
type Text struct {
	words string
	marks string // four varints for every span that is not plain: kind, gap before it, length, number
}

// String is the words.
func (t Text) String() string { return t.words }

// Empty reports whether there are no words.
func (t Text) Empty() bool { return t.words == "" }

// Spans are the parts of the text, in order; together they are all of its words.
func (t Text) Spans() iter.Seq[Span] {
	return func(yield func(Span) bool) {
		words := t.words
		for marks := []byte(t.marks); len(marks) > 0; {
			var field [4]int
			for i := range field {
				n, size := binary.Uvarint(marks)
				field[i], marks = int(n), marks[size:]
			}
			gap, end := field[1], field[1]+field[2]
			if gap > 0 && !yield(Span{Words: words[:gap]}) || !yield(Span{Kind(field[0]), field[3], words[gap:end]}) {
				return
			}
			words = words[end:]
		}
		if words != "" {
			yield(Span{Words: words})
		}
	}
}

// Refs lists the events that the text names, in its order.
func (t Text) Refs() []int {
	var list []int
	for s := range t.Spans() {
		if s.Kind == Event {
			list = append(list, s.Number)
		}
	}
	return list
}

// Rules is the rules that the text names.
func (t Text) Rules() protocol.Rules {
	var rules protocol.Rules
	for s := range t.Spans() {
		if s.Kind == Rule {
			rules |= protocol.Rules(s.Number)
		}
	}
	return rules
}

// Of makes a text of parts, as [Builder.Say] takes them.
func Of(parts ...any) Text {
	var b Builder
	b.Say(parts...)
	return b.Text()
}

// Builder makes texts, one after the other.
type Builder struct {
	words  []byte
	marks  []byte
	marked int // words up to the end of the last mark
}

// Say adds parts: strings, spans, texts, whole numbers, IDs, spans of time, and
// everything with a String method. Any other type is a bug, and panics.
func (b *Builder) Say(parts ...any) {
	for _, part := range parts {
		switch p := part.(type) {
		case string:
			b.words = append(b.words, p...)
		case Span:
			b.span(p)
		case Text:
			for s := range p.Spans() {
				b.span(s)
			}
		case int:
			b.words = strconv.AppendInt(b.words, int64(p), 10)
		case protocol.ID:
			b.words = strconv.AppendUint(b.words, uint64(p), 10)
		case trace.Time:
			b.words = append(b.words, Duration(p)...)
		case protocol.OperationKind:
			b.words = append(b.words, p.String()...)
		case protocol.Outcome:
			b.words = append(b.words, p.String()...)
		default:
			panic(fmt.Sprintf("prose: a text has no part of type %T", part))
		}
	}
}

func (b *Builder) span(s Span) {
	if s.Kind != Plain {
		for _, field := range [...]int{int(s.Kind), len(b.words) - b.marked, len(s.Words), s.Number} {
			b.marks = binary.AppendUvarint(b.marks, uint64(field))
		}
		b.marked = len(b.words) + len(s.Words)
	}
	b.words = append(b.words, s.Words...)
}

// Text is everything that was said since the last Text, and begins anew.
func (b *Builder) Text() Text {
	t := Text{string(b.words), string(b.marks)}
	b.words, b.marks, b.marked = b.words[:0], b.marks[:0], 0
	return t
}

// Join puts "," between texts and "and" before the last one: "a, b and c".
func Join(list []Text) Text {
	var b Builder
	for i, t := range list {
		switch {
		case i == 0:
		case i == len(list)-1:
			b.Say(" and ")
		default:
			b.Say(", ")
		}
		b.Say(t)
	}
	return b.Text()
}

// Duration writes a span of time, cut to thousandths of its unit: "500 ms", "1.5 s".
func Duration(t trace.Time) string {
	switch {
	case t == 0:
		return "0 ms"
	case t >= trace.Second:
		return decimal(t, trace.Second) + " s"
	case t >= trace.Millisecond:
		return decimal(t, trace.Millisecond) + " ms"
	case t >= trace.Microsecond:
		return decimal(t, trace.Microsecond) + " µs"
	}
	return strconv.FormatInt(int64(t), 10) + " ns"
}

// decimal writes t in a unit, without trailing zeros.
func decimal(t, unit trace.Time) string {
	s := strconv.FormatInt(int64(t/unit), 10)
	thousandths := int64(t % unit / (unit / 1000))
	if thousandths == 0 {
		return s
	}
	digits := strconv.FormatInt(1000+thousandths, 10)[1:]
	return s + "." + strings.TrimRight(digits, "0")
}
