package scenarios

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"skinny/sim/trace"
)

// TestTimes reads and writes durations.
func TestTimes(t *testing.T) {
	for text, want := range map[string]trace.Time{
		"0ms": 0, "0s": 0, "0.0h": 0, "1ns": 1, "1us": 1000, "1µs": 1000, "12.5ms": 12_500_000, "1.5m": 90 * trace.Second,
		"0.000000001s": 1, "10000h": longest, "2562047h": 2562047 * 3600 * trace.Second, "9223372036854775807ns": 1<<63 - 1,
		"007ms": 7 * trace.Millisecond, "1.50s": 1500 * trace.Millisecond,
	} {
		if got, err := ParseTime(text); err != nil || got != want {
			t.Errorf("%s: got %d, %v", text, got, err)
		}
	}
	for _, text := range []string{
		"", "ms", "1", "1.ms", ".5ms", "1.5.5ms", "-1ms", "+1ms", "1e3ms", "1 ms", " 1ms", "1ms ", "1MS", "1d",
		"9223372036854775808ns", "9223372036.854775808s", "99999999999999999999h", "0.1ns", "1ms2us", "٣ms",
	} {
		if got, err := ParseTime(text); err == nil {
			t.Errorf("%s: got %d", text, got)
		}
	}
	for text, want := range map[string]string{ // also where a product does not fit into 64 bits, and a sum
		"5124096h": "too long", "18446744073.9s": "too long", "18446744073709551616ns": "too long", "99999999999999999999999s": "too long",
		"9223372036854775808ns": "too long", "0.0000000000001h": "finer than a nanosecond", "1.5ns": "finer than a nanosecond", "5": "no unit",
		"5d": "unknown unit", "-5ms": "negative", "ms": "expected a duration", "1..2ms": "expected a duration",
	} {
		if _, err := ParseTime(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, not %s", text, err, want)
		}
	}
	for time, want := range map[trace.Time]string{
		0: "0ms", 1: "1ns", 999: "999ns", 1000: "1us", 1500: "1.5us", 12_500_000: "12.5ms", 1_525_000_000: "1.525s",
		90 * trace.Second: "90s", 1<<63 - 1: "9223372036.854775807s",
	} {
		if got := FormatTime(time); got != want {
			t.Errorf("%d: got %s, want %s", time, got, want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		time := trace.Time(rapid.Int64Min(0).Draw(t, "time"))
		if got, err := ParseTime(FormatTime(time)); err != nil || got != time {
			t.Fatalf("%d: %s is read as %d, %v", time, FormatTime(time), got, err)
		}
	})
}

// TestShares reads and writes percentages, which are whole millionths.
func TestShares(t *testing.T) {
	for text, want := range map[string]Share{
		"0%": 0, "100%": 1_000_000, "2.5%": 25_000, "0.0001%": 1, "33.3333%": 333_333, "1.50000%": 15_000, "100.0%": 1_000_000,
	} {
		if got, m := parseShare(text); m != nil || got != want {
			t.Errorf("%s: got %d, %v", text, got, m)
		}
	}
	for _, text := range []string{"", "%", "5", "-1%", "101%", "100.0001%", "0.00001%", ".5%", "5.%", "5 %", "5%%", "1e1%", "99999999999999999999%"} {
		if got, m := parseShare(text); m == nil {
			t.Errorf("%s: got %d", text, got)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		s := Share(rapid.Uint32Range(0, uint32(everything)).Draw(t, "share"))
		if got, m := parseShare(s.String()); m != nil || got != s {
			t.Fatalf("%s is read as %d, %v", s, got, m)
		}
	})
}

// TestRangeColumns points at the end of a range that is wrong, in characters: µ is one.
func TestRangeColumns(t *testing.T) {
	for text, want := range map[string]int{"5us..x": 5, "5µs..x": 5, "x..5ms": 0} {
		if _, m := parseTimes(text); m == nil || m.At != want {
			t.Errorf("%s: %+v, not at %d", text, m, want)
		}
	}
}

// A range is read from its ends, and what is wrong with one says what may be meant.
func TestRanges(t *testing.T) {
	for text, want := range map[string]string{
		"5ms": "5ms", "5ms..5ms": "5ms", "5ms..7ms": "5ms..7ms", "0ms..10000h": "0ms..36000000s",
		"7ms..5ms": "did you mean 5ms..7ms?", "5..7ms": "did you mean 5ms..7ms?", "5ms..7": "did you mean 7ms? Units: h, m, s, ms, us, ns",
		"5ms..": "a duration is a number and a unit: 10ms, 1.5s", "5ms..10001h": "the longest is 10000h", "10001h": "the longest is 10000h", "5": "did you mean 5ms? Units: h, m, s, ms, us, ns",
	} {
		got, m := parseTimes(text)
		said := ""
		if m != nil {
			said = m.Hint
		} else {
			said = formatTimes(got)
		}
		if said != want {
			t.Errorf("%s: %s, not %s", text, said, want)
		}
	}
}
