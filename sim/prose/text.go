// Package prose is sentences that keep their facts: a [Text] knows which of its
// words are the number of an event, the name of an instance or a client, or a rule.
// Terminal, HTML and browser print the same spans. Nothing else reads a text: what
// a program wants to know of it is in its spans and in the value that carries it.
package prose

import (
	"encoding/binary"
	"iter"
	"math/bits"
	"slices"
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
		for m := range t.marks() {
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

// marks are all of the text.
func (t Text) marks() iter.Seq[mark] {
	return func(yield func(mark) bool) {
		var fields [4]int
		for marks := []byte(t.all[t.words:]); len(marks) > 0; {
			for i := range fields {
				field, size := binary.Uvarint(marks)
				fields[i], marks = int(field), marks[size:]
			}
			if !yield(mark{Kind(fields[0]), fields[1], fields[2], fields[3]}) {
				return
			}
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

// Say adds parts: strings, spans, texts, sets, references to events, whole numbers, IDs, spans of time, kinds
// of operations and outcomes. Any other type is a bug, and panics.
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
			for m := range p.marks() {
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

// unit is the largest unit that a span of time has one of; of no time it is milliseconds.
func unit(t trace.Time) (size trace.Time, name string) {
	switch {
	case t >= trace.Second:
		return trace.Second, "s"
	case t >= trace.Millisecond || t == 0:
		return trace.Millisecond, "ms"
	case t >= trace.Microsecond:
		return trace.Microsecond, "µs"
	}
	return 1, "ns"
}

// Duration writes a span of time, cut to thousandths of its unit: "500 ms", "1.5 s".
func Duration(t trace.Time) string {
	size, name := unit(t)
	least := max(size/1000, 1)
	return Decimal(uint64(t/least), uint64(size/least)) + " " + name
}

// Exactly writes a span of time in the largest unit that it has one of, without a loss:
// "1.000000001s", "12.5ms", "1us".
func Exactly(t trace.Time) string {
	size, name := unit(t)
	return Decimal(uint64(t), uint64(size)) + strings.Replace(name, "µ", "u", 1)
}

// Decimal is v in units of size, a power of ten, without trailing zeros.
func Decimal(v, size uint64) string {
	text := strconv.FormatUint(v/size, 10)
	if rest := v % size; rest > 0 {
		text += "." + strings.TrimRight(strconv.FormatUint(size+rest, 10)[1:], "0")
	}
	return text
}

// Ref refers to an event as a part of a text: "event 5".
type Ref int

// At refers to an event.
func At(event int) Ref { return Ref(event) }

// RuleNames names rules: "adopt", "refuse-stale and self-rules".
func RuleNames(rules protocol.Rules) Text {
	var b Builder
	left := bits.OnesCount32(uint32(rules))
	for _, r := range protocol.RuleTable() {
		if rules.Has(r.Rule) {
			b.Say(between(b.words == nil, left == 1), Span{Rule, int(r.Rule), r.Name})
			left--
		}
	}
	return b.Text()
}

// Off says that rules are off: "yield is off".
func Off(rules protocol.Rules) Text {
	if rules&(rules-1) == 0 {
		return Of(RuleNames(rules), " is off")
	}
	return Of(RuleNames(rules), " are off")
}

// Names is how sentences name those who act in a run.
type Names struct {
	header    *trace.Header
	instances []string
	clients   []string
}

// NamesOf are the names of the run with this header.
func NamesOf(h *trace.Header) *Names { return &Names{header: h} }

// wordsForNobody stand where a name may stand.
var wordsForNobody = []string{"free", "operator", "nobody", "network", "-", ""}

// quote puts quotation marks around a name that would be taken for something else.
func quote(name string, others []string) string {
	nobody := slices.ContainsFunc(wordsForNobody, func(word string) bool { return strings.EqualFold(name, word) })
	if nobody || slices.Contains(others, name) {
		return strconv.Quote(name)
	}
	return name
}

// Instance names an instance.
func (n *Names) Instance(p int8) Span {
	for len(n.instances) < len(n.header.Instances) {
		n.instances = append(n.instances, quote(n.header.Instances[len(n.instances)], nil))
	}
	return Span{Instance, int(p), n.instances[p]}
}

// Client names a client, in quotation marks if it is called like an instance.
func (n *Names) Client(h protocol.Holder) Span {
	for len(n.clients) < len(n.header.Holders) { // more may come while somebody has a hand on the run
		n.clients = append(n.clients, quote(n.header.Holders[len(n.clients)], n.header.Instances))
	}
	return Span{Kind: Client, Words: n.clients[h-1]}
}

// Holder names who holds the lock: a client, or "free".
func (n *Names) Holder(h protocol.Holder) Span {
	if h == protocol.Free {
		return Span{Words: "free"}
	}
	return n.Client(h)
}

// Set is instances as a part of a text: "a", "a and b", "a, b and c".
type Set struct {
	names *Names
	set   protocol.Set
}

// Set is a set of instances.
func (n *Names) Set(s protocol.Set) Set { return Set{n, s} }

func (b *Builder) list(s Set) {
	for first := true; s.set != 0; s.set = s.set.Without(s.set.First()) {
		b.Say(between(first, s.set.Len() == 1), s.names.Instance(int8(s.set.First())))
		first = false
	}
}

// between is what stands before an element of a list.
func between(first, last bool) string {
	switch {
	case first:
		return ""
	case last:
		return " and "
	}
	return ", "
}
