package session

import (
	"bytes"
	"cmp"
	"slices"
	"strings"

	"skinny/sim/check"
	"skinny/sim/trace"
)

// seek moves to the next event that is wanted, or to the one before.
func (s *Session) seek(back bool, what string, wanted func(n int, e *trace.Event) bool) string {
	b := s.branch
	by, where := 1, "after"
	if back {
		by, where = -1, "before"
	}
	for n := s.at + by; n > 0; n += by {
		if !back && n > b.Len() {
			b.Reach(n)
		}
		if n > b.Len() {
			break
		}
		if wanted(n, b.Event(n)) {
			s.set(b, n)
			return ""
		}
	}
	return "no " + what + " " + where + " this event"
}

// Round moves to where the next round begins, or the one before.
func (s *Session) Round(back bool) string {
	return s.seek(back, "round begins", func(_ int, e *trace.Event) bool { return e.Kind == trace.Propose })
}

// Same moves to the next event of the marked instance, or the one before.
func (s *Session) Same(back bool) string {
	p := int8(s.instance)
	return s.seek(back, "event of "+s.name(s.instance), func(_ int, e *trace.Event) bool {
		return e.Instance == p || e.Peer == p
	})
}

// Refusal moves to the next event by which an instance says no.
func (s *Session) Refusal() string {
	return s.seek(false, "refusal", func(_ int, e *trace.Event) bool {
		return (e.Kind == trace.Promise || e.Kind == trace.Accept) && !e.Message.Yes
	})
}

// Majority moves to the next event by which a majority forms, or to the one before,
// and says of what.
func (s *Session) Majority(back bool) string {
	said := s.seek(back, "majority", s.branch.formsMajority)
	switch {
	case said == "":
		return s.majority()
	case back:
		return said
	}
	return said + "; the first of this run: " + s.by("start") + ", then " + s.by("majority")
}

// majorities is how many form in what is known of a branch.
func (b *Branch) majorities() int {
	number := 0
	for n := 1; n <= b.Len(); n++ {
		if b.formsMajority(n, b.Event(n)) {
			number++
		}
	}
	return number
}

// Broken is every property that is violated, by the event at which it breaks.
func (b *Branch) Broken() []check.Verdict {
	list := slices.DeleteFunc(slices.Clone(b.Judge()), func(v check.Verdict) bool { return v.State != check.Violated })
	slices.SortStableFunc(list, func(a, b check.Verdict) int { return cmp.Compare(a.Event, b.Event) })
	return list
}

// Violation moves to the next event by which a property breaks, after the last to
// the first, and says which does.
func (s *Session) Violation() string {
	list := s.branch.Broken()
	if len(list) == 0 {
		return "no property is violated in this branch"
	}
	next := max(slices.IndexFunc(list, func(v check.Verdict) bool { return v.Event > s.at }), 0)
	at := list[next].Event
	s.GoTo(at)
	var names []string
	for ; next < len(list) && list[next].Event == at; next++ {
		names = append(names, list[next].Property)
	}
	said := "✗ " + strings.Join(names, ", ") + " broken here"
	on := s.by("violation")
	switch {
	case next < len(list):
		said += "; " + on + " goes on to event " + count(list[next].Event) + ": " + list[next].Property
	case list[0].Event != at:
		said += "; " + on + " goes back to event " + count(list[0].Event)
	}
	return said
}

// Worst moves to where the property breaks whose violation says most, if one is
// violated.
func (s *Session) Worst() {
	if v := check.Worst(s.branch.Judge()); v != nil {
		s.GoTo(v.Event)
	}
}

// Search moves to the next event whose sentence, as it is shown, contains a text;
// after the last from the first on. Upper and lower case are the same in ASCII. An
// empty text is the last one again.
func (s *Session) Search(text string) string {
	if text == "" {
		text = s.sought
	}
	if text == "" {
		return "nothing was searched for yet"
	}
	s.sought = text
	part := lower([]byte(strings.Join(strings.Fields(text), " ")))
	n := s.branch.Len()
	var spans []Span
	var shown []byte
	for i := range n {
		at := (s.at+i)%n + 1
		l := s.branch.Line(at)
		spans = appendSentence(spans[:0], &l)
		if shown = appendText(shown[:0], spans); bytes.Contains(lower(shown), part) {
			s.set(s.branch, at)
			return ""
		}
	}
	return "no event says \"" + text + "\""
}

// lower makes a text lower case, in place and in ASCII.
func lower(text []byte) []byte {
	for i, c := range text {
		if 'A' <= c && c <= 'Z' {
			text[i] = c + 'a' - 'A'
		}
	}
	return text
}
