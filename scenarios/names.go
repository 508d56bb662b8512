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
)

// namePattern is what the name of an instance looks like.
const namePattern = `[A-Za-z][A-Za-z0-9_.-]{0,31}`

// holderPattern is what the name of a client looks like to an editor.
const holderPattern = `[^\s#@,]{1,64}`

const (
	maxInstanceName = 32
	maxHolderName   = 64
)

// anyInstance stands for every instance, where messages are named.
const anyInstance = "*"

// checkInstanceName says what is wrong with the name of an instance.
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
