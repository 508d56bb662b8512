package session

import (
	"fmt"
	"sort"
	"strings"

	"skinny/sim"
	"skinny/sim/check"
	"skinny/sim/trace"
)

// shared is the last event that two branches have in common.
func shared(a, b *Branch) int {
	n := min(a.Len(), b.Len())
	at := sort.Search(n, func(i int) bool { return a.Event(i+1) != b.Event(i+1) })
	for at < n && equal(a.Event(at+1), b.Event(at+1)) { // of another tree, or made once more
		at++
	}
	return at
}

// equal reports whether two events say the same in all that matters.
func equal(a, b *trace.Event) bool {
	return same(a, b) && a.At == b.At && a.Cause == b.Cause && a.Asked == b.Asked && a.Proposal == b.Proposal && a.State == b.State
}

// Changes says what a branch changes, in one line.
func (b *Branch) Changes() string {
	if b.Parent == nil {
		return "as it was written"
	}
	return fmt.Sprintf("from %d after event %d: %s", b.Parent.Number, b.Point, b.OwnText())
}

// OwnText is what was decided by hand since a branch parted from its parent, in
// words.
func (b *Branch) OwnText() string {
	var list []string
	for _, a := range b.Own() {
		list = append(list, b.Text(a))
	}
	return strings.Join(list, "; ")
}

// Outcome says in one line whether the lock holds, and what else breaks, in all that
// is known of a branch.
func (b *Branch) Outcome() Span {
	verdicts := b.Verdicts()
	if verdicts == nil {
		return Span{"… being judged", Faint}
	}
	span := b.outcome(verdicts)
	if b.Ending() == sim.NotEnded {
		span.Text += " (up to event " + count(b.Len()) + ")"
	}
	return span
}

func (b *Branch) outcome(verdicts []check.Verdict) Span {
	var broken, unknown []string
	lock := true
	for _, v := range verdicts {
		switch v.State {
		case check.Violated:
			broken = append(broken, v.Property)
			lock = lock && v.Property != check.MutualExclusion
		case check.Undecided:
			unknown = append(unknown, v.Property)
		}
	}
	list := strings.Join(broken, ", ")
	switch {
	case !lock:
		return Span{"✗ the lock breaks: " + list, Bad}
	case len(broken)+len(unknown) == 0 && !b.Acquired():
		return Span{"✓ nobody got the lock; no property is violated", Good}
	case len(broken) > 0:
		return Span{"✓ the lock holds, but ✗ " + list, Good}
	case len(unknown) > 0:
		return Span{"✓ the lock holds; undecided: " + strings.Join(unknown, ", "), Good}
	}
	return Span{"✓ the lock holds, and so does every property", Good}
}

// pair is one row of two branches side by side: events of the same time, or one of
// them. 0 stands for none.
type pair struct{ left, right int }

// compare puts two branches side by side, by time, from where they part. Events of
// the same instant are in one row if they say the same.
func compare(a, b *Branch) (from int, rows []pair) {
	from = shared(a, b)
	i, k := from+1, from+1
	for i <= a.Len() || k <= b.Len() {
		row := pair{i, k}
		switch {
		case k > b.Len() || i <= a.Len() && a.Event(i).At < b.Event(k).At:
			row.right = 0
		case i > a.Len() || b.Event(k).At < a.Event(i).At:
			row.left = 0
		case same(a.Event(i), b.Event(k)):
		case later(b, k, a.Event(i)):
			row.left = 0
		default:
			row.right = 0
		}
		rows = append(rows, row)
		i += min(row.left, 1)
		k += min(row.right, 1)
	}
	return from, rows
}

// Shared is the last event that two branches have in common, also of two trees.
func Shared(a, b *Branch) int { return shared(a, b) }

// Compare puts two branches side by side, as compare does, from the last event on that
// they share: the numbers of events in a row, left and right, 0 for none.
func Compare(a, b *Branch) (from int, rows [][2]int) {
	from, pairs := compare(a, b)
	for _, p := range pairs {
		rows = append(rows, [2]int{p.left, p.right})
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
func later(b *Branch, from int, e *trace.Event) bool {
	for n := from + 1; n <= b.Len() && b.Event(n).At == e.At; n++ {
		if same(b.Event(n), e) {
			return true
		}
	}
	return false
}

// PropertyAt is how a property stands at a point: its mark, and what is to be said.
func PropertyAt(v check.Verdict, at int) (mark Span, text string) {
	switch {
	case v.State == check.Violated && v.Event <= at:
		return Span{"✗", Bad}, "since event " + count(v.Event)
	case v.State == check.Violated:
		return Span{"✓", Good}, "breaks at event " + count(v.Event)
	case v.State == check.Undecided:
		return Span{"?", Strong}, "undecided"
	}
	return Span{"✓", Good}, ""
}
