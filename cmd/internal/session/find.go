package session

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"skinny/protocol"
	"skinny/sim/check"
	"skinny/sim/trace"
)

// seek moves to the next event that is wanted, or to the one before. It reports false if
// there is none, and says so, or if a question halts the run on the way: then there is
// nothing to be said, least of all of what was sought.
func (s *Session) seek(back bool, what string, wanted func(*trace.Event) bool) (said string, found bool) {
	by, where := 1, "after"
	switch {
	case back:
		by, where = -1, "before"
	case s.Question() != nil:
		return s.toAnswer(s.Question()), false
	}
	for n := s.at + by; n > 0; n += by {
		if s.branch.Reach(n); n > s.reach(s.branch) {
			break
		}
		if wanted(s.branch.Event(n)) {
			return "", s.set(s.branch, n)
		}
	}
	said = "no " + what + " " + where + " this event"
	switch {
	case !back && s.Veiled():
		said = s.hidden()
	case !back:
		said += s.looked()
	}
	return said, false
}

func (s *Session) of(in operands) Answer {
	name, back := cutLast(in.text, "back")
	if name != "" {
		if said := s.markNamed(name); said != "" {
			return Answer{Said: said}
		}
	}
	p := int8(s.instance)
	said, _ := s.seek(back, "event of "+s.name(s.instance), func(e *trace.Event) bool { return e.Instance == p || e.Peer == p })
	return Answer{Said: said}
}

// majority moves to the next event by which a majority forms, or to the one before,
// and says of what.
func (s *Session) majority(in operands) Answer {
	h, what := s.branch.header, "majority"
	if h.Quorums != (protocol.Quorums{}) {
		what = "quorum"
	}
	said, found := s.seek(in.back, what, func(e *trace.Event) bool {
		m := &s.branch.line(e.Number).Majority
		return e.Kind == trace.Count && m.Votes != 0 && h.Word(e.Instance, m.Phase) != ""
	})
	switch {
	case found:
		l := s.branch.Line(s.at)
		phase, what := "phase 1", "promises"
		if l.Majority.Phase == protocol.Committing {
			phase, what = "phase 2", "commits"
		}
		votes := fmt.Sprintf("%d of %d", l.Majority.Votes.Len(), len(h.Instances))
		word := "a " + h.Word(l.To.Instance, l.Majority.Phase)
		said = phase + ": " + l.To.Name + " has " + votes + " " + what + ", " + word
		if !l.Majority.Yes {
			if h.Quorums.Of(l.Majority.Phase) > 0 {
				word = "too many for a quorum"
			}
			said = phase + ": " + votes + " say no to " + l.To.Name + ", " + word
		}
	case !in.back && !s.Veiled():
		said += "; the first of this run: " + s.by("start") + ", then " + s.by("majority")
	}
	return Answer{Said: said}
}

// Causes is everything that led to the current event, in its order, and the event
// itself: causes, votes, and what the sentences name.
func (s *Session) Causes() []int {
	b := s.branch
	return trace.Causes(s.at, b.Event, func(n int) []int {
		refs := b.Line(n).Why.Refs()
		if n == s.at {
			refs = append(refs, check.Refs(b.Judge(), n)...)
		}
		return refs
	})
}

// Broken is every property that is violated, by the event at which it breaks.
func (b *Branch) Broken() []check.Verdict {
	list := slices.DeleteFunc(slices.Clone(b.Judge()), func(v check.Verdict) bool { return v.State != check.Violated })
	slices.SortStableFunc(list, func(a, b check.Verdict) int { return cmp.Compare(a.Event, b.Event) })
	return list
}

// looked is how far it was looked for what is not there, "" where that is all of the run.
func (s *Session) looked() string {
	switch {
	case s.Veiled():
		return " so far"
	case !s.branch.Whole():
		return " up to event " + count(s.branch.Len())
	}
	return ""
}

// Unviolated says that no property is violated, and up to where that is known.
func (s *Session) Unviolated() string {
	return "no property is violated" + cmp.Or(s.looked(), " in this branch")
}

// Violation moves to the next event by which a property breaks, after the last to
// the first, and says which does.
func (s *Session) Violation() string {
	list := slices.DeleteFunc(s.branch.Broken(), func(v check.Verdict) bool { return v.Event > s.Limit() })
	if len(list) == 0 {
		return s.Unviolated()
	}
	next := max(slices.IndexFunc(list, func(v check.Verdict) bool { return v.Event > s.at }), 0)
	at := list[next].Event
	if !s.set(s.branch, at) {
		return ""
	}
	var names []string
	for ; next < len(list) && list[next].Event == at; next++ {
		names = append(names, list[next].Property)
	}
	said := "✗ " + strings.Join(names, ", ") + " broken here"
	on := s.by("violation")
	switch {
	case next < len(list) && list[next].Event <= s.Limit(): // which was before it came here
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

// search moves to the next event whose sentence, as it is shown, contains a text;
// after the last from the first on. Upper and lower case are the same. An empty text is
// the last one again.
func (s *Session) search(in operands) Answer {
	s.sought = cmp.Or(in.text, s.sought)
	words := strings.Fields(s.sought)
	if len(words) == 0 {
		return Answer{Said: "nothing was searched for yet"}
	}
	text := strings.Join(words, " ")
	// A word is in one part of a sentence, so only sentences with the longest one are put together.
	word := strings.TrimSuffix(slices.MaxFunc(words, func(a, b string) int { return cmp.Compare(len(a), len(b)) }), ":")
	n := s.Limit()
	for i := range n {
		at := (s.at+i)%n + 1
		l := s.branch.line(at)
		if contains(l.Why.String(), word) || contains(l.What.String(), word) || contains(l.From.Name, word) || contains(l.To.Name, word) || contains(l.Glyph, word) {
			if l := s.branch.Line(at); contains(plainText(Sentence(&l)), text) {
				s.set(s.branch, at)
				return Answer{}
			}
		}
	}
	return Answer{Said: "no event says \"" + s.sought + "\"" + s.looked()}
}

// contains is strings.Contains, but upper and lower case are the same.
func contains(s, part string) bool {
	if part == "" {
		return true
	}
	first := part[0] | 0x20
	for i, c := range []byte(s[:max(len(s)-len(part)+1, 0)]) {
		if c|0x20 == first && strings.EqualFold(s[i:i+len(part)], part) {
			return true
		}
	}
	return false
}
