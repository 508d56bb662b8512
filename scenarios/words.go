package scenarios

import (
	"fmt"
	"strconv"
	"strings"

	"skinny/protocol"
	"skinny/sim"
	"skinny/sim/trace"
)

// line is a decision in words that is being read.
type line struct {
	words []token
	end   int // index behind the last character, where something is missing
	place func(at int) Place
	usage string // of its verb
}

// verb is the first word of a decision.
type verb struct {
	name  string
	usage string // all of a decision
	doc   string // what it does, in one sentence
	read  func(l *line, d *Decision) *mistake
}

// Verb is a word that a decision in a schedule begins with.
type Verb struct {
	Name  string
	Usage string // the whole decision: "deliver KIND a -> c [#N]"
	About string // what it does, in one sentence
}

// Verbs lists what decisions can begin with.
func Verbs() []Verb {
	list := make([]Verb, len(verbs))
	for i, v := range verbs {
		list[i] = Verb{v.name, v.usage, v.doc}
	}
	return list
}

func verbNames() []string {
	names := make([]string, len(verbs))
	for i, v := range verbs {
		names[i] = v.name
	}
	return names
}

// parseDecision reads one line of a schedule. Said is false if there is nothing on
// it but white space and a comment. Place says where a character of the line is.
func parseDecision(text string, place func(at int) Place) (d Decision, said bool, m *mistake) {
	l := line{words: withoutComment(split(text)), place: place}
	if len(l.words) == 0 {
		return d, false, nil
	}
	last := l.words[len(l.words)-1]
	l.end = last.at + len([]rune(last.text))
	d.Place = place(l.words[0].at)
	if time, ok := strings.CutPrefix(l.words[0].text, "@"); ok {
		t, m := parseTime(time)
		if m != nil {
			return d, true, l.wrong(l.words[0], m.hint, "%s", m.what)
		}
		d.At = Opt[trace.Time]{t, true, place(l.words[0].at)}
		l.words = l.words[1:]
	}
	word, m := l.take("a decision", listed("decisions", verbNames()))
	if m != nil {
		return d, true, m
	}
	for _, v := range verbs {
		if v.name == word.text {
			l.usage = v.usage
			if m = v.read(&l, &d); m == nil {
				m = l.done()
			}
			return d, true, m
		}
	}
	return d, true, l.wrong(word, Suggest(word.text, "decisions", verbNames()), "unknown decision %s", quoted(word.text))
}

// withoutComment leaves out everything from a # on, unless it begins a number.
func withoutComment(words []token) []token {
	for i, w := range words {
		if rest, ok := strings.CutPrefix(w.text, "#"); ok && (rest == "" || rest[0] < '0' || rest[0] > '9') {
			return words[:i]
		}
	}
	return words
}

func (l *line) wrong(at token, hint, format string, args ...any) *mistake {
	if hint == "" {
		hint = "write: " + l.usage
	}
	return &mistake{what: fmt.Sprintf(format, args...), hint: hint, at: at.at}
}

// take is the next word. What says what it has to be.
func (l *line) take(what, hint string) (token, *mistake) {
	if len(l.words) == 0 {
		return token{}, l.wrong(token{at: l.end}, hint, "expected %s, but the line ends", what)
	}
	word := l.words[0]
	l.words = l.words[1:]
	return word, nil
}

// done checks that nothing is left.
func (l *line) done() *mistake {
	if len(l.words) > 0 {
		return l.wrong(l.words[0], "", "unexpected %s", quoted(l.words[0].text))
	}
	return nil
}

// next reports whether the next word is this one, and takes it.
func (l *line) next(word string) bool {
	if len(l.words) > 0 && l.words[0].text == word {
		l.words = l.words[1:]
		return true
	}
	return false
}

func (l *line) name(what string) (Opt[string], *mistake) {
	word, m := l.take(what, "")
	return Opt[string]{word.text, m == nil, l.place(word.at)}, m
}

func (l *line) instance(d *Decision) (m *mistake) {
	d.Instance, m = l.name("an instance")
	return m
}

// invocation reads acquire and release: HOLDER via a [timeout 5s].
func (l *line) invocation(d *Decision) *mistake {
	word, m := l.take("the name of a client", "")
	if m != nil {
		return m
	}
	if bad := checkHolderName(word.text); bad != nil {
		return l.wrong(token{at: word.at + bad.at}, bad.hint, "%s", bad.what)
	}
	d.Holder = Opt[string]{word.text, true, l.place(word.at)}
	if !l.next("via") {
		word, m := l.take("`via` and an instance", "")
		if m == nil {
			m = l.wrong(word, "", "expected `via` and an instance, got %s", quoted(word.text))
		}
		return m
	}
	return l.called(d)
}

// called reads the instance that is called, and how long the client waits.
func (l *line) called(d *Decision) *mistake {
	d.Kind = sim.InvokeOperation
	if m := l.instance(d); m != nil {
		return m
	}
	if !l.next("timeout") {
		return nil
	}
	word, m := l.take("a duration", "")
	if m != nil {
		return m
	}
	t, bad := positive(word.text)
	if bad != nil {
		return l.wrong(token{at: word.at + bad.at}, bad.hint, "%s", bad.what)
	}
	d.Timeout = Opt[trace.Time]{t, true, l.place(word.at)}
	return nil
}

// message reads KIND a -> c [#N[/W]].
func (l *line) message(d *Decision, kinds []protocol.MessageKind) *mistake {
	names := kindNames(kinds)
	word, m := l.take("a kind of message", listed("kinds", names))
	if m != nil {
		return m
	}
	for i, name := range names {
		if word.text == name {
			d.Message = kinds[i]
		}
	}
	if d.Message == protocol.NoMessage {
		return l.wrong(word, Suggest(word.text, "kinds", names), "%s is not what can be decided about here", quoted(word.text))
	}
	if m := l.link(d, false); m != nil {
		return m
	}
	return l.messageNumber(d)
}

// link reads a -> b, or a <-> b where that makes sense.
func (l *line) link(d *Decision, both bool) (m *mistake) {
	if m := l.instance(d); m != nil {
		return m
	}
	sign, m := l.take("an arrow: ->", "")
	switch {
	case m != nil:
		return m
	case sign.text == bothWays && both:
		d.Both = true
	case sign.text != arrow:
		return l.wrong(sign, "", "expected an arrow with spaces around it, got %s", quoted(sign.text))
	}
	d.To, m = l.name("an instance")
	return m
}

// messageNumber reads [#N[/W]].
func (l *line) messageNumber(d *Decision) *mistake {
	if len(l.words) == 0 {
		return nil
	}
	word := l.words[0]
	nth, which, several := strings.Cut(word.text, "/")
	l.words = l.words[1:]
	var m *mistake
	if d.Nth, m = l.count(word, strings.TrimPrefix(nth, "#"), strings.HasPrefix(nth, "#")); m == nil && several {
		d.Which, m = l.count(word, which, true)
	}
	return m
}

// operationNumber reads [#OP].
func (l *line) operationNumber(d *Decision) (m *mistake) {
	if len(l.words) == 0 {
		return nil
	}
	word := l.words[0]
	l.words = l.words[1:]
	d.Number, m = l.count(word, strings.TrimPrefix(word.text, "#"), strings.HasPrefix(word.text, "#"))
	return m
}

// count reads digits; proper is false if the word is no number at all.
func (l *line) count(word token, digits string, proper bool) (uint32, *mistake) {
	if !proper {
		return 0, l.wrong(word, "", "expected a number such as #1, got %s", quoted(word.text))
	}
	n, err := strconv.ParseUint(digits, 10, 32)
	if err != nil || n == 0 || n > maxCount {
		return 0, l.wrong(word, "numbers count from 1: #1; the oldest of several with the same number is #1/1", "%s is no number that anything has", quoted(word.text))
	}
	return uint32(n), nil
}

// whose reads HOLDER [#OP], or #OP alone.
func (l *line) whose(d *Decision) (m *mistake) {
	if len(l.words) > 0 && strings.HasPrefix(l.words[0].text, "#") {
		return l.operationNumber(d)
	}
	if d.Holder, m = l.name("a client or the number of an operation"); m != nil {
		return m
	}
	return l.operationNumber(d)
}

// groups reads a b | c.
func (l *line) groups(d *Decision) *mistake {
	var group []Opt[string]
	for len(l.words) > 0 {
		word := l.words[0]
		l.words = l.words[1:]
		if word.text != groupBar {
			group = append(group, Opt[string]{word.text, true, l.place(word.at)})
			continue
		}
		if len(group) == 0 {
			return l.wrong(word, "", "a group without instances")
		}
		d.Groups = append(d.Groups, group)
		group = nil
	}
	if len(group) == 0 {
		return l.wrong(token{at: l.end}, "", "a group without instances")
	}
	d.Groups = append(d.Groups, group)
	return nil
}
