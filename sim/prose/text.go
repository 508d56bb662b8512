// Package prose is sentences that keep their facts: a [Text] knows which of its
// words are the number of an event, the name of an instance or a client, or a rule.
// Terminal, HTML and browser print the same spans. Nothing else reads a text: what
// a program wants to know of it is in its spans and in the value that carries it.
package prose

import (
	"encoding/binary"
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
	all   string // the words, and four varints for every span that is not plain: kind, gap before it, length, number
	words int    // bytes of them
}

// Words is a text of plain words.
func Words(s string) Text { return Text{s, len(s)} }

// String is the words.
func (t Text) String() string { return t.all[:t.words] }

// Empty reports whether there are no words.
func (t Text) Empty() bool { return t.words == 0 }

// Spans are the parts of the text, in order; together they are all of its words.
func (t Text) Spans() iter.Seq[Span] {
	return func(yield func(Span) bool) {
		words := t.String()
		for marks := t.all[t.words:]; marks != ""; {
			var m mark
			m, marks = firstMark(marks)
			end := m.gap + m.length
			if m.gap > 0 && !yield(Span{Words: words[:m.gap]}) || !yield(Span{m.kind, m.number, words[m.gap:end]}) {
				return
			}
			words = words[end:]
		}
		if words != "" {
			yield(Span{Words: words})
		}
	}
}

// mark says what some words mean.
type mark struct {
	kind   Kind
	gap    int // words before them, from the last mark on
	length int
	number int
}

// firstMark takes the first mark off.
func firstMark(marks string) (m mark, rest string) {
	var fields [4]int
	at := 0
	for i := range fields {
		for shift := 0; ; shift += 7 {
			b := marks[at]
			at++
			fields[i] |= int(b&0x7f) << shift
			if b < 0x80 {
				break
			}
		}
	}
	return mark{Kind(fields[0]), fields[1], fields[2], fields[3]}, marks[at:]
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

// Say adds parts: strings, spans, texts, sets, references to events, whole numbers, IDs, spans of time, and
// everything with a String method. Any other type is a bug, and panics.
func (b *Builder) Say(parts ...any) {
	for _, part := range parts {
		switch p := part.(type) {
		case string:
			b.words = append(b.words, p...)
		case Span:
			if p.Kind != Plain {
				b.mark(p.Kind, len(b.words), len(p.Words), p.Number)
			}
			b.words = append(b.words, p.Words...)
		case Text:
			at := len(b.words)
			for marks := p.all[p.words:]; marks != ""; {
				var m mark
				m, marks = firstMark(marks)
				b.mark(m.kind, at+m.gap, m.length, m.number)
				at += m.gap + m.length
			}
			b.words = append(b.words, p.String()...)
		case Ref:
			from := len(b.words)
			b.words = strconv.AppendInt(append(b.words, "event "...), int64(p), 10)
			b.mark(Event, from, len(b.words)-from, int(p))
		case Set:
			b.list(p)
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
			panic("prose: a text has no part of such a type") // to name it would put every part on the heap
		}
	}
}

// mark says what the words from a place on mean.
func (b *Builder) mark(kind Kind, from, length, number int) {
	for _, field := range [...]int{int(kind), from - b.marked, length, number} {
		b.marks = binary.AppendUvarint(b.marks, uint64(field))
	}
	b.marked = from + length
}

// Empty reports whether nothing was said since the last Text.
func (b *Builder) Empty() bool { return len(b.words) == 0 }

// Text is everything that was said since the last Text, and begins anew.
func (b *Builder) Text() Text {
	words := len(b.words)
	b.words = append(b.words, b.marks...)
	t := Text{string(b.words), words}
	b.words, b.marks, b.marked = b.words[:0], b.marks[:0], 0
	return t
}

// Duration writes a span of time, cut to thousandths of its unit: "500 ms", "1.5 s".
func Duration(t trace.Time) string {
	switch {
	case t == 0:
		return "0 ms"
	case t >= trace.Second:
		return Decimal(uint64(t/trace.Millisecond), 1000) + " s"
	case t >= trace.Millisecond:
		return Decimal(uint64(t/trace.Microsecond), 1000) + " ms"
	case t >= trace.Microsecond:
		return Decimal(uint64(t), 1000) + " µs"
	}
	return strconv.FormatInt(int64(t), 10) + " ns"
}

// Exactly writes a span of time in the largest unit that it has one of, without a loss:
// "1.000000001s", "12.5ms".
func Exactly(t trace.Time) string {
	unit, name := trace.Second, "s"
	switch {
	case t >= trace.Second:
	case t >= trace.Millisecond || t == 0:
		unit, name = trace.Millisecond, "ms"
	case t >= trace.Microsecond:
		unit, name = trace.Microsecond, "us"
	default:
		unit, name = 1, "ns"
	}
	return Decimal(uint64(t), uint64(unit)) + name
}

// Decimal is v in units of size, a power of ten, without trailing zeros.
func Decimal(v, size uint64) string {
	text := strconv.FormatUint(v/size, 10)
	if rest := v % size; rest > 0 {
		text += "." + strings.TrimRight(strconv.FormatUint(size+rest, 10)[1:], "0")
	}
	return text
}
