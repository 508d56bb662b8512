package scenarios

import (
	"skinny/scenarios/form"
	"skinny/sim/trace"
)

// What a file gives or leaves out, and what is wrong with it.
type (
	Opt[V any]  = form.Opt[V]
	Place       = form.Place
	Diagnostic  = form.Diagnostic
	Diagnostics = form.Diagnostics
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

	instanceList = form.List("a list of instances", form.Located("an instance"))

	// lockHolder is a client's name, or "" or null for the free lock.
	lockHolder = form.Nullable(`a holder, or "" for the free lock`)
)

// positive is parseSpan without 0.
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
