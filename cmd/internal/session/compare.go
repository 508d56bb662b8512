package session

import (
	"fmt"
	"slices"
	"sort"
	"strings"

	"skinny/sim"
	"skinny/sim/check"
	"skinny/sim/trace"
)

// Shared is the last event that two branches have in common, also of two trees or under
// other rules.
func Shared(a, b *Branch) int {
	known := min(a.Len(), b.Len())
	n := sort.Search(known, func(i int) bool { return a.Event(i+1) != b.Event(i+1) })
	for n < known && equal(a.Event(n+1), b.Event(n+1)) {
		n++
	}
	return n
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
	if b.Parent.scenario != b.scenario {
		return fmt.Sprintf("%d under %s", b.Parent.Number, b.OwnText())
	}
	return fmt.Sprintf("from %d after event %d: %s", b.Parent.Number, b.Point, b.OwnText())
}

// OwnText is how a branch is another one than its parent, in words: rules, and what was
// decided by hand since they parted.
func (b *Branch) OwnText() string {
	var list []string
	if b.Parent != nil {
		list = b.otherRules(b.Parent)
	}
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
	are := map[check.State][]string{}
	for _, v := range verdicts {
		are[v.State] = append(are[v.State], v.Property)
	}
	list := func(state check.State) string { return strings.Join(are[state], ", ") }
	span := Span{"✓ the lock holds, and so does every property", Good}
	switch {
	case slices.Contains(are[check.Violated], check.MutualExclusion):
		span = Span{"✗ the lock breaks: " + list(check.Violated), Bad}
	case len(are[check.Kept]) == len(verdicts) && !b.Acquired():
		span.Text = "✓ nobody got the lock; no property is violated"
	case are[check.Violated] != nil:
		span.Text = "✓ the lock holds, but ✗ " + list(check.Violated)
	case are[check.Undecided] != nil:
		span.Text = "✓ the lock holds; undecided: " + list(check.Undecided)
	case are[check.NotJudged] != nil:
		span.Text = "✓ the lock holds; not judged: " + list(check.NotJudged)
	}
	if b.Ending() == sim.NotEnded {
		span.Text += " (up to event " + count(b.Len()) + ")"
	}
	return span
}

// Pair is one row of two branches side by side: events of the same time, or one of
// them. 0 stands for none.
type Pair struct{ Left, Right int }

// Compare puts two branches side by side, by time, from where they part. Events of
// the same instant are in one row if they say the same.
func Compare(a, b *Branch) (from int, rows []Pair) {
	from = Shared(a, b)
	i, k := from+1, from+1
	for i <= a.Len() || k <= b.Len() {
		row := Pair{i, k}
		switch {
		case k > b.Len() || i <= a.Len() && a.Event(i).At < b.Event(k).At:
			row.Right = 0
		case i > a.Len() || b.Event(k).At < a.Event(i).At:
			row.Left = 0
		case same(a.Event(i), b.Event(k)):
		case later(b, k, a.Event(i)):
			row.Left = 0
		default:
			row.Right = 0
		}
		rows = append(rows, row)
		i += min(row.Left, 1)
		k += min(row.Right, 1)
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
	case v.State == check.NotJudged:
		return Span{"?", Strong}, "not judged"
	}
	return Span{"✓", Good}, ""
}
