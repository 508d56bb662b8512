package session

import (
	"strings"

	"skinny/sim/narrate"
)

// Look is how a piece of text is to be set off. Nothing is told by it alone.
type Look int8

// The looks. Those from OfInstance on are an instance's own: see [Of].
const (
	Plain Look = iota
	Strong
	Faint
	Good
	Bad
	Key
	OfInstance
)

// Of is the look of an instance, or of a client if the position is negative.
func Of(position int8) Look {
	if position < 0 {
		return Strong
	}
	return OfInstance + Look(position)
}

// Span is a piece of text in one look.
type Span struct {
	Text string
	Look Look
}

// plainText is the words of spans.
func plainText(spans []Span) string {
	var words []string
	for _, span := range spans {
		words = append(words, span.Text)
	}
	return strings.Join(words, " ")
}

// Sentence is an event in words: who, what, why.
func Sentence(l *narrate.Line) (list []Span) {
	glyph := Span{l.Glyph, Strong}
	if l.Glyph == narrate.Lost {
		glyph.Look = Bad
	}
	if l.To.Name == "" && l.Glyph != "" {
		list = append(list, glyph)
	}
	list = append(list, Span{l.From.Name, Of(l.From.Instance)})
	if l.To.Name != "" {
		list = append(list, glyph, Span{l.To.Name, Of(l.To.Instance)})
	}
	what := Span{l.What.String(), Strong}
	if l.Why.Empty() {
		return append(list, what)
	}
	if !l.Question {
		what.Text += ":"
	}
	return append(list, what, Span{l.Why.String(), Plain})
}
