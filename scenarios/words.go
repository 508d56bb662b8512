package scenarios

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"

	"skinny/scenarios/form"
	"skinny/sim/trace"
)

// token is a word of a text, with the index of its first character.
type token struct {
	text string
	at   int
}

func split(text string) (tokens []token) {
	at := 0
	for word := range strings.SplitSeq(blanks.Replace(text), " ") {
		if word != "" {
			tokens = append(tokens, token{word, at})
		}
		at += utf8.RuneCountInString(word) + 1
	}
	return tokens
}

var blanks = strings.NewReplacer("\t", " ", "\n", " ")

// line is a decision in words that is being read.
type line struct {
	words []token
	end   int // index behind the last character, where something is missing
	place func(at int) Place
	usage string // of its verb

	mistake *mistake // the first one; what is read after it means nothing
}

// nowhere is the place of what stands in no file.
func nowhere(int) Place { return Place{} }

// parseDecision reads one line of a schedule. Said is false if there is nothing on
// it but white space and a comment. Place says where a character of the line is.
func parseDecision(text string, place func(at int) Place) (d Decision, said bool, m *mistake) {
	l := line{words: withoutComment(split(text)), place: place}
	if len(l.words) == 0 {
		return d, false, nil
	}
	last := l.words[len(l.words)-1]
	l.end = last.at + utf8.RuneCountInString(last.text)
	d.Place = place(l.words[0].at)
	if time, ok := strings.CutPrefix(l.words[0].text, "@"); ok {
		word := l.take("", "")
		t, m := parseTime(time)
		d.At = Opt[trace.Time]{Value: t, Given: true, Place: place(word.at)}
		l.inside(word, m)
	}
	word := l.take("a decision", form.Listed("decisions", verbNames()))
	kind := rowOf(word.text)
	if kind == nil {
		l.wrong(word, Suggest(word.text, "decisions", verbNames()), "unknown decision %s", form.Quoted(word.text))
		return d, true, l.mistake
	}
	l.usage = verbs[slices.Index(verbNames(), word.text)].Usage
	if len(l.words) > 0 {
		if two := rowOf(word.text + " " + l.words[0].text); two != nil {
			kind, l.words = two, l.words[1:]
		}
	}
	kind.set(&d)
	for _, o := range kind.operands {
		o.read(&l, &d)
	}
	return d, true, l.done()
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

// wrong notes a mistake, unless there was one before.
func (l *line) wrong(at token, hint, format string, args ...any) {
	if hint == "" {
		hint = "write: " + l.usage
	}
	if l.mistake == nil {
		l.mistake = &mistake{What: fmt.Sprintf(format, args...), Hint: hint, At: at.at}
	}
}

// take is the next word. What says what it has to be.
func (l *line) take(what, hint string) token {
	if len(l.words) == 0 {
		l.wrong(token{at: l.end}, hint, "expected %s, but the line ends", what)
		return token{}
	}
	word := l.words[0]
	l.words = l.words[1:]
	return word
}

// done checks that nothing is left, and says what was wrong.
func (l *line) done() *mistake {
	if len(l.words) > 0 {
		l.wrong(l.words[0], "", "unexpected %s", form.Quoted(l.words[0].text))
	}
	return l.mistake
}

// next reports whether the next word is this one, and takes it.
func (l *line) next(word string) bool {
	if len(l.words) > 0 && l.words[0].text == word {
		l.words = l.words[1:]
		return true
	}
	return false
}

func (l *line) name(word token) Opt[string] {
	return Opt[string]{Value: word.text, Given: true, Place: l.place(word.at)}
}

// inside puts a mistake in a word, if there is one, at its place in the line.
func (l *line) inside(word token, m *mistake) {
	if m != nil {
		l.wrong(token{at: word.at + m.At}, m.Hint, "%s", m.What)
	}
}

// count reads a number such as #1, which may be a part of the word.
func (l *line) count(word token, text string) uint32 {
	digits, proper := strings.CutPrefix(text, "#")
	if !proper {
		l.wrong(word, "", "expected a number such as #1, got %s", form.Quoted(word.text))
	}
	n, m := form.ParseNumber("a number", digits, 1, maxCount)
	if m != nil {
		l.wrong(word, "numbers count from 1: #1; the oldest of several with the same number is #1/1", "%s is no number that anything has", form.Quoted(word.text))
	}
	return uint32(n)
}

// scheduleText is decisions in words, one a line.
var scheduleText = form.Value[[]Decision]{
	Read: func(r *form.Reader, n *yaml.Node) ([]Decision, bool) {
		const what = "decisions in words"
		ok := r.IsKind(n, yaml.ScalarNode, what, "write `schedule: |`, and below it one decision a line")
		text := ""
		if ok {
			text, ok = r.Text(n, what)
		}
		if ok && n.Style&yaml.FoldedStyle != 0 {
			r.Report(form.PlaceOf(n), "write `schedule: |`, which keeps the lines", "`>` makes one line of all decisions")
			ok = false
		}
		if !ok {
			r.Lost = true
			return nil, false
		}
		list := []Decision{} // a schedule without decisions is not the same as none
		for i, line := range strings.Split(text, "\n") {
			place := r.LineOf(n, i, line)
			d, said, m := parseDecision(line, place)
			switch {
			case m != nil:
				r.Report(place(m.At), m.Hint, "%s", m.What)
				r.Lost = true
			case said:
				list = append(list, d)
			}
		}
		return list, true
	},
	Write: func(list []Decision) *yaml.Node {
		var b strings.Builder
		for i := range list {
			b.WriteString(list[i].String() + "\n")
		}
		return form.TextNode(b.String())
	},
	Schema: form.Line.Schema,
}
