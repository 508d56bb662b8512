package step

import (
	"fmt"
	"sort"
	"strings"

	"skinny/cmd/internal/session"
	"skinny/sim"
	"skinny/sim/check"
	"skinny/sim/trace"
)

// Switch goes to the same point of another branch, or to where it parts if that is
// earlier.
func (s *Session) Switch(number int) {
	b := s.tree.Branches()[number]
	at := s.at
	if shared := shared(s.branch, b); at > shared {
		at = shared
		if b.Point == shared && b.Parent != nil && b.Len() > shared {
			at = shared + 1 // what is different is seen
		}
	}
	s.set(b, at)
}

// shared is the last event that two branches have in common.
func shared(a, b *session.Branch) int {
	return sort.Search(min(a.Len(), b.Len()), func(i int) bool { return a.Event(i+1) != b.Event(i+1) })
}

// changes says what a branch changes, in one line.
func (s *Session) changes(b *session.Branch) string {
	if b.Parent == nil {
		return "as it was written"
	}
	return fmt.Sprintf("from %d after event %d: %s", b.Parent.Number, b.Point, s.acts(b))
}

// acts is what was decided by hand since a branch parted from its parent, in words.
func (s *Session) acts(b *session.Branch) string {
	var list []string
	for _, a := range b.Own() {
		list = append(list, s.tree.Text(a))
	}
	return strings.Join(list, "; ")
}

// lockProperty is what clients take for the lock: no two of them hold it.
var lockProperty = check.Properties()[0].Name

// holds says in one line whether the lock holds, and what else breaks, in a branch
// in which somebody got it, or nobody.
func holds(verdicts []check.Verdict, somebody bool) (text string, look style) {
	if verdicts == nil {
		return "… being judged", faint
	}
	var broken, unknown []string
	lock := true
	for _, v := range verdicts {
		switch v.State {
		case check.Violated:
			broken = append(broken, v.Property)
			lock = lock && v.Property != lockProperty
		case check.Undecided:
			unknown = append(unknown, v.Property)
		}
	}
	list := strings.Join(broken, ", ")
	switch {
	case !lock:
		return "✗ the lock breaks: " + list, bad
	case !somebody && len(broken)+len(unknown) == 0:
		return "✓ nobody got the lock; no property is violated", good
	case len(broken) > 0:
		return "✓ the lock holds, but ✗ " + list, good
	case len(unknown) > 0:
		return "✓ the lock holds; undecided: " + strings.Join(unknown, ", "), good
	}
	return "✓ the lock holds, and so does every property", good
}

// outcome is what holds says of all that is known of a branch.
func outcome(b *session.Branch) (text string, look style) {
	text, look = holds(b.Verdicts(), b.Acquired())
	if b.Ending() == sim.NotEnded {
		text += " (up to event " + count(b.Len()) + ")"
	}
	return text, look
}

// pair is one row of two branches side by side: events of the same time, or one of
// them. 0 stands for none.
type pair struct{ left, right int }

// compare puts two branches side by side, by time, from where they part. Events of
// the same instant are in one row if they say the same.
func compare(a, b *session.Branch) (from int, rows []pair) {
	from = shared(a, b)
	i, k := from+1, from+1
	for i <= a.Len() || k <= b.Len() {
		switch {
		case k > b.Len() || i <= a.Len() && a.Event(i).At < b.Event(k).At:
			rows = append(rows, pair{i, 0})
			i++
		case i > a.Len() || b.Event(k).At < a.Event(i).At:
			rows = append(rows, pair{0, k})
			k++
		case same(a.Event(i), b.Event(k)):
			rows = append(rows, pair{i, k})
			i++
			k++
		case later(b, k, a.Event(i)):
			rows = append(rows, pair{0, k})
			k++
		default:
			rows = append(rows, pair{i, 0})
			i++
		}
	}
	return from, rows
}

// same reports whether two events are the same thing happening.
func same(a, b *trace.Event) bool {
	return a.Kind == b.Kind && a.Instance == b.Instance && a.Peer == b.Peer && a.Reason == b.Reason &&
		a.Operation == b.Operation && a.Message == b.Message && a.Nth == b.Nth && a.Outcome == b.Outcome
}

// later reports whether the same thing happens in a branch at the same instant, but
// not by the next event.
func later(b *session.Branch, from int, e *trace.Event) bool {
	for n := from + 1; n <= b.Len() && b.Event(n).At == e.At; n++ {
		if same(b.Event(n), e) {
			return true
		}
	}
	return false
}

// standing is how a property stands at a point: its mark, and what is to be said.
func standing(v check.Verdict, at int) (mark string, look style, text string) {
	switch {
	case v.State == check.Violated && v.Event <= at:
		return "✗", bad, "since event " + count(v.Event)
	case v.State == check.Violated:
		return "✓", good, "breaks at event " + count(v.Event)
	case v.State == check.Undecided:
		return "?", bold, "undecided"
	}
	return "✓", good, ""
}
