package scenarios

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
)

// namePattern is what the name of an instance looks like.
const namePattern = `[A-Za-z][A-Za-z0-9_.-]{0,31}`

// holderPattern is what the name of a client looks like to an editor.
const holderPattern = `[^\s#@,]{1,64}`

const (
	maxInstanceName = 32
	maxHolderName   = 64
)

// Words that stand beside instances in a schedule and so cannot be their names.
const (
	wordAll       = "all"
	wordPartition = "partition"
)

// anyInstance stands for every instance, where messages are named.
const anyInstance = "*"

// checkInstanceName says what is wrong with the name of an instance.
func checkInstanceName(name string) *mistake {
	const hint = "a name is a letter, then letters, digits, _ . or -, at most 32 of them"
	switch {
	case name == "":
		return &mistake{what: "an instance needs a name", hint: hint}
	case name == wordAll || name == wordPartition:
		return &mistake{what: fmt.Sprintf("%q cannot be the name of an instance", name), hint: "it has a meaning of its own: heal: " + name}
	case len(name) > maxInstanceName:
		return &mistake{what: fmt.Sprintf("the name %s is too long", quoted(name)), hint: hint}
	}
	for i, c := range name {
		letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
		other := c >= '0' && c <= '9' || strings.ContainsRune("_.-", c)
		if !letter && (i == 0 || !other) {
			return &mistake{what: fmt.Sprintf("the name %s of an instance cannot contain %q here", quoted(name), c), hint: hint, at: i}
		}
	}
	return nil
}

// checkHolderName says what is wrong with the name of a client. It has to be one
// word in a schedule.
func checkHolderName(name string) *mistake {
	const hint = "a holder is one word of at most 64 characters, without # @ , or arrows"
	switch {
	case name == "":
		return &mistake{what: "a client needs a name", hint: hint}
	case utf8.RuneCountInString(name) > maxHolderName:
		return &mistake{what: fmt.Sprintf("the name %s is too long", quoted(name)), hint: hint}
	case name == arrow || name == bothWays || name == groupBar || name == anyInstance:
		return &mistake{what: fmt.Sprintf("%q cannot be the name of a client", name), hint: hint}
	}
	for i, c := range []rune(name) {
		if !unicode.IsPrint(c) || unicode.IsSpace(c) || strings.ContainsRune("#@,", c) || c == utf8.RuneError {
			return &mistake{what: fmt.Sprintf("the name %s of a client cannot contain %q", quoted(name), c), hint: hint, at: i}
		}
	}
	return nil
}

// named is a name that the file gives to something.
func named(what, pattern string, check func(string) *mistake) shape[string] {
	return shape[string]{
		read: func(r *decoder, n *yaml.Node) (string, bool) {
			name, ok := r.text(n, what)
			if !ok {
				return "", false
			}
			if m := check(name); m != nil {
				r.reportMistake(n, m)
				return "", false
			}
			return name, true
		},
		write:  textNode,
		schema: object{{"type", "string"}, {"pattern", "^" + pattern + "$"}},
	}
}

var (
	newInstance = named("the name of an instance", namePattern, checkInstanceName)
	client      = named("the name of a client", holderPattern, checkHolderName)
)

// The references to what has a name. Whether it exists is seen when the whole file
// has been read.
var (
	instanceRef = word("an instance", namePattern)
	peerRef     = word("an instance or '*'", `(\*|`+namePattern+`)`)
)
