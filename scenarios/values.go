package scenarios

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"skinny/protocol"
	"skinny/scenarios/form"
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
// stories have to put into quotation marks, since they mean something else there.
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
