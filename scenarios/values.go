package scenarios

import (
	"cmp"
	"fmt"
	"math/bits"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"skinny/protocol"
	"skinny/scenarios/form"
	"skinny/sim"
	"skinny/sim/prose"
	"skinny/sim/trace"
)

// What names of instances and clients look like, for editors, and how long they are.
const (
	namePattern     = `[A-Za-z][A-Za-z0-9_.-]{0,31}`
	holderPattern   = `[^\s#@,]{1,64}`
	maxInstanceName = 32
	maxHolderName   = 64
	anyInstance     = "*" // where messages are named
)

func checkInstanceName(name string) *mistake {
	const hint = "a name is a letter, then letters, digits, _ . or -, at most 32 of them"
	switch {
	case name == "":
		return &mistake{What: "an instance needs a name", Hint: hint}
	case rowOf("heal "+name) != nil:
		return &mistake{What: fmt.Sprintf("%q cannot be the name of an instance", name), Hint: "it has a meaning of its own: heal: " + name}
	case len(name) > maxInstanceName:
		return &mistake{What: fmt.Sprintf("the name %s is too long", form.Quoted(name)), Hint: hint}
	}
	for i, c := range name {
		if !labelRune(c) || i == 0 && strings.ContainsRune("0123456789_.-", c) {
			return &mistake{What: fmt.Sprintf("the name %s of an instance cannot contain %q here", form.Quoted(name), c), Hint: hint, At: i}
		}
	}
	return nil
}

// checkHolderName says what is wrong with the name of a client, one word in a schedule.
func checkHolderName(name string) *mistake {
	const hint = "a holder is one word of at most 64 characters, without # @ , or arrows"
	switch {
	case name == "":
		return &mistake{What: "a client needs a name", Hint: hint}
	case utf8.RuneCountInString(name) > maxHolderName:
		return &mistake{What: fmt.Sprintf("the name %s is too long", form.Quoted(name)), Hint: hint}
	case name == arrow || name == bothWays || name == groupBar || name == anyInstance:
		return &mistake{What: fmt.Sprintf("%q cannot be the name of a client", name), Hint: hint}
	}
	for i, c := range []rune(name) {
		if !unicode.IsPrint(c) || unicode.IsSpace(c) || strings.ContainsRune("#@,", c) || c == utf8.RuneError {
			return &mistake{What: fmt.Sprintf("the name %s of a client cannot contain %q", form.Quoted(name), c), Hint: hint, At: i}
		}
	}
	return nil
}

// Warnings lists what is no mistake, but reads like one: clients with names that
// stories have to put into quotation marks, since they mean something else there, and
// entries of the timeline after its end.
func (s *Scenario) Warnings() Diagnostics {
	f, h := s.File(), s.Header()
	r := form.Reader{Source: f.source}
	names := prose.NamesOf(h)
	for n, name := range h.Holders {
		quoted := names.Client(protocol.Holder(n + 1)).Words
		if quoted == name {
			continue
		}
		at := Place{}
		for _, d := range slices.Concat(f.Timeline, f.Schedule.Value) {
			if d.Holder.Value == name && at == (Place{}) {
				at = d.Holder.Place
			}
		}
		r.Report(at, fmt.Sprintf("stories call it %s", quoted), "a client %s is easily taken for something else", form.Quoted(name))
	}
	for i := range f.Timeline {
		if at := f.Timeline[i].At; f.Until.Given && at.Value > f.Until.Value {
			r.Report(at.Place, "let it be earlier, or the run end later", "this never happens: it is at %s, and the run ends at %s",
				FormatTime(at.Value), FormatTime(f.Until.Value))
		}
	}
	return r.Found.Sorted()
}

// What a file gives or leaves out, and what is wrong with it: see [form].
type (
	Opt[V any]  = form.Opt[V]
	Place       = form.Place
	Diagnostic  = form.Diagnostic
	Diagnostics = form.Diagnostics
	mistake     = form.Mistake
)

// Some is a value that is given.
func Some[V any](value V) Opt[V] { return form.Some(value) }

// unless is a value that is given if it is another than the usual one.
func unless[V comparable](usual, value V) Opt[V] {
	if value == usual {
		return Opt[V]{}
	}
	return Some(value)
}

// Suggest is [form.Suggest].
func Suggest(word, what string, candidates []string) string {
	return form.Suggest(word, what, candidates)
}

// RuleHint is [Suggest] for the name of a rule.
func RuleHint(word string) string { return Suggest(word, "rules", ruleNames()) }

// EditionHint is [Suggest] for the name of an edition.
func EditionHint(word string) string { return Suggest(word, "editions", editionNames()) }

// maxCount is the largest number of messages, operations or events that a file can name.
const maxCount = 1_000_000_000

// The values that keys of several forms have.
var (
	duration = form.Parsed("a duration such as 10ms", durationPattern, parseSpan, FormatTime)
	// instant is a point in a run. It may be after the latest time that a file can give.
	instant = form.Parsed("a duration such as 10ms", durationPattern, parseTime, FormatTime)

	positiveDuration = form.Parsed("a duration such as 10ms", durationPattern, positive, FormatTime)

	durationRange = form.Parsed("a duration such as 10ms, or a range such as 5ms..20ms",
		durationPattern+`(\.\.`+durationPattern+`)?`, parseTimes, formatTimes)

	share = form.Parsed("a percentage such as 2.5%", sharePattern, parseShare, Share.String)

	newInstance = form.Name("the name of an instance", namePattern, checkInstanceName)
	client      = form.Name("the name of a client", holderPattern, checkHolderName)

	// Whether what they refer to exists is seen when the whole file has been read.
	instanceRef = form.Word("an instance", namePattern)
	peerRef     = form.Word("an instance or '*'", `(\*|`+namePattern+`)`)

	instanceList = form.List("a list of instances", form.Placed(instanceRef))

	// lockHolder is a client's name, or "" or null for the free lock.
	lockHolder = form.Nullable(`a holder, or "" for the free lock`)
)

func positive(text string) (trace.Time, *mistake) {
	t, m := parseSpan(text)
	if m == nil && t == 0 {
		m = &mistake{What: "the duration has to be longer than 0", Hint: "the shortest is 1ns"}
	}
	return t, m
}

// ends are the keys for the ends of links.
func ends(from, to *Opt[string]) []form.Field {
	return []form.Field{
		form.Key("from", "The sender, or '*' for any instance.", from, peerRef).Default(anyInstance),
		form.Key("to", "The receiver, or '*' for any instance.", to, peerRef).Default(anyInstance),
	}
}

var units = map[string]trace.Time{
	"h": 3600 * trace.Second, "m": 60 * trace.Second, "s": trace.Second,
	"ms": trace.Millisecond, "us": trace.Microsecond, "µs": trace.Microsecond, "ns": 1,
}

// Spans and shares of all messages: the syntax, for editors, and the largest.
const (
	durationPattern = `[0-9]+(\.[0-9]+)?(h|m|s|ms|us|µs|ns)`
	sharePattern    = `[0-9]+(\.[0-9]+)?%`

	longest          = 10_000 * 3600 * trace.Second // in a file; moments of recorded runs may be later
	everything Share = 1_000_000
)

// FormatTime writes a span of time exactly, as [ParseTime] reads it: 12.5ms.
func FormatTime(t trace.Time) string { return prose.Exactly(t) }

// amount takes a decimal number with a unit apart.
func amount(text string) (whole, fraction, unit string, isNumber bool) {
	unit = strings.TrimLeft(text, "0123456789.")
	whole, fraction, point := strings.Cut(text[:len(text)-len(unit)], ".")
	return whole, fraction, unit, whole != "" && point == (fraction != "") && !strings.Contains(fraction, ".")
}

// parseDecimal is the decimal number whole.fraction in units of size: fits is false if
// it does not fit into 63 bits, exact if something finer than 1 was left out.
func parseDecimal(whole, fraction string, size uint64) (v uint64, fits, exact bool) {
	n, _ := strconv.ParseUint(whole, 10, 64) // the largest that there is for a larger one
	high, v := bits.Mul64(n, size)
	if high != 0 || v > 1<<63-1 { // so that no digit behind the point makes it wrap around
		return 0, false, true
	}
	exact = true
	for _, digit := range strings.TrimRight(fraction, "0") {
		exact = exact && size%10 == 0
		size /= 10
		v += size * uint64(digit-'0')
	}
	return v, v <= 1<<63-1, exact
}

// ParseTime reads a span of time: a decimal number and a unit (h, m, s, ms, us or
// ns), exact to the nanosecond and not negative.
func ParseTime(text string) (trace.Time, error) {
	return failing(parseTime(text))
}

// failing is a mistake as an error, which is nil if there is none.
func failing[V any](value V, m *mistake) (V, error) {
	if m != nil {
		return value, m
	}
	return value, nil
}

func parseTime(text string) (trace.Time, *mistake) {
	if strings.HasPrefix(text, "-") {
		return 0, &mistake{What: fmt.Sprintf("a duration cannot be negative: %s", form.Quoted(text)), Hint: "write it without the sign"}
	}
	whole, fraction, unit, isNumber := amount(text)
	if !isNumber {
		return 0, &mistake{What: fmt.Sprintf("expected a duration, got %s", form.Quoted(text)), Hint: "a duration is a number and a unit: 10ms, 1.5s"}
	}
	if unit == "" {
		return 0, &mistake{What: fmt.Sprintf("the duration %s has no unit", text), Hint: fmt.Sprintf("did you mean %sms? Units: h, m, s, ms, us, ns", form.Shortened(text))}
	}
	size, known := units[unit]
	n, fits, exact := parseDecimal(whole, fraction, uint64(size))
	switch {
	case !known:
		return 0, &mistake{What: fmt.Sprintf("unknown unit in the duration %s", form.Quoted(text)), Hint: "a duration is one number and one unit: h, m, s, ms, us or ns"}
	case !fits:
		return 0, tooLong(text)
	case !exact:
		return 0, &mistake{What: fmt.Sprintf("the duration %s is finer than a nanosecond", form.Shortened(text)), Hint: "times are whole nanoseconds"}
	}
	return trace.Time(n), nil
}

func tooLong(text string) *mistake {
	return &mistake{What: fmt.Sprintf("the duration %s is too long", form.Shortened(text)), Hint: "the longest is 10000h"}
}

// parseSpan is parseTime with the bound that files have.
func parseSpan(text string) (trace.Time, *mistake) {
	t, m := parseTime(text)
	if m == nil && t > longest {
		m = tooLong(text)
	}
	return t, m
}

// parseRange reads a value, or two of them with .. in between.
func parseRange[V cmp.Ordered](text string, parse func(string) (V, *mistake)) (from, to V, m *mistake) {
	low, high, isRange := strings.Cut(text, "..")
	if from, m = parse(low); !isRange || m != nil {
		unit := strings.TrimLeft(high, "0123456789.")
		if _, missing := parse(low + unit); isRange && missing == nil {
			if _, bad := parse(high); bad == nil {
				m.Hint = fmt.Sprintf("did you mean %s%s..%s?", low, unit, high)
			}
		}
		return from, from, m
	}
	if to, m = parse(high); m != nil {
		m.At = len([]rune(low)) + len("..")
		return from, to, m
	}
	if from > to {
		m = &mistake{What: fmt.Sprintf("the range %s goes backwards", text), Hint: fmt.Sprintf("did you mean %s..%s?", high, low)}
	}
	return from, to, m
}

func parseTimes(text string) (sim.Range, *mistake) {
	low, high, m := parseRange(text, parseSpan)
	return sim.Range{Low: low, High: high}, m
}

func formatTimes(r sim.Range) string { return formatRange(r.Low, r.High, FormatTime) }

func formatRange[V cmp.Ordered](from, to V, format func(V) string) string {
	if from == to {
		return format(from)
	}
	return format(from) + ".." + format(to)
}

// Share is a part of all messages, in millionths.
type Share uint32

// parseShare reads a percentage with at most four decimals. It is kept as a whole
// number, so that chance is the same on every machine.
func parseShare(text string) (Share, *mistake) {
	whole, fraction, unit, isNumber := amount(text)
	switch {
	case strings.HasPrefix(text, "-"):
		return 0, &mistake{What: fmt.Sprintf("a percentage cannot be negative: %s", form.Quoted(text)), Hint: "from 0% to 100%"}
	case !isNumber || unit != "" && unit != "%":
		return 0, &mistake{What: fmt.Sprintf("expected a percentage, got %s", form.Quoted(text)), Hint: "for example 2.5%"}
	case unit == "":
		return 0, &mistake{What: fmt.Sprintf("the percentage %s has no %%", form.Shortened(text)), Hint: fmt.Sprintf("did you mean %s%%?", form.Shortened(text))}
	}
	n, fits, exact := parseDecimal(whole, fraction, uint64(everything)/100)
	switch {
	case !exact:
		return 0, &mistake{What: fmt.Sprintf("the percentage %s has more than four decimals", form.Shortened(text)), Hint: "the smallest share is 0.0001%, one in a million"}
	case !fits || n > uint64(everything):
		return 0, &mistake{What: fmt.Sprintf("the percentage %s is more than everything", form.Shortened(text)), Hint: "from 0% to 100%"}
	}
	return Share(n), nil
}

func (s Share) String() string { return prose.Decimal(uint64(s), uint64(everything)/100) + "%" }
