package campaign

import (
	"slices"
	"strings"
	"unicode"

	"skinny/scenarios/counterexample"
	"skinny/sim/check"
	"skinny/sim/trace"
)

// most is how many ways to fail are told apart. Those that come later are counted
// with the others.
const most = 64

// failure is what verdicts come to: nil if no property that counts is violated.
func failure(verdicts []check.Verdict, count []string) *Failure {
	var f *Failure
	for _, v := range verdicts {
		if v.State != check.Violated || len(count) > 0 && !slices.Contains(count, v.Property) {
			continue
		}
		if f == nil {
			f = &Failure{Verdict: v}
		} else if counterexample.Severity(v.Property) < counterexample.Severity(f.Verdict.Property) {
			f.Verdict = v
		}
		f.Broken = append(f.Broken, v)
	}
	return f
}

func undecided(verdicts []check.Verdict) bool {
	return slices.ContainsFunc(verdicts, func(v check.Verdict) bool { return v.State == check.Undecided })
}

// merge adds a failure to a list, or counts it with the one that is alike.
func merge(list []Failure, f Failure) []Failure {
	for i := range list {
		if l := &list[i]; l.Shape == f.Shape || len(list) >= most && i == len(list)-1 {
			l.Count += f.Count
			return list
		}
	}
	return append(list, f)
}

// shape is what a failure has in common with those that are alike: the properties
// that are broken, and the reason of the one that matters most with everything left
// out that differs from run to run: who, and the numbers.
func shape(h *trace.Header, f *Failure) string {
	var b strings.Builder
	for _, v := range f.Broken {
		b.WriteString(v.Property + " ")
	}
	last := ""
	for _, word := range strings.FieldsFunc(f.Verdict.Why, func(c rune) bool { return c == ' ' || c == ',' || c == '(' || c == ')' }) {
		kind := wordKind(h, word)
		if kind != last && kind != "" {
			b.WriteString(" " + kind)
		}
		if kind != "" {
			last = kind
		}
	}
	return b.String()
}

// wordKind is the word, or what it stands for, or nothing for words that make lists.
func wordKind(h *trace.Header, word string) string {
	digit := strings.ContainsFunc(word, unicode.IsDigit)
	switch {
	case word == "and" || word == "only":
		return ""
	case slices.Contains(h.Instances, word):
		return "INSTANCE"
	case slices.Contains(h.Holders, word):
		return "CLIENT"
	case digit:
		return "NUMBER"
	}
	return word
}
