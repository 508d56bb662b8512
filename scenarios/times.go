package scenarios

import (
	"fmt"
	"math/bits"
	"strconv"
	"strings"

	"skinny/scenarios/form"
	"skinny/sim"
	"skinny/sim/trace"
)

// units are what durations are written in, the largest first.
var units = [...]struct {
	name string
	size trace.Time
}{
	{"h", 3600 * trace.Second},
	{"m", 60 * trace.Second},
	{"s", trace.Second},
	{"ms", trace.Millisecond},
	{"us", trace.Microsecond},
	{"µs", trace.Microsecond},
	{"ns", 1},
}

// longest is the longest span of time that a file can give. Moments of recorded
// runs may be later.
const longest = 10_000 * 3600 * trace.Second

// durationPattern is the syntax of a duration for editors.
const durationPattern = `[0-9]+(\.[0-9]+)?(h|m|s|ms|us|µs|ns)`

// mistake is an error in a short text.
type mistake = form.Mistake

// FormatTime writes a span of time exactly, as [ParseTime] reads it: 12.5ms.
func FormatTime(t trace.Time) string {
	unit := units[len(units)-1]
	for _, u := range units[2:] { // hours and minutes have no plain decimals
		if t >= u.size {
			unit = u
			break
		}
	}
	if t == 0 {
		return "0ms"
	}
	whole, rest := t/unit.size, t%unit.size
	text := strconv.FormatInt(int64(whole), 10)
	if rest > 0 {
		digits := strconv.FormatInt(int64(unit.size+rest), 10)[1:]
		text += "." + strings.TrimRight(digits, "0")
	}
	return text + unit.name
}

// ParseTime reads a span of time: a decimal number and a unit (h, m, s, ms, us or
// ns), exact to the nanosecond and not negative.
func ParseTime(text string) (trace.Time, error) {
	t, m := parseTime(text)
	if m != nil {
		return 0, m
	}
	return t, nil
}

func parseTime(text string) (trace.Time, *mistake) {
	if strings.HasPrefix(text, "-") {
		return 0, &mistake{What: fmt.Sprintf("a duration cannot be negative: %s", form.Quoted(text)), Hint: "write it without the sign"}
	}
	number := text[:len(text)-len(strings.TrimLeft(text, "0123456789."))]
	name := text[len(number):]
	whole, fraction, point := strings.Cut(number, ".")
	if whole == "" || point && fraction == "" || strings.Contains(fraction, ".") {
		return 0, &mistake{What: fmt.Sprintf("expected a duration, got %s", form.Quoted(text)), Hint: "a duration is a number and a unit: 10ms, 1.5s"}
	}
	if name == "" {
		return 0, &mistake{What: fmt.Sprintf("the duration %s has no unit", text), Hint: fmt.Sprintf("did you mean %sms? Units: h, m, s, ms, us, ns", form.Shortened(number))}
	}
	for _, u := range units {
		if u.name == name {
			return scale(whole, fraction, u.size, text)
		}
	}
	return 0, &mistake{What: fmt.Sprintf("unknown unit in the duration %s", form.Quoted(text)), Hint: "a duration is one number and one unit: h, m, s, ms, us or ns"}
}

// scale is the decimal number whole.fraction in units of size.
func scale(whole, fraction string, size trace.Time, text string) (trace.Time, *mistake) {
	tooLong := &mistake{What: fmt.Sprintf("the duration %s is too long", form.Shortened(text)), Hint: "the longest is 10000h"}
	n, err := strconv.ParseUint(whole, 10, 64)
	if err != nil {
		return 0, tooLong
	}
	high, low := bits.Mul64(n, uint64(size))
	if high != 0 || low > 1<<63-1 {
		return 0, tooLong
	}
	sum := trace.Time(low)
	rest := size
	for _, digit := range strings.TrimRight(fraction, "0") {
		if rest%10 != 0 {
			return 0, &mistake{What: fmt.Sprintf("the duration %s is finer than a nanosecond", form.Shortened(text)), Hint: "times are whole nanoseconds"}
		}
		rest /= 10
		sum += rest * trace.Time(digit-'0')
		if sum < 0 {
			return 0, tooLong
		}
	}
	return sum, nil
}

// parseSpan is parseTime with the bound that files have.
func parseSpan(text string) (trace.Time, *mistake) {
	t, m := parseTime(text)
	if m == nil && t > longest {
		m = &mistake{What: fmt.Sprintf("the duration %s is too long", form.Shortened(text)), Hint: "the longest is 10000h"}
	}
	return t, m
}

// parseRange reads a duration, or two of them with .. in between.
func parseRange(text string) (sim.Range, *mistake) {
	low, high, isRange := strings.Cut(text, "..")
	if !isRange {
		t, m := parseSpan(text)
		return sim.Range{Low: t, High: t}, m
	}
	from, m := parseSpan(low)
	if m != nil {
		if _, bad := parseSpan(high); bad == nil {
			if _, missing := parseSpan(low + strings.TrimLeft(high, "0123456789.")); missing == nil {
				m.Hint = fmt.Sprintf("did you mean %s%s..%s?", low, strings.TrimLeft(high, "0123456789."), high)
			}
		}
		return sim.Range{}, m
	}
	to, m := parseSpan(high)
	if m != nil {
		m.At = len([]rune(low)) + 2
		return sim.Range{}, m
	}
	if from > to {
		return sim.Range{}, &mistake{
			What: fmt.Sprintf("the range %s goes backwards", text),
			Hint: fmt.Sprintf("did you mean %s..%s?", high, low),
		}
	}
	return sim.Range{Low: from, High: to}, nil
}

func formatRange(r sim.Range) string {
	if r.Low == r.High {
		return FormatTime(r.Low)
	}
	return FormatTime(r.Low) + ".." + FormatTime(r.High)
}

// Share is a part of all messages, in millionths.
type Share uint32

// sharePattern is the syntax of a percentage for editors.
const sharePattern = `[0-9]+(\.[0-9]+)?%`

// everything is all messages.
const everything Share = 1_000_000

// parseShare reads a percentage with at most four decimals. It is kept as a whole
// number, so that chance is the same on every machine.
func parseShare(text string) (Share, *mistake) {
	number, ok := strings.CutSuffix(text, "%")
	whole, fraction, point := strings.Cut(number, ".")
	digits := strings.TrimLeft(whole+fraction, "0123456789") == ""
	switch {
	case strings.HasPrefix(text, "-"):
		return 0, &mistake{What: fmt.Sprintf("a percentage cannot be negative: %s", form.Quoted(text)), Hint: "from 0% to 100%"}
	case whole == "" || point && fraction == "" || !digits:
		return 0, &mistake{What: fmt.Sprintf("expected a percentage, got %s", form.Quoted(text)), Hint: "for example 2.5%"}
	case !ok:
		return 0, &mistake{What: fmt.Sprintf("the percentage %s has no %%", form.Shortened(text)), Hint: fmt.Sprintf("did you mean %s%%?", form.Shortened(number))}
	case len(strings.TrimRight(fraction, "0")) > 4:
		return 0, &mistake{What: fmt.Sprintf("the percentage %s has more than four decimals", form.Shortened(text)), Hint: "the smallest share is 0.0001%, one in a million"}
	}
	padded := (strings.TrimRight(fraction, "0") + "0000")[:4]
	n, err := strconv.ParseUint(whole+padded, 10, 64)
	if err != nil || n > uint64(everything) {
		return 0, &mistake{What: fmt.Sprintf("the percentage %s is more than everything", form.Shortened(text)), Hint: "from 0% to 100%"}
	}
	return Share(n), nil
}

func (s Share) String() string {
	text := strconv.FormatUint(uint64(s/10_000), 10)
	if rest := s % 10_000; rest > 0 {
		text += "." + strings.TrimRight(strconv.FormatUint(uint64(10_000+rest), 10)[1:], "0")
	}
	return text + "%"
}
